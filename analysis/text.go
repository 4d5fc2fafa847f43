package analysis

import (
	"fmt"
	"math"
	"strings"

	"github.com/harkhq/hark/surveys"
)

// englishText puts a report's verdict into English words, for programs and the
// terminal. Pages make their own sentences, in each language, from [Verdict].
func englishText(r Report) string {
	v := r.Verdict
	told := sides{span: fmt.Sprintf("the %s before", plural(int64(r.To-r.From), "day")), before: "before", after: "now"}
	if r.Against == YearBefore {
		told.span = "the same days a year before"
	}
	var text string
	switch v.Kind {
	case None:
		text = noComparison(r)
	case TooFew:
		text = tooFew(r, told)
	case Normal:
		if v.Doubt() == MixMoved {
			text = byMix(v, told.span)
			break
		}
		text = moved(v.Difference) + " on " + told.span + normal(r)
	case Mixed:
		text = byMix(v, told.span)
	case Rise, Fall:
		text = realChange(v, told, r.Metric)
	case Unread:
		text = moved(v.Difference) + " on " + told.span + ": more than chance. Whether only other people answered than then was not looked at."
	}
	return text + lastChangeText(r)
}

// sides are what the two that are compared are called.
type sides struct {
	span          string // the earlier one, as in "down 9 on …"
	before, after string // both, as in "40 before, 3 now"
}

// normal says why a difference is not called a change.
func normal(r Report) string {
	v := r.Verdict
	for _, c := range r.Changes {
		if v.Over != nil && c.At == *v.Over {
			return fmt.Sprintf(", but that is over: %s in the week of %s.", strings.ToLower(movedBy(c.Difference)), longDate(c.At))
		}
	}
	if r.Within() != nil {
		return "."
	}
	switch v.Doubt() {
	case TooSmall:
		return ": more than chance, but too little to matter."
	case Usual:
		return ": more than chance, but no more than it usually moves."
	case Unlearned:
		if r.Against == YearBefore {
			return ": more than chance, but not enough to call it real, because the weeks do not stand out from those of the year before."
		}
		return ": more than chance, but not enough to call it real before it is known how much this survey usually moves."
	case MixLeft:
		return fmt.Sprintf(": more than chance, but at the same mix of %s it would be %s (%s), not enough to call it real.", v.Mix.Key, signed(v.Mix.Difference), between(v.Mix.Low, v.Mix.High))
	}
	return ": within normal variation."
}

// byMix tells of a move that came from who answered.
func byMix(v Verdict, span string) string {
	text, rest := moved(v.Difference)+" on "+span, strings.ToLower(movedBy(v.Mix.Difference))
	between := "(" + between(v.Mix.Low, v.Mix.High) + ")"
	if v.Mix.Only() {
		return fmt.Sprintf("%s, but only because of who answered: with the same mix of %s as then, %s %s.", text, v.Mix.Key, rest, between)
	}
	because := ", about half of it because of who answered"
	if v.Mix.Mostly() {
		because = ", but mostly because of who answered"
	}
	whole, mix, _ := v.Mix.Points()
	return fmt.Sprintf("%s%s: %.0f of the %s come from another mix of %s, and with the same mix as then it is %s %s.",
		text, because, math.Abs(mix), plural(int64(math.Abs(whole)), "point"), v.Mix.Key, rest, between)
}

// signed writes a difference in whole points with its sign.
func signed(points float64) string { return signedTo(points, 0) }

// signedTo writes a difference with its sign and so many decimals.
func signedTo(points float64, places int) string {
	scale := math.Pow10(places)
	if points = math.Round(points*scale)/scale + 0; points == 0 {
		return "0"
	}
	return fmt.Sprintf("%+.*f", places, points)
}

// between writes the ends of a difference's interval.
func between(low, high float64) string {
	places := Places(low, high)
	return signedTo(low, places) + " to " + signedTo(high, places)
}

func noComparison(r Report) string {
	switch {
	case r.N == 0:
		return "No answers in this period."
	case r.Hidden:
		return "Only " + plural(r.N, "answer") + ": too few to show a score."
	}
	if r.Against == YearBefore {
		return "No answers in the same days a year before to compare with."
	}
	return "No answers in the period before to compare with."
}

// tooFew names the period that has too few answers. Where that is the one
// before, nothing can be done about it, so nobody is told how many it takes.
func tooFew(r Report, told sides) string {
	v := r.Verdict
	text := "Too few answers to compare with " + told.span + "."
	if v.Difference != nil {
		text = moved(v.Difference) + " on " + told.span + ": too few answers to tell."
	}
	switch v.Thin {
	case ThinBefore:
		return strings.TrimSuffix(text, ".") + fmt.Sprintf(", only %d %s.", r.Previous.N, told.before)
	case ThinNow:
		text = strings.TrimSuffix(text, ".") + fmt.Sprintf(", only %d %s.", r.N, told.after)
	}
	if v.Needed != nil {
		text += fmt.Sprintf(" To confirm a change of %.0f points it takes about %s in each period.",
			v.Needed.Points, plural(v.Needed.N, "answer"))
	}
	return text
}

// realChange tells of a rise or a fall that passed the gates.
func realChange(v Verdict, told sides, metric surveys.Metric) string {
	text := moved(v.Difference) + " on " + told.span + ": a real change"
	if v.Since != nil {
		text += ", since the week of " + longDate(*v.Since)
	}
	text += "."
	if v.Where != nil {
		text += cameFrom(*v.Where, told, metric)
	}
	switch {
	case v.Gates.Mix == Passed && v.Mix.Partly():
		whole, mix, _ := v.Mix.Points()
		text += fmt.Sprintf(" Of the %s, %.0f come from another mix of %s.", plural(int64(math.Abs(whole)), "point"), math.Abs(mix), v.Mix.Key)
	case v.Gates.Mix == Passed:
		text += " It is not explained by who answered."
	}
	return text
}

// cameFrom names the one segment that a change came from.
func cameFrom(s Source, told sides, metric surveys.Metric) string {
	side := func(score float64, on Stretch, when, answers string) string {
		f := Display(metric, score, Interval{Low: on.Low, High: on.High})
		return fmt.Sprintf("%.*f ± %.*f %s (%d%s)", f.Decimals, f.Score, f.Decimals, f.Margin, when, on.N, answers)
	}
	return fmt.Sprintf(" It comes from %s (%s): %s, %s.", s.Value, s.Key, side(s.Before, s.Then, told.before, " answers"), side(s.After, s.Now, told.after, ""))
}

// lastChangeText recalls the newest change in the report's trend, if the verdict has
// not told it.
func lastChangeText(r Report) string {
	if r.Verdict.Gates.Mix == Unasked && r.Verdict.Kind != Unread {
		return " When it last really changed was not looked at."
	}
	c := r.Untold()
	if c == nil {
		return ""
	}
	noun := "rise"
	if c.Difference < 0 {
		noun = "fall"
	}
	text := fmt.Sprintf("%s of %.0f in the week of %s", noun, math.Abs(c.Difference), longDate(c.At))
	switch {
	case c.ByMix && c.Mix.Only():
		return " The last change, a " + text + ", only reflects who answered (" + c.Mix.Key + ")."
	case c.ByMix && c.Mix.Mostly():
		return " The last change, a " + text + ", mostly reflects who answered (" + c.Mix.Key + ")."
	case c.ByMix:
		return " About half of the last change, a " + text + ", reflects who answered (" + c.Mix.Key + ")."
	case c.Where != nil:
		text += ", which came from " + c.Where.Value + " (" + c.Where.Key + ")"
	}
	if r.Within() != nil {
		return " Within this period lies a real " + text + "."
	}
	return " The last real change was a " + text + "."
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
