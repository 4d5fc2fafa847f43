package analysis

import (
	"math"

	"github.com/harkhq/hark/surveys"
)

// Figure is a score as people read it: rounded, and clipped to the scale.
type Figure struct {
	Score, Low, High float64
	Margin           float64 // the ± : from Score to the farther end, since an interval is not always symmetric
	Decimals         int     // that all four are rounded to: 0, or 1 where the margin is under one
}

// Figure is the report's headline for a page; false when it is hidden.
func (r Report) Figure() (Figure, bool) {
	if r.Score == nil || r.Interval == nil {
		return Figure{}, false
	}
	return Display(r.Metric, *r.Score, *r.Interval), true
}

// Figure is the segment's score for a page of the report's metric; false when
// it is hidden.
func (s Segment) Figure(m surveys.Metric) (Figure, bool) {
	if s.Score == nil || s.Low == nil || s.High == nil {
		return Figure{}, false
	}
	return Display(m, *s.Score, Interval{Low: *s.Low, High: *s.High}), true
}

// Display rounds and clips a score and its interval for a page. The margin is the
// larger distance between the score and an end as both are shown, so that
// score ± margin and the interval agree wherever they stand together: it differs
// from the unrounded one by less than one step of Decimals. What has no metric
// that there is, is shown as an NPS.
func Display(m surveys.Metric, score float64, interval Interval) Figure {
	lowest := -100.0
	if m.Valid() && !m.Scale().Net {
		lowest = 0
	}
	clip := func(x float64) float64 { return math.Min(100, math.Max(lowest, x)) }
	low, high := clip(interval.Low), clip(interval.High)
	f := Figure{}
	scale := 1.0
	if math.Max(score-low, high-score) < 1 {
		f.Decimals, scale = 1, 10
	}
	round := func(x float64) float64 { return math.Round(x*scale)/scale + 0 } // + 0 turns −0 into 0
	f.Score, f.Low, f.High = round(score), round(low), round(high)
	f.Margin = round(math.Max(f.Score-f.Low, f.High-f.Score))
	return f
}

// Places is how many decimals the ends of a difference's interval are written with:
// none, but where it excludes zero as many as it takes that no end is rounded to zero.
// Who reads "−6 to 0" takes it that nothing may have happened.
func Places(low, high float64) int {
	if low <= 0 && high >= 0 {
		return 0
	}
	nearest := math.Min(math.Abs(low), math.Abs(high))
	for places := range mostPlaces {
		if math.Round(nearest*math.Pow10(places)) > 0 {
			return places
		}
	}
	return mostPlaces
}

// mostPlaces is when nobody looks closer.
const mostPlaces = 3
