package flow_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// shared makes a link of a workspace that ends in a week.
func shared(t *testing.T, s *store.Store, w surveys.Workspace) (*flow.Shares, surveys.Share, surveys.Token) {
	t.Helper()
	survey := storetest.Survey(t, s, w.ID, surveys.NPS)
	moves := flow.NewShares(s, flow.NewDirectory(s))
	share, token, err := moves.Create(context.Background(), w, surveys.Share{
		SurveyID: survey.ID, Label: " Board ", Query: "range=30", Author: "Grace", ExpiresAt: s.Now().AddDate(0, 0, 7),
	})
	if err != nil {
		t.Fatal(err)
	}
	return moves, share, token
}

func TestShareLinksLive(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		moves, share, token := shared(t, s, w)
		open := func(token surveys.Token) (flow.Shared, string) {
			t.Helper()
			got, err := moves.Open(ctx, token)
			return got, string(surveys.KindOf(err))
		}
		got, kind := open(token)
		if kind != "" || got.Share.ID != share.ID || got.Share.Label != "Board" || got.Survey.ID != share.SurveyID || got.Office.ID != w.ID {
			t.Fatalf("opened %+v, %s", got, kind)
		}
		if err := moves.Opened(ctx, got); err != nil {
			t.Fatal(err)
		}
		if got, _ = open(token); got.Share.OpenedDay == nil || *got.Share.OpenedDay != surveys.Day(s.Now(), w.Location()) {
			t.Errorf("opened on %v", got.Share.OpenedDay)
		}

		clock.Advance(7*24*time.Hour - time.Second)
		if _, kind := open(token); kind != "" {
			t.Errorf("a second before its end: %s", kind)
		}
		clock.Advance(time.Second)
		if _, kind := open(token); kind != "gone" {
			t.Errorf("at its end: %q, want gone", kind)
		}
		clock.Advance(surveys.ShareMemory + time.Second)
		if _, kind := open(token); kind != "not_found" {
			t.Errorf("long after its end: %q, want not_found", kind)
		}
	})
}

func TestShareLinksAreRevoked(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		moves, share, token := shared(t, s, w)
		if err := moves.Revoke(ctx, storetest.Workspace(t, s).ID, share.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("another workspace revokes: %v", err)
		}
		if _, err := moves.Open(ctx, token); err != nil {
			t.Errorf("it is still open: %v", err)
		}
		if err := moves.Revoke(ctx, w.ID, share.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := moves.Open(ctx, token); surveys.KindOf(err) != surveys.Gone {
			t.Errorf("revoked: %v, want gone", err)
		}
	})
}

// TestCrowdedSurveysTakeNoLinkBack: a revoked link makes room for another, and
// finds none when it comes back.
func TestCrowdedSurveysTakeNoLinkBack(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		moves, share, token := shared(t, s, w)
		if err := moves.Revoke(ctx, w.ID, share.ID); err != nil {
			t.Fatal(err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			for range surveys.MaxShares {
				another := share
				another.ID = storetest.ID(t, s)
				if err := tx.CreateShare(ctx, another); err != nil {
					return err
				}
			}
			return nil
		})
		if err := moves.Restore(ctx, w.ID, share.ID); surveys.KindOf(err) != surveys.Conflict {
			t.Errorf("restored among %d: %v, want a conflict", surveys.MaxShares, err)
		}
		if _, err := moves.Open(ctx, token); surveys.KindOf(err) != surveys.Gone {
			t.Errorf("it opens: %v", err)
		}
		if err := moves.Restore(ctx, storetest.Workspace(t, s).ID, share.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("another workspace restores: %v", err)
		}
	})
}

// TestShareTokensOpenOneLink tries what is near the token: another purpose,
// another workspace's key, another token.
func TestShareTokensOpenOneLink(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w, other := storetest.Workspace(t, s), storetest.Workspace(t, s)
		moves, share, token := shared(t, s, w)
		for name, near := range map[string]surveys.Token{
			"none":                       "",
			"shorter":                    token[:len(token)-1],
			"longer":                     token + "A",
			"another workspace's key":    surveys.Token(other.Key) + token[surveys.KeyLength:],
			"an unknown workspace":       surveys.Token(strings.Repeat("A", surveys.KeyLength)) + token[surveys.KeyLength:],
			"one that was never given":   surveys.Token(w.Key + strings.Repeat("A", surveys.SecretLength)),
			"a session":                  storetest.Token(t, s, w, surveys.PurposeSession, share.ID),
			"an API key":                 storetest.Token(t, s, w, surveys.PurposeAPIKey, share.ID),
			"of a share that is nowhere": storetest.Token(t, s, w, surveys.PurposeShare, storetest.ID(t, s)),
			"of another's share":         storetest.Token(t, s, other, surveys.PurposeShare, share.ID),
		} {
			if got, err := moves.Open(context.Background(), near); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("%s opens %+v, %v", name, got, err)
			}
		}
	})
}

func TestBadShares(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		moves := flow.NewShares(s, flow.NewDirectory(s))
		good := surveys.Share{SurveyID: survey.ID, Label: "Board", ExpiresAt: s.Now().AddDate(0, 0, 7)}
		for _, c := range []struct {
			name, field, code string
			bad               func(*surveys.Share)
		}{
			{"no label", "label", "required", func(s *surveys.Share) { s.Label = " \n" }},
			{"a long label", "label", "too_long", func(s *surveys.Share) { s.Label = strings.Repeat("字", 81) }},
			{"a null character", "label", "utf8", func(s *surveys.Share) { s.Label = "a\x00" }},
			{"no end", "expires", "share_past", func(s *surveys.Share) { s.ExpiresAt = time.Time{} }},
			{"an end now", "expires", "share_past", func(b *surveys.Share) { b.ExpiresAt = s.Now() }},
			{"an end in two years", "expires", "share_far", func(b *surveys.Share) { b.ExpiresAt = s.Now().AddDate(2, 0, 0) }},
			{"a view without end", "query", "too_long", func(s *surveys.Share) { s.Query = strings.Repeat("x", 2001) }},
		} {
			share := good
			c.bad(&share)
			_, _, err := moves.Create(ctx, w, share)
			t.Run(c.name, func(t *testing.T) { wantFields(t, err, map[string]string{c.field: c.code}) })
		}
		foreign := good
		foreign.SurveyID = storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS).ID
		if _, _, err := moves.Create(ctx, w, foreign); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a link to another workspace's survey: %v", err)
		}
		if list, err := s.Shares(ctx, w.ID, survey.ID); err != nil || len(list) != 0 {
			t.Errorf("stored %+v, %v", list, err)
		}
	})
}

// TestPurgeForgets what was deleted or ended long ago, and nothing else.
func TestPurgeForgets(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		_, share, _ := shared(t, s, w)
		n := storetest.Note(t, s, storetest.Survey(t, s, w.ID, surveys.NPS))
		notes := flow.NewNotes(s)
		if err := notes.Delete(ctx, w.ID, n.ID); err != nil {
			t.Fatal(err)
		}
		purge := func() {
			t.Helper()
			if err := flow.Purge(ctx, s); err != nil {
				t.Fatal(err)
			}
		}
		clock.Advance(surveys.NoteUndo - time.Hour)
		purge()
		if err := notes.Restore(ctx, w.ID, n.ID); err != nil {
			t.Errorf("a note cannot be restored in time: %v", err)
		}
		if _, err := s.Share(ctx, w.ID, share.ID); err != nil {
			t.Errorf("an ended link is forgotten too early: %v", err)
		}
		if err := notes.Delete(ctx, w.ID, n.ID); err != nil {
			t.Fatal(err)
		}
		clock.Advance(surveys.ShareMemory)
		purge()
		if err := notes.Restore(ctx, w.ID, n.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a note is remembered for ever: %v", err)
		}
		if _, err := s.Share(ctx, w.ID, share.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a link is remembered for ever: %v", err)
		}
	})
}
