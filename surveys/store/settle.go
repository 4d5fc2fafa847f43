package store

import (
	"context"

	"github.com/harkhq/hark/surveys"
)

// SettleAnswered marks invitations of unknown fate that were answered as sent,
// since the answer proves it, and forgets the bytes of all letters that will
// not be sent again, such as those of invitations withdrawn between two tries.
func (tx *Tx) SettleAnswered(ctx context.Context, ws surveys.WorkspaceID) error {
	answered := tx.unknown(ctx, ws).Where("answered_at IS NOT NULL").Limit(100)
	list, err := all(answered, "answered invitations of unknown fate", invitationRow.domain)
	if err != nil {
		return err
	}
	for _, i := range list {
		i.State, i.LeaseUntil, i.SentAt = surveys.InvitationSent, nil, i.AnsweredAt
		if err := tx.MoveInvitation(ctx, i, surveys.InvitationUnknown); err != nil {
			return err
		}
	}
	err = tx.of(ctx, ws).Where(`NOT EXISTS (SELECT 1 FROM invitations AS i
WHERE i.workspace_id = outbox.workspace_id AND i.id = outbox.invitation_id AND i.state IN ('scheduled', 'claimed', 'sending', 'unknown'))`).
		Delete(&outboxRow{}).Error
	if err != nil {
		return known("drop letters that will not be sent", err)
	}
	return known("drop forms of letters", tx.of(ctx, ws).Where("used_at < ?", utc(tx.Now().Add(-formMemory))).
		Where("NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.workspace_id = letter_forms.workspace_id AND o.form = letter_forms.hash)").Delete(&letterFormRow{}).Error)
}
