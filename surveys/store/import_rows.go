package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// insert stores n rows of a table in the fastest way that the database has.
func (l *Loader) insert(ctx context.Context, table string, columns []string, n int, values func(int) ([]any, error)) error {
	switch {
	case n == 0:
		return nil
	case l.tx.dialect == Postgres:
		return l.copyRows(ctx, table, columns, n, values)
	}
	return l.insertRows(ctx, table, columns, n, values)
}

// copyRows sends the rows by PostgreSQL's COPY, on the connection on which the
// transaction is open.
func (l *Loader) copyRows(ctx context.Context, table string, columns []string, n int, values func(int) ([]any, error)) error {
	source := pgx.CopyFromSlice(n, func(i int) ([]any, error) {
		row, err := values(i)
		for at := 0; err == nil && at < len(row); at++ {
			switch value := row[at].(type) {
			case id:
				row[at], err = value.binary()
			case document:
				row[at] = []byte(value)
			}
		}
		return row, err
	})
	err := l.conn.Raw(func(driver any) error {
		conn, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the database's driver is %T, not pgx", driver)
		}
		_, err := conn.Conn().CopyFrom(ctx, pgx.Identifier{table}, columns, source)
		return err
	})
	return known("copy "+table, err)
}

// insertRows stores the rows by statements of many rows each, prepared once.
func (l *Loader) insertRows(ctx context.Context, table string, columns []string, n int, values func(int) ([]any, error)) error {
	var full *sql.Stmt
	for from := 0; from < n; from += rowsPerInsert {
		rows := min(rowsPerInsert, n-from)
		args := make([]any, 0, rows*len(columns))
		for i := from; i < from+rows; i++ {
			row, err := values(i)
			if err != nil {
				return err
			}
			args = append(args, plain(row)...)
		}
		if rows < rowsPerInsert {
			_, err := l.sqlTx.ExecContext(ctx, insertStatement(table, columns, rows), args...)
			return known("insert "+table, err)
		}
		if full == nil {
			var err error
			if full, err = l.sqlTx.PrepareContext(ctx, insertStatement(table, columns, rows)); err != nil {
				return known("prepare to insert "+table, err)
			}
			defer full.Close()
		}
		if _, err := full.ExecContext(ctx, args...); err != nil {
			return known("insert "+table, err)
		}
	}
	return nil
}

// plain are values as SQLite takes them: texts.
func plain(row []any) []any {
	for i := range row {
		switch value := row[i].(type) {
		case id:
			row[i] = string(value)
		case document:
			row[i] = string(value)
		}
	}
	return row
}

func insertStatement(table string, columns []string, rows int) string {
	one := "(" + strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ") + ")"
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES " + strings.TrimSuffix(strings.Repeat(one+", ", rows), ", ")
}
