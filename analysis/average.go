package analysis

import (
	"math"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/surveys"
)

// Average describes the raw choices, in steps of the scale. On [surveys.CES5] a
// low one is the good one.
type Average struct {
	N         int64
	Mean      float64
	Median    float64   // the middle choice, or between the two middle ones
	Deviation float64   // of one answer, with divisor n−1; 0 under two answers
	Error     float64   // of Mean: Deviation/√n
	Interval  *Interval // of Mean: ± t·Error; nil under two answers
}

// Mean averages the raw choices: the second way of CES and CSAT to be told.
// Its t interval has no width where everybody chose the same; see [Bootstrap]
// for one that asks less of the answers' shape. Counts without an answer are
// refused.
func Mean(m surveys.Metric, c surveys.Counts, confidence float64) (Average, error) {
	if err := checkCounts(m, c); err != nil {
		return Average{}, err
	}
	if err := CheckConfidence(confidence); err != nil {
		return Average{}, err
	}
	if c.N() == 0 {
		return Average{}, Refuse("counts", "no answers")
	}
	return average(c, confidence), nil
}

// average is Mean for checked counts with an answer.
func average(c surveys.Counts, confidence float64) Average {
	s := sample(c)
	a := Average{N: c.N(), Mean: s.Mean, Median: median(c)}
	if a.N < 2 {
		return a
	}
	a.Deviation = math.Sqrt(s.Variance())
	a.Error = a.Deviation / math.Sqrt(s.N)
	half := dist.T(confidence, s.N-1) * a.Error
	a.Interval = &Interval{Low: a.Mean - half, High: a.Mean + half, Confidence: confidence, Method: StudentT}
	return a
}

// sample is the choices as values. Sums of integers up to 2^53 are exact, so the
// two-pass variance is too.
func sample(c surveys.Counts) dist.Sample {
	s := dist.Sample{N: float64(c.N()), Mean: mean(c)}
	for score, k := range c {
		d := float64(score) - s.Mean
		s.Squares += float64(k) * d * d
	}
	return s
}

func mean(c surveys.Counts) float64 {
	var n, sum float64
	for score, k := range c {
		n += float64(k)
		sum += float64(k) * float64(score)
	}
	return sum / n
}

// median is the middle choice, or the mean of the two in the middle.
func median(c surveys.Counts) float64 {
	n := c.N()
	return (choiceAt(c, (n-1)/2) + choiceAt(c, n/2)) / 2
}

// choiceAt is the choice at a place of the answers in order, from 0 on.
func choiceAt(c surveys.Counts, at int64) float64 {
	for score, k := range c {
		if at -= k; at < 0 {
			return float64(score)
		}
	}
	return 0
}
