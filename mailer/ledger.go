package mailer

import (
	"context"

	"github.com/harkhq/hark/surveys/store"
)

// move is what one invitation's step changes in the store.
type move func(ctx context.Context, tx *store.Tx) error

// ledger stores the moves of the workers. SQLite has one writer, and each of
// its commits waits for the disk: there whatever moves wait are stored in one
// transaction, without a delay to gather more. PostgreSQL stores them side by
// side.
type ledger struct {
	store *store.Store
	queue chan *entry // nil on PostgreSQL
	done  chan struct{}
}

type entry struct {
	move move
	err  chan error
}

// maxEntries bounds the moves of one transaction.
const maxEntries = 64

func openLedger(s *store.Store) *ledger {
	l := &ledger{store: s, done: make(chan struct{})}
	if s.Dialect() == store.Postgres {
		close(l.done)
		return l
	}
	l.queue = make(chan *entry, maxEntries)
	go l.run()
	return l
}

// close ends the ledger when nobody writes any more.
func (l *ledger) close() {
	if l.queue != nil {
		close(l.queue)
	}
	<-l.done
}

// write stores a move and returns when it is committed, or why it is not. A
// move may run twice: alone, when another of its transaction failed. It is
// stored even when the server stops.
func (l *ledger) write(m move) error {
	if l.queue == nil {
		return l.commit(m)
	}
	e := &entry{move: m, err: make(chan error, 1)}
	l.queue <- e
	return <-e.err
}

func (l *ledger) run() {
	defer close(l.done)
	for first := range l.queue {
		group := []*entry{first}
		for waiting := true; waiting && len(group) < maxEntries; {
			select {
			case e, open := <-l.queue:
				if waiting = open; open {
					group = append(group, e)
				}
			default:
				waiting = false
			}
		}
		l.together(group)
	}
}

// together stores a group in one transaction, or else each alone, so that one
// that conflicts fails without its neighbours.
func (l *ledger) together(group []*entry) {
	err := l.commit(func(ctx context.Context, tx *store.Tx) error {
		for _, e := range group {
			if err := e.move(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	for _, e := range group {
		if err != nil && len(group) > 1 {
			e.err <- l.commit(e.move)
			continue
		}
		e.err <- err
	}
}

func (l *ledger) commit(m move) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTimeout)
	defer cancel()
	return l.store.InTx(ctx, func(tx *store.Tx) error { return m(ctx, tx) })
}
