package analysis

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

func TestWeighMatchesReference(t *testing.T) {
	t.Parallel()
	weigh := func(cells []Cell, margins ...Margin) Weighted {
		w, err := Rake(margins, cells, Trim{})
		if err != nil {
			t.Fatal(err)
		}
		s := golden.Must(Weigh(surveys.NPS, cells, w.Values, 0.95))
		golden.Near(t, "effective", s.Effective, w.Effective, 1e-9)
		golden.Near(t, "design effect", s.DesignEffect, w.DesignEffect, 1e-12)
		return s
	}
	raked := weigh(rakingCells(t, "age", "region"), ageMargin(), regionMargin())
	byAge := weigh(rakingCells(t, "age"), ageMargin()) // one margin is post-stratification
	got := map[string]float64{
		"n": float64(raked.N), "unweighted_nps": raked.Unweighted.Score, "raked_nps": raked.Score,
		"kish_neff": raked.Effective, "deff_kish": raked.DesignEffect, "se_kish_approx": raked.Error,
		"se_linearised_weights_fixed": raked.Linearised, "se_survey_rake": raked.Calibrated,
		"poststrat_age_nps": byAge.Score, "poststrat_age_se": byAge.Calibrated,
	}
	for quantity, want := range results(t, "raking_result.csv") {
		value, ok := got[quantity]
		if !ok {
			t.Errorf("%q is not tested", quantity)
		}
		golden.Near(t, quantity, value, want, 1e-8)
	}
}

// drawCells draws cells of two keys.
func drawCells(t *rapid.T, m surveys.Metric) []Cell {
	var cells []Cell
	for _, plan := range []string{"free", "paid"} {
		for _, land := range []string{"here", "there", "elsewhere"} {
			cells = append(cells, Cell{Values: []string{plan, land}, Counts: drawCounts(t, m, 1)})
		}
	}
	return cells
}

// TestEqualWeightsAreNone: any one weight for all is no weight.
func TestEqualWeightsAreNone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		cells := drawCells(t, m)
		weight := rapid.Float64Range(1e-9, 1e9).Draw(t, "weight")
		weights := make([]float64, len(cells))
		var all surveys.Counts
		for i := range cells {
			weights[i] = weight
			cells[i].Values = nil
			all.Add(cells[i].Counts)
		}
		s, plain := golden.Must(Weigh(m, cells, weights, 0.9)), golden.Must(Score(m, all, 0.9))
		n := float64(plain.N)
		error := math.Sqrt(bandsOf(m.Scale(), all).variance() / n)
		for what, pair := range map[string][2]float64{
			"score": {s.Score, plain.Score}, "mean": {s.Mean, plain.Mean}, "effective": {s.Effective, n},
			"low": {s.Interval.Low, plain.Interval.Low}, "high": {s.Interval.High, plain.Interval.High},
			"Kish": {s.Error, error}, "linearised": {s.Linearised, error * math.Sqrt(n/(n-1))}, "calibrated": {s.Calibrated, s.Linearised},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-6*math.Max(1, math.Abs(pair[1])) {
				t.Fatalf("%s = %v, without weights %v", what, pair[0], pair[1])
			}
		}
		if s.Unweighted.Score != plain.Score || s.Unweighted.Interval != plain.Interval {
			t.Fatalf("unweighted %+v, want %+v", s.Unweighted, plain)
		}
	})
}

// TestWeighOfRows: the errors are what the formulas give row by row.
func TestWeighOfRows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		cells := drawCells(t, m)
		weights := make([]float64, len(cells))
		var w, x []float64
		for i, c := range cells {
			weights[i] = rapid.Float64Range(0.1, 10).Draw(t, "weight")
			for score, k := range c.Counts {
				for range k {
					var one surveys.Counts
					one[score] = 1
					w, x = append(w, weights[i]), append(x, bandsOf(m.Scale(), one).score()/100)
				}
			}
		}
		s := golden.Must(Weigh(m, cells, weights, 0.95))
		var sum, squares, e, v, l float64
		for i := range w {
			sum, squares, e = sum+w[i], squares+w[i]*w[i], e+w[i]*x[i]
		}
		e /= sum
		for i := range w {
			d := x[i] - e
			v, l = v+w[i]*d*d, l+w[i]*w[i]*d*d
		}
		n := float64(len(w))
		for what, pair := range map[string][2]float64{
			"score": {s.Score, 100 * e}, "effective": {s.Effective, sum * sum / squares},
			"Kish": {s.Error, 100 * math.Sqrt(v/sum*squares) / sum}, "linearised": {s.Linearised, 100 * math.Sqrt(n/(n-1)*l) / sum},
		} {
			if math.Abs(pair[0]-pair[1]) > 1e-7*math.Max(1, math.Abs(pair[1])) {
				t.Fatalf("%s = %v, of rows %v", what, pair[0], pair[1])
			}
		}
		if s.Effective > n+1e-6 || s.Interval.Low >= s.Interval.High {
			t.Fatalf("%+v", s)
		}
	})
}

func TestWeighRefuses(t *testing.T) {
	t.Parallel()
	cell := Cell{Values: []string{"a"}, Counts: npsCounts(1, 2, 3)}
	cases := []struct {
		name       string
		metric     surveys.Metric
		cells      []Cell
		weights    []float64
		confidence float64
		field      string
	}{
		{"no metric", "happiness", []Cell{cell}, []float64{1}, 0.95, "metric"},
		{"a weight too few", surveys.NPS, []Cell{cell, cell}, []float64{1}, 0.95, "weights"},
		{"a weight of nothing", surveys.NPS, []Cell{cell}, []float64{0}, 0.95, "weights"},
		{"a weight that is no number", surveys.NPS, []Cell{cell}, []float64{math.NaN()}, 0.95, "weights"},
		{"an endless weight", surveys.NPS, []Cell{cell}, []float64{math.Inf(1)}, 0.95, "weights"},
		{"values of unequal length", surveys.NPS, []Cell{cell, {Counts: cell.Counts}}, []float64{1, 1}, 0.95, "cells"},
		{"a score off the scale", surveys.CES5, []Cell{cell}, []float64{1}, 0.95, "counts"},
		{"a confidence of 95", surveys.NPS, []Cell{cell}, []float64{1}, 95, "confidence"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Weigh(c.metric, c.cells, c.weights, c.confidence)
			refusedFor(t, err, c.field)
		})
	}
	for n, cells := range [][]Cell{nil, {{Counts: surveys.Counts{5: 1}}}} {
		var no *Refusal
		_, err := Weigh(surveys.NPS, cells, ones(len(cells)), 0.95)
		if !errors.As(err, &no) || no.Reason != TooFewAnswers || no.Have != float64(n) {
			t.Errorf("%d answers: %v", n, err)
		}
	}
}

func ones(n int) []float64 {
	weights := make([]float64, n)
	for i := range weights {
		weights[i] = 1
	}
	return weights
}

// TestUnanimousWeighted: where all agree the errors are 0, and the interval is
// not.
func TestUnanimousWeighted(t *testing.T) {
	t.Parallel()
	cells := []Cell{{Values: []string{"a"}, Counts: npsCounts(0, 0, 9)}, {Values: []string{"b"}, Counts: npsCounts(0, 0, 3)}}
	s := golden.Must(Weigh(surveys.NPS, cells, []float64{1, 4}, 0.95))
	if s.Error > 1e-6 || s.Linearised > 1e-6 || s.Calibrated > 1e-6 || s.Interval.High-s.Interval.Low < 20 {
		t.Errorf("%+v", s)
	}
}

// TestWeighedCovers: where those who answer are unlike the others, the raked
// interval keeps its word, and the plain one does not.
func TestWeighedCovers(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(21, 22))
	margins := []Margin{
		{Key: "since", Shares: map[string]float64{"new": 0.6, "old": 0.4}},
		{Key: "plan", Shares: map[string]float64{"free": 0.7, "paid": 0.3}},
	}
	// Of the population 42, 18, 28 and 12 % are in these; half as many of the new
	// answer as of the old. The truth is 0.42·0 + 0.18·20 + 0.28·40 + 0.12·60 = 22.
	groups := []struct {
		values []string
		answer float64
		good   float64 // promoters; 30 % are passive
	}{
		{[]string{"new", "free"}, 0.42 * 0.5, 0.35}, {[]string{"new", "paid"}, 0.18 * 0.5, 0.45},
		{[]string{"old", "free"}, 0.28, 0.55}, {[]string{"old", "paid"}, 0.12, 0.65},
	}
	const runs, truth = 1000, 22.0
	var weighted, plain int
	for range runs {
		cells := make([]Cell, len(groups))
		for range 300 {
			at, pick := 0, random.Float64()*0.7
			for at < 3 && pick >= groups[at].answer {
				pick -= groups[at].answer
				at++
			}
			score := 3
			if u := random.Float64(); u < groups[at].good {
				score = 10
			} else if u < groups[at].good+0.3 {
				score = 8
			}
			cells[at].Values = groups[at].values
			cells[at].Counts[score]++
		}
		w := golden.Must(Rake(margins, cells, Trim{}))
		s := golden.Must(Weigh(surveys.NPS, cells, w.Values, 0.95))
		weighted += covers(s.Interval, truth)
		plain += covers(s.Unweighted.Interval, truth)
	}
	t.Logf("coverage: weighted %.3f, plain %.3f", float64(weighted)/runs, float64(plain)/runs)
	if share := float64(weighted) / runs; share < 0.93 || share > 0.985 {
		t.Errorf("the weighted interval covers %.3f", share)
	}
	if share := float64(plain) / runs; share > 0.9 {
		t.Errorf("the plain interval covers %.3f, so nothing is tested", share)
	}
}

// covers counts 1 for an interval that holds the truth.
func covers(i Interval, truth float64) int {
	if i.Low <= truth && truth <= i.High {
		return 1
	}
	return 0
}

// TestWeighStaysFinite: however far apart the weights are.
func TestWeighStaysFinite(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := drawMetric(t)
		cells := drawCells(t, m)
		weights := make([]float64, len(cells))
		for i := range weights {
			weights[i] = math.Pow(10, rapid.Float64Range(-307, 307).Draw(t, "power"))
			if rapid.IntRange(0, 3).Draw(t, "empty") == 0 {
				cells[i].Counts = surveys.Counts{}
			}
		}
		s, err := Weigh(m, cells, weights, 0.95)
		var no *Refusal
		if err != nil && !errors.As(err, &no) {
			t.Fatal(err)
		}
		if sum := s.Score + s.Mean + s.Effective + s.Error + s.Linearised + s.Calibrated + s.Interval.Low + s.Interval.High; math.IsNaN(sum) || math.IsInf(sum, 0) {
			t.Fatalf("%+v", s)
		}
	})
}
