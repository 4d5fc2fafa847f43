// Package dist holds what the analysis and the packages below it share: quantiles
// and tail probabilities (normal, Student's t, χ²), the logistic function,
// Wilson's interval and Welch's test. Nothing else needs it.
package dist

import (
	"math"

	"gonum.org/v1/gonum/mathext"
	"gonum.org/v1/gonum/stat/distuv"
)

// Z is the two-sided normal quantile of a confidence level: 1.96 for 0.95.
func Z(confidence float64) float64 {
	return math.Sqrt2 * math.Erfinv(confidence)
}

// ZPower is the one-sided normal quantile of a power: 0.84 for 0.8.
func ZPower(power float64) float64 {
	return math.Sqrt2 * math.Erfinv(2*power-1)
}

// TwoSided is the p-value of a normal z, for either direction. Erfc keeps its
// precision far in the tail, where 1−Φ would have none.
func TwoSided(z float64) float64 {
	return math.Erfc(math.Abs(z) / math.Sqrt2)
}

// Normal is Φ(z), the share of a standard normal that lies below z.
func Normal(z float64) float64 { return 0.5 * math.Erfc(-z/math.Sqrt2) }

// T is the two-sided quantile of Student's t with df > 0 degrees of freedom.
func T(confidence, df float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: df}.Quantile((1 + confidence) / 2)
}

// TwoSidedT is the p-value of a t with df > 0 degrees of freedom, for either
// direction: the regularised incomplete beta I_{df/(df+t²)}(df/2, ½).
func TwoSidedT(t, df float64) float64 {
	return mathext.RegIncBeta(df/2, 0.5, df/(df+t*t))
}

// ChiSquareTail is P(χ² > x) with df degrees of freedom; 1 without any.
func ChiSquareTail(x float64, df int) float64 {
	if df < 1 || x <= 0 {
		return 1
	}
	return mathext.GammaIncRegComp(float64(df)/2, x/2)
}
