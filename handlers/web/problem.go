package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// Problem is an error as the API answers it (RFC 9457).
type Problem struct {
	Type     string         `json:"type"`   // a URN of the code, for programs
	Title    string         `json:"title"`  // the message, for people
	Status   int            `json:"status"` // as in the response
	Instance string         `json:"instance,omitempty"`
	Errors   []ProblemField `json:"errors,omitempty"`
}

// ProblemField is what is wrong with one field.
type ProblemField struct {
	Path   string `json:"path"` // "person.email"
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// Status is the HTTP status of an error.
func Status(err error) int {
	var he *echo.HTTPError
	if errors.As(err, &he) {
		return he.Code
	}
	switch surveys.KindOf(err) {
	case surveys.NotFound:
		return http.StatusNotFound
	case surveys.Invalid:
		return http.StatusUnprocessableEntity
	case surveys.Conflict:
		return http.StatusConflict
	case surveys.Forbidden:
		return http.StatusForbidden
	case surveys.Unauthorized:
		return http.StatusUnauthorized
	case surveys.Gone:
		return http.StatusGone
	case surveys.TooMany:
		return http.StatusTooManyRequests
	case surveys.TooLarge:
		return http.StatusRequestEntityTooLarge
	case surveys.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// code is the catalogue's name of an error's message, without "error.".
func code(err error) (string, map[string]any) {
	var e *surveys.Error
	if errors.As(err, &e) && e.Code != "" {
		return e.Code, e.Args
	}
	switch status := Status(err); status {
	case http.StatusNotFound, http.StatusMethodNotAllowed, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType,
		http.StatusTooManyRequests, http.StatusForbidden, http.StatusBadRequest:
		return "status_" + strconv.Itoa(status), nil
	}
	return "internal", nil
}

// Message is what an error says to a person.
func Message(l *i18n.Localizer, err error) string {
	key, args := code(err)
	return l.T("error."+key, pairs(args)...)
}

// FieldMessage is what is wrong with a field, to a person.
func FieldMessage(l *i18n.Localizer, f surveys.FieldError) string {
	return l.T("error."+f.Code, pairs(f.Args)...)
}

// FieldErrors are the messages of an Invalid error by the path of the field;
// nil when err is no such error.
func FieldErrors(l *i18n.Localizer, err error) map[string]string {
	var e *surveys.Error
	if !errors.As(err, &e) || len(e.Fields) == 0 {
		return nil
	}
	messages := make(map[string]string, len(e.Fields))
	for _, f := range e.Fields {
		messages[f.Path] = FieldMessage(l, f)
	}
	return messages
}

func pairs(args map[string]any) []any {
	var list []any
	for name, value := range args {
		list = append(list, name, value)
	}
	return list
}

// WriteProblem answers a call of the API with an error.
func (s *Site) WriteProblem(c echo.Context, err error) error {
	l := s.Catalogue.Match("en")
	status := Status(err)
	var he *echo.HTTPError
	if errors.As(err, &he) && he.Code == http.StatusNotFound {
		err = &surveys.Error{Kind: surveys.NotFound, Code: "route_unknown", Err: err} // the API has no pages
	}
	key, _ := code(err)
	problem := Problem{
		Type: "urn:hark:error:" + key, Title: Message(l, err), Status: status,
		Instance: c.Response().Header().Get(echo.HeaderXRequestID),
	}
	var e *surveys.Error
	if errors.As(err, &e) {
		for _, f := range e.Fields {
			problem.Errors = append(problem.Errors, ProblemField{Path: f.Path, Code: f.Code, Detail: FieldMessage(l, f)})
		}
	}
	RetryAfter(c, err)
	body, marshalErr := json.Marshal(problem)
	if marshalErr != nil {
		return fmt.Errorf("write the problem: %w", marshalErr)
	}
	return c.Blob(status, "application/problem+json", body)
}

// RetryAfter sets the header that says when to try again, if the error knows.
func RetryAfter(c echo.Context, err error) {
	var e *surveys.Error
	if errors.As(err, &e) && e.RetryAfter > 0 {
		c.Response().Header().Set(echo.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
}
