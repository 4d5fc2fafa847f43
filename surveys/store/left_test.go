package store_test

import (
	"context"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestLeftToLooksBack stores a letter in every state, before and after now, and
// answers, of two people with one address.
func TestLeftToLooksBack(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey, person, other := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID), storetest.Person(t, s, w.ID)
		now, hour := s.Now(), time.Hour
		want := make(map[string]bool) // invitations, with whether they wait
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			twin := person
			twin.ExternalID = "twin"
			twin, err := tx.SavePerson(ctx, twin)
			if err != nil {
				return err
			}
			put := func(owner surveys.Person, letter surveys.LetterKind, state surveys.InvitationState, at time.Duration) string {
				i := surveys.Invitation{WorkspaceID: w.ID, ID: storetest.ID(t, s), Letter: letter, SurveyID: survey.ID, RuleID: storetest.ID(t, s), EventID: storetest.ID(t, s),
					PersonID: owner.ID, Email: owner.Email, State: state, SendAt: now.Add(at), ExpiresAt: now.Add(999 * hour), CreatedAt: now}
				if state == surveys.InvitationSent {
					late := now.Add(at + 10*time.Minute)
					i.SentAt = &late
				}
				if err == nil {
					err = tx.CreateInvitation(ctx, i)
				}
				return i.ID
			}
			want[put(person, surveys.LetterInvitation, surveys.InvitationSent, -9*hour)] = false
			want[put(person, surveys.LetterReminder, surveys.InvitationSending, -8*hour)] = false
			want[put(twin, surveys.LetterInvitation, surveys.InvitationUnknown, -7*hour)] = false
			want[put(twin, surveys.LetterInvitation, surveys.InvitationClaimed, -6*hour)] = true
			want[put(person, surveys.LetterInvitation, surveys.InvitationScheduled, -5*hour)] = true
			want[put(person, surveys.LetterInvitation, surveys.InvitationScheduled, hour)] = true
			put(person, surveys.LetterThanks, surveys.InvitationSent, -4*hour)
			put(person, surveys.LetterInvitation, surveys.InvitationSent, -99*hour)
			put(other, surveys.LetterInvitation, surveys.InvitationSent, -9*hour)
			for _, never := range []surveys.InvitationState{surveys.InvitationCancelled, surveys.InvitationSuppressed, surveys.InvitationFailed, surveys.InvitationExpired} {
				put(person, surveys.LetterInvitation, never, -3*hour)
			}
			return err
		})
		answer := storetest.Response(t, s, survey, 9)
		answer.PersonID, answer.AnsweredAt = person.ID, now.Add(-2*hour)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{answer}) })
		left, err := s.LeftTo(context.Background(), w.ID, []surveys.Person{person}, now.Add(-50*hour))
		if err != nil || len(left) < 1 {
			t.Fatal(left, err)
		}
		got, answers := make(map[string]bool), 0
		for _, l := range left[person.ID] {
			if l.InvitationID == "" {
				answers++
				if !l.Answered || !l.At.Equal(answer.AnsweredAt) || l.SurveyID != survey.ID {
					t.Errorf("the answer is %+v", l)
				}
				continue
			}
			got[l.InvitationID] = l.Waits
			if l.Answered || l.At.Equal(now.Add(-9*hour)) {
				t.Errorf("%+v: want the time at which it left", l)
			}
		}
		if answers != 1 || !maps.Equal(got, want) {
			t.Errorf("%d answers and %v, want one and %v", answers, slices.Collect(maps.Values(got)), slices.Collect(maps.Values(want)))
		}
	})
}
