package flow_test

import (
	"context"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestBenchmarks(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w, moves := context.Background(), storetest.Workspace(t, s), flow.NewBenchmarks(s)
		saved, err := moves.Save(ctx, w.ID, surveys.Benchmark{Metric: surveys.NPS, Name: " Shops ", Low: 40, High: 50, Year: 2026, Source: "us"})
		if err != nil || saved.ID == "" || saved.Name != "Shops" {
			t.Fatalf("%+v, %v", saved, err)
		}
		saved.Shown, saved.Low = true, 39
		if _, err := moves.Save(ctx, w.ID, saved); err != nil {
			t.Fatal(err)
		}
		if got, err := s.Benchmark(ctx, w.ID, saved.ID); err != nil || !got.Shown || got.Low != 39 || got.CreatedAt != saved.CreatedAt {
			t.Errorf("stored %+v, %v", got, err)
		}
		same := saved
		same.ID, same.Name, same.Note = "", "SHOPS", "Heard again"
		_, err = moves.Save(ctx, w.ID, same)
		wantFields(t, err, map[string]string{"name": "benchmark_twice"})
		same.Year--
		if same, err = moves.Save(ctx, w.ID, same); err != nil {
			t.Errorf("the year before: %v", err)
		}
		same.Year++
		_, err = moves.Save(ctx, w.ID, same)
		wantFields(t, err, map[string]string{"name": "benchmark_twice"})
		saved.Source = ""
		_, err = moves.Save(ctx, w.ID, saved)
		wantFields(t, err, map[string]string{"source": "required"})
		_, err = moves.Save(ctx, storetest.Workspace(t, s).ID, surveys.Benchmark{ID: saved.ID, Metric: surveys.NPS, Name: "x", Year: 2026, Source: "y"})
		wantKind(t, err, surveys.NotFound, "not_found")
		if err := moves.Delete(ctx, w.ID, saved.ID); err != nil {
			t.Fatal(err)
		}
		wantKind(t, moves.Delete(ctx, w.ID, saved.ID), surveys.NotFound, "not_found")
	})
}

// TestStarterBenchmarksAreAddedTogether: all of them or none, and no more than
// a workspace may keep.
func TestStarterBenchmarksAreAddedTogether(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w, moves := context.Background(), storetest.Workspace(t, s), flow.NewBenchmarks(s)
		starter := surveys.StarterBenchmarks()
		if _, err := moves.Add(ctx, storetest.Workspace(t, s).ID, append(starter[:1:1], starter[0])); err == nil {
			t.Error("the same figures are added twice")
		}
		added := 0
		for added+len(starter) <= surveys.MaxBenchmarks {
			for i := range starter {
				starter[i].Name += "+" // another panel
			}
			list, err := moves.Add(ctx, w.ID, starter)
			if err != nil {
				t.Fatal(err)
			}
			added += len(list)
		}
		for i := range starter {
			starter[i].Name += "+"
		}
		_, err := moves.Add(ctx, w.ID, starter)
		wantKind(t, err, surveys.Conflict, "benchmarks_many")
		wrong := starter[:2:2]
		wrong[1].Year = 0
		_, err = moves.Add(ctx, storetest.Workspace(t, s).ID, wrong)
		wantFields(t, err, map[string]string{"year": "benchmark_year"})
		if list, err := s.Benchmarks(ctx, w.ID); err != nil || len(list) != added {
			t.Errorf("%d are stored, %v, want %d", len(list), err, added)
		}
	})
}
