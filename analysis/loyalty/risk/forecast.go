package risk

import (
	"cmp"
	"math"
	"slices"

	"github.com/harkhq/hark/analysis/internal/dist"
)

// forecast is what a model said of one person, and what came.
type forecast struct {
	linear float64 // log odds
	risk   float64 // 0…1
	lost   float64 // 1 or 0
}

// forecasts of cases, in order of the risk.
func (m Logit) forecasts(cases []Case) []forecast {
	list := make([]forecast, len(cases))
	for i, c := range cases {
		list[i].linear = m.linear(c.X)
		list[i].risk = dist.Logistic(list[i].linear)
		if c.Lost {
			list[i].lost = 1
		}
	}
	slices.SortStableFunc(list, func(a, b forecast) int { return cmp.Compare(a.linear, b.linear) })
	return list
}

// brier is the mean squared error of the risks (Brier 1950): Σ(p−y)²/n.
func brier(list []forecast) float64 {
	var sum float64
	for _, f := range list {
		sum += (f.risk - f.lost) * (f.risk - f.lost)
	}
	return sum / float64(len(list))
}

// auc is an area under the ROC curve with its variance.
type auc struct {
	value, variance float64
	lost, stayed    float64
}

// area is the chance that of two people, one who left and one who stayed, the
// model gave the former the higher risk, equal risks counting one half
// (Mann–Whitney's U), with the variance of DeLong, DeLong & Clarke-Pearson
// (1988): S₁₀/m + S₀₁/n over each person's share of pairs that are right. Where
// nobody left or stayed it is ½ without a variance. The list is in order of risk.
func area(list []forecast) auc {
	var a auc
	for _, f := range list {
		a.lost += f.lost
	}
	a.stayed = float64(len(list)) - a.lost
	if a.lost == 0 || a.stayed == 0 {
		return auc{value: 0.5, lost: a.lost, stayed: a.stayed}
	}
	var lost, stayed dist.Sample // of the shares of pairs that are right
	var lostBelow, stayedBelow float64
	for i := 0; i < len(list); {
		end, lostHere := i, 0.0
		for ; end < len(list) && list[end].linear == list[i].linear; end++ {
			lostHere += list[end].lost
		}
		stayedHere := float64(end-i) - lostHere
		lost.Add((stayedBelow+stayedHere/2)/a.stayed, lostHere)
		stayed.Add((a.lost-lostBelow-lostHere/2)/a.lost, stayedHere)
		lostBelow, stayedBelow = lostBelow+lostHere, stayedBelow+stayedHere
		i = end
	}
	a.value = lost.Mean
	a.variance = lost.Variance()/a.lost + stayed.Variance()/a.stayed
	return a
}

// interval is taken on the log odds of the area, so that it stays within 0…1.
// An area of 0 or 1 has no variance of its own: one half of a pair is taken from
// it, and Hanley & McNeil's (1982) variance for that.
func (a auc) interval(confidence float64) (low, high float64) {
	v, variance := a.value, a.variance
	if pairs := a.lost * a.stayed; variance == 0 || v <= 0 || v >= 1 {
		v = (v*pairs + 0.5) / (pairs + 1)
		q1, q2 := v/(2-v), 2*v*v/(1+v)
		variance = (v*(1-v) + (a.lost-1)*(q1-v*v) + (a.stayed-1)*(q2-v*v)) / pairs
	}
	odds := math.Log(v / (1 - v))
	half := dist.Z(confidence) * math.Sqrt(max(0, variance)) / (v * (1 - v))
	return dist.Logistic(odds - half), dist.Logistic(odds + half)
}
