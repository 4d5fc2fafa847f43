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

// Receiver takes events in and lets the rules decide.
type Receiver struct {
	store      *store.Store
	conditions conditions
	scheduled  func(sendAt time.Time)
}

// NewReceiver makes a receiver. Scheduled is told of each new invitation's
// time after it is committed, so that a dispatcher can wake up; nil for nobody.
func NewReceiver(s *store.Store, scheduled func(sendAt time.Time)) *Receiver {
	if scheduled == nil {
		scheduled = func(time.Time) {}
	}
	return &Receiver{store: s, scheduled: scheduled}
}

// Received is what became of an event.
type Received struct {
	EventID   string
	PersonID  string
	Decisions []surveys.Decision
	Repeated  bool // the event was received before, and this is its first fate
}

// Receive stores an event of a person in a workspace with every rule's
// decision and the invitations that follow, in one transaction. An event whose
// own id was received before changes nothing and gets the first answer again.
func (r *Receiver) Receive(ctx context.Context, w surveys.Workspace, e surveys.Event, p surveys.Person) (Received, error) {
	now := r.store.Now()
	e.WorkspaceID, p.WorkspaceID, e.ReceivedAt = w.ID, w.ID, now
	if e.OccurredAt.IsZero() {
		e.OccurredAt = now
	}
	e.OccurredAt = e.OccurredAt.UTC().Truncate(time.Microsecond) // as it is stored, so that a repeated event hears the same times
	e, wrong := e.Check(now)
	p, wrongPerson := p.Check("person.")
	if err := surveys.Wrong(append(wrong, wrongPerson...)...); err != nil {
		return Received{}, err
	}
	id, err := r.store.NewID()
	if err != nil {
		return Received{}, err
	}
	e.ID = id
	var received Received
	err = r.store.InTx(ctx, func(tx *store.Tx) error {
		received = Received{}
		if e.ExternalID != "" {
			mine, first, err := tx.Claim(ctx, w.ID, store.Once{
				Key: store.OnceKey("event", e.ExternalID), Body: []byte{}, Repeat: store.Change, ExpiresAt: now.Add(EventMemory),
			}, e.ID)
			if err != nil {
				return err
			}
			if !mine {
				received, err = firstFate(ctx, tx, w.ID, first)
				return err
			}
		}
		received, err = r.decide(ctx, tx, w, e, p)
		return err
	})
	if err != nil {
		return Received{}, err
	}
	if !received.Repeated {
		for _, d := range received.Decisions {
			if d.SendAt != nil {
				r.scheduled(*d.SendAt)
			}
		}
	}
	return received, nil
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

// decide stores the event, the person's news, each rule's decision and the
// invitations. The person's row is locked, so that caps count invitations that
// another process schedules at the same moment.
func (r *Receiver) decide(ctx context.Context, tx *store.Tx, w surveys.Workspace, e surveys.Event, p surveys.Person) (Received, error) {
	person, err := tx.SavePerson(ctx, p)
	if err != nil {
		return Received{}, err
	}
	e.PersonID = person.ID
	if err := tx.CreateEvent(ctx, e); err != nil {
		return Received{}, err
	}
	rules, err := tx.Rules(ctx, w.ID)
	if err != nil {
		return Received{}, err
	}
	c := conclusion{tx: tx, conditions: &r.conditions, w: w, event: e, person: person}
	if err := c.withdraw(ctx, rules); err != nil {
		return Received{}, err
	}
	for _, rule := range rules {
		if rule.Trigger == surveys.TriggerEvent && rule.EventType == e.Type {
			if err := c.apply(ctx, rule); err != nil {
				return Received{}, err
			}
		}
	}
	return Received{EventID: e.ID, PersonID: person.ID, Decisions: c.decisions}, tx.CreateDecisions(ctx, e, c.decisions)
}
