package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// surveyBody is POST /api/v1/surveys.
type surveyBody struct {
	Name     string                  `json:"name"`
	Metric   surveys.Metric          `json:"metric"`
	Subject  string                  `json:"subject"`
	Status   surveys.SurveyStatus    `json:"status"`
	ClosesAt moment                  `json:"closes_at"`
	Texts    map[string]surveys.Text `json:"texts"`
	Drivers  []surveys.Driver        `json:"drivers"`
}

// surveyView is a survey as the API shows it.
type surveyView struct {
	ID        string                  `json:"id"`
	Name      string                  `json:"name"`
	Metric    surveys.Metric          `json:"metric"`
	Scale     scaleView               `json:"scale"`
	Subject   string                  `json:"subject"`
	Status    surveys.SurveyStatus    `json:"status"`
	ClosesAt  *time.Time              `json:"closes_at"`
	Version   int                     `json:"version"`
	Texts     map[string]surveys.Text `json:"texts"`
	Drivers   []surveys.Driver        `json:"drivers"`
	Link      string                  `json:"link"`
	CreatedAt time.Time               `json:"created_at"`
	UpdatedAt time.Time               `json:"updated_at"`
}

type scaleView struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

type surveyList struct {
	Surveys []surveyView `json:"surveys"`
}

func (a *api) surveyView(w flow.Office, s surveys.Survey) surveyView {
	scale, texts := s.Metric.Scale(), s.Question.Texts
	if texts == nil {
		texts = map[string]surveys.Text{}
	}
	return surveyView{
		ID: s.ID, Name: s.Name, Metric: s.Metric, Scale: scaleView{Min: scale.Min, Max: scale.Max}, Subject: s.Subject, Status: s.Status,
		ClosesAt: s.ClosesAt, Version: s.Question.Version, Texts: texts, Drivers: append([]surveys.Driver{}, s.Drivers...), Link: a.Link("/s/" + s.PublicID(w.Key)),
		CreatedAt: s.CreatedAt, UpdatedAt: s.UpdatedAt,
	}
}

// listSurveys lists the workspace's surveys, archived ones last.
func (a *api) listSurveys(c echo.Context) error {
	if err := knownParameters(c); err != nil {
		return err
	}
	w := officeOf(c)
	list, err := a.Store.Surveys(c.Request().Context(), w.ID)
	if err != nil {
		return err
	}
	views := make([]surveyView, len(list))
	for i, s := range list {
		views[i] = a.surveyView(w, s)
	}
	return c.JSON(http.StatusOK, surveyList{Surveys: views})
}

// showSurvey shows one survey.
func (a *api) showSurvey(c echo.Context) error {
	if err := knownParameters(c); err != nil {
		return err
	}
	s, err := a.survey(c)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, a.surveyView(officeOf(c), s))
}

// survey is the survey that the call's address names, in the key's workspace.
func (a *api) survey(c echo.Context) (surveys.Survey, error) {
	id := c.Param("survey")
	if !isID(id) {
		return surveys.Survey{}, surveys.Fail(surveys.NotFound, "survey_unknown")
	}
	s, err := a.Directory.Survey(c.Request().Context(), officeOf(c).ID, id)
	if surveys.KindOf(err) == surveys.NotFound {
		return s, &surveys.Error{Kind: surveys.NotFound, Code: "survey_unknown", Err: err}
	}
	return s, err
}

// createSurvey makes a survey, active unless it says otherwise.
func (a *api) createSurvey(c echo.Context) error {
	var body surveyBody
	if err := web.Decode(c, &body); err != nil {
		return err
	}
	if err := surveys.Wrong(body.ClosesAt.check("closes_at")...); err != nil {
		return err
	}
	s := surveys.Survey{Name: body.Name, Metric: body.Metric, Subject: body.Subject, Status: body.Status, Question: surveys.Question{Texts: body.Texts}, Drivers: body.Drivers}
	if closes := body.ClosesAt.at; !closes.IsZero() {
		closes = closes.UTC()
		s.ClosesAt = &closes
	}
	w := officeOf(c)
	s, err := a.Asking.CreateSurvey(c.Request().Context(), w.ID, s)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, a.Link("/api/v1/surveys/"+s.ID))
	return c.JSON(http.StatusCreated, a.surveyView(w, s))
}
