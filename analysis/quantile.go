package analysis

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// zFor is the two-sided normal quantile of a confidence level: 1.96 for 0.95.
func zFor(confidence float64) float64 {
	return math.Sqrt2 * math.Erfinv(confidence)
}

// zPower is the one-sided normal quantile of a power: 0.84 for 0.8.
func zPower(power float64) float64 {
	return math.Sqrt2 * math.Erfinv(2*power-1)
}

// twoSided is the p-value of a normal z, for either direction. Erfc keeps its
// precision far in the tail, where 1−Φ would have none.
func twoSided(z float64) float64 {
	return math.Erfc(math.Abs(z) / math.Sqrt2)
}

// tFor is the two-sided quantile of Student's t with df degrees of freedom.
func tFor(confidence, df float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile((1 + confidence) / 2)
}

// chiSquareTail is P(χ² > x) with df degrees of freedom.
func chiSquareTail(x float64, df int) float64 {
	if df < 1 || x <= 0 {
		return 1
	}
	return mathext.GammaIncRegComp(float64(df)/2, x/2)
}
