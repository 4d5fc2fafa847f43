package analysis

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/harkhq/hark/analysis/internal/dist"
)

// posterior is what a Dirichlet(½,½,½) prior and the answers say about P−D. With
// C the share of passives and R the promoters' share of the others,
//
//	C ~ Beta(pas+½, pro+det+1) and R ~ Beta(pro+½, det+½) are independent,
//
// and P−D = (1−C)(2R−1), so that one integral over C gives any probability.
type posterior struct {
	good, mid, bad float64 // the Dirichlet's parameters
	logBeta        float64 // ln B of C
	mean           float64 // of C
	from, to       float64 // between which C lies
}

func newPosterior(a mass) posterior {
	p := posterior{good: a.good + 0.5, mid: a.mid + 0.5, bad: a.bad + 0.5}
	others := p.good + p.bad
	p.logBeta = mathext.Lbeta(p.mid, others)
	p.mean = p.mid / (p.mid + others)
	// The tails of a beta are no heavier than a gamma's: beyond √(2L) deviations
	// and L/n on either side lies under e^−L, here 10⁻¹³.
	const l = 30
	n := p.mid + others
	reach := math.Sqrt(2*l*p.mean*(1-p.mean)/(n+1)) + l/n
	p.from, p.to = math.Max(0, p.mean-reach), math.Min(1, p.mean+reach)
	return p
}

// interval is the equal-tailed credible interval of P−D, in points.
func (p posterior) interval(confidence float64) (low, high float64) {
	// The mirror's lower end is the upper end, and keeps its digits.
	mirror := p
	mirror.good, mirror.bad = p.bad, p.good
	return 100 * p.lower(confidence), -100 * mirror.lower(confidence)
}

// lower is the (1−γ)/2 quantile of P−D.
func (p posterior) lower(confidence float64) float64 {
	n := p.good + p.mid + p.bad
	e := (p.good - p.bad) / n
	deviation := math.Sqrt(((p.good+p.bad)/n - e*e) / (n + 1))
	tail := (1 - confidence) / 2
	guess := e - dist.Z(confidence)*deviation
	above := func(x float64) float64 { return p.below(x) - tail }
	low, high := guess-deviation/4, guess+deviation/4
	for step := deviation; low > -1 && above(low) > 0; step *= 2 {
		low -= step
	}
	for step := deviation; high < 1 && above(high) < 0; step *= 2 {
		high += step
	}
	return root(above, math.Max(-1, low), math.Min(1, high))
}

// below is P(P−D ≤ x).
func (p posterior) below(x float64) float64 {
	if x <= 0 {
		return p.outer(-x, p.good, p.bad)
	}
	return 1 - p.outer(x, p.bad, p.good)
}

// outer is the chance that one band outnumbers the other by a share of at least
// x ≥ 0, given the parameters of the lesser and of the greater:
// ∫ f(c)·P(R′ ≤ (1−x/(1−c))/2) dc over 0 ≤ c ≤ 1−x, R′ the lesser's share of both.
func (p posterior) outer(x, lesser, greater float64) float64 {
	end := 1 - x
	integrand := func(c, toEnd, step float64) float64 {
		mass := step * math.Exp((p.mid-1)*math.Log(c)+(lesser+greater-1)*math.Log1p(-c)-p.logBeta)
		if mass < 1e-14 { // of some two hundred; the other factor is at most 1
			return 0
		}
		return mass * mathext.RegIncBeta(lesser, greater, math.Min(1, toEnd/(1-c)/2))
	}
	from, mid, to := p.from, p.mean, math.Min(p.to, end)
	if mid >= to {
		return integrate(integrand, from, to, end)
	}
	return integrate(integrand, from, mid, end) + integrate(integrand, mid, to, end)
}

// integrate is the double exponential (tanh–sinh) quadrature of Takahasi & Mori
// (1974), which minds neither a peak nor a pole at an end. The summand gets the
// distance to a further point with all its digits, and its own length; 0 if
// from ≥ to.
func integrate(f func(c, toEnd, step float64) float64, from, to, end float64) float64 {
	const h, reach = 1.0 / 16, 51 // 51/16: e^(−π·sinh) is 10⁻¹⁷ there
	width, sum := to-from, 0.0
	if width <= 0 {
		return 0
	}
	for i := -reach; i <= reach; i++ {
		t := float64(i) * h
		u := math.Pi * math.Sinh(t)
		left, right := 1/(1+math.Exp(-u)), 1/(1+math.Exp(u)) // of the way, and what is left of it
		c, toEnd := from+width*left, end-to+width*right
		sum += f(c, toEnd, h*width*math.Pi*math.Cosh(t)*left*right)
	}
	return sum
}
