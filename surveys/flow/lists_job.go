package flow

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// ListsArgs is the job that stores the people of confirmed lists, and their turns.
type ListsArgs struct{}

// Kind names the job.
func (ListsArgs) Kind() string { return "store_lists" }

// InsertOpts has a process store one list at a time. Several such jobs may wait or
// run, and none is tried again by the queue: a process that was killed leaves its
// job behind as one that runs, and the lists must not wait until that is noticed.
// The next minute brings another one, which goes on where the people end.
func (ListsArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: listsQueue, MaxAttempts: 1}
}

// listsQueue is the queue of lists, so that a long one holds up nothing else.
const listsQueue = "lists"

const (
	listShift = 3 * time.Second        // that a job stores lists, so that a server stops soon; another job goes on
	listSlice = time.Second            // after which the next list has its turn
	listTries = 7                      // of a step that the database refuses
	listPause = 100 * time.Millisecond // before the second try; doubled for each further one
)

// work is what the job does: it stores lists for a while, and leaves the rest to
// another job.
func (l *Lists) work(ctx context.Context) error {
	left, err := l.storeAll(ctx, listShift)
	if err != nil || !left {
		return err
	}
	return l.store.InTx(ctx, func(tx *store.Tx) error { return tx.Enqueue(ctx, ListsArgs{}) })
}

// Store stores the people of all lists that wait for it. Any process may do it, and
// several at once; each step takes up where the last one ended. What goes wrong
// with one list leaves the others alone.
func (l *Lists) Store(ctx context.Context) error {
	_, err := l.storeAll(ctx, time.Hour)
	return err
}

// storeAll stores lists in turn, until none is left or for a while.
func (l *Lists) storeAll(ctx context.Context, patience time.Duration) (left bool, err error) {
	troubled, began := make(map[string]error), time.Now()
	for {
		lists, err := l.storing(ctx)
		if err != nil {
			return false, err
		}
		lists = slices.DeleteFunc(lists, func(list surveys.List) bool { return troubled[list.ID] != nil })
		if left = len(lists) > 0; !left || ctx.Err() != nil || time.Since(began) >= patience {
			return left, errors.Join(append(slices.Collect(maps.Values(troubled)), ctx.Err())...)
		}
		for _, list := range lists {
			if err := l.StoreFor(ctx, list, listSlice); err != nil {
				troubled[list.ID] = fmt.Errorf("store list %s: %w", list.ID, err)
			}
		}
	}
}

// storing are the lists of all workspaces that are being stored.
func (l *Lists) storing(ctx context.Context) ([]surveys.List, error) {
	workspaces, err := l.store.Workspaces(ctx)
	if err != nil {
		return nil, err
	}
	var all []surveys.List
	for _, w := range workspaces {
		lists, err := l.store.StoringLists(ctx, w.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, lists...)
	}
	return all, nil
}

// StoreFor stores people of a list for a while, or until all are stored. A
// database that is busy, or gone for a moment, is asked again. Unavailable leaves
// the list to the next one who tries; for another reason that does not pass it is
// marked as failed.
func (l *Lists) StoreFor(ctx context.Context, list surveys.List, patience time.Duration) error {
	w, err := l.store.Workspace(ctx, list.WorkspaceID)
	if err != nil {
		return err
	}
	run, began := listRun{store: l.store, w: w, list: list, steps: newSteps(l.store)}, time.Now()
	for more := true; more && time.Since(began) < patience; {
		if more, err = run.persist(ctx); err != nil {
			break
		}
	}
	if err == nil || ctx.Err() != nil || surveys.KindOf(err) == surveys.Unavailable {
		return err
	}
	failed := l.store.InTx(ctx, func(tx *store.Tx) error { return tx.EndList(ctx, w.ID, list.ID, surveys.ListFailed) })
	return errors.Join(err, failed)
}

// listRun stores the people of a list, step by step.
type listRun struct {
	store *store.Store
	w     surveys.Workspace
	list  surveys.List
	steps *steps
}

// persist does a step, again after a pause when it fails: what crosses it, such as
// another list with the same people, is soon over.
func (r *listRun) persist(ctx context.Context) (more bool, err error) {
	for pause, tries := listPause, 1; ; pause, tries = 2*pause, tries+1 {
		if more, err = r.step(ctx); err == nil || tries == listTries {
			return more, err
		}
		select {
		case <-ctx.Done():
			return false, ctx.Err()
		case <-time.After(pause):
		}
	}
}

// step stores the next people of the list with their turns, and how far it is, in
// one transaction; false once the list has ended. Who has a turn keeps it.
func (r *listRun) step(ctx context.Context) (more bool, err error) {
	n, began := 0, time.Now()
	err = r.store.InTx(ctx, func(tx *store.Tx) error {
		more, n, began = false, 0, time.Now()
		if err := tx.LockRule(ctx, r.w.ID, r.list.RuleID); err != nil {
			return err
		}
		rule, err := tx.Rule(ctx, r.w.ID, r.list.RuleID)
		if err != nil {
			return err
		}
		list, people, err := tx.NextListed(ctx, r.w.ID, r.list.ID, r.steps.size)
		if err != nil || len(people) == 0 {
			return err
		}
		if rule.Trigger != surveys.TriggerList { // somebody made something else of it
			return tx.EndList(ctx, r.w.ID, list.ID, surveys.ListWithdrawn)
		}
		if err := r.save(ctx, tx, rule, list, people); err != nil {
			return err
		}
		n, list.Done = len(people), list.Done+len(people)
		more = list.Done < list.People
		return tx.StoredListed(ctx, list)
	})
	r.steps.took(n, time.Since(began))
	return more, err
}

// save stores people of a list, and their turns.
func (r *listRun) save(ctx context.Context, tx *store.Tx, rule surveys.Rule, list surveys.List, listed []*surveys.Person) error {
	var news []surveys.Person
	var due []time.Time
	spread := rule.Filled().Openings(list.Start, list.Days, r.w.Location(), r.w.Holidays)
	for i, person := range listed {
		if person != nil { // not erased meanwhile
			news, due = append(news, *person), append(due, spread.Even(list.Done+i, list.People))
		}
	}
	people, err := tx.SavePeople(ctx, r.w.ID, news)
	if err != nil {
		return err
	}
	turns := make([]surveys.Turn, len(people))
	for i, person := range people {
		turns[i] = surveys.Turn{WorkspaceID: r.w.ID, RuleID: rule.ID, PersonID: person.ID, DueAt: due[i]}
	}
	_, err = tx.GiveTurns(ctx, turns)
	return err
}
