package store

import (
	"encoding/json"
	"fmt"

	"github.com/harkhq/hark/surveys"
)

// Ratings, answers to follow-ups, hidden fields and drivers that there are none
// of are NULL in their columns, so that the index of rated answers holds those
// only, and a row of an answer without them stays as small as it was.

func mapOrNone[K comparable, V any](values map[K]V) map[K]V {
	if len(values) == 0 {
		return nil
	}
	return values
}

func driversOrNone(list []surveys.Driver) []surveys.Driver {
	if len(list) == 0 {
		return nil
	}
	return list
}

func fieldsOrNone(list []string) []string {
	if len(list) == 0 {
		return nil
	}
	return list
}

// said is what a response has beside its score and comment, as those write it
// who write their SQL themselves: JSON, and nil for NULL.
type said struct{ ratings, answers, fields *string }

func saidIn(r surveys.Response) (said, error) {
	var s said
	var err error
	if s.ratings, err = mapText(r.Ratings); err != nil {
		return s, fmt.Errorf("write the ratings: %w", err)
	}
	if s.answers, err = mapText(r.Answers); err != nil {
		return s, fmt.Errorf("write the answers: %w", err)
	}
	if s.fields, err = mapText(r.Fields); err != nil {
		return s, fmt.Errorf("write the fields: %w", err)
	}
	return s, nil
}

func mapText[V any](values map[string]V) (*string, error) {
	if len(values) == 0 {
		return nil, nil
	}
	raw, err := json.Marshal(values)
	if err != nil {
		return nil, err
	}
	text := string(raw)
	return &text, nil
}

// documentOrNull is a text as a [Loader] takes it.
func documentOrNull(text *string) any {
	if text == nil {
		return nil
	}
	return document(*text)
}
