package store

import (
	"context"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type digestRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	UserID      string `gorm:"primaryKey"`
	Every       string
	Hour        int
	SurveyIDs   []string `gorm:"serializer:json"`
	Comments    bool
	DueAt       *time.Time
	SendingFor  *time.Time
	Told        map[string]surveys.DigestTold `gorm:"serializer:json"`
	ToldDay     int
	SentAt      *time.Time
	Problem     string
}

func (digestRow) TableName() string { return "digests" }

func (r digestRow) domain() surveys.Digest {
	return surveys.Digest{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), UserID: r.UserID, Every: surveys.DigestPace(r.Every), Hour: r.Hour,
		Surveys: r.SurveyIDs, Comments: r.Comments, DueAt: utcPtr(r.DueAt), SendingFor: utcPtr(r.SendingFor),
		Told: r.Told, ToldDay: r.ToldDay, SentAt: utcPtr(r.SentAt), Problem: r.Problem,
	}
}

func digestRowOf(d surveys.Digest) digestRow {
	if d.Surveys == nil {
		d.Surveys = []string{}
	}
	if d.Told == nil {
		d.Told = map[string]surveys.DigestTold{}
	}
	return digestRow{
		WorkspaceID: string(d.WorkspaceID), UserID: d.UserID, Every: string(d.Every), Hour: d.Hour, SurveyIDs: d.Surveys, Comments: d.Comments,
		DueAt: utcPtr(d.DueAt), SendingFor: utcPtr(d.SendingFor), Told: d.Told, ToldDay: d.ToldDay, SentAt: utcPtr(d.SentAt), Problem: d.Problem,
	}
}

// Digest returns what a member chose; NotFound when they never did.
func (r reads) Digest(ctx context.Context, ws surveys.WorkspaceID, userID string) (surveys.Digest, error) {
	return one(r.of(ctx, ws).Where("user_id = ?", userID), "the digest", digestRow.domain)
}

// DueDigests lists the digests of a workspace whose time has come.
func (r reads) DueDigests(ctx context.Context, ws surveys.WorkspaceID, now time.Time) ([]surveys.Digest, error) {
	return all(r.of(ctx, ws).Where("due_at <= ?", utc(now)).Order("due_at, user_id"), "due digests", digestRow.domain)
}

// AnswersBefore counts, for each survey of a workspace, the answers on the days
// before a day. A survey without any is not in it.
func (r reads) AnswersBefore(ctx context.Context, ws surveys.WorkspaceID, day int) (map[string]int64, error) {
	var rows []struct {
		SurveyID string
		N        int64
	}
	// Survey by survey, so that of the rollups only everybody's are read.
	const query = `SELECT survey_id, n FROM (
SELECT id AS survey_id, (SELECT CAST(sum(n) AS bigint) FROM rollups AS r WHERE r.workspace_id = s.workspace_id AND r.survey_id = s.id AND r.key = '' AND r.day < @day) AS n
FROM surveys AS s WHERE workspace_id = @ws) AS counted WHERE n > 0`
	err := r.db.WithContext(ctx).Raw(query, map[string]any{"ws": string(ws), "day": day}).Scan(&rows).Error
	counts := make(map[string]int64, len(rows))
	for _, row := range rows {
		counts[row.SurveyID] = row.N
	}
	return counts, known("count the answers before a day", err)
}

// SaveDigest stores what a member chose, anew or over what was there.
func (tx *Tx) SaveDigest(ctx context.Context, d surveys.Digest) error {
	row := digestRowOf(d)
	return known("store the digest", tx.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "workspace_id"}, {Name: "user_id"}}, UpdateAll: true,
	}).Create(&row).Error)
}

// ClaimDigest moves a digest from the time at which it was due to the next. Of
// all who try, in however many processes, one succeeds; the others get
// NotFound.
func (tx *Tx) ClaimDigest(ctx context.Context, d surveys.Digest, next time.Time) error {
	return changed("the digest", tx.digest(ctx, d).Where("due_at = ?", utcPtr(d.DueAt)).Update("due_at", utc(next)))
}

// BeginDigest notes that the mail of a due time is about to leave. NotFound when
// it already was, or when the digest was turned off in the meantime.
func (tx *Tx) BeginDigest(ctx context.Context, d surveys.Digest, due time.Time) error {
	return changed("the digest", tx.digest(ctx, d).Where("due_at IS NOT NULL AND (sending_for IS NULL OR sending_for <> ?)", utc(due)).
		Update("sending_for", utc(due)))
}

// SettleDigest stores what came of a mail: what it told and when, or why it did
// not leave. What the member chose in the meantime stays.
func (tx *Tx) SettleDigest(ctx context.Context, d surveys.Digest) error {
	row := digestRowOf(d)
	return changed("the digest", tx.digest(ctx, d).Select("sending_for", "told", "told_day", "sent_at", "problem").Updates(&row))
}

func (tx *Tx) digest(ctx context.Context, d surveys.Digest) *gorm.DB {
	return tx.of(ctx, d.WorkspaceID).Model(&digestRow{}).Where("user_id = ?", d.UserID)
}
