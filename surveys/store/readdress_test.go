package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestLettersFollowACorrectedAddress corrects an address while letters to it wait,
// have left, or may have.
func TestLettersFollowACorrectedAddress(t *testing.T) {
	t.Parallel()
	const old, corrected = "old@customers.example", "new@customers.example"
	saves := map[string]func(tx *store.Tx, ctx context.Context, p surveys.Person) error{
		"by an event": func(tx *store.Tx, ctx context.Context, p surveys.Person) error {
			_, err := tx.SavePerson(ctx, p)
			return err
		},
		"by a list": func(tx *store.Tx, ctx context.Context, p surveys.Person) error {
			others := surveys.Person{ExternalID: "another", Email: "another@customers.example"}
			_, err := tx.SavePeople(ctx, p.WorkspaceID, []surveys.Person{others, p})
			return err
		},
	}
	letters := []struct {
		name    string
		state   surveys.InvitationState
		written bool // its bytes are kept
		stopped bool // the person stopped the survey
		email   string
	}{
		{"planned", surveys.InvitationScheduled, false, false, corrected},
		{"tried and refused for now", surveys.InvitationScheduled, true, false, old},
		{"just being written", surveys.InvitationClaimed, false, false, old},
		{"on its way", surveys.InvitationSending, true, false, old},
		{"of unknown fate", surveys.InvitationUnknown, true, false, old},
		{"sent", surveys.InvitationSent, false, false, old},
		{"planned before a stop", surveys.InvitationScheduled, false, true, corrected},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for how, save := range saves {
			for _, l := range letters {
				t.Run(l.name+" "+how, func(t *testing.T) {
					t.Parallel()
					ctx := context.Background()
					w := storetest.Workspace(t, s)
					survey := storetest.Survey(t, s, w.ID, surveys.NPS)
					p := surveys.Person{WorkspaceID: w.ID, ExternalID: "customer-7", Email: old}
					i := surveys.Invitation{
						WorkspaceID: w.ID, ID: storetest.ID(t, s), SurveyID: survey.ID, RuleID: storetest.ID(t, s), EventID: storetest.ID(t, s),
						Email: old, State: l.state, SendAt: s.Now().Add(time.Hour), ExpiresAt: s.Now().Add(24 * time.Hour), CreatedAt: s.Now(),
					}
					storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
						if p, err = tx.SavePerson(ctx, p); err != nil {
							return err
						}
						i.PersonID = p.ID
						if err := tx.CreateInvitation(ctx, i); err != nil {
							return err
						}
						if l.written {
							if err := tx.SaveLetters(ctx, w.ID, []store.Letter{{InvitationID: i.ID, MessageID: "m", Recipient: old, Message: []byte("Hello")}}); err != nil {
								return err
							}
						}
						if l.stopped {
							return tx.StopSurvey(ctx, w, old, survey.ID)
						}
						return nil
					})
					p.Email = corrected
					storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return save(tx, ctx, p) })
					if got, err := s.Invitation(ctx, w.ID, i.ID); err != nil || got.Email != l.email || got.State != l.state {
						t.Errorf("it goes to %s, %s, %v; want %s", got.Email, got.State, err, l.email)
					}
					if stops, err := s.StoppedSurveys(ctx, w, corrected); err != nil || len(stops) == 1 != l.stopped {
						t.Errorf("stopped for the new address: %v, %v", stops, err)
					}
				})
			}
		}
	})
}
