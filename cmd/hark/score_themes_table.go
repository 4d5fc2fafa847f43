package main

import (
	"fmt"
	"slices"
)

// themeColumn is a column of the themes' table.
type themeColumn struct {
	head string
	cell func(theme) string
	tone func(theme) string
}

// shortName is how much is kept of a theme's name where that makes room for the
// picture of the effects, in cells.
const shortName = 19

// themes shows the table, with as many of its columns as fit.
func (p printer) themes(w *writtenAbout, confidence float64) {
	shown := w.shown()
	answers := themeColumn{"answers", func(t theme) string { return grouped(t.N) }, plainTheme}
	share := themeColumn{"share", func(t theme) string { return number(t.Share.Share, 0) + "%" }, plainTheme}
	unhappy := themeColumn{"unhappy", mood, plainTheme}
	effect := themeColumn{"effect ", effect, plainTheme}
	interval := themeColumn{fmt.Sprintf("%g%% interval", 100*confidence), effectInterval, plainTheme}

	all := []themeColumn{answers, share, unhappy, effect, interval}
	g := themeGrid(shown, all)
	longest := g.widths()[0]
	room := p.width - g.width() + longest - min(longest, shortName) - 2
	if picture, drawn := effectPicture(shown, min(room, drawing)); drawn && room >= leastDrawing {
		p.grid(themeGrid(shown, append(all, picture)))
		return
	}
	for _, columns := range [][]themeColumn{all, {answers, share, effect, interval}, {answers, share, effect}, {share, effect}} {
		g = themeGrid(shown, columns)
		if g.width() <= p.width {
			break
		}
	}
	p.grid(g)
}

// shown are the themes with comments enough, and last the comments without any.
func (w *writtenAbout) shown() []theme {
	return slices.DeleteFunc(append(slices.Clone(w.Themes), w.NoTheme), func(t theme) bool { return t.Hidden })
}

func themeGrid(list []theme, columns []themeColumn) *grid {
	g := &grid{right: []bool{false}}
	head, tones := []string{"theme"}, []string{toneFaint}
	for _, column := range columns {
		g.right = append(g.right, true)
		head, tones = append(head, column.head), append(tones, toneFaint)
	}
	g.add(tones, head...)
	for _, t := range list {
		row, tones := []string{t.Name}, []string{plainTheme(t)}
		for _, column := range columns {
			row, tones = append(row, column.cell(t)), append(tones, column.tone(t))
		}
		g.add(tones, row...)
	}
	return g
}

// plainTheme greys themes of few comments.
func plainTheme(t theme) string {
	if t.Faint {
		return toneFaint
	}
	return ""
}

// mood is the share of unhappy comments.
func mood(t theme) string {
	if t.Mood == nil || t.Mood.Negative == nil {
		return "–"
	}
	return number(t.Mood.Negative.Share, 0) + "%"
}

// effect is a theme's, with a star where it is real.
func effect(t theme) string {
	switch {
	case t.Effect == nil:
		return "– "
	case t.Effect.Real:
		return plus(t.Effect.Difference.Difference) + "*"
	}
	return plus(t.Effect.Difference.Difference) + " "
}

func effectInterval(t theme) string {
	if t.Effect == nil {
		return ""
	}
	return plus(t.Effect.Low) + " to " + plus(t.Effect.High)
}

// plus writes points with their sign.
func plus(x float64) string {
	text := number(x, 0)
	if text != "0" && x > 0 {
		return "+" + text
	}
	return text
}

// effectPicture draws the effects in so many cells, around a line for none; false
// where there is nothing to draw.
func effectPicture(list []theme, width int) (themeColumn, bool) {
	ends := []float64{0}
	for _, t := range list {
		if t.Effect != nil {
			ends = append(ends, t.Effect.Low, t.Effect.High)
		}
	}
	if len(ends) == 1 || width <= 0 {
		return themeColumn{}, false
	}
	ruler := rulerFor(width, ends...)
	return themeColumn{
		cell: func(t theme) string {
			if t.Effect == nil {
				return ""
			}
			cells := []rune(ruler.interval(t.Effect.Low, t.Effect.Difference.Difference, t.Effect.High, " "))
			if none := ruler.at(0); cells[none] == ' ' {
				cells[none] = '┊'
			}
			return string(cells)
		},
		tone: func(t theme) string {
			switch {
			case t.Effect == nil || !t.Effect.Real:
				return toneFaint
			case t.Effect.Difference.Difference > 0:
				return toneGood
			}
			return toneBad
		},
	}, true
}
