package flow_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestEventsSayWhatBecame: the end of a subscription belongs to the cancellation that it
// names, else to the person's latest; what nobody asked for is told from what failed to be
// paid; whoever stays, stays.
func TestEventsSayWhatBecame(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newExit(t, s, surveys.CancelFlow{})
		leave := func(person *surveys.Person) flow.Visitor {
			t.Helper()
			by := x.visitor(person)
			x.tell(by, flow.StepLeft, flow.CancelTold{Step: flow.StepReason, Deed: flow.CancelNow, Reason: "unused"})
			return by
		}
		anna, ben := storetest.Person(t, s, x.w.ID), storetest.Person(t, s, x.w.ID)
		known, unknown := leave(&anna), leave(nil)
		clock.Advance(time.Hour)
		x.event(surveys.EventCancelled, s.Now(), anna, map[string]any{"amount": 29.9, "currency": "eur"})
		if c := x.stored(known); c.Lost != surveys.LostByWish || !c.LostAt.Equal(s.Now()) || c.Amount == nil || *c.Amount != 29.9 || c.Currency != "EUR" {
			t.Errorf("Anna's: %+v", c)
		}
		x.event(surveys.EventCancelled, s.Now(), ben, map[string]any{"cancellation": x.stored(unknown).ID})
		if c := x.stored(unknown); c.Lost != surveys.LostByWish || c.PersonID != ben.ID {
			t.Errorf("Ben's, who was named by the page: %+v", c)
		}
		clock.Advance(time.Minute)
		saved := x.visitor(&anna)
		x.tell(saved, flow.StepKept, flow.CancelTold{Step: flow.StepConfirm, Deed: flow.CancelKeep})
		chosen := s.Now()
		clock.Advance(45 * 24 * time.Hour)
		x.event(surveys.EventCancelled, s.Now(), anna, nil)
		if c := x.stored(saved); c.Lost != surveys.LostByWish || !c.LostAt.Equal(chosen.Add(45*24*time.Hour)) || c.Choice != surveys.CancelKept {
			t.Errorf("Anna stayed 45 days: %+v", c)
		}

		clara, dan, emma := storetest.Person(t, s, x.w.ID), storetest.Person(t, s, x.w.ID), storetest.Person(t, s, x.w.ID)
		x.event(surveys.EventPaymentFailed, s.Now(), clara, nil)
		x.event(surveys.EventPaymentFailed, s.Now(), dan, nil)
		x.event(surveys.EventPaymentFailed, s.Now(), emma, nil)
		clock.Advance(20 * 24 * time.Hour)
		x.event(surveys.EventKept, s.Now(), dan, nil)
		byEmma := leave(&emma)
		clock.Advance(time.Hour)
		for _, person := range []surveys.Person{clara, dan, emma} {
			x.event(surveys.EventCancelled, s.Now(), person, nil)
		}
		fritz := storetest.Person(t, s, x.w.ID)
		x.event(surveys.EventCancelled, s.Now(), fritz, map[string]any{"reason": "payment_failed"})
		list, err := s.Cancellations(t.Context(), x.w.ID, store.CancellationFilter{To: s.Now().Add(time.Second)})
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]surveys.Loss{}
		for _, c := range list {
			if c.FlowID == "" {
				got[c.PersonID] = c.Lost
			}
		}
		if want := map[string]surveys.Loss{clara.ID: surveys.LostPayment, dan.ID: surveys.LostByWish, fritz.ID: surveys.LostPayment}; !reflect.DeepEqual(got, want) {
			t.Errorf("without a flow: %v, want %v", got, want)
		}
		if c := x.stored(byEmma); c.Lost != surveys.LostByWish {
			t.Errorf("Emma, whose payment failed before she left: %+v", c)
		}

		gone := leave(&fritz)
		x.event(surveys.EventKept, s.Now(), fritz, nil)
		c := x.stored(gone)
		if choice, since := c.Chose(); choice != surveys.CancelKept || !since.Equal(s.Now()) || c.Lost != surveys.NotLost {
			t.Errorf("the shop's page kept Fritz: %+v", c)
		}
		x.event(surveys.EventCancelled, s.Now(), clara, map[string]any{"amount": "5.5", "currency": "eur"})
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, x.w.ID, anna.ID) })
		if _, err := s.CancellationOfVisit(t.Context(), x.w.ID, x.flow.ID, known.Way(nil)); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("an erased person's: %v", err)
		}
	})
}

// TestWhoSaidNothingIsAskedByMail: the rule that the back office makes asks whoever
// cancelled without a reason, in the same event that tells of it, and nobody else.
func TestWhoSaidNothingIsAskedByMail(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newExit(t, s, surveys.CancelFlow{})
		survey := storetest.Survey(t, s, x.w.ID, surveys.CSAT)
		if _, err := flow.NewAsking(s).SaveRule(t.Context(), x.w.ID, surveys.Rule{
			Name: "Cancelled without a reason", Trigger: surveys.TriggerEvent, EventType: surveys.EventCancelled, Condition: `cancellation.reason == "" and cancellation.lost == "wish"`, Withdraw: surveys.Withdrawal{Events: []string{surveys.EventKept}}, Delay: time.Hour, Window: surveys.AnyTime(), SurveyID: survey.ID,
		}); err != nil {
			t.Fatal(err)
		}
		asked := func(person surveys.Person) surveys.Outcome {
			t.Helper()
			got, err := flow.NewReceiver(s, nil).Receive(t.Context(), x.w.Workspace, surveys.Event{Type: surveys.EventCancelled}, surveys.Person{ExternalID: person.ExternalID, Email: person.Email})
			if err != nil || len(got.Decisions) != 1 {
				t.Fatalf("decided %+v, %v", got, err)
			}
			return got.Decisions[0].Outcome
		}
		told, silent, outside, broke := storetest.Person(t, s, x.w.ID), storetest.Person(t, s, x.w.ID), storetest.Person(t, s, x.w.ID), storetest.Person(t, s, x.w.ID)
		x.tell(x.visitor(&told), flow.StepLeft, flow.CancelTold{Step: flow.StepReason, Deed: flow.CancelNow, Reason: "unused"})
		x.tell(x.visitor(&silent), flow.StepLeft, flow.CancelTold{Step: flow.StepReason, Deed: flow.CancelNow})
		if got := asked(told); got != surveys.NotMatched {
			t.Errorf("who gave a reason: %s", got)
		}
		if got := asked(silent); got != surveys.Scheduled {
			t.Errorf("who gave none: %s", got)
		}
		if got := asked(outside); got != surveys.Scheduled {
			t.Errorf("who saw no flow: %s", got)
		}
		x.event(surveys.EventPaymentFailed, s.Now().Add(-time.Hour), broke, nil)
		if got := asked(broke); got != surveys.NotMatched {
			t.Errorf("whose payment failed: %s", got)
		}
		planned := func(person surveys.Person) surveys.Invitation {
			t.Helper()
			sent, err := s.PersonInvitations(t.Context(), x.w.ID, person.ID, 9)
			if err != nil || len(sent) != 1 {
				t.Fatalf("planned %+v, %v", sent, err)
			}
			return sent[0]
		}
		x.event(surveys.EventKept, s.Now(), outside, nil)
		if i := planned(outside); i.State != surveys.InvitationCancelled || i.Problem != "withdrawn_by?event=subscription_kept" {
			t.Errorf("who was kept within the hour: %+v", i)
		}
		late, unknown, back := storetest.Person(t, s, x.w.ID), storetest.Person(t, s, x.w.ID), storetest.Person(t, s, x.w.ID)
		nobody, again := x.visitor(nil), x.visitor(&back)
		x.tell(nobody, flow.StepLeft, flow.CancelTold{Step: flow.StepReason, Deed: flow.CancelNow, Reason: "unused"})
		x.tell(again, flow.StepLeft, flow.CancelTold{Step: flow.StepReason, Deed: flow.CancelNow})
		for _, person := range []surveys.Person{late, unknown, back} {
			if got := asked(person); got != surveys.Scheduled {
				t.Fatalf("who has said nothing yet: %s", got)
			}
		}
		x.event(surveys.EventPaymentFailed, s.Now().Add(-time.Hour), late, nil)
		x.event(surveys.EventCancelled, s.Now(), unknown, map[string]any{"cancellation": x.stored(nobody).ID})
		x.tell(again, flow.StepLeft, flow.CancelTold{Step: flow.StepReason, Deed: flow.CancelNow, Reason: "unused"})
		for name, person := range map[string]surveys.Person{"whose payment failed before": late, "whose answer is known now": unknown, "who answers now": back} {
			if i := planned(person); i.State != surveys.InvitationCancelled || i.Problem != "condition_since?" {
				t.Errorf("%s: %s %s", name, i.State, i.Problem)
			}
		}
	})
}

// TestEventsOfTheSameLoss: two systems tell one loss, and no event is put on somebody else.
func TestEventsOfTheSameLoss(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newExit(t, s, surveys.CancelFlow{})
		anna, ben := storetest.Person(t, s, x.w.ID), storetest.Person(t, s, x.w.ID)
		by := x.visitor(&anna)
		x.tell(by, flow.StepLeft, flow.CancelTold{Step: flow.StepReason, Deed: flow.CancelNow, Reason: "unused"})
		clock.Advance(time.Hour)
		for range 2 {
			x.event(surveys.EventCancelled, s.Now(), anna, map[string]any{"amount": 29.0, "currency": "EUR"})
		}
		x.event(surveys.EventCancelled, s.Now(), ben, map[string]any{"cancellation": x.stored(by).ID, "amount": 50.0})
		list, err := s.Cancellations(t.Context(), x.w.ID, store.CancellationFilter{To: s.Now().Add(time.Second)})
		if err != nil || len(list) != 2 || list[0].PersonID != ben.ID || list[0].FlowID != "" || *list[0].Amount != 50 {
			t.Errorf("beside Anna's: %+v, %v", list, err)
		}
		if c := x.stored(by); *c.Amount != 29 || c.PersonID != anna.ID {
			t.Errorf("Anna's: %+v", c)
		}
	})
}

// TestLateEventsChangeWhatBecame: an event that comes late is put where it belongs, and an
// end that was none after all is forgotten.
func TestLateEventsChangeWhatBecame(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newExit(t, s, surveys.CancelFlow{Fields: []string{"subscription"}})
		anna, ben, day := storetest.Person(t, s, x.w.ID), storetest.Person(t, s, x.w.ID), 24*time.Hour
		by := x.visitor(&anna)
		for _, subscription := range []string{"coffee", "tea"} {
			x.tell(by, flow.StepLeft, flow.CancelTold{Step: flow.StepReason, Deed: flow.CancelNow, Reason: "unused", Fields: map[string]string{"subscription": subscription}})
			clock.Advance(time.Minute)
		}
		clock.Advance(9 * day)
		all := func() []surveys.Cancellation {
			list, err := s.Cancellations(t.Context(), x.w.ID, store.CancellationFilter{To: s.Now().Add(time.Second)})
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		for _, amount := range []float64{9, 12} {
			x.event(surveys.EventCancelled, s.Now().Add(-8*day), anna, map[string]any{"amount": amount})
		}
		if list := all(); len(list) != 2 || list[0].Fields["subscription"] != "tea" || *list[0].Amount != 9 || list[1].Lost != surveys.LostByWish || *list[1].Amount != 12 {
			t.Errorf("two subscriptions: %+v", list)
		}
		x.event(surveys.EventCancelled, s.Now(), ben, map[string]any{"amount": 7.0})
		x.event(surveys.EventCancelled, s.Now(), ben, map[string]any{"amount": 8.0})
		if list := all(); len(list) != 4 || list[1].PersonID != ben.ID || list[1].Lost != surveys.LostByWish {
			t.Errorf("without a flow: %+v", list)
		}
		x.event(surveys.EventPaymentFailed, s.Now().Add(-5*day), ben, nil)
		if list := all(); len(list) != 4 || list[0].Lost == list[1].Lost { // the first one ended by it
			t.Errorf("a payment that failed is told late: %+v", list)
		}
		x.event(surveys.EventKept, s.Now(), ben, nil)
		if list := all(); len(list) != 3 || list[0].PersonID != ben.ID || list[0].Lost != surveys.LostPayment {
			t.Errorf("one goes on: %+v", list)
		}
		x.event(surveys.EventKept, s.Now().Add(-9*day), anna, nil) // before it ended
		if list := all(); list[1].Lost == surveys.NotLost || list[2].Lost == surveys.NotLost {
			t.Errorf("kept before the end: %+v", list)
		}
	})
}
