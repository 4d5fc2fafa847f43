package mailer

import (
	"context"
	"errors"
	"sync"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestLedgerFailsOneWithoutItsNeighbours(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		const n = 30
		l := openLedger(o.store)
		wrong := errors.New("a move that cannot be stored")
		addresses := make([]string, n)
		for i := range addresses {
			addresses[i] = storetest.ID(t, o.store) + "@customers.example"
		}
		results := make([]error, n)
		var all sync.WaitGroup
		for i, address := range addresses {
			all.Go(func() {
				results[i] = l.write(func(ctx context.Context, tx *store.Tx) error {
					if err := tx.Suppress(ctx, o.workspace, address, surveys.SuppressedBounced); err != nil || i%7 != 3 {
						return err
					}
					return wrong
				})
			})
		}
		all.Wait()
		l.close()
		for i, address := range addresses {
			stored, err := o.store.Suppression(t.Context(), o.workspace, address)
			if err != nil {
				t.Fatal(err)
			}
			if fails := i%7 == 3; errors.Is(results[i], wrong) != fails || (stored == "") != fails {
				t.Errorf("move %d gave %v and stored %q; it fails: %t", i, results[i], stored, fails)
			}
		}
	})
}

func TestLedgerStoresWhatWaitsTogether(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w := storetest.Workspace(t, s)
	l := openLedger(s)
	held, begun := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		_ = l.write(func(context.Context, *store.Tx) error {
			close(begun)
			<-held
			return nil
		})
	})
	<-begun
	// The second of the two runs before the first is committed, which only one
	// transaction can show.
	saw := make(chan surveys.Suppression, 1)
	l.queue <- &entry{err: make(chan error, 1), move: func(ctx context.Context, tx *store.Tx) error {
		return tx.Suppress(ctx, w, "ana@customers.example", surveys.SuppressedBounced)
	}}
	l.queue <- &entry{err: make(chan error, 1), move: func(ctx context.Context, tx *store.Tx) error {
		outside, err := s.Suppression(ctx, w, "ana@customers.example")
		saw <- outside
		return err
	}}
	close(held)
	all.Wait()
	if outside := <-saw; outside != "" {
		t.Errorf("the first of two waiting moves was committed (%s) before the second ran", outside)
	}
	l.close()
}
