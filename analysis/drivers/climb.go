package drivers

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// likelihood is a concave one, of parameters whose columns are standardised.
type likelihood interface {
	// logLik is its logarithm; −∞ where the parameters are impossible.
	logLik(at []float64) float64
	// slope returns the gradient of logLik and the observed information, minus its
	// second derivatives.
	slope(at []float64) ([]float64, *mat.SymDense)
}

// Newton's method: how many steps, how often a step is halved, the size of a
// step, in standard deviations of a column, that means arrival, and the condition
// of the information beyond which a step is made of rounding. Collinear columns,
// which are refused before, would be at 1e7, rare bands add some powers of ten,
// and a slope that runs away passes 1e13 after thirty steps.
const (
	maxSteps   = 60
	maxHalving = 40
	arrived    = 1e-8
	flat       = 1e13
)

// summit is where a likelihood is greatest.
type summit struct {
	at         []float64
	covariance *mat.SymDense // the inverse of the information there
}

// climb goes from start to the maximum; false where there is none, and at then
// is a step of the ascent that does not end. Where bands are separated each step
// is about as long as the one before, although the likelihood hardly gains; only
// the length of steps tells this from arrival.
func climb(l likelihood, start []float64) (summit, bool) {
	here, at := l.logLik(start), start
	direction := make([]float64, len(start))
	for range maxSteps {
		gradient, information := l.slope(at)
		var cholesky mat.Cholesky
		var step mat.VecDense
		if !cholesky.Factorize(information) || cholesky.Cond() > flat || cholesky.SolveVecTo(&step, mat.NewVecDense(len(gradient), gradient)) != nil {
			break
		}
		direction = step.RawVector().Data
		if floats.Norm(direction, math.Inf(1)) < arrived {
			covariance := mat.NewSymDense(len(gradient), nil)
			return summit{at: at, covariance: covariance}, cholesky.InverseTo(covariance) == nil
		}
		next := advance(l, at, direction, here)
		if next == nil {
			break
		}
		at, here = next, l.logLik(next)
	}
	return summit{at: direction}, false
}

// advance goes the step, or half, or a quarter … of it, so that the likelihood
// does not fall by more than rounding; nil where it always does.
func advance(l likelihood, at, step []float64, here float64) []float64 {
	for length, try := 1.0, 0; try < maxHalving; length, try = length/2, try+1 {
		next := floats.AddScaledTo(make([]float64, len(at)), at, length, step)
		if l.logLik(next) >= here-1e-12*math.Abs(here) {
			return next
		}
	}
	return nil
}

// longest is the index of the longest part.
func longest(step []float64) int {
	at := 0
	for i, v := range step {
		if math.Abs(v) > math.Abs(step[at]) {
			at = i
		}
	}
	return at
}
