package components

import (
	"math"
	"slices"
	"strings"
	"time"
)

// The chart's measures in px. Its width is that of the page, so places across
// are in percent; paths, which SVG takes no percent for, are drawn in a box of
// pathWidth units that is stretched. A picture that is saved has a width of its
// own, and everything is in px.
const (
	trendTop    = 22.0
	trendFoot   = 214.0
	trendLabels = 236.0
	trendHeight = 244.0
	pathWidth   = 1000.0
)

// trendPlot is a trend laid out.
type trendPlot struct {
	axis    axis
	count   int
	width   float64 // in px, of a picture that is saved; 0: as wide as the page
	drop    float64 // how far the picture stands lower, to leave room for its captions
	taller  float64 // see [Trend.Taller]
	under   float64 // room for the flags of notes between the picture and the words under it
	Span    *spanMark
	Grid    []gridLine
	Ticks   []tick
	Dots    []dot
	Bands   []string // paths
	Lines   []string // paths
	Earlier []string // paths
	Changes []changeMark
	Flags   []flag
	Listed  string // the class of a picture whose changes are told in a list only
}

type gridLine struct{ Y, Text, Class string }

type tick struct{ X, Text, Anchor, Class string }

type dot struct{ X, Y, R, Class, Title string }

// plot lays the trend out.
func (v Trend) plot() trendPlot {
	return v.plotAt(0)
}

// plotAt lays the trend out for a width in px; 0: in percent.
func (v Trend) plotAt(width float64) trendPlot {
	p := trendPlot{count: len(v.Points), width: width, taller: v.Taller}
	v.captions(&p)
	v.flags(&p)
	p.axis = niceAxis(v.Metric, v.lowest(), v.highest(), 4)
	for _, value := range p.axis.ticks {
		line := gridLine{Y: number(p.y(value)), Text: v.L.Score(v.Metric, value, 0), Class: "grid"}
		if value == 0 {
			line.Class = "zero"
		}
		p.Grid = append(p.Grid, line)
	}
	p.Ticks = v.ticks(p)
	p.Dots = v.dots(p)
	p.paths(v.Points)
	p.earlier(v.ghost())
	return p
}

// values are what the axis must hold: the band, and the dots with at least half
// as many answers as a usual step. Small steps swing so widely that they would
// press everything else flat; the few beyond the axis are drawn at its edge.
func (v Trend) values() []float64 {
	var values, sizes []float64
	for _, point := range v.Points {
		if point.Score != nil {
			sizes = append(sizes, float64(point.N))
		}
	}
	slices.Sort(sizes)
	usual := 0.0
	if len(sizes) > 0 {
		usual = sizes[len(sizes)/2]
	}
	for _, point := range v.Points {
		shown := []*float64{point.Smooth, point.SmoothLow, point.SmoothHigh}
		if float64(point.N) >= usual/2 {
			shown = append(shown, point.Score)
		}
		for _, value := range shown {
			if value != nil {
				values = append(values, *value)
			}
		}
	}
	for _, value := range v.ghost() {
		if value != nil {
			values = append(values, *value)
		}
	}
	return values
}

func (v Trend) lowest() float64 {
	if values := v.values(); len(values) > 0 {
		return slices.Min(values)
	}
	return 0
}

func (v Trend) highest() float64 {
	if values := v.values(); len(values) > 0 {
		return slices.Max(values)
	}
	return 100
}

// x is where a step lies, as a share of the width. A single step stands in the
// middle; otherwise a little room is left at both ends for the dots.
func (p trendPlot) x(place float64) float64 {
	if p.count <= 1 {
		return 0.5
	}
	const room = 0.008
	return room + (1-2*room)*place/float64(p.count-1)
}

// y is where a value lies, in px from the top.
func (p trendPlot) y(value float64) float64 {
	return p.foot() - (trendFoot-trendTop+p.taller)*p.axis.share(value)
}

// foot, labels and height are where the picture ends, where the words under it
// stand, and how high everything is, in px.
func (p trendPlot) foot() float64   { return p.drop + p.taller + trendFoot }
func (p trendPlot) labels() float64 { return p.drop + p.taller + p.under + trendLabels }
func (p trendPlot) height() float64 { return p.drop + p.taller + p.under + trendHeight }

// across is a place across as an SVG length.
func (p trendPlot) across(share float64) string {
	if p.width > 0 {
		return number(share * p.width)
	}
	return percent(share)
}

// box is the width of the box of paths, in its own units.
func (p trendPlot) box() float64 {
	if p.width > 0 {
		return p.width
	}
	return pathWidth
}

// whole is the plot's width as an SVG length.
func (p trendPlot) whole() string { return p.across(1) }

// viewBox is that of the paths.
func (p trendPlot) viewBox() string { return "0 0 " + number(p.box()) + " " + number(p.height()) }

// dots are the steps by themselves: the area of a dot is as the number of
// answers behind it.
func (v Trend) dots(p trendPlot) []dot {
	most := 1.0
	for _, point := range v.Points {
		most = max(most, float64(point.N))
	}
	var dots []dot
	for i, point := range v.Points {
		if point.Score == nil || point.N <= 0 {
			continue
		}
		d := dot{X: p.across(p.x(float64(i))), Y: number(p.y(*point.Score)), Class: "dot"}
		d.R = number(1.4 + 4.2*math.Sqrt(float64(point.N)/most))
		if p.axis.beyond(*point.Score) {
			d.Class = "dot beyond"
		}
		d.Title = v.L.N("components.trend.point", point.N, "when", v.label(point), "score", v.score(point.Score))
		dots = append(dots, d)
	}
	return dots
}

// paths draws the level and its band. Where a step has no level both are
// interrupted, so that nothing is drawn that nobody said.
func (p *trendPlot) paths(points []TrendPoint) {
	var line, upper, lower []string
	flush := func() {
		if len(line) > 1 {
			p.Lines = append(p.Lines, "M"+strings.Join(line, "L"))
			slices.Reverse(lower)
			p.Bands = append(p.Bands, "M"+strings.Join(append(upper, lower...), "L")+"Z")
		}
		line, upper, lower = nil, nil, nil
	}
	for i, point := range points {
		if point.Smooth == nil || point.SmoothLow == nil || point.SmoothHigh == nil {
			flush()
			continue
		}
		at := number(p.x(float64(i))*p.box()) + " "
		line = append(line, at+number(p.y(*point.Smooth)))
		upper = append(upper, at+number(p.y(*point.SmoothHigh)))
		lower = append(lower, at+number(p.y(*point.SmoothLow)))
	}
	flush()
}

// earlier draws the line of an earlier time, without its band: two bands over
// each other can no longer be read.
func (p *trendPlot) earlier(values []*float64) {
	var line []string
	flush := func() {
		if len(line) > 1 {
			p.Earlier = append(p.Earlier, "M"+strings.Join(line, "L"))
		}
		line = nil
	}
	for i, value := range values {
		if value == nil {
			flush()
			continue
		}
		line = append(line, number(p.x(float64(i))*p.box())+" "+number(p.y(*value)))
	}
	flush()
}

// place is where a date lies among the steps, as a step's number and a
// fraction; false when it lies outside of the trend.
func (v Trend) place(at time.Time) (float64, bool) {
	for i := len(v.Points) - 1; i >= 0; i-- {
		start := v.Points[i].Start
		if at.Before(start) {
			continue
		}
		if i == len(v.Points)-1 {
			return float64(i), at.Before(start.AddDate(0, 3, 1))
		}
		return float64(i) + at.Sub(start).Hours()/v.Points[i+1].Start.Sub(start).Hours(), true
	}
	return 0, false
}
