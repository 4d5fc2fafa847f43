package mailer

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// habit is a customer of a shop with two rules: each order asks the first survey,
// each ticket the second one.
type habit struct {
	office
	clock  *storetest.Clock
	orders surveys.Rule
	second surveys.Survey
	d      *Dispatcher
	server *smtptest.Server
}

func newHabit(t *testing.T, o office, clock *storetest.Clock, caps surveys.Caps) *habit {
	t.Helper()
	o.workspace.Caps = caps
	storetest.Write(t, o.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateWorkspace(ctx, o.workspace) })
	h := &habit{office: o, clock: clock, second: storetest.Survey(t, o.store, o.workspace.ID, surveys.CSAT), server: smtptest.New(t)}
	h.orders = h.rule("order", o.survey, nil)
	h.rule("ticket", h.second, func(r *surveys.Rule) { r.WhenCapped = surveys.CapDefer })
	h.d = dispatcher(t, o.store, transportTo(t, h.server.Addr(), patient()), nil)
	return h
}

func (h *habit) rule(event string, survey surveys.Survey, edit func(*surveys.Rule)) surveys.Rule {
	h.t.Helper()
	rule := surveys.Rule{Name: event, EventType: event, SurveyID: survey.ID, Status: surveys.RuleActive}
	if edit != nil {
		edit(&rule)
	}
	rule, err := flow.NewAsking(h.store).SaveRule(h.t.Context(), h.workspace.ID, rule)
	if err != nil {
		h.t.Fatal(err)
	}
	return rule
}

// happen receives an event of the customer and returns the invitation that
// follows from it.
func (h *habit) happen(event string) surveys.Invitation {
	h.t.Helper()
	got, err := flow.NewReceiver(h.store, nil).Receive(h.t.Context(), h.workspace, surveys.Event{Type: event}, surveys.Person{Email: "ann@customers.example"})
	if err != nil || len(got.Decisions) != 1 {
		h.t.Fatalf("%s: %+v, %v", event, got, err)
	}
	if !got.Decisions[0].Outcome.Asks() {
		h.t.Fatalf("%s asks nothing: %+v", event, got.Decisions[0])
	}
	return h.read(got.Decisions[0].InvitationID)
}

// onPage stores an answer that the customer gives now without an invitation.
func (h *habit) onPage(personID string, survey surveys.Survey) {
	h.t.Helper()
	r := storetest.Response(h.t, h.store, survey, 5)
	r.PersonID = personID
	ingest := store.NewIngest(h.store, nil)
	defer ingest.Close()
	if _, err := ingest.Submit(h.t.Context(), store.Submission{Response: r}); err != nil {
		h.t.Fatal(err)
	}
}

func (h *habit) pause(status surveys.SurveyStatus) {
	h.t.Helper()
	if err := flow.NewAsking(h.store).SetSurveyStatus(h.t.Context(), h.workspace.ID, h.survey.ID, status); err != nil {
		h.t.Fatal(err)
	}
}

// pass lets time go by, with a look at what is due every quarter of an hour.
func (h *habit) pass(span time.Duration) {
	h.t.Helper()
	for ; span > 0; span -= 15 * time.Minute {
		h.clock.Advance(min(span, 15*time.Minute))
		if _, err := runOnce(h.t.Context(), h.d); err != nil {
			h.t.Fatal(err)
		}
	}
}

// TestALetterThatWasHeldUpKeepsItsDistance pauses a survey while its letter is
// due. Meanwhile the other rule asks, as nobody knows whether the letter will ever
// leave; when it may, it keeps away.
func TestALetterThatWasHeldUpKeepsItsDistance(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		h := newHabit(t, o, clock, surveys.Caps{})
		h.orders.WhenCapped = surveys.CapDefer
		if _, err := flow.NewAsking(h.store).SaveRule(t.Context(), h.workspace.ID, h.orders); err != nil {
			t.Fatal(err)
		}
		first := h.happen("order")
		h.pause(surveys.SurveyPaused)
		h.pass(6 * time.Hour)
		second := h.happen("ticket")
		h.pass(20 * time.Hour)
		h.pause(surveys.SurveyActive)
		h.pass(48 * time.Hour)
		first, second = h.read(first.ID), h.read(second.ID)
		if first.State != surveys.InvitationSent || second.State != surveys.InvitationSent {
			t.Fatalf("they are %s and %s, want both sent", first.State, second.State)
		}
		if apart := second.SentAt.Sub(*first.SentAt).Abs(); apart < surveys.AskFloor {
			t.Errorf("they left %s from each other", apart)
		}
		if ends := first.SentAt.Add(surveys.AnswerWindow); !first.ExpiresAt.Equal(ends) {
			t.Errorf("the link of the one that was held up ends at %s, want %s", first.ExpiresAt, ends)
		}
		if ends := second.SentAt.Add(surveys.AnswerWindow); second.ExpiresAt.Before(ends.Add(-time.Hour)) {
			t.Errorf("the link of the one that waited ends at %s, %s after it was planned", second.ExpiresAt, surveys.AnswerWindow)
		}
	})
}

// TestALetterIsNotPutOffForMonths has somebody answer on a page shortly before each
// time at which a letter about an old event may leave.
func TestALetterIsNotPutOffForMonths(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		h := newHabit(t, o, clock, surveys.Caps{AllDays: 20})
		person := h.happen("order").PersonID
		h.pass(15 * time.Minute)
		h.onPage(person, h.survey)
		letter := h.happen("ticket")
		h.clock.Advance(19 * day)
		h.onPage(person, h.survey)
		h.pass(25 * time.Hour)
		if got := h.read(letter.ID); got.State != surveys.InvitationCancelled || got.Problem != "cap_by_all?days=20" {
			t.Errorf("20 days after its event it is %s, for %s (%s); it could leave 39 days after it", got.State, got.SendAt, got.Problem)
		}
	})
}

// TestTwoThatAreDueAtOnceGoOneAfterTheOther lets two letters to one customer wait
// for the same moment.
func TestTwoThatAreDueAtOnceGoOneAfterTheOther(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		h := newHabit(t, o, clock, surveys.Caps{AllDays: 3})
		first := h.happen("order")
		second := h.happen("ticket")
		h.clock.Advance(5 * day) // nothing was mailed: an outage of the whole server
		h.pass(time.Hour)
		if a, b := h.read(first.ID), h.read(second.ID); a.State != surveys.InvitationSent || b.State != surveys.InvitationScheduled || b.SendAt.Sub(*a.SentAt) < 3*day || b.Problem != "cap_by_all?days=3" {
			t.Errorf("they are %s and %s (%q, for %s)", a.State, b.State, b.Problem, b.SendAt)
		}
		h.pass(4 * day)
		h.expect(second.ID, surveys.InvitationSent)
	})
}

// TestWhoAnswersOnAPageIsNotAskedByMail has a customer answer after the mail was
// planned and before it leaves, or its reminder does.
func TestWhoAnswersOnAPageIsNotAskedByMail(t *testing.T) {
	type when struct {
		before, after time.Duration // of the answer: since the event, and until the look
		survey        int           // which one is answered: the rule's is 0
		invitation    surveys.InvitationState
		reminder      surveys.InvitationState // "" for none
		why           string                  // of the letter that does not leave
	}
	casesOnBoth(t, map[string]when{
		"before the mail":                {day, 3 * day, 0, surveys.InvitationCancelled, "", "cap_by_all?days=7"},
		"another survey":                 {day, 3 * day, 1, surveys.InvitationCancelled, "", "cap_by_all?days=7"},
		"before the reminder":            {3 * day, 5 * day, 0, surveys.InvitationSent, surveys.InvitationCancelled, "reminder_answered?"},
		"another survey, long before it": {3 * day, 5 * day, 1, surveys.InvitationSent, surveys.InvitationSent, ""},
	}, func(t *testing.T, o office, clock *storetest.Clock, test when) {
		h := newHabit(t, o, clock, surveys.Caps{AllDays: 7, Reminders: 3})
		h.orders.Delay, h.orders.Reminders = 2*day, []surveys.Reminder{{After: 4 * day}}
		if _, err := flow.NewAsking(h.store).SaveRule(t.Context(), h.workspace.ID, h.orders); err != nil {
			t.Fatal(err)
		}
		asked := h.happen("order")
		h.pass(test.before)
		h.onPage(asked.PersonID, []surveys.Survey{h.survey, h.second}[test.survey])
		h.pass(test.after)
		asked = h.expect(asked.ID, test.invitation)
		why, letters := asked.Problem, h.about(asked)
		if len(letters) == 1 {
			why = letters[0].Problem
		}
		if (len(letters) == 0) != (test.reminder == "") || len(letters) == 1 && letters[0].State != test.reminder || why != test.why {
			t.Errorf("the reminders are %+v, want %q; it says %q, want %q", letters, test.reminder, why, test.why)
		}
	})
}

// TestAReminderThatIsNotNeededCountsForNothing answers an invitation whose reminder
// is planned for the next day; another event asks at once.
func TestAReminderThatIsNotNeededCountsForNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		h := newHabit(t, o, clock, surveys.Caps{Reminders: 3})
		h.orders.Reminders = []surveys.Reminder{{After: 2 * day}}
		if _, err := flow.NewAsking(h.store).SaveRule(t.Context(), h.workspace.ID, h.orders); err != nil {
			t.Fatal(err)
		}
		asked := h.happen("order")
		h.pass(day + time.Hour)
		h.office.answer(h.expect(asked.ID, surveys.InvitationSent), 9)
		if next := h.happen("ticket"); !next.SendAt.Equal(clock.Now()) {
			t.Errorf("the next question waits until %s", next.SendAt)
		}
		h.pass(time.Hour)
		h.expect(asked.ID, surveys.InvitationSent)
	})
}

// TestWhatTheRuleNoLongerWantsDoesNotLeave pauses a rule, or takes its reminder out,
// after the letter was planned.
func TestWhatTheRuleNoLongerWantsDoesNotLeave(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		h := newHabit(t, o, clock, surveys.Caps{Reminders: 3})
		h.orders.Reminders, h.orders.Status = []surveys.Reminder{{After: 3 * day}}, surveys.RulePaused
		save := func() {
			t.Helper()
			var err error
			if h.orders, err = flow.NewAsking(h.store).SaveRule(t.Context(), h.workspace.ID, h.orders); err != nil {
				t.Fatal(err)
			}
		}
		asked := h.happen("order")
		save()
		h.pass(day)
		if waits := h.expect(asked.ID, surveys.InvitationScheduled); waits.Problem != "rule_waits?" {
			t.Errorf("it waits because of %q", waits.Problem)
		}
		h.orders.Status = surveys.RuleActive
		save()
		h.pass(day)
		asked = h.expect(asked.ID, surveys.InvitationSent)
		h.orders.Reminders = nil
		save()
		h.pass(4 * day)
		if reminders := h.about(asked); len(reminders) != 1 || reminders[0].State != surveys.InvitationCancelled || reminders[0].Problem != "reminder_removed?" {
			t.Errorf("the reminders are %+v", reminders)
		}
	})
}

// TestOtherRemindersFollowWhenOneIsTakenOut takes the first of two reminders out
// after it was planned.
func TestOtherRemindersFollowWhenOneIsTakenOut(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		h := newHabit(t, o, clock, surveys.Caps{Reminders: 3})
		h.orders.Reminders = []surveys.Reminder{{After: 3 * day}, {After: 7 * day}}
		var err error
		if h.orders, err = flow.NewAsking(h.store).SaveRule(t.Context(), h.workspace.ID, h.orders); err != nil {
			t.Fatal(err)
		}
		asked := h.happen("order")
		h.pass(day)
		asked = h.expect(asked.ID, surveys.InvitationSent)
		h.orders.Reminders = h.orders.Reminders[1:]
		if h.orders, err = flow.NewAsking(h.store).SaveRule(t.Context(), h.workspace.ID, h.orders); err != nil {
			t.Fatal(err)
		}
		for range 10 {
			h.pass(day)
		}
		var sent []surveys.Invitation
		for _, reminder := range h.about(asked) {
			if reminder.State == surveys.InvitationSent {
				sent = append(sent, reminder)
			}
		}
		if len(sent) != 1 || sent[0].Number != h.orders.Reminders[0].Key || sent[0].SendAt.Sub(*asked.SentAt) < 7*day {
			t.Errorf("the reminders that left are %+v", sent)
		}
	})
}

// TestWhatCameWhileALetterWasOnItsWayTakesItsRemindersBack refunds an order in the
// moment in which its mail leaves.
func TestWhatCameWhileALetterWasOnItsWayTakesItsRemindersBack(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		h := newHabit(t, o, clock, surveys.Caps{Reminders: 3})
		h.orders.Withdraw, h.orders.Reminders = surveys.Withdrawal{Events: []string{"refund"}}, []surveys.Reminder{{After: 3 * day}}
		if _, err := flow.NewAsking(h.store).SaveRule(t.Context(), h.workspace.ID, h.orders); err != nil {
			t.Fatal(err)
		}
		asked := h.happen("order")
		h.d = dispatcher(t, o.store, transportFunc(func(context.Context, store.Letter) Result {
			if _, err := flow.NewReceiver(h.store, nil).Receive(t.Context(), h.workspace, surveys.Event{Type: "refund"}, surveys.Person{Email: "ann@customers.example"}); err != nil {
				t.Error(err)
			}
			return Result{Outcome: Sent}
		}), nil)
		h.pass(day)
		if reminders := h.about(h.expect(asked.ID, surveys.InvitationSent)); len(reminders) != 1 || reminders[0].State != surveys.InvitationCancelled || reminders[0].Problem != "withdrawn_by?event=refund" {
			t.Errorf("the reminders are %+v", reminders)
		}
	})
}
