package surveys

import (
	"fmt"
	"time"
)

// Wording is a version of a survey's question with the time at which it was
// written.
type Wording struct {
	Question
	Since time.Time
}

// Wordings are the versions of one survey's question, the first one first.
type Wordings []Wording

// Of is the version that a response answered, and false when there is none.
func (w Wordings) Of(version int) (Question, bool) {
	for _, wording := range w {
		if wording.Version == version {
			return wording.Question, true
		}
	}
	return Question{}, false
}

// Rewordings are the versions that asked for the score in another way than the
// version before, and came after from and before to.
func (w Wordings) Rewordings(from, to time.Time) []Wording {
	var list []Wording
	for i := 1; i < len(w); i++ {
		if since := w[i].Since; !w[i].SameQuestion(w[i-1].Question) && since.After(from) && since.Before(to) {
			list = append(list, w[i])
		}
	}
	return list
}

// CheckIDs reports follow-ups of q that take the id which a follow-up of
// another kind had in any version: answers of two kinds must not meet under
// one id. For the same reason a scale keeps its numbers.
func (w Wordings) CheckIDs(q Question) []FieldError {
	var wrong []FieldError
	for i, f := range q.FollowUps {
		path := fmt.Sprintf("follow_ups.%d.", i)
		switch before, had := w.had(f); {
		case !had:
		case before.Kind != f.Kind:
			wrong = append(wrong, FieldError{Path: path + "kind", Code: "follow_up_kind_fixed", Args: map[string]any{"id": f.ID}})
		default:
			wrong = append(wrong, FieldError{Path: path + "scale", Code: "follow_up_scale_fixed", Args: map[string]any{"id": f.ID}})
		}
	}
	return wrong
}

// had finds a follow-up of f's id that takes other answers than f does.
func (w Wordings) had(f FollowUp) (FollowUp, bool) {
	for _, wording := range w {
		if before, had := wording.FollowUp(f.ID); had && (before.Kind != f.Kind || before.Scale != f.Scale) {
			return before, true
		}
	}
	return FollowUp{}, false
}
