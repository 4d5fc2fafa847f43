package survival

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/loyalty/internal/fit"
)

// Subject is one person of a regression: how long watched, how it ended, and the
// features as they were known when the watch began.
type Subject struct {
	Time    float64
	Outcome Outcome
	X       []float64
}

// Ties says how people who left at the same duration are treated.
type Ties string

// The treatments. Efron's is the default of R and the better one when durations
// are counted in whole days or months.
const (
	Efron   Ties = "efron"
	Breslow Ties = "breslow"
)

// Cox is a fitted proportional hazards model.
type Cox struct {
	Terms         []Hazard `json:"terms"`
	Ties          Ties     `json:"ties"`
	N             int      `json:"n"`
	Events        int      `json:"events"`
	LogLikelihood float64  `json:"log_likelihood"`
	Null          float64  `json:"null_log_likelihood"` // without any feature
	Concordance   float64  `json:"concordance"`         // share of pairs whose order the model tells; 0.5 is chance
}

// Hazard is what one more unit of a feature does to the risk of leaving.
type Hazard struct {
	Name        string  `json:"name"`
	Coefficient float64 `json:"coefficient"` // log of Ratio
	Ratio       float64 `json:"ratio"`       // the risk is multiplied by this; under 1 is better
	Low         float64 `json:"low"`         // of Ratio
	High        float64 `json:"high"`
	Error       float64 `json:"error"` // of Coefficient
	Z           float64 `json:"z"`
	P           float64 `json:"p"` // two-sided
}

// FitCox fits h(t|x) = h₀(t)·exp(β'x) by the partial likelihood (Cox 1972), at
// each duration with the tied leavers D out of those at risk R, d = |D|,
//
//	Σ_D β'x − Σ_{l<d} log(Σ_R e^{β'x} − (l/d)·Σ_D e^{β'x})
//
// after Efron (1977); Breslow leaves l/d out. The interval of a ratio is
// exp(β ± z·se). A ratio is an association, no effect: see the caveats of
// package risk. Under five leavers per feature, constant and collinear features,
// and outcomes without an error are refused.
func FitCox(names []string, subjects []Subject, ties Ties, confidence float64) (Cox, error) {
	if err := analysis.CheckConfidence(confidence); err != nil {
		return Cox{}, err
	}
	if ties != Efron && ties != Breslow {
		return Cox{}, analysis.Refuse("ties", "%q is neither %q nor %q", string(ties), Efron, Breslow)
	}
	ordered, err := latestFirst(subjects)
	if err != nil {
		return Cox{}, err
	}
	m := Cox{Ties: ties, N: len(subjects)}
	for _, s := range subjects {
		m.Events += int(s.Outcome)
	}
	if err := fit.CheckEvents(m.Events, len(names)); err != nil {
		return Cox{}, err
	}
	design, err := fit.NewDesign(names, len(ordered), func(i int) []float64 { return ordered[i].X })
	if err != nil {
		return Cox{}, err
	}
	partial := partial{subjects: ordered, design: design, ties: ties}
	top, err := fit.Maximise(len(names), partial.at)
	if err != nil {
		return Cox{}, err
	}
	m.LogLikelihood, m.Null = top.End, top.Start
	m.Concordance = concordance(ordered, design, top.Beta)
	for j, name := range names {
		m.Terms = append(m.Terms, hazard(name, top.Beta[j]/design.SD[j],
			math.Sqrt(top.Covariance.At(j, j))/design.SD[j], dist.Z(confidence)))
	}
	return m, nil
}

func hazard(name string, beta, se, z float64) Hazard {
	return Hazard{
		Name: name, Coefficient: beta, Error: se, Z: beta / se, P: dist.TwoSided(beta / se),
		Ratio: dist.Exp(beta), Low: dist.Exp(beta - z*se), High: dist.Exp(beta + z*se),
	}
}

// latestFirst checks the subjects and sorts a copy by duration, the longest
// first: so the people at risk grow as one reads on.
func latestFirst(subjects []Subject) ([]Subject, error) {
	for i, s := range subjects {
		if !(s.Time >= 0) || math.IsInf(s.Time, 1) {
			return nil, analysis.Refuse("duration", "%v of subject %d is not a time of 0 or more", s.Time, i)
		}
		if s.Outcome != Staying && s.Outcome != Left {
			return nil, analysis.Refuse("outcome", "%d of subject %d is neither Staying nor Left", s.Outcome, i)
		}
	}
	ordered := slices.Clone(subjects)
	slices.SortStableFunc(ordered, func(a, b Subject) int {
		switch {
		case a.Time > b.Time:
			return -1
		case a.Time < b.Time:
			return 1
		}
		return 0
	})
	return ordered, nil
}

// partial is the partial likelihood over subjects, longest first.
type partial struct {
	subjects []Subject
	design   *fit.Design
	ties     Ties
}

// sums are Σw, Σw·x and Σw·xx' over some subjects, w = e^{β'x}.
type sums struct {
	w  float64
	x  []float64
	xx []float64 // upper triangle, row by row
}

func newSums(p int) sums { return sums{x: make([]float64, p), xx: make([]float64, p*p)} }

func (s *sums) clear() {
	s.w = 0
	clear(s.x)
	clear(s.xx)
}

func (s *sums) add(w float64, x []float64) {
	s.w += w
	p := len(x)
	for j, v := range x {
		wv := w * v
		s.x[j] += wv
		row := s.xx[j*p : (j+1)*p]
		for k := j; k < p; k++ {
			row[k] += wv * x[k]
		}
	}
}

// at computes the likelihood's point at beta.
func (c partial) at(beta []float64) fit.Point {
	p := len(beta)
	point := fit.Point{Gradient: make([]float64, p), Information: mat.NewSymDense(p, nil)}
	risk, tied := newSums(p), newSums(p)
	for i := 0; i < len(c.subjects); {
		tied.clear()
		left, t := 0, c.subjects[i].Time
		for ; i < len(c.subjects) && c.subjects[i].Time == t; i++ {
			x := c.design.Row(i)
			linear := floats.Dot(beta, x)
			w := math.Exp(linear)
			risk.add(w, x)
			if c.subjects[i].Outcome == Left {
				left++
				point.LogLikelihood += linear
				for j, v := range x {
					point.Gradient[j] += v
				}
				tied.add(w, x)
			}
		}
		for l := range left {
			share := 0.0
			if c.ties == Efron {
				share = float64(l) / float64(left)
			}
			subtract(&point, risk, tied, share)
		}
	}
	return point
}

// subtract takes off one leaver's log Σ, with a share of the tied ones gone.
func subtract(point *fit.Point, risk, tied sums, share float64) {
	p := len(point.Gradient)
	w := risk.w - share*tied.w
	point.LogLikelihood -= math.Log(w)
	for j := range p {
		mean := (risk.x[j] - share*tied.x[j]) / w
		point.Gradient[j] -= mean
		for k := j; k < p; k++ {
			second := (risk.xx[j*p+k] - share*tied.xx[j*p+k]) / w
			other := (risk.x[k] - share*tied.x[k]) / w
			point.Information.SetSym(j, k, point.Information.At(j, k)+second-mean*other)
		}
	}
}
