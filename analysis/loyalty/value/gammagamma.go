package value

import (
	"math"

	"github.com/harkhq/hark/analysis"
)

// GammaGamma is the model of how much a purchase brings (Fader & Hardie 2013,
// after Colombo & Jiang 1999): a customer's purchases vary about a mean of their
// own, and the means about that of all. It takes for granted that how much says
// nothing about how often. V has the unit of money; all three are above zero.
type GammaGamma struct {
	P float64 `json:"p"`
	Q float64 `json:"q"`
	V float64 `json:"v"`
}

func (g GammaGamma) check() error {
	if !usable(g.V, g.P, g.Q) {
		return analysis.Refuse("model", "%+v needs parameters from 10⁻⁹ to 10⁶ (v to 10¹⁸)", g)
	}
	if g.Q <= 1 {
		return analysis.Refuse("model", "q = %v has no mean: it must be above 1", g.Q)
	}
	return nil
}

// Mean is what a purchase of the customer will bring, on average:
//
//	E[M | m, x] = p(v + xm)/(px + q − 1)
//
// the customer's own mean drawn towards that of all, vp/(q−1), the more the
// fewer purchases there are. Who has not bought again gets the mean of all.
func (g GammaGamma) Mean(c Customer) (float64, error) {
	if err := g.check(); err != nil {
		return 0, err
	}
	if err := c.check(); err != nil {
		return 0, err
	}
	x := float64(c.Repeat)
	if c.Spend == 0 {
		x = 0 // nothing is known of their spending
	}
	return g.P * (g.V + x*c.Spend) / (g.P*x + g.Q - 1), nil
}

// logLikelihood of a mean spend m over x purchases:
//
//	ln Γ(px+q) − ln Γ(px) − ln Γ(q) + q·ln v + (px−1)·ln m + px·ln x − (px+q)·ln(xm+v)
func (g GammaGamma) logLikelihood(s spends) float64 {
	x := float64(s.x)
	px := g.P * x
	return lgamma(px+g.Q) - lgamma(px) - lgamma(g.Q) + g.Q*math.Log(g.V) +
		(px-1)*math.Log(s.mean) + px*math.Log(x) - (px+g.Q)*math.Log(x*s.mean+g.V)
}
