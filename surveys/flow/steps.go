package flow

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys/store"
)

// steps divides the work of a background job into transactions that are over
// soon, because SQLite has one writer and whoever answers, signs in or sends mail
// waits for it. How much is soon differs by machine, by what else it does and by
// what the index holds already: so it is measured, not set.
type steps struct {
	store *store.Store
	size  int
}

const (
	stepTime  = 40 * time.Millisecond // that a step should hold the writer
	firstStep = 10                    // rows of the first step, of which nothing is known
	longStep  = 250                   // rows of a step at most
)

func newSteps(s *store.Store) *steps { return &steps{store: s, size: firstStep} }

// took sizes the next step by how long the one of n rows took. One that was
// interrupted by others tells too little to grow by more than twice.
func (s *steps) took(n int, held time.Duration) {
	fits := longStep
	if held > 0 {
		fits = int(int64(n) * int64(stepTime) / int64(held))
	}
	s.size = max(1, min(fits, 2*s.size, longStep))
}

// inSteps stores a list part by part. Between the parts those who wait get their
// turn, in the order in which they came.
func inSteps[T any](ctx context.Context, s *steps, list []T, save func(*store.Tx, []T) error) error {
	for len(list) > 0 {
		part := list[:min(s.size, len(list))]
		list = list[len(part):]
		var began time.Time
		if err := s.store.InTx(ctx, func(tx *store.Tx) error {
			began = time.Now() // not while it waits for its turn
			return save(tx, part)
		}); err != nil {
			return err
		}
		s.took(len(part), time.Since(began))
	}
	return nil
}
