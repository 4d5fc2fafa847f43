package store_test

import (
	"context"
	"database/sql"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"gorm.io/gorm/schema"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// texts returns the single column that a query selects.
func texts(t *testing.T, db *sql.DB, query string, args ...any) []string {
	t.Helper()
	rows, err := db.Query(query, args...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			t.Fatal(err)
		}
		list = append(list, text)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return list
}

// columnsOf lists the columns of every table that is Hark's own.
func columnsOf(t *testing.T, s *store.Store) map[string][]string {
	t.Helper()
	tables := "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
	columns := "SELECT name FROM pragma_table_info(?) ORDER BY name"
	if s.Dialect() == store.Postgres {
		tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
		columns = `SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY column_name COLLATE "C"`
	}
	byTable := make(map[string][]string)
	for _, table := range texts(t, s.Readers(), tables) {
		// comment_words is SQLite's full-text index, a table only by name.
		if !strings.HasPrefix(table, "river_") && !strings.HasPrefix(table, "goose_") && !strings.HasPrefix(table, "comment_words") {
			byTable[table] = texts(t, s.Readers(), columns, table)
		}
	}
	return byTable
}

// TestRowsMatchTheSchema holds every row struct against the tables.
func TestRowsMatchTheSchema(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		tables := columnsOf(t, s)
		for _, row := range store.RowStructs() {
			parsed, err := schema.Parse(row, &sync.Map{}, schema.NamingStrategy{})
			if err != nil {
				t.Fatal(err)
			}
			got := slices.Sorted(slices.Values(parsed.DBNames))
			if want := tables[parsed.Table]; !slices.Equal(got, want) {
				t.Errorf("%T has the columns %v, and the table %s has %v", row, got, parsed.Table, want)
			}
			if first := parsed.PrimaryFields[0].DBName; first != "workspace_id" {
				t.Errorf("%T: the primary key starts with %s", row, first)
			}
			for _, field := range parsed.Fields {
				if field.AutoCreateTime != 0 || field.AutoUpdateTime != 0 {
					t.Errorf("%T: GORM would write %s by a clock of its own", row, field.DBName)
				}
			}
			delete(tables, parsed.Table)
		}
		for table := range tables {
			t.Errorf("the table %s has no row struct", table)
		}
	})
}

// TestSchemasAgree holds the two dialects' tables against each other.
func TestSchemasAgree(t *testing.T) {
	t.Parallel()
	lite, pg := columnsOf(t, storetest.Open(t, store.SQLite)), columnsOf(t, storetest.Open(t, store.Postgres))
	if !maps.EqualFunc(lite, pg, slices.Equal[[]string]) {
		t.Errorf("SQLite has %v\nPostgreSQL has %v", lite, pg)
	}
	if len(lite) != len(store.RowStructs()) {
		t.Errorf("%d tables, want %d", len(lite), len(store.RowStructs()))
	}
}

// TestEveryKeyStartsWithTheWorkspace is the border between workspaces, read
// back from the databases. The full-text index has the workspace within each
// word instead, see TestIndexIsWithinItsSurvey.
func TestEveryKeyStartsWithTheWorkspace(t *testing.T) {
	t.Parallel()
	const fromSQLite = `SELECT m.name || '.' || l.name || '.' || i.name FROM sqlite_master AS m, pragma_index_list(m.name) AS l, pragma_index_info(l.name) AS i
WHERE m.type = 'table' AND i.seqno = 0 AND m.name NOT LIKE 'river_%' AND m.name NOT LIKE 'goose_%' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'comment_words%'`
	const fromPostgres = `SELECT c.relname || '.' || x.relname || '.' || a.attname FROM pg_index AS i
JOIN pg_class AS c ON c.oid = i.indrelid JOIN pg_class AS x ON x.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
WHERE n.nspname = current_schema() AND c.relname NOT LIKE 'river_%' AND c.relname NOT LIKE 'goose_%' AND x.relname <> 'comment_index_words'`
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		query := fromSQLite
		if s.Dialect() == store.Postgres {
			query = fromPostgres
		}
		found := texts(t, s.Readers(), query)
		if len(found) < len(store.RowStructs()) {
			t.Fatalf("found only %d keys: %v", len(found), found)
		}
		for _, index := range found {
			parts := strings.Split(index, ".")
			if parts[2] != "workspace_id" && !(parts[0] == "workspaces" && parts[2] == "key") {
				t.Errorf("the key %s of %s starts with %s", parts[1], parts[0], parts[2])
			}
		}
	})
}

// TestDueInvitationsAreFoundByTheirIndex asks SQLite how it would run the
// query that a dispatcher repeats each second.
func TestDueInvitationsAreFoundByTheirIndex(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	plan, err := s.DuePlan(context.Background(), surveys.WorkspaceID("w"), s.Now())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(plan, "invitations_due (workspace_id=? AND due_at<?)") {
		t.Errorf("the plan is %s", plan)
	}
}

// TestLettersToAMailboxAreFoundByTheirIndexes: SQLite must not go through all
// invitations of the workspace to put two lists of a few together.
func TestLettersToAMailboxAreFoundByTheirIndexes(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	plan, err := s.MailboxPlan(context.Background(), surveys.WorkspaceID("w"), "p")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(plan, "invitations_person (workspace_id=? AND person_id=?)") || !strings.Contains(plan, "invitations_mailbox (workspace_id=? AND email=?)") {
		t.Errorf("the plan is %s", plan)
	}
}

// TestLettersToAMailboxAreListedOnce: PostgreSQL must not make the list anew for
// each invitation of the workspace where it has no statistics yet, as on the day of
// the first import (170 ms for 700 invitations).
func TestLettersToAMailboxAreListedOnce(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Postgres)
	w := storetest.Workspace(t, s)
	plan, err := s.MailboxPlan(context.Background(), w.ID, storetest.Person(t, s, w.ID).ID)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(plan, "InitPlan") || strings.Contains(plan, "Semi Join") {
		t.Errorf("the plan is %s", plan)
	}
}
