package components

import (
	"github.com/a-h/templ"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// Themes are what people wrote about, and what of the score goes with it: the
// numbers of a list whose look is the page's own.
type Themes struct {
	L      *i18n.Localizer
	Title  string
	Metric surveys.Metric
	Rows   []ThemeLine
	Save   *Save // nil: nobody may take it from here
}

// ThemeLine is one theme. Numbers that must not be shown are nil; shares are in
// percent.
type ThemeLine struct {
	Name             string
	N, Of            int64 // comments, of all that were read
	Share, Low, High *float64
	Effect           *Effect
	P                *float64 // of the effect, among all themes
	Evidence         Evidence
	Verdict          string
	Address          string // of the comments; empty: no link
}

// Heading is the list's title.
func (v Themes) Heading() string { return v.Title }

// Effects is the axis on which the effects are drawn.
func (v Themes) Effects() Effects {
	e := Effects{L: v.L, Metric: v.Metric}
	for _, row := range v.Rows {
		if row.Effect != nil {
			e.List = append(e.List, *row.Effect)
		}
	}
	return e
}

// Sheet is the numbers behind the list: one row for each theme.
func (v Themes) Sheet() Sheet {
	interval := v.L.T("components.trend.interval", "confidence", v.L.Percent(95, 0))
	s := Sheet{Columns: []SheetColumn{
		{Text: v.L.T("themes.column.theme"), Keys: []string{"theme"}},
		{Text: v.L.T("components.themes.comments"), Kind: Numbers, Keys: []string{"n", "of"}},
		{Text: v.L.T("themes.column.share"), Kind: Numbers, Keys: []string{"share"}},
		{Text: interval, Kind: Numbers, Keys: []string{"share_low", "share_high"}},
		{Text: v.L.T("components.themes.effect", "metric", v.L.Metric(v.Metric)), Kind: Numbers, Keys: []string{"difference"}},
		{Text: interval, Kind: Numbers, Keys: []string{"difference_low", "difference_high"}},
		{Text: v.L.T("components.segments.p_corrected"), Kind: Numbers, Keys: []string{"p_adjusted"}},
		{Text: v.L.T("components.column.verdict"), Keys: []string{"verdict"}},
	}}
	for _, row := range v.Rows {
		s.Rows = append(s.Rows, v.row(row))
	}
	return s
}

func (v Themes) row(t ThemeLine) SheetRow {
	none := Cell{Text: "–"}
	row := SheetRow{Class: group(t.Evidence), Cells: []Cell{
		{Text: t.Name, Values: []any{t.Name}}, none, none, none, none, none, none, {Text: t.Verdict, Values: []any{t.Verdict}},
	}}
	if t.Share != nil {
		row.Cells[1] = Cell{Text: v.L.T("components.themes.of", "n", t.N, "of", t.Of), Address: t.Address, Values: []any{t.N, t.Of}}
		row.Cells[2] = Cell{Text: v.L.Percent(*t.Share, 1), Values: []any{t.Share}}
		row.Cells[3] = Cell{Text: v.L.T("components.interval", "low", v.L.Percent(*t.Low, 1), "high", v.L.Percent(*t.High, 1)), Values: []any{t.Low, t.High}}
	}
	if e := t.Effect; e != nil {
		row.Cells[4] = Cell{Text: v.L.Signed(e.Difference, 0), Values: []any{e.Difference}}
		places := analysis.Places(e.Low, e.High)
		row.Cells[5] = Cell{Text: v.L.T("components.interval", "low", v.L.Signed(e.Low, places), "high", v.L.Signed(e.High, places)), Values: []any{e.Low, e.High}}
		row.Cells[6] = Cell{Text: Segments{L: v.L}.probability(t.P), Values: []any{t.P}}
	}
	row.Says = v.L.T("components.themes.says", "theme", t.Name, "share", row.Cells[2].Text, "comments", row.Cells[1].Text, "verdict", t.Verdict)
	return row
}

// Picture is the list as a file by itself.
func (v Themes) Picture(frame Picture) templ.Component {
	effects := v.Effects()
	a := effects.axis()
	nothing := 0.0
	list := rowPicture{Head: v.L.T("themes.column.theme"), Numbers: []string{v.L.T("themes.column.share"), v.L.T("components.themes.comments")}}
	list = list.ruled(a, func(value float64) string { return v.L.Signed(value, 0) })
	for _, t := range v.Rows {
		laid := pictureRow{Name: t.Name, Class: SegmentRow{Evidence: t.Evidence}.rowClass(), Numbers: []string{"–", "–"}, Says: t.Verdict}
		if t.Share != nil {
			laid.Numbers = []string{v.L.Percent(*t.Share, 0), v.L.Number(t.N)}
		}
		if e := t.Effect; e != nil {
			laid.Low, laid.High, laid.Spot, laid.All = a.on(&e.Low), a.on(&e.High), a.on(&e.Difference), a.on(&nothing)
			laid.SpotClass, laid.Standing = string(e.Standing), string(e.Standing)
		}
		list.Rows = append(list.Rows, laid)
	}
	method := Method{L: v.L, Topic: ThemesMethod}
	frame.Foot = append([]string{v.L.T("themes.list.legend"), method.name()}, frame.Foot...)
	return rowsPicture(frame, []rowPicture{list})
}
