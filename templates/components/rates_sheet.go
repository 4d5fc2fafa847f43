package components

import "strings"

// Sheet is the numbers behind the rate: one row for each step.
func (v RateTrend) Sheet() Sheet { return v.sheet(v.plot()) }

func (v RateTrend) sheet(p ratePlot) Sheet {
	s := Sheet{Columns: []SheetColumn{
		{Text: v.L.T("components.trend.when"), Keys: []string{"start"}},
		{Text: v.L.T("components.rate.value"), Kind: Numbers, Keys: []string{"value"}},
		{Text: v.L.T("components.column.interval"), Kind: Numbers, Keys: []string{"low", "high"}},
		{Text: v.L.T("components.rate.count"), Kind: Numbers, Keys: []string{"n", "of", "partial"}},
	}}
	for i, point := range v.Points {
		row := v.row(point)
		row.Mark = point.mark(p, i)
		s.Rows = append(s.Rows, row)
	}
	return s
}

// row is one step.
func (v RateTrend) row(point RatePoint) SheetRow {
	step := Cell{Text: point.Label, Values: []any{point.Start}}
	if point.Partial {
		step.Note = v.L.T("components.rate.partial")
	}
	return SheetRow{Says: v.says(point), Cells: []Cell{
		step, {Text: point.Text, Values: []any{point.Value}}, {Text: point.Interval, Values: []any{point.Low, point.High}},
		{Text: point.Count, Values: []any{point.N, point.Of, point.Partial}},
	}}
}

// mark is where the picture shows a step.
func (point RatePoint) mark(p ratePlot, i int) *Mark {
	m := &Mark{X: number(100 * p.x(i))}
	if point.Value != nil {
		m.Y = number(p.y(*point.Value))
	}
	if point.Low != nil && point.High != nil {
		m.High, m.Low = number(p.y(*point.High)), number(p.y(*point.Low))
	}
	return m
}

// says is a step as a sentence: what it has of value, interval and counts.
func (v RateTrend) says(point RatePoint) string {
	var all []string
	for _, text := range []string{point.Text, point.Interval, point.Count} {
		if text != "" && text != "–" {
			all = append(all, text)
		}
	}
	if point.Partial {
		all = append(all, v.L.T("components.rate.partial"))
	}
	return v.L.T("components.trend.note", "date", point.Label, "text", strings.Join(all, v.L.T("components.says.join")))
}
