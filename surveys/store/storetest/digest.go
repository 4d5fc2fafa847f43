package storetest

import (
	"context"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Digest stores that a member gets a digest every day, and that it is due now.
func Digest(tb testing.TB, s *store.Store, u surveys.User) surveys.Digest {
	tb.Helper()
	now := s.Now()
	d := surveys.NewDigest(u)
	d.Every, d.DueAt, d.Surveys, d.Told = surveys.DigestDaily, &now, []string{}, map[string]surveys.DigestTold{}
	Write(tb, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDigest(ctx, d) })
	return d
}
