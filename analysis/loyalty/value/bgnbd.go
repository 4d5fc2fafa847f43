package value

import (
	"math"

	"gonum.org/v1/gonum/mathext"

	"github.com/harkhq/hark/analysis"
)

// BGNBD is the beta-geometric/NBD model (Fader, Hardie & Lee 2005, Marketing
// Science 24:275): while a customer, somebody buys at a rate λ of their own,
// gamma(R, Alpha) over customers; after each purchase they are gone with a
// chance of their own, beta(A, B). Alpha has the unit of time; the others have
// none. All four are above zero (10⁻⁹) and at most 10⁶, Alpha at most 10¹⁸.
//
// A customer who has not bought again counts as alive for certain, since the
// model lets nobody leave but after a repeat purchase.
type BGNBD struct {
	R     float64 `json:"r"`
	Alpha float64 `json:"alpha"`
	A     float64 `json:"a"`
	B     float64 `json:"b"`
}

// A parameter without a unit lies between these: beyond them the model is one
// without differences between customers, and its gamma functions lose their digits.
// One that has the unit of time or money may be as large as what is fitted to the
// largest of those.
const (
	smallest    = 1e-9
	largest     = 1e6
	largestUnit = 1e18
)

// usable reports whether parameters are within the range; the first has a unit.
func usable(unit float64, others ...float64) bool {
	for _, p := range others {
		if !(p >= smallest && p <= largest) {
			return false
		}
	}
	return unit >= smallest && unit <= largestUnit
}

func (m BGNBD) check() error {
	if !usable(m.Alpha, m.R, m.A, m.B) {
		return analysis.Refuse("model", "%+v needs parameters from 10⁻⁹ to 10⁶ (alpha to 10¹⁸)", m)
	}
	return nil
}

// LogLikelihood is ln L(r,α,a,b | x,t_x,T) with
//
//	L = B(a,b+x)/B(a,b) · Γ(r+x)α^r/Γ(r) · ((α+T)^−(r+x) + δ(x>0)·a/(b+x−1)·(α+t_x)^−(r+x))
//
// (equation 6). Refused are a model and a customer out of range.
func (m BGNBD) LogLikelihood(c Customer) (float64, error) {
	if err := m.checkWith(c); err != nil {
		return 0, err
	}
	return m.logLikelihoodOf(c.Repeat) + m.logLikelihoodAt(times{x: c.Repeat, tx: c.Recency, t: c.Age}), nil
}

// logLikelihoodOf is the part that depends on x alone.
func (m BGNBD) logLikelihoodOf(x int64) float64 {
	k := float64(x)
	return lgamma(m.R+k) - lgamma(m.R) + m.R*math.Log(m.Alpha) +
		mathext.Lbeta(m.A, m.B+k) - mathext.Lbeta(m.A, m.B)
}

// logLikelihoodAt is the part that depends on the times.
func (m BGNBD) logLikelihoodAt(c times) float64 {
	power := m.R + float64(c.x)
	stayed := -power * math.Log(m.Alpha+c.t)
	if c.x == 0 {
		return stayed
	}
	return stayed - softminus(-m.logOdds(c)) // ln(1 + odds)
}

// logOdds that somebody who bought again is gone, the logarithm of
// a/(b+x−1)·((α+T)/(α+t_x))^(r+x), which may be beyond all floats.
func (m BGNBD) logOdds(c times) float64 {
	k := float64(c.x)
	return (m.R+k)*math.Log((m.Alpha+c.t)/(m.Alpha+c.tx)) + math.Log(m.A/(m.B+(k-1)))
}

// alive is [BGNBD.Alive].
func (m BGNBD) alive(c Customer) float64 {
	if c.Repeat == 0 {
		return 1
	}
	return 1 / (1 + math.Exp(m.logOdds(times{x: c.Repeat, tx: c.Recency, t: c.Age})))
}

// Alive is P(alive | x,t_x,T) = 1/(1 + δ(x>0)·a/(b+x−1)·((α+T)/(α+t_x))^(r+x)),
// 0…1: the chance that somebody still buys.
func (m BGNBD) Alive(c Customer) (float64, error) {
	if err := m.checkWith(c); err != nil {
		return 0, err
	}
	return m.alive(c), nil
}

// Expected is how many purchases somebody will make in the next t units of time
// (equation 10):
//
//	E = (a+b+x−1)/(a−1) · (1 − ((α+T)/(α+T+t))^(r+x) · ₂F₁(r+x, b+x; a+b+x−1; t/(α+T+t))) · P(alive)
func (m BGNBD) Expected(c Customer, t float64) (float64, error) {
	if err := m.checkWith(c); err != nil {
		return 0, err
	}
	if err := checkTime(t); err != nil {
		return 0, err
	}
	return m.expected(c, t), nil
}

func (m BGNBD) expected(c Customer, t float64) float64 {
	return m.alive(c) * m.ifAlive(float64(c.Repeat), c.Age, t)
}

// ExpectedNew is how many repeat purchases a new customer will make in the first
// t units of time (equation 9).
func (m BGNBD) ExpectedNew(t float64) (float64, error) {
	return m.Expected(Customer{}, t)
}

// Probability is P(X(t) = x): the share of new customers who make x repeat
// purchases in the first t units of time (equation 8). The sum there is the tail
// of a negative binomial, an incomplete beta.
func (m BGNBD) Probability(x int64, t float64) (float64, error) {
	if err := m.checkWith(Customer{}); err != nil {
		return 0, err
	}
	if err := checkTime(t); err != nil {
		return 0, err
	}
	if x < 0 || x > maxRepeat {
		return 0, analysis.Refuse("repeat", "%d purchases are not between 0 and 10⁶", x)
	}
	k, share := float64(x), t/(m.Alpha+t)
	lbeta := mathext.Lbeta(m.A, m.B)
	whole := m.R * math.Log(m.Alpha/(m.Alpha+t)) // of (α/(α+t))^r·(t/(α+t))^x
	if x == 0 {
		return math.Exp(whole), nil
	}
	if t == 0 {
		return 0, nil
	}
	stayed := math.Exp(mathext.Lbeta(m.A, m.B+k) - lbeta +
		lgamma(m.R+k) - lgamma(m.R) - lgamma(k+1) + whole + k*math.Log(share))
	left := math.Exp(mathext.Lbeta(m.A+1, m.B+k-1)-lbeta) * mathext.RegIncBeta(k, m.R, share)
	return math.Min(1, stayed+left), nil // but for rounding
}

func (m BGNBD) checkWith(c Customer) error {
	if err := m.check(); err != nil {
		return err
	}
	return c.check()
}

func checkTime(t float64) error {
	if !(t >= 0 && t <= maxTime) {
		return analysis.Refuse("time", "%v is not between 0 and 10⁶", t)
	}
	return nil
}

// ifAlive is the expectation of somebody who is alive for certain: the mean of
//
//	(1 − ((α+T)/(α+T+pt))^(r+x))/p  over p ~ Beta(a, b+x),
//
// the chance to leave after a purchase. It is equation 10 before its integral is
// written as a ₂F₁, whose series in floats gives anything where customers hardly
// differ (r, a or b of some hundred) and which divides by zero at a = 1.
func (m BGNBD) ifAlive(x, age, t float64) float64 {
	r, a, b, y := m.R+x, m.A, m.B+x, t/(m.Alpha+age)
	// Over u = logit p the beta falls off on both sides at least as e^−au and e^−bu;
	// with u = centre + width·sinh s the sum over equal steps of s has no error that
	// a float could show (Takahasi & Mori 1974).
	const step = 1.0 / 16
	centre := math.Log(a / b)
	width := math.Min(1, math.Sqrt(1/a+1/b))
	top := a*softminus(centre) + b*softminus(-centre)
	far := func(tail float64) float64 {
		return math.Asinh(12 + (40/tail+math.Abs(centre))/width)
	}
	var mass, sum float64
	for s := -far(a); s <= far(b); s += step {
		e := math.Exp(s)
		u := centre + width*(e-1/e)/2
		left := softminus(u) // ln p; that of 1−p is left − u
		weight := (e + 1/e) * math.Exp(a*left+b*(left-u)-top)
		mass += weight
		if p := math.Exp(left); p > 1e-300 {
			sum += weight * -math.Expm1(-r*math.Log1p(p*y)) / p
		} else {
			sum += weight * r * y // the limit
		}
	}
	return sum / mass
}

// softminus is −ln(1+e^−u), the logarithm of 1/(1+e^−u).
func softminus(u float64) float64 {
	return math.Min(u, 0) - math.Log1p(math.Exp(-math.Abs(u)))
}

// lgamma of a positive number.
func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
