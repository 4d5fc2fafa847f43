package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// pipeline stores batches on PostgreSQL in one round trip: all statements are
// sent at once and run as one implicit transaction. It takes for granted that
// nothing of the batch was stored before; the unique keys and a guard on the
// invitations make the transaction fail otherwise, and the batch goes the slow
// way, which looks.
type pipeline struct {
	conn *sql.Conn // held, so that its statements stay prepared; nil until needed
}

func (p *pipeline) close() {
	if p.conn != nil {
		p.conn.Close()
		p.conn = nil
	}
}

// store commits the batch, and returns how often it was sent. It is sent once more when its connection broke, as all do
// when PostgreSQL restarts. That is safe: what the first try has committed
// after all makes the second one fail on the responses' ids.
func (p *pipeline) store(ctx context.Context, s *Store, batch []*pending) (tries int, err error) {
	statements, err := pipelined(batch)
	if err != nil {
		return 0, err
	}
	defer func() {
		if !errors.Is(err, errLook) { // what looks notes for itself
			s.trouble.note(s.Now(), err)
		}
	}()
	for tries = 1; tries <= 2; tries++ {
		if err = p.send(ctx, s, statements); err == nil {
			break
		}
		if state := sqlState(err); state != "" && (outage(err) == "" || contended(err)) {
			return tries, errLook
		}
		p.close() // the next try opens another
		if ctx.Err() != nil || outage(err) != "database_gone" {
			return tries, known("store answers", err)
		}
	}
	return tries, known("store answers", err)
}

// send sends the statements and waits for their end.
func (p *pipeline) send(ctx context.Context, s *Store, statements []statement) error {
	if p.conn == nil {
		conn, err := s.writeDB.Conn(ctx)
		if err != nil {
			return fmt.Errorf("connect: %w", err)
		}
		p.conn = conn
	}
	batch := new(pgx.Batch)
	for _, st := range statements {
		batch.Queue(st.sql, st.args...)
	}
	return p.conn.Raw(func(driver any) error {
		conn, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("the database's driver is %T, not pgx", driver)
		}
		return conn.Conn().SendBatch(ctx, batch).Close()
	})
}

// statement is a piece of SQL for PostgreSQL, with one array per column.
type statement struct {
	sql  string
	args []any
}

// pipelined writes a batch as statements.
func pipelined(batch []*pending) ([]statement, error) {
	var (
		rows    responseColumns
		keys    keyColumns
		invited bool
		d       = make(deltas)
	)
	for _, p := range batch {
		s := p.submission
		if s.Once != nil {
			keys.add(string(s.Response.WorkspaceID), *s.Once, s.Response.ID)
		}
		if err := rows.add(responseRowOf(s.Response)); err != nil {
			return nil, err
		}
		invited = invited || s.Response.InvitationID != ""
		d.add(s.Response, 1)
	}
	var statements []statement
	if len(keys.key) > 0 {
		statements = append(statements, keys.insert())
	}
	statements = append(statements, rows.insert())
	if invited {
		statements = append(statements, markInvitations(batch))
	}
	keyed := d.keys()
	statements = append(statements, addRollups(d, keyed))
	if rated := d.ratedDays(keyed); len(rated) > 0 {
		statements = append(statements, addDriverDays(rated))
	}
	if invited {
		statements = append(statements, countInvited(batch))
	}
	return statements, nil
}

// responseColumns are responses, a slice per column.
type responseColumns struct {
	workspace, id, survey, comment, locale, channel, segments []string
	invitation, person, ratings, answers, fields              []*string
	version, score, day                                       []int32
	answered, created, updated                                []time.Time
}

func (c *responseColumns) add(r responseRow) error {
	segments, err := json.Marshal(r.Segments)
	if err != nil {
		return fmt.Errorf("write the segments: %w", err)
	}
	said, err := saidIn(r.domain())
	if err != nil {
		return err
	}
	c.ratings, c.answers, c.fields = append(c.ratings, said.ratings), append(c.answers, said.answers), append(c.fields, said.fields)
	c.workspace, c.id, c.survey = append(c.workspace, r.WorkspaceID), append(c.id, r.ID), append(c.survey, r.SurveyID)
	c.comment, c.locale, c.channel = append(c.comment, r.Comment), append(c.locale, r.Locale), append(c.channel, r.Channel)
	c.segments = append(c.segments, string(segments))
	c.invitation, c.person = append(c.invitation, r.InvitationID), append(c.person, r.PersonID)
	c.version, c.score, c.day = append(c.version, int32(r.Version)), append(c.score, int32(r.Score)), append(c.day, int32(r.Day))
	c.answered, c.created, c.updated = append(c.answered, r.AnsweredAt), append(c.created, r.CreatedAt), append(c.updated, r.UpdatedAt)
	return nil
}

func (c *responseColumns) insert() statement {
	return statement{`INSERT INTO responses (` + responseColumnNames + `)
SELECT ws::uuid, id::uuid, survey::uuid, version, invitation::uuid, person::uuid, score, comment, locale, channel, segments::jsonb, ratings::jsonb, answers::jsonb, fields::jsonb, day, answered, created, updated
FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::int[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::int[], $16::timestamptz[], $17::timestamptz[], $18::timestamptz[])
AS t (ws, id, survey, version, invitation, person, score, comment, locale, channel, segments, ratings, answers, fields, day, answered, created, updated)`,
		[]any{c.workspace, c.id, c.survey, c.version, c.invitation, c.person, c.score, c.comment, c.locale, c.channel, c.segments, c.ratings, c.answers, c.fields, c.day, c.answered, c.created, c.updated}}
}

// keyColumns are idempotency keys, a slice per column.
type keyColumns struct {
	workspace, result []string
	key, body         [][]byte
	expires           []time.Time
}

func (c *keyColumns) add(workspace string, once Once, result string) {
	c.workspace, c.result = append(c.workspace, workspace), append(c.result, result)
	c.key, c.body, c.expires = append(c.key, once.Key), append(c.body, once.body()), append(c.expires, utc(once.ExpiresAt))
}

func (c *keyColumns) insert() statement {
	return statement{`INSERT INTO idempotency_keys (workspace_id, key_hash, body_hash, result_id, expires_at)
SELECT ws::uuid, key, body, result::uuid, expires FROM unnest($1::text[], $2::bytea[], $3::bytea[], $4::text[], $5::timestamptz[]) AS t (ws, key, body, result, expires)`,
		[]any{c.workspace, c.key, c.body, c.result, c.expires}}
}

// markInvitations marks the invitations as answered, and locks them in the one
// order of all processes before. The guard divides by zero, which ends the
// transaction, when one of them is answered already.
func markInvitations(batch []*pending) statement {
	var workspace, invitation, response []string
	var answered []time.Time
	for _, p := range batch {
		if r := p.submission.Response; r.InvitationID != "" {
			workspace, invitation = append(workspace, string(r.WorkspaceID)), append(invitation, r.InvitationID)
			response, answered = append(response, r.ID), append(answered, utc(r.AnsweredAt))
		}
	}
	return statement{`WITH t AS (
  SELECT ws::uuid, invitation::uuid, response::uuid, answered FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) AS t (ws, invitation, response, answered)),
locked AS (
  SELECT i.workspace_id, i.id FROM invitations AS i JOIN t ON i.workspace_id = t.ws AND i.id = t.invitation
  WHERE i.response_id IS NULL ORDER BY i.workspace_id, i.id FOR UPDATE OF i),
marked AS (
  UPDATE invitations AS i SET response_id = t.response, answered_at = t.answered
  FROM t JOIN locked ON locked.workspace_id = t.ws AND locked.id = t.invitation
  WHERE i.workspace_id = t.ws AND i.id = t.invitation RETURNING 1)
SELECT 1 / (CASE WHEN count(*) = $5::int THEN 1 ELSE 0 END) FROM marked`,
		[]any{workspace, invitation, response, answered, int32(len(invitation))}}
}

// addRollups adds the deltas of some keys, in the order that every process
// keeps.
func addRollups(d deltas, keys []cellKey) statement {
	var workspace, survey, key, value []string
	var day []int32
	counts := make([][]int64, len(strings.Split(rollupColumns, ", ")))
	for _, k := range keys {
		workspace, survey = append(workspace, string(k.workspace)), append(survey, k.survey)
		key, value, day = append(key, k.key), append(value, k.value), append(day, int32(k.day))
		c := d[k]
		counts[0] = append(counts[0], c.counts.N())
		for i, n := range c.counts {
			counts[i+1] = append(counts[i+1], n)
		}
		counts[12] = append(counts[12], c.comments)
	}
	args := []any{workspace, survey, key, day, value}
	var arrays []string
	for i, column := range counts {
		args = append(args, column)
		arrays = append(arrays, fmt.Sprintf("$%d::bigint[]", i+6))
	}
	return statement{"INSERT INTO rollups (workspace_id, survey_id, key, day, value, " + rollupColumns + ") SELECT ws::uuid, survey::uuid, key, day, value, " + rollupColumns +
		" FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[], " + strings.Join(arrays, ", ") + ")" +
		" AS t (ws, survey, key, day, value, " + rollupColumns + ") " + rollupSums(), args}
}
