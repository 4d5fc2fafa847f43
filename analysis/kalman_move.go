package analysis

import (
	"math"

	"github.com/harkhq/hark/analysis/internal/dist"
)

// Move is how far a level went between two steps, and how sure that is.
type Move struct {
	Difference float64 // the later level minus the earlier one
	Variance   float64 // of that difference; 0 for a level that does not move (Q = 0)
}

// Between returns the move of the smoothed level from one step to another, either
// being the earlier. The two levels are estimated from the same answers, so the
// variance of their difference is not the sum of theirs: with C(j) the smoother's
// gain P(j)/(P(j)+Q),
//
//	Cov(μ(s), μ(t)) = C(s)·C(s+1)⋯C(t−1)·Var μ(t),  s < t
//
// (de Jong & MacKinnon 1988, Biometrika 75:601); a step before the first observation
// is as far from the later ones as that one. Steps outside the series are
// refused.
func (l Level) Between(from, to int) (Move, error) {
	for _, step := range []int{from, to} {
		if step < 0 || step >= min(len(l.Smooth), len(l.SmoothVar), len(l.FilteredVar)) {
			return Move{}, Refuse("step", "%d is not one of %d", step, len(l.Smooth))
		}
	}
	early, late := min(from, to), max(from, to)
	covariance := l.SmoothVar[late]
	for t := max(early, l.first); t < late; t++ {
		covariance *= l.FilteredVar[t] / (l.FilteredVar[t] + l.Q)
	}
	return Move{
		Difference: l.Smooth[to] - l.Smooth[from],
		Variance:   math.Max(0, l.SmoothVar[from]+l.SmoothVar[to]-2*covariance),
	}, nil
}

// DropOver is the probability that the level fell by more than the points, given
// the answers and Q. It is 0 or 1 for a level that does not move. Points that are
// not a number are refused, and so is a move that has none.
func (m Move) DropOver(points float64) (float64, error) {
	if math.IsNaN(points) {
		return 0, Refuse("points", "%v is not a number", points)
	}
	if !(m.Variance >= 0) || math.IsInf(m.Variance, 0) || math.IsNaN(m.Difference) || math.IsInf(m.Difference, 0) {
		return 0, Refuse("move", "%+v is none", m)
	}
	beyond := -m.Difference - points
	if m.Variance == 0 {
		if beyond > 0 {
			return 1, nil
		}
		return 0, nil
	}
	return dist.Normal(beyond / math.Sqrt(m.Variance)), nil
}
