package analysis

import (
	"math"
	"slices"

	"github.com/harkhq/hark/surveys"
)

// maxSteps bounds the exact search for changes, whose work may grow with the
// square of the steps: ten years of weeks. A report with a longer history looks
// for changes in its last ten years only.
const maxSteps = 520

// ChangePoints returns the indices at which the answers' distribution over the
// metric's bands changes: a change at i lies between bucket i−1 and bucket i, or
// the empty buckets before i. It minimises exactly, by dynamic programming
// (optimal partitioning with the pruning of Killick, Fearnhead & Eckley 2012,
// which gives the same answer),
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
	table := make([]bands, len(buckets))
	filled := 0
	for i := range buckets {
		table[i] = bandsOf(m.Scale(), buckets[i])
		if table[i].n() > 0 {
			filled++
		}
	}
	if err := checkSearch(filled, penalty); err != nil {
		return nil, err
	}
	return changePoints(table, penalty), nil
}

// LevelChanges is [ChangePoints] for values with known errors, such as means or
// rates: the indices at which their level changes, with the normal cost
//
//	Σ over segments of Σ (x − x̄)²/v, x̄ weighted by 1/v  +  penalty · (number of changes)
//
// A penalty of 3·ln T ([DefaultLevelPenalty]) is right where v is the variance of
// the values' own errors. 2·ln T, the usual BIC, splits a stable series that
// varies somewhat more than chance. Missing observations are passed over; no
// observation, over 520, or one that is not finite with a positive variance, is
// refused.
func LevelChanges(observations []Observation, penalty float64) ([]int, error) {
	if err := checkObservations(observations); err != nil {
		return nil, err
	}
	where := make([]int, 0, len(observations))
	sums := make([]moments, 1, len(observations)+1)
	origin := math.NaN()
	for i, o := range observations {
		if o.Missing {
			continue
		}
		if len(where) == 0 {
			origin = o.Value // sums of squares about a value of the series keep their digits
		}
		where = append(where, i)
		sums = append(sums, sums[len(sums)-1].add(o.Value-origin, 1/o.Variance))
	}
	if err := checkSearch(len(where), penalty); err != nil {
		return nil, err
	}
	cuts := partition(len(where), penalty, func(from, to int) float64 { return sums[to].spread(sums[from]) })
	for i, cut := range cuts {
		cuts[i] = where[cut]
	}
	return cuts, nil
}

// DefaultPenalty is 4·ln T for T buckets with answers, and never under that of 52:
// who reads a young survey every Monday looks at all its ages, so that a year's
// penalty is due from the first week on.
func DefaultPenalty(buckets int) float64 {
	return 4 * math.Log(float64(max(yearOfWeeks/7, buckets)))
}

// DefaultLevelPenalty is 3·ln T for T observations.
func DefaultLevelPenalty(observations int) float64 {
	return 3 * math.Log(float64(max(2, observations)))
}

func checkSearch(steps int, penalty float64) error {
	if !(penalty > 0) {
		return Refuse("penalty", "%v is not positive", penalty)
	}
	if steps > maxSteps {
		return Refuse("buckets", "%d are more than %d: take wider ones", steps, maxSteps)
	}
	return nil
}

func changePoints(table []bands, penalty float64) []int {
	where := make([]int, 0, len(table)) // index in table of each bucket with answers
	sums := make([]bands, 1, len(table)+1)
	for i, b := range table {
		if b.n() > 0 {
			where = append(where, i)
			sums = append(sums, sums[len(sums)-1].add(b))
		}
	}
	cuts := partition(len(where), penalty, func(from, to int) float64 { return segmentCost(sums[from], sums[to]) })
	for i, cut := range cuts {
		cuts[i] = where[cut]
	}
	return cuts
}

// partition returns the cuts of 0…steps whose segments cost least together with a
// penalty for each cut; a segment [from, to) must not become cheaper than its parts.
//
// best(t), the least cost up to t, is the least of best(s) + penalty + cost(s, t).
// A start s is dropped once best(s) + cost(s, t) ≥ best(t): starting at t instead
// is then never worse, whatever comes.
func partition(steps int, penalty float64, cost func(from, to int) float64) []int {
	best := make([]float64, steps+1)
	last := make([]int, steps+1)
	best[0] = -penalty
	starts, costs := make([]int, 0, steps+1), make([]float64, 0, steps+1)
	for t := 1; t <= steps; t++ {
		starts = append(starts, t-1)
		costs = costs[:0]
		best[t] = math.Inf(1)
		for _, s := range starts {
			c := best[s] + cost(s, t)
			costs = append(costs, c)
			if c+penalty < best[t] {
				best[t], last[t] = c+penalty, s
			}
		}
		kept := starts[:0]
		for i, s := range starts {
			if costs[i] < best[t] {
				kept = append(kept, s)
			}
		}
		starts = kept
	}
	var cuts []int
	for t := last[steps]; t > 0; t = last[t] {
		cuts = append(cuts, t)
	}
	slices.Reverse(cuts)
	return cuts
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

// moments are running sums of weights, weighted values and weighted squares.
type moments struct{ w, x, xx float64 }

func (m moments) add(x, w float64) moments {
	return moments{w: m.w + w, x: m.x + w*x, xx: m.xx + w*x*x}
}

// spread is the weighted sum of squares about the weighted mean of what came since.
func (m moments) spread(since moments) float64 {
	w, x := m.w-since.w, m.x-since.x
	return math.Max(0, m.xx-since.xx-x*x/w)
}
