package flow

import (
	"context"

	"github.com/google/uuid"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// joinCancellation has an event about a subscription say what became of it: of the
// cancellation that it names, or else of the person's latest.
func joinCancellation(ctx context.Context, tx *store.Tx, e surveys.Event) error {
	if e.Type != surveys.EventCancelled && e.Type != surveys.EventKept {
		return nil // a failed payment is looked for when a subscription ends
	}
	c, err := cancellationOf(ctx, tx, e)
	found := err == nil
	switch {
	case !found && surveys.KindOf(err) != surveys.NotFound:
		return err
	case e.Type == surveys.EventKept && !found:
		return nil
	case e.Type == surveys.EventKept:
		return update(ctx, tx, c.Keep(e), e)
	case found && c.Tells(e):
		return nil
	case found && c.Concerns(e):
		how, err := lossOf(ctx, tx, c, e)
		if err != nil {
			return err
		}
		return update(ctx, tx, c.Lose(e, how), e)
	}
	return loseUnasked(ctx, tx, e)
}

// cancellationOf is the one that an event belongs to. NotFound when there is none.
func cancellationOf(ctx context.Context, tx *store.Tx, e surveys.Event) (surveys.Cancellation, error) {
	if id, err := uuid.Parse(e.CancellationNamed()); err == nil {
		c, err := tx.LockCancellation(ctx, e.WorkspaceID, id.String())
		if own := c.PersonID == "" || c.PersonID == e.PersonID; own && surveys.KindOf(err) != surveys.NotFound {
			return c, err
		}
	}
	return tx.LatestCancellation(ctx, e.WorkspaceID, e.PersonID, e.OccurredAt.Add(-surveys.CancelMemory), e.OccurredAt.Add(surveys.EventLead))
}

func update(ctx context.Context, tx *store.Tx, c surveys.Cancellation, e surveys.Event) error {
	if c.PersonID == "" {
		c.PersonID = e.PersonID
	}
	c.UpdatedAt = tx.Now()
	return tx.UpdateCancellation(ctx, c)
}

// loseUnasked keeps that a subscription ended of whose end nobody was asked.
func loseUnasked(ctx context.Context, tx *store.Tx, e surveys.Event) error {
	id, err := tx.NewID()
	if err != nil {
		return err
	}
	c := surveys.Cancellation{WorkspaceID: e.WorkspaceID, ID: id, PersonID: e.PersonID, StartedAt: e.OccurredAt, UpdatedAt: tx.Now()}
	how, err := lossOf(ctx, tx, c, e)
	if err != nil {
		return err
	}
	return tx.AddCancellation(ctx, c.Lose(e, how))
}

// lossOf is how a subscription ended: as the event says; by wish where somebody went on
// to cancel; by a payment that failed a while before; else by wish.
func lossOf(ctx context.Context, tx *store.Tx, c surveys.Cancellation, e surveys.Event) (surveys.Loss, error) {
	if how, said := e.Loss(); said {
		return how, nil
	}
	if c.Choice == surveys.CancelLeft {
		return surveys.LostByWish, nil
	}
	failed, err := tx.EventsSince(ctx, e.WorkspaceID, e.PersonID, e.OccurredAt.Add(-surveys.PaymentMemory), []string{surveys.EventPaymentFailed, surveys.EventKept})
	if err != nil {
		return surveys.NotLost, err
	}
	how := surveys.LostByWish
	for _, before := range failed { // the first one first
		switch {
		case before.OccurredAt.After(e.OccurredAt):
		case before.Type == surveys.EventPaymentFailed:
			how = surveys.LostPayment
		default:
			how = surveys.LostByWish
		}
	}
	return how, nil
}
