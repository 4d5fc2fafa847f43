package analysis

import (
	"errors"
	"math"
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
