package analysis

import (
	"fmt"
	"math"
	"strings"
)

// englishText puts a report's verdict into English words, for programs and the
// terminal. Pages make their own sentences, in each language, from [Verdict].
func englishText(r Report) string {
	v := r.Verdict
	span := fmt.Sprintf("the %s before", plural(int64(r.To-r.From), "day"))
	var text string
	switch v.Kind {
	case None:
		return noComparison(r)
	case TooFew:
		text = tooFew(r, span)
	case Normal:
		text = moved(v.Difference) + " on " + span + ": within normal variation." + lastChange(r)
	case Mixed:
		text = fmt.Sprintf("%s on %s, but only because of who answered: with the same mix of %s as then, %s.",
			moved(v.Difference), span, v.Mix.Key, strings.ToLower(movedBy(v.Mix.Difference)))
	case Rise, Fall:
		text = realChange(v, span)
	}
	return text
}

func noComparison(r Report) string {
	switch {
	case r.N == 0:
		return "No answers in this period."
	case r.Hidden:
		return "Only " + plural(r.N, "answer") + ": too few to show a score."
	}
	return "No answers in the period before to compare with." + lastChange(r)
}

func tooFew(r Report, span string) string {
	v := r.Verdict
	text := "Too few answers to compare with " + span + "."
	if v.Difference != nil {
		text = moved(v.Difference) + " on " + span + ": too few answers to tell."
	}
	if v.Needed != nil {
		text += fmt.Sprintf(" To confirm a change of %.0f points it takes about %s in each period.",
			v.Needed.Points, plural(v.Needed.N, "answer"))
	}
	return text
}

// realChange tells of a rise or a fall that passed the gates.
func realChange(v Verdict, span string) string {
	text := moved(v.Difference) + " on " + span + ": a real change"
	if v.Since != nil {
		text += ", since the week of " + longDate(*v.Since)
	}
	text += "."
	if v.Where != nil {
		text += fmt.Sprintf(" It comes from %s (%s): %.0f before, %.0f now.", v.Where.Value, v.Where.Key, v.Where.Before, v.Where.After)
	}
	if v.Gates.Mix == Passed {
		text += " It is not explained by who answered."
	}
	return text
}

// lastChange recalls the newest change in the report's trend.
func lastChange(r Report) string {
	if len(r.Changes) == 0 {
		return ""
	}
	c := r.Changes[len(r.Changes)-1]
	noun := "rise"
	if c.Difference < 0 {
		noun = "fall"
	}
	text := fmt.Sprintf(" The last change was a %s of %.0f in the week of %s", noun, math.Abs(c.Difference), longDate(c.At))
	switch {
	case c.ByMix:
		text += ", explained by the mix of who answered (" + c.Mix.Key + ")"
	case c.Where != nil:
		text += ", which came from " + c.Where.Value + " (" + c.Where.Key + ")"
	}
	return text + "."
}

func moved(d *Difference) string { return movedBy(d.Difference) }

func movedBy(points float64) string {
	switch rounded := math.Round(math.Abs(points)); {
	case rounded == 0:
		return "Unchanged"
	case points < 0:
		return fmt.Sprintf("Down %.0f", rounded)
	default:
		return fmt.Sprintf("Up %.0f", rounded)
	}
}

func plural(n int64, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func longDate(d Day) string { return d.Time().Format("2 January 2006") }
