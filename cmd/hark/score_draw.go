package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// paint colours a text for a terminal by what it stands for.
type paint func(tone, text string) string

// The tones: those of the bands, and of what stands back or out.
const (
	toneGood, toneMiddle, toneBad = "36", "90", "31"
	toneFaint, toneStrong         = "90", "1"
)

func plainly(_, text string) string { return text }

func colourfully(tone, text string) string {
	if text == "" {
		return ""
	}
	return "\x1b[" + tone + "m" + text + "\x1b[0m"
}

// cells is how many characters of a terminal a text takes: Chinese, Japanese and
// Korean ones take two, marks on a letter none.
func cells(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.Is(unicode.Mn, r), unicode.Is(unicode.Cf, r):
		case r >= 0x1100 && unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana), r >= 0x3000 && r <= 0x303f, r >= 0xff01 && r <= 0xff60, r >= 0x1f300 && r <= 0x1faff:
			n += 2
		default:
			n++
		}
	}
	return n
}

// short cuts a text to so many cells.
func short(text string, width int) string {
	if cells(text) <= width {
		return text
	}
	return head(text, width-1) + "…"
}

// wrap breaks a text into lines of so many cells at its spaces, and writes its
// negative numbers with a real minus.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		bare := strings.TrimPrefix(word, "(")
		if len(bare) > 1 && bare[0] == '-' && bare[1] >= '0' && bare[1] <= '9' {
			word = strings.Replace(word, "-", "−", 1)
		}
		switch {
		case line == "":
			line = word
		case cells(line)+1+cells(word) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
		for cells(line) > width { // one long word, as Chinese has them
			first := head(line, width)
			lines, line = append(lines, first), line[len(first):]
		}
	}
	return append(lines, line)
}

// head is as much of a text as so many cells hold, at least one character.
func head(text string, width int) string {
	end, used := 0, 0
	for at, r := range text {
		if used += cells(string(r)); used > width && at > 0 {
			break
		}
		end = at + utf8.RuneLen(r)
	}
	return text[:end]
}

// bar draws a share of so many cells, in eighths of one.
func bar(share float64, width int) string {
	if share <= 0 || width <= 0 {
		return ""
	}
	eighths := max(1, int(math.Round(share*float64(width)*8)))
	text := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		text += string([]rune(" ▏▎▍▌▋▊▉")[rest])
	}
	return text
}

// sparks are the heights of a sparkline.
const sparks = "▁▂▃▄▅▆▇█"

// spark is a score's height; a dot where too few answered.
func spark(score *float64, low, high float64) string {
	if score == nil {
		return "·"
	}
	heights := []rune(sparks)
	if high == low {
		return string(heights[len(heights)/2])
	}
	at := int((*score - low) / (high - low) * float64(len(heights)))
	return string(heights[min(at, len(heights)-1)])
}

// ruler draws intervals along one line of a terminal, so that those below each
// other can be compared.
type ruler struct {
	low, high float64
	width     int
}

// rulerFor spans all intervals that are given as low and high, and a little more.
func rulerFor(width int, ends ...float64) ruler {
	r := ruler{low: slices.Min(ends), high: slices.Max(ends), width: width}
	if r.high == r.low {
		r.low, r.high = r.low-1, r.high+1
	}
	return r
}

// at is the cell of a value.
func (r ruler) at(x float64) int {
	cell := int(math.Round((x - r.low) / (r.high - r.low) * float64(r.width-1)))
	return min(max(cell, 0), r.width-1)
}

// interval draws a score with its interval. Where nothing else stands in a cell
// the ground does, if there is one.
func (r ruler) interval(low, score, high float64, ground string) string {
	line := slices.Repeat([]string{ground}, r.width)
	first, last := r.at(low), r.at(high)
	for i := first; i <= last; i++ {
		line[i] = "─"
	}
	if last > first {
		line[first], line[last] = "├", "┤"
	}
	line[r.at(score)] = "●"
	return strings.Join(line, "")
}

// grid is a table whose columns are as wide as their widest cell.
type grid struct {
	right []bool // which columns hold numbers, and end together
	rows  [][]string
	tones [][]string // of the cells; may be shorter
}

func (g *grid) add(tones []string, row ...string) {
	g.rows, g.tones = append(g.rows, row), append(g.tones, tones)
}

// widths are those of the columns.
func (g *grid) widths() []int {
	var widths []int
	for _, row := range g.rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], cells(cell))
		}
	}
	return widths
}

// width is how wide a line is: two cells stand before each column.
func (g *grid) width() int {
	width := 0
	for _, w := range g.widths() {
		width += 2 + w
	}
	return width
}

// lines are the table's, painted.
func (g *grid) lines(p paint) []string {
	widths := g.widths()
	lines := make([]string, 0, len(g.rows))
	for n, row := range g.rows {
		var line strings.Builder
		for i, cell := range row {
			space := strings.Repeat(" ", widths[i]-cells(cell))
			if i < len(g.tones[n]) && g.tones[n][i] != "" && strings.TrimSpace(cell) != "" {
				cell = p(g.tones[n][i], cell)
			}
			if i < len(g.right) && g.right[i] {
				fmt.Fprintf(&line, "  %s%s", space, cell)
			} else {
				fmt.Fprintf(&line, "  %s%s", cell, space)
			}
		}
		lines = append(lines, strings.TrimRight(line.String(), " "))
	}
	return lines
}
