package survival

import (
	"slices"
	"sort"

	"gonum.org/v1/gonum/floats"

	"github.com/harkhq/hark/analysis/loyalty/internal/fit"
)

// concordance is Harrell's C (1982): over pairs of which one is known to have
// left before the other, the share in which the model gave that one the higher
// risk; equal risks count one half. Subjects come longest first. It takes
// n·log n steps: a tree over the ranks of the risk counts those who stayed
// longer. Without a pair it is 0.5.
func concordance(subjects []Subject, design *fit.Design, beta []float64) float64 {
	risk := make([]float64, len(subjects))
	for i := range subjects {
		risk[i] = floats.Dot(beta, design.Row(i))
	}
	levels := slices.Clone(risk)
	slices.Sort(levels)
	levels = slices.Compact(levels)
	rank := func(i int) int { return sort.SearchFloat64s(levels, risk[i]) }
	longer := make(ranks, len(levels)+1)
	var below, equal, pairs float64
	n := 0 // in longer
	for i := 0; i < len(subjects); {
		end := i
		for end < len(subjects) && subjects[end].Time == subjects[i].Time {
			end++
		}
		// Whoever stays at the same duration outlived those who left at it.
		for j := i; j < end; j++ {
			if subjects[j].Outcome == Staying {
				longer.add(rank(j))
				n++
			}
		}
		for j := i; j < end; j++ {
			if subjects[j].Outcome == Left {
				lower := longer.upTo(rank(j) - 1)
				below += float64(lower)
				equal += float64(longer.upTo(rank(j)) - lower)
				pairs += float64(n)
			}
		}
		for j := i; j < end; j++ {
			if subjects[j].Outcome == Left {
				longer.add(rank(j))
				n++
			}
		}
		i = end
	}
	if pairs == 0 {
		return 0.5
	}
	return (below + equal/2) / pairs
}

// ranks is a Fenwick tree: how many were added at each rank, summed from below.
type ranks []int

func (r ranks) add(rank int) {
	for i := rank + 1; i < len(r); i += i & -i {
		r[i]++
	}
}

// upTo counts those added at rank or below.
func (r ranks) upTo(rank int) int {
	n := 0
	for i := rank + 1; i > 0; i -= i & -i {
		n += r[i]
	}
	return n
}
