package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

// ThanksDue lists answered invitations that are to be thanked for, of those
// answered before a time, the first first.
func (r reads) ThanksDue(ctx context.Context, ws surveys.WorkspaceID, before time.Time, limit int) ([]surveys.Invitation, error) {
	q := r.of(ctx, ws).Where("wants_thanks AND answered_at IS NOT NULL AND answered_at <= ?", utc(before))
	return all(q.Order("answered_at").Limit(limit), "answers to thank for", invitationRow.domain)
}

// Thanked notes that an invitation's thank-you is planned, or never will be; it
// is false when another process did so first.
func (tx *Tx) Thanked(ctx context.Context, ws surveys.WorkspaceID, invitationID string) (bool, error) {
	result := tx.of(ctx, ws).Model(&invitationRow{}).Where("id = ? AND wants_thanks", invitationID).Update("wants_thanks", false)
	return result.RowsAffected > 0, known("note the thank-you", result.Error)
}
