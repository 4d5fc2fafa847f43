package api

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// showReport says what a survey's answers mean.
func (a *api) showReport(c echo.Context) error {
	if err := knownParameters(c, "from", "to", "compare", "interval", "by", "filter", "confidence"); err != nil {
		return err
	}
	survey, err := a.survey(c)
	if err != nil {
		return err
	}
	q := query{c: c}
	wanted := flow.ReportQuery{
		From: q.day("from"), To: q.day("to"), Against: q.against("compare"), Interval: analysis.Bucketing(c.QueryParam("interval")),
		By: c.QueryParam("by"), Filters: q.segments("filter"), Confidence: q.confidence("confidence"),
	}
	if err := surveys.Wrong(q.wrong...); err != nil {
		return err
	}
	report, err := a.reports.Read(c.Request().Context(), officeOf(c), survey, wanted)
	if err != nil {
		return err
	}
	asked, err := a.reports.Asked(c.Request().Context(), officeOf(c), survey, flow.AskedQuery{
		From: report.From, To: report.To, Filters: wanted.Filters, Confidence: wanted.Confidence,
	})
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, askedReport{SurveyReport: report, Asked: asked})
}

// askedReport is a report with who was asked.
type askedReport struct {
	flow.SurveyReport
	Asked *flow.AskedReport `json:"asked"`
}

// against reads what a period is compared with. What it cannot mean is refused
// with the rest of the query.
func (q *query) against(name string) analysis.Against {
	if text := q.c.QueryParam(name); text != "period" {
		return analysis.Against(text)
	}
	return analysis.PeriodBefore
}

// confidence reads a share; 0, which means the default, when there is none.
func (q *query) confidence(name string) float64 {
	text := q.c.QueryParam(name)
	if text == "" {
		return 0
	}
	share, err := strconv.ParseFloat(text, 64)
	if err != nil || share == 0 {
		q.fail(surveys.FieldError{Path: name, Code: "confidence"})
	}
	return share
}
