package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type senderRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	FromName     string
	FromAddress  string
	BounceDomain string
	Signing      string
	Relay        []byte
	UpdatedAt    time.Time `gorm:"autoUpdateTime:false"`
}

func (senderRow) TableName() string { return "senders" }

func (r senderRow) domain() surveys.Sender {
	return surveys.Sender{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), FromName: r.FromName, FromAddress: r.FromAddress, BounceDomain: r.BounceDomain,
		Signing: surveys.Signing(r.Signing), Relay: orNone(r.Relay), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

// Sender says in whose name a workspace mails. One that never said so has the
// server's sender, signed here.
func (r reads) Sender(ctx context.Context, ws surveys.WorkspaceID) (surveys.Sender, error) {
	sender, err := one(r.of(ctx, ws), "the sender", senderRow.domain)
	if surveys.KindOf(err) == surveys.NotFound {
		return surveys.Sender{WorkspaceID: ws, Signing: surveys.SignedHere}, nil
	}
	return sender, err
}

// SaveSender stores in whose name a workspace mails.
func (tx *Tx) SaveSender(ctx context.Context, s surveys.Sender) error {
	row := senderRow{
		WorkspaceID: string(s.WorkspaceID), FromName: s.FromName, FromAddress: s.FromAddress, BounceDomain: s.BounceDomain,
		Signing: string(s.Signing), Relay: s.Relay, UpdatedAt: utc(s.UpdatedAt),
	}
	return known("store the sender", tx.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "workspace_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"from_name", "from_address", "bounce_domain", "signing", "relay", "updated_at"}),
	}).Create(&row).Error)
}
