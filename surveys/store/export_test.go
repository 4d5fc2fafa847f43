package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river/rivertype"
	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

// What the tests, which stand outside the package because storetest imports
// it, must see of its inside.

// RowStructs lists a value of every row struct.
func RowStructs() []any {
	return []any{
		workspaceRow{}, userRow{}, tokenRow{}, sheetRow{}, apiKeyRow{}, surveyRow{}, questionRow{}, personRow{}, eventRow{}, ruleRow{},
		decisionRow{}, invitationRow{}, invitationCountRow{}, outboxRow{}, suppressionRow{}, responseRow{}, idempotencyRow{}, segmentValueRow{}, rollupRow{},
		digestRow{}, benchmarkRow{}, loyaltyPlanRow{}, loyaltyReportRow{}, riskRow{},
		themeRow{}, commentReaderRow{}, readingRow{}, themeCountRow{}, commentIndexRow{}, commentIndexDayRow{},
		driverDayRow{},
		noteRow{}, shareRow{},
		turnRow{}, letterTextRow{}, surveyStopRow{}, senderRow{}, dkimKeyRow{}, letterFormRow{},
		streamRow{}, streamDayRow{}, paceRow{}, receiverPaceRow{},
		bounceRow{}, mailHookRow{}, listRow{}, listPartRow{},
		touchRow{}, heldRow{}, moveRow{}, refusedSiteRow{}, identityKeyRow{}, pageAskRow{}, cancelFlowRow{}, cancellationRow{},
	}
}

// Readers is the pool of readers.
func (s *Store) Readers() *sql.DB { return s.readDB }

// Writers is the pool of writers.
func (s *Store) Writers() *sql.DB { return s.writeDB }

// DuePlan is how SQLite would run the query of [Tx.ClaimDue].
func (s *Store) DuePlan(ctx context.Context, ws surveys.WorkspaceID, now time.Time) (string, error) {
	return s.plan(s.due(ctx, ws, now))
}

// MailboxPlan is how the database would look for the letters to a person's mailbox.
func (s *Store) MailboxPlan(ctx context.Context, ws surveys.WorkspaceID, personID string) (string, error) {
	return s.plan(s.of(ctx, ws).Table("invitations AS i").Where(s.toMailbox(), map[string]any{"ws": string(ws), "people": s.among([]string{personID}), "addresses": s.amongTexts([]string{"a"})}))
}

func (s *Store) plan(q *gorm.DB) (string, error) {
	query := q.Session(&gorm.Session{DryRun: true}).Find(&[]invitationRow{}).Statement
	var plan []string
	if s.dialect == Postgres {
		err := s.db.Raw("EXPLAIN "+query.SQL.String(), query.Vars...).Scan(&plan).Error
		return strings.Join(plan, "; "), err
	}
	var steps []struct{ Detail string }
	err := s.db.Raw("EXPLAIN QUERY PLAN "+query.SQL.String(), query.Vars...).Scan(&steps).Error
	for _, step := range steps {
		plan = append(plan, step.Detail)
	}
	return strings.Join(plan, "; "), err
}

// QueueSize is how many submissions may wait.
const QueueSize = queueSize

// MaxBatch is how many submissions one transaction takes.
const MaxBatch = maxBatch

// waiting makes submissions wait as [Ingest.Submit] does.
func waiting(list []Submission) []*pending {
	batch := make([]*pending, len(list))
	for i, s := range list {
		batch[i] = &pending{submission: s, answer: make(chan answer, 1)}
	}
	return batch
}

// StoreBatch stores submissions as one batch of a writer, and reports whether
// it was stored straight.
func StoreBatch(s *Store, list []Submission) (receipts []Receipt, errs []error, straight bool) {
	in := &Ingest{store: s}
	defer in.pipe.close()
	batch := waiting(list)
	in.process(slices.Clone(batch))
	for _, p := range batch {
		a := <-p.answer
		receipts, errs = append(receipts, a.receipt), append(errs, a.err)
	}
	fast, _ := in.Batches()
	return receipts, errs, fast == 1
}

// Pipeline stores submissions by the pipelined round trip or not at all.
func Pipeline(s *Store, list []Submission) error {
	var p pipeline
	defer p.close()
	_, err := p.store(context.Background(), s, waiting(list))
	return err
}

// Exec runs a statement in a transaction.
func (tx *Tx) Exec(ctx context.Context, statement string) error {
	return tx.db.WithContext(ctx).Exec(statement).Error
}

// RowsRead is how many rows of a table PostgreSQL has read on this connection since
// it last told of it, those included that it passed over.
func (tx *Tx) RowsRead(ctx context.Context, table string) (int64, error) {
	var n int64
	err := tx.db.WithContext(ctx).Raw("SELECT seq_tup_read + COALESCE(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relid = CAST(? AS regclass)", table).Scan(&n).Error
	return n, err
}

// InsertOne stores one response by a statement of its own, without rollups:
// what a server without group commit would do at least.
func InsertOne(ctx context.Context, s *Store, r surveys.Response) error {
	row := responseRowOf(r)
	segments, err := json.Marshal(row.Segments)
	if err != nil {
		return err
	}
	places := "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?"
	if s.dialect == Postgres {
		places = "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15"
	}
	_, err = s.writeDB.ExecContext(ctx, "INSERT INTO responses ("+responseColumnNames+") VALUES ("+places+")",
		row.WorkspaceID, row.ID, row.SurveyID, row.Version, row.InvitationID, row.PersonID, row.Score, row.Comment, row.Locale, row.Channel,
		string(segments), row.Day, row.AnsweredAt, row.CreatedAt, row.UpdatedAt)
	return err
}

// Beating runs a job's work with its signs of life.
func (s *Store) Beating(ctx context.Context, every time.Duration, job *rivertype.JobRow, do func(context.Context) error) error {
	return s.alive(every).(rivertype.WorkerMiddleware).Work(ctx, job, do)
}

// MigrateOne runs one migration alone, whatever came after it.
func (s *Store) MigrateOne(ctx context.Context, version int64) error {
	provider, err := s.migrations()
	if err != nil {
		return err
	}
	_, err = provider.ApplyVersion(ctx, version, true)
	return err
}
