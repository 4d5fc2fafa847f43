package store

import (
	"context"
	"errors"

	"github.com/harkhq/hark/surveys"
)

// moves reports whether news bring a person another address than the one they have.
func moves(p, news surveys.Person) bool {
	return p.Email != "" && news.Email != "" && p.Email != news.Email
}

// readdress lets what belongs to a person's former address follow them to the one
// that they have from now on: the letters that wait, and what was stopped.
func (tx *Tx) readdress(ctx context.Context, p surveys.Person, former string) error {
	if err := tx.carryStops(ctx, p.WorkspaceID, former, p.Email); err != nil {
		return err
	}
	return tx.redirect(ctx, p)
}

// carryStops has what was stopped for an address hold for another one: a stop is
// somebody's wish, while that an address bounces is its own.
func (tx *Tx) carryStops(ctx context.Context, ws surveys.WorkspaceID, from, to string) error {
	w, err := tx.Workspace(ctx, ws)
	if err != nil {
		return err
	}
	reason, err := tx.Suppression(ctx, w, from)
	if err != nil {
		return err
	}
	if reason != "" && reason != surveys.SuppressedBounced {
		if err := tx.Suppress(ctx, w, to, reason); err != nil {
			return err
		}
	}
	ids, err := tx.StoppedSurveys(ctx, w, from)
	for _, id := range ids {
		err = errors.Join(err, tx.StopSurvey(ctx, w, to, id))
	}
	return err
}

// redirect has the letters of a person that wait for their time go to their address.
// One whose bytes are kept from an earlier try goes where they say, since it may be
// there already; so does one that a dispatcher is writing at this moment.
func (tx *Tx) redirect(ctx context.Context, p surveys.Person) error {
	var ids []string
	waiting := tx.locked(ctx, p.WorkspaceID).Model(&invitationRow{}).Where("person_id = ? AND state = 'scheduled' AND email <> ?", p.ID, p.Email).
		Where("NOT EXISTS (SELECT 1 FROM outbox AS o WHERE o.workspace_id = invitations.workspace_id AND o.invitation_id = invitations.id)")
	if err := waiting.Order("CAST(id AS text)").Pluck("id", &ids).Error; err != nil || len(ids) == 0 {
		return known("find the letters that wait for a person", err)
	}
	return known("redirect letters", tx.of(ctx, p.WorkspaceID).Model(&invitationRow{}).Where("id IN ?", ids).Update("email", p.Email).Error)
}
