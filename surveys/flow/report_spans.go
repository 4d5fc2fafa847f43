package flow

import (
	"slices"
	"sort"

	"github.com/harkhq/hark/analysis"
)

// known are the stretches of time whose scores a reader may learn: those that are
// shown, and those that follow from them. A score and its number of answers are a
// sum, so whoever knows the week and six of its days knows the seventh. With the
// answers counted up day by day, each score that is shown ties two of these counts
// together, and the reader knows whatever lies between two counts that are tied.
type known struct {
	days []analysis.Day
	sums []int64 // answers before and on each of the days
	tied map[int64]*tie
}

// tie are counts that are tied together.
type tie struct{ sums []int64 }

func newKnown(days []analysis.DayCounts) *known {
	k := &known{tied: make(map[int64]*tie)}
	days = slices.Clone(days)
	slices.SortStableFunc(days, func(a, b analysis.DayCounts) int { return int(a.Day - b.Day) })
	var sum int64
	for i := range days {
		sum += days[i].Counts.N()
		k.days, k.sums = append(k.days, days[i].Day), append(k.sums, sum)
	}
	return k
}

// before is how many answers came before a day.
func (k *known) before(day analysis.Day) int64 {
	at := sort.Search(len(k.days), func(i int) bool { return k.days[i] >= day })
	if at == 0 {
		return 0
	}
	return k.sums[at-1]
}

// admit shows the score of [from, to) and reports true, unless by it and all that
// was admitted before somebody would learn of fewer answers than may be shown.
func (k *known) admit(from, to analysis.Day) bool {
	a, b := k.before(from), k.before(to)
	if b-a < least {
		return a == b
	}
	one, other := k.of(a), k.of(b)
	if one == other {
		return true // it follows from what is shown
	}
	if len(one.sums) > len(other.sums) {
		one, other = other, one
	}
	for _, sum := range one.sums {
		for by := int64(1); by < least; by++ {
			if k.tied[sum-by] == other || k.tied[sum+by] == other {
				return false
			}
		}
	}
	for _, sum := range one.sums {
		k.tied[sum] = other
	}
	other.sums = append(other.sums, one.sums...)
	return true
}

// follows reports whether the score of [from, to) follows from what was admitted.
func (k *known) follows(from, to analysis.Day) bool {
	return k.of(k.before(from)) == k.of(k.before(to))
}

// of is what a count is tied to: at first, itself.
func (k *known) of(sum int64) *tie {
	if k.tied[sum] == nil {
		k.tied[sum] = &tie{sums: []int64{sum}}
	}
	return k.tied[sum]
}

// known is what a reader knows of the days from one on: the period, the earlier
// one, the longer steps, which are one press away, and the trend's own. Long before
// short and late before early, so that every view of the report shows the same; of a
// trend and the one a year before it, those between the two as well.
func (g guard) known(from analysis.Day, by analysis.Bucketing) *known {
	k := newKnown(g.in.Days)
	k.admit(g.in.From, g.in.To)
	earlier := g.in.Against.Span(g.in.From, g.in.To)
	k.admit(earlier.From, earlier.To)
	steps := analysis.Bucketings()
	slices.Reverse(steps)
	for _, step := range steps {
		for start := step.Start(g.in.To - 1); step.Next(start) > from && start >= g.first; start = step.Start(start - 1) {
			if end := min(step.Next(start), g.in.To); !g.givesAway(start, end) {
				k.admit(start, end)
			}
		}
		if step == by {
			break
		}
	}
	return k
}
