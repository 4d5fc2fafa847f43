package analysis

import (
	"math"

	"github.com/harkhq/hark/surveys"
)

// maxSteps bounds the exact search for changes, whose work grows with the
// square of the steps: ten years of weeks.
const maxSteps = 520

// ChangePoints returns the indices at which the answers' distribution over the
// metric's bands changes: a change at i lies between bucket i−1 and bucket i, or
// the empty buckets before i. It minimises exactly, by dynamic programming,
//
//	Σ over segments of −2·Σ_k N_k·ln(N_k/N)  +  penalty · (number of changes)
//
// the multinomial likelihood of the counts, which needs no normal approximation.
// A penalty of 4·ln T, T the number of buckets with answers, finds none in a
// stable series that varies somewhat more than chance ([DefaultPenalty]); over
// 520 such buckets, or a penalty that is not positive, is refused.
func ChangePoints(m surveys.Metric, buckets []surveys.Counts, penalty float64) ([]int, error) {
	if err := checkCounts(m, buckets...); err != nil {
		return nil, err
	}
	if !(penalty > 0) {
		return nil, refuse("penalty", "%v is not positive", penalty)
	}
	table := make([]bands, len(buckets))
	filled := 0
	for i := range buckets {
		table[i] = bandsOf(m.Scale(), buckets[i])
		if table[i].n() > 0 {
			filled++
		}
	}
	if filled > maxSteps {
		return nil, refuse("buckets", "%d are more than %d: take wider ones", filled, maxSteps)
	}
	return changePoints(table, penalty), nil
}

// DefaultPenalty is 4·ln T for T buckets with answers.
func DefaultPenalty(buckets int) float64 { return 4 * math.Log(float64(max(2, buckets))) }

func changePoints(table []bands, penalty float64) []int {
	where := make([]int, 0, len(table)) // index in table of each bucket with answers
	sums := make([]bands, 1, len(table)+1)
	for i, b := range table {
		if b.n() > 0 {
			where = append(where, i)
			sums = append(sums, sums[len(sums)-1].add(b))
		}
	}
	steps := len(where)
	best := make([]float64, steps+1)
	last := make([]int, steps+1)
	best[0] = -penalty
	for t := 1; t <= steps; t++ {
		best[t] = math.Inf(1)
		for s := range t {
			if cost := best[s] + penalty + segmentCost(sums[s], sums[t]); cost < best[t] {
				best[t], last[t] = cost, s
			}
		}
	}
	var changes []int
	for t := last[steps]; t > 0; t = last[t] {
		changes = append([]int{where[t]}, changes...)
	}
	return changes
}

// segmentCost is −2 times the log-likelihood of the answers between two running
// sums at their own shares.
func segmentCost(from, to bands) float64 {
	b := to.minus(from)
	return 2 * (entropy(b.n()) - entropy(b.bad) - entropy(b.mid) - entropy(b.good))
}

// entropy is n·ln n, 0 at 0.
func entropy(n int64) float64 {
	if n == 0 {
		return 0
	}
	return float64(n) * math.Log(float64(n))
}
