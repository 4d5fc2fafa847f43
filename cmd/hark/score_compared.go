package main

import (
	"fmt"
	"math"
	"strings"

	"github.com/harkhq/hark/analysis"
)

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
	p.paired(s)
	switch mix := c.Verdict.Mix; {
	case mix != nil:
		p.say("  ", fmt.Sprintf("With the same mix of %s in both: %s.", oneLine(mix.Key), signed(mix.Difference, mix.Low, mix.High, d.Confidence)), "")
	case s.By != "":
		p.say("  ", fmt.Sprintf("Whether another mix of %s explains it cannot be told from these answers.", oneLine(s.By)), "")
	}
}

// paired tells of the people who answered in both periods.
func (p printer) paired(s scored) {
	switch {
	case s.Paired == nil:
		return
	case s.Paired.Refused != nil:
		p.say("  ", s.Paired.Refused.Text, "")
		return
	}
	d := s.Paired.PairedDifference
	p.say("  ", fmt.Sprintf("The same people, %s who answered in both, by their last answers: %s, %s.",
		grouped(d.N), signed(d.Difference.Difference, d.Low, d.High, d.Confidence), probability(d.P)), "")
}

// weighted shows the score as it would be if those who answered were the ones that
// --target speaks of.
func (p printer) weighted(s scored) {
	w := s.Weighted
	if w == nil {
		return
	}
	names := make([]string, len(w.By))
	for i, name := range w.By {
		names[i] = oneLine(name)
	}
	p.title("Weighted by " + strings.Join(names, " and "))
	if w.Refused != nil {
		p.say("", w.Refused.Text, "")
		return
	}
	plain := w.Unweighted
	p.table(s.Metric, "score", s.confidence, []figures{
		{name: "as answered", n: w.N, score: &plain.Score, low: &plain.Interval.Low, high: &plain.Interval.High, weight: toneStrong},
		{name: "weighted", n: w.N, score: w.Score, low: &w.Interval.Low, high: &w.Interval.High, weight: toneStrong},
	})
	p.say("  ", fmt.Sprintf("Weighted, the %s are worth %s of equal weight.", count(w.N, "answer"), grouped(int64(math.Round(*w.Effective)))), "")
	if w.Trimmed > 0 {
		missed := ""
		if w.Missed >= 0.05 {
			missed = fmt.Sprintf(", so that a share stays up to %.1f points from its target", w.Missed)
		}
		p.say("  ", fmt.Sprintf("%s would weigh under 0.3 or over 3 times the mean, and %s held there%s.",
			count(w.Trimmed, "answer"), map[bool]string{true: "is", false: "are"}[w.Trimmed == 1], missed), "")
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
