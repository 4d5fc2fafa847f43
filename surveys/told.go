package surveys

import (
	"maps"
	"slices"
	"strconv"
)

// Told is an answer to a follow-up with the words that were asked, to be read.
type Told struct {
	FollowUp FollowUp
	Answer   Answer
	Ask      string   // "" where the catalogue has the usual words
	Words    []string // what was said: the words, the choices' names or the number; none for a contact
}

// Told are the answers of a response with the words of the version that it
// answered, in a language, in that version's order. What that version does not
// ask, since the answer grew after the survey was changed, is told in the words
// of another.
func (w Wordings) Told(r Response, locale string) []Told {
	if len(r.Answers) == 0 {
		return nil
	}
	told := make([]Told, 0, len(r.Answers))
	asked, _ := w.Of(r.Version)
	for _, f := range asked.Asked() {
		if a, answered := r.Answers[f.ID]; answered {
			told = append(told, w.tell(f, a, locale))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(r.Answers)) {
		if _, known := asked.FollowUp(id); !known {
			told = append(told, w.tell(w.lately(id), r.Answers[id], locale))
		}
	}
	return told
}

// lately is a follow-up of an id as the last version that had it asked it.
func (w Wordings) lately(id string) FollowUp {
	for _, wording := range slices.Backward(w) {
		if f, had := wording.FollowUp(id); had {
			return f
		}
	}
	return FollowUp{ID: id, Texts: map[string]FollowUpText{Locales()[0]: {Ask: id}}}
}

func (w Wordings) tell(f FollowUp, a Answer, locale string) Told {
	t := Told{FollowUp: f, Answer: a, Ask: f.Ask(locale).Ask}
	for _, id := range a.Choices {
		t.Words = append(t.Words, w.choice(f, id).Text(locale))
	}
	if a.Value != nil {
		t.Words = append(t.Words, strconv.Itoa(*a.Value))
	}
	if a.Text != "" {
		t.Words = append(t.Words, a.Text)
	}
	return t
}

// choice is a choice of f, or else as the last version that had it named it.
func (w Wordings) choice(f FollowUp, id string) Choice {
	named := func(c Choice) bool { return c.ID == id }
	if at := slices.IndexFunc(f.Choices, named); at >= 0 {
		return f.Choices[at]
	}
	for _, wording := range slices.Backward(w) {
		other, _ := wording.FollowUp(f.ID)
		if at := slices.IndexFunc(other.Choices, named); at >= 0 {
			return other.Choices[at]
		}
	}
	return Choice{ID: id}
}
