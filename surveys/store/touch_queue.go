package store

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"

	"github.com/harkhq/hark/surveys"
)

// Sizes of the queue of touches.
const (
	touchQueue = 8192 // touches that wait; more are dropped, and counted
	touchBatch = 500  // touches in one transaction
)

// TouchQueue writes touches behind the requests that they come from: a page does
// not wait for the disk because somebody looks at it. What does not fit is
// dropped and counted, and so is what the database refuses.
type TouchQueue struct {
	store   *Store
	log     *slog.Logger
	queue   chan queuedTouch
	done    chan struct{}
	mu      sync.RWMutex // guards closed against sends on a closed queue
	closed  bool
	dropped atomic.Int64
}

// queuedTouch is a touch, or, where flushed is not nil, somebody who waits for
// those before it.
type queuedTouch struct {
	touch   surveys.Touch
	flushed chan struct{}
}

// NewTouchQueue starts the writer; [TouchQueue.Close] stops it.
func NewTouchQueue(s *Store, log *slog.Logger) *TouchQueue {
	q := &TouchQueue{store: s, log: log, queue: make(chan queuedTouch, touchQueue), done: make(chan struct{})}
	s.touched.Store(q)
	go q.run()
	return q
}

// FlushTouches returns when the touches that this process took so far are stored.
func (s *Store) FlushTouches(ctx context.Context) error {
	if q := s.touched.Load(); q != nil {
		return q.Flush(ctx)
	}
	return nil
}

// Add hands a touch to the writer and returns at once.
func (q *TouchQueue) Add(t surveys.Touch) {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		q.dropped.Add(1)
		return
	}
	select {
	case q.queue <- queuedTouch{touch: t}:
	default:
		q.dropped.Add(1)
	}
}

// Dropped is how many touches were not stored.
func (q *TouchQueue) Dropped() int64 { return q.dropped.Load() }

// Flush returns when everything that was added before is stored, or dropped.
func (q *TouchQueue) Flush(ctx context.Context) error {
	flushed := make(chan struct{})
	if !q.wait(ctx, flushed) {
		return ctx.Err()
	}
	select {
	case <-flushed:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// wait puts a mark into the queue, and reports false when ctx ended first.
func (q *TouchQueue) wait(ctx context.Context, flushed chan struct{}) bool {
	q.mu.RLock()
	defer q.mu.RUnlock()
	if q.closed {
		<-q.done
		close(flushed)
		return true
	}
	select {
	case q.queue <- queuedTouch{flushed: flushed}:
		return true
	case <-ctx.Done():
		return false
	}
}

// Close stores what waits, and stops.
func (q *TouchQueue) Close() {
	q.mu.Lock()
	if !q.closed {
		q.closed = true
		close(q.queue)
	}
	q.mu.Unlock()
	<-q.done
}

func (q *TouchQueue) run() {
	defer close(q.done)
	for first := range q.queue {
		q.write(q.gather(first))
	}
}

// gather takes what waits, without waiting for more.
func (q *TouchQueue) gather(first queuedTouch) []queuedTouch {
	batch := []queuedTouch{first}
	for len(batch) < touchBatch {
		select {
		case next, open := <-q.queue:
			if !open {
				return batch
			}
			batch = append(batch, next)
		default:
			return batch
		}
	}
	return batch
}

func (q *TouchQueue) write(batch []queuedTouch) {
	var list []surveys.Touch
	for _, t := range batch {
		if t.flushed == nil {
			list = append(list, t.touch)
		}
	}
	if len(list) > 0 {
		ctx, cancel := context.WithTimeout(context.Background(), ingestTimeout)
		err := q.store.InTx(ctx, func(tx *Tx) error { return tx.AddTouches(ctx, list) })
		cancel()
		if err != nil {
			q.dropped.Add(int64(len(list)))
			q.log.Warn("touches could not be stored", "n", len(list), "error", err)
		}
	}
	for _, t := range batch {
		if t.flushed != nil {
			close(t.flushed)
		}
	}
}
