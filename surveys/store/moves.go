package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Move is a new state of an invitation, with its lease, attempts, problem and
// times. It is made only while the invitation has still the state and the lease
// that the mover knows: another process may have taken it over, or withdrawn it.
// Whoever has a letter begin changes nothing else than the lease, the attempts and
// the expiry; whoever has sent it, than the lease, the attempts and when.
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
	run := tx.moveLite
	if tx.dialect == Postgres {
		run = tx.moveAll
	}
	found, err := run(ctx, moves)
	if err != nil {
		return nil, known("move invitations", err)
	}
	made, zones := make([]bool, len(moves)), make(map[surveys.WorkspaceID]*time.Location)
	for i, m := range moves {
		row, moved := found[m.Invitation.ID]
		made[i] = moved
		if !moved || row.day <= 0 || !m.recounts() {
			continue
		}
		ws := m.Invitation.WorkspaceID
		if zones[ws] == nil {
			w, err := tx.Workspace(ctx, ws)
			if err != nil {
				return nil, err
			}
			zones[ws] = w.Location()
		}
		if err := tx.countMoved(ctx, m, row, zones[ws]); err != nil {
			return nil, err
		}
	}
	return made, nil
}

// recounts reports whether the move changes what the invitation counts as.
func (m Move) recounts() bool {
	return (surveys.Invitation{State: m.From}).Asked() != (surveys.Invitation{State: m.Invitation.State}).Asked()
}

// movedRow is what a moved invitation is counted by, beside what never changes.
type movedRow struct {
	day      int
	segments *string // nil where it is not counted
	response *string
}

// movedColumns are the id and those of movedRow.
const movedColumns = "id, day, CASE WHEN day > 0 THEN segments END, response_id"

// scanMoved reads rows of movedColumns.
func scanMoved(rows *sql.Rows, found map[string]movedRow) error {
	defer rows.Close()
	for rows.Next() {
		var id string
		var r movedRow
		if err := rows.Scan(&id, &r.day, &r.segments, &r.response); err != nil {
			return err
		}
		found[id] = r
	}
	return rows.Err()
}

// moveAll makes moves on PostgreSQL, in one statement, since each other one waits
// for the database once more. It goes through the invitations by their ids, in
// which order all processes lock them.
func (tx *Tx) moveAll(ctx context.Context, moves []Move) (map[string]movedRow, error) {
	moves = slices.Clone(moves)
	slices.SortFunc(moves, func(a, b Move) int {
		return cmp.Or(cmp.Compare(a.Invitation.WorkspaceID, b.Invitation.WorkspaceID), cmp.Compare(a.Invitation.ID, b.Invitation.ID))
	})
	var ws, id, from, state, problem []string
	var lease, until, sent []*time.Time
	var sendAt, expires []time.Time
	var due []*time.Time
	var attempts []int32
	var done []bool
	for _, m := range moves {
		i := m.Invitation
		ws, id, from, done = append(ws, string(i.WorkspaceID)), append(id, i.ID), append(from, string(m.From)), append(done, m.Done)
		state, problem, attempts = append(state, string(i.State)), append(problem, i.Problem), append(attempts, int32(i.Attempts))
		lease, until, sent = append(lease, utcPtr(m.Lease)), append(until, utcPtr(i.LeaseUntil)), append(sent, utcPtr(i.SentAt))
		sendAt, expires = append(sendAt, utc(i.SendAt)), append(expires, utc(i.ExpiresAt))
		due = append(due, dueAt(i))
	}
	sqlTx, err := tx.sqlTx()
	if err != nil {
		return nil, err
	}
	rows, err := sqlTx.QueryContext(ctx, `WITH moved AS (
  UPDATE invitations AS i SET state = t.state, problem = t.problem, attempts = t.attempts, lease_until = t.until, sent_at = t.sent, send_at = t.send_at, due_at = t.due, expires_at = t.expires
  FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::int[], $8::timestamptz[], $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::bool[], $13::timestamptz[])
  AS t (ws, id, was, lease, state, problem, attempts, until, sent, send_at, expires, done, due)
  WHERE i.workspace_id = t.ws AND i.id = t.id AND i.state = t.was AND i.lease_until IS NOT DISTINCT FROM t.lease
  RETURNING i.workspace_id, i.id, i.day, i.segments, i.response_id, t.done),
dropped AS (DELETE FROM outbox AS o USING moved WHERE moved.done AND o.workspace_id = moved.workspace_id AND o.invitation_id = moved.id)
SELECT `+movedColumns+" FROM moved", ws, id, from, lease, state, problem, attempts, until, sent, sendAt, expires, done, due)
	if err != nil {
		return nil, err
	}
	found := make(map[string]movedRow, len(moves))
	return found, scanMoved(rows, found)
}

// countMoved moves the counts after a move, see countMove.
func (tx *Tx) countMoved(ctx context.Context, m Move, found movedRow, zone *time.Location) error {
	i := m.Invitation
	row := invitationRow{
		WorkspaceID: string(i.WorkspaceID), ID: i.ID, SurveyID: i.SurveyID, RuleID: i.RuleID, CreatedAt: i.CreatedAt, ResponseID: found.response, AboutID: idPtr(i.AboutID),
		State: string(m.From), SendAt: i.SendAt, SentAt: i.SentAt, Day: found.day,
	}
	if err := json.Unmarshal([]byte(*found.segments), &row.Segments); err != nil {
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
