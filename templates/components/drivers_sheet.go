package components

import "github.com/a-h/templ"

// Heading is the card's title.
func (v Drivers) Heading() string { return v.Title }

// Sheet is the numbers behind rows and map: one row for each driver.
func (v Drivers) Sheet() Sheet {
	interval := v.L.T("components.trend.interval", "confidence", v.L.Percent(95, 0))
	s := Sheet{Columns: []SheetColumn{
		{Text: v.L.T("drivers.column.driver"), Keys: []string{"driver"}},
		{Text: v.L.T("drivers.column.share"), Kind: Numbers, Keys: []string{"share"}},
		{Text: interval, Kind: Numbers, Keys: []string{"share_low", "share_high"}},
	}}
	if v.Map != nil {
		s.Columns = append(s.Columns,
			SheetColumn{Text: v.L.T("drivers.column.happy"), Kind: Numbers, Keys: []string{"happy"}},
			SheetColumn{Text: interval, Kind: Numbers, Keys: []string{"happy_low", "happy_high"}},
			SheetColumn{Text: v.L.T("drivers.column.word"), Keys: []string{"verdict"}})
	}
	s.Columns = append(s.Columns, SheetColumn{Text: v.L.T("components.column.answers"), Kind: Numbers, Keys: []string{"n"}})
	for _, row := range v.Rows {
		s.Rows = append(s.Rows, v.row(row))
	}
	return s
}

func (v Drivers) row(d DriverRow) SheetRow {
	row := SheetRow{Cells: []Cell{
		{Text: d.Name, Values: []any{d.Name}},
		{Text: v.L.Percent(100*d.Share, 1), Values: []any{100 * d.Share}},
		v.bounds(d.Low, d.High),
	}}
	row.Says = v.L.T("components.drivers.says", "driver", d.Name, "share", row.Cells[1].Text, "interval", row.Cells[2].Text)
	if v.Map != nil {
		happy := []Cell{{Text: "–"}, {Text: "–"}}
		if d.Happy != nil {
			happy = []Cell{{Text: v.L.Percent(100**d.Happy, 1), Values: []any{100 * *d.Happy}}, v.bounds(d.HappyLow, d.HappyHigh)}
			row.Says += v.L.T("components.says.join") + v.L.T("components.drivers.says_happy", "share", happy[0].Text, "interval", happy[1].Text, "word", d.Word)
		}
		row.Cells = append(append(row.Cells, happy...), Cell{Text: d.Word, Note: d.Doubt, Values: []any{d.Word}})
	}
	row.Cells = append(row.Cells, Cell{Text: v.L.Number(v.N), Values: []any{v.N}})
	return row
}

// bounds is an interval of fractions, in percent.
func (v Drivers) bounds(low, high float64) Cell {
	return Cell{
		Text:   v.L.T("components.interval", "low", v.L.Percent(100*low, 1), "high", v.L.Percent(100*high, 1)),
		Values: []any{100 * low, 100 * high},
	}
}

// Picture is the rows, and under them the map, as a file by itself.
func (v Drivers) Picture(frame Picture) templ.Component {
	frame.Under = append(frame.Under, v.Says)
	frame.Foot = append(append([]string{}, v.Notes...), append([]string{v.method().name()}, frame.Foot...)...)
	return driversPicture(v, frame)
}

// rows are the drivers as a part of a picture.
func (v Drivers) rows() rowPicture {
	a := axis{high: v.longest()}
	list := rowPicture{Head: v.L.T("drivers.column.driver"), Numbers: []string{v.L.T("components.column.share")}}
	if v.Map != nil {
		list.Numbers = append(list.Numbers, v.L.T("components.drivers.happy"))
	}
	for _, row := range v.Rows {
		laid := pictureRow{
			Name: row.Name, Numbers: []string{row.ShareText}, Bar: a.on(&row.Share), Low: a.on(&row.Low), High: a.on(&row.High), Says: row.Word, Standing: string(row.Standing),
		}
		if v.Map != nil {
			laid.Numbers = append(laid.Numbers, row.happy(v))
		}
		list.Rows = append(list.Rows, laid)
	}
	return list
}

// happy is how a driver is rated; a dash where that is not known.
func (row DriverRow) happy(v Drivers) string {
	if row.Happy == nil {
		return "–"
	}
	return v.L.Percent(100**row.Happy, 0)
}

// mapFrom is where the map begins under the rows of a picture.
func (v Drivers) mapFrom() float64 { return v.rows().height() + rowApart }

// pictureHeight is that of rows and map.
func (v Drivers) pictureHeight() float64 {
	if v.Map == nil {
		return v.rows().height()
	}
	return v.mapFrom() + mapEnd
}
