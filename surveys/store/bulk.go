package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Batch is history on its way in: rows that happened elsewhere, with their ids
// and times, and that nobody decides about any more.
type Batch struct {
	People       []surveys.Person
	Events       []surveys.Event
	Decisions    []Fate
	Invitations  []surveys.Invitation // in whatever state they are; answered ones name their response
	Responses    []surveys.Response   // with id, day and segments
	Suppressions []Suppressed
	Claims       []Claimed
}

// Fate is what one rule made of one event.
type Fate struct {
	EventID   string
	Decision  surveys.Decision
	DecidedAt time.Time
}

// Suppressed is an address that gets no mail from a time on.
type Suppressed struct {
	Email  string
	Reason surveys.Suppression
	Source surveys.SuppressionSource
	At     time.Time
}

// Claimed is an idempotency key that was taken for a result.
type Claimed struct {
	Once     Once
	ResultID string
}

// Load stores the history of one workspace in one transaction: all of it, or
// nothing. It trusts what it is given (no rule decides, no address is looked
// up) and counts the responses in the rollups. The batches are drawn and
// encoded here while another goroutine writes the ones before.
//
// It is for a database that serves nobody yet, such as the demo's: on SQLite
// the writer works without waiting for the disk and without looking after
// foreign keys until everything is in, then syncs once, and is replaced by a
// connection with the usual settings. A loss of power in between leaves a file
// that must be thrown away.
func (s *Store) Load(ctx context.Context, w surveys.Workspace, batches iter.Seq[Batch]) error {
	conn, err := s.writeDB.Conn(ctx)
	if err != nil {
		return known("connect to load", err)
	}
	defer conn.Close()
	if s.dialect == SQLite {
		// Closing it is the surest way to have no setting survive.
		defer func() { _ = conn.Raw(func(any) error { return driver.ErrBadConn }) }()
		if err := pragmas(ctx, conn, "synchronous=OFF", "foreign_keys=OFF", "cache_size=-131072", "temp_store=MEMORY", "wal_autocheckpoint=0"); err != nil {
			return err
		}
	}
	if err := s.load(ctx, conn, w, batches); err != nil {
		return err
	}
	if s.dialect == SQLite {
		return pragmas(ctx, conn, "synchronous=FULL", "wal_checkpoint(TRUNCATE)")
	}
	return nil
}

func pragmas(ctx context.Context, conn *sql.Conn, settings ...string) error {
	for _, setting := range settings {
		if _, err := conn.ExecContext(ctx, "PRAGMA "+setting); err != nil {
			return known("set "+setting, err)
		}
	}
	return nil
}

// loadAhead is how many statements wait for the writer at most.
const loadAhead = 256

func (s *Store) load(ctx context.Context, conn *sql.Conn, w surveys.Workspace, batches iter.Seq[Batch]) error {
	// The transaction looks for a cancelled context itself, once a statement:
	// the driver would start a goroutine for each.
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return known("begin to load", err)
	}
	defer func() { _ = tx.Rollback() }() // does nothing after the commit
	l := &bulkLoader{dialect: s.dialect, workspace: w, rollups: make(deltas), out: make(chan insert, loadAhead), failed: make(chan struct{})}
	written := make(chan error, 1)
	go func() { written <- l.write(ctx, tx) }()
	err = l.encode(batches)
	close(l.out)
	if writeErr := <-written; writeErr != nil {
		return writeErr
	}
	if err != nil {
		return err
	}
	return known("commit what was loaded", tx.Commit())
}

// insert is one insert with its values.
type insert struct {
	query string
	args  []any
}

// bulkLoader turns batches into statements, in one goroutine, and writes them in
// another.
type bulkLoader struct {
	dialect   Dialect
	workspace surveys.Workspace
	rollups   deltas
	tables    [loadTables]loadTable
	out       chan insert
	failed    chan struct{} // closed when the writer gave up
}

func (l *bulkLoader) write(ctx context.Context, tx *sql.Tx) error {
	background := context.WithoutCancel(ctx)
	for st := range l.out {
		err := ctx.Err()
		if err == nil {
			_, err = tx.ExecContext(background, st.query, st.args...)
		}
		if err != nil {
			close(l.failed)
			return known("load rows", err)
		}
	}
	return nil
}

// send hands a statement over, unless nobody takes any more; why is what
// write returns.
func (l *bulkLoader) send(st insert) {
	select {
	case l.out <- st:
	case <-l.failed:
	}
}

// The tables that are loaded, parents before their children.
const (
	loadPeople = iota
	loadEvents
	loadDecisions
	loadInvitations
	loadResponses
	loadSuppressions
	loadClaims
	loadRollups
	loadDriverDays
	loadTables
)

// loadColumns names each table and its columns, in the order in which the
// encoders give them; workspace_id goes before.
func loadColumns() [loadTables]string {
	return [loadTables]string{
		loadPeople:       "people (workspace_id, id, external_id, email, name, locale, time_zone, traits, created_at, updated_at)",
		loadEvents:       "events (workspace_id, id, external_id, type, person_id, occurred_at, received_at, properties)",
		loadDecisions:    "decisions (workspace_id, event_id, rule_id, rule_name, survey_id, outcome, send_at, until, invitation_id, detail, created_at)",
		loadInvitations:  "invitations (workspace_id, id, survey_id, rule_id, event_id, person_id, email, state, send_at, due_at, lease_until, attempts, problem, sent_at, answered_at, response_id, expires_at, created_at, letter, number, about_id, wants_thanks, day)",
		loadResponses:    "responses (workspace_id, id, survey_id, version, invitation_id, person_id, score, comment, locale, channel, segments, ratings, answers, fields, day, answered_at, created_at, updated_at)",
		loadSuppressions: "suppressions (workspace_id, address_hash, reason, created_at, email, source)",
		loadClaims:       "idempotency_keys (workspace_id, key_hash, body_hash, result_id, expires_at)",
		loadRollups:      "rollups (workspace_id, survey_id, key, day, value, " + rollupColumns + ")",
		loadDriverDays:   "driver_days (" + driverDayColumns + ")",
	}
}

// rowsPerLoad is what SQLite takes fastest: more rows make a statement whose
// parsing costs more than it saves.
const rowsPerLoad = 25

// loadTable gathers the rows of the next insert.
type loadTable struct {
	into    string
	suffix  string
	columns int
	full    string // the insert of rowsPerLoad rows
	args    []any
}

func (l *bulkLoader) encode(batches iter.Seq[Batch]) error {
	for i, into := range loadColumns() {
		l.tables[i] = loadTable{into: into, columns: strings.Count(into, ",") + 1}
	}
	l.tables[loadRollups].suffix = " " + rollupSums()
	l.tables[loadDriverDays].suffix = " " + driverDayChanges
	for b := range batches {
		select {
		case <-l.failed:
			return nil
		default:
		}
		if err := l.batch(b); err != nil {
			return err
		}
	}
	keys := l.rollups.keys()
	for _, key := range keys {
		l.row(loadRollups, append([]any{key.survey, key.key, key.day, key.value}, l.rollups[key].values()...)...)
	}
	for _, day := range l.rollups.ratedDays(keys) {
		l.row(loadDriverDays, day.values()[1:]...)
	}
	for i := range l.tables {
		l.flush(i)
	}
	return nil
}

// row adds a row to a table's next insert.
func (l *bulkLoader) row(into int, values ...any) {
	t := &l.tables[into]
	t.args = append(append(t.args, string(l.workspace.ID)), values...)
	if len(t.args) == rowsPerLoad*t.columns {
		l.flush(into)
	}
}

func (l *bulkLoader) flush(into int) {
	t := &l.tables[into]
	rows := len(t.args) / t.columns
	if rows == 0 {
		return
	}
	query := t.full
	if rows < rowsPerLoad || query == "" {
		query = l.insertInto() + t.into + " VALUES " + l.places(rows, t.columns) + t.suffix
	}
	if rows == rowsPerLoad {
		t.full = query
	}
	l.send(insert{query, t.args})
	t.args = make([]any, 0, rowsPerLoad*t.columns)
}

// insertInto starts an insert. SQLite would keep a copy of each page that it
// changes, to undo a single insert that fails; here that undoes everything.
func (l *bulkLoader) insertInto() string {
	if l.dialect == SQLite {
		return "INSERT OR FAIL INTO "
	}
	return "INSERT INTO "
}

// places are the parameters of an insert.
func (l *bulkLoader) places(rows, columns int) string {
	var b strings.Builder
	n := 0
	for row := range rows {
		if row > 0 {
			b.WriteByte(',')
		}
		for column := range columns {
			b.WriteByte("(,"[min(column, 1)])
			if n++; l.dialect == Postgres {
				b.WriteString("$" + strconv.Itoa(n))
			} else {
				b.WriteByte('?')
			}
		}
		b.WriteByte(')')
	}
	return b.String()
}

func (l *bulkLoader) batch(b Batch) error {
	if err := l.people(b.People); err != nil {
		return err
	}
	if err := l.events(b.Events); err != nil {
		return err
	}
	if len(b.Decisions) > 0 {
		l.flush(loadEvents) // a decision's event must be there
	}
	for _, f := range b.Decisions {
		d := f.Decision
		l.row(loadDecisions, f.EventID, d.RuleID, d.RuleName, d.SurveyID, string(d.Outcome), loadTime(d.SendAt), loadTime(d.Until),
			loadID(d.InvitationID), d.Detail, utc(f.DecidedAt))
	}
	for _, i := range b.Invitations {
		row := invitationRowOf(i)
		l.row(loadInvitations, i.ID, i.SurveyID, i.RuleID, i.EventID, i.PersonID, i.Email, string(i.State), utc(i.SendAt), loadTime(row.DueAt), loadTime(i.LeaseUntil),
			i.Attempts, i.Problem, loadTime(i.SentAt), loadTime(i.AnsweredAt), loadID(i.ResponseID), utc(i.ExpiresAt), utc(i.CreatedAt),
			row.Letter, row.Number, loadID(i.AboutID), row.WantsThanks, row.Day)
	}
	for _, u := range b.Suppressions {
		l.row(loadSuppressions, addressHash(l.workspace, u.Email), string(u.Reason), utc(u.At), surveys.NormalEmail(u.Email), string(u.Source))
	}
	for _, c := range b.Claims {
		l.row(loadClaims, c.Once.Key, c.Once.Body, c.ResultID, utc(c.Once.ExpiresAt))
	}
	return l.responses(b.Responses)
}

func (l *bulkLoader) people(list []surveys.Person) error {
	for _, p := range list {
		traits, err := loadJSON(p.Traits)
		if err != nil {
			return fmt.Errorf("load the person %s: %w", p.ID, err)
		}
		l.row(loadPeople, p.ID, p.ExternalID, p.Email, p.Name, p.Locale, p.TimeZone, traits, utc(p.CreatedAt), utc(p.UpdatedAt))
	}
	return nil
}

func (l *bulkLoader) events(list []surveys.Event) error {
	for _, e := range list {
		properties, err := loadJSON(e.Properties)
		if err != nil {
			return fmt.Errorf("load the event %s: %w", e.ID, err)
		}
		l.row(loadEvents, e.ID, e.ExternalID, e.Type, e.PersonID, utc(e.OccurredAt), utc(e.ReceivedAt), properties)
	}
	return nil
}

func (l *bulkLoader) responses(list []surveys.Response) error {
	for _, r := range list {
		r.WorkspaceID = l.workspace.ID
		if err := countable(r); err != nil {
			return err
		}
		segments, err := loadJSON(r.Segments)
		if err != nil {
			return fmt.Errorf("load the response %s: %w", r.ID, err)
		}
		said, err := saidIn(r)
		if err != nil {
			return fmt.Errorf("load the response %s: %w", r.ID, err)
		}
		l.rollups.add(r, 1)
		l.row(loadResponses, r.ID, r.SurveyID, r.Version, loadID(r.InvitationID), loadID(r.PersonID), r.Score, r.Comment, r.Locale,
			string(r.Channel), segments, said.ratings, said.answers, said.fields, r.Day, utc(r.AnsweredAt), utc(r.CreatedAt), utc(r.UpdatedAt))
	}
	return nil
}

// loadJSON is a map as the row's column keeps it: {} for none.
func loadJSON[V any](values map[string]V) (string, error) {
	if len(values) == 0 {
		return "{}", nil
	}
	raw, err := json.Marshal(values)
	return string(raw), err
}

// loadTime and loadID map what is absent to NULL.
func loadTime(t *time.Time) any {
	if t == nil {
		return nil
	}
	return utc(*t)
}

func loadID(id string) any {
	if id == "" {
		return nil
	}
	return id
}
