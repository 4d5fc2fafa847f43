package dist

import (
	"math"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
)

// TestQuantiles checks against R's qnorm, qt and pchisq.
func TestQuantiles(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		got, want float64
	}{
		{"qnorm(.975)", Z(0.95), 1.959963984540054},
		{"qnorm(.995)", Z(0.99), 2.575829303548901},
		{"qnorm(.8)", ZPower(0.8), 0.8416212335729143},
		{"2·pnorm(−1.96)", TwoSided(1.96), 0.04999579029644087},
		{"qt(.95, 4)", T(0.9, 4), 2.13184678632665},
		{"qt(.975, 1)", T(0.95, 1), 12.7062047361747},
		{"qt(.975, 1000)", T(0.95, 1000), 1.9623390808264},
		{"pnorm(1)", Normal(1), 0.841344746068543},
		{"pnorm(−8)", Normal(-8), 6.22096057427178e-16},
		{"2·pt(−2, 5)", TwoSidedT(2, 5), 0.10193947882985},
		{"pchisq(3.841459, 1, lower = F)", ChiSquareTail(3.841458820694124, 1), 0.05},
		{"χ² of nothing", ChiSquareTail(5, 0), 1},
	}
	for _, c := range cases {
		golden.Near(t, c.name, c.got, c.want, 1e-12)
	}
	// With four degrees of freedom the distribution function has a closed form,
	// ½ + ¾(u − u³/3), u = t/√(t²+4): it settles which of two quantiles is right.
	q := T(0.9, 4)
	u := q / math.Sqrt(q*q+4)
	golden.Near(t, "F₄(q)", 0.5+0.75*(u-u*u*u/3), 0.95, 1e-14)
	// Far in the tail a p-value still has its digits.
	if got, want := TwoSided(-10), 1.523970604832105e-23; got < want*(1-1e-9) || got > want*(1+1e-9) {
		t.Errorf("TwoSided(−10) = %g, want %g", got, want)
	}
}
