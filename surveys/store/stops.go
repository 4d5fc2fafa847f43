package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

// surveyStopRow is an address that wants no mail of one survey.
type surveyStopRow struct {
	WorkspaceID string    `gorm:"primaryKey"`
	AddressHash []byte    `gorm:"primaryKey"`
	SurveyID    string    `gorm:"primaryKey"`
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
}

func (surveyStopRow) TableName() string { return "survey_stops" }

// StoppedSurveys are the surveys of which an address wants no mail, while it may
// still get others'.
func (r reads) StoppedSurveys(ctx context.Context, w surveys.Workspace, email string) ([]string, error) {
	return all(r.of(ctx, w.ID).Where("address_hash IN ?", addressHashes(w, email)).Order("survey_id"), "stopped surveys",
		func(row surveyStopRow) string { return row.SurveyID })
}

// StopSurvey keeps one survey's mails from an address.
func (tx *Tx) StopSurvey(ctx context.Context, w surveys.Workspace, email, surveyID string) error {
	row := surveyStopRow{WorkspaceID: string(w.ID), AddressHash: addressHash(w, email), SurveyID: surveyID, CreatedAt: utc(tx.store.Now())}
	return known("stop the survey", tx.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error)
}

// ResumeSurvey undoes a StopSurvey.
func (tx *Tx) ResumeSurvey(ctx context.Context, w surveys.Workspace, email, surveyID string) error {
	return known("resume the survey", tx.of(ctx, w.ID).Where("address_hash IN ? AND survey_id = ?", addressHashes(w, email), surveyID).
		Delete(&surveyStopRow{}).Error)
}
