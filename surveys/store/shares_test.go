package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestSharesAreKept(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		first, _ := storetest.Share(t, s, w, survey)
		storetest.Share(t, s, w, storetest.Survey(t, s, w.ID, surveys.CSAT)) // of another report
		clock.Advance(time.Minute)
		second := first
		second.ID, second.Label, second.Query, second.Comments, second.UserID = storetest.ID(t, s), "董事会", "range=30&segment=plan%3Apro", true, storetest.ID(t, s)
		second.CreatedAt = s.Now()
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateShare(ctx, second) })
		same(t, "the newest first", []surveys.Share{second, first})(s.Shares(ctx, w.ID, survey.ID))

		day, now := 20000, s.Now()
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.MarkShareOpened(ctx, w.ID, second.ID, day); err != nil {
				return err
			}
			return tx.RevokeShare(ctx, w.ID, second.ID)
		})
		second.OpenedDay, second.RevokedAt = &day, &now
		same(t, "opened and revoked", second)(s.Share(ctx, w.ID, second.ID))
		for what, move := range map[string]func(tx *store.Tx) error{
			"revoke twice":     func(tx *store.Tx) error { return tx.RevokeShare(ctx, w.ID, second.ID) },
			"open what is not": func(tx *store.Tx) error { return tx.MarkShareOpened(ctx, w.ID, storetest.ID(t, s), 1) },
		} {
			if err := s.InTx(ctx, move); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("%s: %v, want NotFound", what, err)
			}
		}

		stranger := storetest.Workspace(t, s)
		for what, restore := range map[string]func(tx *store.Tx) error{
			"another workspace's": func(tx *store.Tx) error { return tx.RestoreShare(ctx, stranger.ID, second.ID, time.Time{}) },
			"too late":            func(tx *store.Tx) error { return tx.RestoreShare(ctx, w.ID, second.ID, now) },
			"one that is open":    func(tx *store.Tx) error { return tx.RestoreShare(ctx, w.ID, first.ID, time.Time{}) },
		} {
			if err := s.InTx(ctx, restore); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("restore %s: %v, want NotFound", what, err)
			}
		}
		same(t, "revoked still", second)(s.Share(ctx, w.ID, second.ID))
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.RestoreShare(ctx, w.ID, second.ID, now.Add(-time.Second))
		})
		open := second
		open.RevokedAt = nil
		same(t, "open again", open)(s.Share(ctx, w.ID, second.ID))
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.RevokeShare(ctx, w.ID, second.ID) })

		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ForgetShares(ctx, w.ID, now) })
		same(t, "nothing ended before", []surveys.Share{second, first})(s.Shares(ctx, w.ID, survey.ID))
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.ForgetShares(ctx, w.ID, now.Add(time.Second))
		})
		same(t, "the revoked one is forgotten", []surveys.Share{first})(s.Shares(ctx, w.ID, survey.ID))
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.ForgetShares(ctx, w.ID, first.ExpiresAt.Add(time.Second))
		})
		same(t, "the expired one as well", []surveys.Share{})(s.Shares(ctx, w.ID, survey.ID))
	})
}
