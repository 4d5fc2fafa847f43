package surveys_test

import (
	"reflect"
	"testing"

	"github.com/harkhq/hark/surveys"
)

func TestProblemIsReadAsItWasStored(t *testing.T) {
	t.Parallel()
	for stored, p := range map[string]surveys.Problem{
		"condition_end?": {Code: "condition_end", Args: map[string]any{}},
		"condition_missing?name=event.properties.a%26b":   {Code: "condition_missing", Args: map[string]any{"name": "event.properties.a&b"}},
		"condition_unread?column=7":                       {Code: "condition_unread", Args: map[string]any{"column": "7"}},
		"condition_name_near?name=%E4%BA%8B&near=event":   {Code: "condition_name_near", Args: map[string]any{"name": "事", "near": "event"}},
		"condition_missing?name=tags%5B9%5D+%3F+%22x%22+": {Code: "condition_missing", Args: map[string]any{"name": `tags[9] ? "x" `}},
	} {
		if got := p.String(); got != stored {
			t.Errorf("%v is stored as %q, want %q", p, got, stored)
		}
		if got, ok := surveys.ParseProblem(stored); !ok || !reflect.DeepEqual(got, p) {
			t.Errorf("%q is read as %v, %t, want %v", stored, got, ok, p)
		}
	}
	if got := (surveys.Problem{Code: "limit", Args: map[string]any{"max": 5}}).String(); got != "limit?max=5" {
		t.Errorf("a number is stored as %q", got)
	}
}

func TestProblemIsNoOtherText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "?", "unknown name order (column 1)", "did it go wrong? yes", "a.b?c=d", "code?%zz"} {
		if p, ok := surveys.ParseProblem(text); ok {
			t.Errorf("%q is read as %v", text, p)
		}
	}
}
