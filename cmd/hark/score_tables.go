package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/drivers"
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
	case analysis.SegmentTooFew:
		return "too few to tell", "too few", toneFaint
	}
	return "like the others", "alike", toneFaint
}

// comparison shows the two periods of --compare.
func (p printer) comparison(s scored) {
	if s.Comparison == nil {
		return
	}
	c := s.Comparison
	p.title(fmt.Sprintf("%s against %s", c.After.Span, c.Before.Span))
	p.say("", c.Verdict.Text, "")
	p.line("")
	list := make([]figures, 0, 2)
	for _, span := range []analysis.SpanScore{c.Before, c.After} {
		list = append(list, figures{name: span.Span.String(), n: span.N, score: span.Score, low: span.Low, high: span.High, weight: toneStrong})
	}
	p.table(s.Metric, "period", s.confidence, list)
	d := c.Verdict.Difference
	if d == nil {
		return
	}
	p.say("  ", fmt.Sprintf("Difference %s, %s.", signed(d.Difference, d.Low, d.High, d.Confidence), probability(d.P)), "")
	switch mix := c.Verdict.Mix; {
	case mix != nil:
		p.say("  ", fmt.Sprintf("With the same mix of %s in both: %s.", oneLine(mix.Key), signed(mix.Difference, mix.Low, mix.High, d.Confidence)), "")
	case s.By != "":
		p.say("  ", fmt.Sprintf("Whether another mix of %s explains it cannot be told from these answers.", oneLine(s.By)), "")
	}
}

// signed writes a difference in points with its sign and interval; with a
// decimal where that is narrow.
func signed(difference, low, high, confidence float64) string {
	decimals := 0
	if high-low < 2 {
		decimals = 1
	}
	write := func(x float64) string {
		text := number(x, decimals)
		if x > 0 && strings.Trim(text, "0.") != "" {
			text = "+" + text
		}
		return text
	}
	return fmt.Sprintf("%s, %g%% confidence %s to %s", write(difference), 100*confidence, write(low), write(high))
}

// probability writes a p-value.
func probability(p float64) string {
	if p < 0.001 {
		return "p < 0.001"
	}
	return fmt.Sprintf("p = %.3f", p)
}

// drivers shows what goes with the score.
func (p printer) drivers(s scored) {
	if s.Drivers == nil {
		return
	}
	p.title("What goes with the score")
	defer p.lacking(s.Drivers.LeftOut)
	if s.Drivers.Refused != nil {
		p.say("", s.Drivers.Refused.Text, "")
		return
	}
	r := s.Drivers.Result
	p.say("", fmt.Sprintf("Together these columns account for %s of its variation: R² %.2f, %g%% confidence %.2f to %.2f, from %s.",
		percent(r.R2), r.R2, 100*s.confidence, r.R2Interval.Low, r.R2Interval.High, count(r.N, "answer")), "")
	p.line("")
	p.importance(sortedDrivers(r.Drivers), s.confidence)
	p.say("  ", fmt.Sprintf("The other %s has other reasons. This shows what goes together, not what causes what.", percent(1-r.R2)), toneFaint)
}

// importance shows the drivers' table, with bars where there is room.
func (p printer) importance(list []drivers.Driver, confidence float64) {
	most := list[0].Share
	var last *grid
	for _, form := range []struct {
		step func(drivers.Driver) string
		head string
		bars int
	}{{step, "a step more", drawing}, {step, "a step more", 0}, {sign, "+/−", 0}} {
		last = &grid{right: []bool{false, true, true}}
		last.add([]string{toneFaint, toneFaint, toneFaint, toneFaint}, "driver", "importance", fmt.Sprintf("%g%% interval", 100*confidence), form.head)
		for _, d := range list {
			last.add([]string{"", toneStrong, "", "", toneGood}, oneLine(d.Name), percent(d.Share),
				percent(d.Interval.Low)+" to "+percent(d.Interval.High), form.step(d), bar(d.Share/most, form.bars))
		}
		if last.width() <= p.width {
			break
		}
	}
	p.grid(last)
}

// lacking tells of the answers that could not be compared.
func (p printer) lacking(n int64) {
	if n > 0 {
		p.say("  ", fmt.Sprintf("%s without all of these columns left out of this part.", count(n, "answer")), toneFaint)
	}
}

// sortedDrivers are the drivers, the greatest first.
func sortedDrivers(list []drivers.Driver) []drivers.Driver {
	return slices.SortedStableFunc(slices.Values(list), func(a, b drivers.Driver) int { return cmp.Compare(b.Share, a.Share) })
}

// step is what the score does where a driver is one more, all others alike; of
// texts, how far apart its values are.
func step(d drivers.Driver) string {
	if len(d.Columns) == 1 && d.Sign != 0 {
		return slope(d.Columns[0].Slope)
	}
	low, high := 0.0, 0.0 // the usual value's
	for _, column := range d.Columns {
		low, high = min(low, column.Slope), max(high, column.Slope)
	}
	return strings.TrimPrefix(slope(high-low), "+") + " apart"
}

// sign is the direction of a step.
func sign(d drivers.Driver) string { return []string{"−", "", "+"}[d.Sign+1] }

func slope(x float64) string {
	text := number(x, 2)
	if x > 0 {
		text = "+" + text
	}
	return text
}

func percent(share float64) string { return number(100*share, 0) + "%" }
