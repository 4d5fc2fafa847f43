package drivers

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/harkhq/hark/analysis/internal/dist"
)

// The likelihood of three ordered bands splits into two logistic regressions
// with the same slopes, since with F the logistic function, a = ζ₁ − x·β and
// b = ζ₂ − x·β
//
//	P(bad) = F(a),  P(good) = 1 − F(b),
//	P(middle) = F(b) − F(a) = F(b)·(1 − F(a))·(1 − e^−(ζ₂−ζ₁)).
//
// Its logarithm is concave, so that Newton's method finds the one maximum.

// oddsModel is the likelihood of patterns. Its columns are standardised, which
// makes every step's length comparable; its parameters are both thresholds and
// then the slopes.
type oddsModel struct {
	rows    []pattern
	moments moments
	bands   [3]float64
}

// newOddsModel standardises the columns.
func newOddsModel(p *Patterns) *oddsModel {
	m := &oddsModel{moments: p.moments(), rows: make([]pattern, len(p.rows))}
	for i, row := range p.rows {
		x := make([]float64, len(row.x))
		for j, v := range row.x {
			x[j] = (v - m.moments.mean[j]) / math.Sqrt(m.moments.variance(j))
		}
		m.rows[i] = pattern{x: x, bands: row.bands}
	}
	for i, n := range p.bands() {
		m.bands[i] = float64(n)
	}
	return m
}

// start is where no column matters: the maximum for the thresholds alone.
func (m *oddsModel) start() []float64 {
	at := make([]float64, 2+len(m.rows[0].x))
	at[0] = math.Log(m.bands[0] / (m.bands[1] + m.bands[2]))
	at[1] = math.Log((m.bands[0] + m.bands[1]) / m.bands[2])
	return at
}

// unscale takes the estimates and their standard errors back to the columns'
// own units: β = b/s and ζ = z + Σ b·x̄/s.
func (m *oddsModel) unscale(top summit) (at, errors []float64) {
	k := len(top.at)
	back := mat.NewDense(k, k, nil)
	back.Set(0, 0, 1)
	back.Set(1, 1, 1)
	for j := 2; j < k; j++ {
		s := math.Sqrt(m.moments.variance(j - 2))
		back.Set(j, j, 1/s)
		back.Set(0, j, m.moments.mean[j-2]/s)
		back.Set(1, j, m.moments.mean[j-2]/s)
	}
	var estimates mat.VecDense
	var half, full mat.Dense
	estimates.MulVec(back, mat.NewVecDense(k, top.at))
	half.Mul(back, top.covariance)
	full.Mul(&half, back.T())
	at, errors = make([]float64, k), make([]float64, k)
	for i := range k {
		at[i], errors[i] = estimates.AtVec(i), math.Sqrt(full.At(i, i))
	}
	return at, errors
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
		sum -= bad*dist.Softplus(-a) + middle*(dist.Softplus(-b)+dist.Softplus(a)) + good*dist.Softplus(b)
	}
	return sum
}

// slope returns the gradient and the information, both thresholds first.
func (m *oddsModel) slope(at []float64) ([]float64, *mat.SymDense) {
	k := len(at)
	gradient := make([]float64, k)
	information := mat.NewSymDense(k, nil)
	data := information.RawSymmetric().Data // upper triangle, k a row
	apart := at[1] - at[0]
	pull := m.bands[1] / math.Expm1(apart) // of the middle band on its thresholds
	gradient[0], gradient[1] = -pull, pull
	bend := pull / -math.Expm1(-apart)
	data[0], data[1], data[k+1] = bend, -bend, bend
	for _, row := range m.rows {
		eta := floats.Dot(at[2:], row.x)
		fa, fb := dist.Logistic(at[0]-eta), dist.Logistic(at[1]-eta)
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
