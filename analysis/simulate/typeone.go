package simulate

import (
	"math"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// test decides whether two groups differ, at 5 %.
type test func(a, b outcome) (bool, error)

// adjusted is Hark's test.
func adjusted(a, b outcome) (bool, error) {
	d, err := analysis.Compare(surveys.NPS, a.counts(), b.counts(), 0.95)
	return d.P < 0.05, err
}

// plain is the textbook's: e ± 1.96·√(v/n) without adding anything. Two unanimous
// groups that disagree differ to it beyond any doubt.
func plain(a, b outcome) (bool, error) {
	moments := func(o outcome) (e, v float64) {
		n := float64(o.detractors + o.passives + o.promoters)
		good, bad := float64(o.promoters)/n, float64(o.detractors)/n
		return good - bad, (good + bad - (good-bad)*(good-bad)) / n
	}
	ea, va := moments(a)
	eb, vb := moments(b)
	return math.Abs(ea-eb) > 1.959963984540054*math.Sqrt(va+vb)+rounding, nil
}

// falsehood is how often a test finds a difference where there is none, over
// populations.
type falsehood struct{ mean, most float64 }

// falselyDifferent enumerates every way in which two groups of a and b people,
// both from one population, can answer; once for two lists of populations.
func falselyDifferent(t test, a, b int, first, second []population) ([2]falsehood, error) {
	truths := slices.Concat(first, second)
	left, right := outcomes(a), outcomes(b)
	chancesA, chancesB := make([][]float64, len(truths)), make([][]float64, len(truths))
	for i, p := range truths {
		chancesA[i], chancesB[i] = p.chances(left, a), p.chances(right, b)
	}
	called := make([]float64, len(truths))
	hits := make([]int, 0, len(right))
	for i, one := range left {
		hits = hits[:0]
		for j, other := range right {
			differ, err := t(one, other)
			if err != nil {
				return [2]falsehood{}, err
			}
			if differ {
				hits = append(hits, j)
			}
		}
		for p := range truths {
			var sum float64
			for _, j := range hits {
				sum += chancesB[p][j]
			}
			called[p] += chancesA[p][i] * sum
		}
	}
	return [2]falsehood{summary(called[:len(first)]), summary(called[len(first):])}, nil
}

func summary(called []float64) falsehood {
	var f falsehood
	for _, share := range called {
		f.mean += share / float64(len(called))
		f.most = max(f.most, share)
	}
	return f
}
