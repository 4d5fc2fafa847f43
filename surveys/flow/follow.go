package flow

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Remind plans the reminder that follows a letter which has just left, in the
// transaction that says so.
func Remind(ctx context.Context, tx *store.Tx, w surveys.Workspace, sent surveys.Invitation) error {
	rule, err := tx.Rule(ctx, w.ID, sent.RuleID)
	if surveys.KindOf(err) == surveys.NotFound || err == nil && (len(rule.Reminders) == 0 || rule.Archived()) {
		return nil
	}
	if err != nil {
		return err
	}
	person, err := tx.Person(ctx, w.ID, sent.PersonID)
	if err != nil {
		return err
	}
	facts := surveys.Facts{Person: person, Zone: surveys.ZoneOf(person, w), Holidays: w.Holidays, Caps: w.Caps}
	if facts.Asks, err = tx.Asks(ctx, w.ID, person.ID, tx.Now().Add(-surveys.MaxCapDays*24*time.Hour)); err != nil {
		return err
	}
	if err := since(ctx, tx, rule, sent, &facts); err != nil {
		return err
	}
	next, follows := rule.Remind(sent, facts)
	if !follows {
		return nil
	}
	return plan(ctx, tx, next)
}

// since looks up what happened after the event that a letter is about. What came
// while the letter was on its way could not take it back, but does so with its
// reminders.
func since(ctx context.Context, tx *store.Tx, rule surveys.Rule, sent surveys.Invitation, f *surveys.Facts) error {
	if len(rule.Withdraw.Events) == 0 {
		return nil
	}
	var err error
	if f.Event, err = tx.Event(ctx, sent.WorkspaceID, sent.EventID); err != nil {
		return err
	}
	f.Later, err = tx.EventsSince(ctx, sent.WorkspaceID, sent.PersonID, f.Event.OccurredAt, rule.Withdraw.Events)
	return err
}

// plan stores a letter that follows another.
func plan(ctx context.Context, tx *store.Tx, next surveys.Invitation) error {
	var err error
	if next.ID, err = tx.NewID(); err != nil {
		return err
	}
	next.CreatedAt = tx.Now()
	return tx.CreateInvitation(ctx, next)
}

// thanksAtOnce bounds the thank-yous of one transaction.
const thanksAtOnce = 100

// Thank plans thank-yous for what was answered a while ago, where the rule
// still wants them.
func Thank(ctx context.Context, tx *store.Tx, w surveys.Workspace) error {
	answered, err := tx.ThanksDue(ctx, w.ID, tx.Now().Add(-surveys.ThanksDelay), thanksAtOnce)
	if err != nil {
		return err
	}
	for _, i := range answered {
		first, err := tx.Thanked(ctx, w.ID, i.ID)
		if err != nil {
			return err
		}
		rule, err := tx.Rule(ctx, w.ID, i.RuleID)
		if err != nil && surveys.KindOf(err) != surveys.NotFound {
			return err
		}
		if !first || err != nil || !rule.Thanks.On {
			continue
		}
		person, err := tx.Person(ctx, w.ID, i.PersonID)
		if ignoreNotFound(err) != nil {
			return err
		}
		if err := plan(ctx, tx, rule.Thank(i, person, *i.AnsweredAt)); err != nil {
			return err
		}
	}
	return nil
}
