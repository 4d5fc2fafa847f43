package analysis

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"

	"github.com/harkhq/hark/surveys"
)

// XmRChart is Shewhart's chart of individual values: the score of each bucket
// against limits from how much neighbouring buckets differ.
type XmRChart struct {
	Mean        float64 // of the buckets' scores, each counting the same
	Range       float64 // mR̄, the mean step between neighbouring buckets with answers
	MedianRange float64
	Low, High   float64 // natural process limits: Mean ∓ 2.66·Range
	RangeHigh   float64 // limit of a single step: 3.268·Range
	// Even reports that the buckets have about as many answers each, none a quarter
	// more or less than the mean. Only then can one limit serve them all.
	Even   bool
	Points []XmRPoint
}

// XmRPoint is one bucket on the chart. A bucket without answers is Empty and
// carries no numbers; the next step is taken from the last bucket with answers.
type XmRPoint struct {
	Empty  bool
	Score  float64
	Range  float64 // the step from the bucket before; 0 for the first
	Signal Signal  // "" for none
}

// Signal is why a point stands out. Of the Western Electric rules only these two
// are offered: each further one multiplies the false alarms.
type Signal string

// The signals.
const (
	Beyond Signal = "beyond" // rule 1: outside the limits
	Run    Signal = "run"    // the eighth or a later one in a row on one side of the mean
)

// runLength is how many in a row make a run.
const runLength = 8

// XmR draws the chart with limits mean ± 2.66·mR̄ and 3.268·mR̄ (Wheeler &
// Chambers 1992; 2.66 = 3/1.128). It knows nothing of how many answers each bucket
// has: where Even is false, read [Control] instead. Under two buckets with answers
// is refused.
func XmR(m surveys.Metric, buckets []surveys.Counts) (XmRChart, error) {
	if err := checkCounts(m, buckets...); err != nil {
		return XmRChart{}, err
	}
	chart := XmRChart{Points: make([]XmRPoint, len(buckets))}
	var scores, ranges []float64
	var sizes []int64
	for i := range buckets {
		b := bandsOf(m.Scale(), buckets[i])
		p := &chart.Points[i]
		if p.Empty = b.n() == 0; p.Empty {
			continue
		}
		p.Score = b.score()
		if len(scores) > 0 {
			p.Range = math.Abs(p.Score - scores[len(scores)-1])
			ranges = append(ranges, p.Range)
		}
		scores, sizes = append(scores, p.Score), append(sizes, b.n())
	}
	if len(scores) < 2 {
		return XmRChart{}, Refuse("buckets", "%d with answers: a step takes two", len(scores))
	}
	chart.Mean, chart.Range, chart.MedianRange = stat.Mean(scores, nil), stat.Mean(ranges, nil), middle(ranges)
	chart.Low, chart.High = chart.Mean-2.66*chart.Range, chart.Mean+2.66*chart.Range
	chart.RangeHigh = 3.268 * chart.Range
	chart.Even = even(sizes)
	chart.mark()
	return chart, nil
}

// mark sets the signals.
func (c *XmRChart) mark() {
	run, side := 0, 0
	for i := range c.Points {
		p := &c.Points[i]
		if p.Empty {
			continue
		}
		if now := cmp.Compare(p.Score, c.Mean); now == side && now != 0 {
			run++
		} else {
			run, side = 1, now
		}
		switch {
		case p.Score < c.Low || p.Score > c.High:
			p.Signal = Beyond
		case run >= runLength && side != 0:
			p.Signal = Run
		}
	}
}

// middle is the median of at least one value.
func middle(values []float64) float64 { return quantile(slices.Sorted(slices.Values(values)), 0.5) }

// even reports that no size is more than a quarter off the mean.
func even(sizes []int64) bool {
	var sum int64
	for _, n := range sizes {
		sum += n
	}
	mean := float64(sum) / float64(len(sizes))
	return float64(slices.Min(sizes)) >= 0.75*mean && float64(slices.Max(sizes)) <= 1.25*mean
}
