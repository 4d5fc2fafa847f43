package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

type shareRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	SurveyID    string
	Label       string
	Query       string
	Comments    bool
	UserID      *string
	Author      string
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	ExpiresAt   time.Time
	RevokedAt   *time.Time
	OpenedDay   *int
}

func (shareRow) TableName() string { return "shares" }

func (r shareRow) domain() surveys.Share {
	return surveys.Share{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, SurveyID: r.SurveyID, Label: r.Label, Query: r.Query, Comments: r.Comments,
		UserID: idText(r.UserID), Author: r.Author, CreatedAt: r.CreatedAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(), RevokedAt: utcPtr(r.RevokedAt), OpenedDay: r.OpenedDay,
	}
}

func shareRowOf(s surveys.Share) shareRow {
	return shareRow{
		WorkspaceID: string(s.WorkspaceID), ID: s.ID, SurveyID: s.SurveyID, Label: s.Label, Query: s.Query, Comments: s.Comments,
		UserID: idPtr(s.UserID), Author: s.Author, CreatedAt: utc(s.CreatedAt), ExpiresAt: utc(s.ExpiresAt), RevokedAt: utcPtr(s.RevokedAt), OpenedDay: s.OpenedDay,
	}
}

// Share returns a share link, an ended one as well.
func (r reads) Share(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Share, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the share link", shareRow.domain)
}

// Shares lists the links to a survey's report, the newest first.
func (r reads) Shares(ctx context.Context, ws surveys.WorkspaceID, surveyID string) ([]surveys.Share, error) {
	return all(r.of(ctx, ws).Where("survey_id = ?", surveyID).Order("created_at DESC, id DESC"), "share links", shareRow.domain)
}

// CreateShare stores a share link; its token is stored with [Tx.CreateGrant].
func (tx *Tx) CreateShare(ctx context.Context, s surveys.Share) error {
	row := shareRowOf(s)
	return tx.create(ctx, "the share link", &row)
}

// RevokeShare ends a share link. One that was revoked is NotFound.
func (tx *Tx) RevokeShare(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return changed("the share link", tx.of(ctx, ws).Model(&shareRow{}).Where("id = ? AND revoked_at IS NULL", id).Update("revoked_at", utc(tx.store.Now())))
}

// RestoreShare opens a share link again that was revoked after a moment and has not
// expired. Any other is NotFound.
func (tx *Tx) RestoreShare(ctx context.Context, ws surveys.WorkspaceID, id string, after time.Time) error {
	ended := tx.of(ctx, ws).Model(&shareRow{}).Where("id = ? AND revoked_at > ? AND expires_at > ?", id, utc(after), utc(tx.store.Now()))
	return changed("the share link", ended.Update("revoked_at", nil))
}

// MarkShareOpened keeps the day on which a share link was opened last.
func (tx *Tx) MarkShareOpened(ctx context.Context, ws surveys.WorkspaceID, id string, day int) error {
	return changed("the share link", tx.of(ctx, ws).Model(&shareRow{}).Where("id = ?", id).Update("opened_day", day))
}

// ForgetShares drops the share links that ended before a moment.
func (tx *Tx) ForgetShares(ctx context.Context, ws surveys.WorkspaceID, before time.Time) error {
	return known("forget ended share links", tx.of(ctx, ws).Where("expires_at < ? OR revoked_at < ?", utc(before), utc(before)).Delete(&shareRow{}).Error)
}
