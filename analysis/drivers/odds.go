package drivers

import (
	"cmp"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
)

// Why there are no odds, beside what [Importance] refuses.
const (
	EmptyBand       analysis.Reason = "empty_band"        // no score fell into the band Name: "bad", "middle" or "good"
	Separated       analysis.Reason = "separated"         // no overlap: the column Name, or a mixture with it, tells bands apart without error, and its odds have no limit
	TooManyPatterns analysis.Reason = "too_many_patterns" // more than [MaxPatterns] combinations of values
)

// Odds are the proportional-odds model of the bands bad < middle < good,
//
//	ln( P(Y ≤ j) / P(Y > j) ) = ζ(j) − x·β,
//
// in which a step of a column multiplies the odds of a better band by e^β,
// whichever band one starts from. It describes, and is not causal: see the
// package's comment.
type Odds struct {
	N             int64        `json:"n"`
	Terms         []Term       `json:"terms"`      // in the order of the columns
	Thresholds    [2]Threshold `json:"thresholds"` // ζ, between bad and middle, and between middle and good
	LogLikelihood float64      `json:"log_likelihood"`
	Deviance      float64      `json:"deviance"`  // −2·log likelihood
	PseudoR2      float64      `json:"pseudo_r2"` // McFadden (1974): 1 − log likelihood / that of no column at all

	// Proportional tests the assumption that gives the model its name. A small P
	// says that some ratio differs between the two cuts: read the ratios as means
	// of both then. Nil where one of the cuts is separated by itself.
	Proportional *CutsTest `json:"proportional"`
}

// Term is a column's effect, the others held equal.
type Term struct {
	Name     string            `json:"name"`
	Estimate float64           `json:"estimate"` // β, log odds for a step of one
	Error    float64           `json:"error"`    // its standard error
	P        float64           `json:"p"`        // two-sided, that β is zero
	Ratio    float64           `json:"ratio"`    // e^β, the odds ratio; at most the largest float
	Interval analysis.Interval `json:"interval"` // of Ratio, e^(β ± z·SE)
}

// Threshold is a cut between bands on the scale of x·β.
type Threshold struct {
	Estimate float64 `json:"estimate"`
	Error    float64 `json:"error"`
}

// ProportionalOdds fits the proportional-odds model (McCullagh 1980) by maximum
// likelihood, as R's polr does: Newton's method, whose standard errors are those
// of the observed information. The confidence is that of the ratios' intervals,
// e^(β ± z·SE); 0 means 0.95.
//
// It refuses fewer than ten rows a column, a band without a row, a column without
// variance, columns that are mixtures of others, and [Separated] bands, where no
// maximum exists and a program that does not look prints an arbitrary number.
func ProportionalOdds(p *Patterns, confidence float64) (Odds, error) {
	confidence = cmp.Or(confidence, 0.95)
	if err := analysis.CheckConfidence(confidence); err != nil {
		return Odds{}, err
	}
	if err := checkNames(p.names); err != nil {
		return Odds{}, err
	}
	if err := p.refusal(); err != nil {
		return Odds{}, err
	}
	m := newOddsModel(p)
	top, found := climb(m, m.start())
	if !found {
		return Odds{}, &analysis.Refusal{Reason: Separated, Have: 0, Need: 1, Name: p.names[longest(top.at[2:])]}
	}
	at, errors := m.unscale(top)
	o := Odds{N: m.moments.n, LogLikelihood: m.logLik(top.at), Proportional: brant(m.rows)}
	o.Deviance, o.PseudoR2 = -2*o.LogLikelihood, 1-o.LogLikelihood/m.logLik(m.start())
	for i := range o.Thresholds {
		o.Thresholds[i] = Threshold{Estimate: at[i], Error: errors[i]}
	}
	z := dist.Z(confidence)
	for i, name := range p.names {
		b, se := at[i+2], errors[i+2]
		o.Terms = append(o.Terms, Term{
			Name: name, Estimate: b, Error: se, P: dist.TwoSided(b / se), Ratio: dist.Exp(b),
			Interval: analysis.Interval{Low: dist.Exp(b - z*se), High: dist.Exp(b + z*se), Confidence: confidence, Method: analysis.Wald},
		})
	}
	return o, nil
}

// refusal returns why the patterns do not carry a fit, or nil.
func (p *Patterns) refusal() error {
	if p.excess {
		return &analysis.Refusal{Reason: TooManyPatterns, Have: MaxPatterns + 1, Need: MaxPatterns}
	}
	bands := p.bands()
	n, need := bands[0]+bands[1]+bands[2], int64(rowsPerColumn*len(p.names))
	if n < need {
		return &analysis.Refusal{Reason: analysis.TooFewAnswers, Have: float64(n), Need: float64(need)}
	}
	if empty := slices.Index(bands[:], 0); empty >= 0 {
		return &analysis.Refusal{Reason: EmptyBand, Have: 0, Need: 1, Name: [3]string{"bad", "middle", "good"}[empty]}
	}
	all := p.moments()
	order := make([]int, len(p.names))
	for i, name := range p.names {
		if order[i] = i; all.constant(i) {
			return &analysis.Refusal{Reason: ConstantColumn, Have: 1, Need: 2, Name: name}
		}
	}
	return all.correlate(order).collinear(p.names)
}
