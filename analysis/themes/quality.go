package themes

import (
	"cmp"
	"math"
	"slices"

	"github.com/harkhq/hark/analysis/internal/dist"
)

// class is the side that a comment's score is on.
type class int

const (
	isBad class = iota
	isGood
)

// judged is one held-out comment: which side it is on, and how far to the good
// side it was put.
type judged struct {
	class  class
	margin float64
}

// auc is the chance that a good comment is ranked above a bad one, ties counting
// half: the Mann–Whitney statistic over n_good·n_bad, from mid-ranks.
func auc(all []judged) float64 {
	sorted := slices.Clone(all)
	slices.SortStableFunc(sorted, func(a, b judged) int { return cmp.Compare(a.margin, b.margin) })
	var rankSum, good float64
	for i := 0; i < len(sorted); {
		j := i
		for j < len(sorted) && sorted[j].margin == sorted[i].margin {
			j++
		}
		rank := float64(i+j+1) / 2
		for _, one := range sorted[i:j] {
			rankSum += rank * float64(one.class)
			good += float64(one.class)
		}
		i = j
	}
	bad := float64(len(all)) - good
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

// measure fills in what held-out judgements say, with the cut at margin zero and
// tones by the calibrated scale.
func (q *Quality) measure(all []judged, scale, shift float64) {
	var table [2][2]float64 // truth × said
	var decided, right float64
	for _, one := range all {
		truth, said := one.class, isBad
		if one.margin > 0 {
			said = isGood
		}
		table[truth][said]++
		switch toneOf(int(math.Round(1000 * (2*sigmoid(scale*one.margin+shift) - 1)))) {
		case Positive:
			decided++
			right += float64(truth)
		case Negative:
			decided++
			right += float64(1 - truth)
		}
	}
	n := float64(len(all))
	bad, good := table[0][0]+table[0][1], table[1][0]+table[1][1]
	q.N, q.Bad = len(all), int(bad)
	q.Base = math.Max(bad, good) / n
	q.Accuracy = (table[0][0] + table[1][1]) / n
	q.MacroF1 = (f1(table[0][0], table[0][1], table[1][0]) + f1(table[1][1], table[1][0], table[0][1])) / 2
	q.AUC = auc(all)
	q.AUCLow, q.AUCHigh = aucInterval(q.AUC, good, bad, 0.95)
	q.Decided = decided / n
	if decided > 0 {
		q.Right = right / decided
	}
}

// f1 is 2·hits/(2·hits + missed + false alarms); 0 without hits.
func f1(hits, missed, alarms float64) float64 {
	if hits == 0 {
		return 0
	}
	return 2 * hits / (2*hits + missed + alarms)
}

// coldQuality measures VADER's compounds of the same comments.
func coldQuality(compounds []float64, classes []class) *Cold {
	all := make([]judged, len(classes))
	var right float64
	for i, compound := range compounds {
		all[i] = judged{classes[i], compound}
		switch {
		case compound == 0:
			right += 0.5
		case (compound > 0) == (classes[i] == isGood):
			right++
		}
	}
	return &Cold{Accuracy: right / float64(len(classes)), AUC: auc(all)}
}

// calibrate fits P(good) = σ(scale·margin + shift) to held-out judgements, both
// classes counting alike (Platt 1999, with his smoothed targets), by Newton's
// method. A model that learned from little is sure of little; this puts its
// certainty where its hits are.
func calibrate(all []judged) (scale, shift float64) {
	var count [2]float64
	for _, one := range all {
		count[one.class]++
	}
	target := [2]float64{1 / (count[0] + 2), (count[1] + 1) / (count[1] + 2)}
	scale = 1
	for range 50 {
		var g1, g2, h11, h12, h22 float64
		for _, one := range all {
			k := one.class
			p := sigmoid(scale*one.margin + shift)
			c := 1 / count[k]
			d, h := c*(p-target[k]), c*p*(1-p)
			g1 += d * one.margin
			g2 += d
			h11 += h * one.margin * one.margin
			h12 += h * one.margin
			h22 += h
		}
		h11, h22 = h11+1e-9, h22+1e-9
		determinant := h11*h22 - h12*h12
		if !(determinant > 0) {
			break
		}
		s1, s2 := (h22*g1-h12*g2)/determinant, (h11*g2-h12*g1)/determinant
		size := math.Hypot(s1, s2)
		if size > 5 { // a step too far is one of the wrong curvature
			s1, s2 = 5*s1/size, 5*s2/size
		}
		scale, shift = scale-s1, shift-s2
		if size < 1e-9 {
			break
		}
	}
	if !(scale > 0) || math.IsInf(scale+shift, 0) || math.IsNaN(shift) {
		return 1, 0 // a few wild margins must not turn good into bad
	}
	return scale, shift
}
