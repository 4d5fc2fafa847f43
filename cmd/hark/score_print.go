package main

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/table"
)

// printer writes a score for people.
type printer struct {
	out   io.Writer
	paint paint
	width int
}

func (p printer) print(s scored) {
	p.headline(s)
	p.notes(s)
	if !s.Hidden {
		p.shares(s)
		p.trend(s)
	}
	p.segments(s)
	p.comparison(s)
	p.weighted(s)
	p.drivers(s)
	p.written(s)
}

// line writes a line of any width.
func (p printer) line(text string) { fmt.Fprintln(p.out, text) }

// say writes a sentence, in lines that fit.
func (p printer) say(indent, text, tone string) {
	for _, line := range wrap(text, p.width-cells(indent)) {
		if tone != "" {
			line = p.paint(tone, line)
		}
		p.line(indent + line)
	}
}

// title begins a section.
func (p printer) title(text string) {
	p.line("")
	p.say("", text, toneStrong)
}

// headline says the score, how sure it is, and what became of it.
func (p printer) headline(s scored) {
	name := strings.ToUpper(string(s.Metric))
	if s.Hidden {
		p.say("", fmt.Sprintf("%s: only %s, which is too few to show a score.", name, count(s.N, "answer")), "")
		return
	}
	f, _ := s.Figure()
	p.say("", fmt.Sprintf("%s %s ± %s", name, points(s.Metric, f.Score, f.Decimals), number(f.Margin, f.Decimals)), toneStrong)
	dates := ""
	if s.From != nil {
		dates = ", " + analysis.Span{From: *s.From, To: *s.To}.String()
	}
	p.say("", fmt.Sprintf("%s from %s%s.", headlineMeaning(s.Metric), count(s.N, "answer"), dates), "")
	method := ""
	if s.method != "" {
		method = " (" + s.method + ")"
	}
	p.say("", fmt.Sprintf("%g%% confidence %s to %s%s%s, mean %.2f.", 100*s.Interval.Confidence,
		number(f.Low, f.Decimals), number(f.High, f.Decimals), unit(s.Metric), method, *s.Mean), "")
	p.people(s)
	if s.Faint {
		p.say("", "Few answers: take the score with caution.", "")
	}
	p.gauge(s.Metric, f)
	if s.Last != nil && s.Comparison == nil {
		p.line("")
		p.say("", fmt.Sprintf("The last %d days, from %s: %s", s.Last.To-s.Last.From, s.Last.From, s.Verdict.Text), "")
	}
}

// people says what it does to the interval that some answered more than once.
func (p printer) people(s scored) {
	switch {
	case s.People == nil:
		return
	case s.People.DesignEffect == nil:
		p.say("", "All answers are of one person: the interval takes them for others'.", "")
		return
	}
	if s.People.People == s.N {
		p.say("", "Each answer is of another person.", "")
	} else {
		p.say("", fmt.Sprintf("From %s: as their own answers are alike, the %s say as much as %s of different people. All below takes each for another person's.",
			count(s.People.People, "person"), count(s.N, "answer"), grouped(int64(math.Round(*s.People.Effective)))), "")
	}
	if s.People.Unknown > 0 {
		p.say("", fmt.Sprintf("%s without a person count as one each.", count(s.People.Unknown, "answer")), toneFaint)
	}
}

// gauge draws the score with its interval on the whole scale.
func (p printer) gauge(m surveys.Metric, f analysis.Figure) {
	low, high := "0% ", " 100%"
	r := ruler{low: 0, high: 100}
	if m.Scale().Net {
		low, high, r.low = "−100 ", " 100", -100
	}
	r.width = p.width - cells(low) - cells(high) - 4
	drawn := strings.SplitAfter(r.interval(f.Low, f.Score, f.High, "·"), "")
	first, last := r.at(f.Low), r.at(f.High)
	p.line("")
	p.line("  " + p.paint(toneFaint, low+strings.Join(drawn[:first], "")) + p.paint(toneGood, strings.Join(drawn[first:last+1], "")) +
		p.paint(toneFaint, strings.Join(drawn[last+1:], "")+high))
}

func headlineMeaning(m surveys.Metric) string {
	scale := m.Scale()
	if scale.Net {
		return "Promoters minus detractors"
	}
	return fmt.Sprintf("%s answers (%d–%d)", bandName(scale.Good), scale.GoodFrom, scale.GoodTo)
}

// points is a score with its sign or percent.
func points(m surveys.Metric, score float64, decimals int) string {
	return number(score, decimals) + unit(m)
}

func unit(m surveys.Metric) string {
	if m.Scale().Net {
		return ""
	}
	return "%"
}

// number writes a number with a real minus, and zero without one.
func number(x float64, decimals int) string {
	text := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Trim(text, "-0.") == "" {
		text = strings.TrimPrefix(text, "-")
	}
	return strings.Replace(text, "-", "−", 1)
}

// notes says what was left out or assumed.
func (p printer) notes(s scored) {
	scale := s.Metric.Scale()
	read := "Scores from " + table.Quoted([]string{table.Short(s.Columns.Score)})
	if s.Guessed {
		read += fmt.Sprintf(", taken for %s (%d–%d) %s", strings.ToUpper(string(s.Metric)), scale.Min, scale.Max, s.taken)
	}
	if s.Columns.Date != "" {
		read += "; dates from " + table.Quoted([]string{table.Short(s.Columns.Date)})
	}
	notes := []string{read + "."}
	if s.undatable {
		notes = append(notes, "No date column found: no trend; say which with --date.")
	}
	if doubt := s.doubt(); doubt != "" {
		notes = append(notes, doubt)
	}
	if s.Rows.WithoutScore > 0 {
		notes = append(notes, fmt.Sprintf("%s without a score left out.", rows(s.Rows.WithoutScore)))
	}
	if s.Rows.WithoutDate > 0 {
		notes = append(notes, fmt.Sprintf("%s without a date left out; --date - counts them, without a trend.", rows(s.Rows.WithoutDate)))
	}
	if s.Rows.Bad > 0 {
		notes = append(notes, fmt.Sprintf("%s left out.", count(s.Rows.Bad, "bad row")))
	}
	p.line("")
	for _, note := range notes {
		p.say("", note, toneFaint)
	}
}

// enoughToDoubt is how many answers must all lie low before their scale is
// doubted: by then one above 5 is missing only where customers are furious.
const enoughToDoubt = 20

// doubt says that the answers look like those of a shorter scale; "" if not.
func (s scored) doubt() string {
	scale := s.Metric.Scale()
	switch {
	case s.highest() > 5 || scale.Max <= 5 || s.N < enoughToDoubt:
		return ""
	case s.lowest() > 0:
		return fmt.Sprintf("No answer is above 5, and %s goes to %d: this looks like a scale of 1 to 5, --metric csat or ces5.", strings.ToUpper(string(s.Metric)), scale.Max)
	}
	return fmt.Sprintf("No answer is above 5, and %s goes to %d: was it asked on another scale?", strings.ToUpper(string(s.Metric)), scale.Max)
}

// lowest is the lowest score that was given.
func (s scored) lowest() int {
	for _, c := range s.Distribution {
		if c.N > 0 {
			return c.Score
		}
	}
	return 0
}

// highest is the highest score that was given.
func (s scored) highest() int {
	for _, c := range slices.Backward(s.Distribution) {
		if c.N > 0 {
			return c.Score
		}
	}
	return 0
}

func tone(scale surveys.Scale, band surveys.Band) string {
	switch band {
	case scale.Good:
		return toneGood
	case scale.Bad:
		return toneBad
	}
	return toneMiddle
}

// longestBar is how long bars get where there is room, in cells.
const longestBar = 30

// shares shows each band's share, and how often each score was given.
func (p printer) shares(s scored) {
	scale := s.Metric.Scale()
	most := int64(1)
	for _, c := range s.Distribution {
		most = max(most, c.N)
	}
	names, numbers := 0, cells(grouped(most))
	for _, band := range scale.Bands() {
		names, numbers = max(names, cells(bandName(band))), max(numbers, cells(grouped(s.Bands[band].N)))
	}
	width := min(longestBar, p.width-names-numbers-14)
	row := func(name string, n int64, longest float64, tone string) {
		share := float64(n) / float64(s.N)
		line := fmt.Sprintf("  %-*s  %5.1f%%  %*s  %s", names, name, 100*share, numbers, grouped(n), p.paint(tone, bar(share/longest, width)))
		p.line(strings.TrimRight(line, " "))
	}
	p.line("")
	for _, band := range scale.Bands() {
		row(bandName(band), s.Bands[band].N, 1, tone(scale, band))
	}
	p.line("")
	for _, c := range slices.Backward(s.Distribution) {
		row(strconv.Itoa(c.Score), c.N, float64(most)/float64(s.N), tone(scale, scale.Band(c.Score)))
	}
}

// bandName names those whose answers a band holds.
func bandName(band surveys.Band) string {
	name := strings.ToUpper(string(band[:1])) + string(band[1:])
	switch band {
	case surveys.Promoter, surveys.Passive, surveys.Detractor:
		return name + "s"
	}
	return name
}

// trend draws the steps' scores in one line, with the ends of its scale and the
// dates of its changes. A trend longer than the line shows its end.
func (p printer) trend(s scored) {
	steps := s.Trend[max(0, len(s.Trend)-(p.width-2)):]
	low, high := math.Inf(1), math.Inf(-1)
	var margins []float64
	var line strings.Builder
	for _, point := range steps {
		if point.Score != nil {
			low, high = min(low, *point.Score), max(high, *point.Score)
			margins = append(margins, (*point.High-*point.Low)/2)
		}
	}
	if len(steps) < 2 || len(margins) == 0 {
		return // nothing to follow, or no step has answers enough
	}
	for _, point := range steps {
		line.WriteString(spark(point.Score, low, high))
	}
	slices.Sort(margins)
	scale := fmt.Sprintf("▁ is %s and █ is %s", number(low, 0), number(high, 0)+unit(s.Metric))
	if number(low, 0) == number(high, 0) {
		scale = "all " + number(low, 0) + unit(s.Metric)
	}
	p.line("")
	p.say("", fmt.Sprintf("By %s from %s: %s, each ± %.0f or so", s.Bucketing, steps[0].Start, scale, math.Ceil(margins[len(margins)/2])), "")
	p.line("  " + p.paint(toneGood, line.String()))
	for _, change := range s.Changes {
		why := ""
		if change.ByMix {
			why = ", about half of it because of who answered"
			switch {
			case change.Mix.Only():
				why = ", only because of who answered"
			case change.Mix.Mostly():
				why = ", mostly because of who answered"
			}
		}
		p.say("  ", fmt.Sprintf("Changed in the week of %s: %s before, %s after%s.", change.At, points(s.Metric, change.Before, 0), points(s.Metric, change.After, 0), why), "")
	}
}
