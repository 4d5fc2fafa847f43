package drivers

import (
	"math"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/harkhq/hark/analysis"
)

// correlations are those of k columns among themselves and with the outcome. A
// column or outcome without variance correlates with nothing, not even itself.
type correlations struct {
	k int
	x []float64 // k × k
	y []float64 // k
}

// correlate reads the correlations of the columns, in the given order.
func (m moments) correlate(order []int) correlations {
	k := len(order)
	c := correlations{k: k, x: make([]float64, k*k), y: make([]float64, k)}
	outcome := len(m.mean) - 1
	for i, a := range order {
		c.y[i] = m.correlation(outcome, a)
		for j, b := range order[:i+1] {
			r := m.correlation(a, b)
			c.x[i*k+j], c.x[j*k+i] = r, r
		}
	}
	return c
}

// correlation is that of two columns.
func (m moments) correlation(a, b int) float64 {
	if m.constant(a) || m.constant(b) {
		return 0
	}
	if a == b {
		return 1
	}
	product := m.products[max(a, b)*(max(a, b)+1)/2+min(a, b)] / float64(m.n)
	return max(-1, min(1, product/math.Sqrt(m.variance(a))/math.Sqrt(m.variance(b))))
}

// constant reports whether a column's values are all the same, to the digits
// that a float has for values of that size.
func (m moments) constant(column int) bool {
	spread, size := m.variance(column), m.mean[column]*m.mean[column]
	return spread <= 1e-20*size || spread < 1e-200
}

// collinear returns a Refusal that names the first column which is a mixture of
// earlier ones, and those; nil when there is none. Column by column, it is the
// Cholesky decomposition of the correlations.
func (c correlations) collinear(names []string) error {
	l := make([]float64, c.k*c.k)
	for i := range c.k {
		left := 1.0
		for j := range i {
			v := c.x[i*c.k+j]
			for m := range j {
				v -= l[i*c.k+m] * l[j*c.k+m]
			}
			v /= l[j*c.k+j]
			l[i*c.k+j] = v
			left -= v * v
		}
		if left < singular {
			mixed := strings.Join(append(c.mixture(l, i, names), names[i]), ", ")
			return &analysis.Refusal{Reason: Collinear, Have: max(0, left), Need: singular, Name: mixed}
		}
		l[i*c.k+i] = math.Sqrt(left)
	}
	return nil
}

// mixture names the columns before i that column i is made of: those with a
// coefficient that is not zero when it is regressed on all of them.
func (c correlations) mixture(l []float64, i int, names []string) []string {
	coefficient := make([]float64, i)
	for j := i - 1; j >= 0; j-- { // Lᵀb = the i-th row of L
		v := l[i*c.k+j]
		for m := j + 1; m < i; m++ {
			v -= l[m*c.k+j] * coefficient[m]
		}
		coefficient[j] = v / l[j*c.k+j]
	}
	var made []string
	for j, b := range coefficient {
		if math.Abs(b) > 1e-3 {
			made = append(made, names[j])
		}
	}
	return made
}

// regression is the least-squares fit of the standardised outcome.
type regression struct {
	r2      float64
	beta    []float64
	inverse []float64 // the diagonal of R⁻¹, the variance inflation factors
}

// regress solves R·β = r; false when the columns are collinear.
func (c correlations) regress() (regression, bool) {
	var cholesky mat.Cholesky
	if !cholesky.Factorize(mat.NewSymDense(c.k, c.x)) {
		return regression{}, false
	}
	var beta mat.VecDense
	var inverse mat.SymDense
	if cholesky.SolveVecTo(&beta, mat.NewVecDense(c.k, c.y)) != nil || cholesky.InverseTo(&inverse) != nil {
		return regression{}, false
	}
	r := regression{beta: make([]float64, c.k), inverse: make([]float64, c.k)}
	for i := range c.k {
		r.beta[i] = beta.AtVec(i)
		r.inverse[i] = inverse.At(i, i)
		r.r2 += r.beta[i] * c.y[i]
	}
	r.r2 = max(0, min(1, r.r2))
	return r, true
}
