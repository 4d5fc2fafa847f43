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
	I2        float64   // share of the variation between groups that is not chance, 0…1 (Higgins & Thompson 2002)
	Values    []float64 // the shrunk scores, in the order of the groups
}

// Estimator names how the variance between groups is estimated.
type Estimator string

// The estimators of τ². They differ little where groups are many.
const (
	// PauleMandel, the default, solves Σ(y−μ)²/(v+τ²) = k−1 (Paule & Mandel 1982).
	PauleMandel Estimator = "paule-mandel"
	// DerSimonianLaird is (Q − k + 1)/(Σw − Σw²/Σw) with w = 1/v, in one step (1986);
	// too small where groups differ much.
	DerSimonianLaird Estimator = "dersimonian-laird"
	// REML maximises the restricted likelihood.
	REML Estimator = "reml"
)

// Shrink pools the groups' scores by empirical Bayes, the right basis for a
// ranking: a small group's extreme score is mostly noise and moves to the mean.
//
// With y and v each group's adjusted score and its variance, τ² by [PauleMandel],
// w = 1/(v+τ²), μ = Σwy/Σw, and shrunk = μ + τ²/(τ²+v)·(y−μ). Groups without an
// answer get μ. No group with an answer is refused.
func Shrink(m surveys.Metric, groups []surveys.Counts) (Shrinkage, error) {
	return ShrinkBy(PauleMandel, m, groups)
}

// ShrinkBy is [Shrink] with an estimator of the caller's choice.
func ShrinkBy(estimator Estimator, m surveys.Metric, groups []surveys.Counts) (Shrinkage, error) {
	between := map[Estimator]func(pool) float64{
		PauleMandel: pool.pauleMandel, DerSimonianLaird: pool.derSimonianLaird, REML: pool.reml,
	}[estimator]
	if between == nil {
		return Shrinkage{}, Refuse("estimator", "%q is not one of %v", string(estimator), []Estimator{PauleMandel, DerSimonianLaird, REML})
	}
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
		return Shrinkage{}, Refuse("counts", "no answers")
	}
	return shrinkBy(between, table), nil
}

// shrink is Shrink for groups of which at least one has an answer.
func shrink(groups []bands) Shrinkage { return shrinkBy(pool.pauleMandel, groups) }

func shrinkBy(between func(pool) float64, groups []bands) Shrinkage {
	p := pool{y: make([]float64, 0, len(groups)), v: make([]float64, 0, len(groups))}
	for _, g := range groups {
		if g.n() > 0 {
			y, v := g.adjusted()
			p.y, p.v = append(p.y, y), append(p.v, v)
		}
	}
	s := Shrinkage{Values: make([]float64, len(groups))}
	if len(p.y) > 1 { // one group says nothing about differences; rounding must not
		s.Between = between(p)
	}
	_, s.Q, _ = p.at(0)
	s.I2 = p.inconsistency(s.Between)
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
	enough := func(tau2 float64) bool {
		_, q, _ := p.at(tau2)
		return q <= target
	}
	if enough(0) {
		return 0
	}
	low, high := 0.0, 1.0
	for !enough(high) {
		low, high = high, 2*high
	}
	return bisect(low, high, 0, enough)
}

// sums returns of the weights for one τ² their sum Σw, the spread Σw − Σw²/Σw, and
// the information Σw² − 2Σw³/Σw + (Σw²/Σw)². The latter two are summed from parts that
// are not below zero: where one group weighs a billion times as much as the others
// the differences would leave nothing.
func (p pool) sums(tau2 float64) (weight, spread, information float64) {
	var squares float64
	for _, v := range p.v {
		w := 1 / (v + tau2)
		weight += w
		squares += w * w
	}
	for _, v := range p.v {
		w := 1 / (v + tau2)
		share, rest := w/weight, (weight-w)/weight
		spread += w * rest
		information += w*w*rest*rest + share*share*(squares-w*w)
	}
	return weight, spread, information
}

// derSimonianLaird is the moment estimate, not under 0.
func (p pool) derSimonianLaird() float64 {
	_, q, _ := p.at(0)
	_, spread, _ := p.sums(0)
	return math.Max(0, (q-float64(len(p.y)-1))/spread)
}

// reml climbs the restricted likelihood by Fisher's scoring from the moment
// estimate: τ² + (Σw²(y−μ)² − Σw + Σw²/Σw)/(Σw² − 2Σw³/Σw + (Σw²/Σw)²), not under 0.
func (p pool) reml() float64 {
	tau2 := p.derSimonianLaird()
	for range 500 {
		mean, _, _ := p.at(tau2)
		_, spread, information := p.sums(tau2)
		var squares float64
		for i, y := range p.y {
			d := (y - mean) / (p.v[i] + tau2)
			squares += d * d
		}
		next := math.Max(0, tau2+(squares-spread)/information)
		if math.Abs(next-tau2) <= 1e-12*math.Max(1, tau2) {
			return next
		}
		tau2 = next
	}
	return tau2
}

// inconsistency is τ² over τ² and the groups' typical variance.
func (p pool) inconsistency(tau2 float64) float64 {
	if tau2 == 0 {
		return 0
	}
	_, spread, _ := p.sums(0)
	return tau2 / (tau2 + float64(len(p.y)-1)/spread)
}
