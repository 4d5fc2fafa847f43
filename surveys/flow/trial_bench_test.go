package flow_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkTrial tries a rule against as many events as a trial goes through,
// of ten thousand people half of whom were asked by another rule.
func BenchmarkTrial(b *testing.B) {
	s := storetest.Open(b, store.SQLite)
	w := storetest.Workspace(b, s)
	survey := storetest.Survey(b, s, w.ID, surveys.NPS)
	storetest.Write(b, s, func(ctx context.Context, tx *store.Tx) error {
		for i := range 10_000 {
			p, err := tx.SavePerson(ctx, surveys.Person{WorkspaceID: w.ID, ExternalID: storetest.ID(b, s), Email: storetest.ID(b, s) + "@x.example", Traits: map[string]any{"plan": "pro", "country": "de"}})
			if err != nil {
				return err
			}
			for n := range 2 {
				at := s.Now().Add(-time.Duration((2*i+n)*37%43_000) * time.Minute)
				e := surveys.Event{WorkspaceID: w.ID, ID: storetest.ID(b, s), Type: "order_completed", PersonID: p.ID, OccurredAt: at, ReceivedAt: at, Properties: map[string]any{"total": 3.5, "product": "espresso"}}
				if err := tx.CreateEvent(ctx, e); err != nil {
					return err
				}
			}
			if at := s.Now().AddDate(0, 0, -i%60); i%2 == 0 {
				if err := tx.CreateInvitation(ctx, surveys.Invitation{WorkspaceID: w.ID, ID: storetest.ID(b, s), SurveyID: survey.ID, RuleID: storetest.ID(b, s), EventID: storetest.ID(b, s), PersonID: p.ID,
					Email: p.Email, State: surveys.InvitationSent, SendAt: at, ExpiresAt: at, CreatedAt: at}); err != nil {
					return err
				}
			}
		}
		return nil
	})
	rule := surveys.Rule{Name: "Tried", EventType: "order_completed", SurveyID: survey.ID, Condition: "event.properties.total > 3", Delay: time.Hour, Window: surveys.WorkingHours(), CapDays: 14,
		Reminders: []surveys.Reminder{{After: 72 * time.Hour}, {After: 120 * time.Hour}}}
	trials := flow.NewRuleTrials(s)
	for b.Loop() {
		if trial, err := trials.Try(context.Background(), w, rule); err != nil || trial.Tried != 20_000 || trial.Asked() == 0 {
			b.Fatalf("%d tried, %v", trial.Tried, err)
		}
	}
}
