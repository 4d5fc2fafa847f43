package flow_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkReceive takes events of one person in, who has a past of 300 events
// and 30 invitations, under a rule that asks nobody.
func BenchmarkReceive(b *testing.B) {
	conditions := []struct{ name, code string }{
		{"of the event", "event.properties.total > 1000"},
		{"of the survey", "survey.asked == 0"},
		{"of all surveys", "history.nps.days_since_answered < 60"},
		{"of the last order", "last.order_completed.total > 1000"},
		{"of a count", "count.order_completed < 3"},
	}
	for _, dialect := range []store.Dialect{store.SQLite, store.Postgres} {
		s := storetest.Open(b, dialect)
		w := storetest.Workspace(b, s)
		survey, person := storetest.Survey(b, s, w.ID, surveys.NPS), storetest.Person(b, s, w.ID)
		rule := storetest.Rule(b, s, survey)
		storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error {
			for i := range 300 {
				e := surveys.Event{WorkspaceID: w.ID, ID: storetest.ID(b, s), Type: "order_completed", PersonID: person.ID, OccurredAt: s.Now().Add(-time.Duration(i) * 24 * time.Hour)}
				if err := tx.CreateEvent(ctx, e); err != nil {
					return err
				}
				if i%10 > 0 {
					continue
				}
				if err := tx.CreateInvitation(ctx, surveys.Invitation{
					WorkspaceID: w.ID, ID: storetest.ID(b, s), SurveyID: survey.ID, RuleID: rule.ID, EventID: e.ID, PersonID: person.ID,
					Letter: surveys.LetterInvitation, State: surveys.InvitationSent, SendAt: e.OccurredAt, ExpiresAt: s.Now(), CreatedAt: s.Now(),
				}); err != nil {
					return err
				}
			}
			return nil
		})
		receiver := flow.NewReceiver(s, nil)
		for _, c := range conditions {
			b.Run(fmt.Sprintf("%s/%s", dialect, c.name), func(b *testing.B) {
				rule.Condition = c.code
				storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateRule(ctx, rule) })
				for b.Loop() {
					e := surveys.Event{Type: "order_completed", OccurredAt: s.Now(), Properties: map[string]any{"total": 62.5}}
					received, err := receiver.Receive(context.Background(), w, e, surveys.Person{ExternalID: person.ExternalID})
					if err != nil || received.Decisions[0].Outcome != surveys.NotMatched {
						b.Fatalf("Receive = %+v, %v", received, err)
					}
				}
			})
		}
	}
}
