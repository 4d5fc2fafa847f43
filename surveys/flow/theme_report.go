package flow

import (
	"context"
	"fmt"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// ThemesReport is what people wrote about in a period, and how it was read.
type ThemesReport struct {
	Themes   []themes.Theme // that the workspace looks for; without any, nothing is read
	Findings themes.Findings
	Comments int64 // on the survey, at any time
	Read     int64 // of them, with the present themes and model
	Reader   store.CommentReader
	Withheld bool // nothing is found, since what passes the filters would give a few away
}

// Progress reports whether comments are still to be read.
func (r ThemesReport) Progress() bool { return r.Read < r.Comments }

// Names are the themes' names by their ids.
func (r ThemesReport) Names() map[string]string {
	names := make(map[string]string, len(r.Themes))
	for _, t := range r.Themes {
		names[t.ID] = t.Name
	}
	return names
}

// Report finds what people wrote about in a period. From, To, Filters, Interval and
// Confidence of the query count; a query that cannot be meant is Invalid. Without
// filters it reads counts alone, so that it costs the same for any number of
// comments; under filters, what was read of each comment of the period.
func (m *Themes) Report(ctx context.Context, w Office, survey surveys.Survey, q ReportQuery) (ThemesReport, error) {
	q, err := q.normal(w, m.store.Now())
	if err != nil {
		return ThemesReport{}, err
	}
	var report ThemesReport
	if report.Themes, err = m.store.Themes(ctx, w.ID); err != nil {
		return report, err
	}
	if report, err = m.progress(ctx, survey, report); err != nil {
		return report, err
	}
	before := q.From - (q.To - q.From)
	in := themes.Input{Metric: survey.Metric, Confidence: q.Confidence, From: q.From, To: q.To, Bucketing: q.Interval}
	days := store.RollupFilter{SurveyID: survey.ID, From: int(before), To: int(q.To)}
	if len(q.Filters) == 0 {
		in.Rows, err = m.store.ThemeCounts(ctx, w.ID, days)
	} else {
		in.Rows, err = m.store.ThemeTally(ctx, w.ID, days, q.Filters)
	}
	if err != nil {
		return report, err
	}
	for _, t := range report.Themes {
		in.Themes = append(in.Themes, t.ID)
	}
	if in.Answers, report.Withheld, err = m.answers(ctx, survey, q); err != nil || report.Withheld {
		return report, err
	}
	if report.Findings, err = themes.Find(in); err != nil {
		return report, fmt.Errorf("find the themes of %s: %w", survey, err)
	}
	return report, nil
}

// commentsAtOnce is how many comments a report reads under filters.
const commentsAtOnce = 5000

// AtOnce reports whether a report of other things finds the themes, too: under
// filters every comment of both periods is read for that, which for many is left to
// who asks for themes.
func (m *Themes) AtOnce(ctx context.Context, survey surveys.Survey, q ReportQuery) (bool, error) {
	if len(q.Filters) == 0 {
		return true, nil
	}
	before := q.From - (q.To - q.From)
	_, comments, err := m.store.RollupTotal(ctx, survey.WorkspaceID, store.RollupFilter{SurveyID: survey.ID, From: int(before), To: int(q.To)})
	return comments <= commentsAtOnce, err
}

// progress fills in how far the comments were read.
func (m *Themes) progress(ctx context.Context, survey surveys.Survey, report ThemesReport) (ThemesReport, error) {
	var err error
	if report.Comments, err = commentCount(ctx, m.store, survey); err != nil {
		return report, err
	}
	if report.Reader, err = m.store.CommentReader(ctx, survey.WorkspaceID, survey.ID); err != nil {
		return report, err
	}
	name := ReaderOf(report.Themes, report.Reader.ModelVersion)
	if report.Reader.Reader != name { // all is being read again
		report.Read, err = m.store.CountReadings(ctx, survey.WorkspaceID, survey.ID, name)
		return report, err
	}
	days, err := m.store.UnreadDays(ctx, survey.WorkspaceID, survey.ID)
	report.Read = report.Comments
	for _, day := range days {
		report.Read -= day.N
	}
	return report, err
}

// answers are those of a period that pass the filters, with and without a comment;
// withheld is true where they would give a few away.
func (m *Themes) answers(ctx context.Context, survey surveys.Survey, q ReportQuery) (n int64, withheld bool, err error) {
	if len(q.Filters) == 0 {
		n, _, err = m.store.RollupTotal(ctx, survey.WorkspaceID, store.RollupFilter{SurveyID: survey.ID, From: int(q.From), To: int(q.To)})
		return n, false, err
	}
	in := analysis.Input{From: q.From, To: q.To, TrendFrom: q.From}
	passing := reading{Reports: &Reports{store: m.store}, survey: survey, filters: q.Filters, from: int(q.From), to: int(q.To), in: in}
	found, err := passing.read(ctx)
	if err != nil {
		return 0, false, err
	}
	guard, err := passing.guard(ctx, in)
	return answersIn(found.days, q.From, q.To), err == nil && guard.withholds(), err
}

// How many comments of a period are looked through for examples, and how many
// of them a theme shows.
const (
	exampleComments = 1000
	examplesShown   = 3
)

// Examples picks comments to show beside the themes of a period, by the themes'
// ids.
func (m *Themes) Examples(ctx context.Context, survey surveys.Survey, f store.ResponseFilter) (map[string][]surveys.Response, error) {
	responses, err := m.newest(ctx, survey, f)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]surveys.Response, len(responses))
	ids := make([]string, len(responses))
	for i, r := range responses {
		byID[r.ID], ids[i] = r, r.ID
	}
	read, err := m.store.Readings(ctx, survey.WorkspaceID, survey.ID, ids)
	if err != nil {
		return nil, err
	}
	about := make(map[string][]themes.Comment)
	for _, r := range responses {
		for _, theme := range read[r.ID].Themes {
			about[theme] = append(about[theme], themes.Comment{ID: r.ID, Text: r.Comment, Tone: read[r.ID].Sentiment.Tone})
		}
	}
	examples := make(map[string][]surveys.Response, len(about))
	for theme, comments := range about {
		chosen, err := themes.Choose(comments, examplesShown, analysis.Limits{})
		if err != nil {
			return nil, fmt.Errorf("choose examples: %w", err)
		}
		for _, c := range chosen {
			examples[theme] = append(examples[theme], byID[c.ID])
		}
	}
	return examples, nil
}

// newest are the latest comments that pass a filter.
func (m *Themes) newest(ctx context.Context, survey surveys.Survey, f store.ResponseFilter) ([]surveys.Response, error) {
	f.SurveyID, f.WithComment, f.Limit = survey.ID, true, 500
	var list []surveys.Response
	for len(list) < exampleComments {
		part, err := m.store.Responses(ctx, survey.WorkspaceID, f)
		if err != nil {
			return nil, err
		}
		list = append(list, part...)
		if len(part) < f.Limit {
			break
		}
		last := part[len(part)-1]
		f.After = store.Cursor{AnsweredAt: last.AnsweredAt, ID: last.ID}
	}
	return list, nil
}
