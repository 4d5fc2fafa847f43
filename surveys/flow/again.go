package flow

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// EventMemory is for how long an event's own id is remembered: longer than the
// age up to which an event asks anybody, so that no late repetition of a
// webhook invites twice.
const EventMemory = surveys.EventMaxAge + 5*24*time.Hour

// EventOnce makes an event with an id of its own take effect once. The id is one of
// its type: shops call the order, its delivery and its refund by one number.
func EventOnce(e surveys.Event) store.Once {
	return store.Once{
		Key: store.OnceKey("event of "+e.Type, e.ExternalID), Body: []byte{}, Repeat: store.Change, ExpiresAt: e.ReceivedAt.Add(EventMemory),
	}
}

// claim takes the event's own id for it and reports true, or returns the event
// that came under it first. Without an id every event is new.
func claim(ctx context.Context, tx *store.Tx, e surveys.Event) (mine bool, first string, err error) {
	if e.ExternalID == "" {
		return true, e.ID, nil
	}
	if first, again, err := claimedBefore(ctx, tx, e); err != nil || again {
		return false, first, err
	}
	return tx.Claim(ctx, e.WorkspaceID, EventOnce(e), e.ID)
}

// claimedBefore finds the event under an id that was claimed whatever the type, as
// it was before ids belonged to one. Of an event that was erased since nobody knows
// the type: better to take it for the same than to ask about it again.
func claimedBefore(ctx context.Context, tx *store.Tx, e surveys.Event) (first string, again bool, err error) {
	once := store.Once{Key: store.OnceKey("event", e.ExternalID), Repeat: store.Change}
	first, taken, err := tx.Taken(ctx, e.WorkspaceID, once, e.ReceivedAt)
	if err != nil || !taken {
		return "", false, err
	}
	earlier, err := tx.Event(ctx, e.WorkspaceID, first)
	if surveys.KindOf(err) == surveys.NotFound {
		return first, true, nil
	}
	return first, err == nil && earlier.Type == e.Type, err
}

// firstFate is what was decided when the event came the first time. Of an event
// whose person was erased since, nothing is left but that it came.
func firstFate(ctx context.Context, tx *store.Tx, ws surveys.WorkspaceID, eventID string) (Received, error) {
	e, err := tx.Event(ctx, ws, eventID)
	if surveys.KindOf(err) == surveys.NotFound {
		return Received{EventID: eventID, Repeated: true}, nil
	}
	if err != nil {
		return Received{}, err
	}
	decisions, err := tx.Decisions(ctx, ws, []string{eventID})
	return Received{EventID: e.ID, PersonID: e.PersonID, Decisions: decisions[eventID], Repeated: true}, err
}
