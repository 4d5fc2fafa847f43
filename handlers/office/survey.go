package office

import (
	"net/http"
	"net/url"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/office"
)

// newSurvey shows an empty form.
func (d *desk) newSurvey(v visit) error {
	draft := surveys.Survey{Metric: surveys.NPS}
	return web.Render(v, http.StatusOK, office.SurveyFormPage(surveyForm{visit: v, survey: draft}.page()))
}

// createSurvey stores a new survey.
func (d *desk) createSurvey(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	draft, problem := sentSurvey(surveys.Survey{}, form, v.w.Zone)
	if draft, err = v.named(draft); err != nil {
		return err
	}
	created := draft
	if problem == nil {
		created, problem = v.site.Asking.CreateSurvey(v.ctx(), v.w.ID, draft)
	}
	if invalid(problem) {
		return surveyForm{visit: v, survey: draft, sent: form, problem: problem}.again()
	}
	if problem != nil {
		return problem
	}
	return v.done("survey_created", "/surveys/"+created.ID)
}

// editSurvey shows the form of a survey.
func (d *desk) editSurvey(v visit) error {
	survey, err := v.survey()
	if err != nil {
		return err
	}
	return web.Render(v, http.StatusOK, office.SurveyFormPage(surveyForm{visit: v, survey: survey}.page()))
}

// updateSurvey stores what was changed in the form.
func (d *desk) updateSurvey(v visit) error {
	survey, err := v.survey()
	if err != nil {
		return err
	}
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	survey, problem := sentSurvey(survey, form, v.w.Zone)
	if survey, err = v.named(survey); err != nil {
		return err
	}
	if problem == nil {
		_, problem = v.site.Asking.UpdateSurvey(v.ctx(), survey)
	}
	if invalid(problem) {
		return surveyForm{visit: v, survey: survey, sent: form, problem: problem}.again()
	}
	if problem != nil {
		return problem
	}
	return v.done("survey_saved", "/surveys/"+survey.ID)
}

// named is a survey with ids for what is new in it, so that a form that comes back can name
// each choice.
func (v visit) named(survey surveys.Survey) (surveys.Survey, error) {
	var err error
	survey.Question, err = survey.Question.Named(v.site.Store.Random())
	return survey, err
}

// setSurveyStatus pauses, archives or activates a survey.
func (d *desk) setSurveyStatus(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	status := surveys.SurveyStatus(form.Get("status"))
	if err := v.site.Asking.SetSurveyStatus(v.ctx(), v.w.ID, v.Param("id"), status); err != nil {
		return err
	}
	return v.done("survey_"+string(status), "/surveys/"+v.Param("id"))
}

// sentSurvey is a survey with what a form changes of it; the zero survey for a
// new one. Its error is that of the date.
func sentSurvey(survey surveys.Survey, form url.Values, zone *time.Location) (surveys.Survey, error) {
	draft, problem := readSurvey(form, zone)
	if survey.ID == "" {
		readSurveyAsks(form, &draft)
		return draft, problem
	}
	survey.Name, survey.Subject, survey.ClosesAt, survey.Question.Texts = draft.Name, draft.Subject, draft.ClosesAt, draft.Question.Texts
	readSurveyAsking(form, &survey)
	readSurveyAsks(form, &survey)
	if form.Has("drivers.0.key") { // a form without the list takes nothing away
		survey.Drivers = draft.Drivers
	}
	return survey, problem
}

// textNames are the fields of a survey's texts, as the form and the error
// paths name them.
func textNames() []string {
	return []string{"ask", "low", "high", "follow_up", "follow_up_good", "follow_up_middle", "follow_up_bad", "thank_you"}
}

// textField is a text's field of a name.
func textField(t *surveys.Text, name string) *string {
	switch name {
	case "ask":
		return &t.Ask
	case "low":
		return &t.Low
	case "high":
		return &t.High
	case "follow_up":
		return &t.FollowUp
	case "follow_up_good":
		return &t.FollowUpGood
	case "follow_up_middle":
		return &t.FollowUpMiddle
	case "follow_up_bad":
		return &t.FollowUpBad
	}
	return &t.ThankYou
}

// readSurvey reads the form. Its error is that of the date.
func readSurvey(form url.Values, zone *time.Location) (surveys.Survey, error) {
	s := surveys.Survey{
		Name: form.Get("name"), Subject: form.Get("subject"), Metric: surveys.Metric(form.Get("metric")),
		Question: surveys.Question{Texts: make(map[string]surveys.Text)}, Drivers: readDrivers(form),
	}
	for _, locale := range surveys.RespondentLocales() {
		var text surveys.Text
		for _, name := range textNames() {
			*textField(&text, name) = form.Get("texts." + locale + "." + name)
		}
		s.Question.Texts[locale] = text
	}
	readSurveyAsking(form, &s)
	if form.Get("closes") == "" {
		return s, nil
	}
	day, err := analysis.ParseDay(form.Get("closes"))
	if err != nil {
		return s, surveys.Wrong(surveys.FieldError{Path: "closes", Code: "date"})
	}
	closes := midnight(day+1, zone) // the day itself still counts
	s.ClosesAt = &closes
	return s, nil
}
