package flow_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// happened stores an event of the counter's person, so long before now.
func (k *counter) happened(t *testing.T, eventType string, ago time.Duration, properties map[string]any) {
	t.Helper()
	storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error {
		return tx.CreateEvent(ctx, surveys.Event{
			WorkspaceID: k.w.ID, ID: storetest.ID(t, k.s), Type: eventType, PersonID: k.person.ID,
			OccurredAt: k.s.Now().Add(-ago), ReceivedAt: k.s.Now().Add(-ago), Properties: properties,
		})
	})
}

// answered stores an answer of the counter's person to a survey, from a page.
func (k *counter) answered(t *testing.T, survey surveys.Survey, score int, ago time.Duration) {
	t.Helper()
	answer := storetest.Response(t, k.s, survey, score)
	answer.PersonID, answer.AnsweredAt = k.person.ID, k.s.Now().Add(-ago)
	storetest.Write(t, k.s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{answer}) })
}

// TestReceiveKnowsThePast has conditions look at what there was before an order
// of 62.5 that comes now.
func TestReceiveKnowsThePast(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	asks, not := surveys.Scheduled, surveys.NotMatched
	total := func(n float64) map[string]any { return map[string]any{"total": n} }
	cases := []struct {
		name, condition string
		arrange         func(t *testing.T, k *counter)
		outcome         surveys.Outcome
	}{
		{"never saw this survey", "survey.asked == 0", nil, asks},
		{"saw it", "survey.asked == 0", func(t *testing.T, k *counter) { k.asked(t, surveys.InvitationSent, -100*day) }, not},
		{"will see it", "survey.asked == 0", func(t *testing.T, k *counter) { k.asked(t, surveys.InvitationScheduled, 40*day) }, not},
		{"was to see it, but never did", "survey.asked == 0", func(t *testing.T, k *counter) { k.asked(t, surveys.InvitationCancelled, -day) }, asks},
		{"answered it from a page", "survey.asked == 1 and survey.answered == 1 and survey.score == 8", func(t *testing.T, k *counter) { k.answered(t, k.survey, 8, 50*day) }, asks},
		{"the latest of two answers", "survey.score == 3 and survey.answered == 2", func(t *testing.T, k *counter) {
			k.answered(t, k.survey, 8, 50*day)
			k.answered(t, k.survey, 3, 40*day)
		}, asks},
		{"saw another survey", "survey.asked == 0 and history.asked == 1 and history.nps.asked == 0 and history.csat.score == 4", func(t *testing.T, k *counter) {
			k.answered(t, storetest.Survey(t, k.s, k.w.ID, surveys.CSAT), 4, 50*day)
		}, asks},
		{"answered NPS 60 days ago", "history.nps.days_since_answered >= 60", func(t *testing.T, k *counter) { k.answered(t, k.survey, 8, 60*day) }, asks},
		{"answered NPS 59 days ago", "history.nps.days_since_answered >= 60", func(t *testing.T, k *counter) { k.answered(t, k.survey, 8, 60*day-time.Minute) }, not},
		{"never answered NPS", "history.nps.days_since_answered >= 60", nil, asks},
		{"the order itself is no earlier one", "count.order_completed == 0 and last.order_completed.total == nil", nil, asks},
		{"the last order was over 100", "last.order_completed.total > 100", func(t *testing.T, k *counter) {
			k.happened(t, "order_completed", 3*day, total(50))
			k.happened(t, "order_completed", day, total(120))
		}, asks},
		{"an earlier one was over 100", "last.order_completed.total > 100", func(t *testing.T, k *counter) {
			k.happened(t, "order_completed", 3*day, total(120))
			k.happened(t, "order_completed", day, total(50))
		}, not},
		{"there was no last order", "last.order_completed.total > 100", nil, not},
		{"the last order was over a year ago", "last.order_completed.total > 100", func(t *testing.T, k *counter) { k.happened(t, "order_completed", 366*day, total(120)) }, not},
		{"of another type", "last.order_completed.total > 100", func(t *testing.T, k *counter) { k.happened(t, "order_refunded", day, total(120)) }, not},
		{"the third order of the year", "count.order_completed == 2", func(t *testing.T, k *counter) {
			k.happened(t, "order_completed", 400*day, nil)
			k.happened(t, "order_completed", 364*day, nil)
			k.happened(t, "order_completed", day, nil)
		}, asks},
		{"at the same moment", "count.order_completed == 1 and last.order_completed.total == 7", func(t *testing.T, k *counter) { k.happened(t, "order_completed", 0, total(7)) }, asks},
		{"later than the order", "count.ticket_solved == 0", func(t *testing.T, k *counter) { k.happened(t, "ticket_solved", -time.Minute, nil) }, asks},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				k := newCounter(t, s)
				k.change(t, func(r *surveys.Rule) { r.Condition, r.CapDays = c.condition, 0 })
				if c.arrange != nil {
					c.arrange(t, k)
				}
				if d := k.receive(t, k.order(), k.caller()).Decisions[0]; d.Outcome != c.outcome {
					t.Errorf("decision = %s %s, want %s", d.Outcome, d.Detail, c.outcome)
				}
			})
		}
	})
}

// TestReceiveForgetsItself has two rules about one event, of which the second
// looks at how often the survey was asked.
func TestReceiveForgetsItself(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		k.change(t, func(r *surveys.Rule) { r.CapDays = 0 })
		second := storetest.Rule(t, s, k.survey)
		second.CapDays, second.Condition, second.WhenCapped = 0, "survey.asked == 0", surveys.CapDefer
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateRule(ctx, second) })
		received := k.receive(t, k.order(), k.caller())
		if len(received.Decisions) != 2 || received.Decisions[0].Outcome != surveys.Scheduled || received.Decisions[1].Outcome == surveys.NotMatched {
			t.Errorf("decisions = %+v, want the second rule to overlook what the same event led to", received.Decisions)
		}
	})
}

// TestThePastIsTheWorkspacesOwn looks a person up in a workspace where they are not.
func TestThePastIsTheWorkspacesOwn(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k, other := newCounter(t, s), storetest.Workspace(t, s)
		k.happened(t, "order_completed", time.Hour, nil)
		k.asked(t, surveys.InvitationSent, -time.Hour)
		k.answered(t, k.survey, 8, time.Minute)
		ctx, m := context.Background(), store.Moment{PersonID: k.person.ID, Event: surveys.Event{ID: storetest.ID(t, s), OccurredAt: s.Now()}, At: s.Now()}
		for ws, want := range map[surveys.WorkspaceID]int{k.w.ID: 1, other.ID: 0} {
			asks, err := s.PastAsks(ctx, ws, m, "")
			answers, err2 := s.PastAnswers(ctx, ws, m, k.survey.ID)
			counts, err3 := s.CountEvents(ctx, ws, m, []string{"order_completed"})
			_, none := s.LatestEvent(ctx, ws, m, "order_completed")
			if err != nil || err2 != nil || err3 != nil || len(asks) != want || len(answers) != want || counts["order_completed"] != want || (none == nil) != (want == 1) {
				t.Errorf("%d invitations (%v), %d answers (%v), %v events (%v), %v; want %d of each", len(asks), err, len(answers), err2, counts, err3, none, want)
			}
		}
	})
}
