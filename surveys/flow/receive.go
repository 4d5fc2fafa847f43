package flow

import (
	"context"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

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
// decision and the invitations that follow, in one transaction. An event of a type
// whose own id was received before changes nothing and gets the first answer again.
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
		mine, first, err := claim(ctx, tx, e)
		if err != nil {
			return err
		}
		if !mine {
			received, err = firstFate(ctx, tx, w.ID, first)
			return err
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
	if err := joinCancellation(ctx, tx, e); err != nil {
		return Received{}, err
	}
	rules, err := tx.Rules(ctx, w.ID)
	if err != nil {
		return Received{}, err
	}
	rules = slices.DeleteFunc(rules, surveys.Rule.Archived)
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
