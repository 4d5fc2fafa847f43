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
// none. All four are above zero.
//
// A customer who has not bought again counts as alive for certain, since the
// model lets nobody leave but after a repeat purchase.
type BGNBD struct {
	R     float64 `json:"r"`
	Alpha float64 `json:"alpha"`
	A     float64 `json:"a"`
	B     float64 `json:"b"`
}

// largest that a parameter may be: beyond it the model is one without
// differences between customers, and its gamma functions lose their digits.
const largest = 1e6

func (m BGNBD) check() error {
	for _, p := range []float64{m.R, m.Alpha, m.A, m.B} {
		if !(p > 0 && p <= largest) {
			return analysis.Refuse("model", "%+v needs parameters above 0, up to 10⁶", m)
		}
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
	return stayed + math.Log1p(m.odds(c))
}

// odds that somebody who bought again is gone:
// a/(b+x−1)·((α+T)/(α+t_x))^(r+x). The logarithm is of 1 + it: it may be huge.
func (m BGNBD) odds(c times) float64 {
	if c.x == 0 {
		return 0
	}
	k := float64(c.x)
	return math.Exp((m.R+k)*math.Log((m.Alpha+c.t)/(m.Alpha+c.tx))) * m.A / (m.B + k - 1)
}

// Alive is P(alive | x,t_x,T) = 1/(1 + δ(x>0)·a/(b+x−1)·((α+T)/(α+t_x))^(r+x)),
// 0…1: the chance that somebody still buys.
func (m BGNBD) Alive(c Customer) (float64, error) {
	if err := m.checkWith(c); err != nil {
		return 0, err
	}
	return 1 / (1 + m.odds(times{x: c.Repeat, tx: c.Recency, t: c.Age})), nil
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
	alive := 1 / (1 + m.odds(times{x: c.Repeat, tx: c.Recency, t: c.Age}))
	return alive * m.ifAlive(float64(c.Repeat), c.Age, t)
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
	return stayed + left, nil
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

// ifAlive is the expectation of somebody who is alive for certain. Euler's
// transformation of equation 10 takes the power into ₂F₁,
//
//	(a+b+x−1)/(a−1) · (1 − (1−z)^(a−1) · ₂F₁(a+b−1−r, a−1; a+b+x−1; z)), z = t/(α+T+t),
//
// whose parameters do not grow with x but for the one that makes it converge.
// At a = 1 it is 0/0; the value between two neighbours is right to 1e-8.
func (m BGNBD) ifAlive(x, age, t float64) float64 {
	const near = 1e-4
	if math.Abs(m.A-1) >= near {
		return m.apartFromOne(x, age, t)
	}
	below, above := m, m
	below.A, above.A = 1-near, 1+near
	share := (m.A - below.A) / (2 * near)
	return (1-share)*below.apartFromOne(x, age, t) + share*above.apartFromOne(x, age, t)
}

// apartFromOne is ifAlive where a is not 1.
func (m BGNBD) apartFromOne(x, age, t float64) float64 {
	if t == 0 {
		return 0
	}
	c := m.A + m.B + x - 1
	if math.Abs(c) < 1e-9 {
		c = 1e-9 // a+b = 1: the pole of ₂F₁ is cancelled by the factor before it
	}
	whole := m.Alpha + age + t
	f := mathext.Hypergeo(m.A+m.B-1-m.R, m.A-1, c, t/whole)
	return max(0, c/(m.A-1)*(1-math.Pow((m.Alpha+age)/whole, m.A-1)*f))
}

// lgamma of a positive number.
func lgamma(x float64) float64 {
	v, _ := math.Lgamma(x)
	return v
}
