package office

import (
	"math"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/words"
)

// lead says how many wrote, and how they sound.
func (t themed) lead() string {
	f := t.report.Findings
	mood := f.Mood.Negative
	if mood == nil {
		return t.l.N("themes.lead.count", f.Comments, "answers", f.Answers)
	}
	return t.l.N("themes.lead.felt", f.Comments, "answers", f.Answers, "share", t.l.Percent(mood.Share, 0), "of", mood.Of)
}

// points writes the size of a difference of this survey's scores.
func (t themed) points(difference float64) string {
	return (words.Report{L: t.l, Of: analysis.Report{Metric: t.survey.Metric}}).Points(difference)
}

// verdict is a theme's effect in few words.
func (t themed) verdict(f themes.Finding) string {
	switch effect := effectOf(f); {
	case effect == nil:
		return t.l.T("themes.verdict.unknown")
	case effect.Standing == components.Below:
		return t.l.T("themes.verdict.lower", "points", t.points(effect.Difference))
	case effect.Standing == components.Above:
		return t.l.T("themes.verdict.higher", "points", t.points(effect.Difference))
	}
	if f.Effect.Verdict == themes.LikeOthers {
		return t.l.T("themes.verdict.like")
	}
	return t.l.T("themes.verdict.untold")
}

// against is the verdict where nothing near it says against whom.
func (t themed) against(f themes.Finding) string {
	places := analysis.Places(f.Effect.Low, f.Effect.High)
	args := []any{"points", t.points(f.Effect.Difference.Difference), "low", t.l.Signed(f.Effect.Low, places), "high", t.l.Signed(f.Effect.High, places)}
	switch f.Effect.Verdict {
	case themes.Lower:
		return t.l.T("themes.card.lower", args...)
	case themes.Higher:
		return t.l.T("themes.card.higher", args...)
	}
	return t.verdict(f)
}

// says is what is known of a theme, in sentences.
func (t themed) says(f themes.Finding) []words.Sentence {
	var list []words.Sentence
	say := func(text string) { list = append(list, words.Set(text, nil)) }
	if effect := effectOf(f); effect != nil {
		places := analysis.Places(effect.Low, effect.High)
		interval := []any{"points", t.points(effect.Difference), "low", t.l.Signed(effect.Low, places), "high", t.l.Signed(effect.High, places)}
		switch effect.Standing {
		case components.Below:
			say(t.l.T("themes.says.lower", interval...))
		case components.Above:
			say(t.l.T("themes.says.higher", interval...))
		default:
			say(t.l.T("themes.says."+unreal(*f.Effect), interval...))
		}
		if pull := f.Effect.Leverage; f.Effect.Real && math.Abs(pull) >= 0.5 {
			key := "themes.says.raises"
			if pull > 0 { // without it the score would be higher
				key = "themes.says.costs"
			}
			say(t.l.T(key, "points", t.points(pull)))
		}
	}
	if f.Mood != nil && f.Mood.Negative != nil {
		unhappy := t.links.to(t.view.comments(t.survey.ID, map[string]string{"theme": f.Theme, "feeling": string(themes.Negative)}))
		text := t.l.T("themes.says.mood", "share", t.l.Percent(f.Mood.Negative.Share, 0), "of", f.Mood.Negative.Of)
		list = append(list, words.Set(text, map[string]words.Part{"unhappy": {Address: unhappy}}))
	}
	if change := f.Change; change != nil && change.Before != nil {
		say(t.l.T("themes.says.change."+string(change.Direction), "now", t.l.Percent(f.Share.Share, 0), "before", t.l.Percent(change.Before.Share, 0)))
	}
	return list
}

// unreal ends the key of the sentence about an effect that is not called real, which
// must agree with the interval in it.
func unreal(effect themes.Effect) string {
	switch {
	case effect.Verdict == themes.LikeOthers:
		return "like"
	case effect.Significant(): // before it was corrected for the number of themes
		return "alone"
	}
	return "untold"
}

// reading says how the comments were read, and how well.
func (t themed) reading() []words.Sentence {
	var list []words.Sentence
	say := func(text string) { list = append(list, words.Set(text, nil)) }
	scale := t.survey.Metric.Scale()
	for _, q := range t.report.Reader.Quality {
		say(t.l.T("themes.reading.model", "language", t.language(q.Language), "n", int64(q.N), "good", t.l.Band(scale.Good), "bad", t.l.Band(scale.Bad),
			"right", t.correct(q.Sides), "guess", t.correct(guess(q))))
		if q.Cold != nil {
			say(t.l.T("themes.reading.better", "right", t.correct(q.Cold.Sides)))
		}
	}
	for _, refused := range t.report.Reader.Refused {
		if text := t.refused(refused); text != "" {
			say(text)
		}
	}
	switch {
	case len(t.report.Reader.Quality) == 0 && len(t.report.Reader.Refused) == 0:
		say(t.l.T("themes.reading.soon", "have", t.report.Comments, "need", themes.LeastComments))
		say(t.l.T("themes.reading.cold"))
	case len(t.report.Reader.Quality) == 0:
		say(t.l.T("themes.reading.cold"))
	}
	if at := t.report.Reader.TrainedAt; at != nil {
		say(t.l.T("themes.reading.trained", "date", t.l.Date(at.In(t.w.Zone))))
	}
	say(t.l.T("themes.reading.local"))
	return list
}

// correct is a share of correct judgements. What was measured on a few hundred
// comments never says that all will be.
func (t themed) correct(share float64) string {
	whole := math.Floor(share*100 + 1e-9)
	if whole >= 99 {
		return t.l.T("themes.reading.nearly_all")
	}
	return t.l.T("themes.reading.cases", "share", t.l.Percent(whole, 0))
}

// guess is how often one is right who always names the more frequent of the good
// and the bad side.
func guess(q themes.Quality) float64 {
	good := q.N - q.Bad - q.Middle
	if good+q.Bad == 0 {
		return 0
	}
	return float64(max(good, q.Bad)) / float64(good+q.Bad)
}

// refused says why nothing was learned of a language.
func (t themed) refused(r themes.Refused) string {
	if r.Refusal == nil {
		return ""
	}
	have := []any{"language", t.language(r.Language), "have", math.Round(r.Refusal.Have), "need", math.Round(r.Refusal.Need)}
	switch r.Refusal.Reason {
	case themes.TooFewComments:
		return t.l.T("themes.refused.few", have...)
	case themes.TooFewOfClass:
		return t.l.T("themes.refused.class", have...)
	case themes.NothingLearned:
		return t.l.T("themes.refused.signal", "language", t.language(r.Language))
	}
	return ""
}

// language names a language in the reader's own; its code where there is no
// name for it.
func (t themed) language(l themes.Language) string {
	switch l {
	case themes.English, themes.Chinese, "de", "fr", "es", "it", "pt", "nl", "ja", "ko", "ru":
		return t.l.T("themes.language." + string(l))
	case themes.Unknown:
		return t.l.T("themes.language.none")
	}
	return string(l)
}
