package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/sqlite"
)

// retryAfter is how long a caller should wait when the database cannot now.
const retryAfter = 2 * time.Second

// known turns the database's errors into the domain's where they have a
// meaning there, and wraps them with what was tried.
func known(tried string, err error) error {
	if err == nil {
		return nil
	}
	var already *surveys.Error
	if errors.As(err, &already) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	err = fmt.Errorf("%s: %w", tried, err)
	switch {
	case errors.Is(err, gorm.ErrRecordNotFound), sqlState(err) == "22P02": // 22P02: an id that is no UUID
		return &surveys.Error{Kind: surveys.NotFound, Code: "not_found", Err: err}
	case sqlState(err) == "22021": // a text that is no UTF-8, or holds a zero byte
		return &surveys.Error{Kind: surveys.Invalid, Code: "utf8", Err: err}
	case errors.Is(err, gorm.ErrForeignKeyViolated), sqlState(err) == "23503", sqlite.Code(err) == 787: // what the row refers to
		return &surveys.Error{Kind: surveys.NotFound, Code: "not_found", Err: err}
	case errors.Is(err, gorm.ErrDuplicatedKey), sqlState(err) == "23505", sqlite.Code(err) == 1555, sqlite.Code(err) == 2067:
		return &surveys.Error{Kind: surveys.Conflict, Code: "exists", Err: err}
	}
	if code := outage(err); code != "" {
		return &surveys.Error{Kind: surveys.Unavailable, Code: code, RetryAfter: retryAfter, Err: err}
	}
	return err
}

func sqlState(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return pg.Code
	}
	return ""
}

// contended reports that the database rolled a transaction back because it
// crossed another one: the same again may well succeed.
func contended(err error) bool {
	state := sqlState(err)
	return state == "40001" || state == "40P01"
}

// outage says in what way the database is out of order, and "" when it is not:
// full, read-only, busy or gone.
func outage(err error) string {
	switch state := sqlState(err); {
	case state == "53100":
		return "database_full"
	case state == "25006":
		return "database_readonly"
	case contended(err), state == "55P03", state == "57014":
		return "database_busy"
	case len(state) == 5 && (state[:2] == "57" || state[:2] == "53" || state[:2] == "08"):
		return "database_gone"
	}
	switch sqlite.Code(err) & 0xff {
	case 0:
	case 13:
		return "database_full"
	case 8:
		return "database_readonly"
	case 5, 6:
		return "database_busy"
	case 10, 14:
		return "database_gone"
	default:
		return ""
	}
	var network net.Error
	var connect *pgconn.ConnectError
	if errors.As(err, &network) || errors.As(err, &connect) || errors.Is(err, driver.ErrBadConn) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		return "database_gone"
	}
	return ""
}

func newID(random io.Reader) (string, error) {
	id, err := uuid.NewV7FromReader(random)
	if err != nil {
		return "", fmt.Errorf("draw an id: %w", err)
	}
	return id.String(), nil
}
