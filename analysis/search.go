package analysis

import "math"

// root finds where a rising f crosses zero between low and high, to 10⁻¹⁰, by
// false position with the Illinois weights; where it does not, the nearer end.
func root(f func(float64) float64, low, high float64) float64 {
	below, above := f(low), f(high)
	switch {
	case below >= 0:
		return low
	case above <= 0:
		return high
	}
	at := low
	side := 0 // the end that moved last; one that stays twice gets half its weight
	for range 100 {
		next := low + (high-low)*below/(below-above)
		if math.Abs(next-at) <= 1e-10 {
			return next
		}
		at = next
		if y := f(at); y < 0 {
			low, below = at, y
			if side < 0 {
				above /= 2
			}
			side = -1
		} else {
			high, above = at, y
			if side > 0 {
				below /= 2
			}
			side = 1
		}
	}
	return at
}

// bisect narrows the way from in, where outside is false, to out, where it is
// true, down to a tolerance or to the precision of a float, and returns the middle.
func bisect(in, out, tolerance float64, outside func(float64) bool) float64 {
	for math.Abs(out-in) > tolerance {
		mid := (in + out) / 2
		if mid == in || mid == out {
			break
		}
		if outside(mid) {
			out = mid
		} else {
			in = mid
		}
	}
	return (in + out) / 2
}

// goldenSection finds the maximum of a function with one peak in [low, high], to a
// relative 1e-8.
func goldenSection(low, high float64, f func(float64) float64) float64 {
	const ratio = 0.6180339887498949
	a, b := high-ratio*(high-low), low+ratio*(high-low)
	fa, fb := f(a), f(b)
	for range 60 {
		if high-low <= 1e-8*high {
			break
		}
		if fa >= fb {
			high, b, fb = b, a, fa
			a = high - ratio*(high-low)
			fa = f(a)
		} else {
			low, a, fa = a, b, fb
			b = low + ratio*(high-low)
			fb = f(b)
		}
	}
	return (low + high) / 2
}
