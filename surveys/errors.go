package surveys

import (
	"errors"
	"strings"
	"time"
)

// Kind is what went wrong, as a caller can act on it. The set is closed: the
// handlers turn each into one status.
type Kind string

// The kinds.
const (
	NotFound     Kind = "not_found"    // it does not exist, or not in this workspace
	Invalid      Kind = "invalid"      // the caller sent something wrong; Fields says what
	Conflict     Kind = "conflict"     // it clashes with what is stored
	Forbidden    Kind = "forbidden"    // known, but not allowed
	Unauthorized Kind = "unauthorized" // no valid key or session
	Gone         Kind = "gone"         // it was there, and is closed now
	TooMany      Kind = "too_many"     // slow down; RetryAfter says for how long
	TooLarge     Kind = "too_large"    // more bytes than the route takes
	Unavailable  Kind = "unavailable"  // Hark cannot now; RetryAfter says when to try again
)

// Error is the one error type that crosses package borders with a meaning. Code
// and the codes of its fields are keys of the catalogue, without the "error."
// in front; the message itself is made where a person or a program reads it.
type Error struct {
	Kind       Kind
	Code       string
	Args       map[string]any
	Fields     []FieldError
	RetryAfter time.Duration
	Err        error // the cause, for the log only
}

// FieldError says what is wrong with one field of the input.
type FieldError struct {
	Path string         // as the sender wrote it: "person.email", "score"
	Code string         // catalogue key without "error."
	Args map[string]any // what the message needs, such as the limits
}

// Error describes the failure for a log.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Kind))
	if e.Code != "" {
		b.WriteString(" (" + e.Code + ")")
	}
	for _, f := range e.Fields {
		b.WriteString(": " + f.Path + " " + f.Code)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Fail makes an error of a kind with a catalogue code.
func Fail(kind Kind, code string) *Error { return &Error{Kind: kind, Code: code} }

// Wrong makes an Invalid error of the fields; nil when there are none.
func Wrong(fields ...FieldError) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Code: "invalid", Fields: fields}
}

// KindOf returns the kind of err, or "" when it has none: a failure of Hark's
// own.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
