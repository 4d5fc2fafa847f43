package components

import (
	"math"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"github.com/harkhq/hark/templates/i18n"
)

// Cohorts is what became of those who came together: a row for each month, a
// column for each month since, and in each cell the share that is left, in words
// and as a shade.
type Cohorts struct {
	L      *i18n.Localizer
	ID     string // of the card, once on a page
	Title  string
	Legend string
	Rows   []CohortRow
	Save   *Save // nil: nobody may take it from here
}

// CohortRow is everybody who came in one step.
type CohortRow struct {
	Start   time.Time
	Size    int64
	Partial bool // more may still come
	Cells   []CohortCell
}

// CohortCell is a cohort some steps on. Numbers that must not be shown are nil;
// shares are in percent.
type CohortCell struct {
	Offset           int
	N                int64
	Share, Low, High *float64
	Partial          bool // the step is not over
}

// heatShades is in how many shades shares are told apart.
const heatShades = 8

// HeatKey is one shade of the legend.
type HeatKey struct{ Class, Text string }

// Heading is the table's title.
func (v Cohorts) Heading() string { return v.Title }

// heads are the months since.
func (v Cohorts) heads() []string {
	var heads []string
	for _, row := range v.Rows {
		for _, cell := range row.Cells[min(len(heads), len(row.Cells)):] {
			heads = append(heads, strconv.Itoa(cell.Offset))
		}
	}
	return heads
}

// extent is the least and the greatest share among the cells.
func (v Cohorts) extent() (low, high float64) {
	low, high = 100, 0
	for _, row := range v.Rows {
		for _, cell := range row.Cells {
			if cell.Share != nil {
				low, high = min(low, *cell.Share), max(high, *cell.Share)
			}
		}
	}
	return min(low, high), high
}

// shade is that of a cell, from 1; 0 for one without a number.
func (v Cohorts) shade(cell CohortCell) int {
	if cell.Share == nil {
		return 0
	}
	low, high := v.extent()
	if high-low < 1 {
		return heatShades
	}
	return 1 + int(math.Round((heatShades-1)*(*cell.Share-low)/(high-low)))
}

// class is a cell's shade on a page.
func (v Cohorts) class(cell CohortCell) string {
	if shade := v.shade(cell); shade > 0 {
		return "h" + strconv.Itoa(shade)
	}
	return ""
}

// keys are the shades, of which the first and the last have a number.
func (v Cohorts) keys() []HeatKey {
	keys := make([]HeatKey, heatShades)
	for i := range keys {
		keys[i].Class = "h" + strconv.Itoa(i+1)
	}
	low, high := v.extent()
	keys[0].Text, keys[heatShades-1].Text = v.L.Percent(low, 0), v.L.Percent(high, 0)
	return keys
}

// written is a cell's number.
func (v Cohorts) written(cell CohortCell) string {
	if cell.Share == nil {
		return "–"
	}
	return v.L.Decimal(*cell.Share, 0)
}

// point is the row of the sheet that a cell is.
func (v Cohorts) point(row, cell int) string {
	n := cell
	for _, above := range v.Rows[:row] {
		n += len(above.Cells)
	}
	return strconv.Itoa(n)
}

// Sheet is one row for each cell.
func (v Cohorts) Sheet() Sheet {
	s := Sheet{Columns: []SheetColumn{
		{Text: v.L.T("loyalty.cohort.month"), Keys: []string{"cohort"}},
		{Text: v.L.T("loyalty.cohort.size"), Kind: Numbers, Keys: []string{"size"}},
		{Text: v.L.T("components.cohort.since"), Kind: Numbers, Keys: []string{"months"}},
		{Text: v.L.T("components.cohort.left"), Kind: Numbers, Keys: []string{"n"}},
		{Text: v.L.T("components.column.share"), Kind: Numbers, Keys: []string{"share"}},
		{Text: v.L.T("components.trend.interval", "confidence", v.L.Percent(95, 0)), Kind: Numbers, Keys: []string{"low", "high", "partial"}},
	}}
	for _, row := range v.Rows {
		for _, cell := range row.Cells {
			s.Rows = append(s.Rows, v.row(row, cell))
		}
	}
	return s
}

func (v Cohorts) row(c CohortRow, cell CohortCell) SheetRow {
	row := SheetRow{Cells: []Cell{
		{Text: v.L.Month(c.Start), Values: []any{c.Start}}, {Text: v.L.Number(c.Size), Values: []any{c.Size}}, {Text: strconv.Itoa(cell.Offset), Values: []any{cell.Offset}},
		{Text: "–"}, {Text: "–"}, {Text: "–"},
	}}
	says := v.L.T("components.cohort.few")
	if cell.Share != nil && cell.Low != nil && cell.High != nil {
		row.Cells[3] = Cell{Text: v.L.Number(cell.N), Values: []any{cell.N}}
		row.Cells[4] = Cell{Text: v.L.Percent(*cell.Share, 1), Values: []any{cell.Share}}
		row.Cells[5] = Cell{Text: v.L.T("components.interval", "low", v.L.Percent(*cell.Low, 1), "high", v.L.Percent(*cell.High, 1)), Values: []any{cell.Low, cell.High, cell.Partial}}
		says = v.L.T("components.cohort.says", "share", row.Cells[4].Text, "n", cell.N, "of", c.Size, "interval", row.Cells[5].Text)
	}
	if cell.Partial {
		row.Cells[4].Note = v.L.T("components.rate.partial")
		says += v.L.T("components.says.join") + row.Cells[4].Note
	}
	row.Says = v.L.N("components.cohort.cell", int64(cell.Offset), "month", row.Cells[0].Text, "text", says)
	return row
}

// The measures of a picture of cohorts, in px.
const (
	heatNames = 140.0
	heatFrom  = 250.0
	heatCell  = 60.0
	heatRow   = 30.0
)

func (v Cohorts) pictureHeight() float64 { return rowHead + heatRow*float64(len(v.Rows)) }

// cellWidth is that of a cell in a picture.
func (v Cohorts) cellWidth() float64 {
	return min(heatCell, (inner-heatFrom)/float64(max(1, len(v.heads()))))
}

// cellX is where the middle of a column lies in a picture.
func (v Cohorts) cellX(i int) float64 { return heatFrom + v.cellWidth()*(float64(i)+0.5) }

// ink is how strong a cell's ground is in a picture, as on a page.
func (v Cohorts) ink(cell CohortCell) string {
	if shade := v.shade(cell); shade > 0 {
		return number(0.03 + 0.05*float64(shade-1))
	}
	return "0"
}

// Picture is the table as a file by itself.
func (v Cohorts) Picture(frame Picture) templ.Component {
	frame.Foot = append([]string{v.Legend}, frame.Foot...)
	return cohortsPicture(v, frame)
}
