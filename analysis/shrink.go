package analysis

import (
	"math"

	"github.com/harkhq/hark/surveys"
)

// Shrinkage is the result of partial pooling: what each group's score would
// most likely be, given how much the groups really differ.
type Shrinkage struct {
	Mean      float64   // μ, the precision-weighted mean of the groups
	MeanError float64   // its standard error
	Between   float64   // τ², the variance between groups, in points²; 0: no real differences seen
	Q         float64   // Cochran's Q, the heterogeneity at τ² = 0
	Values    []float64 // the shrunk scores, in the order of the groups
}

// Shrink pools the groups' scores by empirical Bayes, the right basis for a
// ranking: a small group's extreme score is mostly noise and moves to the mean.
//
// With y and v each group's adjusted score and its variance, τ² solves
// Σ(y−μ)²/(v+τ²) = k−1 (Paule & Mandel 1982), w = 1/(v+τ²), μ = Σwy/Σw, and
// shrunk = μ + τ²/(τ²+v)·(y−μ). Groups without an answer get μ. No group with an
// answer is refused.
func Shrink(m surveys.Metric, groups []surveys.Counts) (Shrinkage, error) {
	if err := checkCounts(m, groups...); err != nil {
		return Shrinkage{}, err
	}
	table := make([]bands, len(groups))
	answers := int64(0)
	for i := range groups {
		table[i] = bandsOf(m.Scale(), groups[i])
		answers += table[i].n()
	}
	if answers == 0 {
		return Shrinkage{}, refuse("counts", "no answers")
	}
	return shrink(table), nil
}

// shrink is Shrink for groups of which at least one has an answer.
func shrink(groups []bands) Shrinkage {
	p := pool{y: make([]float64, 0, len(groups)), v: make([]float64, 0, len(groups))}
	for _, g := range groups {
		if g.n() > 0 {
			y, v := g.adjusted()
			p.y, p.v = append(p.y, y), append(p.v, v)
		}
	}
	s := Shrinkage{Between: p.pauleMandel(), Values: make([]float64, len(groups))}
	_, s.Q, _ = p.at(0)
	var weight float64
	s.Mean, _, weight = p.at(s.Between)
	s.MeanError = math.Sqrt(1 / weight)
	i := 0
	for g := range groups {
		s.Values[g] = s.Mean
		if groups[g].n() > 0 {
			s.Values[g] += s.Between / (s.Between + p.v[i]) * (p.y[i] - s.Mean)
			i++
		}
	}
	return s
}

// pool holds scores y and their variances v, all positive.
type pool struct{ y, v []float64 }

// at returns the weighted mean, the generalised Q and the sum of the weights
// for one τ².
func (p pool) at(tau2 float64) (mean, q, weight float64) {
	var sum float64
	for i, y := range p.y {
		w := 1 / (p.v[i] + tau2)
		weight += w
		sum += w * y
	}
	mean = sum / weight
	for i, y := range p.y {
		q += (y - mean) * (y - mean) / (p.v[i] + tau2)
	}
	return mean, q, weight
}

// pauleMandel finds τ² ≥ 0 with Q(τ²) = k−1. Q falls as τ² grows, so bisection
// cannot miss; it stops at the precision of a float.
func (p pool) pauleMandel() float64 {
	target := float64(len(p.y) - 1)
	if _, q, _ := p.at(0); q <= target {
		return 0
	}
	low, high := 0.0, 1.0
	for _, q, _ := p.at(high); q > target; _, q, _ = p.at(high) {
		low, high = high, 2*high
	}
	for range 200 {
		mid := (low + high) / 2
		if mid <= low || mid >= high {
			break
		}
		if _, q, _ := p.at(mid); q > target {
			low = mid
		} else {
			high = mid
		}
	}
	return (low + high) / 2
}
