package mailer

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// changeRule edits the rule of an invitation.
func (o office) changeRule(i surveys.Invitation, change func(*surveys.Rule)) {
	o.t.Helper()
	rule, err := o.store.Rule(o.t.Context(), o.workspace.ID, i.RuleID)
	if err != nil {
		o.t.Fatal(err)
	}
	change(&rule)
	storetest.Write(o.t, o.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateRule(ctx, rule) })
}

// about lists the letters that belong to an invitation, in the order of sending.
func (o office) about(i surveys.Invitation) []surveys.Invitation {
	o.t.Helper()
	all, err := o.store.PersonInvitations(o.t.Context(), o.workspace.ID, i.PersonID, 100)
	if err != nil {
		o.t.Fatal(err)
	}
	all = slices.DeleteFunc(all, func(other surveys.Invitation) bool { return other.AboutID != i.ID })
	slices.SortFunc(all, func(a, b surveys.Invitation) int { return a.SendAt.Compare(b.SendAt) })
	return all
}

// days is a rule with reminders so many days after each other.
func days(after ...int) func(*surveys.Rule) {
	return func(r *surveys.Rule) {
		r.Reminders = nil
		for _, n := range after {
			r.Reminders = append(r.Reminders, surveys.Reminder{After: time.Duration(n) * 24 * time.Hour})
		}
	}
}

const day = 24 * time.Hour

func TestRemindersFollowUntilTheAnswer(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t)
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		first := o.invite()
		o.changeRule(first, days(3, 5, 7))
		clock.Advance(time.Second)
		once(t, d, 1)
		clock.Advance(3*day - time.Second)
		once(t, d, 0) // not yet
		clock.Advance(time.Second)
		once(t, d, 1)
		reminders := o.about(first)
		if len(reminders) != 2 || reminders[0].State != surveys.InvitationSent || reminders[0].Number != 1 || reminders[1].Number != 2 ||
			!reminders[1].SendAt.Equal(reminders[0].SentAt.Add(5*day)) || !reminders[1].ExpiresAt.Equal(o.read(first.ID).ExpiresAt) {
			t.Fatalf("the reminders are %+v", reminders)
		}
		token := linkToken(t, server.Wait(t, 2)[1].Data, "/r/")
		grant, err := o.store.Grant(t.Context(), o.workspace.ID, surveys.PurposeAnswer, token, clock.Now())
		if err != nil || grant.SubjectID != first.ID {
			t.Errorf("the reminder's link answers %+v, %v, want the invitation", grant, err)
		}
		o.answer(first, 9)
		clock.Advance(5 * day)
		once(t, d, 0)
		if last := o.about(first)[1]; last.State != surveys.InvitationCancelled || last.Problem != "reminder_answered?" {
			t.Errorf("the second reminder after the answer: %+v", last)
		}
		counts, err := o.store.InvitationCounts(t.Context(), o.workspace.ID, "")
		if err != nil || counts[surveys.InvitationSent] != 1 || len(counts) != 1 {
			t.Errorf("the reminders are counted as invitations: %v, %v", counts, err)
		}
	})
}

// answer stores an answer to an invitation, as its page does.
func (o office) answer(i surveys.Invitation, score int) {
	o.t.Helper()
	r := storetest.Response(o.t, o.store, o.survey, score)
	r.InvitationID, r.PersonID = i.ID, i.PersonID
	ingest := store.NewIngest(o.store, nil)
	defer ingest.Close()
	if _, err := ingest.Submit(context.Background(), store.Submission{Response: r}); err != nil {
		o.t.Fatal(err)
	}
}

func TestRemindersThatAreLeftOut(t *testing.T) {
	type reason struct {
		arrange func(o office, first surveys.Invitation)
		state   surveys.InvitationState
		problem string
	}
	casesOnBoth(t, map[string]reason{
		"too late for the link": {func(o office, first surveys.Invitation) {
			o.changeRule(first, days(30))
		}, surveys.InvitationCancelled, "reminder_expired?"},
		"as many as anybody gets": {func(o office, first surveys.Invitation) {
			o.reminded(first, 3*day, 9*day)
		}, surveys.InvitationCancelled, "reminder_cap?max=2"},
		"one less": {func(o office, first surveys.Invitation) {
			o.reminded(first, 9*day)
		}, surveys.InvitationScheduled, ""},
	}, func(t *testing.T, o office, clock *storetest.Clock, test reason) {
		o.workspace.Caps.Reminders = 2
		storetest.Write(t, o.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateWorkspace(ctx, o.workspace) })
		server := smtptest.New(t)
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		first := o.invite()
		o.changeRule(first, days(3))
		test.arrange(o, first)
		clock.Advance(time.Second)
		once(t, d, 1)
		reminders := o.about(first)
		if len(reminders) != 1 || reminders[0].State != test.state || reminders[0].Problem != test.problem {
			t.Errorf("the reminder is %+v, want %s %q", reminders, test.state, test.problem)
		}
	})
}

// reminded plans reminders of another invitation of the person.
func (o office) reminded(first surveys.Invitation, after ...time.Duration) {
	o.t.Helper()
	other := first
	other.ID = storetest.ID(o.t, o.store)
	other.State = surveys.InvitationSuppressed
	for n, wait := range after {
		reminder := other
		reminder.ID, reminder.AboutID, reminder.Letter, reminder.Number = storetest.ID(o.t, o.store), other.ID, surveys.LetterReminder, n+1
		reminder.State, reminder.SendAt = surveys.InvitationScheduled, first.SendAt.Add(wait)
		storetest.Write(o.t, o.store, func(ctx context.Context, tx *store.Tx) error { return tx.CreateInvitation(ctx, reminder) })
	}
}

// TestALetterThatWasHeldUpWaitsForTheWindow: what an outage, or a server that
// asked to try later, kept over the evening does not go out at night.
func TestALetterThatWasHeldUpWaitsForTheWindow(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		invitation := o.invite()
		zone := surveys.ZoneOf(surveys.Person{TimeZone: "Europe/Berlin"}, o.workspace)
		local := clock.Now().In(zone)
		closed := local.Hour()*60 + local.Minute()
		o.changeRule(invitation, func(r *surveys.Rule) {
			r.Window = surveys.Window{Days: surveys.AllWeek, From: closed - 60, To: closed}
		})
		clock.Advance(time.Second)
		once(t, dispatcher(t, o.store, noTransport{t}, nil), 0)
		next := time.Date(local.Year(), local.Month(), local.Day()+1, 0, closed-60, 0, 0, zone)
		if waits := o.expect(invitation.ID, surveys.InvitationScheduled); !waits.SendAt.Equal(next) {
			t.Errorf("it waits until %s, want %s", waits.SendAt, next)
		}
	})
}

func TestWhoStoppedOneSurveyGetsNoMailOfIt(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		stopped := o.invite()
		storetest.Write(t, o.store, func(ctx context.Context, tx *store.Tx) error {
			return tx.StopSurvey(ctx, o.workspace, stopped.Email, o.survey.ID)
		})
		clock.Advance(time.Second)
		once(t, dispatcher(t, o.store, noTransport{t}, nil), 0)
		o.expect(stopped.ID, surveys.InvitationSuppressed)
	})
}

// TestLettersGoToThePresentAddress has somebody get a new address between the
// letters of one question.
func TestLettersGoToThePresentAddress(t *testing.T) {
	onBoth(t, func(t *testing.T, o office, clock *storetest.Clock) {
		server := smtptest.New(t)
		d := dispatcher(t, o.store, transportTo(t, server.Addr(), patient()), nil)
		rule := surveys.Rule{Name: "Orders", EventType: "order", SurveyID: o.survey.ID, Thanks: surveys.Thanks{On: true}}
		days(3)(&rule)
		if _, err := flow.NewAsking(o.store).SaveRule(t.Context(), o.workspace.ID, rule); err != nil {
			t.Fatal(err)
		}
		happen := func(event, email string) flow.Received {
			person := surveys.Person{ExternalID: "customer-7", Email: email}
			got, err := flow.NewReceiver(o.store, nil).Receive(t.Context(), o.workspace, surveys.Event{Type: event}, person)
			if err != nil {
				t.Fatal(err)
			}
			return got
		}
		want := []string{"mine@customers.example", "home@customers.example", "work@customers.example"}
		asked := happen("order", "typo@customers.example")
		happen("corrected", want[0])
		once(t, d, 1)
		happen("moved", want[1])
		clock.Advance(3 * day)
		once(t, d, 1)
		o.answer(o.read(asked.Decisions[0].InvitationID), 9)
		happen("moved", want[2])
		clock.Advance(surveys.ThanksDelay)
		once(t, d, 1)
		for n, message := range server.Wait(t, 3) {
			if !slices.Equal(message.To, want[n:n+1]) {
				t.Errorf("letter %d went to %v, want %s", n+1, message.To, want[n])
			}
		}
	})
}
