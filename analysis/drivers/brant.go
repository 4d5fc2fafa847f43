package drivers

import (
	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/harkhq/hark/analysis/internal/dist"
)

// CutsTest asks whether one ratio serves both cuts between the bands: Brant's
// (1990) χ² test that the slopes of the two are the same.
type CutsTest struct {
	ChiSquare float64 `json:"chi_square"`
	DF        int     `json:"df"`
	P         float64 `json:"p"`
}

// brant tests whether the slopes are the same at both cuts (Brant 1990): each cut
// is fitted by a logistic regression of its own, and with d the difference of
// their slopes χ² = dᵀ·V⁻¹·d, V = V₁₁ + V₂₂ − V₁₂ − V₁₂ᵀ, where
//
//	V(j,l) = (XᵀW(j,j)X)⁻¹ · XᵀW(j,l)X · (XᵀW(l,l)X)⁻¹
//
// and W(j,l) = π(l)·(1−π(j)), j ≤ l, is the covariance of being above either cut.
// Nil where a cut has no fit.
func brant(rows []pattern) *CutsTest {
	k := len(rows[0].x)
	lower, upper := cut{rows: rows}, cut{rows: rows, level: 1}
	low, ok := climb(lower, make([]float64, k+1))
	if !ok {
		return nil
	}
	high, ok := climb(upper, make([]float64, k+1))
	if !ok {
		return nil
	}
	between := mat.NewSymDense(k+1, nil)
	for _, row := range rows {
		add(between, row, row.n()*dist.Logistic(eta(high.at, row))*dist.Logistic(-eta(low.at, row)))
	}
	var half, cross mat.Dense
	half.Mul(low.covariance, between)
	cross.Mul(&half, high.covariance)
	v := mat.NewSymDense(k, nil)
	d := mat.NewVecDense(k, nil)
	for i := range k {
		d.SetVec(i, low.at[i+1]-high.at[i+1])
		for j := i; j < k; j++ {
			own := low.covariance.At(i+1, j+1) + high.covariance.At(i+1, j+1)
			v.SetSym(i, j, own-cross.At(i+1, j+1)-cross.At(j+1, i+1))
		}
	}
	var cholesky mat.Cholesky
	var solved mat.VecDense
	if !cholesky.Factorize(v) || cholesky.SolveVecTo(&solved, d) != nil {
		return nil
	}
	test := &CutsTest{ChiSquare: mat.Dot(d, &solved), DF: k}
	test.P = dist.ChiSquareTail(test.ChiSquare, k)
	return test
}

// cut is the logistic regression of being above a level, 0 or 1: its parameters
// are the intercept and the slopes.
type cut struct {
	rows  []pattern
	level int
}

// n is how many rows have the pattern.
func (p pattern) n() float64 { return float64(p.bands[0] + p.bands[1] + p.bands[2]) }

// above is how many of them are above the cut.
func (c cut) above(row pattern) float64 {
	if c.level == 0 {
		return float64(row.bands[1] + row.bands[2])
	}
	return float64(row.bands[2])
}

func eta(at []float64, row pattern) float64 { return at[0] + floats.Dot(at[1:], row.x) }

func (c cut) logLik(at []float64) float64 {
	var sum float64
	for _, row := range c.rows {
		above, e := c.above(row), eta(at, row)
		sum -= above*dist.Softplus(-e) + (row.n()-above)*dist.Softplus(e)
	}
	return sum
}

func (c cut) slope(at []float64) ([]float64, *mat.SymDense) {
	gradient := make([]float64, len(at))
	information := mat.NewSymDense(len(at), nil)
	for _, row := range c.rows {
		p := dist.Logistic(eta(at, row))
		g := c.above(row) - row.n()*p
		gradient[0] += g
		floats.AddScaled(gradient[1:], g, row.x)
		add(information, row, row.n()*p*(1-p))
	}
	return gradient, information
}

// add adds w·xxᵀ, with a one before x for the intercept.
func add(to *mat.SymDense, row pattern, w float64) {
	raw := to.RawSymmetric() // upper triangle
	raw.Data[0] += w
	floats.AddScaled(raw.Data[1:raw.N], w, row.x)
	for i, v := range row.x {
		at := (i + 1) * raw.Stride
		floats.AddScaled(raw.Data[at+i+1:at+raw.N], w*v, row.x[i:])
	}
}
