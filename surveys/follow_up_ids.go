package surveys

import (
	"encoding/base32"
	"fmt"
	"io"
	"strings"
)

// Named is the question with an id for each follow-up and each choice that has
// none. Ids come from chance, not from the words: words are changed, and a name
// that once said something else would lie.
func (q Question) Named(random io.Reader) (Question, error) {
	if q.FollowUps == nil {
		return q, nil
	}
	list := make([]FollowUp, len(q.FollowUps))
	for i, f := range q.FollowUps {
		var err error
		if list[i], err = f.named(random); err != nil {
			return q, err
		}
	}
	q.FollowUps = list
	return q, nil
}

func (f FollowUp) named(random io.Reader) (FollowUp, error) {
	var err error
	if f.ID == "" {
		if f.ID, err = FollowUpID(random); err != nil {
			return f, err
		}
	}
	choices := make([]Choice, len(f.Choices))
	for i, c := range f.Choices {
		if c.ID == "" {
			if c.ID, err = FollowUpID(random); err != nil {
				return f, err
			}
		}
		choices[i] = c
	}
	if f.Choices != nil {
		f.Choices = choices
	}
	return f, nil
}

// FollowUpID draws an id for a follow-up or a choice.
func FollowUpID(random io.Reader) (string, error) {
	var drawn [5]byte
	if _, err := io.ReadFull(random, drawn[:]); err != nil {
		return "", fmt.Errorf("draw an id: %w", err)
	}
	return "q" + strings.ToLower(base32.StdEncoding.EncodeToString(drawn[:])), nil
}
