package analysis

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestCUSUMMatchesReference(t *testing.T) {
	t.Parallel()
	charts := map[string]CUSUMChart{}
	for name, weeks := range weeklySeries(t) {
		// The reference did not divide z by Laney's factor, and never restarts.
		charts[name] = golden.Must(CUSUM(surveys.NPS, weeks, CUSUMOptions{Baseline: 20, Allowance: 0.5, Decision: 1e9, Inflation: 1}))
	}
	for _, r := range golden.Read(t, "trend_charts.csv") {
		chart := charts[r["series"]]
		golden.Near(t, "μ₀", chart.Level, r.Num(t, "mu0"), 1e-8)
		p := chart.Points[r.Int(t, "week")-1]
		if p.Empty != (r["n"] == "0") {
			t.Errorf("%s week %s: empty is %v", r["series"], r["week"], p.Empty)
		}
		if p.Empty {
			continue
		}
		golden.Near(t, "z", p.Z, r.Num(t, "z"), 1e-8)
		golden.Near(t, r["series"]+" fall", p.Fall, r.Num(t, "cusum_lo"), 1e-8)
		golden.Near(t, r["series"]+" rise", p.Rise, r.Num(t, "cusum_hi"), 1e-8)
	}
}

func TestCUSUMAlarms(t *testing.T) {
	t.Parallel()
	series := weeklySeries(t)
	alarms := func(name string) (points []CUSUMPoint, at []int) {
		points = golden.Must(CUSUM(surveys.NPS, series[name], DefaultCUSUM())).Points
		for i, p := range points {
			if p.Alarm != 0 {
				at = append(at, i)
			}
		}
		return points, at
	}
	if _, at := alarms("W1_stable_n20_60"); len(at) > 0 {
		t.Errorf("the stable series alarms in weeks %v", at)
	}
	points, at := alarms("W3_drop25_at_wk31_n20_60")
	if len(at) < 2 || at[0] < 30 || at[0] > 38 || points[at[0]].Alarm != -1 {
		t.Fatalf("a loss of 25 points from week 31 alarms in weeks %v", at)
	}
	if since := points[at[0]].Since; since < 28 || since > 32 {
		t.Errorf("its sum left zero in week %d", since+1)
	}
	if next := points[at[0]+1]; next.Fall > math.Max(0, -next.Z-0.5)+1e-12 {
		t.Errorf("after an alarm the sum goes on from %v", next.Fall)
	}
}

// TestCUSUMMirrors: of the mirrored answers the falls are the rises.
func TestCUSUMMirrors(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		weeks, mirrored := drawWeeks(t, 30), []surveys.Counts{}
		for _, c := range weeks {
			b := bandsOf(surveys.NPS.Scale(), c)
			mirrored = append(mirrored, npsCounts(b.good, b.mid, b.bad))
		}
		a, b := golden.Must(CUSUM(surveys.NPS, weeks, DefaultCUSUM())), golden.Must(CUSUM(surveys.NPS, mirrored, DefaultCUSUM()))
		for i, p := range a.Points {
			q := b.Points[i]
			if math.Abs(p.Fall-q.Rise) > 1e-9 || math.Abs(p.Rise-q.Fall) > 1e-9 || p.Fall < 0 || p.Alarm != -q.Alarm {
				t.Fatalf("week %d: %+v is not the mirror of %+v", i, p, q)
			}
		}
	})
}

// drawWeeks draws weeks of NPS answers, some of them empty, the first not.
func drawWeeks(t *rapid.T, weeks int) []surveys.Counts {
	drawn := make([]surveys.Counts, weeks)
	n := rapid.Int64Range(0, 40)
	for i := range drawn {
		if i == 0 || rapid.IntRange(0, 5).Draw(t, "kind") > 0 {
			drawn[i] = npsCounts(n.Draw(t, "bad"), n.Draw(t, "mid")+int64(1-min(i, 1)), n.Draw(t, "good"))
		}
	}
	return drawn
}

func TestCUSUMRefuses(t *testing.T) {
	t.Parallel()
	weeks := []surveys.Counts{npsCounts(1, 1, 1), npsCounts(1, 1, 1)}
	for _, c := range []struct {
		name, field string
		o           CUSUMOptions
	}{
		{"a baseline longer than the series", "baseline", CUSUMOptions{Baseline: 3, Allowance: 0.5, Decision: 5}},
		{"no decision", "decision", CUSUMOptions{Baseline: 1, Allowance: 0.5}},
		{"an allowance of NaN", "allowance", CUSUMOptions{Baseline: 1, Allowance: math.NaN(), Decision: 5}},
		{"an inflation below zero", "inflation", CUSUMOptions{Baseline: 1, Allowance: 0.5, Decision: 5, Inflation: -1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := CUSUM(surveys.NPS, weeks, c.o)
			refusedFor(t, err, c.field)
		})
	}
	_, err := CUSUM(surveys.NPS, make([]surveys.Counts, 30), DefaultCUSUM())
	refusedFor(t, err, "baseline")
}
