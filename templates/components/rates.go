package components

import (
	"math"
	"strings"
	"time"

	"github.com/a-h/templ"

	"github.com/harkhq/hark/templates/i18n"
)

// RateTrend is a rate over time, step by step, each with the people behind it.
// The values are in percent, or in whatever the texts say; not rounded.
type RateTrend struct {
	L       *i18n.Localizer
	ID      string // of the chart, once on a page
	Title   string // "Retention by quarter"
	Legend  string // what dots, lines and the hollow dot are
	Summary string // what the picture shows, for those who do not see it
	Unit    RateUnit
	Points  []RatePoint
	Save    *Save // nil: nobody may take it from here

	Before  int     // steps of a sparkline before the first point, so that all of a list show the same time
	Since   int     // of a sparkline, with those before: see [Sparkline]
	Stretch float64 // the same
}

// RateUnit is what a rate is counted in.
type RateUnit string

// The units: a share of people, which lies between 0 and 100 %; another
// percentage, which may lie beyond; and a plain number.
const (
	ShareUnit   RateUnit = ""
	PercentUnit RateUnit = "percent"
	PlainUnit   RateUnit = "plain"
)

// RatePoint is one step. Numbers that must not be shown, or do not exist, are
// nil.
type RatePoint struct {
	Label            string // "Q3 2026"
	Tick             string // the same in little room
	Value, Low, High *float64
	Text             string // the value as the table has it
	Interval         string // the same of its interval
	Count            string // "1,663 of 1,830"
	Partial          bool   // the step is not over

	Start time.Time // the step's first day, for a file
	N, Of *int64    // what Count says, for a file; nil: it is not shown
}

// The chart's measures in px.
const (
	rateTop    = 14.0
	rateFoot   = 170.0
	rateLabels = 192.0
	rateHeight = 200.0
)

// ratePlot is a rate laid out.
type ratePlot struct {
	axis     axis
	count    int
	width    float64 // in px, of a picture that is saved; 0: as wide as the page
	Grid     []gridLine
	Ticks    []tick
	Dots     []dot
	Whiskers []whiskerLine
	Line     string // path through the steps that are over
}

type whiskerLine struct{ X, Y1, Y2, Class string }

// plot lays the rate out.
func (v RateTrend) plot() ratePlot { return v.plotAt(0) }

// plotAt lays the rate out for a width in px; 0: in percent.
func (v RateTrend) plotAt(width float64) ratePlot {
	p := ratePlot{count: len(v.Points), axis: v.axis(), width: width}
	for _, value := range p.axis.ticks {
		line := gridLine{Y: number(p.y(value)), Text: v.written(value), Class: "grid"}
		if value == 0 {
			line.Class = "zero"
		}
		p.Grid = append(p.Grid, line)
	}
	every := (len(v.Points) + 7) / 8
	for i, point := range v.Points {
		if every > 0 && (len(v.Points)-1-i)%every == 0 {
			p.Ticks = append(p.Ticks, tick{X: p.at(p.x(i)), Text: point.Tick, Anchor: "middle", Class: minor(len(p.Ticks))})
		}
	}
	v.dots(&p)
	return p
}

// minor leaves every second word out on a phone.
func minor(i int) string {
	if i%2 == 1 {
		return "minor"
	}
	return ""
}

// dots draws the steps, their intervals and the line through them.
func (v RateTrend) dots(p *ratePlot) {
	var line strings.Builder
	pen := "M"
	for i, point := range v.Points {
		if point.Value == nil {
			pen = "M"
			continue
		}
		d := dot{X: p.at(p.x(i)), Y: number(p.y(*point.Value)), R: "4", Class: "step", Title: point.Label + ": " + point.Text + " · " + point.Count}
		if point.Partial {
			d.Class = "step partial" // no line leads to it: it is not comparable
		} else {
			line.WriteString(pen + number(p.x(i)*p.span()) + " " + d.Y)
			pen = "L"
		}
		p.Dots = append(p.Dots, d)
		if point.Low != nil && point.High != nil {
			p.Whiskers = append(p.Whiskers, whiskerLine{X: d.X, Y1: number(p.y(*point.High)), Y2: number(p.y(*point.Low)), Class: "whisker"})
		}
	}
	p.Line = line.String()
}

// axis covers all values with their intervals.
func (v RateTrend) axis() axis {
	low, high := math.Inf(1), math.Inf(-1)
	for _, point := range v.Points {
		for _, value := range []*float64{point.Value, point.Low, point.High} {
			if value != nil {
				low, high = min(low, *value), max(high, *value)
			}
		}
	}
	floor, ceiling := math.Inf(-1), math.Inf(1)
	switch v.Unit {
	case ShareUnit:
		floor, ceiling = 0, 100
	case PlainUnit:
		floor = 0
	}
	return openAxis(low, high, floor, ceiling)
}

// openAxis covers the values from low to high with about four round steps, and
// never goes beyond floor and ceiling. Without values it goes from 0 to 100.
func openAxis(low, high, floor, ceiling float64) axis {
	if low > high {
		low, high = 0, 100
	}
	if high-low < 4 {
		middle := (low + high) / 2
		low, high = max(floor, middle-2), min(ceiling, middle+2)
	}
	step := niceStep((high - low) / 4)
	for step >= 50 && step < (high-low)/6 {
		step *= 2
	}
	a := axis{low: max(floor, math.Floor(low/step)*step), high: min(ceiling, math.Ceil(high/step)*step)}
	for tick := a.low; tick <= a.high+step/1e6; tick += step {
		a.ticks = append(a.ticks, tick+0)
	}
	return a
}

// written is a value beside the axis.
func (v RateTrend) written(value float64) string {
	if v.Unit == PlainUnit {
		return v.L.Decimal(value, 0)
	}
	return v.L.Percent(value, 0)
}

// x is where a step lies, as a share of the width.
func (p ratePlot) x(i int) float64 {
	const room = 0.025
	if p.count <= 1 {
		return 0.5
	}
	return room + (1-2*room)*float64(i)/float64(p.count-1)
}

// y is where a value lies, in px from the top.
func (p ratePlot) y(value float64) float64 {
	return rateFoot - (rateFoot-rateTop)*p.axis.share(value)
}

func (p ratePlot) height() string { return number(rateHeight) }
func (p ratePlot) labels() string { return number(rateLabels) }

// at is a place across as an SVG length.
func (p ratePlot) at(share float64) string {
	if p.width > 0 {
		return number(share * p.width)
	}
	return percent(share)
}

// span is the width of the box of the path, in its own units.
func (p ratePlot) span() float64 {
	if p.width > 0 {
		return p.width
	}
	return pathWidth
}

// box is the view box of the path.
func (p ratePlot) box() string { return "0 0 " + number(p.span()) + " " + number(rateHeight) }

// Heading is the rate's title.
func (v RateTrend) Heading() string { return v.Title }

// Picture is the rate as a file by itself.
func (v RateTrend) Picture(frame Picture) templ.Component {
	frame.Foot = append([]string{v.Legend}, frame.Foot...)
	return ratePicture(v, frame)
}
