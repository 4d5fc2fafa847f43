package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestResponsesAreFiltered holds each filter against the answers it must find,
// by their scores.
func TestResponsesAreFiltered(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey, other := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Survey(t, s, w.ID, surveys.NPS)
		person := storetest.Person(t, s, w.ID)
		var list []surveys.Response
		for score := range 5 {
			r := storetest.Response(t, s, survey, score)
			r.AnsweredAt = s.Now().Add(time.Duration(score/2) * time.Hour) // two at a time
			list = append(list, r)
		}
		list[0].SurveyID = other.ID
		list[1].PersonID = person.ID
		list[2].Comment, list[3].Comment = "100% Slow_delivery", `back\slash`
		list[2].Segments["plan"], list[3].Segments["plan"], list[4].Channel = "pro", "free", surveys.ChannelMail
		list[4].Segments[surveys.SegmentChannel] = string(surveys.ChannelMail)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
		for _, c := range []struct {
			name   string
			filter store.ResponseFilter
			scores []int
		}{
			{"everything", store.ResponseFilter{}, []int{0, 1, 2, 3, 4}},
			{"survey", store.ResponseFilter{SurveyID: survey.ID}, []int{1, 2, 3, 4}},
			{"person", store.ResponseFilter{PersonID: person.ID}, []int{1}},
			{"scores", store.ResponseFilter{Scores: []int{1, 4, 9}}, []int{1, 4}},
			{"from", store.ResponseFilter{From: s.Now().Add(time.Hour)}, []int{2, 3, 4}},
			{"to", store.ResponseFilter{To: s.Now().Add(time.Hour)}, []int{0, 1}},
			{"with a comment", store.ResponseFilter{WithComment: true}, []int{2, 3}},
			{"segment", store.ResponseFilter{Segments: surveys.Filters{{Key: "plan", Value: "pro"}}}, []int{2}},
			{"channel", store.ResponseFilter{Segments: surveys.Filters{{Key: surveys.SegmentChannel, Value: "mail"}}}, []int{4}},
			{"a strange key", store.ResponseFilter{Segments: surveys.Filters{{Key: `a"') OR 1=1 --`, Value: "pro"}}}, nil},
			{"all at once", store.ResponseFilter{SurveyID: survey.ID, Scores: []int{2, 3}, WithComment: true, Segments: surveys.Filters{{Key: "plan", Value: "free"}}}, []int{3}},
		} {
			found, err := s.Responses(ctx, w.ID, c.filter)
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
			}
			var scores []int
			for _, r := range found {
				scores = append(scores, r.Score)
			}
			slices.Sort(scores)
			if !slices.Equal(scores, c.scores) {
				t.Errorf("%s finds %v, want %v", c.name, scores, c.scores)
			}
			if n, err := s.CountResponses(ctx, w.ID, c.filter); err != nil || int(n) != len(c.scores) {
				t.Errorf("%s counts %d, %v, want %d", c.name, n, err, len(c.scores))
			}
		}
		pageThrough(t, s, w.ID, list)
	})
}

// pageThrough reads two answers at a time, the latest first, and then all of
// them, the oldest first.
func pageThrough(t *testing.T, s *store.Store, ws surveys.WorkspaceID, list []surveys.Response) {
	t.Helper()
	same(t, "an answer", list[2])(s.Response(context.Background(), ws, list[2].ID))
	var paged, streamed []string
	filter := store.ResponseFilter{Limit: 2}
	for {
		page, err := s.Responses(context.Background(), ws, filter)
		if err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			break
		}
		for _, r := range page {
			paged = append(paged, r.ID)
			filter.After = store.Cursor{AnsweredAt: r.AnsweredAt, ID: r.ID}
		}
	}
	if err := s.EachResponse(context.Background(), ws, store.ResponseFilter{}, func(r surveys.Response) error {
		streamed = append(streamed, r.ID)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	slices.Reverse(paged)
	if !slices.Equal(paged, streamed) || len(paged) != len(list) {
		t.Errorf("paged %v\nstreamed %v", paged, streamed)
	}
	stop := errors.New("enough")
	if err := s.EachResponse(context.Background(), ws, store.ResponseFilter{}, func(surveys.Response) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("a visit that stops gives %v", err)
	}
}

// TestSegmentValuesAreLimited lets several processes admit values at once: the
// last place is given once.
func TestSegmentValuesAreLimited(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		admit := func(key, value string) (admitted bool) {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) (err error) {
				admitted, err = tx.AdmitSegmentValue(ctx, w.ID, key, value)
				return err
			})
			return admitted
		}
		var wg sync.WaitGroup
		for worker := range 4 {
			wg.Go(func() {
				for i := range surveys.MaxSegmentValues/4 + 5 {
					admit("plan", fmt.Sprint(worker, " ", i))
				}
			})
		}
		wg.Wait()
		values, err := s.SegmentValues(context.Background(), w.ID)
		if err != nil || len(values["plan"]) != surveys.MaxSegmentValues {
			t.Fatalf("%d values, %v, want %d", len(values["plan"]), err, surveys.MaxSegmentValues)
		}
		if admit("plan", "one more") {
			t.Error("one more was admitted")
		}
		if !admit("plan", values["plan"][0]) || !admit("country", "DE") {
			t.Error("a value that is there, or one of another key, was not admitted")
		}
	})
}

func TestRollupsAreRead(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		if day, found, err := s.FirstDay(ctx, w.ID, survey.ID); found || err != nil {
			t.Errorf("a first day before any answer: %d, %v", day, err)
		}
		var list []surveys.Response
		for i, score := range []int{10, 10, 0, 7} {
			r := storetest.Response(t, s, survey, score)
			r.Day, r.Segments = 20_000+i/2, map[string]string{"plan": []string{"pro", "free"}[i%2]}
			if score == 0 {
				r.Comment = "no"
			}
			list = append(list, r)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
		same(t, "everybody", []store.Rollup{
			{Day: 20_000, Counts: surveys.Counts{10: 2}}, {Day: 20_001, Counts: surveys.Counts{0: 1, 7: 1}, Comments: 1},
		})(s.Rollups(ctx, w.ID, store.RollupFilter{SurveyID: survey.ID, To: 30_000}))
		same(t, "by plan, one day", []store.Rollup{
			{Day: 20_001, Value: "free", Counts: surveys.Counts{7: 1}}, {Day: 20_001, Value: "pro", Counts: surveys.Counts{0: 1}, Comments: 1},
		})(s.Rollups(ctx, w.ID, store.RollupFilter{SurveyID: survey.ID, Key: "plan", From: 20_001, To: 20_002}))
		if n, comments, err := s.RollupTotal(ctx, w.ID, store.RollupFilter{SurveyID: survey.ID, To: 20_001}); n != 2 || comments != 0 || err != nil {
			t.Errorf("the first day has %d answers, %d with a comment, %v", n, comments, err)
		}
		if n, comments, err := s.RollupTotal(ctx, w.ID, store.RollupFilter{SurveyID: survey.ID, From: 20_001, To: 20_002}); n != 2 || comments != 1 || err != nil {
			t.Errorf("the second day has %d answers, %d with a comment, %v", n, comments, err)
		}
		if n, comments, err := s.RollupTotal(ctx, w.ID, store.RollupFilter{SurveyID: survey.ID, To: 20_000}); n != 0 || comments != 0 || err != nil {
			t.Errorf("before, there are %d answers, %d with a comment, %v", n, comments, err)
		}
		same(t, "keys", []string{"plan"})(s.SegmentKeys(ctx, w.ID, survey.ID))
		same(t, "keys with two values", []string{"plan"})(s.SplitKeys(ctx, w.ID, survey.ID, 20_001, 20_002))
		same(t, "keys with two values before anybody answered", []string{})(s.SplitKeys(ctx, w.ID, survey.ID, 0, 20_000))
		if values, whole, err := s.GivenValues(ctx, w.ID, store.RollupFilter{SurveyID: survey.ID, Key: "plan", From: 20_001, To: 20_002}); !slices.Equal(values, []string{"free", "pro"}) || !whole || err != nil {
			t.Errorf("given values are %v, %v, %v", values, whole, err)
		}
		if values, whole, err := s.GivenValues(ctx, w.ID, store.RollupFilter{SurveyID: survey.ID, Key: "plan", To: 20_000}); len(values) != 0 || !whole || err != nil {
			t.Errorf("before anybody answered, given values are %v, %v, %v", values, whole, err)
		}
		if day, found, err := s.FirstDay(ctx, w.ID, survey.ID); day != 20_000 || !found || err != nil {
			t.Errorf("the first day is %d, %v, %v", day, found, err)
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			if err := tx.MoveDays(ctx, w.ID, func(time.Time) int { return 20_005 }); err != nil {
				return err
			}
			return tx.RebuildRollups(ctx, w.ID)
		})
		same(t, "moved", []store.Rollup{{Day: 20_005, Counts: surveys.Counts{10: 2, 0: 1, 7: 1}, Comments: 1}})(s.Rollups(ctx, w.ID, store.RollupFilter{SurveyID: survey.ID, To: 30_000}))
		consistent(t, s, survey, 4)
	})
}

// TestRecountFindsWhatIsWrong changes rollups by hand.
func TestRecountFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		storetest.Answer(t, s, survey, 9)
		for name, statement := range map[string]string{
			"too many":         "UPDATE rollups SET n = n + 1, c9 = c9 + 1 WHERE key = ''",
			"another score":    "UPDATE rollups SET c9 = c9 - 1, c0 = c0 + 1 WHERE key = ''",
			"a comment":        "UPDATE rollups SET comments = 1 WHERE key = 'channel'",
			"a row is missing": "DELETE FROM rollups WHERE key = 'version'",
			"a row too many":   "UPDATE rollups SET value = 'pigeon' WHERE key = 'channel'",
		} {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Exec(ctx, statement) })
			if differences, err := s.Recount(context.Background(), w.ID); err != nil || len(differences) == 0 {
				t.Errorf("%s: %v, %v, want a difference", name, differences, err)
			}
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.RebuildRollups(ctx, w.ID) })
			consistent(t, s, survey, 1)
		}
	})
}

// note is a job for tests.
type note struct {
	Text string `json:"text"`
}

// Kind names the job.
func (note) Kind() string { return "note" }

// TestJobsFollowTheirTransaction enqueues in a transaction that commits and in
// one that does not.
func TestJobsFollowTheirTransaction(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		cause := errors.New("changed my mind")
		enqueue := func(text string, end error) error {
			return s.InTx(ctx, func(tx *store.Tx) error {
				if err := tx.Enqueue(ctx, note{Text: text}); err != nil {
					return err
				}
				return end
			})
		}
		if err := enqueue("lost", cause); !errors.Is(err, cause) {
			t.Fatal(err)
		}
		if err := enqueue("kept", nil); err != nil {
			t.Fatal(err)
		}
		if jobs := texts(t, s.Readers(), "SELECT cast(args AS text) FROM river_job"); len(jobs) != 1 {
			t.Fatalf("the queue holds %v, want the one that was committed", jobs)
		}
		worked := make(chan string, 1)
		workers := river.NewWorkers()
		river.AddWorker(workers, river.WorkFunc(func(_ context.Context, job *river.Job[note]) error {
			worked <- job.Args.Text
			return nil
		}))
		var client *river.Client[*sql.Tx]
		client, err := s.Worker(&river.Config{Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Start(ctx); err != nil {
			t.Fatal(err)
		}
		select {
		case text := <-worked:
			if text != "kept" {
				t.Errorf("worked %q", text)
			}
		case <-time.After(20 * time.Second):
			t.Error("the job was not worked")
		}
		if err := client.Stop(ctx); err != nil {
			t.Error(err)
		}
	})
}
