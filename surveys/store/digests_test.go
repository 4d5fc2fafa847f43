package store_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestDigestsAreKept(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		user, other := storetest.User(t, s, w.ID, surveys.Viewer), storetest.User(t, s, w.ID, surveys.Owner)
		if _, err := s.Digest(ctx, w.ID, user.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("a digest that nobody chose: %v", err)
		}
		d := storetest.Digest(t, s, user)
		same(t, "as stored", d)(s.Digest(ctx, w.ID, user.ID))
		same(t, "due", []surveys.Digest{d})(s.DueDigests(ctx, w.ID, s.Now()))
		same(t, "not yet due", []surveys.Digest{})(s.DueDigests(ctx, w.ID, s.Now().Add(-time.Second)))
		at := s.Now().Add(time.Hour)
		d.Every, d.Hour, d.Surveys, d.Comments, d.DueAt = surveys.DigestMonthly, 23, []string{"a", "b"}, true, &at
		d.SendingFor, d.SentAt, d.Told, d.ToldDay, d.Problem = &at, &at, map[string]surveys.DigestTold{"a": {Answers: 7, Verdict: "fall"}}, 20000, "550 no"
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDigest(ctx, d) })
		same(t, "changed", d)(s.Digest(ctx, w.ID, user.ID))
		storetest.Digest(t, s, other)
		d.DueAt = nil
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDigest(ctx, d) })
		same(t, "off", d)(s.Digest(ctx, w.ID, user.ID))
		if list, err := s.DueDigests(ctx, w.ID, s.Now().Add(9*time.Hour)); err != nil || len(list) != 1 || list[0].UserID != other.ID {
			t.Errorf("what is off is due: %+v, %v", list, err)
		}
	})
}

// TestDigestIsClaimedOnce lets many claim the same digest at the same time.
func TestDigestIsClaimedOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		d := storetest.Digest(t, s, storetest.User(t, s, w.ID, surveys.Viewer))
		next := s.Now().Add(24 * time.Hour)
		var claimed atomic.Int64
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				err := s.InTx(context.Background(), func(tx *store.Tx) error { return tx.ClaimDigest(context.Background(), d, next) })
				switch {
				case err == nil:
					claimed.Add(1)
				case surveys.KindOf(err) != surveys.NotFound:
					t.Errorf("claim: %v", err)
				}
			})
		}
		all.Wait()
		if claimed.Load() != 1 {
			t.Errorf("claimed %d times", claimed.Load())
		}
		if list, err := s.DueDigests(context.Background(), w.ID, s.Now()); err != nil || len(list) != 0 {
			t.Errorf("still due: %+v, %v", list, err)
		}
	})
}

func TestDigestLeavesOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		d := storetest.Digest(t, s, storetest.User(t, s, w.ID, surveys.Viewer))
		due := *d.DueAt
		begin := func(due time.Time) error {
			return s.InTx(ctx, func(tx *store.Tx) error { return tx.BeginDigest(ctx, d, due) })
		}
		if err := begin(due); err != nil {
			t.Fatal(err)
		}
		if err := begin(due); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("the same mail a second time: %v", err)
		}
		later := due.Add(24 * time.Hour)
		if err := begin(later); err != nil {
			t.Errorf("the next one: %v", err)
		}
		// Settled as not sent: it may begin again, and what was chosen stays.
		failed := d
		failed.Every, failed.Hour, failed.Problem, failed.SendingFor, failed.DueAt = surveys.DigestMonthly, 3, "450 later", nil, nil
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SettleDigest(ctx, failed) })
		got, err := s.Digest(ctx, w.ID, d.UserID)
		if err != nil || got.Problem != "450 later" || got.Every != d.Every || got.Hour != d.Hour || got.DueAt == nil {
			t.Errorf("settled as %+v, %v", got, err)
		}
		if err := begin(later); err != nil {
			t.Errorf("after a failure: %v", err)
		}
		d.DueAt = nil
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveDigest(ctx, d) })
		if err := begin(later.Add(time.Hour)); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("after it was turned off: %v", err)
		}
	})
}

func TestClaimIsUndoneWithItsTransaction(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		d := storetest.Digest(t, s, storetest.User(t, s, w.ID, surveys.Viewer))
		crash := errors.New("the power is gone")
		err := s.InTx(ctx, func(tx *store.Tx) error {
			if err := tx.ClaimDigest(ctx, d, s.Now().Add(time.Hour)); err != nil {
				return err
			}
			return crash
		})
		if !errors.Is(err, crash) {
			t.Fatal(err)
		}
		if list, err := s.DueDigests(ctx, w.ID, s.Now()); err != nil || len(list) != 1 {
			t.Errorf("lost by a crash: %+v, %v", list, err)
		}
	})
}

func TestAnswersBefore(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		first, second := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Survey(t, s, w.ID, surveys.CSAT)
		storetest.Survey(t, s, w.ID, surveys.CES)
		storetest.Answer(t, s, first, 9)
		storetest.Answer(t, s, first, 3)
		storetest.Answer(t, s, second, 4)
		today := surveys.Day(s.Now(), time.UTC)
		same(t, "before tomorrow", map[string]int64{first.ID: 2, second.ID: 1})(s.AnswersBefore(ctx, w.ID, today+1))
		same(t, "before today", map[string]int64{})(s.AnswersBefore(ctx, w.ID, today))
	})
}
