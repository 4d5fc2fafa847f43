package api

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
)

// changeSurvey changes what a call names of a survey, and leaves the rest. What
// is asked becomes a new version; the metric never changes.
func (a *api) changeSurvey(c echo.Context) error {
	current, err := a.survey(c)
	if err != nil {
		return err
	}
	body, sent, err := decodeNamed[surveyBody](c)
	if err != nil {
		return err
	}
	news, wrong := body.domain()
	if sent["metric"] && news.Metric != current.Metric {
		wrong = append(wrong, surveys.FieldError{Path: "metric", Code: "metric_fixed"})
	}
	if err := surveys.Wrong(wrong...); err != nil {
		return err
	}
	w := officeOf(c)
	if current, err = a.Store.Survey(c.Request().Context(), w.ID, current.ID); err != nil {
		return err
	}
	update := a.Asking.UpdateSurvey
	if sent["status"] {
		update = a.Asking.UpdateSurveyAndStatus
	}
	s, err := update(c.Request().Context(), laidOver(current, news, sent))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, a.surveyView(w, s))
}

// laidOver is a survey with the fields that were sent.
func laidOver(s, news surveys.Survey, sent map[string]bool) surveys.Survey {
	for name, lay := range map[string]func(){
		"name":       func() { s.Name = news.Name },
		"subject":    func() { s.Subject = news.Subject },
		"status":     func() { s.Status = news.Status },
		"closes_at":  func() { s.ClosesAt = news.ClosesAt },
		"texts":      func() { s.Question.Texts = news.Question.Texts },
		"drivers":    func() { s.Drivers = news.Drivers },
		"style":      func() { s.Question.Style = news.Question.Style },
		"follow_ups": func() { s.Question.FollowUps = news.Question.FollowUps },
		"fields":     func() { s.Fields = news.Fields },
		"thanks":     func() { s.Thanks = news.Thanks },
		"machines":   func() { s.Machines = news.Machines },
		"locale":     func() { s.Locale = news.Locale },

		"quarantine_minutes": func() { s.Quarantine = news.Quarantine },
		"origins":            func() { s.Origins = news.Origins },
		"identified":         func() { s.Identified = news.Identified },
	} {
		if sent[name] {
			lay()
		}
	}
	return s
}

// decodeNamed decodes a body, and says which of its fields were sent.
func decodeNamed[T any](c echo.Context) (body T, sent map[string]bool, err error) {
	var raw bytes.Buffer
	from := c.Request().Body
	c.Request().Body = struct {
		io.Reader
		io.Closer
	}{io.TeeReader(from, &raw), from}
	if err := web.Decode(c, &body); err != nil {
		return body, nil, err
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw.Bytes(), &fields); err != nil {
		return body, nil, surveys.Fail(surveys.Invalid, "json")
	}
	sent = make(map[string]bool, len(fields))
	for name := range fields {
		sent[name] = true
	}
	return body, sent, nil
}
