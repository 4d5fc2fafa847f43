package flow

import (
	"context"
	"time"

	"github.com/google/uuid"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Confirm keeps a list that was checked, with a new rule if the plan has none yet,
// and orders the job that stores its people. Confirmed once more, it is the one
// that is there.
func (l *Lists) Confirm(ctx context.Context, plan ListPlan, check ListCheck) (surveys.List, error) {
	people, err := store.PackPeople(check.Good)
	if err != nil {
		return surveys.List{}, err
	}
	list := surveys.List{WorkspaceID: plan.Workspace.ID, ID: plan.ID, RuleID: plan.Rule.ID, Start: plan.Start, Days: plan.Days, People: len(check.Good), State: surveys.ListStoring}
	if now := l.store.Now(); list.Start.Before(now) {
		list.Start = now
	}
	if uuid.Validate(list.ID) != nil {
		if list.ID, err = l.store.NewID(); err != nil {
			return list, err
		}
	}
	err = l.store.InTx(ctx, func(tx *store.Tx) error {
		switch _, err := tx.List(ctx, list.WorkspaceID, list.ID); {
		case err == nil:
			return surveys.Fail(surveys.Conflict, "exists")
		case surveys.KindOf(err) != surveys.NotFound:
			return err
		}
		if list.RuleID == "" {
			if list.RuleID, err = createListRule(ctx, tx, plan.Workspace.ID, plan.Rule); err != nil {
				return err
			}
		}
		if err := tx.CreateList(ctx, list, people); err != nil {
			return err
		}
		return tx.Enqueue(ctx, ListsArgs{})
	})
	if surveys.KindOf(err) == surveys.Conflict {
		return l.store.List(ctx, list.WorkspaceID, list.ID)
	}
	return list, err
}

// createListRule stores the rule of a list, and returns its id.
func createListRule(ctx context.Context, tx *store.Tx, ws surveys.WorkspaceID, r surveys.Rule) (string, error) {
	id, err := tx.NewID()
	if err != nil {
		return "", err
	}
	r.WorkspaceID, r.ID, r.CreatedAt, r.UpdatedAt = ws, id, tx.Now(), tx.Now()
	r, wrong := r.Check()
	if err := surveys.Wrong(wrong...); err != nil {
		return "", err
	}
	return id, tx.CreateRule(ctx, r)
}

// Withdraw takes back all turns of a rule's lists that wait, ends the storing of
// those that are not wholly stored, and says how many people are not asked. A step
// that stores people holds the rule as well, so none comes in behind.
func (l *Lists) Withdraw(ctx context.Context, ws surveys.WorkspaceID, ruleID string) (n int, err error) {
	err = l.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.LockRule(ctx, ws, ruleID); err != nil {
			return err
		}
		rule, err := tx.Rule(ctx, ws, ruleID)
		if err != nil {
			return err
		}
		if rule.Trigger != surveys.TriggerList {
			return surveys.Fail(surveys.NotFound, "not_found")
		}
		lists, err := tx.Lists(ctx, ws, ruleID)
		if err != nil {
			return err
		}
		unstored := 0
		for _, list := range lists {
			if list.State != surveys.ListStoring {
				continue
			}
			unstored += list.People - list.Done
			if err := tx.EndList(ctx, ws, list.ID, surveys.ListWithdrawn); err != nil {
				return err
			}
		}
		n, err = tx.DropTurns(ctx, ws, ruleID, time.Time{})
		n += unstored
		return err
	})
	return n, err
}
