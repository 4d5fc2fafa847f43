package flow

import (
	"context"
	"slices"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// CopyRule stores a paused copy of a rule under another name, with the team's own
// words of its letters. Nobody has a turn under it.
func (a *Asking) CopyRule(ctx context.Context, ws surveys.WorkspaceID, id, name string) (surveys.Rule, error) {
	fresh, err := a.store.NewID()
	if err != nil {
		return surveys.Rule{}, err
	}
	var r surveys.Rule
	err = a.store.InTx(ctx, func(tx *store.Tx) (err error) {
		if r, err = tx.Rule(ctx, ws, id); err != nil {
			return err
		}
		r.ID, r.Name, r.Status, r.CreatedAt, r.UpdatedAt = fresh, name, surveys.RulePaused, tx.Now(), tx.Now()
		if err := tx.CreateRule(ctx, r); err != nil {
			return err
		}
		return tx.CopyLetterTexts(ctx, ws, id, fresh)
	})
	return r, err
}

// takenAtOnce is how many letters are taken back in a transaction.
const takenAtOnce = 500

// ArchiveRule puts a rule away: from its commit on it decides nothing and takes no
// turns. Then its planned letters are taken back, in parts, so that a list of very
// many holds up nobody else. What is left when that ends early, and what an event
// of the same moment plans, is taken back when its time comes or before the rule
// comes back.
func (a *Asking) ArchiveRule(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	err := a.store.InTx(ctx, func(tx *store.Tx) error {
		r, err := lockedRule(ctx, tx, ws, id)
		if err != nil {
			return err
		}
		if r.Archived() {
			return surveys.Fail(surveys.Conflict, "rule_is_archived")
		}
		r.Status, r.UpdatedAt = surveys.RuleArchived, tx.Now()
		return tx.UpdateRule(ctx, r)
	})
	if err != nil {
		return err
	}
	planned, err := a.store.PlannedLetters(ctx, ws, id)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(planned, takenAtOnce) {
		err := a.store.InTx(ctx, func(tx *store.Tx) error { return takeBack(ctx, tx, ws, part) })
		if err != nil {
			return err
		}
	}
	return nil
}

// BringBack makes an archived rule a paused one. What it had planned stays taken
// back.
func (a *Asking) BringBack(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return a.store.InTx(ctx, func(tx *store.Tx) error {
		r, err := lockedRule(ctx, tx, ws, id)
		if err != nil {
			return err
		}
		if !r.Archived() {
			return surveys.Fail(surveys.Conflict, "rule_not_archived")
		}
		planned, err := tx.PlannedLetters(ctx, ws, id)
		if err != nil {
			return err
		}
		for part := range slices.Chunk(planned, takenAtOnce) {
			if err := takeBack(ctx, tx, ws, part); err != nil {
				return err
			}
		}
		r.Status, r.UpdatedAt = surveys.RulePaused, tx.Now()
		return tx.UpdateRule(ctx, r)
	})
}

// lockedRule is a rule that nobody else changes until the transaction ends.
func lockedRule(ctx context.Context, tx *store.Tx, ws surveys.WorkspaceID, id string) (surveys.Rule, error) {
	if err := tx.LockRule(ctx, ws, id); err != nil {
		return surveys.Rule{}, err
	}
	return tx.Rule(ctx, ws, id)
}

func takeBack(ctx context.Context, tx *store.Tx, ws surveys.WorkspaceID, ids []string) error {
	return tx.TakeBack(ctx, ws, ids, surveys.WithArchivedRule())
}
