package i18n

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"github.com/harkhq/hark/surveys"
)

// SurveyTexts are the words of a survey with which it starts. The placeholders
// {product}, {company} and {subject} are still in them.
type SurveyTexts struct {
	Question string
	Low      string // what the lowest choice means
	High     string // what the highest choice means
	FollowUp string // asks for the reason
	Thanks   string
}

// SurveyTexts gives the default texts for a metric in the language. It gives
// keys instead of words for a metric that is not one of [surveys.Metrics].
func (l *Localizer) SurveyTexts(metric surveys.Metric) SurveyTexts {
	key := "metric." + string(metric)
	return SurveyTexts{
		Question: l.T(key + ".question"),
		Low:      l.T(key + ".low"),
		High:     l.T(key + ".high"),
		FollowUp: l.T(key + ".follow_up"),
		Thanks:   l.T(key + ".thanks"),
	}
}

// Asked gives the texts of a survey as people read them: the team's own in the
// language, and the default ones of the metric for what the team left empty,
// with the company and what the survey asks about in their places.
func (l *Localizer) Asked(s surveys.Survey, company string) SurveyTexts {
	own, usual := s.Question.Texts[l.Lang()], l.SurveyTexts(s.Metric)
	subject := cmp.Or(s.Subject, company)
	fill := func(own, usual string) string {
		return l.Fill(cmp.Or(own, usual), "product", subject, "company", company, "subject", subject)
	}
	return SurveyTexts{
		Question: fill(own.Ask, usual.Question), Low: fill(own.Low, usual.Low), High: fill(own.High, usual.High),
		FollowUp: fill(own.FollowUp, usual.FollowUp), Thanks: fill(own.ThankYou, usual.Thanks),
	}
}

// Speaking is the language in which a survey asks somebody who reads l: who wrote a
// question of their own asks that one, in the survey's usual language or else another one
// in which they wrote it, and never the usual question: its answers would be counted with
// those to another.
func (c *Catalogue) Speaking(l *Localizer, s surveys.Survey, w surveys.Workspace) *Localizer {
	asks := func(locale string) bool { return s.Question.Texts[locale].Ask != "" }
	if asks(l.Lang()) {
		return l
	}
	if other := c.Letter(s.UsualLocale(w)); asks(other.Lang()) {
		return other
	}
	for _, locale := range slices.Sorted(maps.Keys(s.Question.Texts)) {
		if asks(locale) {
			return c.Letter(locale)
		}
	}
	return l
}

// QuestionOf is the question that an answer in a language answered, in the words of its
// version, as whoever gave it read them.
func (c *Catalogue) QuestionOf(s surveys.Survey, w surveys.Workspace, version surveys.Question, locale string) string {
	s.Question = version
	return c.Speaking(c.Letter(locale), s, w).Asked(s, w.Name).Question
}

// AskedWhy is the question above the main comment for somebody with a score, or
// [surveys.Unscored]: the team's own for the band or for all, else the usual one.
func (l *Localizer) AskedWhy(s surveys.Survey, company string, score int) string {
	own := s.Question.Texts[l.Lang()].FollowUpFor(s.Metric.Scale(), score)
	subject := cmp.Or(s.Subject, company)
	return l.Fill(cmp.Or(own, l.SurveyTexts(s.Metric).FollowUp), "product", subject, "company", company, "subject", subject)
}

// Metric is the short name of a metric: "NPS".
func (l *Localizer) Metric(metric surveys.Metric) string {
	return l.T("metric." + string(metric) + ".name")
}

// Band is the name of the people in a band, as a column's head has it:
// "Promoters".
func (l *Localizer) Band(band surveys.Band) string {
	return l.T("metric.band." + string(band))
}

// BandOf names the band beside one answer, where Band would speak of many
// people: "Promoter".
func (l *Localizer) BandOf(band surveys.Band) string {
	return l.T("metric.band_of." + string(band))
}

// Score writes a score of the metric: points as they are ("38", "−4"),
// percentages with their sign ("86 %"). Places is the number of digits after
// the point.
func (l *Localizer) Score(metric surveys.Metric, score float64, places int) string {
	if metric.Scale().Net {
		return l.Decimal(score, places)
	}
	return l.Percent(score, places)
}

// End writes what the choice at an end of a scale means: "0 · not at all likely".
func (l *Localizer) End(choice int, meaning string) string {
	return l.T("metric.end", "choice", strconv.Itoa(choice), "meaning", meaning)
}
