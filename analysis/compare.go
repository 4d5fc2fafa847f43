package analysis

import (
	"math"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/surveys"
)

// Difference is a later or other score minus an earlier or reference one, with
// its sign kept.
type Difference struct {
	Difference float64 `json:"difference"` // of the raw scores: points, or percentage points
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Confidence float64 `json:"confidence"`
	Z          float64 `json:"z"`
	P          float64 `json:"p"` // two-sided
	Method     Method  `json:"method"`
	Exact      bool    `json:"-"` // P is that of [FisherExact], and not of Z
}

// Significant reports whether the interval excludes zero.
func (d Difference) Significant() bool { return d.Low > 0 || d.High < 0 }

// stretched is the difference with an interval so many times as wide.
func (d Difference) stretched(times float64) Difference {
	d.Low = d.Difference - times*(d.Difference-d.Low)
	d.High = d.Difference + times*(d.High-d.Difference)
	return d
}

// Compare tests two independent groups of answers, such as two periods, as
// b minus a.
//
// NPS: adjusted Wald, d = e′b − e′a, z = d/√(v′a/Na + v′b/Nb) after adding
// ¾, 1½, ¾ to each group (the test that MeasuringU publishes); Difference itself
// is the raw one, so that it agrees with the scores beside it. Shares: Newcombe's
// hybrid score interval and the pooled z; P is its, or that of [FisherExact] where
// fewer than five of a kind are to be expected in a group. Where everybody or
// nobody was good in both groups there is no evidence of a difference, and P is 1.
//
// People who answered in both groups make it conservative. A group without
// answers is refused.
func Compare(m surveys.Metric, a, b surveys.Counts, confidence float64) (Difference, error) {
	if err := checkCounts(m, a, b); err != nil {
		return Difference{}, err
	}
	if err := CheckConfidence(confidence); err != nil {
		return Difference{}, err
	}
	before, after := bandsOf(m.Scale(), a), bandsOf(m.Scale(), b)
	if before.n() == 0 || after.n() == 0 {
		return Difference{}, Refuse("counts", "a comparison needs answers on both sides")
	}
	return compare(before, after, confidence), nil
}

// compare is Compare for groups that both have answers.
func compare(a, b bands, confidence float64) Difference {
	if a.net {
		return compareNet(a, b, confidence)
	}
	return compareShares(a, b, confidence)
}

func compareNet(a, b bands, confidence float64) Difference {
	before, varBefore := a.adjusted()
	after, varAfter := b.adjusted()
	d, se := after-before, math.Sqrt(varBefore+varAfter)
	z := dist.Z(confidence)
	return Difference{
		Difference: b.score() - a.score(),
		Low:        d - z*se, High: d + z*se, Confidence: confidence,
		Z: d / se, P: dist.TwoSided(d / se), Method: AdjustedWald,
	}
}

func compareShares(a, b bands, confidence float64) Difference {
	z := dist.Z(confidence)
	xa, na, xb, nb := float64(a.good), float64(a.n()), float64(b.good), float64(b.n())
	pa, pb := xa/na, xb/nb
	la, ua := dist.Wilson(xa, na, z)
	lb, ub := dist.Wilson(xb, nb, z)
	d := pb - pa
	diff := Difference{
		Difference: 100 * d,
		Low:        100 * (d - math.Hypot(pb-lb, ua-pa)),
		High:       100 * (d + math.Hypot(ub-pb, pa-la)),
		Confidence: confidence, P: 1, Method: Newcombe,
	}
	pooled := (xa + xb) / (na + nb)
	if v := pooled * (1 - pooled) * (1/na + 1/nb); v > 0 {
		diff.Z = d / math.Sqrt(v)
		diff.P = dist.TwoSided(diff.Z)
		if small(a, b) && a.n()+b.n() <= maxExact {
			diff.P, diff.Exact = fisher(a, b), true
		}
	}
	return diff
}

// GlobalTest is Pearson's χ² test that all groups share one distribution over
// the bands. It comes before any scan of single groups.
type GlobalTest struct {
	ChiSquare float64 `json:"chi_square"`
	DF        int     `json:"df"`
	P         float64 `json:"p"`
}

// TestGroups runs the test on k groups × the metric's three bands. Groups and
// bands without an answer are left out; under two groups or two bands there is
// nothing to tell apart, and P is 1. The groups must not overlap.
func TestGroups(m surveys.Metric, groups []surveys.Counts) (GlobalTest, error) {
	if err := checkCounts(m, groups...); err != nil {
		return GlobalTest{}, err
	}
	table := make([]bands, len(groups))
	for i := range groups {
		table[i] = bandsOf(m.Scale(), groups[i])
	}
	return testGroups(table), nil
}

func testGroups(groups []bands) GlobalTest {
	var total bands
	rows := 0
	for _, g := range groups {
		total = total.add(g)
		if g.n() > 0 {
			rows++
		}
	}
	columns := 0
	for _, k := range []int64{total.bad, total.mid, total.good} {
		if k > 0 {
			columns++
		}
	}
	test := GlobalTest{DF: (rows - 1) * (columns - 1), P: 1}
	if rows < 2 || columns < 2 {
		return GlobalTest{P: 1}
	}
	cell := func(observed, column, row int64) {
		if row > 0 && column > 0 {
			expected := float64(column) * float64(row) / float64(total.n())
			d := float64(observed) - expected
			test.ChiSquare += d * d / expected
		}
	}
	for _, g := range groups {
		cell(g.bad, total.bad, g.n())
		cell(g.mid, total.mid, g.n())
		cell(g.good, total.good, g.n())
	}
	test.P = dist.ChiSquareTail(test.ChiSquare, test.DF)
	return test
}
