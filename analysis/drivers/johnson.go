package drivers

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// johnson gives each column its relative weight (Johnson 2000): the columns are
// replaced by the uncorrelated ones nearest to them, Λ = R^½ the correlations
// between both, β* = Λ⁻¹·r the outcome's regression on those, and a column's part
// of R² is ε(j) = Σ_k Λ²(j,k)·β*²(k). False when the eigenvalues do not converge.
func johnson(c correlations) ([]float64, bool) {
	var eigen mat.EigenSym
	if !eigen.Factorize(mat.NewSymDense(c.k, c.x), true) {
		return nil, false
	}
	var vectors mat.Dense
	eigen.VectorsTo(&vectors)
	var root, inverse mat.Dense
	scaled := func(power float64) *mat.Dense {
		return powered(&vectors, eigen.Values(nil), power)
	}
	root.Mul(scaled(0.5), vectors.T())
	inverse.Mul(scaled(-0.5), vectors.T())
	var beta mat.VecDense
	beta.MulVec(&inverse, mat.NewVecDense(c.k, c.y))
	parts := make([]float64, c.k)
	for j := range parts {
		for k := range c.k {
			e := root.At(j, k) * beta.AtVec(k)
			parts[j] += e * e
		}
	}
	return parts, true
}

// powered multiplies each eigenvector by a power of its eigenvalue; directions
// without variance are dropped.
func powered(vectors *mat.Dense, values []float64, power float64) *mat.Dense {
	var out mat.Dense
	out.Apply(func(_, j int, v float64) float64 {
		if values[j] < singular {
			return 0
		}
		return v * math.Pow(values[j], power)
	}, vectors)
	return &out
}
