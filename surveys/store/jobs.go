package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivermigrate"
)

// enqueuer writes jobs into the queue in a transaction of ours.
type enqueuer struct {
	client   *river.Client[*sql.Tx]
	migrator func() (*rivermigrate.Migrator[*sql.Tx], error)
	worker   func(*river.Config) (*river.Client[*sql.Tx], error)
}

func (s *Store) openJobs() error {
	switch s.dialect {
	case Postgres:
		driver := riverdatabasesql.New(s.writeDB)
		s.jobs.worker = func(c *river.Config) (*river.Client[*sql.Tx], error) { return river.NewClient(driver, c) }
		s.jobs.migrator = func() (*rivermigrate.Migrator[*sql.Tx], error) {
			return rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
		}
	default:
		driver := riversqlite.New(s.writeDB)
		s.jobs.worker = func(c *river.Config) (*river.Client[*sql.Tx], error) { return river.NewClient(driver, c) }
		s.jobs.migrator = func() (*rivermigrate.Migrator[*sql.Tx], error) {
			return rivermigrate.New(driver, &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
		}
	}
	client, err := s.jobs.worker(&river.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("open the job queue: %w", err)
	}
	s.jobs.client = client
	return nil
}

// Worker returns a client of the job queue that works; the caller starts and
// stops it. The jobs of a process that died go on elsewhere within three minutes,
// however long they may take: those that run give signs of life.
func (s *Store) Worker(config *river.Config) (*river.Client[*sql.Tx], error) {
	config.RescueStuckJobsAfter = jobDead
	config.Middleware = append(config.Middleware, s.alive(jobBeat))
	client, err := s.jobs.worker(config)
	if err != nil {
		return nil, fmt.Errorf("open the job queue: %w", err)
	}
	return client, nil
}

// Enqueue adds a job that starts once the transaction is committed, and never
// if it is not.
func (tx *Tx) Enqueue(ctx context.Context, job river.JobArgs) error {
	sqlTx, err := tx.sqlTx()
	if err != nil {
		return err
	}
	if _, err := tx.store.jobs.client.InsertTx(ctx, sqlTx, job, nil); err != nil {
		return known("enqueue the job "+job.Kind(), err)
	}
	return nil
}
