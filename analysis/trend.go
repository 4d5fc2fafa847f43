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
	Smooth     *float64 `json:"smooth"` // the local level; drawn through empty steps too
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

// drawLevel fills the smooth line of points in, which are the last of whole. Where
// most answers lie in steps that are shown, it does not learn from the others: it
// would tell what their points do not.
func (b *build) drawLevel(points []TrendPoint, whole []bucket) {
	observations := make([]Observation, len(whole))
	var n, open int64
	for _, step := range whole {
		n += step.bands.n()
		if b.shown(step.bands.n()) {
			open += step.bands.n()
		}
	}
	for i, step := range whole {
		if step.bands.n() == 0 || 2*open >= n && !b.shown(step.bands.n()) {
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
		if half > wholeScale {
			continue // far from any answer nothing is known
		}
		low, high := mid-half, mid+half
		points[i].Smooth, points[i].SmoothLow, points[i].SmoothHigh = &mid, &low, &high
	}
}
