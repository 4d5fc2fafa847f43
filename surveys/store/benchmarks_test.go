package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestBenchmarksAreKept(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		first := storetest.Benchmark(t, s, w.ID, surveys.NPS)
		clock.Advance(time.Second)
		b := storetest.Benchmark(t, s, w.ID, surveys.NPS)
		b.Metric, b.Name, b.Low, b.High, b.Year, b.Source, b.Note, b.Shown = surveys.CSAT, "网店", 79.5, 81.25, 2025, "Armatis", "", false
		b.UpdatedAt = s.Now()
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateBenchmark(ctx, b) })
		same(t, "one", b)(s.Benchmark(ctx, w.ID, b.ID))
		same(t, "all", []surveys.Benchmark{first, b})(s.Benchmarks(ctx, w.ID))
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteBenchmark(ctx, w.ID, first.ID) })
		same(t, "what is left", []surveys.Benchmark{b})(s.Benchmarks(ctx, w.ID))
		for what, move := range map[string]func(tx *store.Tx) error{
			"delete": func(tx *store.Tx) error { return tx.DeleteBenchmark(ctx, w.ID, first.ID) },
			"change": func(tx *store.Tx) error { return tx.UpdateBenchmark(ctx, first) },
		} {
			if err := s.InTx(ctx, move); surveys.KindOf(err) != surveys.NotFound {
				t.Errorf("%s what is gone: %v, want NotFound", what, err)
			}
		}
	})
}
