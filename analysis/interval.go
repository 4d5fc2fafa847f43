package analysis

import (
	"math"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/surveys"
)

// Method names how an interval was made. It is part of the JSON contract.
type Method string

// The methods. [AdjustedWald] is the default of NPS, [Wilson] of the shares.
const (
	// AdjustedWald adds ¾ detractor, 1½ passive and ¾ promoter before the
	// normal interval: AW(3,T) of Rocks (2016), The American Statistician
	// 70:365. At nominal 95 % it covers 94–95 % from n = 20 on, where the plain
	// interval may fall to 82 %.
	AdjustedWald Method = "adjusted-wald"
	// Wald is e ± z·√(v/n). For comparison only: too narrow under n = 200.
	Wald Method = "wald"
	// ScoreMethod inverts the score test with the nuisance share at its
	// restricted maximum likelihood (Tango 1998, May & Johnson 1997). NPS only.
	ScoreMethod Method = "score"
	// Wilson is Wilson's (1927) interval for a share; it never leaves 0–100.
	Wilson Method = "wilson"
	// AgrestiCoull is the normal interval after adding z²/2 to each side
	// (Agresti & Coull 1998), for shares.
	AgrestiCoull Method = "agresti-coull"
	// StudentT is the t interval of a mean, with n−1 degrees of freedom.
	StudentT Method = "t"
	// Newcombe is the hybrid score interval of a difference of two shares
	// (Newcombe 1998, method 10).
	Newcombe Method = "newcombe"
)

// Interval is a two-sided confidence interval, in the unit of its score, not
// clipped to the scale and not always symmetric about the score.
type Interval struct {
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Confidence float64 `json:"confidence"` // between 0 and 1
	Method     Method  `json:"method"`
}

// IntervalBy returns the interval of a metric's headline score by a method of
// the caller's choice: [AdjustedWald], [Wald] or [ScoreMethod] for NPS; [Wilson],
// [Wald] or [AgrestiCoull] for shares. It refuses counts without an answer and
// methods that the metric does not have.
func IntervalBy(method Method, m surveys.Metric, c surveys.Counts, confidence float64) (Interval, error) {
	if err := checkCounts(m, c); err != nil {
		return Interval{}, err
	}
	if err := checkConfidence(confidence); err != nil {
		return Interval{}, err
	}
	b := bandsOf(m.Scale(), c)
	if b.n() == 0 {
		return Interval{}, refuse("counts", "no answers")
	}
	interval, ok := b.interval(method, confidence)
	if !ok {
		return Interval{}, refuse("method", "%q does not apply to %s", string(method), m)
	}
	return interval, nil
}

// interval dispatches to the method; false when the headline has no such one.
func (b bands) interval(method Method, confidence float64) (Interval, bool) {
	z := dist.Z(confidence)
	var low, high float64
	switch {
	case b.net && method == AdjustedWald:
		e, v := b.adjusted()
		low, high = e-z*math.Sqrt(v), e+z*math.Sqrt(v)
	case method == Wald:
		half := z * math.Sqrt(b.variance()/float64(b.n()))
		low, high = b.score()-half, b.score()+half
	case b.net && method == ScoreMethod:
		low, high = b.scoreInterval(z)
	case !b.net && method == Wilson:
		low, high = wilson(float64(b.good), float64(b.n()), z)
		low, high = 100*low, 100*high
	case !b.net && method == AgrestiCoull:
		n := float64(b.n()) + z*z
		p := (float64(b.good) + z*z/2) / n
		half := z * math.Sqrt(p*(1-p)/n)
		low, high = 100*(p-half), 100*(p+half)
	default:
		return Interval{}, false
	}
	return Interval{Low: low, High: high, Confidence: confidence, Method: method}, true
}

// defaultInterval is the one that a report shows: see [Method].
func (b bands) defaultInterval(confidence float64) Interval {
	method := Wilson
	if b.net {
		method = AdjustedWald
	}
	interval, _ := b.interval(method, confidence)
	return interval
}

// wilson returns the interval of x successes in n > 0 trials, between 0 and 1:
// (p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n).
func wilson(x, n, z float64) (low, high float64) {
	p, zz := x/n, z*z
	centre := (p + zz/(2*n)) / (1 + zz/n)
	half := z * math.Sqrt(p*(1-p)/n+zz/(4*n*n)) / (1 + zz/n)
	// The ends are exact at 0 and n, and p lies between them; only rounding could
	// say otherwise.
	return min(p, math.Max(0, centre-half)), max(p, math.Min(1, centre+half))
}

// scoreInterval inverts the score test of Δ = P−D by bisection, to 1e-10 of a
// unit. At all-detractor and all-promoter the outer end is the scale's.
func (b bands) scoreInterval(z float64) (low, high float64) {
	n := float64(b.n())
	e := float64(b.good-b.bad) / n
	outside := func(delta float64) bool {
		v := b.restrictedVariance(delta)
		return v <= 0 || math.Abs(e-delta)/math.Sqrt(v/n) > z
	}
	search := func(end float64) float64 {
		in, out := e, end
		for math.Abs(out-in) > 1e-10 {
			if mid := (in + out) / 2; outside(mid) {
				out = mid
			} else {
				in = mid
			}
		}
		return (in + out) / 2
	}
	low, high = -1, 1
	if e > -1 {
		low = search(-1)
	}
	if e < 1 {
		high = search(1)
	}
	return 100 * low, 100 * high
}

// restrictedVariance is the variance of one answer at the maximum likelihood of
// the detractors' share q given P−D = delta: 2q + Δ(1−Δ), where q is the larger
// root of 2n·q² + B·q + C with B = −bad−good+(2n−good+bad)Δ, C = −bad·Δ(1−Δ).
func (b bands) restrictedVariance(delta float64) float64 {
	n, bad, good := float64(b.n()), float64(b.bad), float64(b.good)
	B := -bad - good + (2*n-good+bad)*delta
	C := -bad * delta * (1 - delta)
	q := (math.Sqrt(math.Max(0, B*B-8*n*C)) - B) / (4 * n)
	return 2*q + delta*(1-delta)
}
