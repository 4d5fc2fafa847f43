package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Move is a new state of an invitation, with its lease, attempts, problem and
// times. It is made only while the invitation has still the state and the lease
// that the mover knows: another process may have taken it over, or withdrawn it.
type Move struct {
	Invitation surveys.Invitation
	From       surveys.InvitationState
	Lease      *time.Time // that it must still have
	Done       bool       // the bytes of its letter are not needed any more
}

// MoveInvitations makes moves of different invitations, and returns which of
// them were made.
func (tx *Tx) MoveInvitations(ctx context.Context, moves []Move) ([]bool, error) {
	for _, m := range moves {
		if !m.From.CanMove(m.Invitation.State) {
			return nil, &surveys.Error{Kind: surveys.Conflict, Code: "invitation_move"}
		}
	}
	if len(moves) == 0 {
		return nil, nil
	}
	run := tx.moveEach
	if tx.dialect == Postgres {
		run = tx.moveAll
	}
	found, err := run(ctx, moves)
	if err != nil {
		return nil, known("move invitations", err)
	}
	made, zones := make([]bool, len(moves)), make(map[string]*time.Location)
	for i, m := range moves {
		row, moved := found[m.Invitation.ID]
		if made[i] = moved; moved && row.day > 0 {
			if zones[row.zone] == nil {
				zones[row.zone] = surveys.Workspace{TimeZone: row.zone}.Location()
			}
			if err := tx.countMoved(ctx, m, row, zones[row.zone]); err != nil {
				return nil, err
			}
		}
	}
	return made, nil
}

// movedRow is what a moved invitation is counted by.
type movedRow struct {
	survey, rule    string
	segments        string
	response, about *string
	day             int
	created         time.Time
	zone            string // of its workspace
}

// movedColumns are those of movedRow. SQLite knows no alias there.
func movedColumns(of string) string {
	return strings.ReplaceAll(`i.id, i.survey_id, i.rule_id, i.segments, i.response_id, i.about_id, i.day, i.created_at,
(SELECT w.time_zone FROM workspaces AS w WHERE w.workspace_id = i.workspace_id)`, "i.", of+".")
}

// scanMoved reads rows of movedColumns.
func scanMoved(rows *sql.Rows, found map[string]movedRow) error {
	defer rows.Close()
	for rows.Next() {
		var id string
		var r movedRow
		if err := rows.Scan(&id, &r.survey, &r.rule, &r.segments, &r.response, &r.about, &r.day, &r.created, &r.zone); err != nil {
			return err
		}
		found[id] = r
	}
	return rows.Err()
}

// moveAll makes moves on PostgreSQL, in one statement, since each other one waits
// for the database once more. It locks the invitations in the one order of all
// processes.
func (tx *Tx) moveAll(ctx context.Context, moves []Move) (map[string]movedRow, error) {
	var ws, id, from, state, problem []string
	var lease, until, sent []*time.Time
	var sendAt, expires []time.Time
	var attempts []int32
	var done []bool
	for _, m := range moves {
		i := m.Invitation
		ws, id, from, done = append(ws, string(i.WorkspaceID)), append(id, i.ID), append(from, string(m.From)), append(done, m.Done)
		state, problem, attempts = append(state, string(i.State)), append(problem, i.Problem), append(attempts, int32(i.Attempts))
		lease, until, sent = append(lease, utcPtr(m.Lease)), append(until, utcPtr(i.LeaseUntil)), append(sent, utcPtr(i.SentAt))
		sendAt, expires = append(sendAt, utc(i.SendAt)), append(expires, utc(i.ExpiresAt))
	}
	sqlTx, err := tx.sqlTx()
	if err != nil {
		return nil, err
	}
	rows, err := sqlTx.QueryContext(ctx, `WITH t AS MATERIALIZED (
  SELECT ws::uuid, id::uuid, was, lease, state, problem, attempts, until, sent, send_at, expires, done
  FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::int[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::bool[])
  AS t (ws, id, was, lease, state, problem, attempts, until, sent, send_at, expires, done)),
locked AS MATERIALIZED (
  SELECT i.workspace_id, i.id FROM invitations AS i JOIN t ON i.workspace_id = t.ws AND i.id = t.id
  WHERE i.state = t.was AND i.lease_until IS NOT DISTINCT FROM t.lease ORDER BY i.workspace_id, i.id FOR UPDATE OF i),
dropped AS (
  DELETE FROM outbox AS o USING t JOIN locked ON locked.workspace_id = t.ws AND locked.id = t.id
  WHERE t.done AND o.workspace_id = t.ws AND o.invitation_id = t.id)
UPDATE invitations AS i SET state = t.state, problem = t.problem, attempts = t.attempts, lease_until = t.until, sent_at = t.sent, send_at = t.send_at, expires_at = t.expires
FROM t JOIN locked ON locked.workspace_id = t.ws AND locked.id = t.id WHERE i.workspace_id = t.ws AND i.id = t.id RETURNING `+movedColumns("i"),
		ws, id, from, lease, state, problem, attempts, until, sent, sendAt, expires, done)
	if err != nil {
		return nil, err
	}
	found := make(map[string]movedRow, len(moves))
	return found, scanMoved(rows, found)
}

// moveJSON is a move as a statement of SQLite's reads it: there each statement,
// and each of its parameters, costs more than a row.
type moveJSON struct {
	Workspace, ID, From, State, Problem string
	Lease, Until, Sent, SendAt, Expires *string
	Attempts                            int
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

// moveEach makes moves on SQLite.
func (tx *Tx) moveEach(ctx context.Context, moves []Move) (map[string]movedRow, error) {
	sqlTx, err := tx.sqlTx()
	if err != nil {
		return nil, err
	}
	list := make([]moveJSON, len(moves))
	for n, m := range moves {
		i := m.Invitation
		list[n] = moveJSON{
			Workspace: string(i.WorkspaceID), ID: i.ID, From: string(m.From), State: string(i.State), Problem: i.Problem, Attempts: i.Attempts,
			Lease: liteTimeOf(m.Lease), Until: liteTimeOf(i.LeaseUntil), Sent: liteTimeOf(i.SentAt), SendAt: liteTimeOf(&i.SendAt), Expires: liteTimeOf(&i.ExpiresAt),
		}
	}
	text, err := json.Marshal(list)
	if err != nil {
		return nil, fmt.Errorf("write moves: %w", err)
	}
	rows, err := sqlTx.QueryContext(context.WithoutCancel(ctx), `UPDATE invitations SET state = t.value ->> 'State', problem = t.value ->> 'Problem', attempts = t.value ->> 'Attempts',
lease_until = t.value ->> 'Until', sent_at = t.value ->> 'Sent', send_at = t.value ->> 'SendAt', expires_at = t.value ->> 'Expires' FROM json_each(?) AS t
WHERE invitations.workspace_id = t.value ->> 'Workspace' AND invitations.id = t.value ->> 'ID' AND invitations.state = t.value ->> 'From'
AND invitations.lease_until IS t.value ->> 'Lease' RETURNING `+movedColumns("invitations"), string(text))
	if err != nil {
		return nil, err
	}
	found := make(map[string]movedRow, len(moves))
	if err := scanMoved(rows, found); err != nil {
		return nil, err
	}
	done := make(map[surveys.WorkspaceID][]string)
	for _, m := range moves {
		if _, moved := found[m.Invitation.ID]; moved && m.Done {
			done[m.Invitation.WorkspaceID] = append(done[m.Invitation.WorkspaceID], m.Invitation.ID)
		}
	}
	for ws, ids := range done {
		text, err := json.Marshal(ids)
		if err != nil {
			return nil, fmt.Errorf("write ids: %w", err)
		}
		if _, err := sqlTx.ExecContext(context.WithoutCancel(ctx), "DELETE FROM outbox WHERE workspace_id = ? AND invitation_id IN (SELECT value FROM json_each(?))", string(ws), string(text)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// countMoved moves the counts after a move, see countMove.
func (tx *Tx) countMoved(ctx context.Context, m Move, found movedRow, zone *time.Location) error {
	i := m.Invitation
	if (surveys.Invitation{State: m.From}).Asked() == (surveys.Invitation{State: i.State}).Asked() {
		return nil
	}
	row := invitationRow{
		WorkspaceID: string(i.WorkspaceID), ID: i.ID, SurveyID: found.survey, RuleID: found.rule, CreatedAt: found.created, ResponseID: found.response, AboutID: found.about,
		State: string(m.From), SendAt: i.SendAt, SentAt: i.SentAt, Day: found.day,
	}
	if err := json.Unmarshal([]byte(found.segments), &row.Segments); err != nil {
		return fmt.Errorf("read the segments of a moved invitation: %w", err)
	}
	tx.asked.add(row, -1)
	row.State = string(i.State)
	if i.State == surveys.InvitationSent {
		if day := row.sendingDay(zone); day != row.Day {
			row.Day = day
			if err := tx.of(ctx, i.WorkspaceID).Model(&invitationRow{}).Where("id = ?", i.ID).UpdateColumn("day", day).Error; err != nil {
				return known("move the invitation to its day", err)
			}
		}
	}
	tx.asked.add(row, 1)
	return nil
}
