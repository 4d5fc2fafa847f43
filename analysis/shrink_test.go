package analysis

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestShrinkMatchesMetafor(t *testing.T) {
	t.Parallel()
	sets := map[string][]golden.Row{}
	for _, r := range golden.Read(t, "segments_eb.csv") {
		if r["method"] == "PM" {
			sets[r["set"]] = append(sets[r["set"]], r)
		}
	}
	if len(sets) != 3 {
		t.Fatalf("%d sets, want 3", len(sets))
	}
	for name, rows := range sets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := Shrink(surveys.NPS, segmentSet(t, name, "PM"))
			if err != nil {
				t.Fatal(err)
			}
			golden.Near(t, "τ²", s.Between, rows[0].Num(t, "tau2"), 1e-5)
			golden.Near(t, "μ", s.Mean, rows[0].Num(t, "mu"), 1e-5)
			golden.Near(t, "SE(μ)", s.MeanError, rows[0].Num(t, "mu_se"), 1e-5)
			golden.Near(t, "Q", s.Q, rows[0].Num(t, "Q"), 1e-7)
			for i, r := range rows {
				golden.Near(t, "shrunk "+r["segment"], s.Values[i], r.Num(t, "shrunk"), 1e-5)
			}
		})
	}
}

// TestShrinkStaysBetween: a shrunk score lies between the group's own adjusted
// score and the mean of all.
func TestShrinkStaysBetween(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		groups := make([]surveys.Counts, rapid.IntRange(1, 8).Draw(t, "k"))
		for i := range groups {
			groups[i] = drawCounts(t, m, 1)
		}
		s := golden.Must(Shrink(m, groups))
		for i, g := range groups {
			y, _ := bandsOf(m.Scale(), g).adjusted()
			low, high := math.Min(y, s.Mean), math.Max(y, s.Mean)
			if v := s.Values[i]; v < low-1e-9 || v > high+1e-9 {
				t.Fatalf("%v is not between %v and %v", v, y, s.Mean)
			}
		}
	})
}

func TestShrinkEdges(t *testing.T) {
	t.Parallel()
	one := golden.Must(Shrink(surveys.NPS, []surveys.Counts{npsCounts(1, 2, 30), {}}))
	if one.Between != 0 || one.Values[0] != one.Mean || one.Values[1] != one.Mean {
		t.Errorf("one group: %+v", one)
	}
	_, err := Shrink(surveys.NPS, []surveys.Counts{{}, {}})
	refusedFor(t, err, "counts")
	_, err = Shrink(surveys.NPS, nil)
	refusedFor(t, err, "counts")
}
