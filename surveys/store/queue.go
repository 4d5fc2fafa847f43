package store

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Sizes of the ingest queue.
const (
	maxBatch  = 200  // submissions in one transaction
	queueSize = 4096 // submissions that wait; more are refused with Unavailable
)

// Ingest is the process's one writer of answers. Whatever waits is stored in
// one transaction, without a delay to gather more; while that commits, the
// next batch gathers by itself. Two writers were measured to be slower than
// one. Everybody who waits is answered after the commit.
type Ingest struct {
	store   *Store
	queue   chan *pending
	observe func(size int, waited time.Duration)
	done    chan struct{}
	mu      sync.RWMutex // guards closed against sends on a closed queue
	closed  bool
	pipe    pipeline
}

type pending struct {
	submission Submission
	since      time.Time
	answer     chan answer
}

type answer struct {
	receipt Receipt
	err     error
}

// NewIngest starts the writer. Observe is told of each batch: its size, and
// how long its first submission had waited when it began; nil for nobody.
// [Ingest.Close] stops the writer.
func NewIngest(s *Store, observe func(size int, waited time.Duration)) *Ingest {
	if observe == nil {
		observe = func(int, time.Duration) {}
	}
	in := &Ingest{store: s, queue: make(chan *pending, queueSize), observe: observe, done: make(chan struct{})}
	go in.run()
	return in
}

// Submit stores a submission and returns once it is committed. When the queue
// is full, or the server is stopping, it is Unavailable and nothing is stored.
// When ctx ends first, the answer may or may not be stored.
func (in *Ingest) Submit(ctx context.Context, s Submission) (Receipt, error) {
	p := &pending{submission: s, since: in.store.options.Now(), answer: make(chan answer, 1)}
	if !in.enqueue(p) {
		return Receipt{}, &surveys.Error{Kind: surveys.Unavailable, Code: "queue_full", RetryAfter: time.Second}
	}
	select {
	case a := <-p.answer:
		return a.receipt, a.err
	case <-ctx.Done():
		return Receipt{}, ctx.Err()
	}
}

func (in *Ingest) enqueue(p *pending) bool {
	in.mu.RLock()
	defer in.mu.RUnlock()
	if in.closed {
		return false
	}
	select {
	case in.queue <- p:
		return true
	default:
		return false
	}
}

// Close stores what waits, and stops. Later submissions are Unavailable.
func (in *Ingest) Close() {
	in.mu.Lock()
	if !in.closed {
		in.closed = true
		close(in.queue)
	}
	in.mu.Unlock()
	<-in.done
}

func (in *Ingest) run() {
	defer close(in.done)
	defer in.pipe.close()
	batch := make([]*pending, 0, maxBatch)
	for first := range in.queue {
		batch = append(batch[:0], first)
		batch = in.gather(batch)
		in.observe(len(batch), in.store.options.Now().Sub(first.since))
		in.process(batch)
	}
}

// gather adds what waits, without waiting for more.
func (in *Ingest) gather(batch []*pending) []*pending {
	for len(batch) < maxBatch {
		select {
		case p, open := <-in.queue:
			if !open {
				return batch
			}
			batch = append(batch, p)
		default:
			return batch
		}
	}
	return batch
}

// ingestTimeout bounds one batch, so that a database that hangs turns into a
// clear answer.
const ingestTimeout = 10 * time.Second

// process stores a batch by the fastest way that works: on PostgreSQL one
// pipelined round trip; else one transaction; and when one of the batch cannot
// be stored, each alone, so that it fails without its neighbours.
func (in *Ingest) process(batch []*pending) {
	ctx, cancel := context.WithTimeout(context.Background(), ingestTimeout)
	defer cancel()
	if in.store.dialect == Postgres {
		err := in.pipe.store(ctx, in.store, batch)
		if err == nil {
			return
		}
		if !errors.Is(err, errSlowPath) {
			refuse(batch, err)
			return
		}
	}
	err := in.together(ctx, batch)
	if err == nil {
		return
	}
	if surveys.KindOf(err) == surveys.Unavailable || len(batch) == 1 {
		refuse(batch, err)
		return
	}
	for i := range batch {
		if err := in.together(ctx, batch[i:i+1]); err != nil {
			refuse(batch[i:i+1], err)
		}
	}
}

func refuse(batch []*pending, err error) {
	for _, p := range batch {
		p.answer <- answer{err: err}
	}
}

// together stores a batch in one transaction and answers all of it, or
// returns why nothing of it was stored.
func (in *Ingest) together(ctx context.Context, batch []*pending) error {
	receipts := make([]Receipt, len(batch))
	err := in.store.InTx(ctx, func(tx *Tx) error {
		d := make(deltas)
		var plain []surveys.Response
		for i, p := range batch {
			s := p.submission
			if s.Once == nil && s.Response.InvitationID == "" {
				plain = append(plain, s.Response)
				receipts[i] = Receipt{ResponseID: s.Response.ID, Outcome: Stored}
				continue
			}
			receipt, err := tx.take(ctx, s, d)
			if err != nil {
				return err
			}
			receipts[i] = receipt
		}
		if len(plain) > 0 {
			if err := tx.insertResponses(ctx, plain, d); err != nil {
				return err
			}
		}
		return tx.applyDeltas(ctx, d)
	})
	if err != nil {
		return err
	}
	for i, p := range batch {
		p.answer <- answer{receipt: receipts[i]}
	}
	return nil
}
