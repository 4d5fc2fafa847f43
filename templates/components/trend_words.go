package components

import (
	"strconv"
	"time"
)

// maxTicks is how many words stand under a trend on a wide page; on a phone
// every second one of them.
const maxTicks = 13

// leastGap is how near the first two words may come, as a share of the width.
const leastGap = 0.055

// ticks are the words under the chart: the months when the trend is longer than
// ten weeks, days otherwise. A January shows its year.
func (v Trend) ticks(p trendPlot) []tick {
	if len(v.Points) == 0 {
		return nil
	}
	span := v.Points[len(v.Points)-1].Start.Sub(v.Points[0].Start)
	byMonth := span > 10*7*24*time.Hour
	var places []int
	for i, point := range v.Points {
		if byMonth && i > 0 && sameMonth(point.Start, v.Points[i-1].Start) {
			continue
		}
		places = append(places, i)
	}
	if len(places) > 1 && p.x(float64(places[1]))-p.x(0) < leastGap {
		places = places[1:] // the end of a month would be written over the next
	}
	every := (len(places) + maxTicks - 1) / maxTicks
	var ticks []tick
	for nth := 0; nth < len(places); nth += every {
		i := places[nth]
		t := tick{X: percent(p.x(float64(i))), Text: v.L.ShortDate(v.Points[i].Start), Anchor: "middle"}
		if byMonth {
			t.Text = v.monthTick(v.Points[i].Start)
		}
		if len(ticks)%2 == 1 {
			t.Class = "minor"
		}
		ticks = append(ticks, t)
	}
	return ticks
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
	return v.L.T("components.trend.legend."+string(v.Period), "confidence", v.L.Percent(v.Confidence*100, 0))
}
