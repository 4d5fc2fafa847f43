package drivers

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
)

// The likelihood of three ordered bands splits into two logistic regressions
// with the same slopes, since with F the logistic function, a = ζ₁ − x·β and
// b = ζ₂ − x·β
//
//	P(bad) = F(a),  P(good) = 1 − F(b),
//	P(middle) = F(b) − F(a) = F(b)·(1 − F(a))·(1 − e^−(ζ₂−ζ₁)).
//
// Its logarithm is concave, so that Newton's method finds the one maximum.

// Newton's method: how many steps, how often a step is halved, and the size of a
// step, in standard deviations of a column, that means arrival.
const (
	maxSteps   = 60
	maxHalving = 40
	arrived    = 1e-8
)

// climb moves m.at to the maximum and returns the inverse of the information
// there, or else the index of the slope that would go on for ever. Where
// bands are separated each step is about as long as the one before, although the
// likelihood hardly gains; only the length of steps tells this from arrival.
func (m *oddsModel) climb() (covariance *mat.SymDense, stuck int) {
	here := m.logLik(m.at)
	farthest := 2
	for range maxSteps {
		gradient, information := m.slope()
		var cholesky mat.Cholesky
		var step mat.VecDense
		if !cholesky.Factorize(information) || cholesky.SolveVecTo(&step, mat.NewVecDense(len(gradient), gradient)) != nil {
			return nil, farthest
		}
		farthest = longest(step.RawVector().Data)
		if floats.Norm(step.RawVector().Data, math.Inf(1)) < arrived {
			covariance = mat.NewSymDense(len(gradient), nil)
			if cholesky.InverseTo(covariance) != nil {
				return nil, farthest
			}
			return covariance, -1
		}
		next, ok := m.advance(step.RawVector().Data, here)
		if !ok {
			return nil, farthest
		}
		here = next
	}
	return nil, farthest
}

// longest is the index of the step's longest part among the slopes.
func longest(step []float64) int {
	at := 2
	for i := 3; i < len(step); i++ {
		if math.Abs(step[i]) > math.Abs(step[at]) {
			at = i
		}
	}
	return at
}

// advance goes the step, or half, or a quarter … of it, so that the likelihood
// does not fall by more than rounding.
func (m *oddsModel) advance(step []float64, here float64) (float64, bool) {
	next := make([]float64, len(step))
	for range maxHalving {
		floats.AddTo(next, m.at, step)
		if reached := m.logLik(next); reached >= here-1e-12*math.Abs(here) {
			m.at = next
			return reached, true
		}
		floats.Scale(0.5, step)
	}
	return here, false
}

// logLik is the logarithm of the likelihood; −∞ where the thresholds cross.
func (m *oddsModel) logLik(at []float64) float64 {
	apart := at[1] - at[0]
	if !(apart > 0) {
		return math.Inf(-1)
	}
	sum := m.bands[1] * math.Log(-math.Expm1(-apart))
	for _, row := range m.rows {
		eta := floats.Dot(at[2:], row.x)
		a, b := at[0]-eta, at[1]-eta
		bad, middle, good := float64(row.bands[0]), float64(row.bands[1]), float64(row.bands[2])
		sum -= bad*softplus(-a) + middle*(softplus(-b)+softplus(a)) + good*softplus(b)
	}
	return sum
}

// nullLogLik is the logarithm of the likelihood of the bands' shares alone.
func (m *oddsModel) nullLogLik() float64 {
	var sum float64
	for _, n := range m.bands {
		sum += n * math.Log(n/float64(m.moments.n))
	}
	return sum
}

// slope returns the gradient of the log likelihood and the observed information,
// minus its second derivatives.
func (m *oddsModel) slope() ([]float64, *mat.SymDense) {
	k := len(m.at)
	gradient := make([]float64, k)
	information := mat.NewSymDense(k, nil)
	data := information.RawSymmetric().Data // upper triangle, k a row
	apart := m.at[1] - m.at[0]
	pull := m.bands[1] / math.Expm1(apart) // of the middle band on its thresholds
	gradient[0], gradient[1] = -pull, pull
	bend := pull / -math.Expm1(-apart)
	data[0], data[1], data[k+1] = bend, -bend, bend
	for _, row := range m.rows {
		eta := floats.Dot(m.at[2:], row.x)
		fa, fb := logistic(m.at[0]-eta), logistic(m.at[1]-eta)
		bad, middle, good := float64(row.bands[0]), float64(row.bands[1]), float64(row.bands[2])
		ga := bad*(1-fa) - middle*fa
		gb := middle*(1-fb) - good*fb
		wa, wb := (bad+middle)*fa*(1-fa), (middle+good)*fb*(1-fb)
		gradient[0] += ga
		gradient[1] += gb
		data[0] += wa
		data[k+1] += wb
		for i, v := range row.x {
			gradient[i+2] -= (ga + gb) * v
			data[i+2] -= wa * v
			data[k+i+2] -= wb * v
			floats.AddScaled(data[(i+2)*k+i+2:(i+3)*k], (wa+wb)*v, row.x[i:])
		}
	}
	return gradient, information
}

// softplus is ln(1 + e^x), without overflow.
func softplus(x float64) float64 {
	return max(0, x) + math.Log1p(math.Exp(-math.Abs(x)))
}
