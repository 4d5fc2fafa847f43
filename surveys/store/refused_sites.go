package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type refusedSiteRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	SurveyID    string `gorm:"primaryKey"`
	Origin      string `gorm:"primaryKey"`
	RefusedAt   time.Time
}

func (refusedSiteRow) TableName() string { return "refused_sites" }

// mostRefusedSites is how many sites are remembered of a survey: anybody can name one.
const mostRefusedSites = 20

// RefuseSite notes that a site tried to show a survey just now and may not.
func (tx *Tx) RefuseSite(ctx context.Context, ws surveys.WorkspaceID, surveyID, origin string) error {
	row := refusedSiteRow{WorkspaceID: string(ws), SurveyID: surveyID, Origin: origin, RefusedAt: utc(tx.Now())}
	if err := tx.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
		return known("note a refused site", err)
	}
	list, err := tx.refusedSites(ctx, ws, surveyID, mostRefusedSites+1)
	if err != nil || len(list) <= mostRefusedSites {
		return err
	}
	oldest := list[mostRefusedSites]
	return known("forget a refused site", tx.of(ctx, ws).Where("survey_id = ? AND refused_at <= ? AND origin <> ?", surveyID, utc(oldest.At), origin).Delete(&refusedSiteRow{}).Error)
}

// RefusedSites lists the sites that tried to show a survey and may not, the latest first.
func (r reads) RefusedSites(ctx context.Context, ws surveys.WorkspaceID, surveyID string) ([]surveys.RefusedSite, error) {
	return r.refusedSites(ctx, ws, surveyID, mostRefusedSites)
}

func (r reads) refusedSites(ctx context.Context, ws surveys.WorkspaceID, surveyID string, limit int) ([]surveys.RefusedSite, error) {
	q := r.of(ctx, ws).Where("survey_id = ?", surveyID).Order("refused_at DESC, origin").Limit(limit)
	return all(q, "refused sites", func(row refusedSiteRow) surveys.RefusedSite {
		return surveys.RefusedSite{Origin: row.Origin, At: row.RefusedAt.UTC()}
	})
}
