package main

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
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

// printer writes a score for people.
type printer struct {
	out   io.Writer
	paint paint
}

func (p printer) print(s scored) {
	p.headline(s)
	p.notes(s)
	if !s.Hidden {
		p.bands(s)
		p.distribution(s)
		p.trend(s)
	}
	p.segments(s)
}

// headline says the score and what became of it.
func (p printer) headline(s scored) {
	name := strings.ToUpper(string(s.Metric))
	if s.Hidden {
		fmt.Fprintf(p.out, "%s: only %s, which is too few to show a score.\n", name, count(s.N, "answer"))
		return
	}
	f := analysis.Display(s.Metric, *s.Score, *s.Interval)
	fmt.Fprintf(p.out, "%s   %s from %s, %g%% confidence %s to %s%s, mean %.2f\n",
		p.paint(toneStrong, fmt.Sprintf("%s %s ± %s", name, p.points(s.Metric, f.Score, f.Decimals), number(f.Margin, f.Decimals))),
		headlineMeaning(s.Metric), count(s.N, "answer"), 100*s.Interval.Confidence,
		number(f.Low, f.Decimals), number(f.High, f.Decimals), unit(s.Metric), *s.Mean)
	if s.Faint {
		fmt.Fprintln(p.out, "Few answers: take the score with caution.")
	}
	if s.Last != nil {
		fmt.Fprintf(p.out, "The last %d days, from %s: %s\n", s.Last.To-s.Last.From, s.Last.From, s.Verdict.Text)
	}
}

func headlineMeaning(m surveys.Metric) string {
	scale := m.Scale()
	if scale.Net {
		return "promoters minus detractors"
	}
	return fmt.Sprintf("%s answers (%d–%d)", scale.Good, scale.GoodFrom, scale.GoodTo)
}

// points is a score with its sign or percent.
func (p printer) points(m surveys.Metric, score float64, decimals int) string {
	return number(score, decimals) + unit(m)
}

func unit(m surveys.Metric) string {
	if m.Scale().Net {
		return ""
	}
	return "%"
}

func number(x float64, decimals int) string {
	return strings.Replace(fmt.Sprintf("%.*f", decimals, x+0), "-", "−", 1)
}

// notes says what was left out or assumed.
func (p printer) notes(s scored) {
	t := s.tally
	var notes []string
	if s.Guessed {
		scale := t.metric.Scale()
		notes = append(notes, fmt.Sprintf("Taken for %s (%d–%d) by its values; --metric says otherwise.", strings.ToUpper(string(t.metric)), scale.Min, scale.Max))
	}
	if t.blank > 0 {
		notes = append(notes, fmt.Sprintf("%s without a score left out.", rows(t.blank)))
	}
	if t.bad > 0 {
		notes = append(notes, fmt.Sprintf("%s left out.", count(t.bad, "bad row")))
	}
	for _, note := range notes {
		fmt.Fprintln(p.out, p.paint(toneFaint, note))
	}
}

func (p printer) tone(scale surveys.Scale, band surveys.Band) string {
	switch band {
	case scale.Good:
		return toneGood
	case scale.Bad:
		return toneBad
	}
	return toneMiddle
}

// barWidth is how long the longest bar is, in cells.
const barWidth = 30

// bar draws a share of the longest bar, in eighths of a cell.
func bar(share float64) string {
	if share == 0 {
		return ""
	}
	eighths := max(1, int(math.Round(share*barWidth*8)))
	text := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		text += string([]rune(" ▏▎▍▌▋▊▉")[rest])
	}
	return text
}

// bands shows each band's share.
func (p printer) bands(s scored) {
	scale := s.Metric.Scale()
	fmt.Fprintln(p.out)
	for _, band := range scale.Bands() {
		b := s.Bands[band]
		p.row(people(band), b.N, b.Share, p.paint(p.tone(scale, band), bar(b.Share)))
	}
}

// row shows a share of the answers.
func (p printer) row(name string, n int64, share float64, bar string) {
	line := fmt.Sprintf("  %-13s %5.1f%%  %10s  %s", name, 100*share, grouped(n), bar)
	fmt.Fprintln(p.out, strings.TrimRight(line, " "))
}

// people names those whose answers a band holds.
func people(band surveys.Band) string {
	name := strings.ToUpper(string(band[:1])) + string(band[1:])
	switch band {
	case surveys.Promoter, surveys.Passive, surveys.Detractor:
		return name + "s"
	}
	return name
}

// distribution shows how often each score was given.
func (p printer) distribution(s scored) {
	scale := s.Metric.Scale()
	most := int64(1)
	for _, c := range s.Distribution {
		most = max(most, c.N)
	}
	fmt.Fprintln(p.out)
	for _, c := range s.Distribution {
		p.row(strconv.Itoa(c.Score), c.N, float64(c.N)/float64(s.N), p.paint(p.tone(scale, scale.Band(c.Score)), bar(float64(c.N)/float64(most))))
	}
}

// sparks are the heights of a sparkline.
const sparks = "▁▂▃▄▅▆▇█"

// sparkWidth is how many steps a line shows; a longer trend shows its end.
const sparkWidth = 72

// trend draws the steps' scores in one line, with the period's and its last
// steps' figures.
func (p printer) trend(s scored) {
	points := s.Trend
	if len(points) < 2 {
		return
	}
	points = points[max(0, len(points)-sparkWidth):]
	low, high := math.Inf(1), math.Inf(-1)
	for _, point := range points {
		if point.Score != nil {
			low, high = min(low, *point.Score), max(high, *point.Score)
		}
	}
	if low > high {
		return // no step has answers enough
	}
	var line strings.Builder
	for _, point := range points {
		line.WriteString(spark(point.Score, low, high))
	}
	fmt.Fprintf(p.out, "\n  By %s from %s: %s to %s%s\n  %s\n", s.Bucketing, points[0].Start, number(low, 0), number(high, 0), unit(s.Metric), p.paint(toneGood, line.String()))
	for _, change := range s.Changes {
		why := ""
		if change.ByMix {
			why = ", mostly because of who answered"
			if change.Mix.Only() {
				why = ", only because of who answered"
			}
		}
		fmt.Fprintf(p.out, "  Changed in the week of %s: %s before, %s after%s.\n", change.At, number(change.Before, 0), number(change.After, 0), why)
	}
}

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

// segments shows the table of a split.
func (p printer) segments(s scored) {
	if s.By == "" || s.Hidden {
		return
	}
	fmt.Fprintln(p.out)
	w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "  %s\tanswers\tscore\t%g%% interval\t\n", oneLine(s.By), 100*s.Interval.Confidence)
	for _, segment := range s.Segments {
		value := oneLine(segment.Value)
		if segment.Verdict == analysis.NoValue {
			value = "(none)"
		}
		if segment.Hidden {
			fmt.Fprintf(w, "  %s\t%s\t–\t\t%s\n", value, grouped(segment.N), standing(segment))
			continue
		}
		interval := analysis.Interval{Low: *segment.Low, High: *segment.High}
		f := analysis.Display(s.Metric, *segment.Score, interval)
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s to %s\t%s\n", value, grouped(segment.N), p.points(s.Metric, f.Score, f.Decimals),
			number(f.Low, f.Decimals), number(f.High, f.Decimals), standing(segment))
	}
	_ = w.Flush() // a terminal that is gone needs no more words
}

// standing is a segment's verdict in words.
func standing(s analysis.Segment) string {
	switch {
	case s.Protects:
		return "hidden: it would give a smaller group away"
	case s.Hidden:
		return "too few to show"
	}
	switch s.Verdict {
	case analysis.NoValue:
		return "not compared"
	case analysis.Higher:
		return "higher than the others"
	case analysis.Lower:
		return "lower than the others"
	case analysis.SegmentTooFew:
		return "too few to tell"
	}
	return "like the others"
}
