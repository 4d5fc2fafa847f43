package components

import (
	"math"
	"strconv"

	"github.com/harkhq/hark/surveys"
)

// axis is a stretch of values and the round ones in it that are written beside
// it. An axis has at least one unit of length.
type axis struct {
	low, high float64
	ticks     []float64
}

// limits are the lowest and the highest score that a metric can have.
func limits(metric surveys.Metric) (low, high float64) {
	if metric.Scale().Net {
		return -100, 100
	}
	return 0, 100
}

// niceAxis covers the values from low to high with about the given number of
// round steps, and never goes beyond the metric's limits.
func niceAxis(metric surveys.Metric, low, high float64, steps int) axis {
	floor, ceiling := limits(metric)
	low, high = max(floor, min(low, ceiling)), min(ceiling, max(high, floor))
	if high-low < 10 {
		middle := (low + high) / 2
		low, high = max(floor, middle-5), min(ceiling, middle+5)
	}
	step := niceStep((high - low) / float64(max(steps, 1)))
	a := axis{low: max(floor, math.Floor(low/step)*step), high: min(ceiling, math.Ceil(high/step)*step)}
	for tick := math.Ceil(a.low/step) * step; tick <= a.high+step/1e6; tick += step {
		a.ticks = append(a.ticks, tick+0) // + 0 makes a zero of a negative zero
	}
	return a
}

// niceStep is the smallest step of 1, 2, 5, 10, 20, 25, 50 … that is not
// smaller than wanted.
func niceStep(wanted float64) float64 {
	for _, step := range []float64{1, 2, 5, 10, 20, 25} {
		if step >= wanted {
			return step
		}
	}
	return 50
}

// share is where a value lies on the axis, 0 at the low end and 1 at the high
// one; values beyond an end lie at the end.
func (a axis) share(value float64) float64 {
	return max(0, min(1, (value-a.low)/(a.high-a.low)))
}

// beyond reports whether a value lies outside of the axis.
func (a axis) beyond(value float64) bool { return value < a.low || value > a.high }

// percent writes a share as an SVG length: 0.5 is "50%".
func percent(share float64) string { return number(share*100) + "%" }

// number writes a coordinate with as many digits as can be seen.
func number(x float64) string {
	return strconv.FormatFloat(math.Round(x*100)/100+0, 'f', -1, 64)
}
