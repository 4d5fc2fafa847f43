package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

type tokenRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	Hash        []byte `gorm:"primaryKey"`
	Purpose     string
	SubjectID   string
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	ExpiresAt   *time.Time
}

func (tokenRow) TableName() string { return "tokens" }

// Grant is what a stored token stands for.
type Grant struct {
	SubjectID string // the invitation, user or API key, by purpose
	CreatedAt time.Time
	ExpiresAt time.Time // zero for never
}

func (r tokenRow) domain() Grant {
	grant := Grant{SubjectID: r.SubjectID, CreatedAt: r.CreatedAt.UTC()}
	if r.ExpiresAt != nil {
		grant.ExpiresAt = r.ExpiresAt.UTC()
	}
	return grant
}

// Grant returns what a token of the workspace stands for. A token of another
// workspace or purpose, or one that has expired, is NotFound. One to answer may
// be known by its [surveys.Token.WayOut].
func (r reads) Grant(ctx context.Context, ws surveys.WorkspaceID, purpose surveys.Purpose, token surveys.Token, now time.Time) (Grant, error) {
	hashes, purposes := [][]byte{token.Hash(purpose)}, []string{string(purpose)}
	if purpose == surveys.PurposeAnswer { // a letter's, of which the way out is stored
		hashes, purposes = append(hashes, token.WayOut().Hash(surveys.PurposeUnsubscribe)), append(purposes, string(surveys.PurposeUnsubscribe))
	}
	if sheet, place, on := token.Place(); on {
		return r.onSheet(ctx, ws, sheet, place, hashes, now)
	}
	return one(r.of(ctx, ws).Where("hash IN ? AND purpose IN ?", hashes, purposes).
		Where("expires_at IS NULL OR expires_at > ?", utc(now)), "the token", tokenRow.domain)
}

// NewGrant describes a token to be stored.
type NewGrant struct {
	Token     surveys.Token
	Purpose   surveys.Purpose
	SubjectID string
	ExpiresAt time.Time // zero for never
}

// CreateGrant stores what a token stands for.
func (tx *Tx) CreateGrant(ctx context.Context, ws surveys.WorkspaceID, g NewGrant) error {
	row := tokenRow{WorkspaceID: string(ws), Hash: g.Token.Hash(g.Purpose), Purpose: string(g.Purpose), SubjectID: g.SubjectID, CreatedAt: utc(tx.store.Now())}
	if !g.ExpiresAt.IsZero() {
		row.ExpiresAt = utcPtr(&g.ExpiresAt)
	}
	return tx.create(ctx, "the token", &row)
}

// ExtendGrant moves a token's expiry.
func (tx *Tx) ExtendGrant(ctx context.Context, ws surveys.WorkspaceID, purpose surveys.Purpose, token surveys.Token, until time.Time) error {
	return changed("the token", tx.of(ctx, ws).Model(&tokenRow{}).Where("hash = ? AND purpose = ?", token.Hash(purpose), string(purpose)).
		Update("expires_at", utc(until)))
}

// SpendGrant deletes a token, once: the second caller gets NotFound.
func (tx *Tx) SpendGrant(ctx context.Context, ws surveys.WorkspaceID, purpose surveys.Purpose, token surveys.Token) error {
	return changed("the token", tx.of(ctx, ws).Where("hash = ? AND purpose = ?", token.Hash(purpose), string(purpose)).Delete(&tokenRow{}))
}

// RevokeGrants deletes every token of a purpose that a subject has, such as
// the sessions of a user whose password changed.
func (tx *Tx) RevokeGrants(ctx context.Context, ws surveys.WorkspaceID, purpose surveys.Purpose, subjectID string) error {
	return known("revoke tokens", tx.of(ctx, ws).Where("subject_id = ? AND purpose = ?", subjectID, string(purpose)).Delete(&tokenRow{}).Error)
}

// PurgeExpired deletes tokens and idempotency keys whose time is over, and
// returns how many.
func (tx *Tx) PurgeExpired(ctx context.Context, ws surveys.WorkspaceID, now time.Time) (int64, error) {
	var purged int64
	for _, row := range []any{&tokenRow{}, &sheetRow{}, &idempotencyRow{}} {
		result := tx.of(ctx, ws).Where("expires_at < ?", utc(now)).Delete(row)
		if result.Error != nil {
			return 0, known("purge what expired", result.Error)
		}
		purged += result.RowsAffected
	}
	return purged, nil
}

type apiKeyRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	Name        string
	Scopes      []surveys.Scope `gorm:"serializer:json"`
	CreatedAt   time.Time       `gorm:"autoCreateTime:false"`
}

func (apiKeyRow) TableName() string { return "api_keys" }

func (r apiKeyRow) domain() surveys.APIKey {
	return surveys.APIKey{WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, Name: r.Name, Scopes: r.Scopes, CreatedAt: r.CreatedAt.UTC()}
}

// APIKey returns an API key.
func (r reads) APIKey(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.APIKey, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the API key", apiKeyRow.domain)
}

// APIKeys lists the workspace's API keys, the newest first.
func (r reads) APIKeys(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.APIKey, error) {
	return all(r.of(ctx, ws).Order("id DESC"), "API keys", apiKeyRow.domain)
}

// CreateAPIKey stores an API key; its token is stored with [Tx.CreateGrant].
func (tx *Tx) CreateAPIKey(ctx context.Context, k surveys.APIKey) error {
	tx.changes = true
	return tx.create(ctx, "the API key", &apiKeyRow{WorkspaceID: string(k.WorkspaceID), ID: k.ID, Name: k.Name, Scopes: k.Scopes, CreatedAt: utc(k.CreatedAt)})
}

// DeleteAPIKey deletes an API key and its token: the next request with it is
// refused.
func (tx *Tx) DeleteAPIKey(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	tx.changes = true
	if err := tx.RevokeGrants(ctx, ws, surveys.PurposeAPIKey, id); err != nil {
		return err
	}
	return changed("the API key", tx.of(ctx, ws).Where("id = ?", id).Delete(&apiKeyRow{}))
}

// exists reports whether a query meets a row.
func exists(q *gorm.DB) (bool, error) {
	var n int64
	err := q.Limit(1).Count(&n).Error
	return n > 0, known("look", err)
}
