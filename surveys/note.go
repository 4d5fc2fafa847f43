package surveys

import (
	"strings"
	"time"
	"unicode"
)

// Limits of notes.
const (
	MaxNoteRunes = 200
	MaxNotes     = 5000 // of a workspace: a program that runs wild stops here
)

// NoteUndo is for how long a deleted note can be brought back.
const NoteUndo = 30 * 24 * time.Hour

// Note is what happened on a day, as the team wrote it down to be seen beside
// the score: a release, a price, a courier.
type Note struct {
	WorkspaceID WorkspaceID
	ID          string
	SurveyID    string // "" for every survey of the workspace
	Day         int    // as [Day] counts them, in the workspace's zone
	Text        string // one line
	Author      string // the member or the API key, as it was called then
	CreatedAt   time.Time
	UpdatedAt   time.Time
	DeletedAt   *time.Time // nil: it stands
}

// Days on which notes may stand: from 1970 on, and a year ahead, for what is
// planned.
const (
	firstNoteDay  = 0
	noteDaysAhead = 366
)

// Check returns the note with its text on one line, or what is wrong with it.
// Today is the day in the workspace's zone.
func (n Note) Check(today int) (Note, error) {
	n.Text = oneLine(n.Text)
	wrong := checkLength("text", n.Text, 1, MaxNoteRunes)
	if n.Day < firstNoteDay || n.Day > today+noteDaysAhead {
		wrong = append(wrong, FieldError{Path: "day", Code: "note_day"})
	}
	return n, Wrong(wrong...)
}

// oneLine is a text without line breaks and other signs that cannot be seen,
// and with single spaces. What is no valid UTF-8 stays, to be refused.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r) && r != 0:
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}
