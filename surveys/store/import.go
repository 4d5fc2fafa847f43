package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

// Imported is an answer from a file.
type Imported struct {
	// Response has an id that is made of what the file says, so that the same
	// answer has the same id each time the file is read. Its PersonID is found
	// by Person.
	Response surveys.Response
	// Person is who gave it; without ExternalID and Email it is anonymous.
	Person surveys.Person
}

// ImportCounts says what became of an import.
type ImportCounts struct {
	Stored   int64 // answers
	Repeated int64 // answers that were stored before, and were left as they are
	People   int64 // persons who were not known
}

// Import runs load in one transaction: either everything that it adds is
// stored, with its rollups, or nothing. Imports into the same survey wait for
// each other.
//
// It is a Conflict when, in the middle of it, somebody else stored a person
// whom the file names: the import may then be tried again. On SQLite nobody
// else can write while it runs.
func (s *Store) Import(ctx context.Context, survey surveys.Survey, load func(tx *Tx, l *Loader) error) (ImportCounts, error) {
	var counts ImportCounts
	// The connection is held by hand, because COPY is reached only through it,
	// and must run inside the transaction that is open on it.
	err := s.write.WithContext(ctx).Connection(func(g *gorm.DB) error {
		conn, ok := g.Statement.ConnPool.(*sql.Conn)
		if !ok {
			return fmt.Errorf("the connection is a %T, not a *sql.Conn", g.Statement.ConnPool)
		}
		leave, err := s.enlargeCache(ctx, conn)
		if err != nil {
			return err
		}
		defer leave()
		return g.Transaction(func(g *gorm.DB) error {
			tx := &Tx{reads: reads{db: g, dialect: s.dialect}, store: s}
			l, err := newLoader(ctx, tx, conn, survey)
			if err != nil {
				return err
			}
			if err := load(tx, l); err != nil {
				return err
			}
			counts = l.counts
			if err := tx.applyDeltas(ctx, l.deltas); err != nil {
				return err
			}
			return s.file.check()
		})
	})
	if err != nil && ctx.Err() != nil {
		// However the driver says that the connection was given up.
		return ImportCounts{}, fmt.Errorf("import answers: %w", ctx.Err())
	}
	if err != nil {
		return ImportCounts{}, known("import answers", err)
	}
	return counts, nil
}

// importCache is the page cache of SQLite's writer during an import, in KiB.
// Indexes are written all over; with the usual 2 MB each page would leave for
// the disk many times.
const importCache = 64 << 10

// enlargeCache gives SQLite's connection a large cache, and keeps its statement
// journals in memory; it returns how to take that back.
func (s *Store) enlargeCache(ctx context.Context, conn *sql.Conn) (leave func(), err error) {
	if s.dialect != SQLite {
		return func() {}, nil
	}
	var before int
	if err := conn.QueryRowContext(ctx, "PRAGMA cache_size").Scan(&before); err != nil {
		return nil, known("read the size of the cache", err)
	}
	if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size = -%d; PRAGMA temp_store = MEMORY", importCache)); err != nil {
		return nil, known("enlarge the cache", err)
	}
	return func() {
		// A cache that stays large does no harm.
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), fmt.Sprintf("PRAGMA cache_size = %d; PRAGMA temp_store = DEFAULT", before))
	}, nil
}

// Loader adds answers to an import, some thousands at a time. It holds no
// more than the rollups they move and whom it has met lately.
type Loader struct {
	tx     *Tx
	sqlTx  *sql.Tx
	conn   *sql.Conn
	survey surveys.Survey
	deltas deltas
	people people
	counts ImportCounts
	fresh  bool // nothing was stored in the survey before the import
}

func newLoader(ctx context.Context, tx *Tx, conn *sql.Conn, survey surveys.Survey) (*Loader, error) {
	l := &Loader{tx: tx, conn: conn, survey: survey, deltas: make(deltas)}
	var err error
	if l.sqlTx, err = tx.sqlTx(); err != nil {
		return nil, err
	}
	if tx.dialect == Postgres {
		if _, err := l.sqlTx.ExecContext(ctx, indexesOnly); err != nil {
			return nil, known("prepare the import", err)
		}
		if _, err := l.sqlTx.ExecContext(ctx, "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", "import:"+survey.ID); err != nil {
			return nil, known("wait for another import into the survey", err)
		}
	}
	answered, err := exists(tx.of(ctx, survey.WorkspaceID).Model(&responseRow{}).Where("survey_id = ?", survey.ID))
	l.fresh = !answered
	return l, err
}

// indexesOnly makes PostgreSQL look people and answers up by their indexes for
// the rest of the transaction: it has no statistics of rows that the
// transaction itself added, and would read the growing tables from end to end,
// once for each batch.
const indexesOnly = "SET LOCAL enable_seqscan = off"

// Add stores the answers that were not stored before. Their ids must differ
// within the import.
func (l *Loader) Add(ctx context.Context, list []Imported) error {
	list, err := l.unknown(ctx, list)
	if err != nil || len(list) == 0 {
		return err
	}
	created, err := l.meet(ctx, list)
	if err != nil {
		return err
	}
	if err := l.insert(ctx, "people", peopleColumns, len(created), func(i int) ([]any, error) { return personValues(created[i]) }); err != nil {
		return err
	}
	if err := l.insert(ctx, "responses", importColumns, len(list), func(i int) ([]any, error) { return responseValues(list[i].Response) }); err != nil {
		return err
	}
	for i := range list {
		l.deltas.add(list[i].Response, 1)
	}
	l.counts.Stored += int64(len(list))
	l.counts.People += int64(len(created))
	return nil
}

// unknown returns the answers that are not stored.
func (l *Loader) unknown(ctx context.Context, list []Imported) ([]Imported, error) {
	if l.fresh {
		return list, nil
	}
	ids := make([]string, len(list))
	for i := range list {
		ids[i] = list[i].Response.ID
	}
	stored := make(map[string]bool)
	query := l.named("SELECT CAST(id AS text) AS id FROM responses WHERE workspace_id = $1 AND id", "uuid")
	err := l.query(ctx, "look for answers stored before", query, ids, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		stored[id] = true
		return err
	})
	if err != nil || len(stored) == 0 {
		return list, err
	}
	news := slices.DeleteFunc(slices.Clone(list), func(in Imported) bool { return stored[in.Response.ID] })
	l.counts.Repeated += int64(len(list) - len(news))
	return news, nil
}

// named completes a query that ends with a column: for the rows in which it is
// one of the texts of parameter 2, whatever their number. PostgreSQL is made to
// look each text up by itself: for a join it would have to guess how many rows
// this transaction has added, and it guesses wrong.
func (l *Loader) named(query, kind string) string {
	if l.tx.dialect == Postgres {
		return "SELECT found.* FROM unnest($2::text[]) AS wanted (text) CROSS JOIN LATERAL (" + query + " = wanted.text::" + kind + " OFFSET 0) AS found"
	}
	return query + " IN (SELECT value FROM json_each($2))"
}

// query asks for what concerns a list of texts in the survey's workspace.
func (l *Loader) query(ctx context.Context, tried, query string, list []string, visit func(*sql.Rows) error) error {
	var texts any = list
	if l.tx.dialect == SQLite {
		text, err := json.Marshal(list)
		if err != nil {
			return fmt.Errorf("%s: %w", tried, err)
		}
		texts = string(text)
	}
	rows, err := l.sqlTx.QueryContext(ctx, query, string(l.survey.WorkspaceID), texts)
	if err != nil {
		return known(tried, err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := visit(rows); err != nil {
			return fmt.Errorf("%s: %w", tried, err)
		}
	}
	return known(tried, rows.Err())
}

// importColumns are the columns of responses that an import fills.
var importColumns = []string{"workspace_id", "id", "survey_id", "version", "person_id", "score", "comment", "locale", "channel", "segments", "ratings", "answers", "fields", "day",
	"answered_at", "created_at", "updated_at"}

func responseValues(r surveys.Response) ([]any, error) {
	segments, err := json.Marshal(r.Segments)
	if err != nil {
		return nil, fmt.Errorf("write the segments: %w", err)
	}
	said, err := saidIn(r)
	if err != nil {
		return nil, err
	}
	var person any
	if r.PersonID != "" {
		person = id(r.PersonID)
	}
	return []any{id(r.WorkspaceID), id(r.ID), id(r.SurveyID), int32(r.Version), person, int32(r.Score), r.Comment, r.Locale, string(r.Channel),
		document(segments), documentOrNull(said.ratings), documentOrNull(said.answers), documentOrNull(said.fields), int32(r.Day), utc(r.AnsweredAt), utc(r.CreatedAt), utc(r.UpdatedAt)}, nil
}

// peopleColumns are the columns of people that an import fills.
var peopleColumns = []string{"workspace_id", "id", "external_id", "email", "name", "locale", "time_zone", "traits", "created_at", "updated_at"}

func personValues(p *surveys.Person) ([]any, error) {
	return []any{id(p.WorkspaceID), id(p.ID), p.ExternalID, p.Email, p.Name, p.Locale, p.TimeZone, document("{}"), utc(p.CreatedAt), utc(p.UpdatedAt)}, nil
}

// id and document are values that the two dialects take in forms of their own.
type (
	id       string
	document string
)

// binary is an id as PostgreSQL's COPY takes it.
func (i id) binary() ([16]byte, error) {
	parsed, err := uuid.Parse(string(i))
	if err != nil {
		return parsed, fmt.Errorf("read the id %q: %w", string(i), err)
	}
	return parsed, nil
}
