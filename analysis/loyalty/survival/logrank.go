package survival

import (
	"gonum.org/v1/gonum/mat"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/dist"
	"github.com/harkhq/hark/analysis/loyalty/internal/fit"
)

// Why a test or a regression is refused.
const (
	TooFewEvents = fit.TooFewEvents // Have events of Need
	Constant     = fit.Constant     // everybody has the same value of the feature Name
	Collinear    = fit.Collinear    // the feature Name follows from those before it
	Separated    = fit.Separated    // the features tell the outcomes apart without an error: no estimate exists
)

// LogRank is the test that all groups share one curve.
type LogRank struct {
	ChiSquare float64   `json:"chi_square"`
	DF        int       `json:"df"`
	P         float64   `json:"p"`
	Observed  []int64   `json:"observed"` // who left, by group
	Expected  []float64 `json:"expected"` // who would have, had all groups the same curve
}

// TestCurves is the log-rank test (Mantel 1966): at each duration at which d of
// n left, a group with n_g at risk would lose d·n_g/n, with the hypergeometric
// covariance d(n−d)/(n−1)·(n_g/n)(δ_gh − n_h/n);
//
//	χ² = (O−E)'·V⁻¹·(O−E), groups − 1 degrees of freedom.
//
// Groups without anybody count for nothing. Under two groups with people is an
// input error; nobody gone, or at no time two groups at risk, is refused.
func TestCurves(groups []Lifetimes) (LogRank, error) {
	filled := 0
	for _, g := range groups {
		if len(g.at) > 0 {
			filled++
		}
	}
	if filled < 2 {
		return LogRank{}, analysis.Refuse("groups", "a test needs two groups with people, not %d", filled)
	}
	test, variance := accumulate(groups)
	keep := informative(variance)
	if len(keep) < 2 {
		return LogRank{}, &analysis.Refusal{Reason: TooFewEvents, Have: 0, Need: 1}
	}
	// The covariance has rank groups − 1: one group follows from the others.
	keep = keep[:len(keep)-1]
	v := mat.NewSymDense(len(keep), nil)
	d := mat.NewVecDense(len(keep), nil)
	for i, g := range keep {
		d.SetVec(i, float64(test.Observed[g])-test.Expected[g])
		for j, h := range keep {
			v.SetSym(i, j, variance.At(g, h))
		}
	}
	var chol mat.Cholesky
	var solved mat.VecDense
	if !chol.Factorize(v) || chol.SolveVecTo(&solved, d) != nil {
		return LogRank{}, &analysis.Refusal{Reason: TooFewEvents, Have: float64(len(keep)), Need: float64(filled)}
	}
	test.ChiSquare, test.DF = max(0, mat.Dot(d, &solved)), len(keep)
	test.P = dist.ChiSquareTail(test.ChiSquare, test.DF)
	return test, nil
}

// accumulate adds up what was observed and expected, and its covariance.
func accumulate(groups []Lifetimes) (LogRank, *mat.SymDense) {
	k := len(groups)
	test := LogRank{Observed: make([]int64, k), Expected: make([]float64, k)}
	variance := mat.NewSymDense(k, nil)
	atRisk := make([]float64, k)
	var all Lifetimes
	var n float64
	for g := range groups {
		all.Merge(groups[g])
		atRisk[g] = float64(groups[g].People())
		n += atRisk[g]
	}
	for _, t := range all.durations() {
		e := all.at[t]
		d := float64(e.left)
		for g := range groups {
			test.Expected[g] += d * atRisk[g] / n
			test.Observed[g] += groups[g].at[t].left
		}
		if n > 1 && d > 0 {
			spread(variance, atRisk, n, d*(n-d)/(n-1))
		}
		for g := range groups {
			gone := groups[g].at[t]
			atRisk[g] -= float64(gone.left + gone.staying)
		}
		n -= float64(e.left + e.staying)
	}
	return test, variance
}

// spread adds one duration's covariance, c·(n_g/n)(δ_gh − n_h/n).
func spread(variance *mat.SymDense, atRisk []float64, n, c float64) {
	for g := range atRisk {
		for h := g; h < len(atRisk); h++ {
			share := -atRisk[h] / n
			if g == h {
				share++
			}
			variance.SetSym(g, h, variance.At(g, h)+c*atRisk[g]/n*share)
		}
	}
}

// informative are the groups that were ever at risk beside another.
func informative(variance *mat.SymDense) []int {
	var keep []int
	for g := range variance.SymmetricDim() {
		if variance.At(g, g) > 0 {
			keep = append(keep, g)
		}
	}
	return keep
}
