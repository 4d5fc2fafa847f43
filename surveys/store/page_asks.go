package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

// pageAskRow is one time at which a survey came up by itself on a page before somebody
// who is known. See [reads.Asks], which counts it.
type pageAskRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	PersonID    string
	SurveyID    string
	AskedAt     time.Time
}

func (pageAskRow) TableName() string { return "page_asks" }

// AskOnPage notes that a survey comes up on a page before a person now.
func (tx *Tx) AskOnPage(ctx context.Context, ws surveys.WorkspaceID, surveyID, personID string) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	return tx.create(ctx, "the ask", &pageAskRow{WorkspaceID: string(ws), ID: id, PersonID: personID, SurveyID: surveyID, AskedAt: utc(tx.Now())})
}

// AskedOnPage reports whether a survey came up on a page before a person since a time.
func (r reads) AskedOnPage(ctx context.Context, ws surveys.WorkspaceID, surveyID, personID string, since time.Time) (bool, error) {
	var n int64
	err := r.of(ctx, ws).Model(&pageAskRow{}).Where("person_id = ? AND asked_at >= ? AND survey_id = ?", personID, utc(since), surveyID).Count(&n).Error
	return n > 0, known("find what was asked on pages", err)
}

// PurgePageAsks forgets what was asked on pages before a time.
func (tx *Tx) PurgePageAsks(ctx context.Context, ws surveys.WorkspaceID, before time.Time) error {
	return known("forget what was asked on pages", tx.of(ctx, ws).Where("asked_at < ?", utc(before)).Delete(&pageAskRow{}).Error)
}

// PageAsk is one time at which a survey came up by itself on a page.
type PageAsk struct {
	SurveyID string
	At       time.Time
}

// PersonPageAsks lists what came up before a person lately, the latest first.
func (r reads) PersonPageAsks(ctx context.Context, ws surveys.WorkspaceID, personID string, limit int) ([]PageAsk, error) {
	q := r.of(ctx, ws).Where("person_id = ?", personID).Order("asked_at DESC, id DESC").Limit(limit)
	return all(q, "what was asked on pages", func(row pageAskRow) PageAsk { return PageAsk{SurveyID: row.SurveyID, At: row.AskedAt.UTC()} })
}
