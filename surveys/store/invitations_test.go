package store_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestClaimDueGivesEachInvitationOnce lets dispatchers claim at once.
func TestClaimDueGivesEachInvitationOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey, person := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID)
		const n = 40
		for range n {
			storetest.Invitation(t, s, survey, person)
		}
		claimed := make(chan surveys.Invitation, 10*n)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				for range n {
					storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
						list, err := tx.ClaimDue(ctx, w.ID, s.Now(), time.Minute, 3)
						for _, i := range list {
							claimed <- i
						}
						return err
					})
				}
			})
		}
		wg.Wait()
		close(claimed)
		seen := make(map[string]int)
		for i := range claimed {
			seen[i.ID]++
			if i.State != surveys.InvitationClaimed || i.LeaseUntil == nil || !i.LeaseUntil.Equal(s.Now().Add(time.Minute)) {
				t.Errorf("claimed as %s until %v", i.State, i.LeaseUntil)
			}
		}
		for id, times := range seen {
			if times != 1 {
				t.Errorf("%s was claimed %d times", id, times)
			}
		}
		if len(seen) != n {
			t.Errorf("%d of %d were claimed", len(seen), n)
		}
	})
}

// TestClaimsFollowTheLease says for each state and lease who may take an
// invitation over.
func TestClaimsFollowTheLease(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey, person := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID)
		past, future := s.Now().Add(-time.Second), s.Now().Add(time.Second)
		for _, c := range []struct {
			name     string
			state    surveys.InvitationState
			sendAt   time.Time
			lease    *time.Time
			answered *time.Time
			by       []string
		}{
			{name: "due", state: surveys.InvitationScheduled, sendAt: s.Now(), by: []string{"due"}},
			{name: "not yet due", state: surveys.InvitationScheduled, sendAt: future},
			{name: "in another's hands", state: surveys.InvitationClaimed, sendAt: past, lease: &future},
			{name: "its dispatcher died", state: surveys.InvitationClaimed, sendAt: past, lease: &past, by: []string{"due"}},
			{name: "on its way", state: surveys.InvitationSending, sendAt: past, lease: &future},
			{name: "its sender died", state: surveys.InvitationSending, sendAt: past, lease: &past, by: []string{"abandoned"}},
			{name: "unknown", state: surveys.InvitationUnknown, sendAt: past, lease: &past, by: []string{"unknown"}},
			{name: "unknown, lately", state: surveys.InvitationUnknown, sendAt: past, lease: &future},
			{name: "unknown, and answered", state: surveys.InvitationUnknown, sendAt: past, lease: &past, answered: &past},
			{name: "sent", state: surveys.InvitationSent, sendAt: past, lease: &past},
			{name: "failed", state: surveys.InvitationFailed, sendAt: past, lease: &past},
			{name: "withdrawn", state: surveys.InvitationCancelled, sendAt: past, lease: &past},
		} {
			i := surveys.Invitation{
				WorkspaceID: w.ID, ID: storetest.ID(t, s), SurveyID: survey.ID, RuleID: survey.ID, EventID: survey.ID, PersonID: person.ID, Email: person.Email,
				State: c.state, SendAt: c.sendAt, LeaseUntil: c.lease, AnsweredAt: c.answered, ExpiresAt: future, CreatedAt: s.Now(),
			}
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				if err := tx.CreateInvitation(ctx, i); err != nil || i.LeaseUntil == nil {
					return err
				}
				return tx.SaveLetter(ctx, w.ID, world{invitation: i}.mail())
			})
			for by, state := range map[string]surveys.InvitationState{"due": surveys.InvitationClaimed, "abandoned": surveys.InvitationUnknown, "unknown": surveys.InvitationSending} {
				var got []surveys.Invitation
				storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
					switch by {
					case "due":
						got, err = tx.ClaimDue(ctx, w.ID, s.Now(), time.Minute, 10)
					case "abandoned":
						got, err = tx.ClaimAbandoned(ctx, w.ID, s.Now(), 10)
					default:
						got, err = tx.ClaimUnknown(ctx, w.ID, s.Now(), time.Minute, 0)
					}
					return err
				})
				if want := slices.Contains(c.by, by); len(got) > 1 || (len(got) == 1) != want {
					t.Errorf("%s: claimed by %s: %d, want %v", c.name, by, len(got), want)
				}
				if stored, err := s.Invitation(context.Background(), w.ID, i.ID); len(got) > 0 && (err != nil || stored.State != state || got[0].State != state) {
					t.Errorf("%s: it is %s, %v, want %s", c.name, stored.State, err, state)
				}
				if len(got) > 0 {
					retire(t, s, i.ID)
				}
			}
			retire(t, s, i.ID)
		}
	})
}

// retire takes an invitation out of every claim's sight.
func retire(t *testing.T, s *store.Store, id string) {
	t.Helper()
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		return tx.Exec(ctx, "UPDATE invitations SET state = 'cancelled' WHERE id = '"+id+"'")
	})
}

func TestMoveInvitationOnlyFromItsState(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		i := storetest.Invitation(t, s, storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID))
		lease := s.Now().Add(time.Minute)
		move := func(from, to surveys.InvitationState) error {
			i.State, i.LeaseUntil, i.Attempts, i.Problem, i.SentAt = to, &lease, 1, "451 later", &lease
			return s.InTx(context.Background(), func(tx *store.Tx) error { return tx.MoveInvitation(context.Background(), i, from) })
		}
		for _, c := range []struct {
			from, to surveys.InvitationState
			kind     surveys.Kind
		}{
			{surveys.InvitationScheduled, surveys.InvitationSent, surveys.Conflict},  // no such move
			{surveys.InvitationClaimed, surveys.InvitationSending, surveys.Conflict}, // it is not claimed
			{surveys.InvitationScheduled, surveys.InvitationClaimed, ""},
			{surveys.InvitationScheduled, surveys.InvitationClaimed, surveys.Conflict}, // another did it
			{surveys.InvitationClaimed, surveys.InvitationSending, ""},
			{surveys.InvitationSending, surveys.InvitationSent, ""},
		} {
			if err := move(c.from, c.to); surveys.KindOf(err) != c.kind || (err != nil) != (c.kind != "") {
				t.Errorf("%s → %s: %v, want kind %q", c.from, c.to, err, c.kind)
			}
		}
		stored, err := s.Invitation(context.Background(), w.ID, i.ID)
		if err != nil || stored.State != surveys.InvitationSent || stored.Attempts != 1 || stored.Problem != "451 later" ||
			stored.LeaseUntil == nil || !stored.LeaseUntil.Equal(lease) || stored.SentAt == nil || !stored.SentAt.Equal(lease) {
			t.Errorf("stored %+v, %v", stored, err)
		}
	})
}

func TestInvitationsOfAPerson(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey, person := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID)
		since := s.Now().Add(-time.Hour)
		asked := func(what string, want ...surveys.Invitation) {
			t.Helper()
			asks, err := s.Asks(ctx, w.ID, person.ID, since)
			if err != nil || len(asks) != len(want) {
				t.Fatalf("%s: asked %v, %v, want %d", what, asks, err, len(want))
			}
			for i, ask := range asks {
				if !ask.At.Equal(want[i].SendAt) || ask.SurveyID != survey.ID || ask.Reminder {
					t.Errorf("%s: asked %+v, want %s", what, ask, want[i].SendAt)
				}
			}
		}
		asked("before anybody asked")
		first := storetest.Invitation(t, s, survey, person)
		clock.Advance(time.Hour)
		last := storetest.Invitation(t, s, survey, person)
		asked("twice", first, last)
		retire(t, s, last.ID)
		asked("a withdrawn ask does not count", first)
		list, err := s.PersonInvitations(ctx, w.ID, person.ID, 10)
		if err != nil || len(list) != 2 || list[0].ID != last.ID {
			t.Errorf("the invitations are %v, %v", list, err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.SuppressInvitations(ctx, w.ID, "  "+person.Email+" ")
		})
		for _, of := range []string{"", survey.ID} {
			counts, err := s.InvitationCounts(ctx, w.ID, of)
			if err != nil || counts[surveys.InvitationSuppressed] != 1 || counts[surveys.InvitationCancelled] != 1 || len(counts) != 2 {
				t.Errorf("of %q: %v, %v", of, counts, err)
			}
		}
	})
}

func TestLettersAreCommittedAndDropped(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		i := storetest.Invitation(t, s, storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID))
		for _, body := range []string{"Dear Ada", "Dear Ada, again"} {
			letter := store.Letter{InvitationID: i.ID, MessageID: "1@hark", Sender: "bounce@hark.example", Recipient: i.Email, Message: []byte(body)}
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveLetter(ctx, w.ID, letter) })
			got, err := s.Letter(context.Background(), w.ID, i.ID)
			if err != nil || string(got.Message) != body || got.Recipient != i.Email || got.Sender != letter.Sender || got.MessageID != letter.MessageID {
				t.Errorf("the letter is %+v, %v", got, err)
			}
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.DropLetters(ctx, w.ID, nil); err != nil {
				return err
			}
			return tx.DropLetters(ctx, w.ID, []string{i.ID})
		})
		if err := second(s.Letter(context.Background(), w.ID, i.ID)); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("the letter is still there: %v", err)
		}
	})
}
