package components

import (
	"math"
	"slices"
)

// Sheet is the numbers behind the rows, with those that the table itself has no
// room for.
func (v Segments) Sheet() Sheet {
	confidence := v.Confidence
	if confidence == 0 {
		confidence = 0.95
	}
	s := Sheet{Columns: []SheetColumn{
		{Text: v.Head, Keys: []string{"value"}},
		{Text: v.L.Metric(v.Metric), Kind: Numbers, Keys: []string{"score"}},
		{Text: v.L.T("components.trend.interval", "confidence", v.L.Percent(100*confidence, 0)), Kind: Numbers, Keys: []string{"low", "high"}},
		{Text: v.L.T("components.column.answers"), Kind: Numbers, Keys: []string{"n"}},
		{Text: v.L.T("components.segments.shrunk"), Kind: Numbers, Keys: []string{"shrunk"}},
		{Text: v.L.T("components.segments.p"), Kind: Numbers, Keys: []string{"p"}},
		{Text: v.L.T("components.segments.p_corrected"), Kind: Numbers, Keys: []string{"p_adjusted"}},
		{Text: v.L.T("components.column.verdict"), Keys: []string{"verdict"}},
	}}
	exact := Trend{L: v.L, Metric: v.Metric}
	for _, row := range v.Rows {
		s.Rows = append(s.Rows, SheetRow{Says: v.says(row), Class: group(row.Evidence), Cells: []Cell{
			{Text: row.Name, Values: []any{row.value()}},
			{Text: exact.exact(row.Score), Values: []any{row.Score}},
			{Text: exact.exactly(row.Low, row.High), Values: []any{row.Low, row.High}},
			{Text: v.L.Number(row.N), Address: row.Address, Values: []any{row.N}},
			{Text: exact.exact(row.Shrunk), Values: []any{row.Shrunk}},
			{Text: v.probability(row.P), Values: []any{row.P}},
			{Text: v.probability(row.PCorrected), Values: []any{row.PCorrected}},
			{Text: row.Verdict, Values: []any{row.Verdict}},
		}})
	}
	return s
}

// says is a row as a sentence: "Retail: NPS 52, 42 to 62, 1,212 answers; higher than
// the rest".
func (v Segments) says(row SegmentRow) string {
	exact, answers := Trend{L: v.L, Metric: v.Metric}, v.L.N("components.answers", row.N)
	says := v.L.T("components.trend.says_none", "when", row.Name, "answers", answers)
	if row.Score != nil {
		says = v.L.T("components.trend.says", "when", row.Name, "metric", v.L.Metric(v.Metric), "score", exact.exact(row.Score), "interval", exact.exactly(row.Low, row.High), "answers", answers)
	}
	if row.Verdict != "" {
		says += v.L.T("components.says.join") + row.Verdict
	}
	return says
}

// linked reports whether rows lead to their answers; then they are walked by their
// links, else by the slider.
func (v Segments) linked() bool {
	return slices.ContainsFunc(v.Rows, func(row SegmentRow) bool { return row.Address != "" })
}

// value is the row's name in a file.
func (row SegmentRow) value() string {
	if row.Value == "" {
		return row.Name
	}
	return row.Value
}

func (v Segments) points(score *float64) string {
	if score == nil {
		return "–"
	}
	return v.L.Score(v.Metric, *score, 0)
}

// probability writes a p; nobody needs to know how small a tiny one is.
func (v Segments) probability(p *float64) string {
	switch {
	case p == nil:
		return "–"
	case *p < 0.001:
		return v.L.T("components.segments.p_below", "p", v.L.Decimal(0.001, 3))
	case *p < 0.1:
		return v.L.Decimal(*p, 3)
	}
	return v.L.Decimal(math.Min(*p, 1), 2)
}
