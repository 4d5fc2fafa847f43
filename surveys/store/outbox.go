package store

import (
	"context"
	"crypto/sha256"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type outboxRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	InvitationID string `gorm:"primaryKey"`
	MessageID    string
	Sender       string
	Recipient    string
	Hash         []byte
	Message      []byte
	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
}

func (outboxRow) TableName() string { return "outbox" }

// Letter is a mail as it leaves: the envelope and the exact bytes.
type Letter struct {
	InvitationID string
	MessageID    string // without angle brackets
	Sender       string // MAIL FROM
	Recipient    string // RCPT TO
	Message      []byte // headers and body
}

// Letter returns the committed bytes of an invitation's mail.
func (r reads) Letter(ctx context.Context, ws surveys.WorkspaceID, invitationID string) (Letter, error) {
	return one(r.of(ctx, ws).Where("invitation_id = ?", invitationID), "the letter", func(row outboxRow) Letter {
		return Letter{InvitationID: row.InvitationID, MessageID: row.MessageID, Sender: row.Sender, Recipient: row.Recipient, Message: row.Message}
	})
}

// SaveLetter commits the bytes of an invitation's mail, before it leaves.
func (tx *Tx) SaveLetter(ctx context.Context, ws surveys.WorkspaceID, l Letter) error {
	hash := sha256.Sum256(l.Message)
	row := outboxRow{
		WorkspaceID: string(ws), InvitationID: l.InvitationID, MessageID: l.MessageID, Sender: l.Sender, Recipient: l.Recipient,
		Hash: hash[:], Message: l.Message, CreatedAt: utc(tx.store.Now()),
	}
	return known("store the letter", tx.db.WithContext(ctx).Clauses(clause.OnConflict{UpdateAll: true}).Create(&row).Error)
}

// DropLetters forgets the bytes of mails whose fate is known.
func (tx *Tx) DropLetters(ctx context.Context, ws surveys.WorkspaceID, invitationIDs []string) error {
	if len(invitationIDs) == 0 {
		return nil
	}
	return known("drop letters", tx.of(ctx, ws).Where("invitation_id IN ?", invitationIDs).Delete(&outboxRow{}).Error)
}
