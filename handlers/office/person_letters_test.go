package office

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestPersonSaysWhatFollowedAndWhatNot reads a history of reminders, a
// withdrawal, and a question that a cap put off.
func TestPersonSaysWhatFollowedAndWhatNot(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	person := storetest.Person(t, x.store, x.w.ID)
	asked := storetest.Invitation(t, x.store, survey, person)
	follow := func(letter surveys.LetterKind, number int, state surveys.InvitationState, problem string) {
		next := asked
		next.ID, next.AboutID, next.Letter, next.Number = storetest.ID(t, x.store), asked.ID, letter, number
		next.State, next.Problem, next.SendAt = state, problem, asked.SendAt.Add(time.Duration(number)*24*time.Hour)
		storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.CreateInvitation(ctx, next) })
	}
	follow(surveys.LetterReminder, 1, surveys.InvitationSent, "")
	follow(surveys.LetterReminder, 2, surveys.InvitationCancelled, surveys.WithdrawnBy(surveys.Event{Type: "order_refunded"}).String())
	follow(surveys.LetterThanks, 0, surveys.InvitationScheduled, "")
	other := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	never := storetest.Invitation(t, x.store, other, person)
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		never.State = surveys.InvitationSuppressed
		return tx.MoveInvitation(ctx, never, surveys.InvitationScheduled)
	})
	event := storetest.Event(t, x.store, person)
	at := x.store.Now().Add(48 * time.Hour)
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		detail := surveys.Problem{Code: "cap_by_all", Args: map[string]any{"days": 30}}.String()
		return tx.CreateDecisions(ctx, event, []surveys.Decision{
			{RuleID: storetest.ID(t, x.store), RuleName: "Put off", SurveyID: survey.ID, Outcome: surveys.Deferred, SendAt: &at, Detail: detail},
			{RuleID: storetest.ID(t, x.store), RuleName: "Left out", SurveyID: survey.ID, Outcome: surveys.Capped, Until: &at, Detail: detail},
		})
	})
	text := x.as(surveys.Viewer).get("/people/" + person.ID).want(http.StatusOK).Find(".history").Text()
	for _, want := range []string{
		"Will be asked: " + survey.Name, "Reminder 1 about " + survey.Name, "Was to be reminded of " + survey.Name + " (reminder 2)", "order_refunded came in.",
		"Will be thanked for answering " + survey.Name, "Was to be asked: " + other.Name, "put off to 4 March 2026", "nobody is asked twice within 30 days", "From 4 March 2026, 10:00 they may be asked again",
	} {
		if !strings.Contains(strings.Join(strings.Fields(text), " "), want) {
			t.Errorf("the history does not say %q:\n%s", want, strings.Join(strings.Fields(text), " "))
		}
	}
}
