package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type refusedSiteRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ShownID     string `gorm:"primaryKey"` // a survey or a cancellation flow
	Origin      string `gorm:"primaryKey"`
	RefusedAt   time.Time
}

func (refusedSiteRow) TableName() string { return "sites_refused" }

// mostRefusedSites is how many sites are remembered of a survey or flow: anybody can name one.
const mostRefusedSites = 20

// RefuseSite notes that a site tried to show a survey or flow just now and may not.
func (tx *Tx) RefuseSite(ctx context.Context, ws surveys.WorkspaceID, shownID, origin string) error {
	row := refusedSiteRow{WorkspaceID: string(ws), ShownID: shownID, Origin: origin, RefusedAt: utc(tx.Now())}
	if err := tx.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error; err != nil {
		return known("note a refused site", err)
	}
	list, err := tx.refusedSites(ctx, ws, shownID, mostRefusedSites+1)
	if err != nil || len(list) <= mostRefusedSites {
		return err
	}
	oldest := list[mostRefusedSites]
	return known("forget a refused site", tx.of(ctx, ws).Where("shown_id = ? AND refused_at <= ? AND origin <> ?", shownID, utc(oldest.At), origin).Delete(&refusedSiteRow{}).Error)
}

// RefusedSites lists the sites that tried to show a survey or flow and may not, the latest first.
func (r reads) RefusedSites(ctx context.Context, ws surveys.WorkspaceID, shownID string) ([]surveys.RefusedSite, error) {
	return r.refusedSites(ctx, ws, shownID, mostRefusedSites)
}

func (r reads) refusedSites(ctx context.Context, ws surveys.WorkspaceID, shownID string, limit int) ([]surveys.RefusedSite, error) {
	q := r.of(ctx, ws).Where("shown_id = ?", shownID).Order("refused_at DESC, origin").Limit(limit)
	return all(q, "refused sites", func(row refusedSiteRow) surveys.RefusedSite {
		return surveys.RefusedSite{Origin: row.Origin, At: row.RefusedAt.UTC()}
	})
}
