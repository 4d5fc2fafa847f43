package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type mailHookRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	Provider    string `gorm:"primaryKey"`
	Public      string
	Secret      []byte // sealed
	HeardAt     *time.Time
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
}

func (mailHookRow) TableName() string { return "mail_hooks" }

func (r mailHookRow) domain() surveys.MailHook {
	return surveys.MailHook{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), Provider: surveys.BounceSource(r.Provider), Public: r.Public, Secret: r.Secret,
		HeardAt: utcPtr(r.HeardAt), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

// MailHook returns how the reports of a provider are recognised.
func (r reads) MailHook(ctx context.Context, ws surveys.WorkspaceID, provider surveys.BounceSource) (surveys.MailHook, error) {
	return one(r.of(ctx, ws).Where("provider = ?", string(provider)), "the provider", mailHookRow.domain)
}

// MailHooks lists the providers that the workspace takes reports from.
func (r reads) MailHooks(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.MailHook, error) {
	return all(r.of(ctx, ws).Order("provider"), "providers", mailHookRow.domain)
}

// SaveMailHook stores how the reports of a provider are recognised.
func (tx *Tx) SaveMailHook(ctx context.Context, h surveys.MailHook) error {
	row := mailHookRow{WorkspaceID: string(h.WorkspaceID), Provider: string(h.Provider), Public: h.Public, Secret: h.Secret, UpdatedAt: utc(tx.store.Now())}
	return known("store the provider", tx.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "workspace_id"}, {Name: "provider"}},
		DoUpdates: clause.AssignmentColumns([]string{"public", "secret", "updated_at"}),
	}).Create(&row).Error)
}

// HeardMailHook notes that a provider's report came now.
func (tx *Tx) HeardMailHook(ctx context.Context, ws surveys.WorkspaceID, provider surveys.BounceSource) error {
	return known("note the report", tx.of(ctx, ws).Model(&mailHookRow{}).Where("provider = ?", string(provider)).Update("heard_at", utc(tx.store.Now())).Error)
}

// DeleteMailHook takes no reports of a provider any more.
func (tx *Tx) DeleteMailHook(ctx context.Context, ws surveys.WorkspaceID, provider surveys.BounceSource) error {
	return known("remove the provider", tx.of(ctx, ws).Where("provider = ?", string(provider)).Delete(&mailHookRow{}).Error)
}
