package dist

import "math"

// Logistic is 1/(1+e^−x), the share whose log odds are x. It goes to 0 and 1
// without overflow.
func Logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Softplus is ln(1+e^x) = −ln(1−Logistic(x)), without overflow.
func Softplus(x float64) float64 {
	return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}
