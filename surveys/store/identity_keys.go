package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

type identityKeyRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Algorithm   string
	Secret      []byte
	Public      string
	UsedAt      *time.Time
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
}

func (identityKeyRow) TableName() string { return "identity_keys" }

func (r identityKeyRow) domain() surveys.IdentityKey {
	return surveys.IdentityKey{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, Algorithm: surveys.IdentityAlgorithm(r.Algorithm), Secret: r.Secret,
		Public: r.Public, UsedAt: utcPtr(r.UsedAt), CreatedAt: r.CreatedAt.UTC(),
	}
}

// IdentityKeys lists a workspace's keys, the oldest first.
func (r reads) IdentityKeys(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.IdentityKey, error) {
	return all(r.of(ctx, ws).Order("created_at, id"), "the keys", identityKeyRow.domain)
}

// CreateIdentityKey stores a key.
func (tx *Tx) CreateIdentityKey(ctx context.Context, k surveys.IdentityKey) error {
	row := identityKeyRow{
		WorkspaceID: string(k.WorkspaceID), ID: k.ID, Algorithm: string(k.Algorithm), Secret: k.Secret, Public: k.Public, CreatedAt: utc(k.CreatedAt),
	}
	return tx.create(ctx, "the key", &row)
}

// SealIdentityKey stores how a key's secret is sealed.
func (tx *Tx) SealIdentityKey(ctx context.Context, k surveys.IdentityKey) error {
	return changed("the key", tx.of(ctx, k.WorkspaceID).Model(&identityKeyRow{}).Where("id = ?", k.ID).Update("secret", k.Secret))
}

// UseIdentityKey notes that a token of a key was taken just now, to the hour.
func (tx *Tx) UseIdentityKey(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	hour := utc(tx.Now().Truncate(time.Hour))
	return known("note the use of the key", tx.of(ctx, ws).Model(&identityKeyRow{}).Where("id = ? AND (used_at IS NULL OR used_at < ?)", id, hour).Update("used_at", hour).Error)
}

// DeleteIdentityKey takes a key away.
func (tx *Tx) DeleteIdentityKey(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return changed("the key", tx.of(ctx, ws).Where("id = ?", id).Delete(&identityKeyRow{}))
}
