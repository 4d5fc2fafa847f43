package flow

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Benchmarks keeps the scores of others that a workspace looks at beside its
// own.
type Benchmarks struct{ store *store.Store }

// NewBenchmarks makes the moves on benchmarks.
func NewBenchmarks(s *store.Store) *Benchmarks { return &Benchmarks{store: s} }

// Save checks and stores a benchmark, a new one when its id is "", and returns
// it.
func (m *Benchmarks) Save(ctx context.Context, ws surveys.WorkspaceID, b surveys.Benchmark) (surveys.Benchmark, error) {
	b.WorkspaceID, b.UpdatedAt = ws, m.store.Now()
	b, err := b.Check(b.UpdatedAt)
	if err != nil {
		return b, err
	}
	if b.ID == "" {
		added, err := m.Add(ctx, ws, []surveys.Benchmark{b})
		if err != nil {
			return b, err
		}
		return added[0], nil
	}
	return b, m.store.InTx(ctx, func(tx *store.Tx) error {
		there, err := tx.Benchmarks(ctx, ws)
		if err != nil {
			return err
		}
		if err := refuseTwice(there, b); err != nil {
			return err
		}
		return tx.UpdateBenchmark(ctx, b)
	})
}

// refuseTwice says that a benchmark stands among others already.
func refuseTwice(there []surveys.Benchmark, b surveys.Benchmark) error {
	for _, other := range there {
		if other.ID != b.ID && other.Same(b) {
			return surveys.Wrong(surveys.FieldError{Path: "name", Code: "benchmark_twice"})
		}
	}
	return nil
}

// Add checks and stores new benchmarks, all or none, and returns them with
// their ids. One that says the same as another is refused. It is a Conflict when the workspace has
// [surveys.MaxBenchmarks] already.
func (m *Benchmarks) Add(ctx context.Context, ws surveys.WorkspaceID, list []surveys.Benchmark) ([]surveys.Benchmark, error) {
	now := m.store.Now()
	added := make([]surveys.Benchmark, len(list))
	for i, b := range list {
		var err error
		if b, err = b.Check(now); err != nil {
			return nil, err
		}
		if b.ID, err = m.store.NewID(); err != nil {
			return nil, err
		}
		b.WorkspaceID, b.CreatedAt, b.UpdatedAt = ws, now, now
		added[i] = b
	}
	return added, m.store.InTx(ctx, func(tx *store.Tx) error {
		there, err := tx.Benchmarks(ctx, ws)
		if err != nil {
			return err
		}
		if len(there)+len(added) > surveys.MaxBenchmarks {
			return &surveys.Error{Kind: surveys.Conflict, Code: "benchmarks_many", Args: map[string]any{"max": surveys.MaxBenchmarks}}
		}
		for _, b := range added {
			if err := refuseTwice(there, b); err != nil {
				return err
			}
			there = append(there, b)
			if err := tx.CreateBenchmark(ctx, b); err != nil {
				return err
			}
		}
		return nil
	})
}

// Delete takes a benchmark away.
func (m *Benchmarks) Delete(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return m.store.InTx(ctx, func(tx *store.Tx) error { return tx.DeleteBenchmark(ctx, ws, id) })
}
