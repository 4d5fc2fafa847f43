package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestPacesOfReceiversAreKept(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w, now := context.Background(), storetest.Workspace(t, s), s.Now()
		want := []surveys.ReceiverPace{{Receiver: surveys.Gmail}, {Receiver: surveys.Microsoft}, {Receiver: surveys.Yahoo}, {Receiver: surveys.Others}}
		for n := range want {
			want[n].WorkspaceID = w.ID
		}
		same(t, "never said", want)(s.ReceiverPaces(ctx, w.ID))
		for _, perMinute := range []int{30, 0} {
			want[1].PerMinute, want[1].FreeAt = perMinute, now
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveReceiverPace(ctx, want[1]) })
			same(t, "stored", want)(s.ReceiverPaces(ctx, w.ID))
		}
	})
}

// TestPlacesAreGivenOnce: however many ask at the same time, each letter has a place
// of its own, at the receiver's pace.
func TestPlacesAreGivenOnce(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w, now := storetest.Workspace(t, s), s.Now()
		take := func(receiver surveys.Receiver, n int) (from time.Time, gap time.Duration) {
			if err := s.InTx(context.Background(), func(tx *store.Tx) (err error) {
				from, gap, err = tx.TakePlaces(context.Background(), w.ID, receiver, n)
				return err
			}); err != nil {
				t.Error(err)
			}
			return from, gap
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SaveReceiverPace(ctx, surveys.ReceiverPace{WorkspaceID: w.ID, Receiver: surveys.Yahoo, PerMinute: 60, FreeAt: now.Add(-time.Hour)})
		})
		var all sync.WaitGroup
		var taken [8]time.Time
		for n := range taken {
			all.Go(func() { taken[n], _ = take(surveys.Yahoo, 5) })
		}
		all.Wait()
		places := make(map[time.Duration]bool)
		for _, from := range taken {
			if after := from.Sub(now); after < 0 || after > 35*time.Second || after%(5*time.Second) != 0 || places[after] {
				t.Errorf("places were given from %s on", after)
			}
			places[from.Sub(now)] = true
		}
		if from, gap := take(surveys.Yahoo, 1); from.Sub(now) != 40*time.Second || gap != time.Second {
			t.Errorf("the next place is after %s, each %s", from.Sub(now), gap)
		}
		clock.Advance(time.Minute)
		if from, _ := take(surveys.Yahoo, 1); from.Sub(now) != time.Minute {
			t.Errorf("after a minute the next place is after %s", from.Sub(now))
		}
		if from, gap := take(surveys.Others, 1000); gap != 0 || !from.Equal(s.Now()) {
			t.Errorf("others have places each %s from %s on", gap, from)
		}
		if _, gap := take(surveys.Gmail, 1); gap != 20*time.Millisecond {
			t.Errorf("Gmail's usual places are each %s", gap)
		}
	})
}
