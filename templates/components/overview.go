package components

import (
	"github.com/a-h/templ"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// Overview is every survey's score in one line, with the course that led to it:
// the numbers of a list whose look is the page's own.
type Overview struct {
	L     *i18n.Localizer
	Title string
	When  string // the period of the scores
	Line  string // what the courses in a picture are
	Rows  []OverviewRow
	Save  *Save // nil: nobody may take it from here
}

// OverviewRow is one survey. Numbers that must not be shown are nil.
type OverviewRow struct {
	Name             string
	Address          string
	Metric           surveys.Metric
	N                int64
	Score, Low, High *float64 // not clipped, not rounded
	Rate             *float64 // of those asked who answered, a fraction
	RateLow          *float64 // the ends of its interval
	RateHigh         *float64
	Averages         Averages // in the file only
	Verdict          string
	Evidence         Evidence
	Course           RateTrend
}

// Heading is the list's title.
func (v Overview) Heading() string { return v.Title }

// Courses are the numbers behind the sparklines, with the ID that the table has on
// the page.
func (v Overview) Courses(id string) Courses {
	c := Courses{L: v.L, ID: id, Title: v.L.T("components.overview.courses"), Head: v.L.T("components.overview.survey"), Value: v.L.T("overview.level"), Count: v.L.T("overview.count")}
	for _, row := range v.Rows {
		c.List = append(c.List, row.Course)
	}
	return c
}

// Sheet is one row for each survey.
func (v Overview) Sheet() Sheet {
	s := Sheet{Columns: []SheetColumn{
		{Text: v.L.T("components.overview.survey"), Keys: []string{"survey", "metric"}},
		{Text: v.L.T("components.overview.score"), Kind: Numbers, Keys: []string{"score"}},
		{Text: v.L.T("components.trend.interval", "confidence", v.L.Percent(95, 0)), Kind: Numbers, Keys: []string{"low", "high"}},
		{Text: v.L.T("components.column.answers"), Kind: Numbers, Keys: []string{"n"}},
		{Text: v.L.T("asked.rate.column"), Kind: Numbers, Keys: []string{"response_rate", "response_rate_low", "response_rate_high"}},
		{Text: v.L.T("components.column.verdict"), Keys: []string{"verdict"}},
		{Keys: []string{"mean", "mean_low", "mean_high", "index", "index_low", "index_high"}},
	}}
	for _, row := range v.Rows {
		cells := v.figures(row)
		s.Rows = append(s.Rows, SheetRow{Class: group(row.Evidence), Cells: []Cell{
			{Text: row.Name, Note: v.L.Metric(row.Metric), Address: row.Address, Values: []any{row.Name, string(row.Metric)}},
			{Text: cells.score, Values: []any{row.Score}}, {Text: cells.interval, Values: []any{row.Low, row.High}},
			{Text: v.L.Number(row.N), Values: []any{row.N}}, {Text: cells.rate, Note: cells.rates, Values: []any{hundredfold(row.Rate), hundredfold(row.RateLow), hundredfold(row.RateHigh)}}, {Text: row.Verdict, Values: []any{row.Verdict}},
			row.Averages.cell(),
		}})
	}
	return s
}

// figures writes a survey's numbers.
func (v Overview) figures(row OverviewRow) (f struct{ score, interval, rate, rates string }) {
	trend := Trend{L: v.L, Metric: row.Metric}
	f.score, f.interval, f.rate = trend.score(row.Score), trend.interval(row.Low, row.High), Funnel{L: v.L}.share(row.Rate)
	if row.RateLow != nil && row.RateHigh != nil {
		f.rates = v.L.T("components.interval", "low", Funnel{L: v.L}.share(row.RateLow), "high", Funnel{L: v.L}.share(row.RateHigh))
	}
	return f
}

// Picture is the list with its sparklines as a file by itself.
func (v Overview) Picture(frame Picture) templ.Component {
	list := rowPicture{Head: v.L.T("components.overview.survey"), Wide: 120, Numbers: []string{v.L.T("components.overview.score"), v.L.T("components.column.interval"), v.L.T("components.column.answers")}}
	for _, row := range v.Rows {
		cells := v.figures(row)
		laid := pictureRow{
			Name: row.Name, Class: SegmentRow{Evidence: row.Evidence}.rowClass(), Numbers: []string{v.L.Metric(row.Metric) + " " + cells.score, cells.interval, v.L.Number(row.N)}, Says: row.Verdict,
		}
		if p, ok := (Courses{L: v.L}).Spark(row.Course).plot(); ok {
			laid.Course = &p
		}
		list.Rows = append(list.Rows, laid)
	}
	if v.Line != "" {
		frame.Foot = append([]string{v.Line}, frame.Foot...)
	}
	return rowsPicture(frame, []rowPicture{list})
}
