package analysis

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/harkhq/hark/surveys"
)

// Span is a stretch of days: From inclusive, To exclusive.
type Span struct {
	From Day `json:"from"`
	To   Day `json:"to"`
}

// String names the span as people do: "2026", "Q1 2026", "March 2026", or its
// first and last day.
func (s Span) String() string {
	first, next := s.From.Time(), s.To.Time()
	switch {
	case first.Day() != 1 || next.Day() != 1:
	case first.Month() == 1 && first.AddDate(1, 0, 0).Equal(next):
		return first.Format("2006")
	case first.Month()%3 == 1 && first.AddDate(0, 3, 0).Equal(next):
		return fmt.Sprintf("Q%d %s", (first.Month()+2)/3, first.Format("2006"))
	case first.AddDate(0, 1, 0).Equal(next):
		return first.Format("January 2006")
	}
	if s.To-s.From == 1 {
		return longDate(s.From)
	}
	switch last := (s.To - 1).Time(); {
	case first.Year() == last.Year() && first.Month() == last.Month():
		return first.Format("2") + " to " + longDate(s.To-1)
	case first.Year() == last.Year():
		return first.Format("2 January") + " to " + longDate(s.To-1)
	}
	return longDate(s.From) + " to " + longDate(s.To-1)
}

// during says when something was so: "in Q1 2026", "from 5 to 11 March 2026".
func (s Span) during() string {
	name := s.String()
	switch {
	case s.To-s.From == 1:
		return "on " + name
	case strings.Contains(name, " to "):
		return "from " + name
	}
	return "in " + name
}

// SpanScore is the score of one of two spans.
type SpanScore struct {
	Span
	N      int64    `json:"n"`
	Score  *float64 `json:"score"` // nil when it has too few answers to show
	Low    *float64 `json:"low"`
	High   *float64 `json:"high"`
	counts surveys.Counts
}

// Comparison is what became of a score from one span to another.
type Comparison struct {
	Before  SpanScore `json:"before"`
	After   SpanScore `json:"after"`
	Verdict Verdict   `json:"verdict"` // its Alarm gate is Unknown: only a running trend has one
}

// CompareSpans compares two spans that somebody chose, such as the same quarter
// of two years. They need be neither neighbours nor of equal length, and must not
// overlap: an answer cannot stand on both sides. Of the input it takes everything
// but the period, the trend and the bucketing.
//
// The difference is [Compare]'s; the verdict asks the gates of size, interval and
// mix as [Build] does, but no alarm. So of spans between which nothing happened up
// to 5 % are called changed at 95 % confidence, and more of them if they were
// chosen for how they look. Needed is also told for a difference that was seen but
// is within chance: so many answers a side would find it in four of five cases.
func CompareSpans(in Input, before, after Span) (Comparison, error) {
	for _, s := range []Span{before, after} {
		var bad *InputError
		if errors.As(CheckPeriod(s.From, s.To), &bad) {
			return Comparison{}, Refuse("compare", "%s", bad.Problem)
		}
	}
	if before.From < after.To && after.From < before.To {
		return Comparison{}, Refuse("compare", "%s and %s overlap: an answer cannot be on both sides", before, after)
	}
	in.From, in.To, in.TrendFrom, in.Bucketing = after.From, after.To, 0, ByQuarter
	in, err := in.normalised()
	if err != nil {
		return Comparison{}, err
	}
	b := &build{in: in, scale: in.Metric.Scale()}
	c := Comparison{Before: b.span(before), After: b.span(after)}
	b.before, b.now = bandsOf(b.scale, c.Before.counts), bandsOf(b.scale, c.After.counts)
	c.Verdict = b.spanVerdict(before, after)
	c.Verdict.Text = spanText(c, in)
	return c, nil
}

// span scores one span.
func (b *build) span(s Span) SpanScore {
	found := SpanScore{Span: s, counts: sumDays(b.in.Days, s.From, s.To)}
	found.N = found.counts.N()
	if b.shown(found.N) {
		of := bandsOf(b.scale, found.counts)
		score, interval := of.score(), b.interval(of)
		found.Score, found.Low, found.High = &score, &interval.Low, &interval.High
	}
	return found
}

func (b *build) spanVerdict(before, after Span) Verdict {
	v := Verdict{Kind: None, Gates: Gates{Size: Unknown, Interval: Unknown, Alarm: Unknown, Mix: Unknown}}
	switch {
	case b.now.n() == 0 || b.before.n() == 0:
		return v
	case !b.comparable():
		v.Kind, v.Needed, v.Thin = TooFew, b.needed(0, unasked()), b.thin()
		return v
	}
	d := compare(b.before, b.now, b.in.Confidence)
	groups := b.pairsOf(before, after)
	v.Difference, v.Mix = &d, b.mixCheck(groups, d.Difference)
	v.Gates, v.Stretch = b.gates(d, v.Mix, unasked()), unasked().stretch
	v.Kind = b.kind(d, v.Gates)
	switch {
	case v.Kind == TooFew:
		v.Needed, v.Thin = b.needed(d.Difference, unasked()), b.thin()
	case v.Kind == Rise || v.Kind == Fall:
		v.Where = b.where(groups)
	case v.Kind == Normal && v.Gates.Interval == Failed && math.Round(math.Abs(d.Difference)) >= 1:
		v.Needed = b.confirming(math.Abs(d.Difference), unasked())
	}
	return v
}

// spanText is the verdict on two spans of an input in English.
func spanText(c Comparison, in Input) string {
	v, name := c.Verdict, c.Before.String()
	told := sides{span: name, before: c.Before.during(), after: c.After.during()}
	switch v.Kind {
	case TooFew:
		return tooFew(Report{N: c.After.N, Verdict: v, Previous: &Previous{N: c.Before.N}}, told)
	case Mixed:
		return byMix(v, name)
	case Rise, Fall:
		return realChange(v, told, in.Metric)
	case Normal:
		if v.Doubt() == MixMoved {
			return byMix(v, name)
		}
		return unconfirmed(v, name, in.Limits.Change)
	}
	empty := c.After.Span
	if c.Before.N == 0 {
		empty = c.Before.Span
	}
	return "No answers " + empty.during() + ": there is nothing to compare."
}

// unconfirmed tells of a difference that is no real change: too small to matter,
// or not beyond chance. Two scores that happen to be alike are called unchanged
// only where a difference that matters would have been seen.
func unconfirmed(v Verdict, name string, matter float64) string {
	d := v.Difference
	text := moved(d) + " on " + name
	switch {
	case v.Gates.Interval == Passed:
		return text + ": beyond chance, but too small to matter."
	case d.Significant(): // but not what remains of it
		return fmt.Sprintf("%s: beyond chance, but with the same mix of %s no more than chance would explain (%s).",
			text, v.Mix.Key, between(v.Mix.Low, v.Mix.High))
	case math.Round(d.Difference) == 0 && math.Max(-d.Low, d.High) > matter:
		return fmt.Sprintf("Cannot be told apart from %s: the difference may be anything from %s.", name, between(d.Low, d.High))
	}
	text += ": no more than chance would explain."
	if v.Needed != nil {
		text += fmt.Sprintf(" To confirm a change of %s it would take about %s in each period.",
			plural(int64(math.Round(v.Needed.Points)), "point"), plural(v.Needed.N, "answer"))
	}
	return text
}
