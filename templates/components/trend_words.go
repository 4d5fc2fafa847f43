package components

import (
	"strconv"
	"time"
)

// How many words stand under a trend on a wide page: months, and days, which
// are longer. On a phone there are half as many.
const (
	maxMonths = 13
	maxDays   = 8
)

// ticks are the words under the chart: the months when the trend is longer than
// ten weeks, days otherwise. A January shows its year.
func (v Trend) ticks(p trendPlot) []tick {
	if len(v.Points) == 0 {
		return nil
	}
	span := v.Points[len(v.Points)-1].Start.Sub(v.Points[0].Start)
	if span > 10*7*24*time.Hour {
		return v.monthTicks(p)
	}
	every := (len(v.Points) + maxDays - 1) / maxDays
	var ticks []tick
	for i := 0; i < len(v.Points); i += every {
		ticks = p.appendTick(ticks, p.x(float64(i)), v.L.ShortDate(v.Points[i].Start))
	}
	return ticks
}

// monthTicks marks the first step of each month; where not all fit, those that
// keep the Januaries.
func (v Trend) monthTicks(p trendPlot) []tick {
	places := v.monthStarts()
	every := (len(places) + maxMonths - 1) / maxMonths
	first := 0
	for i, place := range places {
		if v.Points[place].Start.Month() == time.January {
			first = i % every
			break
		}
	}
	var ticks []tick
	for i := first; i < len(places); i += every {
		ticks = p.appendTick(ticks, p.x(float64(places[i])), v.monthTick(v.Points[places[i]].Start))
	}
	return ticks
}

// monthStarts are the steps with which a month begins. The first step begins
// none when the next month is near: the end of a month would be written over it.
func (v Trend) monthStarts() []int {
	var places []int
	for i, point := range v.Points {
		if i == 0 || !sameMonth(point.Start, v.Points[i-1].Start) {
			places = append(places, i)
		}
	}
	if len(places) > 1 && v.Points[places[1]].Start.Sub(v.Points[0].Start) < 20*24*time.Hour {
		places = places[1:]
	}
	return places
}

// appendTick adds a word at a share of the width. Every second one is left out
// on a phone. One at the right edge reads away from it, and so on a phone towards
// the one before: it is left out there as well.
func (p trendPlot) appendTick(ticks []tick, x float64, text string) []tick {
	t := tick{X: p.across(x), Text: text, Anchor: "middle"}
	if x > 0.97 {
		t.Anchor = "end"
	}
	if len(ticks)%2 == 1 || len(ticks) > 0 && x > 0.97 {
		t.Class = "minor"
	}
	return append(ticks, t)
}

func (v Trend) monthTick(start time.Time) string {
	if start.Month() == time.January {
		return strconv.Itoa(start.Year())
	}
	return v.L.ShortMonth(start)
}

func sameMonth(a, b time.Time) bool {
	return a.Year() == b.Year() && a.Month() == b.Month()
}

// label names a step: "week of 6 July 2026".
func (v Trend) label(point TrendPoint) string {
	switch v.Period {
	case Week:
		return v.L.T("components.trend.week_of", "date", point.Start)
	case Month:
		return v.L.Month(point.Start)
	case Quarter:
		return v.L.T("components.trend.quarter", "year", strconv.Itoa(point.Start.Year()), "quarter", strconv.Itoa((int(point.Start.Month())+2)/3))
	default:
		return v.L.Date(point.Start)
	}
}

// score writes a score, rounded; a dash for none.
func (v Trend) score(value *float64) string {
	if value == nil {
		return "–"
	}
	return v.L.Score(v.Metric, *value, 0)
}

// interval writes the interval of a step, rounded and clipped to the scale.
func (v Trend) interval(low, high *float64) string {
	if low == nil || high == nil {
		return "–"
	}
	floor, ceiling := limits(v.Metric)
	return v.L.T("components.interval",
		"low", v.L.Score(v.Metric, max(floor, *low), 0), "high", v.L.Score(v.Metric, min(ceiling, *high), 0))
}

// legend says what dots, line and band are.
func (v Trend) legend() string {
	legend := v.L.T("components.trend.legend."+string(v.Period), "confidence", v.L.Percent(v.Confidence*100, 0))
	if v.span(trendPlot{count: len(v.Points)}) != nil {
		legend += " · " + v.L.T("components.trend.legend.span", "span", v.Span.Text)
	}
	if len(v.ghost()) > 0 {
		legend += " · " + v.L.T("components.trend.legend.earlier", "before", v.Before)
	}
	return legend
}
