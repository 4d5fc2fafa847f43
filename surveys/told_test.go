package surveys

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// TestTold: answers are told in the words of their version; what that version
// did not ask in the words of another, and what nobody knows by its id.
func TestTold(t *testing.T) {
	t.Parallel()
	choice := func(id, text string) Choice { return Choice{ID: id, Texts: map[string]string{"en": text}} }
	what := func(ask string, choices ...Choice) FollowUp {
		return FollowUp{ID: "what", Kind: FollowUpMany, Choices: choices, Texts: map[string]FollowUpText{"en": {Ask: ask}, "zh-Hans": {Ask: "什么？"}}}
	}
	w := Wordings{
		{Question: Question{Version: 1, FollowUps: []FollowUp{{ID: "taste", Kind: FollowUpScale, Texts: map[string]FollowUpText{"en": {Ask: "Taste?"}}}, what("What was it?", choice("late", "Late"), choice("cold", "Cold"))}}},
		{Question: Question{Version: 2, FollowUps: []FollowUp{what("What happened?", choice("late", "Too late"), choice("dear", "Too dear"))}}},
		{Question: Question{Version: 3}},
	}
	for _, c := range []struct {
		name    string
		version int
		locale  string
		answers map[string]Answer
		want    string
	}{
		{"nothing", 1, "en", nil, ""},
		{"in its order and words", 1, "en", map[string]Answer{"what": {Choices: []string{"late", "cold"}}, "taste": {Value: place(4)}}, "Taste? 4 / What was it? Late, Cold"},
		{"in the reader's language", 1, "zh-Hans", map[string]Answer{"what": {Choices: []string{"late"}}}, "什么？ Late"},
		{"of the later version", 2, "en", map[string]Answer{"what": {Choices: []string{"late"}}}, "What happened? Too late"},
		{"a choice that the version has not", 2, "en", map[string]Answer{"what": {Choices: []string{"cold"}}}, "What happened? Cold"},
		{"of a version that does not ask it", 3, "en", map[string]Answer{"what": {Choices: []string{"late"}}}, "What happened? Too late"},
		{"of a version that is not there", 9, "en", map[string]Answer{"taste": {Value: place(2)}}, "Taste? 2"},
		{"what nobody knows", 1, "en", map[string]Answer{"gone": {Text: "words", Choices: []string{"x"}}}, "gone x, words"},
	} {
		var told []string
		for _, one := range w.Told(Response{Version: c.version, Answers: c.answers}, c.locale) {
			told = append(told, one.Ask+" "+strings.Join(one.Words, ", "))
		}
		if got := strings.Join(told, " / "); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// TestNamed gives ids where there are none, and changes none.
func TestNamed(t *testing.T) {
	t.Parallel()
	chance := func() *bytes.Reader { return bytes.NewReader([]byte(strings.Repeat("0123456789abcde", 4))) }
	q := Question{FollowUps: []FollowUp{{Kind: FollowUpOne, Choices: []Choice{{}, {ID: "kept"}}}, {ID: "why", Kind: FollowUpComment}}}
	named, err := q.Named(chance())
	if err != nil {
		t.Fatal(err)
	}
	first := named.FollowUps[0]
	if ids := []string{first.ID, first.Choices[0].ID}; !followUpID.MatchString(ids[0]) || !followUpID.MatchString(ids[1]) || ids[0] == ids[1] {
		t.Errorf("drawn: %q", ids)
	}
	if first.Choices[1].ID != "kept" || named.FollowUps[1].ID != "why" || q.FollowUps[0].ID != "" || q.FollowUps[0].Choices[0].ID != "" {
		t.Errorf("named %+v from %+v", named, q)
	}
	if again, err := named.Named(bytes.NewReader(nil)); err != nil || fmt.Sprint(again) != fmt.Sprint(named) {
		t.Errorf("named twice: %+v, %v", again, err)
	}
	if _, err := q.Named(bytes.NewReader(nil)); err == nil {
		t.Error("without chance ids come from nowhere")
	}
	if none, _ := (Question{}).Named(chance()); none.FollowUps != nil {
		t.Error("the usual question was changed")
	}
}
