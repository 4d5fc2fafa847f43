package office

import (
	"math"
	"strings"
	"unicode"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// words makes the sentences of one report. Every sentence is a whole one of
// the catalogue, for its kind and direction.
type words struct {
	visit
	metric surveys.Metric
	report analysis.Report
	link   func(key, value string) string // the answers of a segment; nil: no links
}

// says is the paragraph under the headline.
func (r reading) says() []office.Sentence {
	w := words{visit: r.visit, metric: r.survey.Metric, report: r.report, link: func(key, value string) string {
		return r.answers(map[string]string{"key": key, "value": value})
	}}
	if r.report.N == 0 && !r.ever {
		return nil // the page teaches how to begin instead
	}
	return w.all()
}

// briefly is the verdict in one sentence, for lists.
func (v visit) briefly(report analysis.Report) office.Sentence {
	w := words{visit: v, metric: report.Metric, report: report}
	if sentences := w.verdict(); len(sentences) > 0 {
		return sentences[0]
	}
	return nil
}

// all is the verdict, and the last change that the picture shows.
func (w words) all() []office.Sentence {
	sentences := w.verdict()
	if w.report.Faint && w.report.Verdict.Kind != analysis.TooFew {
		sentences = append(sentences, w.say("report.faint", nil))
	}
	return append(sentences, w.lastChange()...)
}

// verdict is what happened since the period before.
func (w words) verdict() []office.Sentence {
	v := w.report.Verdict
	switch v.Kind {
	case analysis.TooFew:
		return w.tooFew()
	case analysis.Normal:
		return []office.Sentence{w.unchanged()}
	case analysis.Mixed:
		return w.byMix()
	case analysis.Rise, analysis.Fall:
		return w.real()
	}
	switch {
	case w.report.N == 0:
		return []office.Sentence{w.say("report.none.empty", nil)}
	case w.report.Hidden:
		return []office.Sentence{w.say("report.none.hidden", nil)}
	}
	return []office.Sentence{office.Set(w.l.N("report.none.before", w.days()), nil)}
}

// byMix tells of a move that came from who answered, and of what remains without.
func (w words) byMix() []office.Sentence {
	mix := w.report.Verdict.Mix
	key, between := w.keyWord(mix.Key), []any{"low", w.l.Signed(mix.Low, 0), "high", w.l.Signed(mix.High, 0)}
	if mix.Only() {
		return []office.Sentence{w.moved("report.mix.", append(between, "key", key, "adjusted", w.l.Signed(mix.Difference, 0))...)}
	}
	_, moved, rest := mix.Points()
	return []office.Sentence{
		w.moved("report."+part(*mix)+".", "key", key, "mix", w.points(moved)),
		w.say("report.rest."+direction(rest), nil, append(between, "points", w.points(rest))...),
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

// unchanged says that nothing lasting happened, or that what happened is over.
func (w words) unchanged() office.Sentence {
	for _, c := range w.report.Changes {
		if over := w.report.Verdict.Over; over != nil && c.At == *over {
			return w.moved("report.over.", "back", w.points(c.Difference), "date", c.At.Time())
		}
	}
	return w.moved(w.normal())
}

// normal is the key of the sentence about a score that did not really change.
// Two periods may differ beyond chance all the same: by less than matters, or
// by no more than the weeks before did.
func (w words) normal() string {
	v := w.report.Verdict
	switch {
	case v.Gates.Interval != analysis.Passed || direction(v.Difference.Difference) == "same":
		return "report.normal."
	case v.Gates.Size == analysis.Failed:
		return "report.small."
	}
	return "report.usual."
}

// tooFew says which period has too few answers. Nobody is told how many more it
// takes where they lack in the past.
func (w words) tooFew() []office.Sentence {
	v := w.report.Verdict
	var sentences []office.Sentence
	if v.Difference != nil {
		sentences = append(sentences, w.moved("report.too_few."))
	} else {
		sentences = append(sentences, office.Set(w.l.N("report.too_few.unknown", w.days()), nil))
	}
	switch {
	case v.Thin == analysis.ThinBefore && w.report.Previous != nil:
		return append(sentences, office.Set(w.l.N("report.too_few.thin_before", w.report.Previous.N), nil))
	case v.Thin == analysis.ThinNow:
		sentences = append(sentences, office.Set(w.l.N("report.too_few.thin_now", w.report.N), nil))
	}
	if v.Needed != nil && v.Difference != nil {
		sentences = append(sentences, w.say("report.too_few.needed", nil, "points", w.points(v.Needed.Points), "needed", v.Needed.N))
	}
	return sentences
}

// real tells of a change that passed every gate.
func (w words) real() []office.Sentence {
	v := w.report.Verdict
	sentences := []office.Sentence{w.moved("report.real.")}
	if v.Since != nil {
		sentences = append(sentences, w.say("report.real.since", nil, "date", v.Since.Time()))
	}
	if where := w.where(); where != nil {
		sentences = append(sentences, w.say("report.real.where", w.segment(where),
			"key", w.keyWord(where.Key), "before", w.score(where.Before), "after", w.score(where.After)))
	}
	if v.Gates.Mix == analysis.Passed {
		sentences = append(sentences, w.say("report.real.not_mix", nil))
	}
	return sentences
}

// where is the segment that a real change came from: of the two periods or,
// when they cannot tell, of the change that it began with. Nil when it was not
// one.
func (w words) where() *analysis.Source {
	v := w.report.Verdict
	if v.Where != nil || v.Since == nil {
		return v.Where
	}
	for _, c := range w.report.Changes {
		if c.At == *v.Since {
			return c.Where
		}
	}
	return nil
}

// lastChange recalls the newest change of the trend, a real one if there is any
// and the verdict has not told it.
func (w words) lastChange() []office.Sentence {
	c := w.report.Untold()
	if c == nil {
		return nil
	}
	args := []any{"points", w.points(c.Difference), "date", c.At.Time()}
	switch {
	case c.ByMix:
		return []office.Sentence{w.say("report.last."+part(*c.Mix)+"_"+direction(c.Difference), nil, append(args, "key", w.keyWord(c.Mix.Key))...)}
	case c.Where != nil:
		return []office.Sentence{w.say("report.last.where_"+direction(c.Difference), w.segment(c.Where), args...)}
	}
	return []office.Sentence{w.say("report.last."+direction(c.Difference), nil, args...)}
}

// moved says the difference, by the key that begins with the kind and ends in
// its direction.
func (w words) moved(kind string, args ...any) office.Sentence {
	d := w.report.Verdict.Difference.Difference
	return office.Set(tighten(w.l.N(kind+direction(d), w.days(), append(args, "points", w.points(d))...)), nil)
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
func (w words) say(key string, parts map[string]office.Part, args ...any) office.Sentence {
	return office.Set(tighten(w.l.T(key, args...)), parts)
}

// tighten takes out the spaces between two Chinese characters. The catalogue
// sets a word that people chose, such as a key, apart from the characters around
// it; if it is Chinese itself, it needs no space.
func tighten(text string) string {
	var b strings.Builder
	runes := []rune(text)
	for i, r := range runes {
		if r == ' ' && i > 0 && i+1 < len(runes) && unicode.Is(unicode.Han, runes[i-1]) && unicode.Is(unicode.Han, runes[i+1]) {
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

// segment is the part {segment}: a value of a key, with its answers.
func (w words) segment(s *analysis.Source) map[string]office.Part {
	part := office.Part{Text: w.valueName(s.Key, s.Value)}
	if w.link != nil {
		part.Address = w.link(s.Key, s.Value)
	}
	return map[string]office.Part{"segment": part}
}

// points writes the size of a difference: points, or percentage points.
func (w words) points(difference float64) string {
	unit := "report.points.percent"
	if w.metric.Scale().Net {
		unit = "report.points.net"
	}
	return w.l.N(unit, int64(math.Round(math.Abs(difference))))
}

func (w words) score(score float64) string { return w.l.Score(w.metric, score, 0) }

// days is the length of the period before: as long as the period.
func (w words) days() int64 { return int64(w.report.To - w.report.From) }

// keyWord is a segment key within a sentence.
func (w words) keyWord(key string) string { return strings.ToLower(w.keyName(key)) }

// change is the mark of a change in the trend.
func (r reading) change(c analysis.Change) components.TrendChange {
	w := words{visit: r.visit, metric: r.survey.Metric, report: r.report}
	mark := components.TrendChange{At: c.At.Time(), Direction: components.Rose}
	if c.Difference < 0 {
		mark.Direction = components.Fell
	}
	points := r.l.Decimal(math.Abs(c.Difference), 0)
	switch way := direction(c.Difference); {
	case !c.ByMix:
		mark.Text = r.l.T("report.change."+way, "points", points, "date", r.l.ShortDate(c.At.Time()))
	default:
		mark.Text = tighten(r.l.T("report.change."+part(*c.Mix)+"_"+way, "points", points, "key", w.keyWord(c.Mix.Key)))
	}
	return mark
}

// difference says what the comparison found; nil when it could not be made.
func (r reading) difference() office.Sentence {
	d := r.report.Verdict.Difference
	if d == nil {
		return nil
	}
	w := words{visit: r.visit, metric: r.survey.Metric, report: r.report}
	return w.say("report.compare.difference", nil, "confidence", r.l.Percent(100*confidence, 0),
		"difference", r.l.Signed(d.Difference, 0), "low", r.l.Signed(d.Low, 0), "high", r.l.Signed(d.High, 0))
}
