package store

import (
	"context"

	"github.com/harkhq/hark/surveys"
)

// PlannedLetters lists the ids of a rule's letters that have not begun to leave, but
// for thank-yous, in order.
func (r reads) PlannedLetters(ctx context.Context, ws surveys.WorkspaceID, ruleID string) ([]string, error) {
	// The rule by its text: by itself, SQLite would go through all letters that it
	// ever sent, instead of those of the workspace that wait.
	q := r.of(ctx, ws).Where(waits+" AND letter <> 'thanks' AND CAST(rule_id AS text) = ?", ruleID)
	return all(q.Select("id").Order("CAST(id AS text)"), "planned letters", func(row invitationRow) string { return row.ID })
}

// TakeBack cancels letters, those of them that still have not begun to leave.
func (tx *Tx) TakeBack(ctx context.Context, ws surveys.WorkspaceID, ids []string, why surveys.Problem) error {
	waiting, err := all(tx.locked(ctx, ws).Where(waits).Where("id ?", tx.among(ids)).Order("CAST(id AS text)"), "letters to take back", invitationRow.domain)
	if err != nil {
		return err
	}
	moves := make([]Move, len(waiting))
	for n, i := range waiting {
		moves[n] = Move{From: i.State, Lease: i.LeaseUntil, Done: true}
		i.State, i.LeaseUntil, i.Problem = surveys.InvitationCancelled, nil, why.String()
		moves[n].Invitation = i
	}
	_, err = tx.MoveInvitations(ctx, moves)
	return err
}
