package components

import (
	"github.com/a-h/templ"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// Periods are a score in two periods and the step between them, for a file. A page
// shows them as a table.
type Periods struct {
	L          *i18n.Localizer
	Metric     surveys.Metric
	Title      string
	Head       string // "Period"
	List       []PeriodScore
	Difference PeriodScore // Score is the difference; the rest its interval
	P          *float64    // of the difference
}

// PeriodScore is the score of one period.
type PeriodScore struct {
	Name             string
	Dates            string
	From, To         string // first and last day, 2026-03-01; empty for a difference
	N                int64
	Score, Low, High *float64 // not clipped, not rounded
}

// Heading is what they are compared with.
func (v Periods) Heading() string { return v.Title }

// Sheet is a row for each period, and one for the difference.
func (v Periods) Sheet() Sheet {
	s := Sheet{Columns: []SheetColumn{
		{Text: v.Head, Keys: []string{"period"}}, {Text: v.Head, Keys: []string{"from", "to"}},
		{Text: v.L.Metric(v.Metric), Kind: Numbers, Keys: []string{"score"}}, {Text: v.L.T("components.column.interval"), Kind: Numbers, Keys: []string{"low", "high"}},
		{Text: v.L.T("components.column.answers"), Kind: Numbers, Keys: []string{"n"}}, {Text: v.L.T("components.segments.p"), Kind: Numbers, Keys: []string{"p"}},
	}}
	exact := Trend{L: v.L, Metric: v.Metric}
	row := func(p PeriodScore, days []any, n any, chance *float64) {
		s.Rows = append(s.Rows, SheetRow{Cells: []Cell{
			{Text: p.Name, Values: []any{p.Name}}, {Text: p.Dates, Values: days}, {Text: exact.exact(p.Score), Values: []any{p.Score}},
			{Text: exact.exactly(p.Low, p.High), Values: []any{p.Low, p.High}}, {Values: []any{n}}, {Values: []any{chance}},
		}})
	}
	for _, p := range v.List {
		row(p, []any{p.From, p.To}, p.N, nil)
	}
	row(v.Difference, nil, nil, v.P)
	return s
}

// Picture draws both with their intervals on one axis.
func (v Periods) Picture(frame Picture) templ.Component {
	table := Segments{L: v.L, Metric: v.Metric, Head: v.Head}
	for i, p := range v.List {
		if i == 0 && p.Score != nil {
			table.Overall = *p.Score
		}
		table.Rows = append(table.Rows, SegmentRow{Name: p.Name, N: p.N, Score: p.Score, Low: p.Low, High: p.High, Verdict: p.Dates})
	}
	rows := table.rows()
	for i := range rows.Rows {
		rows.Rows[i].All = nil // there is nobody else
	}
	method := Method{L: v.L, Topic: CompareMethod}
	frame.Foot = append([]string{method.name()}, frame.Foot...)
	return rowsPicture(frame, []rowPicture{rows})
}
