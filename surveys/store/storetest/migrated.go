package storetest

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/harkhq/hark/surveys/store"
)

// Migrating takes most of the time of a short test, and leads to the same tables
// each time: a test process does it once for each dialect, and its tests get
// copies.

// blank is a migrated SQLite database.
var blank = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "hark-sqlite-")
	if err != nil {
		return nil, fmt.Errorf("make a directory: %w", err)
	}
	defer func() { _ = os.RemoveAll(dir) }() // what is left there harms nobody
	path := filepath.Join(dir, "hark.db")
	if err := migrate("sqlite:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// template is the name of a migrated database on the private server, to which
// nobody is connected.
const template = "hark_test_template"

var templated = sync.OnceValue(func() error {
	server, err := shared()
	if err != nil {
		return err
	}
	if err := on(server.url, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "CREATE DATABASE "+template+" TEMPLATE template0 ENCODING 'UTF8'")
		return err
	}); err != nil {
		return fmt.Errorf("create the template: %w", err)
	}
	target, err := url.Parse(server.url)
	if err != nil {
		return err
	}
	target.Path = "/" + template
	return migrate(target.String())
})

// migrate opens the database at an address, migrates it and closes it.
func migrate(address string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, store.Options{URL: address, Now: Start, Random: NewRandom(1), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	if err := s.Migrate(ctx); err != nil {
		_ = s.Close() // the migration's error says more
		return err
	}
	return s.Close()
}

// migratedURL returns the address of a migrated, empty database of a dialect. On
// a server that the tests share with others no template is left behind.
func migratedURL(tb testing.TB, dialect store.Dialect) string {
	tb.Helper()
	switch {
	case dialect == store.SQLite:
		content, err := blank()
		if err != nil {
			tb.Fatalf("migrate a SQLite database: %v", err)
		}
		path := filepath.Join(tb.TempDir(), "hark.db")
		if err := os.WriteFile(path, content, 0o600); err != nil {
			tb.Fatal(err)
		}
		return "sqlite:" + path
	case os.Getenv(PostgresEnv) != "":
		address := Postgres(tb)
		if err := migrate(address); err != nil {
			tb.Fatalf("migrate the database: %v", err)
		}
		return address
	}
	if err := templated(); err != nil {
		tb.Fatalf("migrate a PostgreSQL database: %v", err)
	}
	server, err := shared()
	if err != nil {
		tb.Fatal(err)
	}
	return newDatabase(tb, server.url, template)
}
