package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/glebarez/sqlite"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Dialect is the kind of database.
type Dialect string

// The dialects.
const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Options say which database to open, and bring in time and chance.
type Options struct {
	URL    string           // sqlite:PATH or postgres://…
	Now    func() time.Time // defaults to time.Now
	Random io.Reader        // keys and tokens; must be cryptographically strong
	Log    *slog.Logger
}

// Store is an open database. It is safe for concurrent use.
type Store struct {
	reads
	write   *gorm.DB
	writeDB *sql.DB
	readDB  *sql.DB
	dialect Dialect
	path    string // of the SQLite file; "" on PostgreSQL
	options Options
	jobs    enqueuer
}

// reads are the look-ups, on whatever they run: the readers' pool or a
// transaction.
type reads struct {
	db      *gorm.DB
	dialect Dialect
}

// Tx is a running transaction. It reads what it wrote.
type Tx struct {
	reads
	store *Store
}

// Open opens the database at options.URL. It does not migrate it.
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
	if err := s.Ping(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("reach the database %s: %w", redact(options.URL), err)
	}
	if err := s.openJobs(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func gormConfig() *gorm.Config {
	return &gorm.Config{TranslateError: true, SkipDefaultTransaction: true, Logger: logger.Discard, DisableAutomaticPing: true}
}

// openSQLite opens one writer and a pool of readers on the file. FULL makes a
// commit survive the loss of power, which an accepted answer must.
func openSQLite(path string) (*Store, error) {
	dsn := func(pragmas ...string) string {
		query := url.Values{"_txlock": {"immediate"}}
		for _, pragma := range append([]string{"busy_timeout(10000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}, pragmas...) {
			query.Add("_pragma", pragma)
		}
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + query.Encode()
	}
	write, err := gorm.Open(sqlite.Open(dsn()), gormConfig())
	if err != nil {
		return nil, fmt.Errorf("open the SQLite file %s: %w", path, err)
	}
	read, err := gorm.Open(sqlite.Open(dsn("query_only(1)")), gormConfig())
	if err != nil {
		return nil, fmt.Errorf("open the SQLite file %s for reading: %w", path, err)
	}
	writeDB, _ := write.DB()
	readDB, _ := read.DB()
	writeDB.SetMaxOpenConns(1)
	readDB.SetMaxOpenConns(8)
	readDB.SetMaxIdleConns(8)
	return &Store{reads: reads{db: read, dialect: SQLite}, write: write, writeDB: writeDB, readDB: readDB, dialect: SQLite, path: path}, nil
}

func openPostgres(address string) (*Store, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("read the address of the database: %w", err)
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

// redact hides the password of a database's address.
func redact(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return "(unreadable address)"
	}
	return u.Redacted()
}

// Dialect says which kind of database it is.
func (s *Store) Dialect() Dialect { return s.dialect }

// Now is the store's clock, in UTC.
func (s *Store) Now() time.Time { return s.options.Now().UTC() }

// Random is the store's source of chance.
func (s *Store) Random() io.Reader { return s.options.Random }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.readDB.PingContext(ctx); err != nil {
		return known("ping the database", err)
	}
	return nil
}

// Close releases the connections.
func (s *Store) Close() error {
	err := s.writeDB.Close()
	if s.readDB != s.writeDB {
		if readErr := s.readDB.Close(); err == nil {
			err = readErr
		}
	}
	return err
}

// InTx runs move in one transaction: all of it is stored, or nothing.
func (s *Store) InTx(ctx context.Context, move func(tx *Tx) error) error {
	err := s.write.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		return move(&Tx{reads: reads{db: g, dialect: s.dialect}, store: s})
	})
	return known("transaction", err)
}

// sqlTx is the transaction as database/sql knows it.
func (tx *Tx) sqlTx() (*sql.Tx, error) {
	sqlTx, ok := tx.db.Statement.ConnPool.(*sql.Tx)
	if !ok {
		return nil, fmt.Errorf("the transaction is a %T, not a *sql.Tx", tx.db.Statement.ConnPool)
	}
	return sqlTx, nil
}

// NewID returns a new row's id: a UUIDv7, so that rows are appended in the
// order of time.
func (s *Store) NewID() (string, error) { return newID(s.options.Random) }
