package dist

import (
	"math"
	"testing"
)

// TestWilson checks against the table of Newcombe (1998), printed to four
// decimals.
func TestWilson(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ x, n, low, high float64 }{
		{81, 263, 0.2553, 0.3662},
		{15, 148, 0.0624, 0.1605},
		{0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718},
		{29, 29, 0.8830, 1},
	} {
		low, high := Wilson(c.x, c.n, Z(0.95))
		if math.Abs(low-c.low) > 5e-5 || math.Abs(high-c.high) > 5e-5 {
			t.Errorf("%g of %g: %.5f–%.5f, want %g–%g", c.x, c.n, low, high, c.low, c.high)
		}
	}
}
