package store

import (
	"context"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// When a job that runs is taken for one whose process died. The queue would wait
// for as long as a job may take at most, and knows no signs of life; but it judges
// by the time of the try, so that they are given by moving that.
const (
	jobBeat = 20 * time.Second // between two signs of life
	jobDead = 2 * time.Minute  // without one: longer than a job may take that has no patience of its own
)

// alive has each job give a sign of life now and then while it runs. One that was
// taken over nevertheless, as after a long sleep of its machine, is cancelled.
func (s *Store) alive(every time.Duration) rivertype.Middleware {
	return river.WorkerMiddlewareFunc(func(ctx context.Context, job *rivertype.JobRow, do func(context.Context) error) error {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		go func() {
			ticker := time.NewTicker(every)
			defer ticker.Stop()
			for {
				select {
				case <-ctx.Done():
					return
				case <-ticker.C:
				}
				// What cannot be stored now is stored the next time.
				if runs, err := s.jobRuns(ctx, job.ID, job.Attempt); err == nil && !runs {
					cancel()
				}
			}
		}()
		return do(ctx)
	})
}

// jobRuns notes that a job's try still runs. It reports false when the queue has
// given it up.
func (s *Store) jobRuns(ctx context.Context, id int64, attempt int) (bool, error) {
	now := "now()"
	if s.dialect == SQLite {
		now = "datetime('now', 'subsec')" // as the queue writes it: times are compared as texts
	}
	var moved int64
	err := s.inTx(ctx, func(tx *Tx) error {
		done := tx.db.WithContext(ctx).Exec("UPDATE river_job SET attempted_at = "+now+" WHERE id = ? AND state = 'running' AND attempt = ?", id, attempt)
		moved = done.RowsAffected
		return done.Error
	})
	return moved > 0, err
}
