package analysis

import (
	"cmp"
	"math"
	"slices"

	"github.com/harkhq/hark/surveys"
)

// Change is a date at which the score moved for good.
type Change struct {
	At         Day       `json:"at"`       // the first day of the first bucket after the change: in a report, a Monday
	Earliest   Day       `json:"earliest"` // the change lies between the buckets of these two days …
	Latest     Day       `json:"latest"`   // … with the confidence asked for
	Before     float64   `json:"before"`
	After      float64   `json:"after"`
	BeforeIn   Interval  `json:"-"`          // of Before
	AfterIn    Interval  `json:"-"`          // of After
	Difference float64   `json:"difference"` // After − Before
	Low        float64   `json:"low"`
	High       float64   `json:"high"`
	P          float64   `json:"p"`
	Mix        *MixCheck `json:"mix,omitempty"`    // at a constant mix of who answered, where that was asked
	ByMix      bool      `json:"by_mix,omitempty"` // the mix explains over half of it; see MixCheck.Only
	Where      *Source   `json:"where,omitempty"`  // the segment that it came from
	from, to   Day       // the stretch of the two sides
	least      int64     // answers on the side that has fewer
	buckets    int       // on the side that has fewer
}

// ChangeOptions say which changes are told; zero fields mean the defaults.
type ChangeOptions struct {
	Penalty    float64 // of each change; default [DefaultPenalty]
	Confidence float64 // of the intervals; default 0.95
	Limits     Limits  // the smallest change, and the fewest answers on a side
}

// A change that is told is called real, so it must be as hard to take for one by
// chance as a verdict, also in a young survey that is looked at every Monday.
const (
	// leastAnswers and leastBuckets must lie on each side of a change: what one week
	// said, nobody knows to last.
	leastAnswers = 30
	leastBuckets = 2
)

// Changes finds all dates at which the answers changed by a size that matters, in
// buckets of any width: each DayCounts is one, its Day the bucket's first
// ([Bucketing.Cut] makes them). They may come in any order, and one day more than
// once; empty ones are passed over.
//
// The dates are those of [ChangePoints], the penalty times the square of Laney's
// factor of all buckets. What the likelihood finds beyond a real change of the score
// (a shift between bands that leaves it where it was, a small step in a large
// survey) is merged away, weakest first: a change has at least 30 answers and two
// buckets on each side, and its interval, stretched by Laney's factor and under 20
// buckets by half as much again, excludes zero. Before and after are the whole
// stretches up to the neighbouring changes, compared as by [Compare]. Earliest and
// Latest hold every date that the likelihood finds at most −2·ln(1−√confidence)
// worse than At (Hansen 2000, Econometrica 68:575; 7.35 at 95 %); a series that
// varies more than chance knows its dates less well than they say.
//
// Mix, ByMix and Where are not asked here; [Build] does. Over 520 buckets with
// answers are refused.
func Changes(m surveys.Metric, buckets []DayCounts, o ChangeOptions) ([]Change, error) {
	if err := checkCounts(m); err != nil {
		return nil, err
	}
	if err := checkSeries(m, buckets); err != nil {
		return nil, err
	}
	o.Confidence = cmp.Or(o.Confidence, 0.95)
	if err := CheckConfidence(o.Confidence); err != nil {
		return nil, err
	}
	if err := o.Limits.check(); err != nil {
		return nil, err
	}
	o.Limits = o.Limits.withDefaults()
	filled := withAnswers(sortedBuckets(m.Scale(), buckets))
	o.Penalty = cmp.Or(o.Penalty, DefaultPenalty(len(filled)))
	if err := checkSearch(len(filled), o.Penalty); err != nil {
		return nil, err
	}
	if len(filled) == 0 {
		return nil, nil
	}
	return findChanges(filled, filled[len(filled)-1].start+1, o), nil
}

// sortedBuckets are the buckets in order, those of one day together.
func sortedBuckets(s surveys.Scale, days []DayCounts) []bucket {
	ordered := slices.Clone(days)
	slices.SortStableFunc(ordered, func(a, b DayCounts) int { return cmp.Compare(a.Day, b.Day) })
	var buckets []bucket
	for _, d := range ordered {
		b := bandsOf(s, d.Counts)
		if last := len(buckets) - 1; last >= 0 && buckets[last].start == d.Day {
			buckets[last].bands = buckets[last].bands.add(b)
			continue
		}
		buckets = append(buckets, bucket{start: d.Day, bands: b})
	}
	return buckets
}

func withAnswers(weeks []bucket) []bucket {
	return slices.DeleteFunc(slices.Clone(weeks), func(w bucket) bool { return w.bands.n() == 0 })
}

// changes finds the changes of the weeks.
func (b *build) changes() []Change {
	weeks := withAnswers(b.weeks)
	return findChanges(weeks, b.in.To, ChangeOptions{
		Penalty: DefaultPenalty(len(weeks)), Confidence: b.in.Confidence, Limits: b.in.Limits})
}

// findChanges is [Changes] for buckets that are in order and have answers, and end
// at a day.
func findChanges(buckets []bucket, end Day, o ChangeOptions) []Change {
	table := make([]bands, len(buckets))
	sums := make([]bands, 1, len(buckets)+1)
	for i, b := range buckets {
		table[i] = b.bands
		sums[0].net = b.bands.net
		sums = append(sums, sums[i].add(b.bands))
	}
	if len(table) < 2*leastBuckets {
		return nil
	}
	unrest := unrestOf(table)
	stretch := unrest
	if len(table) < minBaseline {
		stretch *= unheard
	}
	cuts := changePoints(table, o.Penalty*unrest*unrest)
	for len(cuts) > 0 {
		changes := describe(buckets, sums, cuts, o.Confidence)
		changes[len(changes)-1].to = end
		weakest, ok := weakest(changes, o, stretch)
		if !ok {
			return changes
		}
		cuts = slices.Delete(cuts, weakest, weakest+1)
	}
	return nil
}

// unrestOf is Laney's factor of all buckets, by which they vary more than chance. A
// change is a step among many others, of which it knows little; one step alone says
// nothing.
func unrestOf(table []bands) float64 {
	o := DefaultControl()
	if o.Baseline = len(table); o.Baseline < 3 {
		return 1
	}
	chart, ok := control(table, o)
	if !ok {
		return 1
	}
	return chart.Inflation
}

// describe compares the stretches on both sides of each cut; sums are the running
// sums of the buckets.
func describe(buckets []bucket, sums []bands, cuts []int, confidence float64) []Change {
	changes := make([]Change, len(cuts))
	for i, cut := range cuts {
		from, to := 0, len(buckets)
		if i > 0 {
			from = cuts[i-1]
		}
		if i+1 < len(cuts) {
			to = cuts[i+1]
		}
		before, after := sums[cut].minus(sums[from]), sums[to].minus(sums[cut])
		d := compare(before, after, confidence)
		earliest, latest := dateRange(sums, from, to, confidence)
		changes[i] = Change{
			At: buckets[cut].start, Earliest: buckets[min(earliest, cut)].start, Latest: buckets[max(latest, cut)].start,
			Before: before.score(), After: after.score(),
			BeforeIn: before.defaultInterval(confidence), AfterIn: after.defaultInterval(confidence),
			Difference: d.Difference, Low: d.Low, High: d.High, P: d.P,
			from: buckets[from].start, least: min(before.n(), after.n()), buckets: min(cut-from, to-cut),
		}
		if to < len(buckets) {
			changes[i].to = buckets[to].start
		}
	}
	return changes
}

// dateRange returns the first and the last cut of [from, to) whose likelihood is
// not clearly worse than that of the best one.
func dateRange(sums []bands, from, to int, confidence float64) (earliest, latest int) {
	costs := make([]float64, to)
	least := math.Inf(1)
	for cut := from + 1; cut < to; cut++ {
		costs[cut] = segmentCost(sums[from], sums[cut]) + segmentCost(sums[cut], sums[to])
		least = math.Min(least, costs[cut])
	}
	worst := least - 2*math.Log(1-math.Sqrt(confidence))
	earliest = to
	for cut := from + 1; cut < to; cut++ {
		if costs[cut] <= worst {
			earliest, latest = min(earliest, cut), cut
		}
	}
	return earliest, latest
}

// weakest returns the least certain of the changes that should not be told;
// false when all should.
func weakest(changes []Change, o ChangeOptions, stretch float64) (int, bool) {
	weakest, found := 0, false
	for i, c := range changes {
		if !c.real(o, stretch) && (!found || c.P > changes[weakest].P) {
			weakest, found = i, true
		}
	}
	return weakest, found
}

// real reports whether the change may be called that.
func (c Change) real(o ChangeOptions, stretch float64) bool {
	d := Difference{Difference: c.Difference, Low: c.Low, High: c.High}
	return c.least >= max(leastAnswers, o.Limits.Hide) && c.buckets >= leastBuckets &&
		math.Abs(c.Difference) >= o.Limits.Change && c.P < 1-o.Confidence && d.stretched(stretch).Significant()
}

// explain asks for each change whether it is only mix, and where it came from.
func (b *build) explain(changes []Change) []Change {
	for i := range changes {
		c := &changes[i]
		groups := b.pairs(c.from, c.At, c.to)
		c.Mix = b.mixCheck(groups, c.Difference)
		c.ByMix = c.Mix.explains(c.Difference)
		if !c.ByMix {
			c.Where = b.where(groups)
		}
	}
	return changes
}

// inRange returns the changes of [from, to); never nil, for JSON.
func inRange(changes []Change, from, to Day) []Change {
	shown := make([]Change, 0, len(changes))
	for _, c := range changes {
		if c.At >= from && c.At < to {
			shown = append(shown, c)
		}
	}
	return shown
}
