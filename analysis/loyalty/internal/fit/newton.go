package fit

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/harkhq/hark/analysis"
)

// Point is a log-likelihood at some coefficients: its value, its gradient, and
// its information, the matrix of second derivatives with the sign turned.
type Point struct {
	LogLikelihood float64
	Gradient      []float64
	Information   *mat.SymDense
}

// Likelihood computes a point; the coefficients are those of the scaled columns.
type Likelihood func(beta []float64) Point

// Maximum is where the likelihood is greatest.
type Maximum struct {
	Beta       []float64
	Covariance *mat.SymDense // the inverse of the information there
	Start, End float64       // log-likelihood at zero and at the maximum
}

const (
	maxSteps = 50
	// farAway is a coefficient of a column of variance 1 that no data have: e^25
	// in odds per standard deviation. Only separated outcomes go there.
	farAway = 25
	// unknown is a standard error of such a coefficient that says nothing: where
	// one value of a feature has one outcome alone, the likelihood goes flat long
	// before the coefficient has run away.
	unknown = 50
)

// Maximise runs Newton's method from zero, halving a step that does not climb.
// A likelihood without a maximum is refused as [Separated].
func Maximise(features int, at Likelihood) (Maximum, error) {
	beta := make([]float64, features)
	now := at(beta)
	m := Maximum{Start: now.LogLikelihood}
	for range maxSteps {
		var chol mat.Cholesky
		if !chol.Factorize(now.Information) {
			return Maximum{}, separated()
		}
		var step mat.VecDense
		gradient := mat.NewVecDense(features, now.Gradient)
		if err := chol.SolveVecTo(&step, gradient); err != nil {
			return Maximum{}, separated()
		}
		gain := mat.Dot(gradient, &step) // twice what a quadratic would still gain
		next, p := climb(at, beta, now, step.RawVector().Data)
		beta, now = next, p
		for _, b := range beta {
			if !(math.Abs(b) < farAway) {
				return Maximum{}, separated()
			}
		}
		if gain < 1e-18*math.Max(1, math.Abs(now.LogLikelihood)) {
			return m.end(beta, now)
		}
	}
	return Maximum{}, separated()
}

func separated() error { return &analysis.Refusal{Reason: Separated, Have: 0, Need: 1} }

// climb takes the step, or the largest half, quarter … of it that does not go
// down; none that small that it would not matter.
func climb(at Likelihood, beta []float64, from Point, step []float64) ([]float64, Point) {
	next := make([]float64, len(beta))
	for size := 1.0; size > 1e-9; size /= 2 {
		for j := range beta {
			next[j] = beta[j] + size*step[j]
		}
		// Rounding may lower the top by its own size.
		slack := 1e-13 * math.Abs(from.LogLikelihood)
		if p := at(next); p.LogLikelihood >= from.LogLikelihood-slack {
			return next, p
		}
	}
	return beta, from
}

// end inverts the information at the maximum.
func (m Maximum) end(beta []float64, at Point) (Maximum, error) {
	var chol mat.Cholesky
	if !chol.Factorize(at.Information) {
		return Maximum{}, separated()
	}
	m.Covariance = mat.NewSymDense(len(beta), nil)
	if err := chol.InverseTo(m.Covariance); err != nil {
		return Maximum{}, separated()
	}
	for j := range beta {
		if !(m.Covariance.At(j, j) < unknown*unknown) {
			return Maximum{}, separated()
		}
	}
	m.Beta, m.End = beta, at.LogLikelihood
	return m, nil
}
