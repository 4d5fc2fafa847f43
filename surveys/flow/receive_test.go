package flow_test

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// counter is a workspace of a test's own with a survey, a rule about
// order_completed (one hour later, cap of 30 days) and a person.
type counter struct {
	s      *store.Store
	w      surveys.Workspace
	survey surveys.Survey
	rule   surveys.Rule
	person surveys.Person
}

func newCounter(t *testing.T, s *store.Store) *counter {
	t.Helper()
	k := &counter{s: s, w: storetest.Workspace(t, s)}
	k.survey = storetest.Survey(t, s, k.w.ID, surveys.NPS)
	k.rule = storetest.Rule(t, s, k.survey)
	k.person = storetest.Person(t, s, k.w.ID)
	return k
}

// change stores the counter's rule as edit leaves it.
func (k *counter) change(t *testing.T, edit func(*surveys.Rule)) {
	t.Helper()
	edit(&k.rule)
	storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateRule(ctx, k.rule) })
}

// changeSurvey stores the counter's survey as edit leaves it.
func (k *counter) changeSurvey(t *testing.T, edit func(*surveys.Survey)) {
	t.Helper()
	edit(&k.survey)
	storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, k.survey) })
}

// asked stores an invitation of the counter's person in a state, with its send
// time so long from now.
func (k *counter) asked(t *testing.T, state surveys.InvitationState, from time.Duration) {
	t.Helper()
	storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error {
		return tx.CreateInvitation(ctx, surveys.Invitation{
			WorkspaceID: k.w.ID, ID: storetest.ID(t, k.s), SurveyID: k.survey.ID, RuleID: k.rule.ID, EventID: storetest.ID(t, k.s),
			PersonID: k.person.ID, Email: k.person.Email, State: state, SendAt: k.s.Now().Add(from),
			ExpiresAt: k.s.Now().Add(from + surveys.AnswerWindow), CreatedAt: k.s.Now(),
		})
	})
}

func (k *counter) suppress(t *testing.T, reason surveys.Suppression) {
	t.Helper()
	storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error { return tx.Suppress(ctx, k.w, k.person.Email, reason) })
}

// order is an order_completed that happened just now.
func (k *counter) order() surveys.Event {
	return surveys.Event{Type: "order_completed", OccurredAt: k.s.Now(), Properties: map[string]any{"total": 62.5}}
}

// caller is the counter's person as a program names them.
func (k *counter) caller() surveys.Person { return surveys.Person{ExternalID: k.person.ExternalID} }

func (k *counter) receive(t *testing.T, e surveys.Event, p surveys.Person) flow.Received {
	t.Helper()
	received, err := flow.NewReceiver(k.s, nil).Receive(context.Background(), k.w, e, p)
	if err != nil {
		t.Fatalf("Receive = %v", err)
	}
	return received
}

// invitations lists what the counter's person was invited to.
func (k *counter) invitations(t *testing.T, personID string) []surveys.Invitation {
	t.Helper()
	list, err := k.s.PersonInvitations(context.Background(), k.w.ID, personID, 100)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestReceiveTellsTheFateOfEachEvent(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	cases := []struct {
		name    string
		arrange func(t *testing.T, k *counter, e *surveys.Event)
		outcome surveys.Outcome
		sendAt  time.Duration // from now
		until   time.Duration // from now
		detail  string        // part of it
	}{
		{"nothing speaks against it", nil, surveys.Scheduled, time.Hour, 0, ""},
		{"the condition holds", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.change(t, func(r *surveys.Rule) { r.Condition = "event.properties.total > 50 and person.traits.plan == 'pro'" })
		}, surveys.Scheduled, time.Hour, 0, ""},
		{"a delay of days", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.change(t, func(r *surveys.Rule) { r.Delay = 3 * day })
		}, surveys.Scheduled, 3 * day, 0, ""},
		{"it happened a while ago, within the delay", func(t *testing.T, k *counter, e *surveys.Event) {
			e.OccurredAt = k.s.Now().Add(-20 * time.Minute)
		}, surveys.Scheduled, 40 * time.Minute, 0, ""},
		{"it happened longer ago than the delay: at once, not in the past", func(t *testing.T, k *counter, e *surveys.Event) {
			e.OccurredAt = k.s.Now().Add(-5 * day)
		}, surveys.Scheduled, 0, 0, ""},
		{"no time is told: it happened now", func(_ *testing.T, _ *counter, e *surveys.Event) {
			e.OccurredAt = time.Time{}
		}, surveys.Scheduled, time.Hour, 0, ""},
		{"a clock that runs a little ahead", func(_ *testing.T, k *counter, e *surveys.Event) {
			e.OccurredAt = k.s.Now().Add(5 * time.Minute)
		}, surveys.Scheduled, 65 * time.Minute, 0, ""},
		{"the rule is paused", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.change(t, func(r *surveys.Rule) { r.Status = surveys.RulePaused })
		}, surveys.RuleIsPaused, 0, 0, ""},
		{"the survey is paused", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.changeSurvey(t, func(s *surveys.Survey) { s.Status = surveys.SurveyPaused })
		}, surveys.SurveyNotOpen, 0, 0, ""},
		{"the survey is archived", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.changeSurvey(t, func(s *surveys.Survey) { s.Status = surveys.SurveyArchived })
		}, surveys.SurveyNotOpen, 0, 0, ""},
		{"the survey has passed its end", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.changeSurvey(t, func(s *surveys.Survey) { end := k.s.Now(); s.ClosesAt = &end })
		}, surveys.SurveyNotOpen, 0, 0, ""},
		{"the condition is not true of it", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.change(t, func(r *surveys.Rule) { r.Condition = "event.properties.total > 100" })
		}, surveys.NotMatched, 0, 0, ""},
		{"the condition needs what the event lacks", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.change(t, func(r *surveys.Rule) { r.Condition = "event.properties.discount > 10" })
		}, surveys.ConditionFailed, 0, 0, "condition_missing?name=event.properties.discount"},
		{"a condition that came past the check", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.change(t, func(r *surveys.Rule) { r.Condition = "order.total > 1" })
		}, surveys.ConditionFailed, 0, 0, "condition_name?column=1&name=order"},
		{"it happened too long ago", func(_ *testing.T, k *counter, e *surveys.Event) {
			e.OccurredAt = k.s.Now().Add(-surveys.EventMaxAge - time.Second)
		}, surveys.TooOld, 0, 0, ""},
		{"the address bounces", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.suppress(t, surveys.SuppressedBounced)
		}, surveys.Bounced, 0, 0, ""},
		{"the person unsubscribed", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.suppress(t, surveys.SuppressedUnsubscribed)
		}, surveys.Unsubscribed, 0, 0, ""},
		{"they were asked lately", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.asked(t, surveys.InvitationSent, -10*day)
		}, surveys.Capped, 0, 20 * day, "cap_by_rule?days=30"},
		{"an ask is on its way, not yet sent", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.asked(t, surveys.InvitationScheduled, 2*day)
		}, surveys.Capped, 0, 32 * day, "cap_by_rule?days=30"},
		{"they were asked long ago", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.asked(t, surveys.InvitationSent, -30*day)
		}, surveys.Scheduled, time.Hour, 0, ""},
		{"an ask that never went out does not count", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.asked(t, surveys.InvitationCancelled, -day)
			k.asked(t, surveys.InvitationFailed, -day)
			k.asked(t, surveys.InvitationExpired, -day)
		}, surveys.Scheduled, time.Hour, 0, ""},
		{"asked lately, under a rule without a cap", func(t *testing.T, k *counter, _ *surveys.Event) {
			k.asked(t, surveys.InvitationSent, -day)
			k.change(t, func(r *surveys.Rule) { r.CapDays = 0 })
		}, surveys.Scheduled, time.Hour, 0, ""},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newCounter(t, s)
				e := k.order()
				if c.arrange != nil {
					c.arrange(t, k, &e)
				}
				before := len(k.invitations(t, k.person.ID))
				received := k.receive(t, e, k.caller())
				if len(received.Decisions) != 1 || received.PersonID != k.person.ID || received.Repeated {
					t.Fatalf("Receive = %+v, want one decision about the person", received)
				}
				d := received.Decisions[0]
				if d.Outcome != c.outcome || d.RuleID != k.rule.ID || d.RuleName != k.rule.Name || d.SurveyID != k.survey.ID {
					t.Errorf("decision = %+v, want %s of the rule", d, c.outcome)
				}
				if !strings.Contains(d.Detail, c.detail) || (c.detail == "") != (d.Detail == "") {
					t.Errorf("detail = %q, want %q in it", d.Detail, c.detail)
				}
				wantTime(t, "send at", d.SendAt, c.outcome == surveys.Scheduled, s.Now().Add(c.sendAt))
				wantTime(t, "until", d.Until, c.outcome == surveys.Capped, s.Now().Add(c.until))
				k.checkStored(t, e, received, before)
			})
		}
	})
}

// checkStored reads back what Receive said: the event, its decision, and the
// invitation beside those of before.
func (k *counter) checkStored(t *testing.T, e surveys.Event, received flow.Received, before int) {
	t.Helper()
	ctx := context.Background()
	stored, err := k.s.Event(ctx, k.w.ID, received.EventID)
	if err != nil || stored.Type != e.Type || stored.PersonID != received.PersonID || !stored.ReceivedAt.Equal(k.s.Now()) {
		t.Errorf("the stored event = %+v, %v", stored, err)
	}
	decisions, err := k.s.Decisions(ctx, k.w.ID, []string{received.EventID})
	if err != nil || !reflect.DeepEqual(decisions[received.EventID], received.Decisions) {
		t.Errorf("the stored decisions = %+v, %v, want %+v", decisions, err, received.Decisions)
	}
	d, invited := received.Decisions[0], k.invitations(t, received.PersonID)
	if d.Outcome != surveys.Scheduled {
		if len(invited) != before || d.InvitationID != "" {
			t.Errorf("%d invitations, %d before: nothing was to be scheduled", len(invited), before)
		}
		return
	}
	i, err := k.s.Invitation(ctx, k.w.ID, d.InvitationID)
	if err != nil || len(invited) != before+1 {
		t.Fatalf("the invitation: %v; %d of them, %d before", err, len(invited), before)
	}
	want := surveys.Invitation{
		WorkspaceID: k.w.ID, ID: d.InvitationID, Letter: surveys.LetterInvitation, SurveyID: k.survey.ID, RuleID: k.rule.ID, EventID: received.EventID, PersonID: received.PersonID,
		Email: k.person.Email, State: surveys.InvitationScheduled, SendAt: *d.SendAt, ExpiresAt: d.SendAt.Add(surveys.AnswerWindow), CreatedAt: k.s.Now(),
	}
	if !reflect.DeepEqual(i, want) {
		t.Errorf("the invitation = %+v, want %+v", i, want)
	}
}

func TestReceiveWithoutAnAddressAsksNobody(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		received := k.receive(t, k.order(), surveys.Person{ExternalID: "no-address"})
		if len(received.Decisions) != 1 || received.Decisions[0].Outcome != surveys.NoAddress {
			t.Errorf("decisions = %+v, want %s", received.Decisions, surveys.NoAddress)
		}
	})
}

func TestReceiveLetsTheFirstRuleCapTheSecond(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		second := storetest.Rule(t, s, storetest.Survey(t, s, k.w.ID, surveys.CSAT))
		other := storetest.Rule(t, s, k.survey)
		other.EventType = "ticket_solved"
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateRule(ctx, other) })

		received := k.receive(t, k.order(), k.caller())
		if len(received.Decisions) != 2 {
			t.Fatalf("decisions = %+v, want those of the two rules about orders", received.Decisions)
		}
		first, capped := received.Decisions[0], received.Decisions[1]
		if first.RuleID != k.rule.ID || first.Outcome != surveys.Scheduled {
			t.Errorf("the older rule decided %+v, want scheduled", first)
		}
		if capped.RuleID != second.ID || capped.Outcome != surveys.Capped || !capped.Until.Equal(first.SendAt.AddDate(0, 0, 30)) {
			t.Errorf("the younger rule decided %+v, want capped until 30 days after %v", capped, first.SendAt)
		}
		if n := len(k.invitations(t, k.person.ID)); n != 1 {
			t.Errorf("%d invitations, want 1", n)
		}
		if none := k.receive(t, surveys.Event{Type: "signed_up"}, k.caller()); len(none.Decisions) != 0 {
			t.Errorf("an event without rules was decided: %+v", none.Decisions)
		}
	})
}

func TestReceiveRefusesBadEvents(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 201)
	cases := []struct {
		name string
		edit func(e *surveys.Event, p *surveys.Person, now time.Time)
		want map[string]string // path → code
	}{
		{"no person", func(_ *surveys.Event, p *surveys.Person, _ time.Time) { *p = surveys.Person{} }, map[string]string{"person": "person"}},
		{"a person of traits only", func(_ *surveys.Event, p *surveys.Person, _ time.Time) {
			*p = surveys.Person{Traits: map[string]any{"plan": "pro"}}
		}, map[string]string{"person": "person"}},
		{"no type", func(e *surveys.Event, _ *surveys.Person, _ time.Time) { e.Type = " " }, map[string]string{"type": "required"}},
		{"a type with capitals", func(e *surveys.Event, _ *surveys.Person, _ time.Time) { e.Type = "Order Completed" }, map[string]string{"type": "event_type"}},
		{"a type too long", func(e *surveys.Event, _ *surveys.Person, _ time.Time) { e.Type = strings.Repeat("a", 65) }, map[string]string{"type": "event_type"}},
		{"in the future", func(e *surveys.Event, _ *surveys.Person, now time.Time) {
			e.OccurredAt = now.Add(surveys.EventLead + time.Second)
		}, map[string]string{"occurred_at": "future"}},
		{"in the year 1970", func(e *surveys.Event, _ *surveys.Person, _ time.Time) { e.OccurredAt = time.Unix(1772442, 0) }, map[string]string{"occurred_at": "ancient"}},
		{"huge properties", func(e *surveys.Event, _ *surveys.Person, _ time.Time) {
			e.Properties = map[string]any{"note": strings.Repeat("x", surveys.MaxJSONBytes)}
		}, map[string]string{"properties": "too_large"}},
		{"properties that are no JSON", func(e *surveys.Event, _ *surveys.Person, _ time.Time) {
			e.Properties = map[string]any{"note": make(chan int)}
		}, map[string]string{"properties": "json"}},
		{"a null character", func(e *surveys.Event, _ *surveys.Person, _ time.Time) {
			e.Properties = map[string]any{"note": "a\x00b"}
		}, map[string]string{"properties": "utf8"}},
		{"an id too long", func(e *surveys.Event, _ *surveys.Person, _ time.Time) { e.ExternalID = long }, map[string]string{"id": "too_long"}},
		{"an id that is no UTF-8", func(e *surveys.Event, _ *surveys.Person, _ time.Time) { e.ExternalID = "\xff" }, map[string]string{"id": "utf8"}},
		{"a person with all wrong", func(_ *surveys.Event, p *surveys.Person, _ time.Time) {
			*p = surveys.Person{ExternalID: long, Email: "ada", Name: long, Locale: long, TimeZone: "Mars/Base", Traits: map[string]any{"x": strings.Repeat("x", surveys.MaxJSONBytes)}}
		}, map[string]string{
			"person.id": "too_long", "person.email": "email", "person.name": "too_long", "person.locale": "too_long", "person.timezone": "timezone", "person.traits": "too_large",
		}},
		{"event and person at once", func(e *surveys.Event, p *surveys.Person, _ time.Time) { e.Type, p.Email = "", "@" }, map[string]string{"type": "required", "person.email": "email"}},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				e, p := k.order(), k.caller()
				c.edit(&e, &p, s.Now())
				_, err := flow.NewReceiver(s, nil).Receive(context.Background(), k.w, e, p)
				wantFields(t, err, c.want)
			})
		}
		if events, err := s.PersonEvents(context.Background(), k.w.ID, k.person.ID, 10); err != nil || len(events) != 0 {
			t.Errorf("%d events are stored, %v, want none", len(events), err)
		}
	})
}

// TestAMailboxIsAskedOnce lets two customers of the shop share an address, and one
// whom a program first knew by address alone.
func TestAMailboxIsAskedOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		family := func(id string) surveys.Person {
			return surveys.Person{ExternalID: id, Email: "family@customers.example"}
		}
		if first := k.receive(t, k.order(), family("")); first.Decisions[0].Outcome != surveys.Scheduled {
			t.Fatalf("the first is %+v", first.Decisions[0])
		}
		k.receive(t, k.order(), surveys.Person{ExternalID: "ann"}) // before her address is known
		for _, id := range []string{"ann", "bob"} {
			got := k.receive(t, k.order(), family(id))
			if d := got.Decisions[0]; d.Outcome != surveys.Capped || len(k.invitations(t, got.PersonID)) > 1 {
				t.Errorf("%s: %+v, want the mailbox spared", id, d)
			}
		}
		if other := k.receive(t, k.order(), surveys.Person{ExternalID: "eve", Email: "eve@customers.example"}); other.Decisions[0].Outcome != surveys.Scheduled {
			t.Errorf("another mailbox: %+v", other.Decisions[0])
		}
	})
}
