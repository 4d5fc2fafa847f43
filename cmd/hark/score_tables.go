package main

import (
	"fmt"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// drawing is how wide the intervals and bars beside a table are drawn where there
// is room, in cells; narrower than leastDrawing they say nothing.
const drawing, leastDrawing = 24, 9

// figures are a score as a row of a table shows it.
type figures struct {
	name          string
	n             int64
	score         *float64
	low, high     *float64
	weight        string // the tone of the score: strong, or faint where there are few answers
	standing      string // in words
	briefly, tone string // the same in a word, and its colour
}

// table prints scores below each other, with as much beside them as fits.
func (p printer) table(m surveys.Metric, head string, confidence float64, list []figures) {
	plain := tableForm{metric: m, head: head, confidence: confidence}
	for _, t := range []tableForm{{words: true, drawn: true}, {words: true}, {drawn: true}, {}} {
		t.metric, t.head, t.confidence = m, head, confidence
		room := p.width - t.grid(list, 0).width()
		if t.drawn {
			room = min(room-2, drawing)
		}
		switch {
		case t.drawn && room >= leastDrawing:
			p.grid(t.grid(list, room))
			return
		case !t.drawn && room >= 0:
			p.grid(t.grid(list, 0))
			return
		}
	}
	plain.bare = true
	p.grid(plain.grid(list, 0))
}

// grid prints a table. Names are cut where it is too wide.
func (p printer) grid(g *grid) {
	if over := g.width() - p.width; over > 0 {
		widest := g.widths()[0]
		for _, row := range g.rows {
			row[0] = short(row[0], max(4, widest-over))
		}
	}
	for _, line := range g.lines(p.paint) {
		p.line(line)
	}
}

// tableForm says how much of a table is shown.
type tableForm struct {
	metric       surveys.Metric
	head         string
	confidence   float64
	words, drawn bool // the standings in full; the intervals as a picture
	bare         bool // nothing but scores
}

// grid makes the table, with a picture of so many cells.
func (t tableForm) grid(list []figures, picture int) *grid {
	g := &grid{right: []bool{false, true, true, !t.bare}}
	title := []string{t.head, "answers", "score", fmt.Sprintf("%g%% interval", 100*t.confidence)}
	if t.bare {
		title = title[:3]
	}
	g.add([]string{toneFaint, toneFaint, toneFaint, toneFaint}, title...)
	var ends []float64
	for _, f := range list {
		if f.score != nil {
			ends = append(ends, *f.low, *f.high)
		}
	}
	for _, f := range list {
		row, tones := []string{f.name, grouped(f.n), "–", ""}, []string{"", "", f.weight, ""}
		drawn := ""
		if f.score != nil {
			shown := analysis.Display(t.metric, *f.score, analysis.Interval{Low: *f.low, High: *f.high})
			row[2], row[3] = points(t.metric, shown.Score, shown.Decimals), number(shown.Low, shown.Decimals)+" to "+number(shown.High, shown.Decimals)
			if picture > 0 {
				drawn = rulerFor(picture, ends...).interval(*f.low, *f.score, *f.high, " ")
			}
		}
		if t.bare {
			row, tones = row[:3], tones[:3]
		}
		if picture > 0 {
			row, tones = append(row, drawn), append(tones, f.tone)
		}
		words := f.briefly
		if t.words {
			words = f.standing
		}
		g.add(append(tones, f.tone), append(row, words)...)
	}
	return g
}

// segments shows the table of a split.
func (p printer) segments(s scored) {
	if s.By == "" || s.Hidden {
		return
	}
	list := make([]figures, 0, len(s.Segments))
	for _, segment := range s.Segments {
		f := figures{name: oneLine(segment.Value), n: segment.N, score: segment.Score, low: segment.Low, high: segment.High, weight: toneStrong}
		if segment.Faint {
			f.weight = toneFaint
		}
		if segment.Verdict == analysis.NoValue {
			f.name = "(none)"
		}
		f.standing, f.briefly, f.tone = standing(segment)
		list = append(list, f)
	}
	p.line("")
	p.table(s.Metric, oneLine(s.By), s.Interval.Confidence, list)
}

// standing is a segment's verdict in words, in a word, and in a colour.
func standing(s analysis.Segment) (words, word, tone string) {
	switch {
	case s.Protects:
		return "hidden: it would give a smaller group away", "hidden", toneFaint
	case s.Hidden:
		return "too few to show", "too few", toneFaint
	}
	switch s.Verdict {
	case analysis.NoValue:
		return "not compared", "", toneFaint
	case analysis.Higher:
		return "higher than the others", "higher", toneGood
	case analysis.Lower:
		return "lower than the others", "lower", toneBad
	case analysis.SegmentUntold:
		return "cannot be told apart", "untold", toneFaint
	case analysis.SegmentTooFew:
		return "too few to tell", "too few", toneFaint
	}
	return "like the others", "alike", toneFaint
}
