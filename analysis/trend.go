package analysis

import (
	"math"

	"github.com/harkhq/hark/analysis/internal/dist"
)

// TrendPoint is one step of the trend.
type TrendPoint struct {
	Start      Day      `json:"start"` // of the whole bucket, which may lie before the trend's first day
	N          int64    `json:"n"`     // answers in the trend's own days; the points add up to the period
	Score      *float64 `json:"score"` // nil under the least number that is shown
	Low        *float64 `json:"low"`
	High       *float64 `json:"high"`
	Smooth     *float64 `json:"smooth"` // the local level, from the first to the last answers that it learned from; through empty steps between too
	SmoothLow  *float64 `json:"smooth_low"`
	SmoothHigh *float64 `json:"smooth_high"`
	Partial    bool     `json:"partial,omitempty"` // the bucket reaches beyond the trend's days
}

// smoothHistory is how much before the trend its line may learn from.
const smoothHistory = 366

// wholeScale is the half width, in points, of an interval that tells nothing.
const wholeScale = 100

// trend cuts the answers into buckets and draws the level through them. The
// level is fitted to whole buckets, of the year before the trend as well, so
// that the line does not depend on where the page's window begins.
func (b *build) trend() []TrendPoint {
	in := b.in
	shown := in.Bucketing.series(b.scale, in.Days, in.TrendFrom, in.To)
	from := min(in.TrendFrom, max(in.firstDay(), in.TrendFrom-smoothHistory))
	whole := in.Bucketing.series(b.scale, in.Days, in.Bucketing.Start(from), in.To)
	points := make([]TrendPoint, len(shown))
	for i := len(shown) - 1; i >= 0; i-- {
		step := shown[i]
		days := Span{max(step.start, in.TrendFrom), min(in.Bucketing.Next(step.start), in.To)}
		points[i] = TrendPoint{Start: step.start, N: step.bands.n(),
			Partial: step.start < in.TrendFrom || in.Bucketing.Next(step.start) > in.To}
		if b.tells(step.bands.n(), days) {
			score, interval := step.bands.score(), b.interval(step.bands)
			points[i].Score, points[i].Low, points[i].High = &score, &interval.Low, &interval.High
		}
	}
	b.drawLevel(points, whole)
	return points
}

// tells reports whether the score of so many answers, of some days, may be told.
func (b *build) tells(n int64, days Span) bool {
	return b.shown(n) && (b.in.Tell == nil || b.in.Tell(days))
}

// drawLevel fills the smooth line of points in, which are the last of whole: over
// the days of the answers that it learned from and not beyond them, where it would
// say of other answers what these did.
func (b *build) drawLevel(points []TrendPoint, whole []bucket) {
	observations, first, last := b.observe(whole)
	if last < first {
		return
	}
	level := fitLevel(observations)
	z := dist.Z(b.in.Confidence)
	offset := len(whole) - len(points)
	for i := max(0, first-offset); i <= last-offset; i++ {
		mid, half := level.Smooth[offset+i], z*math.Sqrt(level.SmoothVar[offset+i])
		if half > wholeScale {
			continue // far from any answer nothing is known
		}
		low, high := mid-half, mid+half
		points[i].Smooth, points[i].SmoothLow, points[i].SmoothHigh = &mid, &low, &high
	}
}

// observe is what the line learns from. A smoothed line can be turned back into
// what it was drawn through, so it learns from no score that may not be told:
// steps whose own may not are taken together with their neighbours until theirs
// may, and stand where the middle one of their answers does. What remains alone
// is not looked at. The answers that it learns from lie in the steps from first to
// last; where there are none, last is before first.
func (b *build) observe(whole []bucket) (observations []Observation, first, last int) {
	observations, first, last = make([]Observation, len(whole)), len(whole), -1
	for i := range observations {
		observations[i].Missing = true
	}
	end := func(i int) Day { return min(b.in.Bucketing.Next(whole[i].start), b.in.To) }
	from := 0 // where the steps that are being taken together begin
	none := bands{net: b.scale.Net}
	pool := none
	for i, step := range whole {
		if b.tells(step.bands.n(), Span{step.start, end(i)}) {
			observations[i] = observed(step.bands)
			first, last = min(first, i), i
			from, pool = i+1, none
			continue
		}
		if pool = pool.add(step.bands); pool.n() == 0 {
			from = i + 1 // nothing is learned from empty steps
			continue
		}
		for step.bands.n() > 0 && b.shown(pool.n()) {
			if b.tells(pool.n(), Span{whole[from].start, end(i)}) {
				observations[midmost(whole[from:i+1], pool.n())+from] = observed(pool)
				first, last = min(first, from), i
				from, pool = i+1, none
				break
			}
			pool = pool.minus(whole[from].bands)
			from++
		}
	}
	return observations, first, last
}

// observed is a score as the level sees it.
func observed(of bands) Observation {
	_, v := of.adjusted()
	return Observation{Value: of.score(), Variance: v}
}

// midmost is the step in which the middle one of n answers lies.
func midmost(steps []bucket, n int64) int {
	var before int64
	for i, step := range steps {
		if before += step.bands.n(); 2*before >= n {
			return i
		}
	}
	return len(steps) - 1
}
