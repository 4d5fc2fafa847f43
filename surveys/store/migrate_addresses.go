package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"strings"

	"github.com/pressly/goose/v3"

	"github.com/harkhq/hark/surveys"
)

// addressesMigration gives each mailbox the one address and the one key that
// [surveys.NormalEmail] and [surveys.EmailKey] have: number 24, for both
// dialects, in Go, since no database knows IDNA. Addresses of ASCII stay as they
// are, unless their domain is one of xn--. What is kept of an address that was
// erased keeps its key, by which it is found as a former one.
func addressesMigration() *goose.Migration {
	return goose.NewGoMigration(24, &goose.GoFunc{RunTx: uniteMailboxes}, &goose.GoFunc{Mode: goose.TransactionEnabled})
}

// stored is an address of a workspace as some table has it.
type stored struct{ workspace, email string }

// uniteMailboxes rewrites the addresses that have more than one spelling.
func uniteMailboxes(ctx context.Context, tx *sql.Tx) error {
	secrets, err := secretsOf(ctx, tx)
	if err != nil {
		return err
	}
	list, err := spelledAddresses(ctx, tx)
	if err != nil {
		return err
	}
	for _, a := range list {
		if err := rekey(ctx, tx, a, secrets[a.workspace]); err != nil {
			return err
		}
		if err := respell(ctx, tx, a); err != nil {
			return err
		}
	}
	return nil
}

func secretsOf(ctx context.Context, tx *sql.Tx) (map[string][]byte, error) {
	rows, err := tx.QueryContext(ctx, "SELECT CAST(workspace_id AS text), secret FROM workspaces")
	if err != nil {
		return nil, fmt.Errorf("list the workspaces: %w", err)
	}
	defer rows.Close()
	secrets := make(map[string][]byte)
	for rows.Next() {
		var id string
		var secret []byte
		if err := rows.Scan(&id, &secret); err != nil {
			return nil, fmt.Errorf("read a workspace: %w", err)
		}
		secrets[id] = secret
	}
	return secrets, rows.Err()
}

// spelledAddresses lists the addresses with characters beyond ASCII or a domain
// of xn--, in whatever table they are.
func spelledAddresses(ctx context.Context, tx *sql.Tx) ([]stored, error) {
	var parts []string
	for _, table := range []string{"users", "people", "invitations", "suppressions"} {
		parts = append(parts, "SELECT CAST(workspace_id AS text) AS ws, email FROM "+table+" WHERE octet_length(email) <> length(email) OR email LIKE '%xn--%'")
	}
	rows, err := tx.QueryContext(ctx, strings.Join(parts, " UNION ")+" ORDER BY ws, email")
	if err != nil {
		return nil, fmt.Errorf("list the addresses with several spellings: %w", err)
	}
	defer rows.Close()
	var list []stored
	for rows.Next() {
		var a stored
		if err := rows.Scan(&a.workspace, &a.email); err != nil {
			return nil, fmt.Errorf("read an address: %w", err)
		}
		list = append(list, a)
	}
	return list, rows.Err()
}

// rekey has what is kept under the hash of an address's spelling be found under
// the mailbox's. Where something is there already both stay: the old one is found
// as a former one.
func rekey(ctx context.Context, tx *sql.Tx, a stored, secret []byte) error {
	former, key := spellingHash(secret, a.email), spellingHash(secret, surveys.EmailKey(a.email))
	if bytes.Equal(former, key) {
		return nil
	}
	for _, c := range []struct{ table, unless string }{
		{"suppressions", " AND NOT EXISTS (SELECT 1 FROM suppressions AS s WHERE s.workspace_id = $1 AND s.address_hash = $2)"},
		{"survey_stops", " AND NOT EXISTS (SELECT 1 FROM survey_stops AS s WHERE s.workspace_id = $1 AND s.address_hash = $2 AND s.survey_id = survey_stops.survey_id)"},
		{"bounces", ""},
	} {
		if _, err := tx.ExecContext(ctx, "UPDATE "+c.table+" SET address_hash = $2 WHERE workspace_id = $1 AND address_hash = $3"+c.unless, a.workspace, key, former); err != nil {
			return fmt.Errorf("give an address of %s its key: %w", c.table, err)
		}
	}
	return nil
}

// respell gives an address its one spelling. Two people, or two members of the
// team, who are told apart by nothing but the spelling stay two: the one whose
// spelling has gone keeps it.
func respell(ctx context.Context, tx *sql.Tx, a stored) error {
	normal := surveys.NormalEmail(a.email)
	if normal == a.email {
		return nil
	}
	for _, c := range []struct{ table, unless string }{
		{"users", " AND NOT EXISTS (SELECT 1 FROM users AS u WHERE u.workspace_id = $1 AND u.email = $2)"},
		{"people", " AND (external_id <> '' OR NOT EXISTS (SELECT 1 FROM people AS p WHERE p.workspace_id = $1 AND p.email = $2 AND p.external_id = ''))"},
		{"invitations", ""},
		{"suppressions", ""},
	} {
		if _, err := tx.ExecContext(ctx, "UPDATE "+c.table+" SET email = $2 WHERE workspace_id = $1 AND email = $3"+c.unless, a.workspace, normal, a.email); err != nil {
			return fmt.Errorf("spell an address of %s: %w", c.table, err)
		}
	}
	return nil
}
