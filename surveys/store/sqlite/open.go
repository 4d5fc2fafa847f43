package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	lite "modernc.org/sqlite"
)

// Open makes a pool of connections to the database at dsn, which modernc.org/sqlite
// describes. Nothing is opened before it is first used.
func Open(dsn string) (*sql.DB, error) {
	inner, err := lite.NewConnector(dsn)
	if err != nil {
		return nil, fmt.Errorf("read the address of the SQLite file: %w", err)
	}
	return sql.OpenDB(connector{inner}), nil
}

// Code is SQLite's extended result code of an error, and 0 where it is not of SQLite.
func Code(err error) int {
	var of *lite.Error
	if errors.As(err, &of) {
		return of.Code()
	}
	return 0
}

// connector opens connections that keep their compiled statements.
type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	inner, ok := opened.(plain)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver's connection is a %T, which cannot keep statements", opened), opened.Close())
	}
	return &conn{plain: inner, kept: newKept()}, nil
}
