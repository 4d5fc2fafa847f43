package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"
	"gorm.io/gorm/logger"
	lite "modernc.org/sqlite"
)

// open gives one connection to an empty file with a table of numbers.
func open(t testing.TB) *sql.DB {
	t.Helper()
	db, err := Open("file:" + t.TempDir() + "/test.db?_time_format=sqlite&_pragma=foreign_keys(1)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	db.SetMaxOpenConns(1)
	do(t, db, "CREATE TABLE numbers (n INTEGER PRIMARY KEY, name TEXT, at DATETIME); INSERT INTO numbers (n) VALUES (1), (2), (3)")
	return db
}

func do(t testing.TB, db *sql.DB, query string, args ...any) {
	t.Helper()
	if _, err := db.Exec(query, args...); err != nil {
		t.Fatal(err)
	}
}

// count runs a query for one number.
func count(t testing.TB, db *sql.DB, query string, args ...any) int {
	t.Helper()
	var n int
	if err := db.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// statements are the texts that the one connection of db keeps.
func statements(t testing.TB, db *sql.DB) map[string]bool {
	t.Helper()
	kept := make(map[string]bool)
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Raw(func(driver any) error {
		k := driver.(*conn).kept
		if k.order.Len() != len(k.byText) {
			return fmt.Errorf("%d in order, %d by text", k.order.Len(), len(k.byText))
		}
		for text := range k.byText {
			kept[text] = true
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return kept
}

func TestStatementsAreKept(t *testing.T) {
	db := open(t)
	const above = "SELECT count(*) FROM numbers WHERE n > ?"
	for n, want := range []int{3, 2, 1, 0} {
		if got := count(t, db, above, n); got != want {
			t.Errorf("%d numbers above %d, want %d", got, n, want)
		}
	}
	long := "SELECT count(*) FROM numbers /* " + strings.Repeat("long ", longestKept/5) + "*/"
	count(t, db, long)
	if kept := statements(t, db); !kept[above] || kept[long] {
		t.Errorf("kept: %v", kept)
	}
	for i := range mostKept {
		count(t, db, fmt.Sprintf("SELECT %d", i))
	}
	if kept := statements(t, db); len(kept) != mostKept || kept[above] || !kept["SELECT 0"] {
		t.Errorf("%d are kept, the oldest: %t, the newest hundred's first: %t", len(kept), kept[above], kept["SELECT 0"])
	}
}

// TestOneTextTwiceAtATime reads rows of a text while the same text runs again.
func TestOneTextTwiceAtATime(t *testing.T) {
	db := open(t)
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	const from = "SELECT n FROM numbers WHERE n >= ? ORDER BY n"
	var got []int
	outer, err := tx.Query(from, 1)
	if err != nil {
		t.Fatal(err)
	}
	for outer.Next() {
		var n, inner int
		if err := errors.Join(outer.Scan(&n), tx.QueryRow(from, n).Scan(&inner)); err != nil {
			t.Fatal(err)
		}
		got = append(got, 10*n+inner)
	}
	if err := errors.Join(outer.Err(), outer.Close(), tx.Commit()); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != "[11 22 33]" {
		t.Errorf("read %v", got)
	}
}

func TestSchemaChangesUnderAStatement(t *testing.T) {
	db := open(t)
	const all = "SELECT * FROM numbers LIMIT 1"
	columns := func() int {
		rows, err := db.Query(all)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		rows.Next()
		again, err := rows.Columns()
		if err != nil || len(again) != len(names) {
			t.Errorf("%d columns, then %d, %v", len(names), len(again), err)
		}
		return len(again)
	}
	before := columns()
	do(t, db, "ALTER TABLE numbers ADD COLUMN more TEXT")
	if after := columns(); after != before+1 {
		t.Errorf("%d columns after one more than %d", after, before)
	}
}

func TestStatementAfterAnError(t *testing.T) {
	db := open(t)
	const insert = "INSERT INTO numbers (n, name) VALUES (?, ?)"
	_, err := db.Exec(insert, 1, "again")
	if Code(err) != 1555 {
		t.Errorf("a doubled key is %v with code %d", err, Code(err))
	}
	do(t, db, insert, 4, "four")
	if n := count(t, db, "SELECT count(*) FROM numbers WHERE name = 'four'"); n != 1 {
		t.Errorf("stored %d times", n)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := db.ExecContext(ended, insert, 5, "five"); !errors.Is(err, context.Canceled) {
		t.Errorf("with an ended context: %v", err)
	}
	do(t, db, insert, 5, nil)
	if n := count(t, db, "SELECT count(*) FROM numbers WHERE n = 5 AND name IS NULL"); n != 1 {
		t.Error("a parameter of before was used again")
	}
	if _, err := db.Exec("SELECT nonsense FROM nowhere"); Code(err) != 1 {
		t.Errorf("nonsense is %v", err)
	}
	if Code(context.Canceled) != 0 || Code(nil) != 0 {
		t.Error("an error of others has a code")
	}
}

// TestRowsThatEndInAnErrorEndTheirStatement reads a text that is no JSON in its
// second row. The connection can be closed only when no statement is left.
func TestRowsThatEndInAnErrorEndTheirStatement(t *testing.T) {
	db := open(t)
	do(t, db, "UPDATE numbers SET name = CASE n WHEN 2 THEN 'nonsense{' ELSE '{}' END")
	const names = "SELECT json(name) FROM numbers ORDER BY n"
	for range 3 {
		rows, err := db.Query(names)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
		}
		if rows.Err() == nil {
			t.Error("nonsense was read as JSON")
		}
		_ = rows.Close()
	}
	if statements(t, db)[names] {
		t.Error("a statement that failed is kept")
	}
	if n := leftOver(t, db); n != 0 {
		t.Errorf("statements of %d bytes are left over", n)
	}
}

// leftOver is how many bytes the statements take that the one connection of db has
// compiled and has neither kept nor ended. It ends those that are kept.
func leftOver(t testing.TB, db *sql.DB) (bytes int) {
	t.Helper()
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if err := c.Raw(func(opened any) error {
		ours := opened.(*conn)
		closing := ours.kept.close()
		ours.kept = newKept()
		status := ours.plain.(interface {
			Status(op lite.DBStatusOp, reset bool) (current, high int, err error)
		})
		var asking error
		bytes, _, asking = status.Status(lite.DBStatusStmtUsed, false)
		return errors.Join(closing, asking)
	}); err != nil {
		t.Fatal(err)
	}
	return bytes
}

// TestLimitIsNotBound keeps SQLite from compiling a statement again each time: it
// looks at a bound limit when it plans.
func TestLimitIsNotBound(t *testing.T) {
	db := gormOver(t, open(t))
	for name, c := range map[string]struct {
		q    *gorm.DB
		want string
	}{
		"limit":            {db.Limit(2), "SELECT * FROM `numbers` WHERE n > ? LIMIT 2"},
		"limit and offset": {db.Limit(2).Offset(1), "SELECT * FROM `numbers` WHERE n > ? LIMIT 2 OFFSET 1"},
		"offset alone":     {db.Offset(1), "SELECT * FROM `numbers` WHERE n > ? LIMIT -1 OFFSET 1"},
		"no row lock":      {db.Clauses(clause.Locking{Strength: "UPDATE"}), "SELECT * FROM `numbers` WHERE n > ?"},
	} {
		t.Run(name, func(t *testing.T) {
			var rows []number
			q := c.q.Where("n > ?", 0).Session(&gorm.Session{})
			if err := q.Find(&rows).Error; err != nil || len(rows) == 0 {
				t.Errorf("%d rows, %v", len(rows), err)
			}
			written := q.Session(&gorm.Session{DryRun: true}).Find(&rows).Statement.SQL.String()
			if strings.TrimSpace(written) != c.want {
				t.Errorf("written as %q, want %q", written, c.want)
			}
		})
	}
}

type number struct {
	N    int `gorm:"primaryKey"`
	Name *string
	At   *time.Time
}

func gormOver(t testing.TB, db *sql.DB) *gorm.DB {
	t.Helper()
	g, err := gorm.Open(Dialector{DB: db}, &gorm.Config{Logger: logger.Discard})
	if err != nil {
		t.Fatal(err)
	}
	return g.Table("numbers").Session(&gorm.Session{})
}

func TestRowsGoInAndOut(t *testing.T) {
	db := gormOver(t, open(t))
	name, at := "it's `four`", time.Date(2026, 2, 28, 23, 59, 59, 123_000_000, time.UTC)
	row := number{4, &name, &at}
	if err := db.Create(&row).Error; err != nil {
		t.Fatal(err)
	}
	if err := db.Clauses(clause.OnConflict{DoNothing: true}).Create(&number{N: 4}).Error; err != nil {
		t.Error(err)
	}
	var read number
	if err := db.Where("numbers.n = ?", 4).Take(&read).Error; err != nil || *read.Name != name || !read.At.Equal(at) {
		t.Errorf("%+v, %v", read, err)
	}
	var stored string
	if err := db.Select("CAST(at AS TEXT)").Where("n = 4").Row().Scan(&stored); err != nil || stored != "2026-02-28 23:59:59.123+00:00" {
		t.Errorf("stored as %q, %v: older files sort by another form", stored, err)
	}
	if quoted := (&gorm.Statement{DB: db}).Quote("odd`name.n"); quoted != "`odd``name`.`n`" {
		t.Errorf("quoted as %s", quoted)
	}
}

// BenchmarkStatement runs one look by key on a connection that keeps its
// statements, and on the driver's own. ratio/op is the driver's time over ours.
func BenchmarkStatement(b *testing.B) {
	const look = "SELECT name, at FROM numbers WHERE n = ? AND (name IS NULL OR name <> ?) AND (at IS NULL OR at < ?) ORDER BY at LIMIT 1"
	ours := open(b)
	bare, err := lite.NewConnector("file:" + b.TempDir() + "/bare.db")
	if err != nil {
		b.Fatal(err)
	}
	drivers := sql.OpenDB(bare)
	defer drivers.Close()
	do(b, drivers, "CREATE TABLE numbers (n INTEGER PRIMARY KEY, name TEXT, at DATETIME); INSERT INTO numbers (n) VALUES (1), (2), (3)")
	run := func(db *sql.DB) time.Duration {
		began := time.Now()
		for range b.N {
			rows, err := db.Query(look, 2, "two", "2026")
			if err != nil {
				b.Fatal(err)
			}
			if err := rows.Close(); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(began)
	}
	reference := run(drivers)
	b.ResetTimer()
	b.ReportMetric(float64(reference)/float64(run(ours)), "ratio/op")
}
