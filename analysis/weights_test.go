package analysis

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// wide does not trim.
var wide = Trim{Low: 1e-9, High: 1e9}

func ageMargin() Margin {
	return Margin{Key: "age", Shares: map[string]float64{"18-34": 0.33, "35-54": 0.37, "55+": 0.30}}
}

func regionMargin() Margin {
	return Margin{Key: "region", Shares: map[string]float64{"N": 0.30, "S": 0.30, "E": 0.25, "W": 0.15}}
}

// rakingCells counts the rows of raking_input.csv by some of its columns.
func rakingCells(t *testing.T, columns ...string) []Cell {
	t.Helper()
	var cells []Cell
	for _, r := range golden.Read(t, "raking_input.csv") {
		values := make([]string, len(columns))
		for i, column := range columns {
			values[i] = r[column]
		}
		at := slices.IndexFunc(cells, func(c Cell) bool { return slices.Equal(c.Values, values) })
		if at < 0 {
			at = len(cells)
			cells = append(cells, Cell{Values: values})
		}
		cells[at].Counts[r.Int(t, "score")]++
	}
	return cells
}

func TestRakeMatchesReference(t *testing.T) {
	t.Parallel()
	cells := rakingCells(t, "age", "region")
	// The reference does not trim; none of its weights is outside the default.
	for _, trim := range []Trim{{}, wide} {
		w, err := Rake([]Margin{ageMargin(), regionMargin()}, cells, trim)
		if err != nil {
			t.Fatal(err)
		}
		rows := golden.Read(t, "raking_weights.csv")
		for _, r := range rows {
			at := slices.IndexFunc(cells, func(c Cell) bool { return c.Values[0] == r["age"] && c.Values[1] == r["region"] })
			if n := cells[at].Counts.N(); n != r.Int(t, "n") {
				t.Errorf("%v: n = %d, want %s", cells[at].Values, n, r["n"])
			}
			// Its weights start from N/n = 25, ours from 1.
			golden.Near(t, fmt.Sprint(cells[at].Values), 25*w.Values[at], r.Num(t, "weight"), 1e-8)
		}
		if len(rows) != len(cells) || w.Trimmed != 0 || w.Missed > 1e-12 {
			t.Errorf("%d cells, want %d; trimmed %d, missed %g", len(cells), len(rows), w.Trimmed, w.Missed)
		}
	}
}

func TestRakeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		share := rapid.Float64Range(0.1, 0.9)
		a, b := share.Draw(t, "a"), share.Draw(t, "b")
		margins := []Margin{
			{Key: "plan", Shares: map[string]float64{"free": a, "paid": 1 - a}},
			{Key: "land", Shares: map[string]float64{"here": b, "there": 1 - b}},
		}
		var cells []Cell
		for _, plan := range []string{"free", "paid"} {
			for _, land := range []string{"here", "there"} {
				cells = append(cells, Cell{Values: []string{plan, land}, Counts: drawCounts(t, surveys.NPS, 1)})
			}
		}
		exact := golden.Must(Rake(margins, cells, wide))
		trimmed := golden.Must(Rake(margins, cells, Trim{}))
		for name, w := range map[string]Weights{"exact": exact, "trimmed": trimmed} {
			var sum, n float64
			for i, c := range cells {
				sum += w.Values[i] * float64(c.Counts.N())
				n += float64(c.Counts.N())
			}
			if math.Abs(sum/n-1) > 1e-9 || w.DesignEffect < 1-1e-9 || math.Abs(w.Effective*w.DesignEffect-n) > 1e-6*n {
				t.Fatalf("%s: %+v of %v answers with a mean weight of %v", name, w, n, sum/n)
			}
		}
		if exact.Missed > 1e-9 || exact.Trimmed > 0 {
			t.Fatalf("not trimmed: %+v", exact)
		}
		if trimmed.Missed > 1e-9 && trimmed.Trimmed == 0 {
			t.Fatalf("missed without trimming: %+v", trimmed)
		}
	})
}

func TestRakeTrims(t *testing.T) {
	t.Parallel()
	cells := []Cell{{Values: []string{"new"}, Counts: npsCounts(0, 0, 10)}, {Values: []string{"old"}, Counts: npsCounts(990, 0, 0)}}
	margins := []Margin{{Key: "since", Shares: map[string]float64{"new": 0.5, "old": 0.5}}}
	exact, trimmed := golden.Must(Rake(margins, cells, wide)), golden.Must(Rake(margins, cells, Trim{}))
	golden.Near(t, "exact", exact.Values[0], 50, 1e-9)
	golden.Near(t, "exact, effective", exact.Effective, 1e6/(10*2500+990*0.5*0.5/0.99/0.99), 1e-6)
	if trimmed.Trimmed != 10 || trimmed.Values[0] > 6 || trimmed.Missed < 0.4 || trimmed.Effective < 10*exact.Effective {
		t.Errorf("trimmed: %+v", trimmed)
	}
}

func TestRakeRefuses(t *testing.T) {
	t.Parallel()
	good := []Cell{{Values: []string{"18-34"}, Counts: npsCounts(1, 1, 1)}, {Values: []string{"35-54"}, Counts: npsCounts(1, 1, 1)}, {Values: []string{"55+"}, Counts: npsCounts(1, 1, 1)}}
	with := func(shares map[string]float64) []Margin { return []Margin{{Key: "age", Shares: shares}} }
	negative := slices.Clone(good)
	negative[1].Counts = surveys.Counts{3: -1, 4: 2}
	cases := []struct {
		name    string
		margins []Margin
		cells   []Cell
		trim    Trim
		field   string
	}{
		{"no margin", nil, good, Trim{}, "margins"},
		{"shares over 1", with(map[string]float64{"18-34": 0.5, "35-54": 0.5, "55+": 0.5}), good, Trim{}, "margins"},
		{"percent for shares", with(map[string]float64{"18-34": 50, "35-54": 20, "55+": 30}), good, Trim{}, "margins"},
		{"a share of nothing", with(map[string]float64{"18-34": 0, "35-54": 0.5, "55+": 0.5}), good, Trim{}, "margins"},
		{"no number", with(map[string]float64{"18-34": math.NaN(), "35-54": 0.5, "55+": 0.5}), good, Trim{}, "margins"},
		{"an unknown value", with(map[string]float64{"18-34": 0.5, "35-54": 0.5}), good, Trim{}, "cells"},
		{"too few values", []Margin{ageMargin(), regionMargin()}, good, Trim{}, "cells"},
		{"a negative count", []Margin{ageMargin()}, negative, Trim{}, "cells"},
		{"bounds beside 1", []Margin{ageMargin()}, good, Trim{Low: 2, High: 3}, "trim"},
		{"bounds that are none", []Margin{ageMargin()}, good, Trim{Low: math.NaN()}, "trim"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Rake(c.margins, c.cells, c.trim)
			refusedFor(t, err, c.field)
		})
	}
}

// TestRakeSaysNo: input that is in order, but carries no weights.
func TestRakeSaysNo(t *testing.T) {
	t.Parallel()
	half := func(key string) Margin { return Margin{Key: key, Shares: map[string]float64{"a": 0.5, "b": 0.5}} }
	other := Margin{Key: "y", Shares: map[string]float64{"a": 0.2, "b": 0.8}}
	same := []Cell{{Values: []string{"a", "a"}, Counts: npsCounts(5, 5, 5)}, {Values: []string{"b", "b"}, Counts: npsCounts(5, 5, 5)}}
	cases := []struct {
		name    string
		margins []Margin
		cells   []Cell
		reason  Reason
		about   string
	}{
		{"nobody of 55+", []Margin{ageMargin()}, []Cell{{Values: []string{"18-34"}, Counts: npsCounts(1, 1, 1)}, {Values: []string{"35-54"}, Counts: npsCounts(1, 1, 1)}, {Values: []string{"55+"}}}, EmptyCell, "age=55+"},
		{"nobody at all", []Margin{half("x")}, nil, EmptyCell, "x=a"},
		{"two keys that are one, with other shares", []Margin{half("x"), other}, same, NotConverged, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := Rake(c.margins, c.cells, wide)
			var no *Refusal
			if !errors.As(err, &no) || no.Reason != c.reason || no.Name != c.about {
				t.Errorf("error = %v, want %s about %q", err, c.reason, c.about)
			}
		})
	}
}
