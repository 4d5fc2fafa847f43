package components

import "slices"

// rowPicture is a list as a part of a picture by itself: names, numbers, a drawing
// of each row on one common axis, and words.
type rowPicture struct {
	Head    string    // of the names
	Numbers []string  // heads of the columns of numbers
	Ticks   []rowTick // above the drawings
	Rows    []pictureRow
	Wide    float64 // of a column of numbers, in px; 0: 90
	Plain   bool    // no row has words: the drawings take their room
}

// rowTick is a value written above the drawings, at its share of the axis.
type rowTick struct {
	At   float64
	Text string
}

// pictureRow is a line of a [rowPicture]. Places in its drawing are shares of the
// axis; what is nil is not drawn.
type pictureRow struct {
	Name, Class    string
	Numbers        []string
	Bar            *float64
	Low, High, All *float64
	Spot           *float64
	SpotClass      string // of the dot
	Course         *sparkPlot
	Says, Standing string
}

// The places of a picture of rows, in px from its left edge.
const (
	rowNames = 230.0 // the names' width
	rowFirst = 300.0 // where the first number ends
	rowUsual = 90.0
	rowGap   = 40.0 // before the drawings
	rowTo    = 830.0
	rowSays  = 860.0
	rowHead  = 22.0
	rowStep  = 36.0
	rowLine  = 18.0 // of words below words
	rowApart = 30.0 // between two lists
)

// pictureText is a text laid out.
type pictureText struct{ X, Y, Class, Anchor, Text string }

func (v rowPicture) height() float64 { return rowHead + v.step()*float64(len(v.Rows)) }

// step is the height of a row: that of the one that says most. A verdict is never cut,
// for its end may turn it.
func (v rowPicture) step() float64 {
	lines := 1
	for _, row := range v.Rows {
		lines = max(lines, len(v.wrapped(row)))
	}
	return rowStep + rowLine*float64(lines-1)
}

// wrapped is what a row says in lines.
func (v rowPicture) wrapped(row pictureRow) []string { return wrap(row.Says, inner-v.says(), 14.5) }

// top is where a row begins.
func (v rowPicture) top(i int) float64 { return rowHead + v.step()*float64(i) }

// end is where a column of numbers ends.
func (v rowPicture) end(i int) float64 {
	wide := v.Wide
	if wide == 0 {
		wide = rowUsual
	}
	return rowFirst + (wide - rowUsual) + wide*float64(i)
}

// across is a place in the drawings.
func (v rowPicture) across(share float64) string {
	from, to := rowNames+rowGap, rowTo
	if len(v.Numbers) > 0 {
		from = v.end(len(v.Numbers)-1) + rowGap
	}
	switch {
	case v.Plain:
		to = inner - 20
	case v.sparks():
		to = from + sparkWidth
	}
	return number(from + (to-from)*share)
}

// sparks reports whether sparklines are drawn, which keep their size.
func (v rowPicture) sparks() bool {
	return slices.ContainsFunc(v.Rows, func(row pictureRow) bool { return row.Course != nil })
}

// says is where the words begin.
func (v rowPicture) says() float64 {
	if v.sparks() {
		return v.end(len(v.Numbers)-1) + rowGap + sparkWidth + rowApart
	}
	return rowSays
}

// heads are the words above the columns, and the axis.
func (v rowPicture) heads() []pictureText {
	heads := []pictureText{{X: "0", Anchor: "start", Text: v.Head}}
	for i, head := range v.Numbers {
		heads = append(heads, pictureText{X: number(v.end(i)), Anchor: "end", Text: head})
	}
	for _, t := range v.Ticks {
		heads = append(heads, pictureText{X: v.across(t.At), Anchor: "middle", Text: t.Text})
	}
	return heads
}

// ruled puts an axis above the drawings.
func (v rowPicture) ruled(a axis, write func(float64) string) rowPicture {
	for _, value := range a.ticks {
		v.Ticks = append(v.Ticks, rowTick{a.share(value), write(value)})
	}
	return v
}

// texts are what a row says.
func (v rowPicture) texts(row pictureRow) []pictureText {
	const y = 23.0
	texts := []pictureText{{X: "0", Y: number(y), Class: "name", Anchor: "start", Text: short(row.Name, rowNames, 14)}}
	for i, text := range row.Numbers {
		texts = append(texts, pictureText{X: number(v.end(i)), Y: number(y), Class: "figure", Anchor: "end", Text: text})
	}
	for i, text := range v.wrapped(row) {
		texts = append(texts, pictureText{X: number(v.says()), Y: number(y + rowLine*float64(i)), Class: "says " + row.Standing, Anchor: "start", Text: text})
	}
	return texts
}

// on is where a value lies on an axis; nil where there is none.
func (a axis) on(value *float64) *float64 {
	if value == nil {
		return nil
	}
	share := a.share(*value)
	return &share
}

// stacked is where each list begins, and the height of all.
func stacked(lists []rowPicture) (tops []float64, height float64) {
	for i, list := range lists {
		if i > 0 {
			height += rowApart
		}
		tops = append(tops, height)
		height += list.height()
	}
	return tops, height
}

// rows are the groups as a part of a picture.
func (v Segments) rows() rowPicture {
	a := v.axis()
	list := rowPicture{Head: v.Head, Numbers: []string{v.L.Metric(v.Metric), v.L.T("components.column.answers")}}
	list = list.ruled(a, func(value float64) string { return v.L.Score(v.Metric, value, 0) })
	for _, row := range v.Rows {
		laid := pictureRow{
			Name: row.Name, Class: row.rowClass(), Numbers: []string{v.score(row), v.L.Number(row.N)}, Says: row.Verdict, Standing: string(row.Standing),
		}
		if _, ok := v.whisker(row); ok {
			laid.Low, laid.High, laid.Spot, laid.All = a.on(row.Low), a.on(row.High), a.on(row.Score), a.on(&v.Overall)
		}
		list.Rows = append(list.Rows, laid)
	}
	return list
}
