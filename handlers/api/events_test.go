package api_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

const order = `{"type":"order_completed","id":"order-1","occurred_at":"2026-03-02T08:30:00Z",
	"person":{"id":"c-1","email":"Ana@Example.com","name":"Ana","locale":"en","timezone":"Europe/Berlin","traits":{"plan":"pro"}},
	"properties":{"total":12.5}}`

func TestEventNamesEveryDecision(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey := b.survey(surveys.NPS)
		asks := storetest.Rule(t, s, survey)
		capped := storetest.Rule(t, s, survey) // 30 days after the first one's invitation
		var got eventReply
		b.post("/api/v1/events", order).read(t, 202, &got)
		if got.Repeated || got.ID == "" || got.PersonID == "" || len(got.Decisions) != 2 {
			t.Fatalf("the reply is %+v", got)
		}
		first, second := got.Decisions[0], got.Decisions[1]
		if first.Rule.ID != asks.ID || first.Rule.Name != asks.Name || first.SurveyID != survey.ID || first.Decision != "scheduled" ||
			first.SendAt != "2026-03-02T09:30:00Z" || first.InvitationID == "" || first.Reason != "The invitation will be mailed on 2 March 2026, 10:30 (UTC+1)." {
			t.Errorf("the first rule: %+v", first)
		}
		if second.Rule.ID != capped.ID || second.Decision != "capped" || second.Until != "2026-04-01T09:30:00Z" ||
			!strings.Contains(second.Reason, "nobody who was asked anything within 30 days") {
			t.Errorf("the second rule: %+v", second)
		}
		invitation, err := s.Invitation(context.Background(), b.workspace.ID, first.InvitationID)
		if err != nil || invitation.PersonID != got.PersonID || invitation.Email != "ana@example.com" {
			t.Errorf("the invitation is %+v, %v", invitation, err)
		}
	})
}

func TestEventTwiceIsOneEvent(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		storetest.Rule(t, s, b.survey(surveys.NPS))
		var first, again eventReply
		b.post("/api/v1/events", order).read(t, 202, &first)
		b.post("/api/v1/events", order).read(t, 202, &again)
		if !again.Repeated {
			t.Errorf("the repetition is not called one: %+v", again)
		}
		if again.Repeated = false; !reflect.DeepEqual(first, again) {
			t.Errorf("the answers differ:\n%+v\n%+v", first, again)
		}
		invitations, err := s.PersonInvitations(context.Background(), b.workspace.ID, first.PersonID, 10)
		if err != nil || len(invitations) != 1 {
			t.Errorf("%d invitations, want 1 (%v)", len(invitations), err)
		}
	})
}

func TestEventWithoutRules(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	got := b.post("/api/v1/events", `{"type":"signed_up","person":{"email":"ana@example.com"}}`)
	if !strings.Contains(string(got.body), `"decisions":[]`) {
		t.Errorf("no rule is not an empty list: %s", got.body)
	}
	got.read(t, 202, &eventReply{})
}

func TestEventOfLongAgoAsksNobody(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	storetest.Rule(t, s, b.survey(surveys.NPS))
	var got eventReply
	b.post("/api/v1/events", fmt.Sprintf(`{"type":"order_completed","person":{"email":"ana@example.com"},"occurred_at":%q}`,
		storetest.Start().AddDate(0, -2, 0).Format(time.RFC3339))).read(t, 202, &got)
	if len(got.Decisions) != 1 || got.Decisions[0].Decision != "too_old" || !strings.Contains(got.Decisions[0].Reason, "30 days") {
		t.Errorf("the decision is %+v", got.Decisions)
	}
}

// TestEventsOfLongIDsAreToldApart takes tickets back whose ids are numbers of 64 bits.
func TestEventsOfLongIDsAreToldApart(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		rule := storetest.Rule(t, s, b.survey(surveys.NPS))
		rule.Withdraw = surveys.Withdrawal{Events: []string{"reopened"}, Same: "ticket"}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateRule(ctx, rule) })
		happen := func(kind, ticket string) []string {
			var got eventReply
			b.post("/api/v1/events", fmt.Sprintf(`{"type":%q,"person":{"email":"ana@example.com"},"properties":{"ticket":%s}}`, kind, ticket)).read(t, 202, &got)
			var decisions []string
			for _, d := range got.Decisions {
				decisions = append(decisions, d.Decision)
			}
			return decisions
		}
		if got := happen(rule.EventType, "1234567890123456788"); !slices.Equal(got, []string{"scheduled"}) {
			t.Fatalf("the first is %v", got)
		}
		if got := happen("reopened", "1234567890123456789"); len(got) != 0 {
			t.Errorf("another ticket: %v", got)
		}
		if got := happen("reopened", `"1234567890123456788"`); !slices.Equal(got, []string{"withdrew"}) {
			t.Errorf("the same one, as a text: %v", got)
		}
	})
}
