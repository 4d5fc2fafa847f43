package store

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
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
	file    file          // of SQLite
	turn    chan struct{} // holds SQLite's one writer; nil on PostgreSQL
	changes atomic.Uint64 // see [Store.Changes]
	trouble trouble
	options Options
	jobs    enqueuer
	touched atomic.Pointer[TouchQueue] // nil until there is one
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
	store   *Store
	changes bool // moves [Store.Changes] when it commits

	forgotten themeDeltas // what goes out of the themes' counts with the rollups' deltas
	unindexed dayMoves    // and what goes out of the numbers of indexed comments
	asked     askedMoves  // what it does to the counts of invitations, which move last
}

// Dialect says which kind of database it is.
func (s *Store) Dialect() Dialect { return s.dialect }

// Now is the store's clock, in UTC and in microseconds: what is stored of it
// comes back the same.
func (s *Store) Now() time.Time { return utc(s.options.Now()) }

// Random is the store's source of chance.
func (s *Store) Random() io.Reader { return s.options.Random }

// Changes counts what this process changed of workspaces, surveys and API keys:
// whoever keeps look-ups of them looks again when it moved.
func (s *Store) Changes() uint64 { return s.changes.Load() }

// Ping reports whether the database answers, is still where it was opened, and
// took what was last written to it.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.readDB.PingContext(ctx); err != nil {
		return known("ping the database", err)
	}
	if err := s.file.check(); err != nil {
		return err
	}
	return s.trouble.lately(s.Now())
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

// InTx runs move in one transaction: all of it is stored, or nothing. On SQLite
// it is Unavailable when the writer was not free for some seconds, and when the
// file is no longer where it was opened: what is written to a deleted file is
// lost when the process ends.
func (s *Store) InTx(ctx context.Context, move func(tx *Tx) error) error {
	err := s.inTx(ctx, move)
	s.trouble.note(s.Now(), err)
	return err
}

func (s *Store) inTx(ctx context.Context, move func(tx *Tx) error) error {
	leave, err := s.takeTurn(ctx)
	if err != nil {
		return err
	}
	defer leave()
	tx := &Tx{store: s}
	err = s.write.WithContext(ctx).Transaction(func(g *gorm.DB) error {
		tx.reads = reads{db: g, dialect: s.dialect}
		if err := move(tx); err != nil {
			return err
		}
		if err := tx.applyAsked(ctx); err != nil {
			return err
		}
		return s.file.check()
	})
	if err != nil {
		return known("transaction", err)
	}
	if tx.changes {
		s.changes.Add(1)
	}
	return s.file.check() // it may have gone while the commit waited for the disk
}

// takeTurn waits for SQLite's one writer, as long as SQLite itself waits for
// other processes, so that a transaction of minutes holds up nobody for longer.
func (s *Store) takeTurn(ctx context.Context) (leave func(), err error) {
	if s.turn == nil {
		return func() {}, nil
	}
	late := time.NewTimer(writerWait)
	defer late.Stop()
	select {
	case s.turn <- struct{}{}:
		return func() { <-s.turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-late.C:
		return nil, &surveys.Error{Kind: surveys.Unavailable, Code: "database_busy", RetryAfter: retryAfter}
	}
}

// Now is the store's clock, see [Store.Now].
func (tx *Tx) Now() time.Time { return tx.store.Now() }

// NewID returns a new row's id, see [Store.NewID].
func (tx *Tx) NewID() (string, error) { return tx.store.NewID() }

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
