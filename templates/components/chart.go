package components

import "github.com/a-h/templ"

// Chart is what every chart has beside its place on a page: its numbers, of which
// the table, the card, the walk by keyboard and the CSV file are made, and its
// picture as a file by itself. A page that lists its charts by name can have all
// of them saved; see handlers/office/chart.go.
type Chart interface {
	// Heading names what the chart shows.
	Heading() string
	// Sheet is the numbers behind it.
	Sheet() Sheet
	// Picture draws it in a frame. It is nil for numbers that are not drawn.
	Picture(Picture) templ.Component
}

// Heading is the trend's title.
func (v Trend) Heading() string { return v.Title }

// Picture is the trend as a file by itself.
func (v Trend) Picture(frame Picture) templ.Component { return trendPicture(v, v.framed(frame)) }

// Heading is the distribution's title.
func (v Distribution) Heading() string { return v.Title }

// Picture is the answers by score as a file by itself.
func (v Distribution) Picture(frame Picture) templ.Component {
	return distributionPicture(v.unlinked(), v.framed(frame))
}

// Heading is the comparison's title.
func (v Segments) Heading() string { return v.Title }

// Picture is the comparison of groups as a file by itself.
func (v Segments) Picture(frame Picture) templ.Component {
	return rowsPicture(v.framed(frame), []rowPicture{v.rows()})
}
