package office

import (
	"fmt"
	"maps"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/drivers"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/words"
)

// next says where to begin: with the driver that clearly asks for it and goes with
// the score most, or else with the theme that the unhappy write about. Nil where
// neither stands out: a manager is not sent after noise.
func (r reading) next() words.Sentence {
	if first := r.fixFirst(); first != nil {
		card := driverCard{l: r.l, survey: r.survey, report: r.moves}
		return words.Set(r.l.T("report.next.driver", "share", card.percent(first.Performance)), map[string]words.Part{
			"driver": {Text: card.name(first.Name), Address: "#drivers"}, "rated": {Address: r.answers(map[string]string{"rated": "1"})},
		})
	}
	for _, f := range r.mostSaid() {
		if f.Effect.Verdict == themes.Lower && f.Share != nil {
			t := r.themed()
			return words.Set(r.l.T("report.next.theme", "share", r.l.Percent(f.Share.Share, 0), "points", t.points(f.Effect.Difference.Difference)), map[string]words.Part{
				"theme": {Text: r.said.Names()[f.Theme], Address: "#said"}, "comments": {Address: t.comments(f)},
			})
		}
	}
	return nil
}

// fixFirst is the driver to begin with: of those that are clearly in that corner
// of the map the one with the greatest share. Nil when none is.
func (r reading) fixFirst() *drivers.Priority {
	if r.moves.Priorities == nil {
		return nil
	}
	var first *drivers.Priority
	for i, p := range r.moves.Priorities.Drivers {
		if p.Quadrant == drivers.FixFirst && p.Doubt == drivers.NoDoubt && (first == nil || p.Impact > first.Impact) {
			first = &r.moves.Priorities.Drivers[i]
		}
	}
	return first
}

// quotedFrom is from how many of the newest comments a quote is chosen. So few are
// found at once, however many there are.
const quotedFrom = 12

// readQuotes chooses for each theme that the report names one comment of those
// whose score goes its way: what the unhappy say of it where it goes with lower
// scores, and what the happy say where with higher ones.
func (r *reading) readQuotes() error {
	r.quotes = make(map[string]string)
	from, to := r.view.period.moments(r.w.Zone)
	for _, f := range r.mostSaid() {
		found, err := r.site.Store.Feed(r.ctx(), r.w.ID, store.FeedFilter{
			SurveyID: r.survey.ID, Theme: f.Theme, Scores: bandScores(r.survey.Metric, f.Effect.Verdict), From: from, To: to, Limit: quotedFrom,
		})
		if err != nil {
			return fmt.Errorf("quote theme %s: %w", f.Theme, err)
		}
		comments := make([]themes.Comment, len(found))
		for i, c := range found {
			comments[i] = themes.Comment{ID: c.Response.ID, Text: c.Response.Comment, Tone: c.Reading.Sentiment.Tone}
		}
		chosen, err := themes.Choose(comments, mostSaid, analysis.Limits{})
		if err != nil {
			return fmt.Errorf("quote theme %s: %w", f.Theme, err)
		}
		fresh := func(c themes.Comment) bool { return !slices.Contains(slices.Collect(maps.Values(r.quotes)), c.Text) }
		if i := slices.IndexFunc(chosen, fresh); i >= 0 { // one comment may be on two themes
			r.quotes[f.Theme] = chosen[i].Text
		}
	}
	return nil
}

// bandScores are the scores of the band that a theme goes with.
func bandScores(metric surveys.Metric, verdict themes.Verdict) []int {
	scale := metric.Scale()
	from, to := scale.GoodFrom, scale.GoodTo
	if verdict == themes.Lower {
		from, to = scale.BadFrom, scale.BadTo
	}
	var scores []int
	for score := from; score <= to; score++ {
		scores = append(scores, score)
	}
	return scores
}
