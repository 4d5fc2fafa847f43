package flow_test

import (
	"context"
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// exit is a flow with people who are about to leave.
type exit struct {
	*testing.T
	s      *store.Store
	w      flow.Office
	cancel *flow.Cancelling
	flow   surveys.CancelFlow
	visits int
}

func newExit(t *testing.T, s *store.Store, f surveys.CancelFlow) *exit {
	t.Helper()
	w := storetest.Workspace(t, s)
	w.Segments = []string{"plan"}
	x := &exit{T: t, s: s, w: flow.Office{Workspace: w, Zone: w.Location()}, cancel: flow.NewCancelling(s, flow.NewDirectory(s), newAnswers(t, s))}
	f.Name = "Leaving"
	var err error
	if x.flow, err = x.cancel.CreateFlow(t.Context(), w.ID, f); err != nil {
		t.Fatal(err)
	}
	return x
}

// visitor is somebody new.
func (x *exit) visitor(person *surveys.Person) flow.Visitor {
	x.visits++
	return flow.Visitor{Page: fmt.Sprintf("visit-%020d", x.visits), Person: person}
}

// tell goes one step, and wants the next one.
func (x *exit) tell(by flow.Visitor, want flow.CancelStep, told flow.CancelTold) surveys.Cancellation {
	x.Helper()
	told.Locale = "en"
	c, next, err := x.cancel.Tell(x.Context(), x.w, x.flow, by, told)
	if err != nil || next != want {
		x.Fatalf("%+v leads to %q, %v, want %q", told, next, err, want)
	}
	return c
}

// stored is what is kept of a visit.
func (x *exit) stored(by flow.Visitor) surveys.Cancellation {
	x.Helper()
	c, err := x.s.CancellationOfVisit(x.Context(), x.w.ID, x.flow.ID, by.Way(nil))
	if err != nil {
		x.Fatal(err)
	}
	return c
}

// event says what became of a subscription.
func (x *exit) event(kind string, at time.Time, person surveys.Person, properties map[string]any) {
	x.Helper()
	person = surveys.Person{ExternalID: person.ExternalID, Email: person.Email}
	if _, err := flow.NewReceiver(x.s, nil).Receive(x.Context(), x.w.Workspace, surveys.Event{Type: kind, OccurredAt: at, Properties: properties}, person); err != nil {
		x.Fatal(err)
	}
}

func offerOf(o surveys.CancelOffer) surveys.CancelOffer {
	o.Name, o.Texts = o.ID, map[string]surveys.CancelOfferText{"en": {Title: "Stay for less"}}
	return o
}

// TestCancelFlowSteps: the reason, its question, the offer that fits first, the score and
// the choice; each is stored when it is told, and another one changes it.
func TestCancelFlowSteps(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newExit(t, s, surveys.CancelFlow{Offers: []surveys.CancelOffer{
			offerOf(surveys.CancelOffer{ID: "pro", Reasons: []string{"too_expensive"}, Trait: "plan", Values: []string{"Pro"}}),
			offerOf(surveys.CancelOffer{ID: "paused", Paused: true}),
			offerOf(surveys.CancelOffer{ID: "price", Reasons: []string{"too_expensive"}}),
		}})
		if len(x.flow.Reasons) != 8 || x.flow.Reasons[7].ID != surveys.OtherReason || x.flow.Key == "" {
			t.Fatalf("made %+v", x.flow)
		}
		by := x.visitor(nil)
		x.tell(by, flow.StepAsk, flow.CancelTold{Step: flow.StepReason, Deed: flow.CancelNext, Reason: "too_expensive"})
		if c := x.stored(by); c.Reason != "too_expensive" || c.Choice != surveys.CancelOpen || c.PersonID != "" {
			t.Errorf("after the reason: %+v", c)
		}
		clock.Advance(time.Minute)
		c := x.tell(by, flow.StepOffer, flow.CancelTold{Step: flow.StepAsk, Comment: "Ten is enough"})
		if c.OfferID != "price" || c.Comment != "Ten is enough" {
			t.Errorf("the offer: %+v", c)
		}
		x.tell(by, flow.StepConfirm, flow.CancelTold{Step: flow.StepOffer, Deed: flow.CancelDecline})
		c = x.tell(by, flow.StepLeft, flow.CancelTold{Step: flow.StepConfirm, Deed: flow.CancelNow})
		if at := storetest.Start().Add(time.Minute); c.Offer != surveys.OfferDeclined || c.Choice != surveys.CancelLeft || !c.ChosenAt.Equal(at) || !c.StartedAt.Equal(storetest.Start()) || c.Reason != "too_expensive" || c.Comment != "Ten is enough" {
			t.Errorf("in the end: %+v", c)
		}
		if stored := x.stored(by); !reflect.DeepEqual(stored, c) {
			t.Errorf("stored %+v, said %+v", stored, c)
		}

		pro := storetest.Person(t, s, x.w.ID)
		known := x.visitor(&pro)
		x.tell(known, flow.StepAsk, flow.CancelTold{Step: flow.StepReason, Reason: "too_expensive"})
		c = x.tell(known, flow.StepOffer, flow.CancelTold{Step: flow.StepAsk})
		if c.OfferID != "pro" || c.PersonID != pro.ID || c.Segments["plan"] != "pro" {
			t.Errorf("a pro gets %+v", c)
		}
		c = x.tell(known, flow.StepAccepted, flow.CancelTold{Step: flow.StepOffer, Deed: flow.CancelAccept})
		if c.Offer != surveys.OfferAccepted || c.Choice != surveys.CancelKept {
			t.Errorf("accepted: %+v", c)
		}

		other := x.visitor(nil)
		x.tell(other, flow.StepAsk, flow.CancelTold{Step: flow.StepReason, Reason: "unused"})
		if c := x.tell(other, flow.StepConfirm, flow.CancelTold{Step: flow.StepAsk}); c.Offer != surveys.OfferNone {
			t.Errorf("no offer fits: %+v", c)
		}
		if c := x.tell(other, flow.StepKept, flow.CancelTold{Step: flow.StepConfirm, Deed: flow.CancelKeep}); c.Choice != surveys.CancelKept {
			t.Errorf("kept: %+v", c)
		}
		at := x.visitor(nil)
		if c := x.tell(at, flow.StepLeft, flow.CancelTold{Step: flow.StepReason, Deed: flow.CancelNow, Reason: "unused"}); c.Reason != "unused" {
			t.Errorf("with the reason: %+v", c)
		}
		silent := x.visitor(nil)
		if c := x.tell(silent, flow.StepLeft, flow.CancelTold{Step: flow.StepReason, Deed: flow.CancelNow}); c.Reason != "" || c.Choice != surveys.CancelLeft {
			t.Errorf("without a word: %+v", c)
		}
		for _, reason := range []string{"", "rain", "' OR 1=1"} {
			if _, _, err := x.cancel.Tell(t.Context(), x.w, x.flow, x.visitor(nil), flow.CancelTold{Step: flow.StepReason, Reason: reason}); surveys.KindOf(err) != surveys.Invalid {
				t.Errorf("the reason %q: %v", reason, err)
			}
		}
	})
}

// TestCancelFlowAsksTheScoreLast: the answer is one of the survey's, the canceller's where
// they are known; a survey that is closed is in nobody's way.
func TestCancelFlowAsksTheScoreLast(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newExit(t, s, surveys.CancelFlow{})
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		x.flow.ScoreSurveyID = survey.ID
		if _, err := x.cancel.UpdateFlow(t.Context(), x.flow); err != nil {
			t.Fatal(err)
		}
		person := storetest.Person(t, s, x.w.ID)
		by := x.visitor(&person)
		x.tell(by, flow.StepLeft, flow.CancelTold{Step: flow.StepConfirm, Deed: flow.CancelNow, Score: &flow.Given{Score: 3, Locale: "en"}})
		list, err := s.Responses(t.Context(), x.w.ID, store.ResponseFilter{SurveyID: survey.ID})
		if err != nil || len(list) != 1 || list[0].Score != 3 || list[0].Channel != surveys.ChannelCancel || list[0].PersonID != person.ID {
			t.Errorf("stored %+v, %v", list, err)
		}
		survey.Status = surveys.SurveyArchived
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		later := &exit{T: t, s: s, w: x.w, cancel: flow.NewCancelling(s, flow.NewDirectory(s), newAnswers(t, s)), flow: x.flow}
		later.tell(x.visitor(nil), flow.StepLeft, flow.CancelTold{Step: flow.StepConfirm, Deed: flow.CancelNow, Score: &flow.Given{Score: 3, Locale: "en"}})
		stranger := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		x.flow.ScoreSurveyID = stranger.ID
		if _, err := x.cancel.UpdateFlow(t.Context(), x.flow); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("another workspace's survey: %v", err)
		}
	})
}

// TestOffersHoldSomeBack: the share and the hold-out are kept to, the same people are in
// them however often they come, and both have an offer to compare by.
func TestOffersHoldSomeBack(t *testing.T) {
	t.Parallel()
	f := surveys.CancelFlow{ID: "flow", HoldOut: 20, Offers: []surveys.CancelOffer{{ID: "a", Share: 50}, {ID: "b"}}}
	got := map[string]int{}
	const n = 20_000
	nothing := func(string) string { return "" }
	for i := range n {
		who := fmt.Sprint("person ", i)
		offer, held, found := f.OfferFor("unused", who, nothing)
		again, heldAgain, _ := f.OfferFor("unused", who, nothing)
		if !found || offer.ID != again.ID || held != heldAgain {
			t.Fatalf("%s gets %v %v, then %v %v", who, offer.ID, held, again.ID, heldAgain)
		}
		got[fmt.Sprint(offer.ID, held)]++
	}
	for key, want := range map[string]float64{"afalse": 0.4, "atrue": 0.1, "bfalse": 0.4, "btrue": 0.1} {
		if share := float64(got[key]) / n; share < want-0.012 || share > want+0.012 { // over four standard errors
			t.Errorf("%s: %.3f, want %.1f", key, share, want)
		}
	}
}

// TestAnotherReason: what was said and offered about one reason is not put down to another.
func TestAnotherReason(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newExit(t, s, surveys.CancelFlow{Offers: []surveys.CancelOffer{offerOf(surveys.CancelOffer{ID: "price", Reasons: []string{"too_expensive"}})}})
		by := x.visitor(nil)
		x.tell(by, flow.StepAsk, flow.CancelTold{Step: flow.StepReason, Reason: "too_expensive"})
		x.tell(by, flow.StepOffer, flow.CancelTold{Step: flow.StepAsk, Comment: "Ten is enough"})
		x.tell(by, flow.StepAsk, flow.CancelTold{Step: flow.StepReason, Reason: "too_expensive"})
		if c := x.stored(by); c.Comment != "Ten is enough" || c.Offer != surveys.OfferMade {
			t.Errorf("the same reason again: %+v", c)
		}
		x.tell(by, flow.StepAsk, flow.CancelTold{Step: flow.StepReason, Reason: "unused"})
		if c := x.tell(by, flow.StepLeft, flow.CancelTold{Step: flow.StepAsk, Deed: flow.CancelNow}); c.Reason != "unused" || c.Comment != "" || c.Offer != surveys.OfferNone || c.OfferID != "" {
			t.Errorf("another reason: %+v", c)
		}
	})
}

// TestWhoAcceptsMayStillLeave: the last button counts, for the offer too.
func TestWhoAcceptsMayStillLeave(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newExit(t, s, surveys.CancelFlow{Offers: []surveys.CancelOffer{offerOf(surveys.CancelOffer{ID: "half"})}})
		by := x.visitor(nil)
		x.tell(by, flow.StepAsk, flow.CancelTold{Step: flow.StepReason, Reason: "unused"})
		x.tell(by, flow.StepOffer, flow.CancelTold{Step: flow.StepAsk})
		for _, c := range []struct {
			deed   flow.CancelDeed
			next   flow.CancelStep
			offer  surveys.OfferState
			choice surveys.CancelChoice
		}{
			{flow.CancelAccept, flow.StepAccepted, surveys.OfferAccepted, surveys.CancelKept},
			{flow.CancelNow, flow.StepLeft, surveys.OfferDeclined, surveys.CancelLeft},
			{flow.CancelAccept, flow.StepAccepted, surveys.OfferAccepted, surveys.CancelKept},
			{flow.CancelKeep, flow.StepKept, surveys.OfferAccepted, surveys.CancelKept},
		} {
			if got := x.tell(by, c.next, flow.CancelTold{Step: flow.StepOffer, Deed: c.deed}); got.Offer != c.offer || got.Choice != c.choice {
				t.Errorf("%s: %+v", c.deed, got)
			}
		}
	})
}

// TestReasonsKeepTheirIDs: a reason that goes is offered no more and stays readable, a new
// one gets an id of its own, and "other" stands last in every order.
func TestReasonsKeepTheirIDs(t *testing.T) {
	t.Parallel()
	x := newExit(t, storetest.Open(t, store.SQLite), surveys.CancelFlow{})
	f := x.flow
	f.Reasons = append([]surveys.CancelReason{{Texts: map[string]surveys.CancelReasonText{"en": {Label: "Moving abroad"}}}}, f.Reasons[1:]...)
	f, err := x.cancel.UpdateFlow(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	gone, known := f.Reason("too_expensive")
	if !known || !gone.Gone || f.Reasons[0].ID == "" || len(f.Reasons) != 9 {
		t.Errorf("stored %+v", f.Reasons)
	}
	firsts := map[string]int{}
	for i := range 2000 {
		list := f.Shuffled(fmt.Sprint(i))
		if len(list) != 8 || list[7].ID != surveys.OtherReason {
			t.Fatalf("the order %+v", list)
		}
		firsts[list[0].ID]++
	}
	for id, n := range firsts {
		if n < 2000/7-70 || n > 2000/7+70 {
			t.Errorf("%s stands first %d times of 2000", id, n)
		}
	}
}

// TestOffersAreMadeOnce: whoever declined one is not made it again on the same day.
func TestOffersAreMadeOnce(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, _ *storetest.Clock) {
		x := newExit(t, s, surveys.CancelFlow{Offers: []surveys.CancelOffer{{ID: "half", Name: "Half", Texts: map[string]surveys.CancelOfferText{"en": {Title: "Half"}}}}})
		by := x.visitor(nil)
		for _, next := range []flow.CancelStep{flow.StepOffer, flow.StepConfirm} {
			x.tell(by, flow.StepAsk, flow.CancelTold{Step: flow.StepReason, Reason: "unused"})
			x.tell(by, next, flow.CancelTold{Step: flow.StepAsk})
			x.tell(by, flow.StepConfirm, flow.CancelTold{Step: next, Deed: flow.CancelDecline})
		}
		if c := x.stored(by); c.Offer != surveys.OfferDeclined || c.OfferID != "half" {
			t.Errorf("kept %+v", c)
		}
	})
}
