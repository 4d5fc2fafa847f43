package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
)

// plain is what the driver's connection can do beyond running statements.
type plain interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// compiled is a statement of the driver. Running it again costs no compiling: SQLite
// compiles it anew by itself when the schema has changed.
type compiled interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// conn is a connection that keeps the statements it has compiled. Like every
// connection of a driver it is used by one goroutine at a time.
type conn struct {
	plain
	kept *kept
}

// ExecContext runs a statement that returns no rows.
func (c *conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	result, err := s.ExecContext(ctx, args)
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return result, c.kept.put(query, s)
}

// QueryContext runs a statement that returns rows. It is kept again when they
// are closed.
func (c *conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	s, err := c.take(ctx, query)
	if err != nil {
		return nil, err
	}
	found, err := s.QueryContext(ctx, args)
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return &rows{typedRows: found.(typedRows), end: func(failed error) error {
		if failed != nil {
			_ = s.Close()
			return failed
		}
		return c.kept.put(query, s)
	}}, nil
}

// take gives a compiled statement that nobody uses.
func (c *conn) take(ctx context.Context, query string) (compiled, error) {
	if s := c.kept.take(query); s != nil {
		return s, nil
	}
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.(compiled), nil
}

// Close ends the connection and its statements.
func (c *conn) Close() error {
	return errors.Join(c.kept.close(), c.plain.Close())
}

// typedRows are rows that know the types of their columns.
type typedRows interface {
	driver.Rows
	driver.RowsColumnTypeDatabaseTypeName
	driver.RowsColumnTypeLength
	driver.RowsColumnTypeNullable
	driver.RowsColumnTypePrecisionScale
	driver.RowsColumnTypeScanType
}

// rows give their statement back when they are closed, or end it where that fails.
type rows struct {
	typedRows
	end func(failed error) error
}

// Close resets the statement and gives it back.
func (r *rows) Close() error { return r.end(r.typedRows.Close()) }
