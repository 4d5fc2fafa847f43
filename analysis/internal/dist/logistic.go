package dist

import "math"

// Logistic is 1/(1+e^−x), the share whose log odds are x. It goes to 0 and 1
// without overflow.
func Logistic(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

// Exp is e^x, or the largest number there is where that is beyond all: odds by a
// unit that is huge beside how a feature varies must still be written as JSON.
func Exp(x float64) float64 { return math.Min(math.Exp(x), math.MaxFloat64) }

// Softplus is ln(1+e^x) = −ln(1−Logistic(x)), without overflow.
func Softplus(x float64) float64 {
	return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x)))
}
