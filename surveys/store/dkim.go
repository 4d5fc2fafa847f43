package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

type dkimKeyRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Domain      string
	Selector    string
	Algorithm   string
	Public      string
	Secret      []byte
	State       string
	Finding     string
	CheckedAt   *time.Time
	FoundAt     *time.Time
	RetiredAt   *time.Time
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
}

func (dkimKeyRow) TableName() string { return "dkim_keys" }

func (r dkimKeyRow) domain() surveys.DKIMKey {
	return surveys.DKIMKey{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, Domain: r.Domain, Selector: r.Selector,
		Algorithm: surveys.DKIMAlgorithm(r.Algorithm), Public: r.Public, Secret: r.Secret, State: surveys.DKIMState(r.State),
		Finding: surveys.DKIMFinding(r.Finding), CheckedAt: utcPtr(r.CheckedAt), FoundAt: utcPtr(r.FoundAt), RetiredAt: utcPtr(r.RetiredAt),
		CreatedAt: r.CreatedAt.UTC(),
	}
}

func dkimKeyRowOf(k surveys.DKIMKey) dkimKeyRow {
	return dkimKeyRow{
		WorkspaceID: string(k.WorkspaceID), ID: k.ID, Domain: k.Domain, Selector: k.Selector, Algorithm: string(k.Algorithm), Public: k.Public,
		Secret: k.Secret, State: string(k.State), Finding: string(k.Finding), CheckedAt: utcPtr(k.CheckedAt), FoundAt: utcPtr(k.FoundAt),
		RetiredAt: utcPtr(k.RetiredAt), CreatedAt: utc(k.CreatedAt),
	}
}

// DKIMKey returns a key.
func (r reads) DKIMKey(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.DKIMKey, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the key", dkimKeyRow.domain)
}

// DKIMKeys lists a workspace's keys, the newest pair first and RSA first in it.
func (r reads) DKIMKeys(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.DKIMKey, error) {
	return all(r.of(ctx, ws).Order("created_at DESC, algorithm DESC, id"), "the keys", dkimKeyRow.domain)
}

// SigningKeys lists the keys that sign a workspace's mails of a domain, RSA
// first.
func (r reads) SigningKeys(ctx context.Context, ws surveys.WorkspaceID, domain string) ([]surveys.DKIMKey, error) {
	return all(r.of(ctx, ws).Where("domain = ? AND state = ?", domain, string(surveys.DKIMSigning)).Order("algorithm DESC, created_at DESC, id"), "the keys", dkimKeyRow.domain)
}

// CreateDKIMKey stores a key.
func (tx *Tx) CreateDKIMKey(ctx context.Context, k surveys.DKIMKey) error {
	row := dkimKeyRowOf(k)
	return tx.create(ctx, "the key", &row)
}

// UpdateDKIMKey stores what changes of a key: what it does, what the DNS said of
// it, and how it is sealed.
func (tx *Tx) UpdateDKIMKey(ctx context.Context, k surveys.DKIMKey) error {
	row := dkimKeyRowOf(k)
	return changed("the key", tx.of(ctx, k.WorkspaceID).Model(&dkimKeyRow{}).Where("id = ?", k.ID).
		Select("state", "finding", "checked_at", "found_at", "retired_at", "secret").Updates(&row))
}

// DeleteDKIMKey takes a key away.
func (tx *Tx) DeleteDKIMKey(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return changed("the key", tx.of(ctx, ws).Where("id = ?", id).Delete(&dkimKeyRow{}))
}
