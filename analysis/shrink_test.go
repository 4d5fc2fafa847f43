package analysis

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestShrinkMatchesMetafor(t *testing.T) {
	t.Parallel()
	estimators := map[string]struct {
		estimator Estimator
		tolerance float64
	}{"PM": {PauleMandel, 1e-5}, "DL": {DerSimonianLaird, 1e-7}, "REML": {REML, 1e-5}}
	type run struct{ set, method string }
	runs := map[run][]golden.Row{}
	for _, r := range golden.Read(t, "segments_eb.csv") {
		key := run{r["set"], r["method"]}
		runs[key] = append(runs[key], r)
	}
	if len(runs) != 9 {
		t.Fatalf("%d runs, want three sets by three estimators", len(runs))
	}
	for key, rows := range runs {
		t.Run(key.set+" "+key.method, func(t *testing.T) {
			t.Parallel()
			by, groups := estimators[key.method], segmentSet(t, key.set, key.method)
			s, err := ShrinkBy(by.estimator, surveys.NPS, groups)
			if err != nil {
				t.Fatal(err)
			}
			golden.Near(t, "τ²", s.Between, rows[0].Num(t, "tau2"), by.tolerance)
			golden.Near(t, "μ", s.Mean, rows[0].Num(t, "mu"), by.tolerance)
			golden.Near(t, "SE(μ)", s.MeanError, rows[0].Num(t, "mu_se"), by.tolerance)
			golden.Near(t, "Q", s.Q, rows[0].Num(t, "Q"), 1e-7)
			golden.Near(t, "p of Q", dist.ChiSquareTail(s.Q, len(rows)-1), rows[0].Num(t, "Qp"), 1e-7)
			golden.Near(t, "I²", 100*s.I2, rows[0].Num(t, "I2"), by.tolerance)
			for i, r := range rows {
				y, v := bandsOf(surveys.NPS.Scale(), groups[i]).adjusted()
				golden.Near(t, "y "+r["segment"], y, r.Num(t, "y_aw"), 1e-9)
				golden.Near(t, "v "+r["segment"], v, r.Num(t, "v_aw"), 1e-9)
				golden.Near(t, "weight "+r["segment"], s.Between/(s.Between+v), r.Num(t, "weight"), by.tolerance)
				golden.Near(t, "shrunk "+r["segment"], s.Values[i], r.Num(t, "shrunk"), by.tolerance)
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
		s := golden.Must(ShrinkBy(rapid.SampledFrom([]Estimator{PauleMandel, DerSimonianLaird, REML}).Draw(t, "estimator"), m, groups))
		if !(s.Between >= 0) || !(s.I2 >= 0) || s.I2 > 1 {
			t.Fatalf("%+v", s)
		}
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
	_, err = ShrinkBy("hedges", surveys.NPS, []surveys.Counts{npsCounts(1, 2, 3)})
	refusedFor(t, err, "estimator")
}

// TestShrinkOneGiant: one group of billions beside a few answers leaves numbers.
func TestShrinkOneGiant(t *testing.T) {
	t.Parallel()
	for _, giant := range []int64{3477736917, maxAnswers - 100} {
		groups := []surveys.Counts{npsCounts(2, 25, giant), npsCounts(1, 2, 3), npsCounts(4, 0, 1)}
		for _, estimator := range []Estimator{PauleMandel, DerSimonianLaird, REML} {
			s := golden.Must(ShrinkBy(estimator, surveys.NPS, groups))
			if !(s.Between >= 0 && s.Between < 1e5 && s.I2 >= 0 && s.I2 <= 1 && math.Abs(s.Values[0]-100) < 1e-3) {
				t.Errorf("%s beside %d: %+v", estimator, giant, s)
			}
		}
	}
}
