package surveys_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/harkhq/hark/surveys"
)

func TestErrorsInALog(t *testing.T) {
	t.Parallel()
	for want, err := range map[string]error{
		"gone (survey_paused)": surveys.Fail(surveys.Gone, "survey_paused"),
		"not_found":            &surveys.Error{Kind: surveys.NotFound},
		"unavailable (database_gone): unexpected EOF": &surveys.Error{Kind: surveys.Unavailable, Code: "database_gone", Err: io.ErrUnexpectedEOF},
		"invalid (invalid): name required: score score": surveys.Wrong(surveys.FieldError{Path: "name", Code: "required"},
			surveys.FieldError{Path: "score", Code: "score", Args: map[string]any{"max": 10}}),
	} {
		if got := err.Error(); got != want {
			t.Errorf("the log says %q, want %q", got, want)
		}
	}
}

func TestErrorsKeepTheirCauseAndKind(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("send invitation 12: %w", &surveys.Error{Kind: surveys.Unavailable, Err: io.EOF})
	if !errors.Is(err, io.EOF) {
		t.Error("the cause is lost")
	}
	for want, err := range map[surveys.Kind]error{surveys.Unavailable: err, surveys.Invalid: surveys.Wrong(surveys.FieldError{}), "": io.EOF} {
		if got := surveys.KindOf(err); got != want {
			t.Errorf("%v is of the kind %q, want %q", err, got, want)
		}
	}
	if surveys.KindOf(nil) != "" || surveys.Wrong() != nil {
		t.Error("nothing wrong is an error")
	}
}

func TestSurveyInALog(t *testing.T) {
	t.Parallel()
	if got := (surveys.Survey{ID: "0198", Name: "secret plans", Metric: surveys.CSAT}).String(); got != "survey 0198 (csat)" {
		t.Errorf("a survey is logged as %q", got)
	}
}
