package storetest

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Note stores a note of today on a survey's timeline.
func Note(tb testing.TB, s *store.Store, survey surveys.Survey) surveys.Note {
	tb.Helper()
	n := surveys.Note{
		WorkspaceID: survey.WorkspaceID, ID: ID(tb, s), SurveyID: survey.ID, Day: surveys.Day(s.Now(), time.UTC),
		Text: "Version 4.2 shipped", Author: "Grace Hopper", CreatedAt: s.Now(), UpdatedAt: s.Now(),
	}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateNote(ctx, n) })
	return n
}

// Share stores a link to a survey's report that ends in a week, and returns its
// token as well.
func Share(tb testing.TB, s *store.Store, w surveys.Workspace, survey surveys.Survey) (surveys.Share, surveys.Token) {
	tb.Helper()
	share := surveys.Share{
		WorkspaceID: w.ID, ID: ID(tb, s), SurveyID: survey.ID, Label: "Board", Author: "Grace Hopper",
		CreatedAt: s.Now(), ExpiresAt: s.Now().AddDate(0, 0, 7),
	}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateShare(ctx, share) })
	return share, Token(tb, s, w, surveys.PurposeShare, share.ID)
}
