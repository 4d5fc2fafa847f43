package risk

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/analysis/loyalty/internal/fit"
)

// Why a regression is refused.
const (
	TooFewEvents = fit.TooFewEvents // Have people who left (or stayed, if those are fewer) of Need
	Constant     = fit.Constant     // everybody has the same value of the feature Name
	Collinear    = fit.Collinear    // the feature Name follows from those before it
	Separated    = fit.Separated    // the features tell the outcomes apart without an error: no estimate exists
)

// Term is what one more unit of a feature does to the odds of leaving.
type Term struct {
	Name        string  `json:"name"`
	Coefficient float64 `json:"coefficient"` // log of Odds
	Error       float64 `json:"error"`
	Z           float64 `json:"z"`
	P           float64 `json:"p"`    // two-sided
	Odds        float64 `json:"odds"` // the odds are multiplied by this
	Low         float64 `json:"low"`  // of Odds
	High        float64 `json:"high"`
	Usual       float64 `json:"usual"` // the feature's mean
}

// Logit is a fitted logistic regression of who left within a horizon.
type Logit struct {
	Intercept     Term    `json:"intercept"`
	Terms         []Term  `json:"terms"`
	Days          int     `json:"days"` // the horizon
	N             int     `json:"n"`
	Lost          int     `json:"lost"`
	LogLikelihood float64 `json:"log_likelihood"`
	Null          float64 `json:"null_log_likelihood"` // of the base rate alone

	// How well the model tells the very people apart that it was fitted on: too
	// good by nature. What counts is a [Validation].
	AUC   float64 `json:"auc"`
	Brier float64 `json:"brier"`

	to analysis.Day // the end of the last risk period
	z  float64      // quantile of the intervals' confidence
}

// FitLogit fits ln(p/(1−p)) = β₀ + β'x by maximum likelihood (iteratively
// reweighted least squares, which is Newton's method for it); the interval of the
// odds is exp(β ± z·se). Under five people who left, or who stayed, for each
// feature, constant and collinear features and perfectly told outcomes are
// refused; so is a feature measured within the risk period, as an input error.
func FitLogit(s Sample, confidence float64) (Logit, error) {
	if err := s.check(); err != nil {
		return Logit{}, err
	}
	if err := analysis.CheckConfidence(confidence); err != nil {
		return Logit{}, err
	}
	lost := s.lost()
	if err := fit.CheckEvents(min(lost, len(s.Cases)-lost), len(s.Features)); err != nil {
		return Logit{}, err
	}
	design, err := fit.NewDesign(s.Features, len(s.Cases), func(i int) []float64 { return s.Cases[i].X })
	if err != nil {
		return Logit{}, err
	}
	top, err := fit.Maximise(len(s.Features)+1, func(beta []float64) fit.Point {
		return logitPoint(beta, s.Cases, design)
	})
	if err != nil {
		return Logit{}, err
	}
	m := Logit{N: len(s.Cases), Lost: lost, LogLikelihood: top.End, Null: nullLikelihood(lost, len(s.Cases))}
	m.Days = int(s.Cases[0].To - s.Cases[0].From)
	_, m.to = s.span()
	m.z = dist.Z(confidence)
	m.unscale(top, design)
	forecasts := m.forecasts(s.Cases)
	m.AUC, m.Brier = area(forecasts).value, brier(forecasts)
	return m, nil
}

// logitPoint is the likelihood at coefficients of the scaled features, the
// intercept first.
func logitPoint(beta []float64, cases []Case, design *fit.Design) fit.Point {
	p := len(beta)
	point := fit.Point{Gradient: make([]float64, p), Information: mat.NewSymDense(p, nil)}
	x := make([]float64, p)
	x[0] = 1
	for i := range cases {
		copy(x[1:], design.Row(i))
		linear := floats.Dot(beta, x)
		share := dist.Logistic(linear)
		residual := -share
		if cases[i].Lost {
			residual++
			point.LogLikelihood -= dist.Softplus(-linear)
		} else {
			point.LogLikelihood -= dist.Softplus(linear)
		}
		w := share * (1 - share)
		for j := range p {
			point.Gradient[j] += residual * x[j]
			for k := j; k < p; k++ {
				point.Information.SetSym(j, k, point.Information.At(j, k)+w*x[j]*x[k])
			}
		}
	}
	return point
}

// unscale brings the coefficients back to the features' own units.
func (m *Logit) unscale(top fit.Maximum, design *fit.Design) {
	shift := mat.NewVecDense(len(top.Beta), nil) // of the intercept
	shift.SetVec(0, 1)
	constant := top.Beta[0]
	for j, name := range design.Names {
		sd := design.SD[j]
		m.Terms = append(m.Terms, term(name, top.Beta[j+1]/sd, math.Sqrt(top.Covariance.At(j+1, j+1))/sd, m.z))
		m.Terms[j].Usual = design.Mean[j]
		constant -= top.Beta[j+1] * design.Mean[j] / sd
		shift.SetVec(j+1, -design.Mean[j]/sd)
	}
	m.Intercept = term("", constant, math.Sqrt(mat.Inner(shift, top.Covariance, shift)), m.z)
}

func term(name string, beta, se, z float64) Term {
	return Term{
		Name: name, Coefficient: beta, Error: se, Z: beta / se, P: dist.TwoSided(beta / se),
		Odds: dist.Exp(beta), Low: dist.Exp(beta - z*se), High: dist.Exp(beta + z*se),
	}
}

// linear is β₀ + β'x.
func (m Logit) linear(x []float64) float64 {
	sum := m.Intercept.Coefficient
	for j, t := range m.Terms {
		sum += t.Coefficient * x[j]
	}
	return sum
}

// base is the share that left of those the model was fitted on.
func (m Logit) base() float64 { return float64(m.Lost) / float64(m.N) }

// names of the features.
func (m Logit) names() []string {
	names := make([]string, len(m.Terms))
	for j, t := range m.Terms {
		names[j] = t.Name
	}
	return names
}

// Caveats are what must be said beside the model.
func (m Logit) Caveats() []loyalty.Caveat {
	return Caveats(m.names(), min(m.Lost, m.N-m.Lost))
}

// Caveats are what must be said beside any regression of leaving on features,
// given how many people left: this package's logit, or package survival's Cox.
func Caveats(features []string, lost int) []loyalty.Caveat {
	caveats := []loyalty.Caveat{loyalty.Association}
	if slices.Contains(features, ScoreFeature) && !slices.Contains(features, NoAnswerFeature) {
		caveats = append(caveats, loyalty.Unanswered)
	}
	if lost < 10*len(features) {
		caveats = append(caveats, loyalty.FewEvents)
	}
	return caveats
}

// nullLikelihood is that of the base rate, both outcomes being there.
func nullLikelihood(lost, n int) float64 {
	p := float64(lost) / float64(n)
	return float64(lost)*math.Log(p) + float64(n-lost)*math.Log1p(-p)
}
