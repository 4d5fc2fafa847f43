package store

import (
	"context"
	"sync"
	"sync/atomic"
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
	batches batchCounts
}

// batchCounts says which way batches went.
type batchCounts struct{ straight, careful atomic.Int64 }

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
	if err := countable(s.Response); err != nil {
		return Receipt{}, err
	}
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

// Batches says how many batches were stored straight, on PostgreSQL in one
// pipelined round trip, and how many by transactions that looked at what was
// stored before. Those should be few.
func (in *Ingest) Batches() (straight, careful int64) {
	return in.batches.straight.Load(), in.batches.careful.Load()
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
