package analysis

import (
	"math"

	"github.com/harkhq/hark/surveys"
)

// ControlOptions set a control chart. In one direction, and with weeks of 20–200
// answers, the default EWMA alarms in 8 % of quiet years, EWMA and single weeks
// together in 12–13 %; weeks that vary by 4 points more than chance make it 10–13 %
// and 17–22 %. A loss of 10 points is found in a median of 12 weeks at 50 answers a
// week and of 4 at 200. Package simulate measures it.
type ControlOptions struct {
	Baseline int     // buckets that set the normal level, from the first on; default 26
	Lambda   float64 // weight of the newest bucket, 0…1; default 0.2
	Limit    float64 // EWMA limit in standard errors; default 3
	Funnel   float64 // limit of a single bucket in standard errors; default 3
}

// DefaultControl is the usual chart. A report's verdict looks in both directions and
// every week with another baseline, and so takes wider limits.
func DefaultControl() ControlOptions {
	return ControlOptions{Baseline: 26, Lambda: 0.2, Limit: 3, Funnel: 3}
}

func (o ControlOptions) check() error {
	switch {
	case !(o.Lambda > 0 && o.Lambda <= 1):
		return Refuse("lambda", "%v is not above 0, up to 1", o.Lambda)
	case !(o.Limit > 0 && o.Limit <= maxLimit):
		return Refuse("limit", "%v is not above 0, up to 10⁶", o.Limit)
	case !(o.Funnel > 0 && o.Funnel <= maxLimit):
		return Refuse("funnel", "%v is not above 0, up to 10⁶", o.Funnel)
	}
	return nil
}

// ControlChart watches a series for a shift away from its baseline.
type ControlChart struct {
	Level     float64 // μ₀, the pooled score of the baseline
	Variance  float64 // σ₀², of one answer in the baseline, in points²
	SigmaZ    float64 // Laney's σz: how much more than chance the baseline varied
	Inflation float64 // f = max(1, σz), by which limits are widened
	Points    []ControlPoint
}

// ControlPoint is one bucket on the chart. A bucket without answers is Empty and
// carries no numbers: the state passes over it.
type ControlPoint struct {
	Empty                 bool
	Z                     float64 // (x − μ₀)/√(σ₀²/n)
	EWMA                  float64
	EWMALow, EWMAHigh     float64
	FunnelLow, FunnelHigh float64
	Alarm                 int // −1 below a limit, +1 above one, 0 within
}

// Control draws an exponentially weighted moving average of the buckets' scores
// with limits that know each bucket's number of answers,
//
//	E(t) = λx + (1−λ)E(t−1), E(0) = μ₀;  V(t) = λ²v + (1−λ)²V(t−1), v = σ₀²/n
//
// and alarms where E leaves μ₀ ± L·f·√V, or a single score μ₀ ± funnel·f·√v. The
// factor f is Laney's (2002) correction for series that vary more than chance,
// σz = mean|Δz|/1.128 over the baseline. A baseline without an answer, or longer
// than the series, is refused. A unanimous baseline takes its variance from the
// adjusted estimate, since a variance of zero would alarm at anything.
func Control(m surveys.Metric, buckets []surveys.Counts, o ControlOptions) (ControlChart, error) {
	if err := checkCounts(m, buckets...); err != nil {
		return ControlChart{}, err
	}
	if o.Baseline < 1 || o.Baseline > len(buckets) {
		return ControlChart{}, Refuse("baseline", "%d of %d buckets", o.Baseline, len(buckets))
	}
	if err := o.check(); err != nil {
		return ControlChart{}, err
	}
	table := make([]bands, len(buckets))
	for i := range buckets {
		table[i] = bandsOf(m.Scale(), buckets[i])
	}
	chart, ok := control(table, o)
	if !ok {
		return ControlChart{}, Refuse("baseline", "no answers in %d buckets", o.Baseline)
	}
	return chart, nil
}

// maxLimit is the widest limit, in standard errors: one that nothing passes.
const maxLimit = 1e6

// control is Control for checked input; false when the baseline is empty.
func control(table []bands, o ControlOptions) (ControlChart, bool) {
	base := bands{net: table[0].net}
	for _, b := range table[:o.Baseline] {
		base = base.add(b)
	}
	if base.n() == 0 {
		return ControlChart{}, false
	}
	chart := ControlChart{Level: base.score(), Variance: base.variance()}
	if chart.Variance <= 0 {
		chart.Variance = base.oneAnswer()
	}
	chart.SigmaZ = chart.sigmaZ(table[:o.Baseline])
	chart.Inflation = math.Max(1, chart.SigmaZ)
	chart.Points = make([]ControlPoint, len(table))
	ewma, variance := chart.Level, 0.0
	for i, b := range table {
		if b.n() == 0 {
			chart.Points[i].Empty = true
			continue
		}
		v := chart.Variance / float64(b.n())
		ewma = o.Lambda*b.score() + (1-o.Lambda)*ewma
		variance = o.Lambda*o.Lambda*v + (1-o.Lambda)*(1-o.Lambda)*variance
		chart.Points[i] = chart.point(b, ewma, o.Limit*math.Sqrt(variance), o.Funnel*math.Sqrt(v))
	}
	return chart, true
}

// point places a bucket between its limits, given their uninflated widths.
func (c ControlChart) point(b bands, ewma, limit, funnel float64) ControlPoint {
	limit, funnel = limit*c.Inflation, funnel*c.Inflation
	p := ControlPoint{
		Z: c.z(b), EWMA: ewma,
		EWMALow: c.Level - limit, EWMAHigh: c.Level + limit,
		FunnelLow: c.Level - funnel, FunnelHigh: c.Level + funnel,
	}
	switch x := b.score(); {
	case ewma < p.EWMALow || x < p.FunnelLow:
		p.Alarm = -1
	case ewma > p.EWMAHigh || x > p.FunnelHigh:
		p.Alarm = +1
	}
	return p
}

func (c ControlChart) z(b bands) float64 {
	return (b.score() - c.Level) / math.Sqrt(c.Variance/float64(b.n()))
}

// stepOfChance is the mean absolute step between neighbours of unit variance.
const stepOfChance = 1.128

// sigmaZ is the mean absolute step of z between neighbouring buckets with
// answers, over 1.128 (the expectation of that step for unit variance); 1 when
// there is no step.
func (c ControlChart) sigmaZ(baseline []bands) float64 {
	var last, sum float64
	seen := 0
	for _, b := range baseline {
		if b.n() == 0 {
			continue
		}
		z := c.z(b)
		if seen > 0 {
			sum += math.Abs(z - last)
		}
		last = z
		seen++
	}
	if seen < 2 {
		return 1
	}
	return sum / float64(seen-1) / stepOfChance
}
