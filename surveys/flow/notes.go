package flow

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// NoteMemory is for how long the key of a note that a program writes is
// remembered.
const NoteMemory = 24 * time.Hour

// Notes keeps what a team writes on the timeline.
type Notes struct{ store *store.Store }

// NewNotes makes the moves on notes.
func NewNotes(s *store.Store) *Notes { return &Notes{store: s} }

// Save checks and stores a note, a new one when its id is "", and returns it.
// It is a Conflict when the workspace has [surveys.MaxNotes] already.
func (m *Notes) Save(ctx context.Context, w Office, n surveys.Note) (surveys.Note, error) {
	if n.ID == "" {
		written, err := m.Write(ctx, w, n, "")
		return written.Note, err
	}
	n, err := m.check(w, n)
	if err != nil {
		return n, err
	}
	return n, m.store.InTx(ctx, func(tx *store.Tx) error {
		if err := knownSurvey(ctx, tx, n); err != nil {
			return err
		}
		return tx.UpdateNote(ctx, n)
	})
}

// Written is a new note, or the one that came with the same key before.
type Written struct {
	Note     surveys.Note
	Repeated bool
}

// Write checks and stores a new note. A key, when it is not "", makes a
// repetition harmless: it returns the first note, and is a Conflict when that
// said something else.
func (m *Notes) Write(ctx context.Context, w Office, n surveys.Note, key string) (Written, error) {
	n, err := m.check(w, n)
	if err != nil {
		return Written{}, err
	}
	if n.ID, err = m.store.NewID(); err != nil {
		return Written{}, err
	}
	n.CreatedAt = n.UpdatedAt
	written := Written{Note: n}
	return written, m.store.InTx(ctx, func(tx *store.Tx) error {
		if err := knownSurvey(ctx, tx, n); err != nil {
			return err
		}
		if key != "" {
			mine, first, err := tx.Claim(ctx, w.ID, onceNote(n, key), n.ID)
			if err != nil {
				return err
			}
			if !mine {
				written.Repeated = true
				written.Note, err = tx.Note(ctx, w.ID, first)
				return err
			}
		}
		if there, err := tx.CountNotes(ctx, w.ID); err != nil {
			return err
		} else if there >= surveys.MaxNotes {
			return &surveys.Error{Kind: surveys.Conflict, Code: "notes_many", Args: map[string]any{"max": surveys.MaxNotes}}
		}
		return tx.CreateNote(ctx, n)
	})
}

// onceNote makes a note's writing take effect once.
func onceNote(n surveys.Note, key string) store.Once {
	body := sha256.Sum256(fmt.Appendf(nil, "%d:%s:%s", n.Day, n.SurveyID, n.Text))
	return store.Once{Key: store.OnceKey("note", key), Body: body[:], Repeat: store.Replay, ExpiresAt: n.CreatedAt.Add(NoteMemory)}
}

func (m *Notes) check(w Office, n surveys.Note) (surveys.Note, error) {
	n.WorkspaceID, n.UpdatedAt = w.ID, m.store.Now()
	return n.Check(surveys.Day(n.UpdatedAt, w.Zone))
}

// knownSurvey says that a note is about a survey that does not exist.
func knownSurvey(ctx context.Context, tx *store.Tx, n surveys.Note) error {
	if n.SurveyID == "" {
		return nil
	}
	_, err := tx.Survey(ctx, n.WorkspaceID, n.SurveyID)
	if surveys.KindOf(err) == surveys.NotFound {
		return surveys.Wrong(surveys.FieldError{Path: "survey_id", Code: "survey_unknown"})
	}
	return err
}

// Delete takes a note away. It can be brought back for [surveys.NoteUndo].
func (m *Notes) Delete(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return m.store.InTx(ctx, func(tx *store.Tx) error { return tx.DeleteNote(ctx, ws, id) })
}

// Restore brings a note back that was taken away.
func (m *Notes) Restore(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return m.store.InTx(ctx, func(tx *store.Tx) error { return tx.RestoreNote(ctx, ws, id) })
}
