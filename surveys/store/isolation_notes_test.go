package store_test

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// noteAttempts are the attempts on notes and share links.
func noteAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	never := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	return map[string]attempt{
		"Note": func(c c, x *tx, b w, a world) (any, error) { return x.Note(c, b.ID, a.note.ID) },
		"Notes": func(c c, x *tx, b w, a world) (any, error) {
			return x.Notes(c, b.ID, store.NoteFilter{SurveyID: a.survey.ID})
		},
		"CountNotes": func(c c, x *tx, b w, a world) (any, error) { return x.CountNotes(c, b.ID) },
		"CreateNote": func(c c, x *tx, b w, a world) (any, error) {
			a.note.WorkspaceID, a.note.SurveyID = b.ID, ""
			return nothing(x.CreateNote(c, a.note))
		},
		"UpdateNote": func(c c, x *tx, b w, a world) (any, error) {
			a.note.WorkspaceID, a.note.Text = b.ID, "stolen"
			return nothing(x.UpdateNote(c, a.note))
		},
		"DeleteNote":  func(c c, x *tx, b w, a world) (any, error) { return nothing(x.DeleteNote(c, b.ID, a.note.ID)) },
		"RestoreNote": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.RestoreNote(c, b.ID, a.note.ID)) },
		"ForgetNotes": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.ForgetNotes(c, b.ID, never)) },
		"Share":       func(c c, x *tx, b w, a world) (any, error) { return x.Share(c, b.ID, a.share.ID) },
		"Shares":      func(c c, x *tx, b w, a world) (any, error) { return x.Shares(c, b.ID, a.survey.ID) },
		"RestoreShare": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.RestoreShare(c, b.ID, a.share.ID, time.Time{}))
		},
		"RevokeShare": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.RevokeShare(c, b.ID, a.share.ID)) },
		"MarkShareOpened": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.MarkShareOpened(c, b.ID, a.share.ID, 1))
		},
		"ForgetShares": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.ForgetShares(c, b.ID, never)) },
	}
}
