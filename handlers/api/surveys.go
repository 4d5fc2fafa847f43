package api

import (
	"cmp"
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

	Style     style                             `json:"style"`
	FollowUps []surveys.FollowUp                `json:"follow_ups"`
	Fields    []string                          `json:"fields"`
	Thanks    map[surveys.Band]surveys.ThankYou `json:"thanks"`
	Machines  string                            `json:"machines"`
	Locale    string                            `json:"locale"`

	QuarantineMinutes *int     `json:"quarantine_minutes"`
	Origins           []string `json:"origins"`
	Identified        bool     `json:"identified"`
}

// domain is the survey that a call describes, or what is wrong with its time.
func (b surveyBody) domain() (surveys.Survey, []surveys.FieldError) {
	s := surveys.Survey{
		Name: b.Name, Metric: b.Metric, Subject: b.Subject, Status: b.Status, Drivers: b.Drivers, Fields: b.Fields, Thanks: b.Thanks,
		Machines: surveys.ParseMachines(b.Machines), Locale: b.Locale, Origins: b.Origins, Identified: b.Identified,
		Question: surveys.Question{Texts: b.Texts, Style: surveys.Style(b.Style), FollowUps: b.FollowUps},
	}
	if minutes := b.QuarantineMinutes; minutes != nil {
		s.Quarantine = surveys.QuarantineOf(*minutes)
	}
	if closes := b.ClosesAt.at; !closes.IsZero() {
		closes = closes.UTC()
		s.ClosesAt = &closes
	}
	return s, b.ClosesAt.check("closes_at")
}

// style is a [surveys.Style] by a name that says something for numbers, too.
type style surveys.Style

const styleNumbers = "numbers"

// UnmarshalText reads a style; what is none is left for the survey to refuse.
func (s *style) UnmarshalText(text []byte) error {
	if *s = style(text); *s == styleNumbers {
		*s = style(surveys.StyleNumbers)
	}
	return nil
}

// MarshalText writes a style.
func (s style) MarshalText() ([]byte, error) {
	return []byte(cmp.Or(string(s), styleNumbers)), nil
}

// surveyView is a survey as the API shows it.
type surveyView struct {
	ID       string                  `json:"id"`
	Name     string                  `json:"name"`
	Metric   surveys.Metric          `json:"metric"`
	Scale    scaleView               `json:"scale"`
	Subject  string                  `json:"subject"`
	Status   surveys.SurveyStatus    `json:"status"`
	ClosesAt *time.Time              `json:"closes_at"`
	Version  int                     `json:"version"`
	Texts    map[string]surveys.Text `json:"texts"`
	Drivers  []surveys.Driver        `json:"drivers"`

	Style     style                             `json:"style"`
	FollowUps []surveys.FollowUp                `json:"follow_ups"`
	Fields    []string                          `json:"fields"`
	Thanks    map[surveys.Band]surveys.ThankYou `json:"thanks"`
	Machines  string                            `json:"machines"`
	Locale    string                            `json:"locale"`

	QuarantineMinutes int      `json:"quarantine_minutes"`
	Origins           []string `json:"origins"`
	Identified        bool     `json:"identified"`

	Link      string    `json:"link"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

type scaleView struct {
	Min int `json:"min"`
	Max int `json:"max"`
}

type surveyList struct {
	Surveys []surveyView `json:"surveys"`
}

func (a *api) surveyView(w flow.Office, s surveys.Survey) surveyView {
	scale, texts, thanks := s.Metric.Scale(), s.Question.Texts, s.Thanks
	if texts == nil {
		texts = map[string]surveys.Text{}
	}
	if thanks == nil {
		thanks = map[surveys.Band]surveys.ThankYou{}
	}
	return surveyView{
		ID: s.ID, Name: s.Name, Metric: s.Metric, Scale: scaleView{Min: scale.Min, Max: scale.Max}, Subject: s.Subject, Status: s.Status,
		ClosesAt: s.ClosesAt, Version: s.Question.Version, Texts: texts, Drivers: append([]surveys.Driver{}, s.Drivers...),
		Style: style(s.Question.Style), FollowUps: s.Question.FollowUps, Fields: append([]string{}, s.Fields...), Thanks: thanks, Machines: s.Machines.String(),
		Locale: s.Locale, QuarantineMinutes: int(s.Quarantine / time.Minute), Origins: append([]string{}, s.Origins...), Identified: s.Identified, Link: a.Link("/s/" + s.PublicID(w.Key)),
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
	s, wrong := body.domain()
	if err := surveys.Wrong(wrong...); err != nil {
		return err
	}
	w := officeOf(c)
	s, err := a.Asking.CreateSurvey(c.Request().Context(), w.ID, s)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, a.Link("/api/v1/surveys/"+s.ID))
	return c.JSON(http.StatusCreated, a.surveyView(w, s))
}
