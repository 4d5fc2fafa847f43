package components

import (
	"math"
	"slices"
	"strings"

	"github.com/harkhq/hark/templates/i18n"
)

// Stays are survival curves: the share of people who are still there after a
// time, group by group.
type Stays struct {
	L       *i18n.Localizer
	ID      string // of the chart, once on a page
	Title   string
	Legend  string // what line and band are
	Summary string // what the picture shows, for those who do not see it
	Until   float64
	Ticks   []StayTick
	Curves  []StayCurve
	Times   []StayTime // at which the curves are told in numbers, in order
	Save    *Save      // nil: nobody may take it from here
}

// StayTick is a time that is written under the curves.
type StayTick struct {
	Time float64
	Text string
}

// StayTime is a time at which the curves are told in numbers.
type StayTime struct {
	Days float64
	Text string // "after 91 days"
}

// StayCurve is one group's.
type StayCurve struct {
	Name   string
	Key    string // of the group, for a file: "promoter"
	Class  CurveClass
	People string // "1,095 people"
	N      int64
	Left   int64 // how many left
	Steps  []StayStep
	Until  float64 // beyond it nothing is known
	Note   string  // instead of a curve: "too few to show"
}

// CurveClass is how a curve is drawn. Each has its own dashes beside its colour.
type CurveClass string

// The classes: the three bands of a score, those who gave none, and everybody.
const (
	GoodCurve   CurveClass = "good"
	MiddleCurve CurveClass = "middle"
	BadCurve    CurveClass = "bad"
	SilentCurve CurveClass = "silent"
	WholeCurve  CurveClass = "whole"
)

// StayStep is one fall of a curve: the share that is left from then on, 0…1,
// with its bounds; nil where they cannot be told.
type StayStep struct {
	Time, Share float64
	Low, High   *float64
}

// stayPlot is the curves laid out.
type stayPlot struct {
	axis   axis
	until  float64
	width  float64 // in px, of a picture that is saved; 0: as wide as the page
	Grid   []gridLine
	Ticks  []tick
	Curves []curvePath
}

type curvePath struct{ Class, Line, Band string }

// plot lays the curves out.
func (v Stays) plot() stayPlot { return v.plotAt(0) }

// plotAt lays the curves out for a width in px; 0: in percent.
func (v Stays) plotAt(width float64) stayPlot {
	p := stayPlot{until: max(v.Until, 1), axis: openAxis(100*v.lowest(), 100, 0, 100), width: width}
	for _, value := range p.axis.ticks {
		p.Grid = append(p.Grid, gridLine{Y: number(p.y(value / 100)), Text: v.L.Percent(value, 0), Class: "grid"})
	}
	for i, t := range v.Ticks {
		anchor := "middle"
		switch x := t.Time / p.until; {
		case x < 0.03:
			anchor = "start"
		case x > 0.94:
			anchor = "end"
		}
		p.Ticks = append(p.Ticks, tick{X: p.at(t.Time / p.until), Text: t.Text, Anchor: anchor, Class: minor(i)})
	}
	for _, c := range v.Curves {
		if c.Note == "" {
			p.Curves = append(p.Curves, curvePath{Class: string(c.Class), Line: p.line(c), Band: p.band(c)})
		}
	}
	return p
}

// lowest is the lowest point of curves and bands, 0…1.
func (v Stays) lowest() float64 {
	low := 1.0
	for _, c := range v.Curves {
		for _, s := range c.Steps {
			if s.Time > v.Until {
				break
			}
			low = min(low, s.Share)
			if s.Low != nil {
				low = min(low, *s.Low)
			}
		}
	}
	return low
}

func (p stayPlot) x(time float64) float64 { return p.span() * min(1, time/p.until) }

// at is a place across as an SVG length.
func (p stayPlot) at(share float64) string {
	if p.width > 0 {
		return number(share * p.width)
	}
	return percent(share)
}

// span is the width of the box of the paths, in its own units.
func (p stayPlot) span() float64 {
	if p.width > 0 {
		return p.width
	}
	return pathWidth
}

func (p stayPlot) y(share float64) float64 {
	return rateFoot - (rateFoot-rateTop)*p.axis.share(100*share)
}

func (p stayPlot) point(time, share float64) string {
	return number(p.x(time)) + " " + number(p.y(share))
}

// line is a curve as stairs, to the end of what is known.
func (p stayPlot) line(c StayCurve) string {
	var path strings.Builder
	path.WriteString("M" + p.point(0, 1))
	for _, s := range c.Steps {
		if s.Time > p.until {
			break
		}
		path.WriteString("H" + number(p.x(s.Time)) + "V" + number(p.y(s.Share)))
	}
	path.WriteString("H" + number(p.x(math.Min(c.Until, p.until))))
	return path.String()
}

// band is the ground of a curve's bounds, likewise as stairs: the upper ones
// there, the lower ones back.
func (p stayPlot) band(c StayCurve) string {
	upper, lower := []string{p.point(0, 1)}, []string{p.point(0, 1)}
	high, low, end := 1.0, 1.0, math.Min(c.Until, p.until)
	for _, s := range c.Steps {
		if s.Time > p.until {
			break
		}
		upper, lower = append(upper, p.point(s.Time, high)), append(lower, p.point(s.Time, low))
		if s.Low == nil || s.High == nil {
			end = s.Time
			break
		}
		high, low = *s.High, *s.Low
		upper, lower = append(upper, p.point(s.Time, high)), append(lower, p.point(s.Time, low))
	}
	upper, lower = append(upper, p.point(end, high)), append(lower, p.point(end, low))
	slices.Reverse(lower)
	return "M" + strings.Join(append(upper, lower...), "L") + "Z"
}

func (p stayPlot) height() string { return number(rateHeight) }
func (p stayPlot) labels() string { return number(rateLabels) }

// box is the view box of the paths.
func (p stayPlot) box() string { return "0 0 " + number(p.span()) + " " + number(rateHeight) }
