package flow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// TurnsArgs is the job that gives people their turns and takes those that have
// come.
type TurnsArgs struct{}

// Kind names the job.
func (TurnsArgs) Kind() string { return "take_turns" }

// InsertOpts lets one such job wait or run at a time.
func (TurnsArgs) InsertOpts() river.InsertOpts { return oneAtATime(turnsQueue) }

// turnsQueue is the queue of turns, so that nothing long stands before them.
const turnsQueue = "turns"

// TurnsAnewArgs is the job that has each series look through all people once
// more, for those whose transaction took so long that they were passed over.
type TurnsAnewArgs struct{}

// Kind names the job.
func (TurnsAnewArgs) Kind() string { return "look_for_turns" }

// givenAtOnce is how many people are given their first turn in a transaction.
const givenAtOnce = 1000

// Turns are the moves of series and lists: whose turn comes when.
type Turns struct {
	store      *store.Store
	conditions conditions
}

// NewTurns makes the moves on turns.
func NewTurns(s *store.Store) *Turns { return &Turns{store: s} }

// Run gives new people of each series their first turn, spreads turns that are
// late, and takes those that have come. What goes wrong under one rule leaves
// the others alone. Two processes may run it at once.
func (t *Turns) Run(ctx context.Context) error {
	workspaces, err := t.store.Workspaces(ctx)
	if err != nil {
		return err
	}
	var failed error
	for _, w := range workspaces {
		rules, err := t.store.Rules(ctx, w.ID)
		if err != nil {
			return err
		}
		for _, rule := range rules {
			if err := t.runRule(ctx, w, rule); err != nil {
				failed = errors.Join(failed, fmt.Errorf("take the turns of rule %s: %w", rule.ID, err))
			}
		}
	}
	return failed
}

// runRule does it for one rule. While it is paused, or its survey is not open,
// turns wait.
func (t *Turns) runRule(ctx context.Context, w surveys.Workspace, rule surveys.Rule) error {
	if rule.Trigger == surveys.TriggerEvent || rule.Status != surveys.RuleActive {
		return nil
	}
	survey, err := t.store.Survey(ctx, w.ID, rule.SurveyID)
	if err != nil || survey.Open(t.store.Now()) != nil {
		return err
	}
	if rule.Trigger == surveys.TriggerSeries {
		if err := t.give(ctx, w, rule); err != nil {
			return err
		}
	}
	if err := t.spread(ctx, w, rule); err != nil {
		return err
	}
	return t.take(ctx, w, rule)
}

// give gives people whom the series does not know yet their first turn.
func (t *Turns) give(ctx context.Context, w surveys.Workspace, rule surveys.Rule) error {
	series := rule.Series(w.Location(), w.Holidays)
	for {
		var ids []string
		err := t.store.InTx(ctx, func(tx *store.Tx) (err error) {
			if ids, err = tx.TurnNew(ctx, w.ID, rule.ID, givenAtOnce); err != nil {
				return err
			}
			turns := make([]surveys.Turn, len(ids))
			for i, id := range ids {
				turns[i] = surveys.Turn{WorkspaceID: w.ID, RuleID: rule.ID, PersonID: id, DueAt: series.First(id, t.store.Now())}
			}
			_, err = tx.GiveTurns(ctx, turns)
			return err
		})
		if err != nil || len(ids) < givenAtOnce {
			return err
		}
	}
}

// spread puts turns that should have come long ago on the days from now on.
func (t *Turns) spread(ctx context.Context, w surveys.Workspace, rule surveys.Rule) error {
	now := t.store.Now()
	late := now.Add(-surveys.TurnLate)
	n, first, _, err := t.store.TurnsWaiting(ctx, w.ID, rule.ID, late)
	if err != nil || n == 0 {
		return err
	}
	openings, steps := rule.Overdue(first, now, w.Location(), w.Holidays), newSteps(t.store)
	for k := 0; k < n; {
		moved, err := t.inTurn(ctx, w, rule, steps, late, func(tx *store.Tx, turn surveys.Turn) error {
			turn.DueAt = openings.Even(min(k, n-1), n)
			k++
			return tx.MoveTurn(ctx, turn)
		})
		if err != nil || moved == 0 {
			return err
		}
	}
	return nil
}

// take decides about the turns that have come.
func (t *Turns) take(ctx context.Context, w surveys.Workspace, rule surveys.Rule) error {
	steps, series := newSteps(t.store), rule.Series(w.Location(), w.Holidays)
	for {
		taken, err := t.inTurn(ctx, w, rule, steps, t.store.Now().Add(time.Microsecond), func(tx *store.Tx, turn surveys.Turn) error {
			found, err := t.takeOne(ctx, tx, w, rule, turn)
			if err != nil {
				return err
			}
			if !found || rule.Trigger != surveys.TriggerSeries {
				return tx.DropTurn(ctx, turn)
			}
			turn.DueAt = series.Next(turn.PersonID, turn.DueAt)
			return tx.MoveTurn(ctx, turn)
		})
		if err != nil || taken == 0 {
			return err
		}
	}
}

// inTurn does something with the next turns of a rule before a time, in one
// transaction, and says with how many. It does nothing once somebody has
// changed the rule: the next run goes on with what they made of it.
func (t *Turns) inTurn(ctx context.Context, w surveys.Workspace, rule surveys.Rule, s *steps, before time.Time, do func(*store.Tx, surveys.Turn) error) (int, error) {
	var turns []surveys.Turn
	var began time.Time
	err := t.store.InTx(ctx, func(tx *store.Tx) error {
		began, turns = time.Now(), nil
		if err := tx.LockRule(ctx, w.ID, rule.ID); err != nil {
			return err
		}
		current, err := tx.Rule(ctx, w.ID, rule.ID)
		if err != nil || !current.UpdatedAt.Equal(rule.UpdatedAt) {
			return err
		}
		if turns, err = tx.DueTurns(ctx, w.ID, rule.ID, before, s.size); err != nil {
			return err
		}
		// In one order of people, so that two processes do not wait for each other.
		slices.SortFunc(turns, func(a, b surveys.Turn) int { return strings.Compare(a.PersonID, b.PersonID) })
		for _, turn := range turns {
			if err := do(tx, turn); err != nil {
				return err
			}
		}
		return nil
	})
	s.took(len(turns), time.Since(began))
	return len(turns), err
}

// takeOne stores a person's turn as an event, with what the rule decides; false
// when the person was erased meanwhile.
func (t *Turns) takeOne(ctx context.Context, tx *store.Tx, w surveys.Workspace, rule surveys.Rule, turn surveys.Turn) (found bool, err error) {
	person, err := tx.LockPerson(ctx, w.ID, turn.PersonID)
	if surveys.KindOf(err) == surveys.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	event := turn.Event(rule, tx.Now())
	if event.ID, err = tx.NewID(); err != nil {
		return false, err
	}
	if err := tx.CreateEvent(ctx, event); err != nil {
		return false, err
	}
	c := conclusion{tx: tx, conditions: &t.conditions, w: w, event: event, person: person}
	if err := c.apply(ctx, rule); err != nil {
		return false, err
	}
	return true, tx.CreateDecisions(ctx, event, c.decisions)
}

// Anew has each series look through all people once more.
func (t *Turns) Anew(ctx context.Context) error {
	workspaces, err := t.store.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		rules, err := t.store.Rules(ctx, w.ID)
		if err != nil {
			return err
		}
		for _, rule := range rules {
			if rule.Trigger != surveys.TriggerSeries {
				continue
			}
			if err := t.store.InTx(ctx, func(tx *store.Tx) error { return tx.TurnAnew(ctx, w.ID, rule.ID) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// settleTurns keeps a rule's turns true to what somebody made of it: another
// trigger has none of the old ones, and a series with another period spreads
// those anew that lie behind it.
func settleTurns(ctx context.Context, tx *store.Tx, w surveys.Workspace, before, after surveys.Rule) error {
	var from time.Time
	switch {
	case before.Trigger != after.Trigger:
	case after.Trigger == surveys.TriggerSeries && before.Every != after.Every:
		period := after.Period(tx.Now(), w.Location(), w.Holidays)
		if len(period) == 0 {
			return nil
		}
		from = period[len(period)-1].To
	default:
		return nil
	}
	_, err := tx.DropTurns(ctx, after.WorkspaceID, after.ID, from)
	return err
}
