// Package storetest gives tests the databases that Hark runs on. It is used by
// the tests of every package on the data's way that stores something, from
// surveys/store to cmd/hark, and by no other code: a fresh, empty PostgreSQL
// database each ([Postgres]), from a server that is started privately and never
// outlives the test process.
package storetest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// PostgresEnv names the environment variable with the URL of a PostgreSQL
// server on which the tests may create and drop databases. Where it is unset,
// each test process starts a private server from the system's binaries.
const PostgresEnv = "HARK_TEST_POSTGRES"

// shared is this test process's private server, started by the first test that
// asks. It is the one global here, because the testing package knows no
// life time between one test and its process, and a server per test would cost
// each a second. Nothing needs to stop it: see [server].
var shared = sync.OnceValues(func() (*server, error) { return start(forgetful) })

// Postgres returns the URL (postgres://…) of a fresh, empty database of this
// test's own, dropped when the test ends. It is UTF-8 and may be used by many
// connections, from several processes. It is fast because it does not survive a
// power cut; what must be measured durable takes [Durable].
//
// A machine without PostgreSQL fails the test, and is told what to install: the
// half of the product that runs on PostgreSQL is never silently untested.
func Postgres(tb testing.TB) string {
	tb.Helper()
	if admin := os.Getenv(PostgresEnv); admin != "" {
		return newDatabase(tb, admin, empty)
	}
	server, err := shared()
	if err != nil {
		tb.Fatalf("start a private PostgreSQL: %v", err)
	}
	return newDatabase(tb, server.url, empty)
}

// Durable is like [Postgres] on a server of this test's own with the durable
// settings that production has (fsync, synchronous_commit), for benchmarks.
// The data lies in the directory for temporary files: set TMPDIR to measure a
// certain disk, and mind that some systems keep /tmp in memory. With
// [PostgresEnv] set it takes that server, and fails if it is not durable.
func Durable(tb testing.TB) string {
	tb.Helper()
	admin := os.Getenv(PostgresEnv)
	if admin == "" {
		server, err := start(durable)
		if err != nil {
			tb.Fatalf("start a durable PostgreSQL: %v", err)
		}
		tb.Cleanup(server.stop)
		admin = server.url
	}
	for _, setting := range []string{"fsync", "synchronous_commit"} {
		if value := ask(tb, admin, "SHOW "+setting); value != "on" {
			tb.Fatalf("the PostgreSQL at $%s has %s=%s: a durable benchmark needs it on", PostgresEnv, setting, value)
		}
	}
	return newDatabase(tb, admin, empty)
}

// Program returns the path of a program that comes with PostgreSQL, such as
// pgbench, psql or pg_dump, and fails the test where it is missing.
func Program(tb testing.TB, name string) string {
	tb.Helper()
	path, err := program(name)
	if err != nil {
		tb.Fatal(err)
	}
	return path
}

// empty is the template of a database with nothing in it. It is template0 rather
// than template1: nobody can be connected to it, and a template in use makes
// CREATE DATABASE fail.
const empty = "template0"

// newDatabase creates a database for tb on the server at admin, a URL, as a copy
// of a template, and returns the new database's URL.
func newDatabase(tb testing.TB, admin, template string) string {
	tb.Helper()
	target, err := url.Parse(admin)
	if err != nil || !strings.HasPrefix(target.Scheme, "postgres") {
		// Not the URL itself: it may carry a password.
		tb.Fatalf("$%s is not a URL of the form postgres://user:password@host:port/postgres", PostgresEnv)
	}
	name := "hark_test_" + strings.ToLower(rand.Text())
	run(tb, admin, "CREATE DATABASE "+name+" TEMPLATE "+template+" ENCODING 'UTF8'")
	tb.Cleanup(func() {
		// FORCE, since a test that failed may have left connections open.
		run(tb, admin, "DROP DATABASE "+name+" WITH (FORCE)")
	})
	target.Path = "/" + name
	return target.String()
}

// run executes one statement on the server at admin, or fails the test.
func run(tb testing.TB, admin, statement string) {
	tb.Helper()
	if err := on(admin, func(ctx context.Context, conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, statement)
		return err
	}); err != nil {
		tb.Fatalf("%s: %v", statement, err)
	}
}

// ask returns the single text that query selects on the server at admin, or
// fails the test.
func ask(tb testing.TB, admin, query string) string {
	tb.Helper()
	var answer string
	if err := on(admin, func(ctx context.Context, conn *pgx.Conn) error {
		return conn.QueryRow(ctx, query).Scan(&answer)
	}); err != nil {
		tb.Fatalf("%s: %v", query, err)
	}
	return answer
}

// on calls do with a connection of its own to the database at target, a URL.
func on(target string, do func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, target)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	// What close could report has no bearing on the statement that was done.
	defer func() { _ = conn.Close(ctx) }()
	return do(ctx, conn)
}
