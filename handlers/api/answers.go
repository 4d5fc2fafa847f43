package api

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/surveys"
)

// sentAnswer is an answer to a follow-up as programs send it.
type sentAnswer struct {
	Text    string   `json:"text"`
	Choices []string `json:"choices"`
	Value   *score   `json:"value"`
	Allowed bool     `json:"allowed"`
	Email   string   `json:"email"`
}

func (s sentAnswer) domain() surveys.Answer {
	a := surveys.Answer{Text: s.Text, Choices: s.Choices, Allowed: s.Allowed, Email: s.Email}
	if s.Value != nil {
		value := s.Value.value
		if !s.Value.whole {
			value = -1 // on no scale
		}
		a.Value = &value
	}
	return a
}

// answerView is an answer to a follow-up as the API shows it: with the words
// that were asked, of the version that was answered, in the caller's language.
type answerView struct {
	Kind    surveys.FollowUpKind `json:"kind"`
	Ask     string               `json:"ask"`
	Text    string               `json:"text,omitempty"`
	Choices []choiceView         `json:"choices,omitempty"`
	Value   *int                 `json:"value,omitempty"`
	Allowed bool                 `json:"allowed,omitempty"`
	Email   string               `json:"email,omitempty"`
}

type choiceView struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// toldResponse is a response in the words of its version.
type toldResponse struct {
	question string // as whoever answered read it; empty where nobody knows the version any more
	answers  []surveys.Told
}

// told tells one survey's responses, each in the words of its version. The versions are
// read once.
func (a *api) told(c echo.Context, survey surveys.Survey, list []surveys.Response) ([]toldResponse, error) {
	told := make([]toldResponse, len(list))
	if len(list) == 0 {
		return told, nil
	}
	versions, err := a.Store.Wordings(c.Request().Context(), survey.WorkspaceID, survey.ID)
	if err != nil {
		return told, err
	}
	wordings, locale := surveys.Wordings(versions), a.Localizer(c).Lang()
	for i, r := range list {
		told[i].answers = wordings.Told(r, locale)
		if version, known := wordings.Of(r.Version); known {
			told[i].question = a.Catalogue.QuestionOf(survey, officeOf(c).Workspace, version, r.Locale)
		}
	}
	return told, nil
}

// answersOf are a response's answers by the ids of their follow-ups, {} for none.
func answersOf(told []surveys.Told) map[string]answerView {
	views := make(map[string]answerView, len(told))
	for _, t := range told {
		view := answerView{Kind: t.FollowUp.Kind, Ask: t.Ask, Text: t.Answer.Text, Value: t.Answer.Value, Allowed: t.Answer.Allowed, Email: t.Answer.Email}
		for i, id := range t.Answer.Choices {
			view.Choices = append(view.Choices, choiceView{ID: id, Text: t.Words[i]})
		}
		views[t.FollowUp.ID] = view
	}
	return views
}

// fieldsOf are a response's hidden fields, {} for none.
func fieldsOf(r surveys.Response) map[string]string {
	if r.Fields == nil {
		return map[string]string{}
	}
	return r.Fields
}

// readAnswers reads the answers of a call, or says which have a property that
// belongs to another kind of question. The survey checks the rest.
func readAnswers(survey surveys.Survey, sent map[string]sentAnswer) (map[string]surveys.Answer, []surveys.FieldError) {
	if len(sent) == 0 {
		return nil, nil
	}
	var wrong []surveys.FieldError
	answers := make(map[string]surveys.Answer, len(sent))
	for _, id := range slices.Sorted(maps.Keys(sent)) {
		a := sent[id].domain()
		f, known := survey.Question.FollowUp(id)
		takes := properties(f.Kind)
		for name, given := range map[string]bool{"text": a.Text != "", "choices": len(a.Choices) > 0, "value": a.Value != nil, "allowed": a.Allowed, "email": a.Email != ""} {
			if known && id != surveys.MainComment && given && !slices.Contains(takes, name) {
				wrong = append(wrong, surveys.FieldError{Path: "answers." + id + "." + name, Code: "answer_kind", Args: map[string]any{"id": id, "takes": strings.Join(takes, ", ")}})
			}
		}
		answers[id] = a
	}
	slices.SortFunc(wrong, func(a, b surveys.FieldError) int { return strings.Compare(a.Path, b.Path) })
	return answers, wrong
}

// properties are those of an answer to a kind of question.
func properties(kind surveys.FollowUpKind) []string {
	switch kind {
	case surveys.FollowUpOne, surveys.FollowUpMany:
		return []string{"choices"}
	case surveys.FollowUpScale:
		return []string{"value"}
	case surveys.FollowUpContact:
		return []string{"allowed", "email"}
	}
	return []string{"text"}
}

// checkFields refuses hidden fields that the survey does not declare: a page's
// address may carry anything, but a program knows what it sends.
func checkFields(survey surveys.Survey, sent map[string]string) []surveys.FieldError {
	var wrong []surveys.FieldError
	for _, name := range slices.Sorted(maps.Keys(sent)) {
		path, value := fmt.Sprintf("fields.%s", name), sent[name]
		switch {
		case !slices.Contains(survey.Fields, name):
			wrong = append(wrong, surveys.FieldError{Path: path, Code: "field_undeclared", Args: map[string]any{"name": name}})
		case strings.ContainsRune(value, 0):
			wrong = append(wrong, surveys.FieldError{Path: path, Code: "utf8"})
		case len([]rune(value)) > surveys.MaxFieldRunes:
			wrong = append(wrong, surveys.FieldError{Path: path, Code: "too_long", Args: map[string]any{"max": surveys.MaxFieldRunes}})
		}
	}
	return wrong
}
