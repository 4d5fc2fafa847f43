package flow

import (
	"context"
	"slices"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// CreateFlow checks and stores a new flow, and returns it with its id and key. One without
// reasons gets the usual ones.
func (c *Cancelling) CreateFlow(ctx context.Context, ws surveys.WorkspaceID, f surveys.CancelFlow) (surveys.CancelFlow, error) {
	now := c.store.Now()
	f.WorkspaceID, f.CreatedAt, f.UpdatedAt = ws, now, now
	if f.Status == "" {
		f.Status = surveys.SurveyActive
	}
	if len(f.Reasons) == 0 {
		for _, id := range surveys.DefaultReasons() {
			f.Reasons = append(f.Reasons, surveys.CancelReason{ID: id})
		}
	}
	f, err := c.named(f)
	if err != nil {
		return f, err
	}
	if f, err = f.Check(); err != nil {
		return f, err
	}
	if f.ID, err = c.store.NewID(); err != nil {
		return f, err
	}
	if f.Key, err = surveys.NewKey(c.store.Random(), 6); err != nil {
		return f, err
	}
	return f, c.store.InTx(ctx, func(tx *store.Tx) error { return tx.CreateCancelFlow(ctx, f) })
}

// UpdateFlow checks and stores what changes of a flow. A reason that it leaves out is
// offered no more, and keeps its words for the answers that gave it.
func (c *Cancelling) UpdateFlow(ctx context.Context, f surveys.CancelFlow) (surveys.CancelFlow, error) {
	stored := f
	var err error
	if f, err = c.named(f); err != nil {
		return f, err
	}
	err = c.store.InTx(ctx, func(tx *store.Tx) error {
		current, err := tx.CancelFlow(ctx, f.WorkspaceID, f.ID)
		if err != nil {
			return err
		}
		stored = f
		stored.Key, stored.CreatedAt, stored.UpdatedAt = current.Key, current.CreatedAt, tx.Now()
		stored.Reasons = keepGone(f.Reasons, current.Reasons)
		if stored, err = stored.Check(); err != nil {
			return err
		}
		return tx.UpdateCancelFlow(ctx, stored)
	})
	return stored, err
}

// keepGone are the reasons with those that there were before, gone.
func keepGone(list, before []surveys.CancelReason) []surveys.CancelReason {
	list = slices.Clone(list)
	for _, old := range before {
		if !slices.ContainsFunc(list, func(r surveys.CancelReason) bool { return r.ID == old.ID }) {
			old.Gone = true
			list = append(list, old)
		}
	}
	return list
}

// named is the flow with an id for each reason and offer that has none. Ids come from
// chance, not from the words, which change.
func (c *Cancelling) named(f surveys.CancelFlow) (surveys.CancelFlow, error) {
	f.Reasons, f.Offers = slices.Clone(f.Reasons), slices.Clone(f.Offers)
	var err error
	for i := range f.Reasons {
		if f.Reasons[i].ID == "" {
			if f.Reasons[i].ID, err = surveys.FollowUpID(c.store.Random()); err != nil {
				return f, err
			}
		}
	}
	for i := range f.Offers {
		if f.Offers[i].ID == "" {
			if f.Offers[i].ID, err = surveys.FollowUpID(c.store.Random()); err != nil {
				return f, err
			}
		}
	}
	return f, nil
}
