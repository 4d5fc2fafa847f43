package i18n

import (
	"testing"

	"github.com/harkhq/hark/surveys"
)

// TestAuthorsAskOneQuestion: whoever wrote a question of their own in some language asks
// that one of everybody, so that no score is an answer to another question.
func TestAuthorsAskOneQuestion(t *testing.T) {
	t.Parallel()
	c := newCatalogue(t)
	w := surveys.Workspace{Locale: "en"}
	german := surveys.Survey{Metric: surveys.CES, Locale: "de", Question: surveys.Question{Texts: map[string]surveys.Text{"de": {Ask: "Wie schwer war die Rücksendung?"}}}}
	elsewhere := surveys.Survey{Metric: surveys.CES, Question: german.Question}
	english := surveys.Survey{Metric: surveys.CES, Question: surveys.Question{Texts: map[string]surveys.Text{"en": {Ask: "How hard was it?"}, "fr": {Low: "facile"}}}}
	for _, test := range []struct {
		survey       surveys.Survey
		reader, want string
	}{
		{german, "en", "de"}, {german, "zh-Hans", "de"}, {german, "ja", "de"}, {german, "de", "de"},
		{elsewhere, "en", "de"}, {elsewhere, "fi", "de"}, {english, "zh-Hans", "en"}, {english, "fr", "en"},
		{surveys.Survey{Metric: surveys.CES}, "fi", "fi"},
	} {
		if got := c.Speaking(c.Letter(test.reader), test.survey, w).Lang(); got != test.want {
			t.Errorf("%v to a reader of %s: in %s, want %s", test.survey.Question.Texts, test.reader, got, test.want)
		}
	}
}
