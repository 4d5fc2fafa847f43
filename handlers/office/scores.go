package office

import (
	"net/http"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// The overview's spans, in days: what the score is of, and how far its course
// reaches back.
const (
	scoreDays  = 90
	courseDays = 364
)

// scores lists every survey with its score of the last 90 days.
func (d *desk) scores(v visit) error {
	list, err := v.site.Store.Surveys(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	view := office.Scores{
		Page: v.page(v.l.T("office.scores.title"), layouts.Scores),
		New:  v.action(surveys.Manager, components.Action{Text: v.l.T("office.scores.new"), Address: "/surveys/new"}),
	}
	for _, survey := range list {
		row, err := d.scoreRow(v, survey)
		if err != nil {
			return err
		}
		if survey.Status == surveys.SurveyArchived {
			view.Archived = append(view.Archived, row)
			continue
		}
		view.Rows = append(view.Rows, row)
	}
	if len(list) == 0 {
		view.Empty = &components.Empty{Title: v.l.T("office.scores.empty.title"), Text: v.l.T("office.scores.empty.text"), Action: view.New}
		view.New = nil
	}
	if view.Digest, err = d.digestOffer(v); err != nil {
		return err
	}
	return web.Render(v, http.StatusOK, office.ScoresPage(view))
}

// scoreRow is one survey's line.
func (d *desk) scoreRow(v visit, survey surveys.Survey) (office.ScoreRow, error) {
	today := analysis.DayOf(v.site.Now(), v.w.Zone)
	period := period{From: today + 1 - scoreDays, To: today + 1}
	report, err := d.reports.Brief(v.ctx(), v.w, survey, flow.ReportQuery{
		From: period.From, To: period.To, TrendFrom: period.To - courseDays, Interval: analysis.ByWeek,
	})
	if err != nil {
		return office.ScoreRow{}, err
	}
	row := office.ScoreRow{
		Name: survey.Name, Address: "/surveys/" + survey.ID, Metric: v.l.Metric(survey.Metric), Status: surveyTag(v, survey),
		Verdict: v.briefly(report),
		Answers: words.Set(v.l.T("office.scores.span", "days", scoreDays), map[string]words.Part{
			"answers": {Text: v.l.N("components.answers", report.N), Address: answersIn(survey, period, nil, nil)},
		}),
		Spark:    components.Sparkline{Summary: v.l.T("office.scores.course", "survey", survey.Name)},
		Evidence: evidence(report),
	}
	for _, point := range sinceFirst(report.Trend) {
		row.Spark.Values = append(row.Spark.Values, point.Smooth)
	}
	if report.Score != nil {
		figure := analysis.Display(survey.Metric, *report.Score, *report.Interval)
		row.Score = v.l.Score(survey.Metric, figure.Score, figure.Decimals)
		row.Margin = "±\u00a0" + v.l.Decimal(figure.Margin, figure.Decimals)
	}
	return row, nil
}

// evidence is how firmly a report's score is shown.
func evidence(report analysis.Report) components.Evidence {
	switch {
	case report.Hidden:
		return components.Hidden
	case report.Faint:
		return components.Faint
	}
	return components.Firm
}

// segmentEvidence is how firmly a segment's score is shown.
func segmentEvidence(s analysis.Segment) components.Evidence {
	return evidence(analysis.Report{Hidden: s.Hidden, Faint: s.Faint})
}

// surveyTag is the state of a survey that takes no answers; nil for others.
func surveyTag(v visit, survey surveys.Survey) *components.Tag {
	switch {
	case survey.Status == surveys.SurveyArchived:
		return &components.Tag{Text: v.l.T("office.survey.status.archived")}
	case survey.Status == surveys.SurveyPaused:
		return &components.Tag{Text: v.l.T("office.survey.status.paused"), Tone: components.Warn}
	case survey.Open(v.site.Now()) != nil:
		return &components.Tag{Text: v.l.T("office.survey.status.closed")}
	}
	return nil
}
