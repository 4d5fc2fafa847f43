package flow

import (
	"cmp"
	"context"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// What an edition holds of each survey, at most.
const (
	editionLarge    = 8 // surveys told at length; of the others a line
	editionComments = 2
	editionThemes   = 3
)

// The report in a digest is the one that the page opens with, whatever the
// digest's pace: the last 90 days, seen against a year by week. A week by itself
// is mostly noise. It ends with yesterday, so that the page behind the mail
// shows the same numbers for ever.
const editionReach = 364

// Edition is one digest: what there is to tell one member on one day.
type Edition struct {
	Office   Office
	User     surveys.User
	Digest   surveys.Digest
	From, To analysis.Day // of every report: From inclusive, To exclusive
	Since    analysis.Day // the first day that was not told yet
	Asked    bool         // the member asked for it by hand
	News     []EditionSurvey
	Quiet    []surveys.Survey // without anything new
	Told     map[string]surveys.DigestTold
}

// EditionSurvey is a survey with something new.
type EditionSurvey struct {
	Survey surveys.Survey
	Report analysis.Report
	Why    News
	New    int64 // answers since the last digest
	Large  bool  // to be told at length; Comments and Themes are empty otherwise

	Comments []surveys.Response // the newest low ones, if the member wants them
	Themes   []string           // that were mentioned most
}

// Edition is what a digest has to tell now.
func (d *Digests) Edition(ctx context.Context, w Office, u surveys.User, digest surveys.Digest) (Edition, error) {
	e := d.begin(w, u, digest)
	e.Since = analysis.Day(digest.ToldDay)
	return e, d.fill(ctx, &e, digest.Told)
}

// Preview is the digest as it would be now, had the last one come a day, a week
// or a month ago, as the pace is.
func (d *Digests) Preview(ctx context.Context, w Office, u surveys.User, digest surveys.Digest) (Edition, error) {
	e := d.begin(w, u, digest)
	e.Asked = true
	e.Since = e.To - analysis.Day(digest.Every.Days())
	counts, err := d.store.AnswersBefore(ctx, w.ID, int(e.Since))
	if err != nil {
		return e, err
	}
	told := make(map[string]surveys.DigestTold, len(counts))
	for survey, n := range counts {
		before := digest.Told[survey]
		before.Answers = n
		told[survey] = before
	}
	return e, d.fill(ctx, &e, told)
}

func (d *Digests) begin(w Office, u surveys.User, digest surveys.Digest) Edition {
	today := analysis.DayOf(d.store.Now(), w.Zone)
	return Edition{Office: w, User: u, Digest: digest, From: today - reportDays, To: today}
}

// fill looks at every survey that the digest is about.
func (d *Digests) fill(ctx context.Context, e *Edition, told map[string]surveys.DigestTold) error {
	list, err := d.store.Surveys(ctx, e.Office.ID)
	if err != nil {
		return err
	}
	counts, err := d.store.AnswersBefore(ctx, e.Office.ID, int(e.To))
	if err != nil {
		return err
	}
	e.Told = make(map[string]surveys.DigestTold, len(list))
	for _, survey := range list {
		// What is not in the digest is told all the same, so that it is not new
		// on the day on which somebody chooses it.
		before := dated(told[survey.ID], e.Since)
		now := before
		now.Answers = counts[survey.ID]
		if e.Digest.Wants(survey) {
			if now, err = d.look(ctx, e, survey, before, now); err != nil {
				return err
			}
		}
		e.Told[survey.ID] = now
	}
	slices.SortStableFunc(e.News, newsFirst)
	return d.enlarge(ctx, e)
}

// look puts one survey among the news or the quiet, and returns what is told of
// it then. Of a quiet one no verdict is told: what a digest said of it last
// stands.
func (d *Digests) look(ctx context.Context, e *Edition, survey surveys.Survey, told, now surveys.DigestTold) (surveys.DigestTold, error) {
	report, err := d.reports.Report(ctx, e.Office, survey, ReportQuery{
		From: e.From, To: e.To, TrendFrom: analysis.ByWeek.Start(e.To - editionReach), Interval: analysis.ByWeek,
	})
	if err != nil {
		return now, err
	}
	one := EditionSurvey{Survey: survey, Report: report, New: max(0, now.Answers-told.Answers)}
	if one.Why, err = d.why(ctx, *e, &one, told); err != nil {
		return now, err
	}
	if one.Why == "" {
		e.Quiet = append(e.Quiet, survey)
		return now, nil
	}
	e.News = append(e.News, one)
	now.Verdict, now.Day = string(report.Verdict.Kind), int(e.To)
	if report.Last != nil {
		now.Change = int(report.Last.At)
	}
	return now, nil
}

// newsFirst orders the news: what happened, then what still stands, then what many
// answered.
func newsFirst(a, b EditionSurvey) int {
	return cmp.Or(cmp.Compare(a.Why.rank(), b.Why.rank()), cmp.Compare(a.calm(), b.calm()), cmp.Compare(b.New, a.New))
}

// enlarge adds to the first news what was said.
func (d *Digests) enlarge(ctx context.Context, e *Edition) error {
	for i := range e.News {
		one := &e.News[i]
		if one.Large = i < editionLarge; !one.Large {
			one.Comments = nil
			continue
		}
		if err := d.readThemes(ctx, e, one); err != nil {
			return err
		}
		if !e.Digest.Comments || len(one.Comments) > 0 {
			continue
		}
		var err error
		if one.Comments, err = d.comments(ctx, *e, one.Survey); err != nil {
			return err
		}
	}
	return nil
}

// comments are the newest that came with a low score since the last digest.
func (d *Digests) comments(ctx context.Context, e Edition, survey surveys.Survey) ([]surveys.Response, error) {
	scale := survey.Metric.Scale()
	low := slices.DeleteFunc(scale.Choices(), func(score int) bool { return scale.Band(score) != scale.Bad })
	return d.store.Responses(ctx, e.Office.ID, store.ResponseFilter{
		SurveyID: survey.ID, Scores: low, WithComment: true, Limit: editionComments,
		From: localMidnight(e.Since.Time(), e.Office.Zone), To: localMidnight(e.To.Time(), e.Office.Zone),
	})
}

// readThemes names what was mentioned most in the period.
func (d *Digests) readThemes(ctx context.Context, e *Edition, one *EditionSurvey) error {
	said, err := d.themes.Report(ctx, e.Office, one.Survey, ReportQuery{From: e.From, To: e.To, Interval: analysis.ByWeek})
	if err != nil {
		return err
	}
	names, found := said.Names(), slices.Clone(said.Findings.Themes)
	slices.SortStableFunc(found, func(a, b themes.Finding) int { return cmp.Compare(b.N, a.N) })
	for _, f := range found {
		if !f.Hidden && f.N > 0 && names[f.Theme] != "" && len(one.Themes) < editionThemes {
			one.Themes = append(one.Themes, names[f.Theme])
		}
	}
	return nil
}
