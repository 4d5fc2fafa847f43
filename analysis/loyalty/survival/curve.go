package survival

import (
	"math"
	"sort"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
)

// Curve is a Kaplan–Meier estimate: the share that is still there after each
// duration, whoever was watched for less time being counted for as long as they
// were.
type Curve struct {
	N          int64   `json:"n"`
	Events     int64   `json:"events"`
	Until      float64 `json:"until"` // the longest that anybody was watched: beyond it nothing is known
	Confidence float64 `json:"confidence"`
	Steps      []Step  `json:"steps"` // the durations at which somebody left, in order
}

// Step is one fall of the curve.
type Step struct {
	Time   float64 `json:"time"`
	AtRisk int64   `json:"at_risk"` // watched up to Time
	Left   int64   `json:"left"`    // of them, left at Time
	Share  float64 `json:"share"`   // S(Time), 0…1: still there just after
	Bounds *Bounds `json:"bounds"`  // nil where nobody is left: the formula has no value there
}

// Bounds say how sure a share of the curve is.
type Bounds struct {
	Error float64 `json:"error"` // Greenwood's standard error
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Estimate draws the curve (Kaplan & Meier 1958), t over the durations at which
// d of n at risk left:
//
//	S(t) = Π (1 − d/n),  Var S = S²·Σ d/(n(n−d))  (Greenwood 1926)
//
// with the band exp(−exp(log(−log S) ± z·se/|log S|)), se² = Σ d/(n(n−d)), which
// never leaves 0…1 (Kalbfleisch & Prentice 1980). Nobody counted is refused; with
// nobody gone there are no steps, and the curve is 1 up to Until.
func Estimate(l Lifetimes, confidence float64) (Curve, error) {
	if err := analysis.CheckConfidence(confidence); err != nil {
		return Curve{}, err
	}
	c := Curve{N: l.People(), Events: l.Events(), Confidence: confidence}
	if c.N == 0 {
		return Curve{}, analysis.Refuse("lifetimes", "nobody to watch")
	}
	z := dist.Z(confidence)
	share, sum, atRisk := 1.0, 0.0, c.N
	for _, t := range l.durations() {
		e := l.at[t]
		if e.left > 0 {
			n, d := float64(atRisk), float64(e.left)
			share *= (n - d) / n
			step := Step{Time: t, AtRisk: atRisk, Left: e.left, Share: share}
			if atRisk > e.left {
				sum += d / (n * (n - d))
				step.Bounds = bounds(share, sum, z)
			}
			c.Steps = append(c.Steps, step)
		}
		atRisk -= e.left + e.staying
		c.Until = t
	}
	return c, nil
}

// bounds is Greenwood's error and the log-log band of a share within (0, 1).
func bounds(share, sum, z float64) *Bounds {
	se := math.Sqrt(sum)
	half := z * se / math.Abs(math.Log(share))
	return &Bounds{
		Error: share * se,
		Low:   math.Pow(share, math.Exp(half)),
		High:  math.Pow(share, math.Exp(-half)),
	}
}

// At is the share that is still there after t, with its bounds (nil before the
// first step and when nobody is left). False beyond the longest watch, where
// nothing is known, and below zero.
func (c Curve) At(t float64) (float64, *Bounds, bool) {
	if !(t >= 0) || t > c.Until {
		return 0, nil, false
	}
	i := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].Time > t })
	if i == 0 {
		return 1, nil, true
	}
	return c.Steps[i-1].Share, c.Steps[i-1].Bounds, true
}

// Quantile is the first duration after which a share of at most 1−p is left:
// p = 0.5 gives the median. False when the curve does not fall that far, or p is
// not between 0 and 1.
func (c Curve) Quantile(p float64) (float64, bool) {
	for _, s := range c.Steps {
		// A product of many factors may miss a round share by its last digits.
		if s.Share <= 1-p+1e-12 && p > 0 && p < 1 {
			return s.Time, true
		}
	}
	return 0, false
}

// Mean is a restricted mean duration with its standard error.
type Mean struct {
	Value   float64 `json:"value"`
	Error   float64 `json:"error"`
	Low     float64 `json:"low"`
	High    float64 `json:"high"`
	Horizon float64 `json:"horizon"` // the mean is of min(duration, Horizon)
	Staying float64 `json:"staying"` // the share that is still there at Horizon, whose time is cut off
}

// MeanUntil is the restricted mean: the area under the curve up to the horizon,
// the average time that somebody stays within it,
//
//	μ(τ) = ∫₀^τ S,  Var μ = Σ (∫_t^τ S)²·d/(n(n−d))
//
// (Klein & Moeschberger 2003, ch. 4.5). An average lifespan without a horizon is
// not known while customers stay; Staying names how many do. A horizon outside
// (0, Until] is refused.
func (c Curve) MeanUntil(horizon float64) (Mean, error) {
	if !(horizon > 0) || horizon > c.Until {
		return Mean{}, analysis.Refuse("horizon", "%v is not within (0, %v], the time watched", horizon, c.Until)
	}
	m := Mean{Horizon: horizon, Staying: 1}
	areas := make([]float64, 0, len(c.Steps)) // ∫ from the last step to each step
	last := 0.0
	for _, s := range c.Steps {
		if s.Time > horizon {
			break
		}
		areas = append(areas, m.Staying*(s.Time-last))
		last, m.Staying = s.Time, s.Share
	}
	rest, variance := m.Staying*(horizon-last), 0.0
	for i := len(areas) - 1; i >= 0; i-- {
		n, d := float64(c.Steps[i].AtRisk), float64(c.Steps[i].Left)
		if n > d {
			variance += rest * rest * d / (n * (n - d))
		}
		rest += areas[i]
	}
	z := dist.Z(c.Confidence)
	m.Value, m.Error = rest, math.Sqrt(variance)
	m.Low, m.High = math.Max(0, rest-z*m.Error), math.Min(horizon, rest+z*m.Error)
	return m, nil
}
