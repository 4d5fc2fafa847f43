package components

import (
	"sort"
	"strings"

	"github.com/a-h/templ"
)

// Heading is the curves' title.
func (v Stays) Heading() string { return v.Title }

// Sheet is the numbers behind the curves: a row for each time, and of each group
// the share that is still there.
func (v Stays) Sheet() Sheet { return v.sheet(v.plot()) }

func (v Stays) sheet(p stayPlot) Sheet {
	s := Sheet{Columns: []SheetColumn{{Text: v.L.T("components.stay.when"), Keys: []string{"day"}}}}
	shown := v.shown()
	for _, c := range shown {
		s.Columns = append(s.Columns, SheetColumn{
			Text: v.L.T("components.stay.of", "group", c.Name, "people", v.L.Number(c.N), "left", v.L.Number(c.Left)), Kind: Numbers,
			Keys: []string{c.Key, c.Key + "_low", c.Key + "_high", c.Key + "_n"},
		})
	}
	for _, t := range v.Times {
		row := SheetRow{Mark: &Mark{X: number(100 * min(1, t.Days/p.until))}, Cells: []Cell{{Text: t.Text, Values: []any{int64(t.Days)}}}}
		var says []string
		for i, c := range shown {
			cell := v.cell(c, t.Days)
			if at := c.at(t.Days); i == 0 && at != nil {
				row.Mark.Y = number(p.y(at.Share))
			}
			row.Cells = append(row.Cells, cell)
			says = append(says, v.L.T("components.trend.note", "date", c.Name, "text", strings.TrimSpace(cell.Text+" "+cell.Note)))
		}
		row.Says = v.L.T("components.trend.note", "date", t.Text, "text", strings.Join(says, v.L.T("components.says.join")))
		s.Rows = append(s.Rows, row)
	}
	return s
}

// shown are the groups that have a curve.
func (v Stays) shown() []StayCurve {
	var shown []StayCurve
	for _, c := range v.Curves {
		if c.Note == "" {
			shown = append(shown, c)
		}
	}
	return shown
}

// at is where a curve lies after a time; nil where nothing is known.
func (c StayCurve) at(days float64) *StayStep {
	if days > c.Until {
		return nil
	}
	i := sort.Search(len(c.Steps), func(i int) bool { return c.Steps[i].Time > days })
	if i == 0 {
		return &StayStep{Share: 1}
	}
	return &c.Steps[i-1]
}

// cell is a group's share after a time, with its interval.
func (v Stays) cell(c StayCurve, days float64) Cell {
	at := c.at(days)
	if at == nil {
		return Cell{Text: "–"}
	}
	cell := Cell{Text: v.L.Percent(100*at.Share, 1), Values: []any{100 * at.Share, hundredfold(at.Low), hundredfold(at.High), c.N}}
	if at.Low != nil && at.High != nil {
		cell.Note = v.L.T("components.interval", "low", v.L.Percent(100**at.Low, 1), "high", v.L.Percent(100**at.High, 1))
	}
	return cell
}

// keyHead says of when the key's shares are.
func (v Stays) keyHead() string {
	if len(v.Times) == 0 {
		return ""
	}
	return v.L.T("components.stay.key", "when", v.Times[len(v.Times)-1].Text)
}

// last is what the key says of a curve: its share at the last time.
func (v Stays) last(c StayCurve) string {
	if len(v.Times) == 0 {
		return ""
	}
	at := c.at(v.Times[len(v.Times)-1].Days)
	switch {
	case at == nil:
		return "–"
	case at.Low == nil || at.High == nil:
		return v.L.Percent(100*at.Share, 0)
	}
	return v.L.T("components.stay.cell", "share", v.L.Percent(100*at.Share, 0), "low", v.L.Percent(100**at.Low, 0), "high", v.L.Percent(100**at.High, 0))
}

// Picture is the curves as a file by itself, with their keys under them.
func (v Stays) Picture(frame Picture) templ.Component {
	frame.Foot = append([]string{v.Legend}, frame.Foot...)
	return stayPicture(v, frame)
}

// stayKey is the height of a line of the key in a picture.
const stayKey = 22.0

func (v Stays) pictureHeight() float64 { return rateHeight + 14 + stayKey*float64(len(v.Curves)) }

// keyY is where the line of a curve's key stands in a picture.
func (v Stays) keyY(i int) float64 { return rateHeight + 14 + stayKey*float64(i) }

// said is a curve's key in a picture.
func (v Stays) said(c StayCurve) string {
	if c.Note != "" {
		return v.L.T("components.trend.note", "date", c.Name, "text", c.Note)
	}
	return v.L.T("components.stay.said", "group", c.Name, "people", c.People, "left", v.L.Number(c.Left), "key", v.keyHead(), "share", v.last(c))
}
