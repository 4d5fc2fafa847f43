package flow

import (
	"context"
	"database/sql"
	"log/slog"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// EraseArgs is the job that erases a person.
type EraseArgs struct {
	Workspace surveys.WorkspaceID `json:"workspace"`
	Person    string              `json:"person"`
}

// Kind names the job.
func (EraseArgs) Kind() string { return "erase_person" }

// RecountArgs is the job that counts a workspace's answers anew under the days
// of its time zone.
type RecountArgs struct {
	Workspace surveys.WorkspaceID `json:"workspace"`
}

// Kind names the job.
func (RecountArgs) Kind() string { return "recount" }

// PurgeArgs is the job that drops what has expired: sessions, links, keys of
// repeated requests, deleted notes.
type PurgeArgs struct{}

// Kind names the job.
func (PurgeArgs) Kind() string { return "purge_expired" }

// schedule is all periodic work of Hark.
func schedule() []*river.PeriodicJob {
	return []*river.PeriodicJob{
		river.NewPeriodicJob(river.PeriodicInterval(time.Hour), func() (river.JobArgs, *river.InsertOpts) { return PurgeArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Minute), func() (river.JobArgs, *river.InsertOpts) { return ReadArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Minute), func() (river.JobArgs, *river.InsertOpts) { return DigestsArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Minute), func() (river.JobArgs, *river.InsertOpts) { return DriversArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Minute), func() (river.JobArgs, *river.InsertOpts) { return CountArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Minute), func() (river.JobArgs, *river.InsertOpts) { return TurnsArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Minute), func() (river.JobArgs, *river.InsertOpts) { return JudgeArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Minute), func() (river.JobArgs, *river.InsertOpts) { return ListsArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(24*time.Hour), func() (river.JobArgs, *river.InsertOpts) { return TurnsAnewArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Hour), func() (river.JobArgs, *river.InsertOpts) { return KeysArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(time.Hour), func() (river.JobArgs, *river.InsertOpts) { return TrainArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
		river.NewPeriodicJob(river.PeriodicInterval(24*time.Hour), func() (river.JobArgs, *river.InsertOpts) { return LoyaltyArgs{}, nil }, &river.PeriodicJobOpts{RunOnStart: true}),
	}
}

// Finished is told of each job that ended: its kind, and its error or nil.
type Finished func(kind string, err error)

// NewWorker returns the client that works off the jobs; the caller starts and
// stops it. The post takes digests, nil when no mail can be sent; the keys that
// sign mails are watched by sending, nil for nobody.
func NewWorker(s *store.Store, log *slog.Logger, finished Finished, post Post, sending *Sending) (*river.Client[*sql.Tx], error) {
	workers := river.NewWorkers()
	river.AddWorker(workers, work(finished, func(ctx context.Context, args EraseArgs) error {
		err := s.InTx(ctx, func(tx *store.Tx) error { return tx.ErasePerson(ctx, args.Workspace, args.Person) })
		if surveys.KindOf(err) == surveys.NotFound {
			return nil // an earlier run of the same job did it
		}
		return err
	}))
	river.AddWorker(workers, work(finished, func(ctx context.Context, args RecountArgs) error {
		return recount(ctx, s, args.Workspace)
	}))
	river.AddWorker(workers, work(finished, func(ctx context.Context, _ PurgeArgs) error {
		return purge(ctx, s)
	}))
	river.AddWorker(workers, patiently(finished, func(ctx context.Context, args ReadArgs) error {
		return readComments(ctx, s, args.Workspace)
	}))
	river.AddWorker(workers, patiently(finished, func(ctx context.Context, _ TrainArgs) error {
		return trainThemes(ctx, s)
	}))
	river.AddWorker(workers, patiently(finished, func(ctx context.Context, args DriversArgs) error {
		return NewDrivers(s).Compute(ctx, args.Workspace)
	}))
	river.AddWorker(workers, patiently(finished, func(ctx context.Context, _ CountArgs) error {
		return CountInvitations(ctx, s)
	}))
	river.AddWorker(workers, patiently(finished, func(ctx context.Context, _ JudgeArgs) error { return Judge(ctx, s) }))
	river.AddWorker(workers, patiently(finished, func(ctx context.Context, args LoyaltyArgs) error {
		return computeLoyalty(ctx, s, args.Workspace)
	}))
	river.AddWorker(workers, patiently(finished, func(ctx context.Context, _ KeysArgs) error {
		if sending == nil {
			return nil
		}
		return sending.WatchKeys(ctx, log)
	}))
	turns := NewTurns(s)
	river.AddWorker(workers, patiently(finished, func(ctx context.Context, _ TurnsArgs) error { return turns.Run(ctx) }))
	river.AddWorker(workers, work(finished, func(ctx context.Context, _ TurnsAnewArgs) error { return turns.Anew(ctx) }))
	river.AddWorker(workers, patiently(finished, func(ctx context.Context, _ ListsArgs) error { return NewLists(s).work(ctx) }))
	addDigests(workers, s, finished, post)
	return s.Worker(&river.Config{
		Logger:       slog.New(warnings{log.Handler()}),
		Queues:       map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 4}, readingQueue: {MaxWorkers: 1}, countingQueue: {MaxWorkers: 1}, turnsQueue: {MaxWorkers: 1}, listsQueue: {MaxWorkers: 1}},
		Workers:      workers,
		PeriodicJobs: schedule(),
	})
}

// warnings is a log that hears only what is amiss: the queue says every few
// seconds that it is well.
type warnings struct{ slog.Handler }

// Enabled lets warnings and errors through.
func (w warnings) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// Handle drops what the queue says about its own end: that its work was
// cancelled is what stopping means.
func (w warnings) Handle(ctx context.Context, record slog.Record) error {
	stopping := false
	record.Attrs(func(a slog.Attr) bool {
		stopping = stopping || strings.Contains(a.Value.String(), context.Canceled.Error())
		return !stopping
	})
	if stopping {
		return nil
	}
	return w.Handler.Handle(ctx, record)
}

// WithAttrs keeps the filter.
func (w warnings) WithAttrs(attrs []slog.Attr) slog.Handler {
	return warnings{w.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the filter.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }

// work makes a worker of a function.
func work[T river.JobArgs](finished Finished, do func(context.Context, T) error) river.Worker[T] {
	return river.WorkFunc(func(ctx context.Context, job *river.Job[T]) error {
		err := do(ctx, job.Args)
		finished(job.Kind, err)
		return err
	})
}

func purge(ctx context.Context, s *store.Store) error {
	workspaces, err := s.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		if err := s.InTx(ctx, func(tx *store.Tx) error {
			if _, err := tx.PurgeExpired(ctx, w.ID, s.Now()); err != nil {
				return err
			}
			if _, err := tx.PurgeTouches(ctx, w.ID, s.Now().Add(-surveys.AnswerWindow)); err != nil {
				return err
			}
			if err := tx.PurgePageAsks(ctx, w.ID, s.Now().Add(-surveys.MaxCapDays*24*time.Hour)); err != nil {
				return err
			}
			return forget(ctx, tx, w.ID, s.Now())
		}); err != nil {
			return err
		}
	}
	return nil
}

// recount moves every answer to its local day and counts the rollups anew, in
// one transaction, so that no reader sees half of it.
func recount(ctx context.Context, s *store.Store, ws surveys.WorkspaceID) error {
	return s.InTx(ctx, func(tx *store.Tx) error {
		w, err := tx.Workspace(ctx, ws)
		if err != nil {
			return err
		}
		zone := w.Location()
		day := func(at time.Time) int { return surveys.Day(at, zone) }
		if err := tx.MoveInvitationDays(ctx, ws, day); err != nil {
			return err
		}
		if err := tx.MoveDays(ctx, ws, day); err != nil {
			return err
		}
		if err := tx.RebuildRollups(ctx, ws); err != nil {
			return err
		}
		if err := tx.RebuildThemes(ctx, ws); err != nil {
			return err
		}
		if err := tx.RebuildIndexDays(ctx, ws); err != nil {
			return err
		}
		if err := tx.RebuildDriverDays(ctx, ws); err != nil {
			return err
		}
		return tx.RebuildInvitations(ctx, ws)
	})
}
