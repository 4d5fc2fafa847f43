package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations
var migrations embed.FS

// migrationLock is the number of the advisory lock that one process at a time
// holds while it migrates a PostgreSQL database.
const migrationLock = 0x6861726b // "hark"

// Migrate brings the schema to this program's version. Two processes that
// start at once do it one after the other. It refuses a database that a newer
// program has migrated.
func (s *Store) Migrate(ctx context.Context) error {
	release, err := s.lockMigrations(ctx)
	if err != nil {
		return err
	}
	defer release()
	provider, err := s.migrations()
	if err != nil {
		return err
	}
	current, target, err := provider.GetVersions(ctx)
	if err != nil {
		return known("read the schema's version", err)
	}
	if current > target {
		return fmt.Errorf("the database has schema version %d, and this program knows only %d: run the newer program, or restore the backup made before the upgrade", current, target)
	}
	if _, err := provider.Up(ctx); err != nil {
		return known("migrate the schema", err)
	}
	return s.migrateJobs(ctx)
}

func (s *Store) migrations() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations/"+string(s.dialect))
	if err != nil {
		return nil, fmt.Errorf("find the migrations: %w", err)
	}
	dialect := goose.DialectPostgres
	if s.dialect == SQLite {
		dialect = goose.DialectSQLite3
	}
	provider, err := goose.NewProvider(dialect, s.writeDB, files, goose.WithGoMigrations(addressesMigration()))
	if err != nil {
		return nil, fmt.Errorf("read the migrations: %w", err)
	}
	return provider, nil
}

func (s *Store) migrateJobs(ctx context.Context) error {
	migrator, err := s.jobs.migrator()
	if err != nil {
		return fmt.Errorf("read the migrations of the job queue: %w", err)
	}
	if _, err := migrator.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return known("migrate the job queue", err)
	}
	return nil
}

// lockMigrations waits for the lock and returns how to give it back.
func (s *Store) lockMigrations(ctx context.Context) (release func(), err error) {
	if s.dialect == SQLite {
		return waitForFile(ctx, s.file.path+".migrate")
	}
	conn, err := s.writeDB.Conn(ctx)
	if err != nil {
		return nil, known("connect to migrate", err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", migrationLock); err != nil {
		conn.Close()
		return nil, known("wait for another process that migrates", err)
	}
	return func() {
		// The connection's end would release it too; this is for the pool.
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", migrationLock)
		conn.Close()
	}, nil
}
