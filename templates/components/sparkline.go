package components

import (
	"slices"
	"strings"
)

// Sparkline is a score's course in the height of a word. It has no axis: put
// the score beside it.
type Sparkline struct {
	Summary string     // what it shows, for those who do not see it
	Values  []*float64 // nil: nothing is known of this step
}

// The sparkline's measures in px.
const (
	sparkWidth  = 120.0
	sparkHeight = 28.0
	sparkInset  = 4.0
)

// sparkPlot is a sparkline laid out.
type sparkPlot struct {
	Path       string
	EndX, EndY string
}

// plot lays the sparkline out; false when there are fewer than two values. A
// flat course lies in the middle, and no course is stretched beyond ten points
// of the scale, so that noise does not look like mountains.
func (v Sparkline) plot() (sparkPlot, bool) {
	var known []float64
	for _, value := range v.Values {
		if value != nil {
			known = append(known, *value)
		}
	}
	if len(known) < 2 {
		return sparkPlot{}, false
	}
	low, high := slices.Min(known), slices.Max(known)
	if high-low < 10 {
		middle := (low + high) / 2
		low, high = middle-5, middle+5
	}
	var p sparkPlot
	var path strings.Builder
	pen := "M"
	for i, value := range v.Values {
		if value == nil {
			pen = "M"
			continue
		}
		p.EndX = number(sparkInset + (sparkWidth-2*sparkInset)*float64(i)/float64(len(v.Values)-1))
		p.EndY = number(sparkHeight - sparkInset - (sparkHeight-2*sparkInset)*(*value-low)/(high-low))
		path.WriteString(pen + p.EndX + " " + p.EndY)
		pen = "L"
	}
	p.Path = path.String()
	return p, true
}
