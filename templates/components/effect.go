package components

import (
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// Effects are differences of a score that are compared with each other and with
// none: one axis for all of them. Its zero value has nothing to draw.
type Effects struct {
	L      *i18n.Localizer
	Metric surveys.Metric
	List   []Effect // all that the axis must hold
}

// Effect is a difference of two scores with its interval, in points or
// percentage points.
type Effect struct {
	Difference, Low, High float64 // not rounded, not clipped
	Standing              Standing
}

// axis covers all intervals and no difference.
func (v Effects) axis() axis {
	low, high := -1.0, 1.0
	for _, e := range v.List {
		low, high = min(low, e.Low), max(high, e.High)
	}
	step := niceStep((high - low) / 5)
	a := axis{low: math.Floor(low/step) * step, high: math.Ceil(high/step) * step}
	for tick := a.low; tick <= a.high+step/1e6; tick += step {
		a.ticks = append(a.ticks, tick+0)
	}
	return a
}

func (v Effects) ticks() []tick {
	a := v.axis()
	var ticks []tick
	for _, value := range a.ticks {
		ticks = append(ticks, tick{X: percent(a.share(value)), Text: v.L.Signed(value, 0), Anchor: "middle"})
	}
	return ticks
}

// whisker lays an effect out; All is where there is no difference.
func (v Effects) whisker(e Effect) whisker {
	a := v.axis()
	return whisker{From: percent(a.share(e.Low)), To: percent(a.share(e.High)), At: percent(a.share(e.Difference)), All: percent(a.share(0))}
}

// says reads the drawing out.
func (v Effects) says(e Effect) string {
	places := analysis.Places(e.Low, e.High)
	return v.L.T("components.effect", "difference", v.L.Signed(e.Difference, 0), "low", v.L.Signed(e.Low, places), "high", v.L.Signed(e.High, places))
}
