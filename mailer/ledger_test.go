package mailer

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// cancelling is the step that cancels a new scheduled invitation.
func cancelling(o office, after func(ctx context.Context, tx *store.Tx) error) step {
	i := o.invite()
	i.State = surveys.InvitationCancelled
	return step{move: store.Move{Invitation: i, From: surveys.InvitationScheduled}, after: after}
}

func TestLedgerFailsOneWithoutItsNeighbours(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		const n = 30
		l := openLedger(o.store, new(onWay).count)
		wrong := errors.New("what follows from a step cannot be stored")
		steps := make([]step, n)
		for i := range steps {
			steps[i] = cancelling(o, func(context.Context, *store.Tx) error {
				if i%7 == 3 {
					return wrong
				}
				return nil
			})
		}
		results := make([]error, n)
		var all sync.WaitGroup
		for i, s := range steps {
			all.Go(func() { _, results[i] = l.write(s) })
		}
		all.Wait()
		l.close()
		for i, s := range steps {
			fails := i%7 == 3
			cancelled := o.read(s.move.Invitation.ID).State == surveys.InvitationCancelled
			if errors.Is(results[i], wrong) != fails || cancelled == fails {
				t.Errorf("step %d gave %v, cancelled: %t; it fails: %t", i, results[i], cancelled, fails)
			}
		}
	})
}

func TestLedgerTellsWhichStepsWereMade(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		l := openLedger(o.store, new(onWay).count)
		other, lease := cancelling(o, nil), clock.Now().Add(time.Minute)
		other.move.Lease = &lease // somebody else's
		followed := false
		other.after = func(context.Context, *store.Tx) error {
			followed = true
			return nil
		}
		made, err := l.write(cancelling(o, nil), other, cancelling(o, nil))
		l.close()
		if err != nil || len(made) != 3 || !made[0] || made[1] || !made[2] || followed {
			t.Errorf("made %v, %v, what follows from the second ran: %t", made, err, followed)
		}
		o.expect(other.move.Invitation.ID, surveys.InvitationScheduled)
	})
}

func TestLedgerStoresWhatWaitsTogether(t *testing.T) {
	t.Parallel()
	o := newOffice(t, storetest.Open(t, store.SQLite)) // which has one writer
	l := openLedger(o.store, new(onWay).count)
	held, begun := make(chan struct{}), make(chan struct{})
	first := cancelling(o, func(context.Context, *store.Tx) error {
		close(begun)
		<-held
		return nil
	})
	waits := cancelling(o, nil)
	saw := make(chan surveys.InvitationState, 1)
	looks := cancelling(o, func(ctx context.Context, tx *store.Tx) error {
		// Committed with the one before it, which nobody outside sees yet.
		outside, err := o.store.Invitation(ctx, o.workspace.ID, waits.move.Invitation.ID)
		saw <- outside.State
		return err
	})
	var all sync.WaitGroup
	all.Go(func() { _, _ = l.write(first) })
	<-begun
	l.queue <- &entry{err: make(chan error, 1), steps: []step{waits}}
	l.queue <- &entry{err: make(chan error, 1), steps: []step{looks}}
	close(held)
	all.Wait()
	if outside := <-saw; outside != surveys.InvitationScheduled {
		t.Errorf("the first of two waiting steps was committed (%s) before the second ran", outside)
	}
	l.close()
}
