package flow_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// people is a file with so many people.
func people(n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf("p%d@x.example,Person %d,pro", i, i)
	}
	return lines
}

func fileOf(lines []string) string { return "email,name,plan\n" + strings.Join(lines, "\n") + "\n" }

// turns counts the turns of a rule.
func (k *counter) turns(t *testing.T, ruleID string) int {
	t.Helper()
	n, _, _, err := k.s.TurnsWaiting(context.Background(), k.w.ID, ruleID, k.s.Now().AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestListSurvivesItsWorker stops those who store a list in the middle, once and
// again, as a server does that is asked to stop: nobody is lost, and nobody has
// two turns.
func TestListSurvivesItsWorker(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		_, list := k.confirm(t, k.listed(t, fileOf(people(3000))))
		stopped := 0
		for after := 30 * time.Millisecond; stopped < 6; after *= 2 {
			ctx, stop := context.WithTimeout(context.Background(), after)
			err := flow.NewLists(s).Store(ctx)
			stop()
			if err == nil {
				break
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Fatalf("Store = %v", err)
			}
			stopped++
			current := k.wantList(t, list, surveys.ListStoring, -1)
			if turns := k.turns(t, k.rule.ID); turns != current.Done {
				t.Fatalf("the list says %d are done, %d have a turn", current.Done, turns)
			}
		}
		shift := work(t, s)
		for n := 1; n < 40 && k.turns(t, k.rule.ID) < 3000; n++ {
			shift.wait(t, flow.ListsArgs{}.Kind(), n)
		}
		k.wantList(t, list, surveys.ListStored, 3000)
		if turns := k.turns(t, k.rule.ID); turns != 3000 || stopped == 0 {
			t.Errorf("after %d stops %d of 3000 have a turn", stopped, turns)
		}
	})
}

// TestListWithdrawnWhileItIsStored takes a list back while two processes store
// it: the run ends, and nobody has a turn.
func TestListWithdrawnWhileItIsStored(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		_, list := k.confirm(t, k.listed(t, fileOf(people(5000))))
		var running sync.WaitGroup
		for range 2 {
			running.Go(func() {
				if err := flow.NewLists(s).Store(context.Background()); err != nil {
					t.Errorf("Store = %v", err)
				}
			})
		}
		for {
			current, err := s.List(context.Background(), k.w.ID, list.ID)
			if err != nil || current.State != surveys.ListStoring {
				t.Fatalf("the list is %+v, %v", current, err)
			}
			if current.Done > 50 {
				break
			}
			time.Sleep(time.Millisecond)
		}
		n, err := flow.NewLists(s).Withdraw(context.Background(), k.w.ID, k.rule.ID)
		if err != nil || n != 5000 {
			t.Errorf("Withdraw = %d, %v, want all 5000", n, err)
		}
		running.Wait()
		k.wantList(t, list, surveys.ListWithdrawn, -1)
		if turns := k.turns(t, k.rule.ID); turns != 0 {
			t.Errorf("%d wait for their turn", turns)
		}
	})
}

// TestListsWithTheSamePeople stores two lists with the same people at once, one in
// the reverse order, under two rules, while turns are given to all as well.
func TestListsWithTheSamePeople(t *testing.T) {
	t.Parallel()
	storetest.BothAt(t, time.Now, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		lines := people(1500)
		plan := k.listed(t, fileOf(lines))
		plan.Start = s.Now().AddDate(0, 0, 1)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { // two of three are known, in an order of their own
			for i := range 1000 {
				if _, err := tx.SavePerson(ctx, surveys.Person{WorkspaceID: k.w.ID, Email: fmt.Sprintf("p%d@x.example", (i*617)%1000)}); err != nil {
					return err
				}
			}
			return nil
		})
		_, one := k.confirm(t, plan)
		slices.Reverse(lines)
		other := plan
		other.File, other.Rule = []byte(fileOf(lines)), surveys.Rule{Name: "Another list", Trigger: surveys.TriggerList, SurveyID: k.survey.ID, WhenCapped: surveys.CapDefer, Status: surveys.RuleActive}
		_, two := k.confirm(t, other)
		var running sync.WaitGroup
		for _, list := range []surveys.List{one, two} {
			running.Go(func() {
				if err := flow.NewLists(s).StoreFor(context.Background(), list, 10*time.Minute); err != nil {
					t.Errorf("StoreFor = %v", err)
				}
			})
		}
		running.Go(func() { // whoever has people in a third order, as an event stream
			for i := range 300 {
				event := surveys.Event{Type: "visited", OccurredAt: s.Now()}
				if _, err := flow.NewReceiver(s, nil).Receive(context.Background(), k.w, event, surveys.Person{Email: fmt.Sprintf("p%d@x.example", (i*911)%1500)}); err != nil {
					t.Errorf("Receive = %v", err)
				}
			}
		})
		running.Wait()
		for _, list := range []surveys.List{one, two} {
			k.wantList(t, list, surveys.ListStored, 1500)
			if turns := k.turns(t, list.RuleID); turns != 1500 {
				t.Errorf("%d of 1500 have a turn", turns)
			}
		}
	})
}

// TestListOutlivesADeadlock crosses a step with a transaction that locks the same
// people in another order.
func TestListOutlivesADeadlock(t *testing.T) {
	t.Parallel()
	s := storetest.OpenAt(t, store.Postgres, time.Now)
	k := newCounter(t, s)
	var held []surveys.Person
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		for i := range 2 {
			p, err := tx.SavePerson(ctx, surveys.Person{WorkspaceID: k.w.ID, Email: fmt.Sprintf("p%d@x.example", i)})
			if err != nil {
				return err
			}
			held = append(held, p)
		}
		return nil
	})
	plan := k.listed(t, fileOf(people(2)))
	plan.Start = s.Now().AddDate(0, 0, 1)
	_, list := k.confirm(t, plan)
	locked, crossed := make(chan struct{}), make(chan error, 1)
	go func() { // takes the second, and then the first: against the order
		crossed <- s.InTx(context.Background(), func(tx *store.Tx) error {
			if _, err := tx.LockPerson(context.Background(), k.w.ID, held[1].ID); err != nil {
				return err
			}
			close(locked)
			time.Sleep(300 * time.Millisecond)
			_, err := tx.LockPerson(context.Background(), k.w.ID, held[0].ID)
			time.Sleep(300 * time.Millisecond)
			return err
		})
	}()
	<-locked
	if err := flow.NewLists(s).Store(context.Background()); err != nil {
		t.Errorf("Store = %v", err)
	}
	k.wantList(t, list, surveys.ListStored, 2)
	t.Logf("the other transaction ended with %v", <-crossed)
}

func TestListsOfOneRule(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		plan := k.listed(t, fileOf(people(400)))
		_, first := k.confirm(t, plan)
		_, same := k.confirm(t, plan)                                                          // the same file before anybody is stored
		_, more := k.confirm(t, k.listed(t, fileOf(append(people(10), "new@x.example,New,")))) // and one with somebody new
		if err := flow.NewLists(s).Store(context.Background()); err != nil {
			t.Fatal(err)
		}
		k.wantList(t, first, surveys.ListStored, 400)
		k.wantList(t, same, surveys.ListStored, 400)
		k.wantList(t, more, surveys.ListStored, 11)
		if turns := k.turns(t, k.rule.ID); turns != 401 {
			t.Errorf("%d have a turn, want 401", turns)
		}
	})
}

func TestListIsConfirmedOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		plan := k.listed(t, fileOf(people(3)))
		plan.ID = storetest.ID(t, s)
		plan.Rule = surveys.Rule{Name: "List", Trigger: surveys.TriggerList, SurveyID: k.survey.ID, Status: surveys.RuleActive}
		lists := flow.NewLists(s)
		check, err := lists.Check(context.Background(), plan)
		if err != nil {
			t.Fatal(err)
		}
		var sent sync.WaitGroup
		for range 3 { // somebody pressed the button three times
			sent.Go(func() {
				if list, err := lists.Confirm(context.Background(), plan, check); err != nil || list.ID != plan.ID {
					t.Errorf("Confirm = %+v, %v", list, err)
				}
			})
		}
		sent.Wait()
		if rules, err := s.Rules(context.Background(), k.w.ID); err != nil || len(rules) != 2 {
			t.Errorf("there are %d rules, %v, want the counter's and one of the list", len(rules), err)
		}
		plan.ID = "none"
		if list, err := lists.Confirm(context.Background(), plan, check); err != nil || list.ID == "none" {
			t.Errorf("Confirm under an id that is none = %+v, %v", list, err)
		}
		stranger := storetest.Workspace(t, s)
		plan.Workspace, plan.ID = stranger, storetest.ID(t, s)
		if _, err := lists.Confirm(context.Background(), plan, check); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("Confirm for the survey of another workspace = %v", err)
		}
	})
}

// TestListOfWhomIsErased erases somebody before their line is stored.
func TestListOfWhomIsErased(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, k.w.ID, k.person.ID) })
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			k.person, err = tx.SavePerson(ctx, surveys.Person{WorkspaceID: k.w.ID, Email: "p7@x.example"})
			return err
		})
		_, list := k.confirm(t, k.listed(t, fileOf(people(20))))
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, k.w.ID, k.person.ID) })
		if err := flow.NewLists(s).Store(context.Background()); err != nil {
			t.Fatal(err)
		}
		k.wantList(t, list, surveys.ListStored, 20)
		if found, err := s.People(context.Background(), k.w.ID, "p7@x.example", 0, 9); err != nil || len(found) != 0 || k.turns(t, k.rule.ID) != 19 {
			t.Errorf("the erased person is back: %v, %v; %d turns", found, err, k.turns(t, k.rule.ID))
		}
	})
}

// TestListOfAnotherTrigger makes a rule about events of a list's rule before its
// people are stored.
func TestListOfAnotherTrigger(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		_, list := k.confirm(t, k.listed(t, fileOf(people(20))))
		k.change(t, func(r *surveys.Rule) { r.Trigger, r.EventType = surveys.TriggerEvent, "order_completed" })
		if err := flow.NewLists(s).Store(context.Background()); err != nil {
			t.Fatal(err)
		}
		k.wantList(t, list, surveys.ListWithdrawn, 0)
		if turns := k.turns(t, k.rule.ID); turns != 0 {
			t.Errorf("%d have a turn", turns)
		}
	})
}
