package store_test

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// consistent checks that a survey has n answers, and that the rollups of its
// workspace agree with them.
func consistent(t *testing.T, s *store.Store, survey surveys.Survey, n int64) {
	t.Helper()
	ctx := context.Background()
	stored, err := s.CountResponses(ctx, survey.WorkspaceID, store.ResponseFilter{SurveyID: survey.ID})
	if err != nil || stored != n {
		t.Errorf("%d answers are stored (%v), want %d", stored, err, n)
	}
	differences, err := s.Recount(ctx, survey.WorkspaceID)
	if err != nil || len(differences) > 0 {
		t.Errorf("the rollups differ from the answers: %+v, %v", differences, err)
	}
	var counted int64
	rollups, err := s.Rollups(ctx, survey.WorkspaceID, store.RollupFilter{SurveyID: survey.ID, To: 1 << 30})
	for _, r := range rollups {
		counted += r.Counts.N()
	}
	if err != nil || counted != n {
		t.Errorf("%d answers are counted (%v), want %d", counted, err, n)
	}
}

// newIngest starts a writer that stops when the test ends.
func newIngest(t *testing.T, s *store.Store) *store.Ingest {
	t.Helper()
	in := store.NewIngest(s, nil)
	t.Cleanup(in.Close)
	return in
}

// submitAll submits at once, and returns the outcomes in order.
func submitAll(in *store.Ingest, list []store.Submission) ([]store.Receipt, []error) {
	receipts, errs := make([]store.Receipt, len(list)), make([]error, len(list))
	var wg sync.WaitGroup
	for i, s := range list {
		wg.Go(func() { receipts[i], errs[i] = in.Submit(context.Background(), s) })
	}
	wg.Wait()
	return receipts, errs
}

// paths are the ways in which a submission reaches the database; all of them
// must do the same.
func paths(s *store.Store, in *store.Ingest) map[string]func(store.Submission) (store.Receipt, error) {
	ctx := context.Background()
	return map[string]func(store.Submission) (store.Receipt, error){
		"ingest": func(sub store.Submission) (store.Receipt, error) { return in.Submit(ctx, sub) },
		"take": func(sub store.Submission) (receipt store.Receipt, err error) {
			err = s.InTx(ctx, func(tx *store.Tx) (err error) {
				receipt, err = tx.Take(ctx, sub)
				return err
			})
			return receipt, err
		},
	}
}

func onceOf(key string, body byte, repeat store.Repeat, expires time.Time) *store.Once {
	return &store.Once{Key: store.OnceKey("test", key), Body: []byte{body}, Repeat: repeat, ExpiresAt: expires}
}

// TestSubmissionsTakeEffectOnce walks through every way to send an answer
// again, by each path on each database.
func TestSubmissionsTakeEffectOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		for path, submit := range paths(s, newIngest(t, s)) {
			t.Run(path, func(t *testing.T) {
				survey := storetest.Survey(t, s, w.ID, surveys.NPS)
				invitation := storetest.Invitation(t, s, survey, storetest.Person(t, s, w.ID))
				tomorrow, before, ids := s.Now().Add(24*time.Hour), s.Now().Add(-time.Second), []string(nil)
				for i, c := range []struct {
					name    string
					once    *store.Once
					invited bool
					score   int
					comment string
					outcome store.ReceiptOutcome
					kind    surveys.Kind
					as      int // the submission whose response it is
				}{
					{name: "plain", score: 3, outcome: store.Stored, as: 0},
					{name: "keyed", once: onceOf(path, 1, store.Replay, tomorrow), score: 9, outcome: store.Stored, as: 1},
					{name: "the same again", once: onceOf(path, 1, store.Replay, tomorrow), score: 9, outcome: store.Replayed, as: 1},
					{name: "another content", once: onceOf(path, 2, store.Replay, tomorrow), score: 2, kind: surveys.Conflict},
					{name: "a form", once: onceOf(path+"form", 0, store.Change, tomorrow), score: 6, outcome: store.Stored, as: 4},
					{name: "a form, changed", once: onceOf(path+"form", 0, store.Change, tomorrow), score: 7, comment: "better", outcome: store.Changed, as: 4},
					{name: "a form, the same", once: onceOf(path+"form", 0, store.Change, tomorrow), score: 7, comment: "better", outcome: store.Replayed, as: 4},
					{name: "invited", invited: true, score: 10, outcome: store.Stored, as: 7},
					{name: "invited, again", invited: true, score: 0, comment: "no", outcome: store.Changed, as: 7},
					{name: "invited, the same", invited: true, score: 0, comment: "no", outcome: store.Replayed, as: 7},
					{name: "a key that is over", once: onceOf(path+"old", 1, store.Replay, before), score: 5, outcome: store.Stored, as: 10},
					{name: "that key again", once: onceOf(path+"old", 2, store.Replay, tomorrow), score: 5, outcome: store.Stored, as: 11},
					{name: "too high", score: 11, kind: surveys.Invalid},
					{name: "too low", score: -1, kind: surveys.Invalid},
				} {
					r := storetest.Response(t, s, survey, c.score)
					r.Comment = c.comment
					if ids = append(ids, r.ID); c.invited {
						r.InvitationID, r.PersonID = invitation.ID, invitation.PersonID
					}
					receipt, err := submit(store.Submission{Response: r, Once: c.once})
					if surveys.KindOf(err) != c.kind || (err != nil) != (c.kind != "") {
						t.Fatalf("%d %s: %v, want kind %q", i, c.name, err, c.kind)
					}
					if want := (store.Receipt{ResponseID: ids[c.as], Outcome: c.outcome}); err == nil && receipt != want {
						t.Errorf("%d %s: %+v, want %+v", i, c.name, receipt, want)
					}
				}
				answered, err := s.Invitation(context.Background(), w.ID, invitation.ID)
				if err != nil || answered.ResponseID != ids[7] || answered.AnsweredAt == nil {
					t.Errorf("the invitation is %+v, %v", answered, err)
				}
				changed, err := s.Response(context.Background(), w.ID, ids[7])
				if err != nil || changed.Score != 0 || changed.Comment != "no" {
					t.Errorf("the changed answer is %+v, %v", changed, err)
				}
				consistent(t, s, survey, 6)
			})
		}
	})
}

// TestOneBadRowFailsAlone puts a submission that cannot be stored among others.
func TestOneBadRowFailsAlone(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		batch := make([]store.Submission, 9)
		for i := range batch {
			batch[i].Response = storetest.Response(t, s, survey, i)
		}
		batch[2].Response.SurveyID = storetest.ID(t, s)                     // an unknown survey
		batch[4].Response.InvitationID = storetest.ID(t, s)                 // an unknown invitation
		batch[5].Response.WorkspaceID = storetest.Workspace(t, s).ID        // another workspace
		batch[6].Response.ID = batch[0].Response.ID                         // a row that is there
		batch[7].Once = onceOf("", 1, store.Replay, s.Now().Add(time.Hour)) // fine
		batch[8].Response.SurveyID = "no id"                                // not even an id
		want := []surveys.Kind{"", "", surveys.NotFound, "", surveys.NotFound, surveys.NotFound, surveys.Conflict, "", surveys.NotFound}
		_, errs, straight := store.StoreBatch(s, batch)
		for i, err := range errs {
			if surveys.KindOf(err) != want[i] || (err != nil) != (want[i] != "") {
				t.Errorf("submission %d: %v, want kind %q", i, err, want[i])
			}
		}
		if straight {
			t.Error("the batch says it went through in one piece")
		}
		consistent(t, s, survey, 4)
	})
}

func TestBatchesAreStoredStraight(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		batch := make([]store.Submission, 3*11)
		for i := range batch {
			r := storetest.Response(t, s, survey, i%11)
			r.Segments["plan"] = fmt.Sprint("plan ", i%3)
			switch batch[i].Response = r; i % 3 {
			case 1:
				batch[i].Once = onceOf(fmt.Sprint(i), 1, store.Replay, s.Now().Add(time.Hour))
			case 2:
				batch[i].Response.InvitationID = storetest.Invitation(t, s, survey, storetest.Person(t, s, w.ID)).ID
			}
		}
		_, errs, straight := store.StoreBatch(s, batch)
		for i, err := range errs {
			if err != nil {
				t.Errorf("submission %d: %v", i, err)
			}
		}
		if !straight {
			t.Error("a batch of new answers was not stored straight")
		}
		consistent(t, s, survey, 33)
		for i := range batch[:3] { // once more: a plain row's id, a key, an invitation
			batch[i].Response.ID, batch[i].Response.Score = storetest.ID(t, s), 5
		}
		receipts, _, straight := store.StoreBatch(s, batch[:3])
		if straight {
			t.Error("a batch with repetitions was not looked at")
		}
		for i, outcome := range []store.ReceiptOutcome{store.Stored, store.Replayed, store.Changed} {
			if receipts[i].Outcome != outcome {
				t.Errorf("submission %d again: %s, want %s", i, receipts[i].Outcome, outcome)
			}
		}
		consistent(t, s, survey, 34)
	})
}

// TestPipelineIsAllOrNothing makes the last of the pipelined statements fail.
func TestPipelineIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Postgres)
	survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
	if _, err := s.Writers().Exec("ALTER TABLE rollups ADD CHECK (n < 0)"); err != nil {
		t.Fatal(err)
	}
	sub := store.Submission{Response: storetest.Response(t, s, survey, 9), Once: onceOf("", 1, store.Replay, s.Now().Add(time.Hour))}
	if err := store.Pipeline(s, []store.Submission{sub}); err == nil {
		t.Fatal("the last statement did not fail")
	}
	for _, table := range []string{"responses", "idempotency_keys", "rollups"} {
		if n := texts(t, s.Readers(), "SELECT count(*)::text FROM "+table)[0]; n != "0" {
			t.Errorf("%s rows stay in %s", n, table)
		}
	}
}

func TestAddResponsesInBulk(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		list := make([]surveys.Response, 10_000)
		for i := range list {
			list[i] = storetest.Response(t, s, survey, i%11)
			list[i].Day -= i % 30
			list[i].Segments["plan"] = fmt.Sprint("plan ", i%7)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
		consistent(t, s, survey, 10_000)
		list[0].Score = 11
		err := s.InTx(context.Background(), func(tx *store.Tx) error { return tx.AddResponses(context.Background(), list[:1]) })
		if surveys.KindOf(err) != surveys.Invalid {
			t.Errorf("a score of 11 gives %v, want Invalid", err)
		}
	})
}

func TestObserveSeesEachBatch(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
	seen := 0
	in := store.NewIngest(s, func(size int, waited time.Duration) { seen += size })
	var list []store.Submission
	for i := range 50 {
		list = append(list, store.Submission{Response: storetest.Response(t, s, survey, i%11)})
	}
	submitAll(in, list)
	in.Close()
	if straight, careful := in.Batches(); seen != 50 || straight == 0 || careful != 0 {
		t.Errorf("%d submissions were seen in %d and %d batches, want 50", seen, straight, careful)
	}
	if !bytes.Equal(store.OnceKey("a", "b"), store.OnceKey("a", "b")) || bytes.Equal(store.OnceKey("a", "b"), store.OnceKey("b", "b")) {
		t.Error("keys of different purposes meet")
	}
}
