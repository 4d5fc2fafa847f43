package mailer

import (
	"context"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// step is what one letter's way changes in the store.
type step struct {
	move  store.Move
	after func(ctx context.Context, tx *store.Tx) error // what follows from it; nil for nothing
}

// ledger stores the steps of the lanes. Whatever steps wait are stored in one
// transaction: while it waits for the disk, the next ones gather by themselves.
type ledger struct {
	store  *store.Store
	queue  chan *entry
	coming func() int     // how many letters' outcomes are about to come
	writer sync.WaitGroup // one: two make more transactions of the same steps, which take more of the processors than the disk is waited for
}

// entry are the steps that one lane waits for.
type entry struct {
	steps []step
	made  []bool // which of them were made; another process had moved the others
	err   chan error
}

// maxEntries bounds what one transaction stores.
const maxEntries = 64

// longestGathering is how long a transaction waits for letters that are on their
// way. Where a mail server answers at once most come within it, and four times as
// many in one transaction write each page of the database once instead of four
// times; where it does not, a letter takes far longer than that anyway.
const longestGathering = time.Millisecond

func openLedger(s *store.Store, coming func() int) *ledger {
	l := &ledger{store: s, coming: coming, queue: make(chan *entry, maxEntries)}
	l.writer.Go(l.run)
	return l
}

// close ends the ledger when nobody writes any more.
func (l *ledger) close() {
	close(l.queue)
	l.writer.Wait()
}

// write stores steps and returns when they are committed which of them were
// made, or why none is. What follows from a step may run twice: alone, when
// another step of its transaction failed. They are stored even when the server
// stops.
func (l *ledger) write(steps ...step) ([]bool, error) {
	if len(steps) == 0 {
		return nil, nil
	}
	e := &entry{steps: steps, err: make(chan error, 1)}
	l.queue <- e
	err := <-e.err
	return e.made, err
}

func (l *ledger) run() {
	for first := range l.queue {
		l.together(l.gather([]*entry{first}))
	}
}

// gather adds what waits, and for a moment what is about to come.
func (l *ledger) gather(group []*entry) []*entry {
	over := time.NewTimer(longestGathering)
	defer over.Stop()
	for len(group) < maxEntries && (len(l.queue) > 0 || len(group) < l.coming()) {
		select {
		case e, open := <-l.queue:
			if !open {
				return group
			}
			group = append(group, e)
		case <-over.C:
			return group
		}
	}
	return group
}

// together stores a group in one transaction, or else each alone, so that one
// that fails does so without its neighbours.
func (l *ledger) together(group []*entry) {
	err := l.commit(group)
	for _, e := range group {
		if err != nil && len(group) > 1 {
			e.err <- l.commit([]*entry{e})
			continue
		}
		e.err <- err
	}
}

func (l *ledger) commit(group []*entry) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	return l.store.InTx(ctx, func(tx *store.Tx) error {
		moves := make([]store.Move, 0, 2*len(group)) // of most, an outcome and a beginning
		for _, e := range group {
			for _, s := range e.steps {
				moves = append(moves, s.move)
			}
		}
		made, err := tx.MoveInvitations(ctx, moves)
		if err != nil {
			return err
		}
		for _, e := range group {
			e.made, made = made[:len(e.steps)], made[len(e.steps):]
			for n, s := range e.steps {
				if !e.made[n] && s.taken() {
					if e.made[n], err = found(ctx, tx, s.found()); err != nil {
						return err
					}
				}
				if s.after == nil || !e.made[n] {
					continue
				}
				if err := s.after(ctx, tx); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// found stores that a letter of unknown fate was taken after all, so that it does not
// go once more. It reports whether it still was of unknown fate.
func found(ctx context.Context, tx *store.Tx, move store.Move) (bool, error) {
	switch err := tx.MoveInvitation(ctx, move.Invitation, move.From); {
	case surveys.KindOf(err) == surveys.Conflict:
		return false, nil
	case err != nil:
		return false, err
	}
	return true, tx.DropLetters(ctx, move.Invitation.WorkspaceID, []string{move.Invitation.ID})
}
