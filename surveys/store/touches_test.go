package store_test

import (
	"context"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestTouchQueueDropsRatherThanWaits: while the database is busy a page adds its
// touch at once; what does not fit is counted, and everything else is stored.
func TestTouchQueueDropsRatherThanWaits(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w := storetest.Workspace(t, s)
	invitation := storetest.Invitation(t, s, storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID))
	q := store.NewTouchQueue(s, slog.New(slog.DiscardHandler))
	touch := surveys.Touch{WorkspaceID: w.ID, InvitationID: invitation.ID, At: s.Now(), Kind: surveys.TouchPage, Method: "GET", Agent: surveys.AgentBrowser, Client: []byte("c"), Delay: -1}
	const added = 10_000
	storetest.Write(t, s, func(context.Context, *store.Tx) error { // the one writer is busy
		for range added {
			q.Add(touch)
		}
		return nil
	})
	if err := s.FlushTouches(t.Context()); err != nil {
		t.Fatal(err)
	}
	dropped := q.Dropped()
	if stored := countTouches(t, s); dropped == 0 || stored+dropped != added {
		t.Errorf("%d stored and %d dropped of %d", stored, dropped, added)
	}
	q.Close()
	q.Add(touch)
	if q.Dropped() != dropped+1 {
		t.Error("a touch after the end is not counted")
	}
	if err := q.Flush(t.Context()); err != nil {
		t.Errorf("flush after the end: %v", err)
	}
}

// TestTouchesComeBackAndAreSettled stores touches, judges them, and forgets them.
func TestTouchesComeBackAndAreSettled(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		invitation := storetest.Invitation(t, s, storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Person(t, s, w.ID))
		score := 9
		touch := surveys.Touch{
			WorkspaceID: w.ID, InvitationID: invitation.ID, At: s.Now(), Kind: surveys.TouchScore, Score: &score, Method: "HEAD", Agent: surveys.AgentHeadless,
			Client: []byte("client"), Receiver: []byte("shop"), Delay: 3 * time.Second, Prefetch: true, Fetch: "none navigate document ?1", Acted: true,
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddTouches(ctx, []surveys.Touch{touch}) })
		if list, err := s.Touches(ctx, w.ID, invitation.ID); err != nil || len(list) != 1 || !reflect.DeepEqual(list[0], touch) {
			t.Errorf("%+v, %v\nwant %+v", list, err, touch)
		}
		habit, err := s.ReceiverHabit(ctx, w.ID, []byte("shop"), s.Now().Add(-time.Hour))
		if err != nil || habit.Letters != 1 || habit.Soon["client"] != 1 {
			t.Errorf("the habit is %+v, %v", habit, err)
		}
		due := func(want int) {
			t.Helper()
			if ids, err := s.ToJudge(ctx, w.ID, s.Now(), 9); err != nil || len(ids) != want {
				t.Errorf("%d invitations are due, %v, want %d", len(ids), err, want)
			}
		}
		settle := func() {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				return tx.SettleTouches(ctx, w.ID, invitation.ID, surveys.UsualQuarantine)
			})
		}
		due(1)
		settle()
		due(0)
		clock.Advance(surveys.UsualQuarantine)
		due(1)
		settle()
		clock.Advance(24 * time.Hour)
		due(0)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if n, err := tx.PurgeTouches(ctx, w.ID, s.Now().Add(-25*time.Hour)); err != nil || n != 0 {
				t.Errorf("%d young touches are purged, %v", n, err)
			}
			if n, err := tx.PurgeTouches(ctx, w.ID, s.Now()); err != nil || n != 1 {
				t.Errorf("%d old touches are purged, %v", n, err)
			}
			return nil
		})
	})
}

// TestUncountIsTheReverseOfTake: an answer that is taken out leaves nothing in any
// count, opens its link again, and comes back as it was.
func TestUncountIsTheReverseOfTake(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		invitation := storetest.Invitation(t, s, survey, storetest.Person(t, s, w.ID))
		takeIn(t, s, w, "pro", invitation.ID)
		r := storetest.Response(t, s, survey, 9)
		r.InvitationID, r.PersonID, r.Comment = invitation.ID, invitation.PersonID, "late again"
		take := func() {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
				_, err := tx.Take(ctx, store.Submission{Response: r})
				return err
			})
		}
		agree := func(what string, answered int64) {
			t.Helper()
			for name, recount := range map[string]func(context.Context, surveys.WorkspaceID) ([]store.Difference, error){"answers": s.Recount, "invitations": s.RecountInvitations} {
				if wrong, err := recount(ctx, w.ID); err != nil || len(wrong) > 0 {
					t.Errorf("%s: the counts of %s are wrong: %+v, %v", what, name, wrong, err)
				}
			}
			asked, err := s.AskedBySurvey(ctx, w.ID, []string{survey.ID}, 0, 1<<20)
			if err != nil || asked[survey.ID].Answered != answered || asked[survey.ID].Clicked != answered {
				t.Errorf("%s: %+v, %v", what, asked[survey.ID], err)
			}
		}
		take()
		agree("taken", 1)
		stored, err := s.Response(ctx, w.ID, r.ID)
		if err != nil {
			t.Fatal(err)
		}
		var out surveys.Response
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
			out, err = tx.Uncount(ctx, w.ID, invitation.ID)
			return err
		})
		agree("taken out", 0)
		if open, err := s.Invitation(ctx, w.ID, invitation.ID); err != nil || open.ResponseID != "" || open.AnsweredAt != nil || !reflect.DeepEqual(out, stored) {
			t.Errorf("the invitation is %+v, %v; what came out is %+v, want %+v", open, err, out, stored)
		}
		if err := s.InTx(ctx, func(tx *store.Tx) error { _, err := tx.Uncount(ctx, w.ID, invitation.ID); return err }); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("taken out twice: %v", err)
		}
		r = out
		take()
		agree("back again", 1)
		same(t, "the answer", stored)(s.Response(ctx, w.ID, r.ID))
	})
}

// TestJudgingFindsItsWork: SQLite finds what is to be judged by the partial
// indexes, however many touches are settled.
func TestJudgingFindsItsWork(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	for query, index := range map[string]string{
		"SELECT invitation_id FROM touches WHERE workspace_id = ? AND (judge_at IS NOT NULL AND judge_at <= ?) ORDER BY judge_at LIMIT 9": "touches_due",
		"SELECT invitation_id FROM held_answers WHERE workspace_id = ? AND (due_at IS NOT NULL AND due_at <= ?) ORDER BY due_at LIMIT 9":  "held_answers_due",
		"SELECT * FROM touches WHERE workspace_id = ? AND invitation_id = ? ORDER BY at, id LIMIT 2000":                                   "touches_invitation",
	} {
		var id, parent, unused int
		var plan string
		if err := s.Readers().QueryRow("EXPLAIN QUERY PLAN "+query, 1, 2).Scan(&id, &parent, &unused, &plan); err != nil || !strings.Contains(plan, index) {
			t.Errorf("%s: %q, %v", query, plan, err)
		}
	}
}

func countTouches(t *testing.T, s *store.Store) (n int64) {
	t.Helper()
	if err := s.Readers().QueryRow("SELECT count(*) FROM touches").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
