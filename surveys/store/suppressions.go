package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type suppressionRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	AddressHash []byte `gorm:"primaryKey"`
	Reason      string
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
}

func (suppressionRow) TableName() string { return "suppressions" }

// addressHash hides an address under the workspace's secret.
func addressHash(w surveys.Workspace, email string) []byte {
	mac := hmac.New(sha256.New, w.Secret)
	mac.Write([]byte("suppression:" + surveys.NormalEmail(email)))
	return mac.Sum(nil)
}

// Suppression says why an address gets no mail; "" when it does.
func (r reads) Suppression(ctx context.Context, w surveys.Workspace, email string) (surveys.Suppression, error) {
	row, err := one(r.of(ctx, w.ID).Where("address_hash = ?", addressHash(w, email)), "the suppression", func(row suppressionRow) surveys.Suppression {
		return surveys.Suppression(row.Reason)
	})
	if surveys.KindOf(err) == surveys.NotFound {
		return "", nil
	}
	return row, err
}

// Suppress keeps mails from an address. The first reason stays.
func (tx *Tx) Suppress(ctx context.Context, w surveys.Workspace, email string, reason surveys.Suppression) error {
	row := suppressionRow{WorkspaceID: string(w.ID), AddressHash: addressHash(w, email), Reason: string(reason), CreatedAt: utc(tx.store.Now())}
	return known("suppress the address", tx.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error)
}

// Unsuppress lets mails through again to an address that was suppressed for
// the reason.
func (tx *Tx) Unsuppress(ctx context.Context, w surveys.Workspace, email string, reason surveys.Suppression) error {
	return known("lift the suppression", tx.of(ctx, w.ID).Where("address_hash = ? AND reason = ?", addressHash(w, email), string(reason)).
		Delete(&suppressionRow{}).Error)
}
