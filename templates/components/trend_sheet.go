package components

import (
	"strings"
)

// Sheet is the numbers behind the trend: one row for each step.
func (v Trend) Sheet() Sheet {
	return v.sheet(v.plot())
}

func (v Trend) sheet(p trendPlot) Sheet {
	s := Sheet{Columns: []SheetColumn{
		{Text: v.L.T("components.trend.when"), Keys: []string{"start"}},
		{Text: v.L.Metric(v.Metric), Kind: Numbers, Keys: []string{"score"}},
		{Text: v.L.T("components.trend.interval", "confidence", v.L.Percent(v.Confidence*100, 0)), Kind: Numbers, Keys: []string{"low", "high"}},
		{Text: v.L.T("components.trend.smooth"), Kind: Numbers, Keys: []string{"smooth", "smooth_low", "smooth_high"}},
		{Text: v.L.T("components.column.answers"), Kind: Numbers, Keys: []string{"n"}},
	}}
	if len(v.Earlier) > 0 {
		s.Columns = append(s.Columns, SheetColumn{Text: v.Before, Kind: Numbers, Keys: []string{"earlier_start", "earlier_n", "earlier_score", "earlier_low", "earlier_high", "earlier_smooth"}})
	}
	events := len(v.Changes)+len(v.Notes) > 0
	if events {
		s.Columns = append(s.Columns, SheetColumn{Text: v.L.T("components.trend.events"), Keys: []string{"events"}})
	}
	for i, point := range v.Points {
		row := SheetRow{Mark: v.mark(p, i), Cells: []Cell{
			{Text: v.label(point), Values: []any{point.Start}},
			{Text: v.exact(point.Score), Values: []any{point.Score}},
			{Text: v.exactly(point.Low, point.High), Values: []any{point.Low, point.High}},
			{Text: v.exact(point.Smooth), Note: v.around(point), Values: []any{point.Smooth, point.SmoothLow, point.SmoothHigh}},
			{Text: v.L.Number(point.N), Address: point.Address, Values: []any{point.N}},
		}}
		if len(v.Earlier) > 0 {
			row.Cells = append(row.Cells, v.earlierCell(i))
		}
		happened := v.happened(i)
		if events {
			row.Cells = append(row.Cells, Cell{Text: happened, Values: []any{happened}})
		}
		row.Says = v.says(i, happened)
		s.Rows = append(s.Rows, row)
	}
	return s
}

// exact writes a score with the digit that a picture has no room for; a dash for none.
func (v Trend) exact(value *float64) string {
	if value == nil {
		return "–"
	}
	return v.L.Score(v.Metric, *value, 1)
}

// exactly does so with an interval, clipped to the scale.
func (v Trend) exactly(low, high *float64) string {
	if low == nil || high == nil {
		return "–"
	}
	floor, ceiling := limits(v.Metric)
	low, high = new(max(floor, *low)), new(min(ceiling, *high))
	return v.L.T("components.interval", "low", v.exact(low), "high", v.exact(high))
}

// around is the interval of a step's level; "" where it has none.
func (v Trend) around(point TrendPoint) string {
	if point.SmoothLow == nil || point.SmoothHigh == nil {
		return ""
	}
	return v.exactly(point.SmoothLow, point.SmoothHigh)
}

// mark is where the picture shows a step: at its score, else at its level.
func (v Trend) mark(p trendPlot, i int) *Mark {
	point := v.Points[i]
	m := &Mark{X: number(100 * p.x(float64(i)))}
	if at := shownValue(point); at != nil {
		m.Y = number(p.y(*at))
	}
	if point.Low != nil && point.High != nil {
		m.High, m.Low = number(p.y(*point.High)), number(p.y(*point.Low))
	}
	return m
}

func shownValue(point TrendPoint) *float64 {
	if point.Score != nil {
		return point.Score
	}
	return point.Smooth
}

// ghost is the line of the earlier time, step by step: its level, or its score
// where there is none. It begins with the first step that somebody answered in and
// ends with the last: beyond them the level is only drawn on.
func (v Trend) ghost() []*float64 {
	values := make([]*float64, min(len(v.Earlier), len(v.Points)))
	first, last := v.heard()
	for i := first; i <= last; i++ {
		if values[i] = v.Earlier[i].Smooth; values[i] == nil {
			values[i] = v.Earlier[i].Score
		}
	}
	if last-first < 1 { // a point is no course
		return nil
	}
	return values
}

// heard are the first and the last step of the earlier time that somebody answered
// in; the last is −1 where nobody did.
func (v Trend) heard() (first, last int) {
	steps := min(len(v.Earlier), len(v.Points))
	first, last = steps, -1
	for i, point := range v.Earlier[:steps] {
		if point.N > 0 {
			first, last = min(first, i), i
		}
	}
	return first, last
}

// earlierCell is what was known at the step that is drawn under step i.
func (v Trend) earlierCell(i int) Cell {
	if i >= len(v.Earlier) || v.Earlier[i].Start.IsZero() {
		return Cell{Text: "–"}
	}
	was := v.Earlier[i]
	if first, last := v.heard(); i < first || i > last {
		was.Smooth = nil
	}
	return Cell{
		Text: v.exact(was.Score), Note: v.L.T("components.trend.was", "when", v.label(was), "answers", v.L.N("components.answers", was.N)),
		Values: []any{was.Start, was.N, was.Score, was.Low, was.High, was.Smooth},
	}
}

// happened is the changes and the notes of a step.
func (v Trend) happened(i int) string {
	var all []string
	for _, change := range v.Changes {
		if step, ok := v.step(change.At); ok && step == i {
			all = append(all, change.Text)
		}
	}
	for _, note := range v.notesAt(i) {
		all = append(all, v.L.T("components.trend.note", "date", v.L.ShortDate(note.At), "text", note.Text))
	}
	return strings.Join(all, v.L.T("components.says.join"))
}

// says is a step as a sentence: "Week of 6 July 2026: NPS 31, 24 to 38, 54
// answers; smoothed 33".
func (v Trend) says(i int, happened string) string {
	point := v.Points[i]
	answers := v.L.N("components.answers", point.N)
	all := []string{v.L.T("components.trend.says_none", "when", v.label(point), "answers", answers)}
	if point.Score != nil {
		all[0] = v.L.T("components.trend.says", "when", v.label(point), "metric", v.L.Metric(v.Metric),
			"score", v.exact(point.Score), "interval", v.exactly(point.Low, point.High), "answers", answers)
	}
	if point.Smooth != nil {
		all = append(all, v.L.T("components.trend.says_smooth", "score", v.exact(point.Smooth)))
	}
	if i < len(v.Earlier) && v.Earlier[i].Score != nil {
		all = append(all, v.L.T("components.trend.says_earlier", "before", v.Before, "score", v.exact(v.Earlier[i].Score)))
	}
	if happened != "" {
		all = append(all, happened)
	}
	return strings.Join(all, v.L.T("components.says.join"))
}

// Step is the level at a step as a step of a sparkline.
func (v Trend) Step(point TrendPoint) RatePoint {
	return RatePoint{
		Start: point.Start, Label: v.label(point), Value: point.Smooth, Low: point.SmoothLow, High: point.SmoothHigh,
		Text: v.exact(point.Smooth), Interval: v.exactly(point.SmoothLow, point.SmoothHigh), Count: v.L.N("components.answers", point.N), N: &point.N,
	}
}
