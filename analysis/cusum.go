package analysis

import (
	"math"

	"github.com/harkhq/hark/surveys"
)

// CUSUMOptions set a cumulative sum chart. The defaults, with z divided by
// Laney's factor, raise an alarm in 8–9 % of quiet years and find a loss of 10
// points in a median of 13 weeks at 50 answers a week and of 5 at 200.
type CUSUMOptions struct {
	Baseline  int     // buckets that set the normal level, from the first on; default 26
	Allowance float64 // k: half the shift that is looked for, in standard errors; default 0.5
	Decision  float64 // h: the sum that alarms; default 5
	Inflation float64 // what z is divided by; 0: Laney's factor of the baseline, max(1, σz)
}

// DefaultCUSUM is the chart with k = ½ and h = 5 on z over Laney's factor.
func DefaultCUSUM() CUSUMOptions { return CUSUMOptions{Baseline: 26, Allowance: 0.5, Decision: 5} }

func (o CUSUMOptions) check() error {
	switch {
	case !(o.Allowance >= 0 && o.Allowance <= hugest):
		return Refuse("allowance", "%v is not 0 or more", o.Allowance)
	case !(o.Decision > 0 && o.Decision <= hugest):
		return Refuse("decision", "%v is not above 0", o.Decision)
	case o.Inflation != 0 && !(o.Inflation >= 1/maxLimit && o.Inflation <= maxLimit):
		return Refuse("inflation", "%v is not 0, or from 10⁻⁶ to 10⁶", o.Inflation)
	}
	return nil
}

// CUSUMChart watches a series for a shift that is small but stays.
type CUSUMChart struct {
	Level     float64 // μ₀, the pooled score of the baseline
	Variance  float64 // σ₀², of one answer in the baseline, in points²
	Inflation float64 // what z was divided by
	Points    []CUSUMPoint
}

// CUSUMPoint is one bucket on the chart. A bucket without answers is Empty and
// carries no numbers: both sums pass over it.
type CUSUMPoint struct {
	Empty bool
	Z     float64 // (x − μ₀)/√(σ₀²/n)/inflation
	Fall  float64 // sum of what lies below the level
	Rise  float64 // sum of what lies above it
	Alarm int     // −1 for a fall, +1 for a rise, 0 for neither
	Since int     // with an alarm: the bucket in which its sum left zero, an estimate of when the shift began
}

// CUSUM sums up how far the buckets' scores lie from the level of the baseline,
// in standard errors that know each bucket's number of answers (Page 1954):
//
//	fall(t) = max(0, fall(t−1) − z − k),  rise(t) = max(0, rise(t−1) + z − k)
//
// and alarms where a sum exceeds h. Restart rule: after an alarm both sums start
// again at zero, so a shift that stays alarms again and again. A baseline without
// an answer, or longer than the series, is refused; see [Control] for the
// baseline's variance and for Laney's factor.
func CUSUM(m surveys.Metric, buckets []surveys.Counts, o CUSUMOptions) (CUSUMChart, error) {
	if err := o.check(); err != nil {
		return CUSUMChart{}, err
	}
	control, err := Control(m, buckets, ControlOptions{Baseline: o.Baseline, Lambda: 1, Limit: 3, Funnel: 3})
	if err != nil {
		return CUSUMChart{}, err
	}
	chart := CUSUMChart{Level: control.Level, Variance: control.Variance, Inflation: o.Inflation,
		Points: make([]CUSUMPoint, len(buckets))}
	if chart.Inflation == 0 {
		chart.Inflation = control.Inflation
	}
	var fall, rise runningSum
	for i, c := range control.Points {
		p := &chart.Points[i]
		if p.Empty = c.Empty; c.Empty {
			continue
		}
		p.Z = c.Z / chart.Inflation
		p.Fall, p.Rise = fall.add(-p.Z-o.Allowance, i), rise.add(p.Z-o.Allowance, i)
		switch {
		case p.Fall > o.Decision:
			p.Alarm, p.Since = -1, fall.since
		case p.Rise > o.Decision:
			p.Alarm, p.Since = +1, rise.since
		}
		if p.Alarm != 0 {
			fall, rise = runningSum{}, runningSum{}
		}
	}
	return chart, nil
}

// runningSum is one side of the chart: a sum that never falls below zero, and
// the bucket in which it last left it.
type runningSum struct {
	sum   float64
	since int
}

func (s *runningSum) add(step float64, at int) float64 {
	if s.sum == 0 {
		s.since = at
	}
	s.sum = math.Max(0, s.sum+step)
	return s.sum
}
