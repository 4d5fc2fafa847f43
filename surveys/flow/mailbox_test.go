package flow_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// One customer whom several programs name in several ways is known by the
// mailbox: what one of them says counts for what another has led to.

// named are the ways in which a shop and a help desk name the same customer, first
// for what is asked about, then for what follows.
func named() map[string][2]surveys.Person {
	const mailbox = "ann@customers.example"
	return map[string][2]surveys.Person{
		"two ids":                   {{ExternalID: "shop-7", Email: mailbox}, {ExternalID: "desk-88", Email: mailbox}},
		"an id, then the address":   {{ExternalID: "shop-7", Email: mailbox}, {Email: mailbox}},
		"the address, then an id":   {{Email: mailbox}, {ExternalID: "desk-88", Email: mailbox}},
		"the same address by hand":  {{Email: mailbox}, {ExternalID: "desk-88", Email: " Ann@Customers.example"}},
		"somebody else's (another)": {{ExternalID: "shop-7", Email: mailbox}, {ExternalID: "desk-88", Email: "bob@customers.example"}},
	}
}

func TestAnEventByAnotherNameTakesBack(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for name, ways := range named() {
			t.Run(name, func(t *testing.T) {
				k := newCounter(t, s)
				k.change(t, func(r *surveys.Rule) { r.Delay, r.Withdraw.Events = 48*time.Hour, []string{"order_refunded"} })
				first := k.receive(t, k.order(), ways[0])
				refund := k.order()
				refund.Type = "order_refunded"
				got := k.receive(t, refund, ways[1])
				list := k.invitations(t, first.PersonID)
				another := ways[1].Email == "bob@customers.example"
				if len(list) != 1 || (list[0].State == surveys.InvitationCancelled) == another {
					t.Errorf("invitations = %+v after %+v, want them taken back: %t", list, got.Decisions, !another)
				}
			})
			t.Run(name+", and the refund is there first", func(t *testing.T) {
				k := newCounter(t, s)
				k.change(t, func(r *surveys.Rule) { r.Withdraw.Events = []string{"order_refunded"} })
				refund := k.order()
				refund.Type = "order_refunded"
				k.receive(t, refund, ways[1])
				order := k.order()
				order.OccurredAt = s.Now().Add(-time.Hour)
				want := surveys.Withdrawn
				if ways[1].Email == "bob@customers.example" {
					want = surveys.Scheduled
				}
				if d := k.receive(t, order, ways[0]).Decisions[0]; d.Outcome != want {
					t.Errorf("decision = %+v, want %s", d, want)
				}
			})
		}
	})
}

func TestConditionsKnowThePastByAnotherName(t *testing.T) {
	t.Parallel()
	conditions := map[string]bool{ // whether it is true of somebody new
		"survey.asked == 0": true, "history.nps.asked == 0": true, "count.order_completed == 0": true, "last.order_completed.total > 60": false,
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for name, ways := range named() {
			for condition, fresh := range conditions {
				t.Run(name+", "+condition, func(t *testing.T) {
					k := newCounter(t, s)
					k.change(t, func(r *surveys.Rule) { r.CapDays = 0 })
					k.receive(t, k.order(), ways[0])
					k.change(t, func(r *surveys.Rule) { r.Condition = condition })
					matched := k.receive(t, k.order(), ways[1]).Decisions[0].Outcome != surveys.NotMatched
					if another := ways[1].Email == "bob@customers.example"; matched != (fresh == another) {
						t.Errorf("matched = %t", matched)
					}
				})
			}
		}
	})
}

// TestTrialAsksAMailboxOnce counts what would leave, as the rule itself asks.
func TestTrialAsksAMailboxOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for name, ways := range named() {
			t.Run(name, func(t *testing.T) {
				k := newCounter(t, s)
				k.change(t, func(r *surveys.Rule) { r.CapDays = 90 })
				if err := flow.NewAsking(s).SetRuleStatus(context.Background(), k.w.ID, k.rule.ID, surveys.RulePaused); err != nil {
					t.Fatal(err)
				}
				for _, ago := range []time.Duration{50, 30, 10} {
					for _, p := range ways {
						order := k.order()
						order.OccurredAt = s.Now().Add(-ago * time.Hour)
						k.receive(t, order, p)
					}
				}
				want := int64(1)
				if ways[1].Email == "bob@customers.example" {
					want = 2
				}
				trial, err := flow.NewRuleTrials(s).Try(context.Background(), k.w, k.rule)
				if err != nil || trial.Tried != 6 || trial.Asked() != want {
					t.Errorf("%d of %d would be asked (%v), want %d of 6: %+v", trial.Asked(), trial.Tried, err, want, trial.Fates)
				}
			})
		}
	})
}

// TestAnAddressOfVeryManyIsSpared has a till that makes an id for each order and
// gives one address for all of them.
func TestAnAddressOfVeryManyIsSpared(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k, asked := newCounter(t, s), 0
		for n := range 130 {
			got := k.receive(t, k.order(), surveys.Person{ExternalID: fmt.Sprint("order-", n), Email: "till@shop.example"})
			if got.Decisions[0].Outcome.Asks() {
				asked++
			}
		}
		if asked != 1 {
			t.Errorf("the till was asked %d times", asked)
		}
	})
}

// TestALetterToAnOldAddressCounts has somebody get a new address after they were
// asked, and somebody else the old one.
func TestALetterToAnOldAddressCounts(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		first := k.receive(t, k.order(), surveys.Person{ExternalID: "ann", Email: "old@customers.example"})
		leave(t, s, k.w, first.Decisions[0].InvitationID)
		for _, p := range []surveys.Person{{ExternalID: "ann", Email: "new@customers.example"}, {ExternalID: "bob", Email: "old@customers.example"}} {
			if d := k.receive(t, k.order(), p).Decisions[0]; d.Outcome != surveys.Capped {
				t.Errorf("%s: %+v, want them spared", p.ExternalID, d)
			}
		}
	})
}

// TestAMailboxIsAskedOnceAtOnce reports orders of one mailbox by several ids at the
// same moment.
func TestAMailboxIsAskedOnceAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		receiver := flow.NewReceiver(s, nil)
		var asked [20]atomic.Int32
		var reports sync.WaitGroup
		for box := range asked {
			for id := range 4 {
				reports.Go(func() {
					p := surveys.Person{ExternalID: fmt.Sprint(box, "-", id), Email: fmt.Sprintf("box%d@customers.example", box)}
					got, err := receiver.Receive(context.Background(), k.w, k.order(), p)
					if err != nil {
						t.Errorf("Receive = %v", err)
					} else if got.Decisions[0].Outcome.Asks() {
						asked[box].Add(1)
					}
				})
			}
		}
		reports.Wait()
		for box := range asked {
			if n := asked[box].Load(); n != 1 {
				t.Errorf("mailbox %d was asked %d times", box, n)
			}
		}
	})
}
