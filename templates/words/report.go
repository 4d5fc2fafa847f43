package words

import (
	"maps"
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// Report makes the sentences about one report, for its page, for the list of all
// surveys and for mails. Every sentence is a whole one of the catalogue, for its
// kind and direction, and for what the period is compared with. Each number and
// name in them that stands for answers leads to those; where a function is nil or
// returns "", it is plain text.
type Report struct {
	L    *i18n.Localizer
	Of   analysis.Report
	Link func(s surveys.Segment, days analysis.Span) string // the answers of a segment on some days
	Span func(days analysis.Span) string                    // the answers of some days
	Ask  string                                             // the report that has asked what this one left unread
}

// All is the verdict, and the last change that the picture shows.
func (w Report) All() []Sentence {
	sentences := w.Verdict()
	if w.Of.Faint && w.Of.Verdict.Kind != analysis.TooFew {
		sentences = append(sentences, w.say("report.faint", nil))
	}
	return append(sentences, w.lastChange()...)
}

// Brief is the verdict's first sentence, for lists; and the last real change, if
// the period saw it and the verdict has not told it.
func (w Report) Brief() Sentence {
	said := w.Verdict()[:1]
	if c := w.Of.Recent(); c != nil {
		said = append(said, w.lastChange()...)
	}
	return Join(w.L.Lang(), said)
}

// Verdict is what happened since the earlier period.
func (w Report) Verdict() []Sentence {
	v := w.Of.Verdict
	switch v.Kind {
	case analysis.TooFew:
		return w.tooFew()
	case analysis.Normal:
		if v.Doubt() == analysis.MixMoved {
			return w.byMix()
		}
		return []Sentence{w.unchanged()}
	case analysis.Mixed:
		return w.byMix()
	case analysis.Rise, analysis.Fall:
		return w.real()
	case analysis.Unread:
		return []Sentence{w.moved("report.unread"), w.say("report.unread.ask", w.ask())}
	}
	switch {
	case w.Of.N == 0:
		return []Sentence{w.say("report.none.empty", nil)}
	case w.Of.Hidden:
		return []Sentence{w.say("report.none.hidden", nil)}
	}
	return []Sentence{w.against("report.none", "before")}
}

// byMix tells of a move that came from who answered, and of what remains without.
func (w Report) byMix() []Sentence {
	mix := w.Of.Verdict.Mix
	key, between := KeyWord(w.L, mix.Key), w.between(mix.Low, mix.High)
	if mix.Only() {
		return []Sentence{w.moved("report.mix", append(between, "key", key, "adjusted", linked(w.L.Signed(mix.Difference, 0), "both"))...)}
	}
	_, moved, rest := mix.Points()
	return []Sentence{
		w.moved("report."+part(*mix), "key", key, "mix", linked(w.Points(moved), "both")),
		w.say("report.rest."+direction(rest), w.spans(), append(between, "points", linked(w.Points(rest), "both"))...),
	}
}

// part is the word of the catalogue's keys for how much of a move the mix made.
func part(mix analysis.MixCheck) string {
	switch {
	case mix.Only():
		return "mix"
	case mix.Mostly():
		return "mostly"
	}
	return "half"
}

// tooFew says which period has too few answers. Nobody is told how many more it
// takes where they lack in the past.
func (w Report) tooFew() []Sentence {
	v := w.Of.Verdict
	var sentences []Sentence
	if v.Difference != nil {
		sentences = append(sentences, w.moved("report.too_few"))
	} else {
		sentences = append(sentences, w.against("report.too_few", "unknown"))
	}
	switch {
	case v.Thin == analysis.ThinBefore && w.Of.Previous != nil:
		return append(sentences, Set(w.L.N("report.too_few.thin_before", w.Of.Previous.N), w.spans()))
	case v.Thin == analysis.ThinNow:
		sentences = append(sentences, Set(w.L.N("report.too_few.thin_now", w.Of.N), w.spans()))
	}
	if v.Needed != nil && v.Difference != nil {
		sentences = append(sentences, w.say("report.too_few.needed", nil, "points", w.Points(v.Needed.Points), "needed", v.Needed.N))
	}
	return sentences
}

// real tells of a change that passed every gate.
func (w Report) real() []Sentence {
	v := w.Of.Verdict
	sentences := []Sentence{w.moved("report.real")}
	if v.Since != nil {
		sentences = append(sentences, w.say("report.real.since", w.week(*v.Since), "date", v.Since.Time()))
	}
	if where := w.where(); where != nil {
		sentences = append(sentences, w.cameFrom(where))
	}
	switch {
	case v.Gates.Mix == analysis.Passed && v.Mix.Partly():
		_, moved, _ := v.Mix.Points()
		sentences = append(sentences, w.say("report.real.part_mix", w.spans(), "key", KeyWord(w.L, v.Mix.Key), "mix", linked(w.Points(moved), "both")))
	case v.Gates.Mix == analysis.Passed:
		sentences = append(sentences, w.say("report.real.not_mix", nil))
	}
	return sentences
}

// cameFrom names the segment that a real change came from, with its score on both
// sides, each of which leads to its answers.
func (w Report) cameFrom(s *analysis.Source) Sentence {
	parts := w.segment(s)
	if w.Link != nil {
		of := surveys.Segment{Key: s.Key, Value: s.Value}
		parts["then"], parts["now"] = Part{Address: w.Link(of, s.Then.Span)}, Part{Address: w.Link(of, s.Now.Span)}
	}
	return w.say("report.real.where", parts, "key", KeyWord(w.L, s.Key),
		"before", w.score(s.Before, s.Then), "before_n", s.Then.N, "after", w.score(s.After, s.Now), "after_n", s.Now.N)
}

// where is the segment that a real change came from: of the two periods or,
// when they cannot tell, of the change that it began with. Nil when it was not
// one.
func (w Report) where() *analysis.Source {
	v := w.Of.Verdict
	if v.Where != nil || v.Since == nil {
		return v.Where
	}
	for _, c := range w.Of.Changes {
		if c.At == *v.Since {
			return c.Where
		}
	}
	return nil
}

// lastChange recalls the newest change of the trend, a real one if there is any
// and the verdict has not told it.
func (w Report) lastChange() []Sentence {
	if v := w.Of.Verdict; v.Gates.Mix == analysis.Unasked && v.Kind != analysis.Unread {
		return []Sentence{w.say("report.unread.changes", w.ask())}
	}
	c := w.Of.Untold()
	if c == nil {
		return nil
	}
	args, parts := []any{"points", linked(w.Points(c.Difference), "sides"), "date", c.At.Time()}, w.week(c.At)
	maps.Copy(parts, w.sides(*c))
	switch {
	case c.ByMix:
		return []Sentence{w.say("report.last."+part(*c.Mix)+"_"+direction(c.Difference), parts, append(args, "key", KeyWord(w.L, c.Mix.Key))...)}
	case w.Of.Within() != nil:
		return []Sentence{w.within(*c, parts, args)}
	case c.Where != nil:
		maps.Copy(parts, w.segment(c.Where))
		return []Sentence{w.say("report.last.where_"+direction(c.Difference), parts, append(args, "key", KeyWord(w.L, c.Where.Key))...)}
	}
	return []Sentence{w.say("report.last."+direction(c.Difference), parts, args...)}
}

// moved says the difference, by the key that begins with the kind and ends in
// its direction.
func (w Report) moved(kind string, args ...any) Sentence {
	d := w.Of.Verdict.Difference.Difference
	return w.against(kind, direction(d), append(args, "points", linked(w.Points(d), "both"))...)
}

// against is a sentence that names what the period is compared with: the days
// before, of which the catalogue has one for each number, or those a year before.
func (w Report) against(kind, end string, args ...any) Sentence {
	parts := w.spans()
	if over := w.Of.Verdict.Over; over != nil {
		maps.Copy(parts, w.week(*over))
	}
	if w.Of.Against == analysis.YearBefore {
		return w.say(kind+"_year."+end, parts, args...)
	}
	return Set(Tighten(w.L.N(kind+"."+end, w.days(), args...)), parts)
}

// spans are the links of the two periods.
func (w Report) spans() map[string]Part {
	parts := map[string]Part{}
	if w.Span != nil {
		now := analysis.Span{From: w.Of.From, To: w.Of.To}
		parts["now"] = Part{Address: w.Span(now)}
		before := w.Of.Against.Span(now.From, now.To)
		parts["before"] = Part{Address: w.Span(before)}
		if before.To == now.From { // one list has the answers of both
			parts["both"] = Part{Address: w.Span(analysis.Span{From: before.From, To: now.To})}
		}
	}
	return parts
}

// sides is the link of the answers before and after a change, which it was found
// between.
func (w Report) sides(c analysis.Change) map[string]Part {
	parts := map[string]Part{}
	if days := c.Days(); w.Span != nil && days.From < days.To {
		parts["sides"] = Part{Address: w.Span(days)}
	}
	return parts
}

// linked marks a number of a sentence as a link, as the catalogue's texts do.
func linked(text, name string) string { return "[" + text + "](" + name + ")" }

// ask is the link to what was left unread.
func (w Report) ask() map[string]Part { return map[string]Part{"ask": {Address: w.Ask}} }

// week is the link of the week in which something changed.
func (w Report) week(at analysis.Day) map[string]Part {
	parts := map[string]Part{}
	if w.Span != nil {
		parts["since"] = Part{Address: w.Span(analysis.Span{From: at, To: at + 7})}
	}
	return parts
}

// direction is rise, fall or same, as rounded for reading.
func direction(difference float64) string {
	switch rounded := math.Round(difference); {
	case rounded > 0:
		return "rise"
	case rounded < 0:
		return "fall"
	}
	return "same"
}

// say is a sentence of the catalogue. Parts are what people wrote, kept apart
// from its words.
func (w Report) say(key string, parts map[string]Part, args ...any) Sentence {
	return Set(Tighten(w.L.T(key, args...)), parts)
}

// segment is the part {segment}: a value of a key, with its answers since the change
// that came from it, which the period need not hold.
func (w Report) segment(s *analysis.Source) map[string]Part {
	part := Part{Text: ValueName(w.L, s.Key, s.Value)}
	if w.Link != nil {
		part.Address = w.Link(surveys.Segment{Key: s.Key, Value: s.Value}, s.Now.Span)
	}
	return map[string]Part{"segment": part}
}

// Points writes the size of a difference: points, or percentage points.
func (w Report) Points(difference float64) string {
	unit := "report.points.percent"
	if w.Of.Metric.Scale().Net {
		unit = "report.points.net"
	}
	return w.L.N(unit, int64(math.Round(math.Abs(difference))))
}

// score writes a score with its margin: 57 ± 9.
func (w Report) score(score float64, on analysis.Stretch) string {
	f := analysis.Display(w.Of.Metric, score, analysis.Interval{Low: on.Low, High: on.High})
	return w.L.Score(w.Of.Metric, f.Score, f.Decimals) + "\u00a0±\u00a0" + w.L.Decimal(f.Margin, f.Decimals)
}

// days is the length of the period.
func (w Report) days() int64 { return int64(w.Of.To - w.Of.From) }

// Change is the caption of a change in the picture of the trend.
func (w Report) Change(c analysis.Change) string {
	points := w.L.Decimal(math.Abs(c.Difference), 0)
	way := direction(c.Difference)
	if !c.ByMix {
		return w.L.T("report.change."+way, "points", points, "date", w.L.ShortDate(c.At.Time()))
	}
	return Tighten(w.L.T("report.change."+part(*c.Mix)+"_"+way, "points", points, "key", KeyWord(w.L, c.Mix.Key)))
}
