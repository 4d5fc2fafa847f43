package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"github.com/harkhq/hark/surveys/store/sqlite"
)

// Open opens the database at options.URL. It does not migrate it. Its error
// says what to check, and never holds a password.
func Open(ctx context.Context, options Options) (*Store, error) {
	if options.Now == nil {
		options.Now = time.Now
	}
	var (
		s   *Store
		err error
	)
	switch {
	case strings.HasPrefix(options.URL, "sqlite:"):
		s, err = openSQLite(strings.TrimPrefix(options.URL, "sqlite:"))
	case strings.HasPrefix(options.URL, "postgres://"), strings.HasPrefix(options.URL, "postgresql://"):
		s, err = openPostgres(options.URL)
	default:
		return nil, fmt.Errorf("the database %q is neither sqlite:PATH nor postgres://USER:PASSWORD@HOST/NAME", redact(options.URL))
	}
	if err != nil {
		return nil, err
	}
	s.options = options
	if err := s.reach(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("reach the database %s: %w; %s", redact(options.URL), err, advice(s.dialect, err))
	}
	if err := s.file.remember(); err != nil {
		s.Close()
		return nil, err
	}
	if err := s.openJobs(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// reach connects once as the writer and once as a reader, so that a database
// that cannot be used is known at the start.
func (s *Store) reach(ctx context.Context) error {
	if err := s.writeDB.PingContext(ctx); err != nil {
		return known("connect", err)
	}
	return s.Ping(ctx)
}

// advice says what to check when the database cannot be reached.
func advice(dialect Dialect, err error) string {
	switch {
	case dialect == SQLite && outage(err) == "database_readonly":
		return "check that this user may write to the file and to its directory"
	case dialect == SQLite && outage(err) == "database_busy":
		return "another program holds the file: stop it, or wait until it is done"
	case dialect == SQLite:
		return "check that it is Hark's own SQLite file, and that this user may write to it and to its directory"
	case strings.HasPrefix(sqlState(err), "28"):
		return "check the user and the password in HARK_DATABASE"
	case sqlState(err) == "3D000":
		return "create the database, or check its name in HARK_DATABASE"
	}
	return "check that PostgreSQL runs, and that host and port in HARK_DATABASE are right"
}

func gormConfig() *gorm.Config {
	return &gorm.Config{TranslateError: true, SkipDefaultTransaction: true, Logger: logger.Discard, DisableAutomaticPing: true}
}

// writerWait is how long a transaction waits for SQLite's writer: in this
// process, and again while another process holds it, such as an import. Twice
// of it is what a client waits at most.
const writerWait = 2500 * time.Millisecond

// writerCache is what the writer holds in memory, 24 MB. What is looked up by a hash
// or an address lands on a page of its own each time: with SQLite's usual 2 MB it
// reads those pages again and again.
const writerCache = "cache_size(-24000)"

// writerLog is how many pages the write-ahead log may hold before they are copied
// into the file, 16 MB: the page of an invitation is written again for each step of
// its letter, and is copied once for several of them.
const writerLog = "wal_autocheckpoint(4000)"

// openSQLite opens one writer and a pool of readers on the file. FULL makes a
// commit survive the loss of power, which an accepted answer must.
func openSQLite(path string) (*Store, error) {
	if err := checkPath(path); err != nil {
		return nil, err
	}
	if err := usable(path); err != nil {
		return nil, err
	}
	dsn := func(pragmas ...string) string {
		query := url.Values{"_txlock": {"immediate"}, "_time_format": {"sqlite"}}
		for _, pragma := range append([]string{fmt.Sprintf("busy_timeout(%d)", writerWait.Milliseconds()), "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}, pragmas...) {
			query.Add("_pragma", pragma)
		}
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
	}
	writeDB, write, err := openLite(dsn(writerCache, writerLog))
	if err != nil {
		return nil, fmt.Errorf("open the SQLite file %s: %w; %s", path, err, advice(SQLite, err))
	}
	readDB, read, err := openLite(dsn("query_only(1)"))
	if err != nil {
		return nil, fmt.Errorf("open the SQLite file %s for reading: %w; %s", path, err, advice(SQLite, err))
	}
	writeDB.SetMaxOpenConns(1)
	readDB.SetMaxOpenConns(8)
	readDB.SetMaxIdleConns(8)
	return &Store{reads: reads{db: read, dialect: SQLite}, write: write, writeDB: writeDB, readDB: readDB, dialect: SQLite, file: file{path: path}, turn: make(chan struct{}, 1)}, nil
}

// openLite makes a pool of connections to a SQLite file, and GORM over it.
func openLite(dsn string) (*sql.DB, *gorm.DB, error) {
	db, err := sqlite.Open(dsn)
	if err != nil {
		return nil, nil, err
	}
	g, err := gorm.Open(sqlite.Dialector{DB: db}, gormConfig())
	return db, g, err
}

// checkPath finds what SQLite would only call "unable to open database file".
func checkPath(path string) error {
	if path == "" || strings.HasPrefix(path, ":memory:") {
		return fmt.Errorf("the database sqlite:%s names no file: write sqlite:PATH", path)
	}
	dir := filepath.Dir(path)
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return fmt.Errorf("the directory %s of the database does not exist: create it, or name another file with HARK_DATABASE", dir)
	}
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return fmt.Errorf("the database %s is a directory: name a file in it with HARK_DATABASE, such as sqlite:%s", path, filepath.Join(path, "hark.db"))
	}
	return nil
}

func openPostgres(address string) (*Store, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		// Only the cause: the error itself repeats the address.
		return nil, fmt.Errorf("read the address of the database %s: %w", redact(address), errors.Unwrap(err))
	}
	config.RuntimeParams["timezone"] = "UTC"
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "hark"
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(20)
	db.SetMaxIdleConns(10)
	db.SetConnMaxIdleTime(5 * time.Minute)
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), gormConfig())
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return &Store{reads: reads{db: g, dialect: Postgres}, write: g, writeDB: db, readDB: db, dialect: Postgres}, nil
}

// redact hides the passwords of a database's address.
func redact(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(unreadable address)"
	}
	query := u.Query()
	for key := range query {
		if strings.Contains(strings.ToLower(key), "password") {
			query.Set(key, "xxxxx")
		}
	}
	u.RawQuery = query.Encode()
	return u.Redacted()
}
