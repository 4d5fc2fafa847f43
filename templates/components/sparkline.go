package components

import (
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/templates/i18n"
)

// Sparkline is a score's course in the height of a word, with its band where that is
// known. It has no axis: put the score beside it.
type Sparkline struct {
	L         *i18n.Localizer
	Title     string     // what it is the course of
	Summary   string     // what it shows, for those who do not see it
	Values    []*float64 // nil: nothing is known of this step
	Low, High []*float64 // the ends of each value's interval; shorter, or nil: not known
	Before    int        // how many of the values stand before the first row of the table
	Since     int        // the step with which the time begins that the score beside it is of; 0: all of it is
	Stretch   float64    // how much of the scale its height is at least, so that the lines of a list can be held against each other
	Table     string     // the ID of the table of [Courses] that has its numbers; empty: none has
	Course    string     // which rows there are its own
	Says      string     // its last step as a sentence
}

// The sparkline's measures in px.
const (
	sparkWidth  = 120.0
	sparkHeight = 28.0
	sparkInset  = 4.0
)

// sparkStretch is the least of the scale that a sparkline is high, so that noise does
// not look like mountains.
const sparkStretch = 10.0

// sparkPlot is a sparkline laid out.
type sparkPlot struct {
	Path       string
	Bands      []string // each through steps whose intervals are known
	SinceX     string   // where the ground of the later steps begins; "": there is none
	SinceWidth string
	EndX, EndY string
	marks      []*Mark // of each step
}

// sparkScale places the values of a sparkline: the middle of the course lies in the
// middle.
type sparkScale struct {
	steps       int
	low, height float64
}

func (s sparkScale) x(step float64) float64 {
	return sparkInset + (sparkWidth-2*sparkInset)*step/float64(s.steps-1)
}

// y is where a value lies; what lies beyond the picture is drawn at its edge.
func (s sparkScale) y(value float64) float64 {
	y := sparkHeight - sparkInset - (sparkHeight-2*sparkInset)*(value-s.low)/s.height
	return max(0, min(sparkHeight, y))
}

// plot lays the sparkline out; false when there are fewer than two values.
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
	scale := sparkScale{steps: len(v.Values), height: max(high-low, v.Stretch, sparkStretch)}
	scale.low = (low+high)/2 - scale.height/2
	p := sparkPlot{Bands: v.bands(scale)}
	if v.Since > 0 && v.Since < len(v.Values) {
		from := scale.x(float64(v.Since) - 0.5)
		p.SinceX, p.SinceWidth = number(from), number(sparkWidth-from)
	}
	v.line(scale, &p)
	return p, true
}

// line is the course itself, and where its steps are found.
func (v Sparkline) line(scale sparkScale, p *sparkPlot) {
	var path strings.Builder
	pen := "M"
	for i, value := range v.Values {
		x := scale.x(float64(i))
		mark := &Mark{X: number(100 * x / sparkWidth)}
		p.marks = append(p.marks, mark)
		if value == nil {
			pen = "M"
			continue
		}
		p.EndX, p.EndY = number(x), number(scale.y(*value))
		mark.Y = p.EndY
		if low, high, ok := v.interval(i); ok {
			mark.Low, mark.High = number(scale.y(low)), number(scale.y(high))
		}
		path.WriteString(pen + p.EndX + " " + p.EndY)
		pen = "L"
	}
	p.Path = path.String()
}

// interval is that of a step, if it is known.
func (v Sparkline) interval(i int) (low, high float64, ok bool) {
	if i >= len(v.Low) || i >= len(v.High) || v.Low[i] == nil || v.High[i] == nil || v.Values[i] == nil {
		return 0, 0, false
	}
	return *v.Low[i], *v.High[i], true
}

// bands are the intervals of steps that follow on each other: there along the upper
// ends, and back along the lower ones.
func (v Sparkline) bands(scale sparkScale) []string {
	var bands, there, back []string
	end := func() {
		if len(there) > 1 {
			slices.Reverse(back)
			bands = append(bands, "M"+strings.Join(append(there, back...), "L")+"Z")
		}
		there, back = nil, nil
	}
	for i := range v.Values {
		low, high, ok := v.interval(i)
		if !ok {
			end()
			continue
		}
		x := number(scale.x(float64(i)))
		there, back = append(there, x+" "+number(scale.y(high))), append(back, x+" "+number(scale.y(low)))
	}
	end()
	return bands
}

// last is the number of the last step, among those that the table has.
func (v Sparkline) last() string { return strconv.Itoa(max(0, len(v.Values)-v.Before-1)) }
