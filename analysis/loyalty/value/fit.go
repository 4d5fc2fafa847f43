package value

import (
	"math"

	"gonum.org/v1/gonum/optimize"

	"github.com/harkhq/hark/analysis"
)

// Why a model is refused.
const (
	// TooFewRepeat: Have customers who bought again, of Need.
	TooFewRepeat analysis.Reason = "too_few_repeat"
	// NoConvergence: the likelihood has no top that could be found. Have is the
	// largest logarithm of a parameter, Need the most it may be.
	NoConvergence analysis.Reason = "no_convergence"
	// Dependent: who buys often spends otherwise, which Gamma–Gamma rules out.
	// Have is the correlation, Need the most it may be.
	Dependent analysis.Reason = "dependent"
	// NoMean: the fitted spending has no mean (q ≤ 1). Have is q, Need 1.
	NoMean analysis.Reason = "no_mean"
)

const (
	// minRepeat is the least number of customers who bought again that four
	// parameters are fitted to.
	minRepeat = 50
	// maxCorrelation of frequency and money, as the authors' own example has it.
	maxCorrelation = 0.3
	// maxLog is where a parameter has run away: e^12 is a population without
	// differences.
	maxLog = 12
)

// Purchasing is a fitted BG/NBD model. The likelihood is flat: quite different
// parameters predict alike, so judge it by LogLikelihood and by what it predicts
// ([Judge]), not by its parameters.
type Purchasing struct {
	BGNBD
	LogLikelihood float64 `json:"log_likelihood"`
	Customers     int64   `json:"customers"`
	Repeat        int64   `json:"repeat"` // of them, bought again
}

// FitBGNBD finds the parameters of greatest likelihood, by Nelder & Mead's (1965)
// simplex over their logarithms, started anew from where it stopped until that
// gains nothing. Under 50 customers who bought again, and a search without an
// end, are refused.
func FitBGNBD(c *Customers) (Purchasing, error) {
	list := sorted(c.times, compareTimes)
	fit := Purchasing{Customers: c.n}
	var age float64
	for _, k := range list {
		age += k.n * k.key.t / float64(c.n)
		if k.key.x > 0 {
			fit.Repeat += int64(k.n)
		}
	}
	if fit.Repeat < minRepeat {
		return Purchasing{}, &analysis.Refusal{Reason: TooFewRepeat, Name: "bg_nbd", Have: float64(fit.Repeat), Need: minRepeat}
	}
	// The unit of time is taken out, so that weeks and days search alike.
	model := func(log []float64) BGNBD {
		return BGNBD{R: math.Exp(log[0]), Alpha: age * math.Exp(log[1]), A: math.Exp(log[2]), B: math.Exp(log[3])}
	}
	log, top, err := climb("bg_nbd", make([]float64, 4), func(log []float64) float64 {
		return sumTimes(model(log), list)
	})
	if err != nil {
		return Purchasing{}, err
	}
	fit.BGNBD, fit.LogLikelihood = model(log), top
	return fit, nil
}

// sumTimes is the log-likelihood of all; the list is in order of x, whose gamma
// functions are the dear part.
func sumTimes(m BGNBD, list []weighted[times]) float64 {
	var sum, of float64
	last := int64(-1)
	for i := range list {
		k := &list[i]
		if k.key.x != last {
			last, of = k.key.x, m.logLikelihoodOf(k.key.x)
		}
		sum += k.n * (of + m.logLikelihoodAt(k.key))
	}
	return sum
}

// Spending is a fitted Gamma–Gamma model.
type Spending struct {
	GammaGamma
	LogLikelihood float64 `json:"log_likelihood"`
	Customers     int64   `json:"customers"`   // who bought again and spent something
	Correlation   float64 `json:"correlation"` // of how often and how much
}

// FitGammaGamma finds the parameters of greatest likelihood among the customers
// who bought again. Refused are under 50 of them, a correlation of how often and
// how much of 0.3 or more in either direction, spending without a mean, and a
// search without an end.
func FitGammaGamma(c *Customers) (Spending, error) {
	list := sorted(c.spends, compareSpends)
	fit := Spending{}
	var mean float64
	for _, k := range list {
		fit.Customers += int64(k.n)
		mean += k.n * k.key.mean
	}
	if fit.Customers < minRepeat {
		return Spending{}, &analysis.Refusal{Reason: TooFewRepeat, Name: "gamma_gamma", Have: float64(fit.Customers), Need: minRepeat}
	}
	mean /= float64(fit.Customers)
	fit.Correlation = correlation(list)
	if math.Abs(fit.Correlation) >= maxCorrelation {
		return Spending{}, &analysis.Refusal{Reason: Dependent, Name: "gamma_gamma", Have: fit.Correlation, Need: maxCorrelation}
	}
	model := func(log []float64) GammaGamma {
		return GammaGamma{P: math.Exp(log[0]), Q: math.Exp(log[1]), V: mean * math.Exp(log[2])}
	}
	log, top, err := climb("gamma_gamma", []float64{1, 1, 0}, func(log []float64) float64 {
		g, sum := model(log), 0.0
		for i := range list {
			sum += list[i].n * g.logLikelihood(list[i].key)
		}
		return sum
	})
	if err != nil {
		return Spending{}, err
	}
	fit.GammaGamma, fit.LogLikelihood = model(log), top
	if fit.Q <= 1 {
		return Spending{}, &analysis.Refusal{Reason: NoMean, Name: "gamma_gamma", Have: fit.Q, Need: 1}
	}
	return fit, nil
}

// climb searches the top of a log-likelihood over logarithms of parameters. A
// simplex may collapse before the top: it is set up anew there, smaller, until a
// run gains under 1e-7.
func climb(name string, start []float64, likelihood func([]float64) float64) ([]float64, float64, error) {
	problem := optimize.Problem{Func: func(log []float64) float64 {
		for _, v := range log {
			if math.Abs(v) > maxLog+1 {
				return math.Inf(1) // a wall beyond what is refused below
			}
		}
		if l := likelihood(log); !math.IsNaN(l) {
			return -l
		}
		return math.Inf(1)
	}}
	refusal := &analysis.Refusal{Reason: NoConvergence, Name: name, Need: maxLog}
	best, at := math.Inf(1), start
	const runs = 8
	for run := range runs {
		settings := &optimize.Settings{
			FuncEvaluations: 4000,
			Converger:       &optimize.FunctionConverge{Absolute: 1e-9, Relative: 1e-13, Iterations: 25},
		}
		method := &optimize.NelderMead{SimplexSize: 0.5 / float64(1+run)}
		found, err := optimize.Minimize(problem, at, settings, method)
		if err != nil || found.Status == optimize.FunctionEvaluationLimit || math.IsInf(found.F, 1) {
			return nil, 0, refusal
		}
		gained := best - found.F
		best, at = found.F, found.X
		for _, v := range at {
			refusal.Have = max(refusal.Have, math.Abs(v))
		}
		if refusal.Have > maxLog {
			return nil, 0, refusal
		}
		if gained < 1e-7 {
			return at, -best, nil
		}
	}
	return nil, 0, refusal
}
