package simulate

import (
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// outcome is one way in which n people can have answered.
type outcome struct{ detractors, passives, promoters int }

// outcomes are all ways for n answers: (n+1)(n+2)/2 of them.
func outcomes(n int) []outcome {
	list := make([]outcome, 0, (n+1)*(n+2)/2)
	for bad := range n + 1 {
		for good := range n + 1 - bad {
			list = append(list, outcome{bad, n - bad - good, good})
		}
	}
	return list
}

// counts gives each band one score.
func (o outcome) counts() surveys.Counts {
	return surveys.Counts{3: int64(o.detractors), 7: int64(o.passives), 9: int64(o.promoters)}
}

// chances are the multinomial probabilities of the outcomes of n answers.
func (p population) chances(list []outcome, n int) []float64 {
	power := func(share float64, k int) float64 {
		if k == 0 {
			return 0
		}
		return float64(k) * math.Log(share)
	}
	factorial := make([]float64, n+1)
	for k := 1; k <= n; k++ {
		factorial[k] = factorial[k-1] + math.Log(float64(k))
	}
	chances := make([]float64, len(list))
	for i, o := range list {
		chances[i] = math.Exp(factorial[n] - factorial[o.detractors] - factorial[o.passives] - factorial[o.promoters] +
			power(p.detractors, o.detractors) + power(1-p.promoters-p.detractors, o.passives) + power(p.promoters, o.promoters))
	}
	return chances
}

// students is the t interval of the mean of −1, 0 and +1, which other products
// use and Hark does not offer for NPS.
const students analysis.Method = analysis.StudentT

// intervalOf is the 95 % interval of an outcome by a method, in points.
func intervalOf(method analysis.Method, o outcome) (low, high float64, err error) {
	if method == students {
		// The mean of scores 1, 2 and 3 is that of −1, 0 and +1, plus two.
		e, err := analysis.Score(surveys.CSAT, surveys.Counts{1: int64(o.detractors), 2: int64(o.passives), 3: int64(o.promoters)}, 0.95)
		if err != nil || e.MeanIn == nil {
			return 0, 0, err
		}
		return 100 * (e.MeanIn.Low - 2), 100 * (e.MeanIn.High - 2), nil
	}
	in, err := analysis.IntervalBy(method, surveys.NPS, o.counts(), 0.95)
	return in.Low, in.High, err
}

// coverage is how often an interval holds the true score, over populations.
type coverage struct{ mean, least float64 }

// rounding is by how much an interval may miss the truth by the last digits.
const rounding = 1e-9

// covered enumerates every way in which n people can answer, so it has no error
// of its own: the result is the chance that the method's interval holds the
// truth, averaged over the populations and at the worst of them.
func covered(method analysis.Method, n int, truths []population) (coverage, error) {
	list := outcomes(n)
	low, high := make([]float64, len(list)), make([]float64, len(list))
	for i, o := range list {
		var err error
		if low[i], high[i], err = intervalOf(method, o); err != nil {
			return coverage{}, err
		}
	}
	result := coverage{least: 1}
	for _, p := range truths {
		var held float64
		for i, chance := range p.chances(list, n) {
			if e := p.nps(); low[i]-rounding <= e && e <= high[i]+rounding {
				held += chance
			}
		}
		result.mean += held / float64(len(truths))
		result.least = min(result.least, held)
	}
	return result, nil
}
