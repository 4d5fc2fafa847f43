package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"time"

	"gorm.io/gorm"
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

// Dialect says which kind of database it is.
func (s *Store) Dialect() Dialect { return s.dialect }

// Now is the store's clock, in UTC and in microseconds: what is stored of it
// comes back the same.
func (s *Store) Now() time.Time { return utc(s.options.Now()) }

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
