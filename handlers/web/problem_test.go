package web_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
)

// wantProblem checks that a response is a whole problem with a code and with
// exactly the fields, written "path code, path code".
func wantProblem(t *testing.T, r *httptest.ResponseRecorder, code, fields string) web.Problem {
	t.Helper()
	if got := r.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("content type = %q", got)
	}
	decoder := json.NewDecoder(strings.NewReader(r.Body.String()))
	decoder.DisallowUnknownFields()
	var p web.Problem
	if err := decoder.Decode(&p); err != nil {
		t.Fatalf("the problem %s: %v", r.Body, err)
	}
	if p.Type != "urn:hark:error:"+code || p.Status != r.Code || !sentence(p.Title) {
		t.Errorf("problem = %+v, want %s, the status %d and a sentence", p, code, r.Code)
	}
	var got []string
	for _, f := range p.Errors {
		got = append(got, f.Path+" "+f.Code)
		if !sentence(f.Detail) {
			t.Errorf("field %s says %q, want a sentence", f.Path, f.Detail)
		}
	}
	if strings.Join(got, ", ") != fields {
		t.Errorf("fields = %q, want %q", got, fields)
	}
	return p
}

// sentence reports whether the catalogue had words, and all that they need.
func sentence(text string) bool {
	return strings.Contains(text, " ") && !strings.HasPrefix(text, "error.") && !strings.Contains(text, "{")
}

func TestWriteProblem(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		err    error
		status int
		code   string
		fields string
	}{
		{"not found", surveys.Fail(surveys.NotFound, "not_found"), 404, "not_found", ""},
		{"invalid", surveys.Wrong(surveys.FieldError{Path: "person.email", Code: "email"}, surveys.FieldError{Path: "score", Code: "score", Args: map[string]any{"min": 0, "max": 10}}),
			422, "invalid", "person.email email, score score"},
		{"conflict", surveys.Fail(surveys.Conflict, "idempotency_mismatch"), 409, "idempotency_mismatch", ""},
		{"forbidden", surveys.Fail(surveys.Forbidden, "role_needed"), 403, "role_needed", ""},
		{"unauthorized", surveys.Fail(surveys.Unauthorized, "key_missing"), 401, "key_missing", ""},
		{"gone", surveys.Fail(surveys.Gone, "survey_paused"), 410, "survey_paused", ""},
		{"too many", surveys.Fail(surveys.TooMany, "too_many"), 429, "too_many", ""},
		{"too large", &surveys.Error{Kind: surveys.TooLarge, Code: "body_large", Args: map[string]any{"max": 64}}, 413, "body_large", ""},
		{"no body at all", web.ReadFailure(&http.MaxBytesError{}), 413, "body_none", ""},
		{"unavailable", surveys.Fail(surveys.Unavailable, "queue_full"), 503, "queue_full", ""},
		{"wrapped", fmt.Errorf("store the answer: %w", surveys.Fail(surveys.Gone, "survey_closed")), 410, "survey_closed", ""},
		{"a failure of Hark's own", errors.New("pq: secret table"), 500, "internal", ""},
		{"no such route", echo.ErrNotFound, 404, "route_unknown", ""},
		{"no such method", echo.ErrMethodNotAllowed, 405, "status_405", ""},
		{"no JSON", echo.ErrUnsupportedMediaType, 415, "status_415", ""},
		{"an unreadable request", echo.NewHTTPError(http.StatusBadRequest, "secret"), 400, "status_400", ""},
		{"a status without words", echo.NewHTTPError(http.StatusTeapot, "secret"), 418, "internal", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := newEcho(newSite(t, nil, onPlain))
			e.GET("/", func(ctx echo.Context) error {
				ctx.Response().Header().Set(echo.HeaderXRequestID, "request-7")
				return c.err
			})
			r := send(e, http.MethodGet, "/", nil, "Accept-Language", "zh")
			if r.Code != c.status || web.Status(c.err) != c.status {
				t.Errorf("status = %d, want %d", r.Code, c.status)
			}
			if p := wantProblem(t, r, c.code, c.fields); p.Instance != "request-7" {
				t.Errorf("instance = %q, want the request's id", p.Instance)
			}
			if strings.Contains(r.Body.String(), "secret") {
				t.Errorf("%s tells what is Hark's own", r.Body)
			}
		})
	}
}

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	for after, want := range map[time.Duration]string{0: "", time.Millisecond: "1", time.Second: "1", 1500 * time.Millisecond: "2", time.Minute: "60"} {
		e := newEcho(newSite(t, nil, onPlain))
		e.GET("/", func(echo.Context) error {
			return &surveys.Error{Kind: surveys.Unavailable, Code: "queue_full", RetryAfter: after}
		})
		if got := send(e, http.MethodGet, "/", nil).Header().Get("Retry-After"); got != want {
			t.Errorf("Retry-After of %v = %q, want %q", after, got, want)
		}
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	site := newSite(t, nil, onPlain)
	wrong := surveys.Wrong(surveys.FieldError{Path: "score", Code: "score", Args: map[string]any{"min": 1, "max": 7}}, surveys.FieldError{Path: "name", Code: "required"})
	for lang, want := range map[string]string{"en": "from 1 to 7", "zh-Hans": "1"} {
		l := site.Catalogue.Match("", lang)
		fields := web.FieldErrors(l, fmt.Errorf("save: %w", wrong))
		if len(fields) != 2 || !strings.Contains(fields["score"], want) || strings.HasPrefix(fields["name"], "error.") {
			t.Errorf("the fields in %s = %v", lang, fields)
		}
		if message := web.Message(l, wrong); message == "" || strings.HasPrefix(message, "error.") {
			t.Errorf("the message in %s = %q", lang, message)
		}
	}
	for _, err := range []error{nil, errors.New("x"), surveys.Fail(surveys.Gone, "survey_paused")} {
		if fields := web.FieldErrors(site.Catalogue.Match("en"), err); fields != nil {
			t.Errorf("the fields of %v = %v, want none", err, fields)
		}
	}
}
