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

// sentLetter is an invitation that a mail server took.
func sentLetter(t *testing.T, s *store.Store, survey surveys.Survey, p surveys.Person) surveys.Invitation {
	t.Helper()
	return letterMoved(t, s, survey, p, surveys.InvitationSent)
}

// letterMoved is an invitation that left, as far as a state.
func letterMoved(t *testing.T, s *store.Store, survey surveys.Survey, p surveys.Person, last surveys.InvitationState) surveys.Invitation {
	t.Helper()
	return moveTo(t, s, storetest.Invitation(t, s, survey, p), last)
}

// leave has a mail server take a letter that was planned.
func leave(t *testing.T, s *store.Store, w surveys.Workspace, id string) {
	t.Helper()
	i, err := s.Invitation(context.Background(), w.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	moveTo(t, s, i, surveys.InvitationSent)
}

// moveTo has a planned letter leave, as far as a state.
func moveTo(t *testing.T, s *store.Store, i surveys.Invitation, last surveys.InvitationState) surveys.Invitation {
	t.Helper()
	now := s.Now()
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		from := i.State
		for _, to := range []surveys.InvitationState{surveys.InvitationClaimed, surveys.InvitationSending, last} {
			i.State, i.SentAt = to, &now
			if err := tx.MoveInvitation(ctx, i, from); err != nil {
				return err
			}
			from = to
		}
		return nil
	})
	return i
}

// bounced is a workspace with a person who was sent a letter and waits for a
// reminder of it and for another letter.
type bounced struct {
	w        surveys.Workspace
	survey   surveys.Survey
	person   surveys.Person
	letter   surveys.Invitation
	reminder surveys.Invitation
	other    surveys.Invitation
	moves    *flow.Bounces
}

func newBounced(t *testing.T, s *store.Store) bounced {
	t.Helper()
	b := bounced{w: storetest.Workspace(t, s), moves: flow.NewBounces(s, flow.NewDirectory(s))}
	b.survey, b.person = storetest.Survey(t, s, b.w.ID, surveys.NPS), storetest.Person(t, s, b.w.ID)
	b.letter = sentLetter(t, s, b.survey, b.person)
	b.other = storetest.Invitation(t, s, b.survey, b.person)
	b.reminder = b.letter
	b.reminder.ID, b.reminder.AboutID, b.reminder.Letter, b.reminder.Number, b.reminder.State, b.reminder.SentAt = storetest.ID(t, s), b.letter.ID, surveys.LetterReminder, 1, surveys.InvitationScheduled, nil
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateInvitation(ctx, b.reminder) })
	return b
}

func (b bounced) state(t *testing.T, s *store.Store, id string) surveys.InvitationState {
	t.Helper()
	i, err := s.Invitation(context.Background(), b.w.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return i.State
}

func report(i surveys.Invitation, class surveys.BounceClass, key string) surveys.Bounce {
	return surveys.Bounce{InvitationID: i.ID, Class: class, Status: "5.0.0", Diagnostic: "550 no", Source: surveys.BounceByMail, Key: key}
}

// TestTake walks through the classes: what becomes of the letter, its reminder,
// other letters, and the address.
func TestTake(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		class                   surveys.BounceClass
		letter, reminder, other surveys.InvitationState
		ended                   surveys.Suppression
	}{
		{surveys.BounceHard, surveys.InvitationBounced, surveys.InvitationSuppressed, surveys.InvitationSuppressed, surveys.SuppressedBounced},
		{surveys.BounceSoft, surveys.InvitationBounced, surveys.InvitationCancelled, surveys.InvitationScheduled, ""},
		{surveys.BounceFull, surveys.InvitationBounced, surveys.InvitationCancelled, surveys.InvitationScheduled, ""},
		{surveys.BouncePolicy, surveys.InvitationBounced, surveys.InvitationCancelled, surveys.InvitationScheduled, ""},
		{surveys.BounceComplaint, surveys.InvitationSent, surveys.InvitationSuppressed, surveys.InvitationSuppressed, surveys.SuppressedComplained},
		{surveys.BounceDelayed, surveys.InvitationSent, surveys.InvitationScheduled, surveys.InvitationScheduled, ""},
		{surveys.BounceDelivered, surveys.InvitationSent, surveys.InvitationScheduled, surveys.InvitationScheduled, ""},
		{surveys.BounceAuto, surveys.InvitationSent, surveys.InvitationScheduled, surveys.InvitationScheduled, ""},
	} {
		t.Run(string(c.class), func(t *testing.T) {
			t.Parallel()
			storetest.Both(t, func(t *testing.T, s *store.Store) {
				b, ctx := newBounced(t, s), context.Background()
				for range 3 { // the same report three times is one
					if _, err := b.moves.Take(ctx, b.w, report(b.letter, c.class, "1")); err != nil {
						t.Fatal(err)
					}
				}
				for what, got := range map[string][2]surveys.InvitationState{
					"letter": {b.state(t, s, b.letter.ID), c.letter}, "reminder": {b.state(t, s, b.reminder.ID), c.reminder}, "other letter": {b.state(t, s, b.other.ID), c.other},
				} {
					if got[0] != got[1] {
						t.Errorf("the %s is %s, want %s", what, got[0], got[1])
					}
				}
				why, err := s.Suppression(ctx, b.w, b.person.Email)
				if err != nil || why != c.ended {
					t.Errorf("suppressed for %q, %v; want %q", why, err, c.ended)
				}
				kept, err := s.Bounces(ctx, b.w.ID, []string{b.letter.ID})
				want := 0
				if c.class.Failed() || c.class == surveys.BounceComplaint {
					want = 1
				}
				if err != nil || len(kept) != want {
					t.Errorf("kept %+v, %v; want %d", kept, err, want)
				}
			})
		})
	}
}

// TestPassingBounces ends mails to a full mailbox at the third letter within
// thirty days, and not at the third report of one letter or of an older time.
func TestPassingBounces(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		b, ctx := newBounced(t, s), context.Background()
		take := func(i surveys.Invitation, class surveys.BounceClass, key string, want surveys.Suppression) {
			t.Helper()
			if _, err := b.moves.Take(ctx, b.w, report(i, class, key)); err != nil {
				t.Fatal(err)
			}
			if why, err := s.Suppression(ctx, b.w, b.person.Email); err != nil || why != want {
				t.Errorf("after %s: %q, %v; want %q", key, why, err, want)
			}
		}
		take(b.letter, surveys.BounceFull, "old", "")
		clock.Advance(surveys.PassingWithin + time.Hour)
		first := sentLetter(t, s, b.survey, b.person)
		take(first, surveys.BounceFull, "a", "")
		take(first, surveys.BounceSoft, "b", "")
		take(first, surveys.BouncePolicy, "c", "")
		clock.Advance(24 * time.Hour)
		take(sentLetter(t, s, b.survey, b.person), surveys.BounceSoft, "d", "")
		clock.Advance(24 * time.Hour)
		take(sentLetter(t, s, b.survey, b.person), surveys.BounceFull, "e", surveys.SuppressedBounced)
	})
}

// TestTakeWhatProvesNothing: an answered letter has arrived, whatever comes
// back; a letter of unknown fate that arrived is not sent again.
func TestTakeWhatProvesNothing(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b, ctx := newBounced(t, s), context.Background()
		answer := storetest.Response(t, s, b.survey, 9)
		answer.InvitationID, answer.PersonID = b.letter.ID, b.person.ID
		ingest := store.NewIngest(s, nil)
		defer ingest.Close()
		if _, err := ingest.Submit(ctx, store.Submission{Response: answer}); err != nil {
			t.Fatal(err)
		}
		if taken, err := b.moves.Take(ctx, b.w, report(b.letter, surveys.BounceHard, "1")); err != nil || taken.Ended != "" || taken.Moved {
			t.Errorf("an answered letter: %+v, %v", taken, err)
		}
		lost := letterMoved(t, s, b.survey, b.person, surveys.InvitationUnknown)
		if taken, err := b.moves.Take(ctx, b.w, report(lost, surveys.BounceDelivered, "2")); err != nil || !taken.Moved || b.state(t, s, lost.ID) != surveys.InvitationSent {
			t.Errorf("one that arrived: %+v, %v, %s", taken, err, b.state(t, s, lost.ID))
		}
	})
}

// TestSuppressionOutlivesErasure erases a person whose mails ended: the address
// is gone from every table, and is still known when it comes again.
func TestSuppressionOutlivesErasure(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b, ctx := newBounced(t, s), context.Background()
		if _, err := b.moves.Take(ctx, b.w, report(b.letter, surveys.BounceHard, "1")); err != nil {
			t.Fatal(err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, b.w.ID, b.person.ID) })
		list, err := s.Suppressions(ctx, b.w.ID, store.SuppressionFilter{Limit: 9})
		if err != nil || len(list) != 1 || list[0].Email != "" || list[0].Source != surveys.SourceMail {
			t.Errorf("the list is %+v, %v", list, err)
		}
		if kept, err := s.Bounces(ctx, b.w.ID, []string{b.letter.ID}); err != nil || len(kept) != 0 {
			t.Errorf("reports of an erased person: %+v, %v", kept, err)
		}
		if why, err := s.Suppression(ctx, b.w, " "+b.person.Email+" "); err != nil || why != surveys.SuppressedBounced {
			t.Errorf("the same address again: %q, %v", why, err)
		}
		if taken, err := b.moves.Take(ctx, b.w, report(b.letter, surveys.BounceComplaint, "2")); err != nil || taken.New {
			t.Errorf("a report about an erased letter: %+v, %v", taken, err)
		}
	})
}

// TestTakeAbout takes the signed reports of providers that name an address.
func TestTakeAbout(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b, ctx := newBounced(t, s), context.Background()
		r := report(surveys.Invitation{}, surveys.BounceHard, "1")
		if taken, err := b.moves.TakeAbout(ctx, b.w, b.person.Email, r); err != nil || !taken.Moved || b.state(t, s, b.letter.ID) != surveys.InvitationBounced {
			t.Errorf("by the address: %+v, %v", taken, err)
		}
		for n, email := range []string{"stranger@customers.example", "not an address"} {
			r.Key = fmt.Sprint("s", n)
			taken, err := b.moves.TakeAbout(ctx, b.w, email, r)
			if why, _ := s.Suppression(ctx, b.w, email); err != nil || (why != "") != (n == 0) {
				t.Errorf("%s: %+v, %v, %q", email, taken, err, why)
			}
		}
	})
}

// TestGenuine holds forged and foreign addresses off.
func TestGenuine(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b, ctx := newBounced(t, s), context.Background()
		stranger := storetest.Workspace(t, s)
		mine := b.w.ReturnAddress(surveys.ReturnBounce, b.letter.ID, "x.example")
		other := stranger
		other.Secret = b.w.Secret
		foreign := b.w
		foreign.Key = stranger.Key // signed with ours, and led to theirs
		for name, c := range map[string]struct {
			address string
			want    bool
		}{
			"ours":                       {mine, true},
			"in capitals":                {"B+" + mine[2:], true},
			"another's key":              {foreign.ReturnAddress(surveys.ReturnBounce, b.letter.ID, "x.example"), false},
			"a workspace of nobody":      {surveys.Workspace{Key: "AAAAAAAA", Secret: b.w.Secret}.ReturnAddress(surveys.ReturnBounce, b.letter.ID, "x"), false},
			"signed with another secret": {surveys.Workspace{Key: b.w.Key, Secret: stranger.Secret}.ReturnAddress(surveys.ReturnBounce, b.letter.ID, "x"), false},
		} {
			r, ok := surveys.ParseReturn(c.address)
			if !ok {
				t.Fatalf("%s: %s cannot be read", name, c.address)
			}
			w, genuine, err := b.moves.Genuine(ctx, r)
			if err != nil || genuine != c.want || genuine && w.ID != b.w.ID {
				t.Errorf("%s: %v, %v", name, genuine, err)
			}
		}
	})
}

// TestAStopByMailFollowsThePerson has somebody stop by the letter that went to
// their former address.
func TestAStopByMailFollowsThePerson(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	stops := map[surveys.Suppression]func(b bounced) error{
		surveys.SuppressedUnsubscribed: func(b bounced) error { return b.moves.Unsubscribe(ctx, b.w, b.letter.ID) },
		surveys.SuppressedComplained: func(b bounced) error {
			_, err := b.moves.Take(ctx, b.w, report(b.letter, surveys.BounceComplaint, "1"))
			return err
		},
		"": func(b bounced) error { // that the former address is dead says nothing of the new one
			_, err := b.moves.Take(ctx, b.w, report(b.letter, surveys.BounceHard, "1"))
			return err
		},
	}
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		for want, stop := range stops {
			t.Run("then "+string(want), func(t *testing.T) {
				t.Parallel()
				b := newBounced(t, s)
				moved := b.person
				moved.Email = "new." + b.person.Email
				storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
					_, err := tx.SavePerson(ctx, moved)
					return err
				})
				if err := stop(b); err != nil {
					t.Fatal(err)
				}
				if why, err := s.Suppression(ctx, b.w, moved.Email); err != nil || why != want {
					t.Errorf("the new address is stopped as %q, %v", why, err)
				}
				if got := b.state(t, s, b.other.ID); (got == surveys.InvitationSuppressed) != (want != "") {
					t.Errorf("what was planned is %s", got)
				}
			})
		}
	})
}

// TestUnsubscribeByMail ends all mails at once, and over what the team said.
func TestUnsubscribeByMail(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b, ctx := newBounced(t, s), context.Background()
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.Suppress(ctx, b.w, b.person.Email, surveys.SuppressedByTeam)
		})
		if err := b.moves.Unsubscribe(ctx, b.w, b.letter.ID); err != nil {
			t.Fatal(err)
		}
		found, err := s.SuppressedAddress(ctx, b.w, b.person.Email)
		if err != nil || found.Reason != surveys.SuppressedUnsubscribed || found.Source != surveys.SourceMail {
			t.Errorf("%+v, %v", found, err)
		}
		if got := b.state(t, s, b.other.ID); got != surveys.InvitationSuppressed {
			t.Errorf("another letter is %s", got)
		}
		if err := b.moves.Unsubscribe(ctx, b.w, storetest.ID(t, s)); err != nil {
			t.Errorf("a letter that is gone: %v", err)
		}
	})
}
