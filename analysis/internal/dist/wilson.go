package dist

import "math"

// Wilson returns the interval (Wilson 1927) of x successes in n > 0 trials,
// between 0 and 1:
// (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n).
func Wilson(x, n, z float64) (low, high float64) {
	p, zz := x/n, z*z
	centre := (p + zz/(2*n)) / (1 + zz/n)
	half := z * math.Sqrt(p*(1-p)/n+zz/(4*n*n)) / (1 + zz/n)
	// The ends are exact at 0 and n, and p lies between them; only rounding could
	// say otherwise.
	return min(p, math.Max(0, centre-half)), max(p, math.Min(1, centre+half))
}
