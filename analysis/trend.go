package analysis

import (
	"cmp"
	"math"
	"slices"

	"github.com/harkhq/hark/analysis/internal/dist"
)

// TrendPoint is one step of the trend.
type TrendPoint struct {
	Start      Day      `json:"start"` // of the whole bucket, which may lie before the trend's first day
	N          int64    `json:"n"`     // answers in the trend's own days; the points add up to the period
	Score      *float64 `json:"score"` // nil under the least number that is shown
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
	Smooth     *float64 `json:"smooth"` // the local level; drawn through empty steps too
	SmoothLow  *float64 `json:"smooth_low"`
	SmoothHigh *float64 `json:"smooth_high"`
	Partial    bool     `json:"partial,omitempty"` // the bucket reaches beyond the trend's days
}

// smoothHistory is how much before the trend its line may learn from.
const smoothHistory = 366

// trend cuts the answers into buckets and draws the level through them. The
// level is fitted to whole buckets, of the year before the trend as well, so
// that the line does not depend on where the page's window begins.
func (b *build) trend() []TrendPoint {
	in := b.in
	shown := in.Bucketing.series(b.scale, in.Days, in.TrendFrom, in.To)
	from := min(in.TrendFrom, max(in.firstDay(), in.TrendFrom-smoothHistory))
	whole := in.Bucketing.series(b.scale, in.Days, in.Bucketing.Start(from), in.To)
	points := make([]TrendPoint, len(shown))
	for i, step := range shown {
		points[i] = TrendPoint{Start: step.start, N: step.bands.n(),
			Partial: step.start < in.TrendFrom || in.Bucketing.Next(step.start) > in.To}
		if b.shown(step.bands.n()) {
			score, interval := step.bands.score(), b.interval(step.bands)
			points[i].Score, points[i].Low, points[i].High = &score, &interval.Low, &interval.High
		}
	}
	b.drawLevel(points, whole)
	return points
}

// drawLevel fills the smooth line of points in, which are the last of whole.
func (b *build) drawLevel(points []TrendPoint, whole []bucket) {
	observations := make([]Observation, len(whole))
	var n int64
	for i, step := range whole {
		if n += step.bands.n(); step.bands.n() == 0 {
			observations[i].Missing = true
			continue
		}
		_, v := step.bands.adjusted()
		observations[i] = Observation{Value: step.bands.score(), Variance: v}
	}
	if !b.shown(n) {
		return
	}
	level := fitLevel(observations)
	z := dist.Z(b.in.Confidence)
	offset := len(whole) - len(points)
	for i := range points {
		mid, half := level.Smooth[offset+i], z*math.Sqrt(level.SmoothVar[offset+i])
		low, high := mid-half, mid+half
		points[i].Smooth, points[i].SmoothLow, points[i].SmoothHigh = &mid, &low, &high
	}
}

// Change is a date at which the score moved for good.
type Change struct {
	At         Day       `json:"at"` // the Monday of the first week after the change
	Before     float64   `json:"before"`
	After      float64   `json:"after"`
	Difference float64   `json:"difference"` // After − Before
	Low        float64   `json:"low"`
	High       float64   `json:"high"`
	P          float64   `json:"p"`
	Mix        *MixCheck `json:"mix,omitempty"`    // at a constant mix of who answered, where that was asked
	ByMix      bool      `json:"by_mix,omitempty"` // the mix explains over half of it; see MixCheck.Only
	Where      *Source   `json:"where,omitempty"`  // the segment that it came from
	from, to   Day       // the stretch of the two sides
	least      int64     // answers on the side that has fewer
}

// changes finds all dates at which the weekly answers changed by a size that
// matters. What the likelihood finds beyond that (a shift between bands that
// leaves the score where it was, a small step in a large survey) is merged away.
func (b *build) changes() []Change {
	weeks := withAnswers(b.weeks)
	if len(weeks) < 2 {
		return nil
	}
	table := make([]bands, len(weeks))
	for i, week := range weeks {
		table[i] = week.bands
	}
	cuts := changePoints(table, DefaultPenalty(len(weeks)))
	for len(cuts) > 0 {
		changes := b.describe(weeks, cuts)
		weakest, ok := b.weakest(changes)
		if !ok {
			return b.explain(changes)
		}
		cuts = slices.Delete(cuts, weakest, weakest+1)
	}
	return nil
}

func withAnswers(weeks []bucket) []bucket {
	return slices.DeleteFunc(slices.Clone(weeks), func(w bucket) bool { return w.bands.n() == 0 })
}

// describe compares the stretches on both sides of each cut.
func (b *build) describe(weeks []bucket, cuts []int) []Change {
	sum := func(from, to int) bands {
		total := bands{net: b.scale.Net}
		for _, week := range weeks[from:to] {
			total = total.add(week.bands)
		}
		return total
	}
	changes := make([]Change, len(cuts))
	for i, cut := range cuts {
		from, to := 0, len(weeks)
		end := b.in.To
		if i > 0 {
			from = cuts[i-1]
		}
		if i+1 < len(cuts) {
			to = cuts[i+1]
			end = weeks[to].start
		}
		before, after := sum(from, cut), sum(cut, to)
		d := compare(before, after, b.in.Confidence)
		changes[i] = Change{At: weeks[cut].start, Before: before.score(), After: after.score(),
			Difference: d.Difference, Low: d.Low, High: d.High, P: d.P,
			from: weeks[from].start, to: end, least: min(before.n(), after.n())}
	}
	return changes
}

// weakest returns the least certain of the changes that should not be told;
// false when all should.
func (b *build) weakest(changes []Change) (int, bool) {
	weakest, found := 0, false
	for i, c := range changes {
		told := b.shown(c.least) && c.P < 1-b.in.Confidence && math.Abs(c.Difference) >= b.in.Limits.Change
		if !told && (!found || cmp.Compare(c.P, changes[weakest].P) > 0) {
			weakest, found = i, true
		}
	}
	return weakest, found
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
