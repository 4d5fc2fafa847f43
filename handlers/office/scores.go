package office

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
	"github.com/harkhq/hark/templates/words"
)

// courseDays is how far a course by week reaches back.
const courseDays = 364

// scores lists every survey with its score of the last 90 days: first those that
// really fell, on the days before or within the period, then those that rose, then
// the others by name, so that who has three minutes begins at the top.
func (d *desk) scores(v visit) error {
	lines, err := d.overviewLines(v)
	if err != nil {
		return err
	}
	numbers := newOverview(v, lines)
	view := office.Scores{
		Page: v.page(v.l.T("office.scores.title"), layouts.Scores),
		New:  v.action(surveys.Manager, components.Action{Text: v.l.T("office.scores.new"), Address: "/surveys/new"}),
	}
	for _, line := range lines {
		if line.Survey.Status == surveys.SurveyArchived {
			view.Archived = append(view.Archived, d.scoreRow(v, line))
			continue
		}
		view.Rows = append(view.Rows, d.scoreRow(v, line))
	}
	if len(view.Rows) > 1 {
		view.Order = v.l.T("asked.sort")
	}
	if len(view.Rows) > 0 {
		view.Line = v.l.T("office.scores.line")
		view.Numbers = &office.ScoreNumbers{Scores: numbers.scores(), Courses: numbers.courses()}
		for i, course := range view.Numbers.Courses.List {
			view.Rows[i].Spark = view.Numbers.Courses.Spark(course)
		}
	}
	if len(lines) == 0 {
		view.Empty = &components.Empty{Title: v.l.T("office.scores.empty.title"), Text: v.l.T("office.scores.empty.text"), Action: view.New}
		view.New = nil
	}
	view.TV = pathTV
	if view.Note, err = v.recounting(); err != nil {
		return err
	}
	if view.Digest, err = d.digestOffer(v); err != nil {
		return err
	}
	return web.Render(v, http.StatusOK, office.ScoresPage(view))
}

// overviewLines are all surveys with their reports, in the order of the page.
func (d *desk) overviewLines(v visit) ([]flow.Line, error) {
	list, err := v.site.Store.Surveys(v.ctx(), v.w.ID)
	if err != nil {
		return nil, err
	}
	lines, err := d.reports.Overview(v.ctx(), v.w, list)
	slices.SortStableFunc(lines, needsAttention)
	return lines, err
}

// needsAttention orders lines: real falls, real rises, the rest; each by name.
func needsAttention(a, b flow.Line) int {
	return cmp.Or(cmp.Compare(urgency(a.Report), urgency(b.Report)), cmp.Compare(strings.ToLower(a.Survey.Name), strings.ToLower(b.Survey.Name)))
}

// fellApartFromMix reports that other people answered, and the score fell at a
// constant mix too.
func fellApartFromMix(v analysis.Verdict) bool {
	return v.Kind == analysis.Mixed && !v.Mix.Only() && v.Mix.High < 0
}

// urgency is lower for what cannot wait.
func urgency(report analysis.Report) int {
	recent := report.Recent()
	switch {
	case report.Verdict.Kind == analysis.Fall:
		return -4
	case recent != nil && recent.Difference < 0, fellApartFromMix(report.Verdict):
		return -3
	case report.Verdict.Kind == analysis.Rise:
		return -2
	case recent != nil:
		return -1
	}
	return 0
}

// scoreRow is one survey's line.
func (d *desk) scoreRow(v visit, line flow.Line) office.ScoreRow {
	survey, report := line.Survey, line.Report
	row := office.ScoreRow{
		Name: survey.Name, Address: "/surveys/" + survey.ID, Metric: v.l.Metric(survey.Metric), Status: surveyTag(v, survey),
		ID: "verdict-" + survey.ID, Short: linkedWords(v, survey, report).Short(), Standing: standing(report), Verdict: linkedWords(v, survey, report).Brief(),
		Answers: words.Set(v.l.T("office.scores.span", "days", flow.OverviewDays), map[string]words.Part{
			"answers": {Text: v.l.N("components.answers", report.N), Address: answersIn(survey, period{From: report.From, To: report.To}, nil, nil)},
		}),
		Evidence: evidence(report),
	}
	if report.Score != nil {
		figure := analysis.Display(survey.Metric, *report.Score, *report.Interval)
		row.Score = v.l.Score(survey.Metric, figure.Score, figure.Decimals)
		row.Margin = "±\u00a0" + v.l.Decimal(figure.Margin, figure.Decimals)
	}
	course := overview{visit: v}.course(line)
	row.Spark = components.Courses{L: v.l}.Spark(course)
	if report.N > 0 {
		row.Counted = words.Sentence{{Text: v.l.N("components.answers", report.N), Address: answersIn(survey, period{From: report.From, To: report.To}, nil, nil)}}
	}
	if a := line.Asked; a != nil && a.Rate != nil {
		row.Rate = responseRate(v, survey, *a)
		row.Answered = words.Set(v.l.T("overview.rate", "rate", row.Rate[0].Text), map[string]words.Part{"rate": {Address: row.Rate[0].Address}})
	}
	return row
}

// standing colours a real change in the list.
func standing(report analysis.Report) components.Standing {
	switch u := urgency(report); {
	case report.Verdict.Kind == analysis.Mixed && report.Recent() == nil, u == 0:
		return ""
	case u <= -3:
		return components.Below
	}
	return components.Above
}

// linkedWords makes the sentences of a survey's line, each number of which leads to
// its answers.
func linkedWords(v visit, survey surveys.Survey, report analysis.Report) words.Report {
	return words.Report{
		L: v.l, Of: report,
		Span: func(s analysis.Span) string { return answersIn(survey, period{s.From, s.To}, nil, nil) },
		Link: func(s surveys.Segment, days analysis.Span) string {
			return answersIn(survey, period{days.From, days.To}, surveys.Filters{s}, nil)
		},
	}
}

// responseRate says how many of those asked answered, and leads to their answers.
func responseRate(v visit, survey surveys.Survey, a analysis.Asked) words.Sentence {
	percent := func(share float64) string { return v.l.Percent(math.Round(100*share), 0) }
	parameters := url.Values{"survey": {survey.ID}, invitedParameter: {mailedIn(period{a.From, a.To})}}
	return words.Set(v.l.T("asked.line"), map[string]words.Part{
		"rate":     {Text: percent(*a.Rate), Address: withValues(layouts.PathResponses, parameters)},
		"interval": {Text: v.l.T("components.interval", "low", percent(*a.Low), "high", percent(*a.High))},
	})
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
