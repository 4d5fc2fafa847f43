package store_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// ruleFixture is a rule with a decision of each outcome, and an invitation in
// each state behind those that ask.
type ruleFixture struct {
	rule   surveys.Rule
	person surveys.Person
	w      surveys.Workspace
}

func newRuleFixture(t *testing.T, s *store.Store) ruleFixture {
	t.Helper()
	w := storetest.Workspace(t, s)
	survey := storetest.Survey(t, s, w.ID, surveys.NPS)
	f := ruleFixture{w: w, rule: storetest.Rule(t, s, survey), person: storetest.Person(t, s, w.ID)}
	states := []surveys.InvitationState{
		surveys.InvitationScheduled, surveys.InvitationSent, surveys.InvitationFailed, surveys.InvitationSuppressed,
		surveys.InvitationCancelled, surveys.InvitationExpired, surveys.InvitationUnknown,
	}
	var events []surveys.Event
	for range len(states) + len(surveys.Outcomes()) {
		events = append(events, storetest.Event(t, s, f.person))
	}
	next := func() surveys.Event { e := events[0]; events = events[1:]; return e }
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		for _, state := range states {
			i := surveys.Invitation{WorkspaceID: w.ID, ID: storetest.ID(t, s), SurveyID: survey.ID, RuleID: f.rule.ID, EventID: storetest.ID(t, s), PersonID: f.person.ID,
				Email: f.person.Email, State: state, SendAt: s.Now(), ExpiresAt: s.Now(), CreatedAt: s.Now(), Problem: "told"}
			if err := tx.CreateInvitation(ctx, i); err != nil {
				return err
			}
			d := surveys.Decision{RuleID: f.rule.ID, SurveyID: survey.ID, Outcome: surveys.Scheduled, InvitationID: i.ID}
			if err := tx.CreateDecisions(ctx, next(), []surveys.Decision{d}); err != nil {
				return err
			}
			reminder := i
			reminder.ID, reminder.Letter, reminder.AboutID = storetest.ID(t, s), surveys.LetterReminder, i.ID
			if err := tx.CreateInvitation(ctx, reminder); err != nil {
				return err
			}
		}
		for _, outcome := range surveys.Outcomes()[2:] {
			if err := tx.CreateDecisions(ctx, next(), []surveys.Decision{{RuleID: f.rule.ID, SurveyID: survey.ID, Outcome: outcome}}); err != nil {
				return err
			}
		}
		return nil
	})
	return f
}

// TestRuleCountsTellLimitsApart counts which limit it was, and lists its events.
func TestRuleCountsTellLimitsApart(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		rule, person := storetest.Rule(t, s, storetest.Survey(t, s, w.ID, surveys.NPS)), storetest.Person(t, s, w.ID)
		for _, detail := range []string{"cap_by_floor?", "cap_by_rule?days=14", "cap_by_rule?days=14", ""} {
			event := storetest.Event(t, s, person)
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.CreateDecisions(ctx, event, []surveys.Decision{{RuleID: rule.ID, SurveyID: rule.SurveyID, Outcome: surveys.Capped, Detail: detail}})
			})
		}
		since := s.Now().Add(-time.Hour)
		counts, err := s.RuleCounts(ctx, w.ID, rule.ID, since)
		want := []store.RuleReason{{Detail: "cap_by_rule?days=14", N: 2}, {Detail: "", N: 1}, {Detail: "cap_by_floor?", N: 1}}
		if err != nil || !slices.Equal(counts.Reasons[surveys.Capped], want) || counts.Reasons[surveys.Unsubscribed] != nil {
			t.Errorf("%+v, %v", counts.Reasons, err)
		}
		list, err := s.RuleEvents(ctx, w.ID, store.RuleEventFilter{RuleID: rule.ID, Since: since, Outcomes: []surveys.Outcome{surveys.Capped}, Detail: "cap_by_rule?days=14", Limit: 9})
		if err != nil || len(list) != 2 {
			t.Errorf("%d are listed, %v", len(list), err)
		}
	})
}

func TestRuleCountsAreThoseOfItsLists(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, f := context.Background(), newRuleFixture(t, s)
		since := s.Now().Add(-time.Hour)
		counts, err := s.RuleCounts(ctx, f.w.ID, f.rule.ID, since)
		if err != nil {
			t.Fatal(err)
		}
		want := surveys.Asked{Invited: 7, Sent: 1, Failed: 1, Suppressed: 1, Cancelled: 1, Expired: 1}
		if counts.Asked != want || counts.Asked.Waiting() != 2 {
			t.Errorf("asked %+v, want %+v", counts.Asked, want)
		}
		for _, outcome := range surveys.Outcomes() {
			list, err := s.RuleEvents(ctx, f.w.ID, store.RuleEventFilter{RuleID: f.rule.ID, Since: since, Outcomes: []surveys.Outcome{outcome}, Limit: 99})
			if err != nil || int64(len(list)) != counts.Outcomes[outcome] {
				t.Errorf("%s: %d listed, %d counted, %v", outcome, len(list), counts.Outcomes[outcome], err)
			}
		}
		for fate, n := range map[store.InvitationFate]int{
			store.FateHanded: 2, store.FateAccepted: 1, store.FateComplained: 0, store.FateSent: 1, store.FateAnswered: 0, store.FateWaiting: 2, store.FateFailed: 1, store.FateSuppressed: 1, store.FateCancelled: 1, store.FateExpired: 1, "lost": 0,
		} {
			list, err := s.RuleEvents(ctx, f.w.ID, store.RuleEventFilter{RuleID: f.rule.ID, Since: since, Fate: fate, Limit: 99})
			if err != nil || len(list) != n {
				t.Errorf("%s: %d listed, want %d, %v", fate, len(list), n, err)
			}
			for _, e := range list {
				if e.State == "" || e.Problem != "told" || e.EventID == "" || e.DecidedAt.IsZero() {
					t.Errorf("%s: %+v", fate, e)
				}
			}
		}
		later, err := s.RuleCounts(ctx, f.w.ID, f.rule.ID, s.Now().Add(24*time.Hour))
		if err != nil || len(later.Outcomes) != 0 || later.Asked != (surveys.Asked{}) {
			t.Errorf("after all of them: %+v, %v", later, err)
		}
	})
}

func TestRuleEventsArePaged(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, f := context.Background(), newRuleFixture(t, s)
		whole, err := s.RuleEvents(ctx, f.w.ID, store.RuleEventFilter{RuleID: f.rule.ID, Limit: 99})
		if err != nil || len(whole) != 7+len(surveys.Outcomes())-2 {
			t.Fatalf("%d events, %v", len(whole), err)
		}
		var paged []store.RuleEvent
		for offset := 0; ; offset += 3 {
			part, err := s.RuleEvents(ctx, f.w.ID, store.RuleEventFilter{RuleID: f.rule.ID, Offset: offset, Limit: 3})
			if err != nil {
				t.Fatal(err)
			}
			if len(part) == 0 {
				break
			}
			paged = append(paged, part...)
		}
		if !reflect.DeepEqual(paged, whole) {
			t.Errorf("page by page\n%+v, at once\n%+v", paged, whole)
		}
	})
}

func TestTrialReadsSayWhatTheReadsOfOnePersonSay(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.CSAT)
		var ids, emails []string
		for n := range 5 {
			p := storetest.Person(t, s, w.ID)
			ids, emails = append(ids, p.ID), append(emails, p.Email)
			storetest.Event(t, s, p)
			for range n {
				storetest.Invitation(t, s, survey, p)
			}
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			r := storetest.Response(t, s, survey, 4)
			r.PersonID = ids[0]
			return tx.AddResponses(ctx, []surveys.Response{r})
		})
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.Suppress(ctx, w, emails[1], surveys.SuppressedBounced); err != nil {
				return err
			}
			if err := tx.StopSurvey(ctx, w, emails[1], survey.ID); err != nil {
				return err
			}
			return tx.StopSurvey(ctx, w, emails[2], survey.ID)
		})
		asks, err := s.AsksOf(ctx, w.ID, ids, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		events, err := s.EventsOfPeople(ctx, w.ID, ids, time.Time{}, []string{"order_completed"})
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range ids {
			one, err := s.Asks(ctx, w.ID, id, time.Time{})
			if err != nil {
				t.Fatal(err)
			}
			var many []surveys.Ask
			for _, ask := range asks[id] {
				many = append(many, ask.Ask)
			}
			sorted := func(list []surveys.Ask) string {
				slices.SortFunc(list, func(a, b surveys.Ask) int { return a.At.Compare(b.At) })
				return fmt.Sprint(list)
			}
			if sorted(one) != sorted(many) {
				t.Errorf("asks of one %v, of many %v", one, many)
			}
			single, err := s.EventsSince(ctx, w.ID, id, time.Time{}, []string{"order_completed"})
			if err != nil || !reflect.DeepEqual(single, events[id]) {
				t.Errorf("events of one %v, of many %v, %v", single, events[id], err)
			}
		}
		reasons, err := s.SuppressionsOf(ctx, w, survey.ID, emails)
		want := map[string]surveys.Suppression{emails[1]: surveys.SuppressedBounced, emails[2]: surveys.SuppressedUnsubscribed}
		if err != nil || !reflect.DeepEqual(reasons, want) {
			t.Errorf("%v, want %v, %v", reasons, want, err)
		}
		n, err := s.CountEventsOf(ctx, w.ID, "order_completed", time.Time{})
		picked, err2 := s.EventsOf(ctx, w.ID, "order_completed", time.Time{}, func(id string) bool { return id != ids[0] })
		whole, err3 := s.EventsOf(ctx, w.ID, "order_completed", time.Time{}, nil)
		if err != nil || err2 != nil || err3 != nil || n != int64(len(whole)) || len(picked) >= len(whole) || !reflect.DeepEqual(picked, slices.DeleteFunc(slices.Clone(whole), func(e surveys.Event) bool { return e.PersonID == ids[0] })) {
			t.Errorf("%d counted, %d picked, %d in all: %v %v %v", n, len(picked), len(whole), err, err2, err3)
		}
		people, err := s.CountPeople(ctx, w.ID)
		some, err2 := s.PeopleIDs(ctx, w.ID, func(id string) bool { return id == ids[3] })
		if err != nil || err2 != nil || people != 5 || !slices.Equal(some, ids[3:4]) {
			t.Errorf("%d people, %v picked: %v %v", people, some, err, err2)
		}
	})
}
