package components

import (
	"unicode"
	"unicode/utf8"
)

// Captions stand in rows above the picture, each at the top of its line: the
// first row belongs to the span of the headline, the others to the changes. A
// line begins at its own row, so it can only cross captions further down.
const (
	captionTop   = 11.0  // baseline of the first row, in px
	captionRow   = 15.0  // between two rows
	captionGap   = 7.0   // between a line and its caption
	captionSpace = 6.0   // between two captions in a row
	maxRows      = 4     // of changes
	maxCaptions  = 6     // beyond it no place is looked for
	narrowest    = 590.0 // the least width of the picture, in px, at which captions are shown: below, the style sheet shows the list instead
)

// changeMark is a change laid out.
type changeMark struct{ X, Y, TextY, Shift, Anchor, Class, Text string }

// spanMark is the span of the headline laid out.
type spanMark struct{ X, Width, Y, Height, TextX, TextY, Anchor, Text string }

// caption is a text beside a line.
type caption struct {
	x     float64 // of the line, as a share of the width
	width float64 // of the text, in px
	row   int
	side  side
}

// side is where a caption stands, seen from its line.
type side string

// The sides, as SVG calls the anchor of a text that stands there. A caption over
// its line lets it begin below.
const (
	after  side = "start"
	before side = "end"
	over   side = "middle"
)

// box is what a caption covers at a width of the picture, in px.
func (c caption) box(width float64) (from, to float64) {
	at := c.x * width
	switch c.side {
	case before:
		return at - captionGap - c.width, at - captionGap
	case over:
		return at - c.width/2, at + c.width/2
	}
	return at + captionGap, at + captionGap + c.width
}

// passes reports whether a caption's line runs through a row.
func (c caption) passes(row int) bool {
	return c.row < row || c.row == row && c.side != over
}

// within reports whether a caption stays in a picture of a width.
func (c caption) within(width float64) bool {
	from, to := c.box(width)
	return from >= 0 && to <= width
}

// clear reports whether two captions and their lines leave each other alone.
func (c caption) clear(other caption, width float64) bool {
	from, to := c.box(width)
	otherFrom, otherTo := other.box(width)
	crosses := func(line, from, to float64) bool { return line > from-captionSpace && line < to+captionSpace }
	switch {
	case c.row == other.row && from < otherTo+captionSpace && otherFrom < to+captionSpace,
		other.passes(c.row) && crosses(other.x*width, from, to),
		c.passes(other.row) && crosses(c.x*width, otherFrom, otherTo):
		return false
	}
	return true
}

// arrange gives the captions rows and sides so that nothing is crossed, in as
// few rows as that takes, and says how many; false when it cannot be done.
func arrange(captions []caption) (rows int, ok bool) {
	if len(captions) > maxCaptions {
		return 0, false
	}
	for rows := range min(maxRows, len(captions)) + 1 {
		if settle(captions, 0, rows) {
			return rows, true
		}
	}
	return 0, false
}

// settle places the captions from index i on; false when those before leave no
// place. The search is short: of the few changes of a trend most places fail at
// once.
func settle(captions []caption, i, rows int) bool {
	if i == len(captions) {
		return true
	}
	c := &captions[i]
	for c.row = 0; c.row < rows; c.row++ {
		for _, c.side = range c.sides() {
			if c.fits(captions[:i]) && settle(captions, i+1, rows) {
				return true
			}
		}
	}
	return false
}

// sides are those of a caption, the one away from the nearer edge first.
func (c caption) sides() [3]side {
	if c.x > 0.5 {
		return [3]side{before, after, over}
	}
	return [3]side{after, before, over}
}

// fits reports whether a caption stands clear of those that have their place.
func (c caption) fits(placed []caption) bool {
	if !c.within(narrowest) {
		return false
	}
	for _, other := range placed {
		if !c.clear(other, narrowest) {
			return false
		}
	}
	return true
}

// textWidth is about how wide a text is, in px, in the chart's bold type.
func textWidth(text string) float64 {
	width := 0.0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Han, r) || utf8.RuneLen(r) > 2:
			width += 12.5
		default:
			width += 6.8
		}
	}
	return width
}

// captions lays out the span and the changes, and lowers the picture by the
// rows that they take. A change stands between the last step before and the
// first one after. Where the captions find no place the lines stand alone, and
// the list of changes is shown as on a phone.
func (v Trend) captions(p *trendPlot) {
	top := captionTop
	if p.Span = v.span(*p); p.Span != nil {
		top += captionRow
	}
	var shown []TrendChange
	var captions []caption
	for _, change := range v.Changes {
		if place, ok := v.place(change.At); ok {
			shown = append(shown, change)
			captions = append(captions, caption{x: p.x(max(0, place-0.5)), width: textWidth(change.Text)})
		}
	}
	rows, ok := arrange(captions)
	last := top + captionRow*float64(rows-1) // baseline of the last row
	p.drop = max(0, last+captionTop-trendTop)
	for i, c := range captions {
		mark := c.mark(top)
		mark.X = p.across(c.x)
		mark.Class = "change " + string(shown[i].Direction)
		if mark.Text = shown[i].Text; !ok {
			mark.Text, mark.Y = "", number(top-9)
			p.Listed = "listed"
		}
		p.Changes = append(p.Changes, mark)
	}
	if p.Span != nil {
		p.Span.Height = number(p.foot() - spanTop)
	}
}

// mark places a caption and its line, given the baseline of the first row.
func (c caption) mark(top float64) changeMark {
	y := top + captionRow*float64(c.row)
	mark := changeMark{Y: number(y - 9), TextY: number(y), Shift: number(captionGap), Anchor: string(c.side)}
	switch c.side {
	case before:
		mark.Shift = number(-captionGap)
	case over:
		mark.Shift, mark.Y = "0", number(y+4)
	}
	return mark
}

// spanTop is where the ground of the span begins, in px.
const spanTop = 0.0

// shift leaves a little room between the ground's edge and its caption.
func (m spanMark) shift() string {
	if m.Anchor == string(before) {
		return "-5"
	}
	return "5"
}

// span lays the span out; nil when there is none, or when it is all that is
// drawn. Its caption reads away from the nearer edge, within its own ground if
// that is wide enough.
func (v Trend) span(p trendPlot) *spanMark {
	if v.Span == nil || len(v.Points) < 2 || !v.Span.From.After(v.Points[0].Start) {
		return nil
	}
	place, ok := v.place(v.Span.From)
	if !ok {
		return nil
	}
	from, to := p.x(max(0, place-0.5)), 1.0
	if last := v.Points[len(v.Points)-1].Start; !v.Span.To.After(last) {
		end, _ := v.place(v.Span.To)
		to = p.x(end - 0.5)
	}
	mark := spanMark{X: p.across(from), Width: p.across(to - from), Y: number(spanTop), TextX: p.across(from), TextY: number(captionTop), Anchor: "start", Text: v.Span.Text}
	if from > 0.5 {
		mark.TextX, mark.Anchor = p.across(to), "end"
	}
	return &mark
}
