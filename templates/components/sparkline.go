package components

import (
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/templates/i18n"
)

// Sparkline is a score's course in the height of a word. It has no axis: put
// the score beside it.
type Sparkline struct {
	L       *i18n.Localizer
	Title   string     // what it is the course of
	Summary string     // what it shows, for those who do not see it
	Values  []*float64 // nil: nothing is known of this step
	Table   string     // the ID of the table of [Courses] that has its numbers; empty: none has
	Course  string     // which rows there are its own
	Says    string     // its last step as a sentence
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
	marks      []*Mark // of each step
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
		x := sparkInset + (sparkWidth-2*sparkInset)*float64(i)/float64(len(v.Values)-1)
		mark := &Mark{X: number(100 * x / sparkWidth)}
		p.marks = append(p.marks, mark)
		if value == nil {
			pen = "M"
			continue
		}
		p.EndX = number(x)
		p.EndY = number(sparkHeight - sparkInset - (sparkHeight-2*sparkInset)*(*value-low)/(high-low))
		mark.Y = p.EndY
		path.WriteString(pen + p.EndX + " " + p.EndY)
		pen = "L"
	}
	p.Path = path.String()
	return p, true
}

// last is the number of the last step.
func (v Sparkline) last() string { return strconv.Itoa(max(0, len(v.Values)-1)) }
