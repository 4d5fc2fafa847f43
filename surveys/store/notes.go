package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

type noteRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	SurveyID    *string
	Day         int
	Text        string
	Author      string
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
	DeletedAt   *time.Time
}

func (noteRow) TableName() string { return "notes" }

func (r noteRow) domain() surveys.Note {
	return surveys.Note{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, SurveyID: idText(r.SurveyID), Day: r.Day, Text: r.Text, Author: r.Author,
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(), DeletedAt: utcPtr(r.DeletedAt),
	}
}

func noteRowOf(n surveys.Note) noteRow {
	return noteRow{
		WorkspaceID: string(n.WorkspaceID), ID: n.ID, SurveyID: idPtr(n.SurveyID), Day: n.Day, Text: n.Text, Author: n.Author,
		CreatedAt: utc(n.CreatedAt), UpdatedAt: utc(n.UpdatedAt), DeletedAt: utcPtr(n.DeletedAt),
	}
}

// Note returns a note, a deleted one as well.
func (r reads) Note(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Note, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the note", noteRow.domain)
}

// NoteFilter says which notes are wanted.
type NoteFilter struct {
	SurveyID string // with those of every survey; "": all notes, whatever they are about
	From, To int    // days, To exclusive; zero: no bound
}

// Notes lists the notes that stand, in the order of their days.
func (r reads) Notes(ctx context.Context, ws surveys.WorkspaceID, f NoteFilter) ([]surveys.Note, error) {
	q := r.of(ctx, ws).Where("deleted_at IS NULL")
	if f.SurveyID != "" {
		q = q.Where("survey_id IS NULL OR survey_id = ?", f.SurveyID)
	}
	if f.From != 0 {
		q = q.Where("day >= ?", f.From)
	}
	if f.To != 0 {
		q = q.Where("day < ?", f.To)
	}
	return all(q.Order("day, created_at, id"), "notes", noteRow.domain)
}

// CountNotes is how many notes of a workspace stand.
func (r reads) CountNotes(ctx context.Context, ws surveys.WorkspaceID) (n int64, err error) {
	err = r.of(ctx, ws).Model(&noteRow{}).Where("deleted_at IS NULL").Count(&n).Error
	return n, known("count notes", err)
}

// CreateNote stores a note.
func (tx *Tx) CreateNote(ctx context.Context, n surveys.Note) error {
	row := noteRowOf(n)
	return tx.create(ctx, "the note", &row)
}

// UpdateNote stores what the team may change of a note that stands: its day,
// its text and what it is about.
func (tx *Tx) UpdateNote(ctx context.Context, n surveys.Note) error {
	row := noteRowOf(n)
	return changed("the note", tx.of(ctx, n.WorkspaceID).Model(&noteRow{}).Where("id = ? AND deleted_at IS NULL", n.ID).
		Select("survey_id", "day", "text", "updated_at").Updates(&row))
}

// DeleteNote takes a note away, to be brought back with [Tx.RestoreNote].
func (tx *Tx) DeleteNote(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return changed("the note", tx.of(ctx, ws).Model(&noteRow{}).Where("id = ? AND deleted_at IS NULL", id).Update("deleted_at", utc(tx.store.Now())))
}

// RestoreNote brings a note back that was taken away.
func (tx *Tx) RestoreNote(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return changed("the note", tx.of(ctx, ws).Model(&noteRow{}).Where("id = ? AND deleted_at IS NOT NULL", id).Update("deleted_at", nil))
}

// ForgetNotes drops the notes that were taken away before a moment, for good.
func (tx *Tx) ForgetNotes(ctx context.Context, ws surveys.WorkspaceID, before time.Time) error {
	return known("forget deleted notes", tx.of(ctx, ws).Where("deleted_at < ?", utc(before)).Delete(&noteRow{}).Error)
}
