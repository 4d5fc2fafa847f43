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
	survey, segments string
	response, about  *string
	day              int
	zone             string // of its workspace
}

// movedColumns are those of movedRow. SQLite knows no alias there.
func movedColumns(of string) string {
	return strings.ReplaceAll(`i.id, i.survey_id, i.segments, i.response_id, i.about_id, i.day,
(SELECT w.time_zone FROM workspaces AS w WHERE w.workspace_id = i.workspace_id)`, "i.", of+".")
}

// scanMoved reads rows of movedColumns.
func scanMoved(rows *sql.Rows, found map[string]movedRow) error {
	defer rows.Close()
	for rows.Next() {
		var id string
		var r movedRow
		if err := rows.Scan(&id, &r.survey, &r.segments, &r.response, &r.about, &r.day, &r.zone); err != nil {
			return err
		}
		found[id] = r
	}
	return rows.Err()
}

// moveAll makes moves on PostgreSQL, in one statement. It locks the invitations
// in the one order of all processes.
func (tx *Tx) moveAll(ctx context.Context, moves []Move) (map[string]movedRow, error) {
	var ws, id, from, state, problem []string
	var lease, until, sent []*time.Time
	var sendAt, expires []time.Time
	var attempts []int32
	for _, m := range moves {
		i := m.Invitation
		ws, id, from = append(ws, string(i.WorkspaceID)), append(id, i.ID), append(from, string(m.From))
		state, problem, attempts = append(state, string(i.State)), append(problem, i.Problem), append(attempts, int32(i.Attempts))
		lease, until, sent = append(lease, utcPtr(m.Lease)), append(until, utcPtr(i.LeaseUntil)), append(sent, utcPtr(i.SentAt))
		sendAt, expires = append(sendAt, utc(i.SendAt)), append(expires, utc(i.ExpiresAt))
	}
	sqlTx, err := tx.sqlTx()
	if err != nil {
		return nil, err
	}
	rows, err := sqlTx.QueryContext(ctx, `WITH t AS (
  SELECT ws::uuid, id::uuid, was, lease, state, problem, attempts, until, sent, send_at, expires
  FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::int[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[])
  AS t (ws, id, was, lease, state, problem, attempts, until, sent, send_at, expires)),
locked AS (
  SELECT i.workspace_id, i.id FROM invitations AS i JOIN t ON i.workspace_id = t.ws AND i.id = t.id
  WHERE i.state = t.was AND i.lease_until IS NOT DISTINCT FROM t.lease ORDER BY i.workspace_id, i.id FOR UPDATE OF i)
UPDATE invitations AS i SET state = t.state, problem = t.problem, attempts = t.attempts, lease_until = t.until, sent_at = t.sent, send_at = t.send_at, expires_at = t.expires
FROM t JOIN locked ON locked.workspace_id = t.ws AND locked.id = t.id WHERE i.workspace_id = t.ws AND i.id = t.id RETURNING `+movedColumns("i"),
		ws, id, from, lease, state, problem, attempts, until, sent, sendAt, expires)
	if err != nil {
		return nil, err
	}
	found := make(map[string]movedRow, len(moves))
	return found, scanMoved(rows, found)
}

// moveEach makes moves on SQLite: one statement, parsed once.
func (tx *Tx) moveEach(ctx context.Context, moves []Move) (map[string]movedRow, error) {
	sqlTx, err := tx.sqlTx()
	if err != nil {
		return nil, err
	}
	update, err := sqlTx.PrepareContext(ctx, `UPDATE invitations SET state = ?, problem = ?, attempts = ?, lease_until = ?, sent_at = ?, send_at = ?, expires_at = ?
WHERE workspace_id = ? AND id = ? AND state = ? AND lease_until IS ? RETURNING `+movedColumns("invitations"))
	if err != nil {
		return nil, err
	}
	defer update.Close()
	found := make(map[string]movedRow, len(moves))
	for _, m := range moves {
		i := m.Invitation
		rows, err := update.QueryContext(context.WithoutCancel(ctx), string(i.State), i.Problem, i.Attempts, utcPtr(i.LeaseUntil), utcPtr(i.SentAt),
			utc(i.SendAt), utc(i.ExpiresAt), string(i.WorkspaceID), i.ID, string(m.From), utcPtr(m.Lease))
		if err != nil {
			return nil, err
		}
		if err := scanMoved(rows, found); err != nil {
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
		WorkspaceID: string(i.WorkspaceID), ID: i.ID, SurveyID: found.survey, ResponseID: found.response, AboutID: found.about,
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
