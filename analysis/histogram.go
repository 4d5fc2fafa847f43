package analysis

import (
	"math"

	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/surveys"
)

// MeanDifference is a later or other mean choice minus an earlier or reference
// one, in steps of the scale.
type MeanDifference struct {
	Difference float64
	Low, High  float64
	Confidence float64
	T          float64
	DF         float64 // Welch–Satterthwaite's degrees of freedom
	P          float64 // two-sided
}

// CompareMeans is Welch's (1947) test of two mean choices with unequal variances,
// as b minus a, from the two histograms alone:
//
//	t = (x̄b − x̄a)/√(s²a/na + s²b/nb),  df = (s²a/na + s²b/nb)²/(Σ (s²/n)²/(n−1))
//
// A group of under two answers is refused. Where neither group varies, equal means
// have P 1 and no interval beyond 0; unequal ones are a [Refusal] for
// [NoVariation].
func CompareMeans(m surveys.Metric, a, b surveys.Counts, confidence float64) (MeanDifference, error) {
	if err := checkPair(m, a, b, 2); err != nil {
		return MeanDifference{}, err
	}
	if err := CheckConfidence(confidence); err != nil {
		return MeanDifference{}, err
	}
	before, after := sample(a), sample(b)
	w, varies := dist.Welch(before, after, confidence)
	if !varies {
		if before.Mean != after.Mean {
			return MeanDifference{}, &Refusal{Reason: NoVariation}
		}
		return MeanDifference{Confidence: confidence, DF: before.N + after.N - 2, P: 1}, nil
	}
	return MeanDifference{Difference: w.Difference, Low: w.Difference - w.Half, High: w.Difference + w.Half,
		Confidence: confidence, T: w.T, DF: w.DF, P: w.P}, nil
}

// checkPair refuses two groups that cannot be compared, or have under so many
// answers each.
func checkPair(m surveys.Metric, a, b surveys.Counts, least int64) error {
	if err := checkCounts(m, a, b); err != nil {
		return err
	}
	if n := min(a.N(), b.N()); n < least {
		return Refuse("counts", "a comparison needs %d answers on each side, one has %d", least, n)
	}
	return nil
}

// RankTest is the outcome of [MannWhitney].
type RankTest struct {
	U float64 // pairs in which b's choice is the higher, ties counting half
	// Superiority is U over all pairs: the chance that somebody of b chose higher
	// than somebody of a; 0.5 when neither did. On surveys.CES5 higher is worse.
	Superiority float64
	Z           float64 // corrected for ties and continuity
	P           float64 // two-sided
}

// MannWhitney is Wilcoxon's (1945) rank-sum test, whether one group's choices tend
// to be higher than the other's, from the two histograms alone: U with the normal
// approximation, corrected for ties and for continuity, as R's wilcox.test with
// exact = FALSE. Where all choices are the same, P is 1. A group without answers is
// refused.
func MannWhitney(m surveys.Metric, a, b surveys.Counts) (RankTest, error) {
	if err := checkPair(m, a, b, 1); err != nil {
		return RankTest{}, err
	}
	na, nb := float64(a.N()), float64(b.N())
	n := na + nb
	var below, u, ties float64
	for choice := range a {
		x, y := float64(a[choice]), float64(b[choice])
		u += y * (below + x/2)
		below += x
		ties += tie(x + y)
	}
	test := RankTest{U: u, Superiority: u / na / nb, P: 1}
	variance := na * nb / 12 * (n + 1 - ties/n/(n-1))
	if off := u - na*nb/2; variance > 0 && off != 0 {
		test.Z = math.Copysign(math.Max(0, math.Abs(off)-0.5), off) / math.Sqrt(variance)
		test.P = dist.TwoSided(test.Z)
	}
	return test, nil
}

// tie is t³ − t for t answers of one choice.
func tie(t float64) float64 { return t*t*t - t }

// TestRanks is Kruskal & Wallis' (1952) test that no group's choices tend to be
// higher than another's, corrected for ties. It knows that the choices have an
// order, which [TestGroups] does not, and so finds smaller differences between
// groups that differ along it. Groups without an answer are left out; under two
// groups or two choices there is nothing to tell apart, and P is 1. The groups must
// not overlap.
func TestRanks(m surveys.Metric, groups []surveys.Counts) (GlobalTest, error) {
	if err := checkCounts(m, groups...); err != nil {
		return GlobalTest{}, err
	}
	var total surveys.Counts
	rows := 0
	for _, g := range groups {
		total.Add(g)
		if g.N() > 0 {
			rows++
		}
	}
	var ranks [len(total)]float64 // the mean rank of each choice, about that of all
	var below, ties float64
	n := float64(total.N())
	for choice, k := range total {
		ranks[choice] = below + (float64(k)+1)/2 - (n+1)/2
		below += float64(k)
		ties += tie(float64(k))
	}
	shared := 1 - ties/tie(n)
	if rows < 2 || !(shared > 0) {
		return GlobalTest{P: 1}, nil
	}
	test := GlobalTest{DF: rows - 1}
	for _, g := range groups {
		var sum float64
		for choice, k := range g {
			sum += float64(k) * ranks[choice]
		}
		if size := float64(g.N()); size > 0 {
			test.ChiSquare += 12 / n / (n + 1) * sum * sum / size / shared
		}
	}
	test.P = dist.ChiSquareTail(test.ChiSquare, test.DF)
	return test, nil
}

// ShapeTest is the outcome of [KolmogorovSmirnov].
type ShapeTest struct {
	Gap float64 // D: the largest difference of the shares that chose so high or lower
	At  int     // the choice at which it is
	P   float64 // two-sided, from the limit distribution
}

// KolmogorovSmirnov tests whether two histograms have one shape, wherever they
// differ: D = max |Fa − Fb| with P from Kolmogorov's limit distribution at
// D·√(na·nb/(na+nb)). With choices as coarse as these P is an upper bound: what it
// calls different is. A group without answers is refused.
func KolmogorovSmirnov(m surveys.Metric, a, b surveys.Counts) (ShapeTest, error) {
	if err := checkPair(m, a, b, 1); err != nil {
		return ShapeTest{}, err
	}
	na, nb := float64(a.N()), float64(b.N())
	test := ShapeTest{At: m.Scale().Min}
	var x, y float64
	for choice := range a {
		x, y = x+float64(a[choice]), y+float64(b[choice])
		if gap := math.Abs(x/na - y/nb); gap > test.Gap+1e-15 {
			test.Gap, test.At = gap, choice
		}
	}
	test.P = kolmogorovTail(test.Gap * math.Sqrt(na/(na+nb)*nb))
	return test, nil
}

// kolmogorovTail is P(K > x) = 2·Σ (−1)^(k−1)·exp(−2k²x²), or for small x, where
// that series is slow, 1 − √(2π)/x·Σ exp(−(2k−1)²π²/(8x²)).
func kolmogorovTail(x float64) float64 {
	var sum float64
	switch {
	case x < 0.04: // the second series is under 1e-300
		return 1
	case x < 1:
		for k := 1.0; k < 20; k += 2 {
			sum += math.Exp(-k * k * math.Pi * math.Pi / (8 * x * x))
		}
		return 1 - math.Sqrt(2*math.Pi)/x*sum
	}
	sign := 2.0
	for k := 1.0; k < 20; k++ {
		sum += sign * math.Exp(-2*k*k*x*x)
		sign = -sign
	}
	return math.Max(0, sum)
}
