package flow

import (
	"context"
	"reflect"
	"slices"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// joinCancellation has an event about a subscription say what became of it. All of the
// person's events are gone through again, so that it is the same in whichever order they
// come.
func joinCancellation(ctx context.Context, tx *store.Tx, e surveys.Event) error {
	if !e.TellsOfSubscription() {
		return nil
	}
	if err := recognise(ctx, tx, e); err != nil {
		return err
	}
	before, events, err := tx.LockSubscriptions(ctx, e.WorkspaceID, e.PersonID)
	if err != nil {
		return err
	}
	var unasked []surveys.Cancellation
	for _, c := range surveys.CancellationOutcomes(before, events) {
		if c.FlowID == "" {
			unasked = append(unasked, c)
			continue
		}
		at := slices.IndexFunc(before, func(b surveys.Cancellation) bool { return b.ID == c.ID })
		if err := update(ctx, tx, before[at], c); err != nil {
			return err
		}
	}
	told := slices.DeleteFunc(before, func(c surveys.Cancellation) bool { return c.FlowID != "" })
	slices.Reverse(told)
	return replace(ctx, tx, told, unasked)
}

// recognise notes whose cancellation it is that an event names, where nobody has said so.
func recognise(ctx context.Context, tx *store.Tx, e surveys.Event) error {
	id := e.CancellationNamed()
	if id == "" {
		return nil
	}
	c, err := tx.LockCancellation(ctx, e.WorkspaceID, id)
	switch {
	case surveys.KindOf(err) == surveys.NotFound || err == nil && c.PersonID != "":
		return nil
	case err != nil:
		return err
	}
	known := c
	known.PersonID = e.PersonID
	return update(ctx, tx, c, known)
}

// update stores a cancellation of which something has changed.
func update(ctx context.Context, tx *store.Tx, before, c surveys.Cancellation) error {
	if reflect.DeepEqual(before, c) {
		return nil
	}
	c.UpdatedAt = tx.Now()
	return tx.UpdateCancellation(ctx, c)
}

// replace stores the ends of subscriptions about which nobody was asked, in the place of
// those that were known before.
func replace(ctx context.Context, tx *store.Tx, before, after []surveys.Cancellation) error {
	for i, c := range after {
		if i < len(before) {
			c.ID, c.UpdatedAt, c.Segments = before[i].ID, before[i].UpdatedAt, before[i].Segments
			if err := update(ctx, tx, before[i], c); err != nil {
				return err
			}
			continue
		}
		var err error
		if c.ID, err = tx.NewID(); err != nil {
			return err
		}
		c.UpdatedAt = tx.Now()
		if err := tx.AddCancellation(ctx, c); err != nil {
			return err
		}
	}
	for _, c := range before[min(len(after), len(before)):] {
		if err := tx.DeleteCancellation(ctx, c.WorkspaceID, c.ID); err != nil {
			return err
		}
	}
	return nil
}
