package flow_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// archive puts the counter's rule away.
func (k *counter) archive(t *testing.T) {
	t.Helper()
	if err := flow.NewAsking(k.s).ArchiveRule(context.Background(), k.w.ID, k.rule.ID); err != nil {
		t.Fatalf("ArchiveRule = %v", err)
	}
}

// TestArchivedRule asks somebody, archives the rule, and has more happen.
func TestArchivedRule(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, k, asking := context.Background(), newCounter(t, s), flow.NewAsking(s)
		k.change(t, func(r *surveys.Rule) {
			r.CapDays, r.Withdraw = 30, surveys.Withdrawal{Events: []string{"order_refunded"}}
		})
		k.asked(t, surveys.InvitationSent, -60*24*time.Hour)
		planned := k.receive(t, k.order(), k.caller()).Decisions[0].InvitationID
		thanks := storetest.ID(t, s)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.CreateInvitation(ctx, surveys.Invitation{WorkspaceID: k.w.ID, ID: thanks, Letter: surveys.LetterThanks, AboutID: storetest.ID(t, s), SurveyID: k.survey.ID, RuleID: k.rule.ID,
				EventID: storetest.ID(t, s), PersonID: k.person.ID, Email: k.person.Email, State: surveys.InvitationScheduled, SendAt: s.Now(), ExpiresAt: s.Now().Add(time.Hour), CreatedAt: s.Now()})
		})
		expect := func(id string, want surveys.InvitationState, why string) {
			t.Helper()
			if i, err := s.Invitation(ctx, k.w.ID, id); err != nil || i.State != want || i.Problem != why {
				t.Errorf("the letter is %s because of %q (%v), want %s because of %q", i.State, i.Problem, err, want, why)
			}
		}
		k.archive(t)
		expect(planned, surveys.InvitationCancelled, "rule_archived?")
		expect(thanks, surveys.InvitationScheduled, "")

		if got := k.receive(t, k.order(), k.caller()).Decisions; len(got) != 0 {
			t.Errorf("an event has the decisions %+v", got)
		}
		k.asked(t, surveys.InvitationScheduled, 2*time.Hour) // as by an event that came in beside the archiving
		if asks, err := s.Asks(ctx, k.w.ID, k.person.ID, s.Now().Add(-time.Hour)); err != nil || len(asks) != 0 {
			t.Errorf("what is to be taken back counts: %+v, %v", asks, err)
		}
		if got := k.receive(t, surveys.Event{Type: "order_refunded", OccurredAt: s.Now()}, k.caller()).Decisions; len(got) != 0 {
			t.Errorf("a refund has the decisions %+v", got)
		}
		counts, err := s.RuleCounts(ctx, k.w.ID, k.rule.ID, s.Now())
		if err != nil || counts.Outcomes[surveys.Scheduled] != 1 || len(counts.Outcomes) != 1 || counts.Asked.Cancelled != 1 {
			t.Errorf("its history is %+v, %v", counts, err)
		}
		left, err := s.PlannedLetters(ctx, k.w.ID, k.rule.ID)
		if err != nil || len(left) != 1 {
			t.Fatalf("planned are %v, %v, want the one that came in beside", left, err)
		}
		if err := asking.BringBack(ctx, k.w.ID, k.rule.ID); err != nil {
			t.Fatal(err)
		}
		expect(planned, surveys.InvitationCancelled, "rule_archived?")
		expect(left[0], surveys.InvitationCancelled, "rule_archived?")
		if r, err := s.Rule(ctx, k.w.ID, k.rule.ID); err != nil || r.Status != surveys.RulePaused {
			t.Errorf("it is back as %s, %v", r.Status, err)
		}
		if err := asking.SetRuleStatus(ctx, k.w.ID, k.rule.ID, surveys.RuleActive); err != nil {
			t.Fatal(err)
		}
		again := k.order()
		again.OccurredAt = s.Now().Add(time.Minute) // after the refund
		if got := k.receive(t, again, k.caller()).Decisions; len(got) != 1 || got[0].Outcome != surveys.Scheduled {
			t.Errorf("after it is back: %+v", got)
		}
	})
}

// TestArchivingTakesBackTheLettersOfOneRule has more letters than one transaction
// takes back, and some of another rule.
func TestArchivingTakesBackTheLettersOfOneRule(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, k := context.Background(), newCounter(t, s)
		other := storetest.Rule(t, s, k.survey)
		const mine, theirs = 501, 3
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			for n := range mine + theirs {
				i := surveys.Invitation{WorkspaceID: k.w.ID, ID: storetest.ID(t, s), SurveyID: k.survey.ID, RuleID: k.rule.ID, EventID: storetest.ID(t, s), PersonID: k.person.ID, Email: k.person.Email,
					State: surveys.InvitationScheduled, SendAt: s.Now().Add(time.Hour), ExpiresAt: s.Now().Add(48 * time.Hour), CreatedAt: s.Now()}
				if n >= mine {
					i.RuleID = other.ID
				}
				if err := tx.CreateInvitation(ctx, i); err != nil {
					return err
				}
			}
			return nil
		})
		k.archive(t)
		counts, err := s.InvitationCounts(ctx, k.w.ID, "")
		want := map[surveys.InvitationState]int64{surveys.InvitationCancelled: mine, surveys.InvitationScheduled: theirs}
		if err != nil || !reflect.DeepEqual(counts, want) {
			t.Errorf("the letters are %v (%v), want %v", counts, err, want)
		}
	})
}

func TestWhatAnArchivedRuleRefuses(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, k, asking := context.Background(), newCounter(t, s), flow.NewAsking(s)
		wantKind(t, asking.BringBack(ctx, k.w.ID, k.rule.ID), surveys.Conflict, "rule_not_archived")
		wantFields(t, asking.SetRuleStatus(ctx, k.w.ID, k.rule.ID, surveys.RuleArchived), map[string]string{"status": "status"})
		form := k.rule
		form.Status = surveys.RuleArchived
		_, err := asking.SaveRule(ctx, k.w.ID, form)
		wantFields(t, err, map[string]string{"status": "status"})

		k.archive(t)
		wantKind(t, asking.ArchiveRule(ctx, k.w.ID, k.rule.ID), surveys.Conflict, "rule_is_archived")
		wantKind(t, asking.SetRuleStatus(ctx, k.w.ID, k.rule.ID, surveys.RuleActive), surveys.Conflict, "rule_is_archived")
		_, err = asking.SaveRule(ctx, k.w.ID, k.rule) // a form that was opened before
		wantKind(t, err, surveys.Conflict, "rule_is_archived")

		stranger := newCounter(t, s).w.ID
		wantKind(t, asking.ArchiveRule(ctx, stranger, k.rule.ID), surveys.NotFound, "not_found")
		wantKind(t, asking.BringBack(ctx, stranger, k.rule.ID), surveys.NotFound, "not_found")
		_, err = asking.CopyRule(ctx, stranger, k.rule.ID, "Mine")
		wantKind(t, err, surveys.NotFound, "not_found")
	})
}

// TestNoListForAnArchivedRule uploads one after its rule was archived.
func TestNoListForAnArchivedRule(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newCounter(t, s)
		k.change(t, func(r *surveys.Rule) {
			r.Trigger, r.EventType, r.Status = surveys.TriggerList, "", surveys.RuleArchived
		})
		plan := flow.ListPlan{Workspace: k.w, Rule: k.rule, File: []byte("email\nana@customers.example\n"), Start: s.Now(), Days: 5}
		_, err := flow.NewLists(s).Check(context.Background(), plan)
		wantFields(t, err, map[string]string{"to": "list_rule"})
	})
}

func TestCopyOfARule(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, asking := context.Background(), flow.NewAsking(s)
		k := newCircle(t, s, clock, 3, func(r *surveys.Rule) {
			r.Condition, r.HoldOut, r.ExpiryDays, r.WhenCapped = "survey.asked == 0", 5, 12, surveys.CapDefer
			r.Reminders = []surveys.Reminder{{After: 72 * time.Hour, Key: 4}}
			r.Thanks = surveys.Thanks{On: true, Links: map[surveys.Band]string{surveys.Promoter: "https://reviews.example"}}
		})
		k.run(t, 1, time.Minute)
		letters := map[surveys.LetterKey]surveys.LetterTexts{
			{RuleID: k.rule.ID, Letter: surveys.LetterInvitation}:          {Greeting: "Hello"},
			{RuleID: k.rule.ID, Letter: surveys.LetterReminder, Number: 4}: {Greeting: "Once more"},
		}
		for key, texts := range letters {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.SaveLetterTexts(ctx, k.w.ID, key, "en", texts)
			})
		}
		clock.Advance(time.Hour)
		made, err := asking.CopyRule(ctx, k.w.ID, k.rule.ID, "The copy")
		if err != nil {
			t.Fatal(err)
		}
		got, err := s.Rule(ctx, k.w.ID, made.ID)
		want, readErr := s.Rule(ctx, k.w.ID, k.rule.ID)
		want.ID, want.Name, want.Status, want.CreatedAt, want.UpdatedAt = made.ID, "The copy", surveys.RulePaused, clock.Now(), clock.Now()
		if err != nil || readErr != nil || made.ID == k.rule.ID || !reflect.DeepEqual(got, want) {
			t.Errorf("the copy is\n%+v (%v, %v), want\n%+v", got, err, readErr, want)
		}
		for key, texts := range letters {
			key.RuleID = made.ID
			if own, err := s.LetterTexts(ctx, k.w.ID, key); err != nil || own["en"] != texts {
				t.Errorf("the %s of the copy says %+v, %v", key.Letter, own, err)
			}
		}
		k.run(t, 3, 24*time.Hour)
		if n, _, _, err := s.TurnsWaiting(ctx, k.w.ID, made.ID, clock.Now().AddDate(5, 0, 0)); err != nil || n != 0 {
			t.Errorf("%d people have a turn under the copy, %v", n, err)
		}
	})
}
