package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// On SQLite each column that a statement names costs more than a row: it is taken
// out of the parameter again, and every index that knows of it is written anew,
// though its value stays. Nearly all moves are of two kinds, a letter begins and a
// letter was sent; those change little, and most of it is the same for all that
// move together.

// alike is what moves of one statement share.
type alike struct {
	workspace    surveys.WorkspaceID
	from, to     surveys.InvitationState
	lease, until string // as SQLite has them; "" for none
	attempts     int
}

// alikeOf says what a move of the two kinds shares with others.
func alikeOf(m Move) (key alike, frequent bool) {
	i := m.Invitation
	switch {
	case m.Lease == nil || i.Problem != "" && i.State == surveys.InvitationSent:
		return alike{}, false
	case m.From == surveys.InvitationClaimed && i.State == surveys.InvitationSending && i.LeaseUntil != nil:
		return alike{i.WorkspaceID, m.From, i.State, *liteTimeOf(m.Lease), *liteTimeOf(i.LeaseUntil), i.Attempts}, true
	case m.From == surveys.InvitationSending && i.State == surveys.InvitationSent && i.LeaseUntil == nil && i.SentAt != nil:
		return alike{i.WorkspaceID, m.From, i.State, *liteTimeOf(m.Lease), "", i.Attempts}, true
	}
	return alike{}, false
}

// moveLite makes moves on SQLite, those that are alike in one statement.
func (tx *Tx) moveLite(ctx context.Context, moves []Move) (map[string]movedRow, error) {
	groups := make(map[alike]map[string]string) // and in each, by id, what differs
	var others []Move
	for _, m := range moves {
		key, frequent := alikeOf(m)
		if !frequent {
			others = append(others, m)
			continue
		}
		if groups[key] == nil {
			groups[key] = make(map[string]string)
		}
		differs := &m.Invitation.ExpiresAt
		if key.to == surveys.InvitationSent {
			differs = m.Invitation.SentAt
		}
		groups[key][m.Invitation.ID] = *liteTimeOf(differs)
	}
	sqlTx, err := tx.sqlTx()
	if err != nil {
		return nil, err
	}
	background, found := context.WithoutCancel(ctx), make(map[string]movedRow, len(moves))
	for key, times := range groups {
		if err := moveAlike(background, sqlTx, key, times, found); err != nil {
			return nil, err
		}
	}
	if err := moveOthers(background, sqlTx, others, found); err != nil {
		return nil, err
	}
	return found, dropDone(background, sqlTx, moves, found)
}

// moveAlike makes moves of one kind: times are when a letter was sent, or until
// when one that begins may be answered.
func moveAlike(ctx context.Context, sqlTx *sql.Tx, key alike, times map[string]string, found map[string]movedRow) error {
	set := "sent_at = t.value, lease_until = NULL, due_at = NULL, problem = ''"
	args := []any{string(key.to), key.attempts}
	if key.until != "" {
		set = "expires_at = t.value, lease_until = ?"
		args = append(args, key.until)
	}
	text, err := json.Marshal(times)
	if err != nil {
		return fmt.Errorf("write moves: %w", err)
	}
	args = append(args, string(text), string(key.workspace), string(key.from), key.lease)
	rows, err := sqlTx.QueryContext(ctx, "UPDATE OR FAIL invitations SET state = ?, attempts = ?, "+set+" FROM json_each(?) AS t"+
		" WHERE invitations.workspace_id = iif(t.key <> '', ?, NULL) AND invitations.id = t.key AND invitations.state = ? AND invitations.lease_until = ? RETURNING "+movedColumns, args...)
	if err != nil {
		return err
	}
	return scanMoved(rows, found)
}

// moveJSON is a move as a statement of SQLite's reads it.
type moveJSON struct {
	Workspace, ID, From, State, Problem        string
	Lease, Until, Sent, SendAt, DueAt, Expires *string
	Attempts                                   int
}

// liteTime is how SQLite's driver writes a time.
const liteTime = "2006-01-02 15:04:05.999999999-07:00"

func liteTimeOf(t *time.Time) *string {
	if t == nil {
		return nil
	}
	text := utc(*t).Format(liteTime)
	return &text
}

// moveOthers makes moves that are seldom, each with all that it may change.
func moveOthers(ctx context.Context, sqlTx *sql.Tx, moves []Move, found map[string]movedRow) error {
	if len(moves) == 0 {
		return nil
	}
	list := make([]moveJSON, len(moves))
	for n, m := range moves {
		i := m.Invitation
		list[n] = moveJSON{
			Workspace: string(i.WorkspaceID), ID: i.ID, From: string(m.From), State: string(i.State), Problem: i.Problem, Attempts: i.Attempts,
			Lease: liteTimeOf(m.Lease), Until: liteTimeOf(i.LeaseUntil), Sent: liteTimeOf(i.SentAt), SendAt: liteTimeOf(&i.SendAt), DueAt: liteTimeOf(dueAt(i)), Expires: liteTimeOf(&i.ExpiresAt),
		}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return fmt.Errorf("write moves: %w", err)
	}
	rows, err := sqlTx.QueryContext(ctx, `UPDATE OR FAIL invitations SET state = t.value ->> 'State', problem = t.value ->> 'Problem', attempts = t.value ->> 'Attempts',
lease_until = t.value ->> 'Until', sent_at = t.value ->> 'Sent', send_at = t.value ->> 'SendAt', due_at = t.value ->> 'DueAt', expires_at = t.value ->> 'Expires' FROM json_each(?) AS t
WHERE invitations.workspace_id = t.value ->> 'Workspace' AND invitations.id = t.value ->> 'ID' AND invitations.state = t.value ->> 'From'
AND invitations.lease_until IS t.value ->> 'Lease' RETURNING `+movedColumns, string(text))
	if err != nil {
		return err
	}
	return scanMoved(rows, found)
}

// dropDone forgets the bytes of letters that moved for the last time.
func dropDone(ctx context.Context, sqlTx *sql.Tx, moves []Move, found map[string]movedRow) error {
	done := make(map[surveys.WorkspaceID][]string)
	for _, m := range moves {
		if _, moved := found[m.Invitation.ID]; moved && m.Done {
			done[m.Invitation.WorkspaceID] = append(done[m.Invitation.WorkspaceID], m.Invitation.ID)
		}
	}
	for ws, ids := range done {
		if _, err := sqlTx.ExecContext(ctx, "DELETE FROM outbox WHERE workspace_id = ? AND invitation_id IN (SELECT value FROM json_each(?))", string(ws), textsJSON(slices.Sorted(slices.Values(ids)))); err != nil {
			return err
		}
	}
	return nil
}
