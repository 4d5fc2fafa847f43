package surveys

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Answer is what somebody said to a follow-up. Which field is set follows from
// the follow-up's kind; the zero value says nothing.
type Answer struct {
	Text    string   `json:"text,omitempty"`    // of comment, but for [MainComment], which is the response's comment
	Choices []string `json:"choices,omitempty"` // of one and many, in the order of the follow-up
	Value   *int     `json:"value,omitempty"`   // of scale
	Allowed bool     `json:"allowed,omitempty"` // of contact: one may be written to
	Email   string   `json:"email,omitempty"`   // of contact: where, when nobody was invited
}

// Empty reports whether the answer says nothing.
func (a Answer) Empty() bool {
	return a.Text == "" && len(a.Choices) == 0 && a.Value == nil && !a.Allowed && a.Email == ""
}

// CheckAnswers returns the answers that say something, trimmed, or what is
// wrong with them. Answers to follow-ups that are not shown to somebody with
// this score are dropped: a page that changed its mind sends them along.
func (s Survey) CheckAnswers(score int, sent map[string]Answer) (map[string]Answer, []FieldError) {
	return s.CheckAsked(score, sent, nil)
}

// CheckAsked is CheckAnswers for a form that asked some of the follow-ups; nil
// for all. That one of them was to be asked, because of an earlier answer that
// the form did not ask for again, was settled when the form was made.
func (s Survey) CheckAsked(score int, sent map[string]Answer, asked []string) (map[string]Answer, []FieldError) {
	var wrong []FieldError
	for _, id := range slices.Sorted(maps.Keys(sent)) {
		if _, known := s.Question.FollowUp(id); !known || id == MainComment {
			wrong = append(wrong, FieldError{Path: "answers." + id, Code: "answer_unknown", Args: map[string]any{"id": id}})
		}
	}
	kept := make(map[string]Answer, len(sent))
	for _, f := range s.Question.Asked() {
		given, answered := sent[f.ID]
		if !answered || f.ID == MainComment || !s.showed(f, score, sent, asked) {
			continue
		}
		given, fields := f.CheckAnswer("answers."+f.ID, given)
		wrong = append(wrong, fields...)
		if !given.Empty() {
			kept[f.ID] = given
		}
	}
	if len(kept) == 0 {
		return nil, wrong
	}
	return kept, wrong
}

// showed reports whether a form that asked some follow-ups showed f.
func (s Survey) showed(f FollowUp, score int, sent map[string]Answer, asked []string) bool {
	after := f.Show.After
	if after == "" || asked == nil || slices.Contains(asked, after) {
		return s.shows(f, score, sent)
	}
	before, known := s.Question.FollowUp(after)
	return known && s.shows(before, score, nil)
}

// CheckSaid returns the response with what it says beside score and comment as
// the survey keeps it, or what is wrong with it: an answer to a scale with a
// driver's key is a rating, too, and hidden fields that are not declared are
// dropped.
func (s Survey) CheckSaid(r Response) (Response, []FieldError) {
	answers, wrong := s.CheckAsked(r.Score, r.Answers, r.Asked)
	sent, said := r.Fields, r.Answers
	r.Answers, r.Ratings = answers, s.ratingsIn(answers, r.Ratings)
	r.Asked = slices.DeleteFunc(slices.Clone(r.Asked), func(id string) bool { return !said[id].Empty() && s.passed(id, r.Score) })
	r.Fields = s.Declared(func(name string) string { return sent[name] })
	return r, wrong
}

// passed reports whether a follow-up is not for a score, by itself or by the one that
// brings it up: what was said to it before stays, since somebody who corrects a score
// takes back nothing else.
func (s Survey) passed(id string, score int) bool {
	f, known := s.Question.FollowUp(id)
	if known && f.Show.After != "" {
		f, known = s.Question.FollowUp(f.Show.After)
	}
	return known && !s.shows(f, score, nil)
}

// ratingsIn are the ratings with those among the answers; nil for none.
func (s Survey) ratingsIn(answers map[string]Answer, ratings map[string]int) map[string]int {
	rated := maps.Clone(ratings)
	for _, key := range s.DriverKeys() {
		value := answers[key].Value
		if value == nil {
			continue
		}
		if rated == nil {
			rated = make(map[string]int)
		}
		rated[key] = *value
	}
	return rated
}

// CheckAnswer returns the answer as the follow-up's kind has it, or what is
// wrong with it.
func (f FollowUp) CheckAnswer(path string, a Answer) (Answer, []FieldError) {
	switch f.Kind {
	case FollowUpComment:
		text := strings.TrimSpace(a.Text)
		return Answer{Text: text}, checkLength(path+".text", text, 0, MaxCommentRunes)
	case FollowUpOne, FollowUpMany:
		return f.checkChosen(path, a.Choices)
	case FollowUpScale:
		scale, _ := f.Scale.Scale()
		if a.Value != nil && !scale.Contains(*a.Value) {
			return a, []FieldError{{Path: path + ".value", Code: "score", Args: map[string]any{"min": scale.Min, "max": scale.Max}}}
		}
		return Answer{Value: a.Value}, nil
	case FollowUpContact:
		return checkContact(path, a)
	}
	return Answer{}, nil
}

func (f FollowUp) checkChosen(path string, ids []string) (Answer, []FieldError) {
	var wrong []FieldError
	for i, id := range ids {
		if !slices.ContainsFunc(f.Choices, func(c Choice) bool { return c.ID == id }) {
			wrong = append(wrong, FieldError{Path: fmt.Sprintf("%s.choices.%d", path, i), Code: "choice", Args: map[string]any{"id": id}})
		}
	}
	var chosen []string
	for _, c := range f.Choices {
		if slices.Contains(ids, c.ID) {
			chosen = append(chosen, c.ID)
		}
	}
	if f.Kind == FollowUpOne && len(chosen) > 1 {
		wrong = append(wrong, FieldError{Path: path + ".choices", Code: "choice_one"})
	}
	return Answer{Choices: chosen}, wrong
}

func checkContact(path string, a Answer) (Answer, []FieldError) {
	a = Answer{Allowed: a.Allowed, Email: strings.TrimSpace(a.Email)}
	if a.Email == "" {
		return a, nil
	}
	if !ValidEmail(a.Email) {
		return a, []FieldError{{Path: path + ".email", Code: "email"}}
	}
	return a, checkLength(path+".email", a.Email, 0, 254)
}

// MaxFields is how many hidden fields a survey may declare.
const MaxFields = 20

// MaxFieldRunes bounds the value of a hidden field, in characters.
const MaxFieldRunes = 200

// checkFields wants names that can stand in an address.
func (s Survey) checkFields() []FieldError {
	var wrong []FieldError
	if len(s.Fields) > MaxFields {
		wrong = append(wrong, FieldError{Path: "fields", Code: "fields_many", Args: map[string]any{"max": MaxFields}})
	}
	for i, name := range s.Fields {
		path := fmt.Sprintf("fields.%d", i)
		switch {
		case !followUpID.MatchString(name):
			wrong = append(wrong, FieldError{Path: path, Code: "field_name"})
		case slices.Contains(ReservedFields(), name):
			wrong = append(wrong, FieldError{Path: path, Code: "field_reserved", Args: map[string]any{"name": name}})
		case slices.Contains(s.Fields[:i], name):
			wrong = append(wrong, FieldError{Path: path, Code: "field_named_twice", Args: map[string]any{"name": name}})
		}
	}
	return wrong
}

// ReservedFields are the names that mean something else in a page's address.
func ReservedFields() []string {
	return []string{"score", "lang", "answer", "change", "comment", "form"}
}

// Declared keeps of what an address carries what the survey declares, cut at
// [MaxFieldRunes]; nil when there is nothing of it.
func (s Survey) Declared(value func(name string) string) map[string]string {
	var kept map[string]string
	for _, name := range s.Fields {
		text := []rune(strings.TrimSpace(strings.ToValidUTF8(strings.ReplaceAll(value(name), "\x00", ""), "")))
		if len(text) > MaxFieldRunes {
			text = text[:MaxFieldRunes]
		}
		if len(text) == 0 {
			continue
		}
		if kept == nil {
			kept = make(map[string]string, len(s.Fields))
		}
		kept[name] = string(text)
	}
	return kept
}
