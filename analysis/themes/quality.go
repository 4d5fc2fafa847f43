package themes

import (
	"cmp"
	"math"
	"slices"

	"github.com/harkhq/hark/analysis/internal/dist"
)

// judged is one held-out comment: its class, and how far to the good side it was
// put.
type judged struct {
	class  class
	margin float64
}

// auc is the chance that a good comment is ranked above a bad one, ties counting
// half, whatever stands in the middle left out: the Mann–Whitney statistic over n_good·n_bad, from mid-ranks.
func auc(all []judged) float64 {
	sorted := sides(all)
	slices.SortStableFunc(sorted, func(a, b judged) int { return cmp.Compare(a.margin, b.margin) })
	var rankSum, good float64
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j].margin == sorted[i].margin {
			j++
		}
		rank := float64(i+j+1) / 2
		for _, one := range sorted[i:j] {
			if one.class == isGood {
				rankSum += rank
				good++
			}
		}
		i = j
	}
	bad := float64(len(sorted)) - good
	if good == 0 || bad == 0 {
		return 0.5
	}
	return (rankSum - good*(good+1)/2) / (good * bad)
}

// aucInterval is Hanley & McNeil's (1982) interval of an area a under the curve,
//
//	SE² = [a(1−a) + (n₁−1)(Q₁−a²) + (n₂−1)(Q₂−a²)] / (n₁n₂), Q₁ = a/(2−a), Q₂ = 2a²/(1+a)
//
// clipped to 0…1.
func aucInterval(a, good, bad, confidence float64) (low, high float64) {
	q1, q2 := a/(2-a), 2*a*a/(1+a)
	variance := (a*(1-a) + (good-1)*(q1-a*a) + (bad-1)*(q2-a*a)) / (good * bad)
	half := dist.Z(confidence) * math.Sqrt(math.Max(variance, 0))
	return math.Max(a-half, 0), math.Min(a+half, 1)
}

// sides are those that are bad or good.
func sides(all []judged) []judged {
	return slices.DeleteFunc(slices.Clone(all), func(one judged) bool { return one.class == isMiddle })
}

// rightSide is the share of bad and good ones on their side of zero; on zero counts
// half.
func rightSide(all []judged) float64 {
	all = sides(all)
	var right float64
	for _, one := range all {
		switch {
		case one.margin == 0:
			right += 0.5
		case (one.margin > 0) == (one.class == isGood):
			right++
		}
	}
	return right / math.Max(float64(len(all)), 1)
}

// measure fills in what a classifier makes of held-out scores, k a comment.
func (q *Quality) measure(c *classifier, truth []class, scores []float64) {
	all := make([]judged, len(truth))
	var table [3][3]float64 // truth × said
	var decided, right float64
	k := len(c.classes)
	for i, class := range truth {
		own := scores[i*k : (i+1)*k]
		all[i] = judged{class, own[k-1] - own[0]}
		said := c.classes[0]
		for j := range own {
			if own[j] > own[slices.Index(c.classes, said)] {
				said = c.classes[j]
			}
		}
		table[class][said]++
		if tone, _ := c.feel(own); tone != Neutral {
			decided++
			if (tone == Positive) == (class == isGood) && class != isMiddle {
				right++
			}
		}
	}
	n := float64(len(truth))
	count := func(c class) float64 { return table[c][isBad] + table[c][isMiddle] + table[c][isGood] }
	bad, middle, good := count(isBad), count(isMiddle), count(isGood)
	q.N, q.Bad, q.Middle = len(truth), int(bad), int(middle)
	q.Base = max(bad, middle, good) / n
	q.Accuracy = (table[isBad][isBad] + table[isMiddle][isMiddle] + table[isGood][isGood]) / n
	for _, class := range c.classes {
		hits := table[class][class]
		said := table[isBad][class] + table[isMiddle][class] + table[isGood][class]
		q.MacroF1 += f1(hits, count(class)-hits, said-hits) / float64(k)
	}
	q.Sides, q.AUC = rightSide(all), auc(all)
	q.AUCLow, q.AUCHigh = aucInterval(q.AUC, good, bad, 0.95)
	q.Decided, q.Right = decided/n, right/math.Max(decided, 1)
}

// f1 is 2·hits/(2·hits + missed + false alarms); 0 without hits.
func f1(hits, missed, alarms float64) float64 {
	if hits == 0 {
		return 0
	}
	return 2 * hits / (2*hits + missed + alarms)
}

// coldQuality measures VADER's compounds of the same comments.
func coldQuality(compounds []float64, truth []class) *Cold {
	all := make([]judged, len(truth))
	for i, compound := range compounds {
		all[i] = judged{truth[i], compound}
	}
	return &Cold{Sides: rightSide(all), AUC: auc(all)}
}

// calibrate finds the scale at which softmax(scale·scores) fits held-out comments
// best, all classes counting alike: the zero of the loss's slope, by halving
// (temperature scaling, Guo et al. 2017). A model that learned from little is sure
// of little; this puts its certainty where its hits are.
func calibrate(y []int, scores []float64, k int) float64 {
	weight := make([]float64, k)
	for _, c := range y {
		weight[c]++
	}
	slope := func(scale float64) float64 {
		var sum float64
		scaled := make([]float64, k)
		for i, c := range y {
			own := scores[i*k : (i+1)*k]
			for j, s := range own {
				scaled[j] = scale * s
			}
			total := logSum(scaled)
			d := -own[c]
			for j, s := range own {
				d += s * math.Exp(scaled[j]-total)
			}
			sum += d / weight[c]
		}
		return sum
	}
	low, high := 0.05, 20.0
	for range 30 {
		middle := math.Sqrt(low * high)
		if slope(middle) < 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return math.Sqrt(low * high)
}
