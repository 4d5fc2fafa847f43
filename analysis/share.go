package analysis

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/harkhq/hark/analysis/internal/dist"
)

// shareInterval is the interval of x good answers of n > 0, between 0 and 1.
func shareInterval(method Method, x, n, confidence float64) (low, high float64) {
	z := dist.Z(confidence)
	switch method {
	case WilsonCorrected:
		return wilsonCorrected(x, n, z)
	case AgrestiCoull:
		p := (x + z*z/2) / (n + z*z)
		half := z * math.Sqrt(p*(1-p)/(n+z*z))
		return p - half, p + half
	case Jeffreys:
		return betaInterval(x, n, 0.5, confidence)
	case ClopperPearson:
		return betaInterval(x, n, 0, confidence)
	}
	return dist.Wilson(x, n, z)
}

// wilsonCorrected is Wilson's interval for |x−np| lessened by ½, after Newcombe
// (1998), method 4; its ends are 0 at x = 0 and 1 at x = n.
func wilsonCorrected(x, n, z float64) (low, high float64) {
	p, zz := x/n, z*z
	root := func(sign float64) float64 {
		return z * math.Sqrt(math.Max(0, zz+2*sign-1/n+4*p*(n*(1-p)-sign)))
	}
	high = 1
	if x > 0 {
		low = math.Max(0, (2*x+zz-1-root(-1))/(2*(n+zz)))
	}
	if x < n {
		high = math.Min(1, (2*x+zz+1+root(1))/(2*(n+zz)))
	}
	return low, high
}

// betaInterval runs from the lower quantile of Beta(x+c, n−x+1−c) to the upper
// one of Beta(x+1−c, n−x+c): Jeffreys' interval with c = ½, Clopper and
// Pearson's with c = 0. Its ends are 0 at x = 0 and 1 at x = n.
func betaInterval(x, n, c, confidence float64) (low, high float64) {
	if math.Min(x, n-x) > 1e8 { // the beta is normal, and its function loses its digits
		return dist.Wilson(x, n, dist.Z(confidence))
	}
	tail := (1 - confidence) / 2
	high = 1
	if x > 0 {
		low = mathext.InvRegIncBeta(x+c, n-x+1-c, tail)
	}
	if x < n {
		// The upper quantile is the lower one of the share that is not good.
		high = 1 - mathext.InvRegIncBeta(n-x+c, x+1-c, tail)
	}
	return low, high
}
