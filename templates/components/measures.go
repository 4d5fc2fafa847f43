package components

import (
	"github.com/a-h/templ"

	"github.com/harkhq/hark/templates/i18n"
)

// Measures are a few single numbers that a page says in sentences, for a file.
type Measures struct {
	L     *i18n.Localizer
	Title string
	List  []Measure
}

// Measure is one of them.
type Measure struct {
	Key   string // in a file
	Name  string
	Text  string
	Value float64
	Of    int64 // how many it is about
}

// Heading is their title.
func (v Measures) Heading() string { return v.Title }

// Sheet is one row for each.
func (v Measures) Sheet() Sheet {
	s := Sheet{Columns: []SheetColumn{
		{Text: v.L.T("components.measure"), Keys: []string{"measure", "name"}},
		{Text: v.L.T("components.rate.value"), Kind: Numbers, Keys: []string{"value"}},
		{Text: v.L.T("components.stay.people"), Kind: Numbers, Keys: []string{"n"}},
	}}
	for _, m := range v.List {
		s.Rows = append(s.Rows, SheetRow{Cells: []Cell{
			{Text: m.Name, Values: []any{m.Key, m.Name}}, {Text: m.Text, Values: []any{m.Value}}, {Text: v.L.Number(m.Of), Values: []any{m.Of}},
		}})
	}
	return s
}

// Picture writes them one below the other: there is nothing to draw.
func (v Measures) Picture(frame Picture) templ.Component {
	list := rowPicture{Head: v.L.T("components.measure"), Numbers: []string{"", v.L.T("components.stay.people")}, Wide: measureWide, Plain: true}
	for _, m := range v.List {
		list.Rows = append(list.Rows, pictureRow{Name: m.Name, Numbers: []string{m.Text, v.L.Number(m.Of)}})
	}
	return rowsPicture(frame, []rowPicture{list})
}

// measureWide is the column of a measure, which is written in words and a number.
const measureWide = 260
