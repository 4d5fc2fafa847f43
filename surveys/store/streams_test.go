package store_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestStreamsAreKept(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		save := func(stream surveys.Stream) {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SaveStream(ctx, stream) })
		}
		lock := func(receiver surveys.Receiver) (got surveys.Stream, err error) {
			err = s.InTx(ctx, func(tx *store.Tx) error {
				got, err = tx.LockStream(ctx, w.ID, receiver)
				return err
			})
			return got, err
		}
		same(t, "nothing known", []surveys.Stream{})(s.Streams(ctx, w.ID))
		same(t, "nothing known of one", surveys.Stream{WorkspaceID: w.ID, Receiver: surveys.Yahoo})(lock(surveys.Yahoo))
		slow := surveys.Stream{WorkspaceID: w.ID, Receiver: surveys.Yahoo}.Rest(surveys.StreamBusy, "421 later", 8, s.Now())
		guard := surveys.Stream{WorkspaceID: w.ID, Receiver: surveys.AllAtOnce, Cause: surveys.StreamComplaints, Since: s.Now(), UpdatedAt: s.Now()}
		save(slow)
		save(guard)
		same(t, "two", []surveys.Stream{guard, slow})(s.Streams(ctx, w.ID))
		same(t, "one", slow)(lock(surveys.Yahoo))
		clock.Advance(time.Minute)
		now := s.Now()
		guard = guard.Flow(now)
		guard.ResumedAt, guard.Before = &now, surveys.StreamSum{Sent: 900, Bounced: 3, Complaints: 4}
		save(guard)
		same(t, "resumed", guard)(lock(surveys.AllAtOnce))
		save(slow.Flow(now))
		same(t, "well again", []surveys.Stream{guard})(s.Streams(ctx, w.ID))
	})
}

func TestDaysOfStreamsAddUp(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		day := func(receiver surveys.Receiver, day int, sum surveys.StreamSum) surveys.StreamDay {
			return surveys.StreamDay{WorkspaceID: w.ID, Receiver: receiver, Day: day, StreamSum: sum}
		}
		add := func(days ...surveys.StreamDay) {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddStreamDays(ctx, w.ID, days) })
		}
		add()
		add(day(surveys.Yahoo, 200, surveys.StreamSum{Sent: 3}), day(surveys.Gmail, 200, surveys.StreamSum{Sent: 1, Refused: 2}))
		add(day(surveys.Gmail, 200, surveys.StreamSum{Sent: 4, Complaints: 1, Bounced: 2, Tried: 5}), day(surveys.Gmail, 201, surveys.StreamSum{Sent: 1}))
		add(day(surveys.Gmail, 200, surveys.StreamSum{Tried: -2}))
		same(t, "added up", []surveys.StreamDay{
			day(surveys.Gmail, 200, surveys.StreamSum{Sent: 5, Refused: 2, Bounced: 2, Complaints: 1, Tried: 3}), day(surveys.Gmail, 201, surveys.StreamSum{Sent: 1}),
			day(surveys.Yahoo, 200, surveys.StreamSum{Sent: 3}),
		})(s.StreamDays(ctx, w.ID, 0))
		add(day(surveys.Gmail, 261, surveys.StreamSum{Sent: 1}))
		same(t, "without the old ones", []surveys.StreamDay{
			day(surveys.Gmail, 201, surveys.StreamSum{Sent: 1}), day(surveys.Gmail, 261, surveys.StreamSum{Sent: 1}),
		})(s.StreamDays(ctx, w.ID, 0))
		same(t, "from a day on", []surveys.StreamDay{day(surveys.Gmail, 261, surveys.StreamSum{Sent: 1})})(s.StreamDays(ctx, w.ID, 261))
	})
}

// TestDayIsGivenOutOnce: however many ask for it at the same time.
func TestDayIsGivenOutOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		day := surveys.StreamDay{WorkspaceID: w.ID, Receiver: surveys.Gmail, Day: 200}
		give := func(n, limit int) (got int) {
			if err := s.InTx(context.Background(), func(tx *store.Tx) (err error) {
				got, err = tx.GiveOut(context.Background(), day, n, limit)
				return err
			}); err != nil {
				t.Error(err)
			}
			return got
		}
		var all sync.WaitGroup
		got := make([]int, 8)
		for n := range got {
			all.Go(func() { got[n] = give(15, 50) })
		}
		all.Wait()
		sum := 0
		for _, n := range got {
			sum += n
		}
		if sum != 50 || give(1, 50) != 0 || give(1, 40) != 0 || give(9, 55) != 5 {
			t.Errorf("gave out %v of 50", got)
		}
	})
}

func TestPacesAreKept(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w, now := context.Background(), storetest.Workspace(t, s), s.Now()
		same(t, "never said", surveys.Pace{WorkspaceID: w.ID, Unresolved: surveys.ResendOnce})(s.Pace(ctx, w.ID))
		for _, pace := range []surveys.Pace{
			{WorkspaceID: w.ID, PerSecond: 14, WarmUpSince: &now, Unresolved: surveys.ResendNever, UpdatedAt: now},
			{WorkspaceID: w.ID, Unresolved: surveys.ResendOnce, UpdatedAt: now},
		} {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.SavePace(ctx, pace) })
			same(t, "stored", pace)(s.Pace(ctx, w.ID))
		}
	})
}

// TestHurriedLetters: those that wait for a reason are due, others are not.
func TestHurriedLetters(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w := context.Background(), storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		rests, other := surveys.Problem{Code: "stream_rests", Args: map[string]any{"receiver": "gmail"}}, surveys.Problem{Code: "stream_rests", Args: map[string]any{"receiver": "yahoo"}}
		later := s.Now().Add(time.Hour)
		ids := make(map[string]string)
		for _, problem := range []string{rests.String(), other.String(), ""} {
			i := storetest.Invitation(t, s, survey, storetest.Person(t, s, w.ID))
			i.State, i.SendAt, i.Problem = surveys.InvitationClaimed, later, problem
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				if err := tx.MoveInvitation(ctx, i, surveys.InvitationScheduled); err != nil {
					return err
				}
				i.State = surveys.InvitationScheduled
				return tx.MoveInvitation(ctx, i, surveys.InvitationClaimed)
			})
			ids[problem] = i.ID
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			return tx.HurryLetters(ctx, w.ID, []surveys.Problem{rests, {Code: "stream_slow"}})
		})
		for problem, id := range ids {
			i, err := s.Invitation(ctx, w.ID, id)
			if due := i.SendAt.Equal(s.Now()) && i.Problem == ""; err != nil || due != (problem == rests.String()) {
				t.Errorf("%q is due at %s (%s), %v", problem, i.SendAt, i.Problem, err)
			}
		}
	})
}
