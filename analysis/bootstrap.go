package analysis

import (
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"

	"github.com/harkhq/hark/surveys"
)

// Statistic is a number made of counts, for a [Bootstrap].
type Statistic string

// The statistics.
const (
	Headline     Statistic = "headline" // the metric's score, in points or percent
	MeanChoice   Statistic = "mean"     // in steps of the scale
	MedianChoice Statistic = "median"   // in steps of the scale
	EffortIndex  Statistic = "index"    // % of 6–7 minus % of 1–3, in points; CES only
)

// Resampling says how a [Bootstrap] draws. Rand is the caller's chance: the same
// seed gives the same interval.
type Resampling struct {
	Confidence float64 // 0.5…0.9999
	Draws      int     // 200…100000; 0 means 2000
	Rand       *rand.Rand
}

// Bootstrap returns the percentile interval of a statistic (Efron 1979, Annals of
// Statistics 7:1): the answers are drawn again, with replacement, as often as
// Draws says. Redrawing n answers is one multinomial draw of the histogram, so
// counts are all it takes, and the time does not grow with their number.
//
// It assumes no shape, but knows nothing beyond the answers: of a few it is too
// narrow, and where all agree it has no width. Under two answers is a [Refusal].
func Bootstrap(of Statistic, m surveys.Metric, c surveys.Counts, r Resampling) (Interval, error) {
	if err := checkCounts(m, c); err != nil {
		return Interval{}, err
	}
	value, err := of.of(m)
	if err != nil {
		return Interval{}, err
	}
	if r, err = r.normalised(); err != nil {
		return Interval{}, err
	}
	switch n := c.N(); {
	case n < 2:
		return Interval{}, &Refusal{Reason: TooFewAnswers, Have: float64(n), Need: 2}
	case n > 1e12:
		return Interval{}, Refuse("counts", "%d answers are too many to draw again; their interval has no width", n)
	}
	drawn := make([]float64, r.Draws)
	for i := range drawn {
		drawn[i] = value(redraw(c, r.Rand))
	}
	slices.Sort(drawn)
	tail := (1 - r.Confidence) / 2
	return Interval{Low: quantile(drawn, tail), High: quantile(drawn, 1-tail), Confidence: r.Confidence, Method: Percentile}, nil
}

// of returns the statistic as a function of a metric's counts.
func (s Statistic) of(m surveys.Metric) (func(surveys.Counts) float64, error) {
	switch {
	case s == Headline:
		return func(c surveys.Counts) float64 { return bandsOf(m.Scale(), c).score() }, nil
	case s == MeanChoice:
		return mean, nil
	case s == MedianChoice:
		return median, nil
	case s == EffortIndex && m == surveys.CES:
		return func(c surveys.Counts) float64 { return indexBands(c).score() }, nil
	}
	return nil, Refuse("statistic", "%q does not apply to %s", string(s), m)
}

// normalised checks the way of drawing and fills its default in.
func (r Resampling) normalised() (Resampling, error) {
	if r.Draws == 0 {
		r.Draws = 2000
	}
	if r.Draws < 200 || r.Draws > 100_000 {
		return r, Refuse("draws", "%d is not between 200 and 100000", r.Draws)
	}
	if r.Rand == nil {
		return r, Refuse("rand", "there is no source of chance")
	}
	return r, CheckConfidence(r.Confidence)
}

// redraw draws as many answers as c has from c, with replacement: a multinomial
// draw, place by place from the binomial of what is left.
func redraw(c surveys.Counts, random *rand.Rand) surveys.Counts {
	left, of := c.N(), float64(c.N())
	var drawn surveys.Counts
	for score, k := range c {
		switch {
		case k == 0 || left == 0:
		case float64(k) >= of: // the last place that has answers
			drawn[score] = left
		default:
			b := distuv.Binomial{N: float64(left), P: float64(k) / of, Src: random}
			drawn[score] = int64(b.Rand())
		}
		left -= drawn[score]
		of -= float64(k)
	}
	return drawn
}

// quantile of sorted values lies between two of them, (n−1)q steps from the first.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := int(at)
	next := sorted[min(i+1, len(sorted)-1)]
	return sorted[i] + (at-float64(i))*(next-sorted[i])
}
