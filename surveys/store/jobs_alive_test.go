package store_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// longArgs is a job that may take long.
type longArgs struct {
	Name string `json:"name"`
}

// Kind names the job.
func (longArgs) Kind() string { return "long" }

// long is its worker, which never gives up by itself.
type long struct {
	river.WorkerDefaults[longArgs]
	began chan string
}

// Timeout lets it run for ever.
func (long) Timeout(*river.Job[longArgs]) time.Duration { return -1 }

// Work says that it begins.
func (l long) Work(_ context.Context, job *river.Job[longArgs]) error {
	l.began <- job.Args.Name
	return nil
}

// runningJob enqueues a job and leaves it as one that runs, whose last sign of life
// was so many seconds ago. It returns its id.
func runningJob(t *testing.T, s *store.Store, name string, seconds int) (id int64) {
	t.Helper()
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Enqueue(ctx, longArgs{name}) })
	ago := "now() - make_interval(secs => $1)"
	if s.Dialect() == store.SQLite {
		ago = "datetime('now', 'subsec', '-' || ?1 || ' seconds')"
	}
	if err := s.Writers().QueryRowContext(t.Context(), "UPDATE river_job SET state = 'running', attempt = 1, attempted_at = "+ago+" WHERE state = 'available' RETURNING id", seconds).Scan(&id); err != nil {
		t.Fatal(err)
	}
	return id
}

// TestJobOfADeadProcessGoesOn within minutes, and not after the hour that it may
// take; one that gave a sign of life is left alone.
func TestJobOfADeadProcessGoesOn(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		alive := runningJob(t, s, "alive", 110)
		runningJob(t, s, "dead", 130)
		began, workers := make(chan string, 2), river.NewWorkers()
		river.AddWorker(workers, &long{began: began})
		worker, err := s.Worker(&river.Config{Logger: slog.New(slog.DiscardHandler), Workers: workers, Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 2}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := worker.Start(context.Background()); err != nil {
			t.Fatal(err)
		}
		select {
		case name := <-began:
			if name != "dead" {
				t.Errorf("the job of the %s is worked off", name)
			}
		case <-time.After(time.Minute):
			t.Error("the job of a dead process waits")
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := worker.Stop(ctx); err != nil {
			t.Error(err)
		}
		if job, err := worker.JobGet(ctx, alive); err != nil || job.State != rivertype.JobStateRunning {
			t.Errorf("the job that gave a sign of life is %+v, %v", job, err)
		}
	})
}

// TestSignsOfLife: a job that runs moves the time by which it is judged, and ends
// when it was taken over.
func TestSignsOfLife(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		id := runningJob(t, s, "slow", 130)
		set := func(statement string) int64 {
			done, err := s.Writers().ExecContext(t.Context(), statement)
			if err != nil {
				t.Fatal(err)
			}
			n, _ := done.RowsAffected()
			return n
		}
		fresh := "attempted_at > now() - interval '60 seconds'"
		if s.Dialect() == store.SQLite {
			fresh = "attempted_at > datetime('now', 'subsec', '-60 seconds')"
		}
		err := s.Beating(t.Context(), time.Millisecond, &rivertype.JobRow{ID: id, Attempt: 1}, func(ctx context.Context) error {
			for set("UPDATE river_job SET attempt = 2 WHERE "+fresh) == 0 { // its sign has come, and somebody takes it over
				time.Sleep(time.Millisecond)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Minute):
				t.Error("it goes on beside whoever took it over")
				return nil
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("it ended with %v", err)
		}
	})
}
