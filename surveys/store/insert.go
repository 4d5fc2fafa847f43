package store

import (
	"cmp"
	"context"
	"strings"
)

// The paths that store many rows at once write their SQL themselves: an ORM's
// way per row costs more than the database.

// rowsPerArray bounds the arrays that one statement takes to PostgreSQL.
const rowsPerArray = 2000

// rowsPerInsert is where a longer statement stops to be faster on SQLite: its
// driver's work grows with the square of the number of parameters.
const rowsPerInsert = 25

// exec runs a statement of PostgreSQL's.
func (tx *Tx) exec(ctx context.Context, st statement) error {
	sqlTx, err := tx.sqlTx()
	if err != nil {
		return err
	}
	_, err = sqlTx.ExecContext(ctx, st.sql, st.args...)
	return err
}

// insertion is an insert of many rows into SQLite.
type insertion struct {
	into    string // up to VALUES
	columns int
	suffix  string // after the rows
	rows    int    // that a statement stores; rowsPerInsert when 0
}

// A statement of several rows that refer to other rows keeps a copy of each page
// that it changes, to undo itself alone. Where every row lands on a page of its own
// a statement for each is faster.
const oneByOne = 1

// statement is the insert of some rows.
func (in insertion) statement(rows int) string {
	row := "(" + strings.TrimSuffix(strings.Repeat("?, ", in.columns), ", ") + ")"
	return in.into + strings.TrimSuffix(strings.Repeat(row+", ", rows), ", ") + in.suffix
}

// insert stores n rows, whose values it asks for one by one. The statements
// run without the context, which is looked at in between: SQLite's driver
// starts a goroutine for each that could be interrupted.
func (tx *Tx) insert(ctx context.Context, in insertion, n int, values func(row int) ([]any, error)) error {
	sqlTx, err := tx.sqlTx()
	if err != nil {
		return err
	}
	most := cmp.Or(in.rows, rowsPerInsert)
	full := in.statement(most)
	for from := 0; from < n; from += most {
		if err := ctx.Err(); err != nil {
			return err
		}
		rows := min(most, n-from)
		args := make([]any, 0, rows*in.columns)
		for row := from; row < from+rows; row++ {
			more, err := values(row)
			if err != nil {
				return err
			}
			args = append(args, more...)
		}
		statement := full
		if rows < most {
			statement = in.statement(rows)
		}
		if _, err := sqlTx.ExecContext(context.WithoutCancel(ctx), statement, args...); err != nil {
			return err
		}
	}
	return nil
}
