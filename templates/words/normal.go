package words

import (
	"maps"

	"github.com/harkhq/hark/analysis"
)

// unchanged says that nothing lasting happened, that what happened is over, or only
// by how much the period differs, where a real change lies within it that is told
// next. Two periods may differ beyond chance all the same: then it says why that is
// not called real.
func (w Report) unchanged() Sentence {
	v := w.Of.Verdict
	for _, c := range w.Of.Changes {
		if v.Over != nil && c.At == *v.Over {
			return w.moved("report.over", "back", linked(w.Points(c.Difference), "since"), "date", c.At.Time())
		}
	}
	if w.Of.Within() != nil {
		return w.moved("report.step")
	}
	switch doubt := v.Doubt(); doubt {
	case analysis.ByChance:
		return w.moved("report.normal")
	case analysis.MixLeft:
		return w.moved("report.left", append(w.between(v.Mix.Low, v.Mix.High), "key", KeyWord(w.L, v.Mix.Key), "adjusted", linked(w.L.Signed(v.Mix.Difference, 0), "both"))...)
	default:
		return w.moved("report." + string(doubt))
	}
}

// within tells of the real change that lies within a period which as a whole is no
// real change.
func (w Report) within(c analysis.Change, parts map[string]Part, args []any) Sentence {
	if c.Where == nil {
		return w.say("report.within."+direction(c.Difference), parts, args...)
	}
	maps.Copy(parts, w.segment(c.Where))
	return w.say("report.within.where_"+direction(c.Difference), parts, append(args, "key", KeyWord(w.L, c.Where.Key))...)
}

// between are the ends of a difference's interval.
func (w Report) between(low, high float64) []any {
	places := analysis.Places(low, high)
	return []any{"low", w.L.Signed(low, places), "high", w.L.Signed(high, places)}
}

// Difference says what the comparison with the earlier period found, and where its
// interval would seem to contradict the verdict, how much wider a one the verdict
// takes, and why; nil when it could not be made.
func (w Report) Difference(confidence float64) Sentence {
	v := w.Of.Verdict
	if v.Difference == nil {
		return nil
	}
	said := []Sentence{w.say("report.compare.difference", w.spans(), append(w.between(v.Difference.Low, v.Difference.High),
		"confidence", w.L.Percent(100*confidence, 0), "difference", linked(w.L.Signed(v.Difference.Difference, 0), "both"))...)}
	if wide, holds := v.Widened(); holds {
		said = append(said, w.say("report.compare.widened"+w.reason(), nil, append(w.between(wide.Low, wide.High), "times", w.L.Decimal(v.Stretch, 1))...))
	}
	return Join(w.L.Lang(), said)
}

// reason ends the key of the sentence about a widened interval.
func (w Report) reason() string {
	switch {
	case w.Of.Verdict.Gates.Alarm != analysis.Unknown:
		return ""
	case w.Of.Against == analysis.YearBefore:
		return "_year"
	}
	return "_unheard"
}
