package flow_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// wantKind checks an error's kind and code; none when kind is "".
func wantKind(t *testing.T, err error, kind surveys.Kind, code string) {
	t.Helper()
	if kind == "" {
		if err != nil {
			t.Errorf("error = %v, want none", err)
		}
		return
	}
	var e *surveys.Error
	if surveys.KindOf(err) != kind || !errors.As(err, &e) || e.Code != code {
		t.Errorf("error = %v, want %s (%s)", err, kind, code)
	}
}

// wantFields checks that err is Invalid and names exactly the fields.
func wantFields(t *testing.T, err error, want map[string]string) {
	t.Helper()
	var invalid *surveys.Error
	if !errors.As(err, &invalid) || invalid.Kind != surveys.Invalid {
		t.Fatalf("error = %v, want one of kind Invalid", err)
	}
	got := make(map[string]string)
	for _, f := range invalid.Fields {
		got[f.Path] = f.Code
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("fields = %v, want %v", got, want)
	}
}

// wantTime checks a time that is told, or not.
func wantTime(t *testing.T, name string, got *time.Time, told bool, want time.Time) {
	t.Helper()
	if (got != nil) != told {
		t.Errorf("%s = %v, want it told: %t", name, got, told)
	} else if told && !got.Equal(want) {
		t.Errorf("%s = %v, want %v", name, got, want)
	}
}
