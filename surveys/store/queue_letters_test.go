package store_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// misplaced lists the states of the invitations that do not stand in the queue where
// they belong: at their time while they wait or are on their way, at the end of time
// while their fate is unknown, and nowhere else.
func misplaced(t *testing.T, s *store.Store) []string {
	t.Helper()
	return texts(t, s.Readers(), `SELECT state FROM invitations WHERE CASE
WHEN state IN ('scheduled', 'claimed', 'sending') THEN due_at IS NULL OR due_at <> send_at
WHEN state = 'unknown' THEN due_at IS NULL OR due_at <> '9999-12-31 00:00:00+00:00'
ELSE due_at IS NOT NULL END ORDER BY state`)
}

// TestEveryMoveKeepsTheQueue moves invitations in all ways that there are, and looks
// after each whether the queue still agrees with their states.
func TestEveryMoveKeepsTheQueue(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		w := storetest.Workspace(t, s)
		survey, person := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID)
		var i surveys.Invitation
		move := func(to surveys.InvitationState, change func(i *surveys.Invitation)) func(context.Context, *store.Tx) error {
			return func(ctx context.Context, tx *store.Tx) error {
				m := store.Move{From: i.State, Lease: i.LeaseUntil}
				if i.State = to; change != nil {
					change(&i)
				}
				m.Invitation = i
				made, err := tx.MoveInvitations(ctx, []store.Move{m})
				if err == nil && !slices.Equal(made, []bool{true}) {
					t.Errorf("%s → %s was not made", m.From, to)
				}
				return err
			}
		}
		claim := func(ctx context.Context, tx *store.Tx) error {
			list, err := tx.ClaimDue(ctx, w.ID, s.Now(), time.Minute, 10)
			if err != nil || len(list) != 1 {
				t.Fatalf("claimed %d, %v", len(list), err)
			}
			i = list[0]
			return nil
		}
		begin := move(surveys.InvitationSending, func(i *surveys.Invitation) {
			lease := s.Now().Add(time.Minute)
			i.LeaseUntil, i.Attempts = &lease, 1
		})
		sent := move(surveys.InvitationSent, func(i *surveys.Invitation) {
			now := s.Now()
			i.LeaseUntil, i.SentAt = nil, &now
		})
		end := func(i *surveys.Invitation) { i.LeaseUntil = nil }
		later := move(surveys.InvitationScheduled, func(i *surveys.Invitation) {
			i.LeaseUntil, i.SendAt, i.Problem = nil, s.Now().Add(time.Hour), surveys.StreamPaced(surveys.Receivers()[0]).String()
		})
		letter := func(ctx context.Context, tx *store.Tx) error {
			return tx.SaveLetter(ctx, w.ID, world{invitation: i}.mail())
		}
		lost := func(ctx context.Context, tx *store.Tx) error {
			list, err := tx.ClaimAbandoned(ctx, w.ID, s.Now().Add(time.Hour), 10)
			if err != nil || len(list) != 1 {
				t.Fatalf("%d were abandoned, %v", len(list), err)
			}
			i = list[0]
			return nil
		}
		again := func(ctx context.Context, tx *store.Tx) error {
			list, err := tx.ClaimUnknown(ctx, w.ID, s.Now().Add(2*time.Hour), time.Minute, 0)
			if err != nil || len(list) != 1 {
				t.Fatalf("%d were of unknown fate, %v", len(list), err)
			}
			i = list[0]
			return nil
		}
		type steps = []func(context.Context, *store.Tx) error
		for name, ways := range map[string]steps{
			"sent": {claim, begin, sent, move(surveys.InvitationBounced, nil)},
			"put off, and hurried": {claim, later, func(ctx context.Context, tx *store.Tx) error {
				return tx.HurryLetters(ctx, w.ID, []surveys.Problem{surveys.StreamPaced(surveys.Receivers()[0])})
			}, claim, begin, later},
			"refused":         {claim, begin, move(surveys.InvitationFailed, end)},
			"lost, and found": {claim, letter, begin, lost, again, sent},
			"of unknown fate": {claim, begin, move(surveys.InvitationUnknown, end), func(ctx context.Context, tx *store.Tx) error {
				return tx.MoveInvitation(ctx, sentFrom(i, s.Now()), surveys.InvitationUnknown)
			}},
			"expired":    {claim, move(surveys.InvitationExpired, end)},
			"suppressed": {func(ctx context.Context, tx *store.Tx) error { return tx.SuppressInvitations(ctx, w.ID, person.Email) }},
			"suppressed in a survey": {claim, func(ctx context.Context, tx *store.Tx) error {
				return tx.SuppressSurvey(ctx, w.ID, person.Email, survey.ID)
			}},
			"taken back": {func(ctx context.Context, tx *store.Tx) error {
				return tx.TakeBack(ctx, w.ID, []string{i.ID}, surveys.WithArchivedRule())
			}},
		} {
			i = storetest.Invitation(t, s, survey, person)
			for n, step := range ways {
				storetest.Write(t, s, step)
				if wrong := misplaced(t, s); len(wrong) > 0 {
					t.Fatalf("%s, step %d: the queue does not agree with what is %v", name, n, wrong)
				}
				clock.Advance(time.Second)
			}
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Exec(ctx, "DELETE FROM outbox") })
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Exec(ctx, "DELETE FROM invitations") })
		}
	})
}

// sentFrom is an invitation that was sent at a time.
func sentFrom(i surveys.Invitation, at time.Time) surveys.Invitation {
	i.State, i.LeaseUntil, i.SentAt = surveys.InvitationSent, nil, &at
	return i
}

// TestMigrationQueuesWhatWaits takes the queue away from invitations in every state and
// has the migration make it again.
func TestMigrationQueuesWhatWaits(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey, person := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID)
		first := storetest.Invitation(t, s, survey, person)
		for _, state := range []surveys.InvitationState{
			surveys.InvitationClaimed, surveys.InvitationSending, surveys.InvitationUnknown, surveys.InvitationSent, surveys.InvitationFailed,
			surveys.InvitationCancelled, surveys.InvitationSuppressed, surveys.InvitationExpired, surveys.InvitationBounced,
		} {
			i := first
			i.ID, i.State = storetest.ID(t, s), state
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateInvitation(ctx, i) })
		}
		if err := s.Remigrate(t.Context(), 27); err != nil {
			t.Fatal(err)
		}
		if wrong := misplaced(t, s); len(wrong) > 0 {
			t.Errorf("the queue does not agree with what is %v", wrong)
		}
		if n := texts(t, s.Readers(), "SELECT CAST(count(*) AS text) FROM invitations WHERE due_at IS NOT NULL"); n[0] != "4" {
			t.Errorf("%s stand in the queue, want 4", n)
		}
	})
}
