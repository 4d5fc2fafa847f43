package components

import (
	"strconv"

	"github.com/harkhq/hark/analysis"
)

// Sheet is the numbers behind the bars: one row for each score.
func (v Distribution) Sheet() Sheet {
	s := Sheet{Columns: []SheetColumn{
		{Text: v.L.T("components.dist.score"), Keys: []string{"score"}},
		{Text: v.L.T("components.dist.band"), Keys: []string{"band"}},
		{Text: v.L.T("components.column.answers"), Kind: Numbers, Keys: []string{"n"}},
		{Text: v.L.T("components.column.share"), Kind: Numbers, Keys: []string{"share"}},
		{Text: v.L.T("components.trend.interval", "confidence", v.L.Percent(100*v.confidence(), 0)), Kind: Numbers, Keys: []string{"low", "high"}},
		v.Averages.column(),
	}}
	all := v.Counts.N()
	for _, choice := range v.Metric.Scale().Choices() {
		n, band := v.Counts[choice], v.Metric.Scale().Band(choice)
		count := Cell{Text: v.L.Number(n), Values: []any{n}}
		if v.Answers != "" {
			count.Address = v.Answers + strconv.Itoa(choice)
		}
		row := SheetRow{Cells: []Cell{{Text: v.choice(choice), Values: []any{choice}}, {Text: v.L.Band(band), Values: []any{string(band)}}, count}}
		row.Cells = append(append(row.Cells, v.shareCells(n, all)...), v.Averages.cell())
		row.Says = v.L.N("components.dist.bar", n, "choice", strconv.Itoa(choice), "share", row.Cells[3].Text, "interval", row.Cells[4].Text)
		s.Rows = append(s.Rows, row)
	}
	return s
}

// choice names a score, with what it stands for where that is not plain.
func (v Distribution) choice(score int) string {
	return v.L.T("components.dist.given", "score", strconv.Itoa(score))
}

// shareCells are n's share of all and its Wilson interval, in percent.
func (v Distribution) shareCells(n, all int64) []Cell {
	interval, err := analysis.Proportion(n, all, v.confidence())
	if err != nil { // nobody answered
		return []Cell{{Text: "–"}, {Text: "–"}}
	}
	share := 100 * float64(n) / float64(all)
	return []Cell{
		{Text: v.L.Percent(share, 1), Values: []any{share}},
		{
			Text:   v.L.T("components.interval", "low", v.L.Percent(interval.Low, 1), "high", v.L.Percent(interval.High, 1)),
			Values: []any{interval.Low, interval.High},
		},
	}
}

func (v Distribution) confidence() float64 {
	if v.Confidence == 0 {
		return 0.95
	}
	return v.Confidence
}
