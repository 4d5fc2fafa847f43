package northwind_test

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow/northwind"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// filled is a store with a year in it, and the same file as plain SQL sees it.
type filled struct {
	story northwind.Story
	store *store.Store
	db    *sql.DB
	now   time.Time
}

func fill(t *testing.T, now time.Time) filled {
	t.Helper()
	address := storetest.URL(t, store.SQLite)
	s := storetest.OpenURL(t, address, func() time.Time { return now })
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	story, err := northwind.Fill(context.Background(), s, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("filled in %v: %+v", time.Since(start).Round(time.Millisecond), story.Counts)
	db, err := sql.Open("sqlite", strings.TrimPrefix(address, "sqlite:")+"?_pragma=query_only(1)")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return filled{story: story, store: s, db: db, now: now}
}

// count is the one number that a query selects.
func (f filled) count(t *testing.T, query string, args ...any) int {
	t.Helper()
	var n int
	if err := f.db.QueryRow(query, args...).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// checksum is a hash over every column of a query's rows.
func (f filled) checksum(t *testing.T, query string) string {
	t.Helper()
	rows, err := f.db.Query(query)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	values, places := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		places[i] = &values[i]
	}
	hash := sha256.New()
	for rows.Next() {
		if err := rows.Scan(places...); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(hash, values...)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", hash.Sum(nil))
}

func TestFill(t *testing.T) {
	t.Parallel()
	f := fill(t, storetest.Start().Add(31*time.Hour))
	for name, test := range map[string]func(*testing.T, filled){
		"counts":                                 testCounts,
		"rollups equal a recount":                testRecount,
		"rows belong together":                   testRowsBelongTogether,
		"conditions are the rules'":              testConditions,
		"caps are kept":                          testCaps,
		"nobody is asked who stopped the mails":  testSuppressed,
		"answers count on their local day":       testDays,
		"the demo mails something at once":       testDue,
		"people answer about a quarter of mails": testResponseRate,
		"the week has its rhythm":                testWeek,
		"the year has its seasons":               testSeasons,
		"quiet weeks and empty days":             testQuiet,
		"comments agree with the score":          testComments,
		"people come from all over":              testPeople,
		"the drop is real and the subscribers'":  testDrop,
		"the gift campaign is only mix":          testGifts,
		"another fill is the same, and the last": testTwice,
		"satisfaction is steady, effort better":  testOtherSurveys,
		"no Monday cries wolf":                   testMondays,
		"subscriptions begin, last and end":      testClub,
		"who does not recommend leaves":          testLoyalty,
	} {
		t.Run(name, func(t *testing.T) { test(t, f) })
	}
}

// Another day tells the same story at other dates.
func TestFillOnAnotherDay(t *testing.T) {
	t.Parallel()
	f := fill(t, time.Date(2027, 1, 1, 8, 0, 0, 0, time.UTC))
	testCounts(t, f)
	testRecount(t, f)
	testDue(t, f)
	testDrop(t, f)
	testGifts(t, f)
	testOtherSurveys(t, f)
	testMondays(t, f)
}

// testTwice fills another store at the same moment, and then once more.
func testTwice(t *testing.T, f filled) {
	again := fill(t, f.now)
	for _, table := range []string{"people", "events", "decisions", "invitations", "responses", "rollups", "rules", "segment_values", "questions", "users"} {
		query := "SELECT * FROM " + table + " ORDER BY 1, 2, 3"
		if table == "rollups" {
			query += ", 4, 5"
		}
		if f.checksum(t, query) != again.checksum(t, query) {
			t.Errorf("%s differ between two fills", table)
		}
	}
	if len(f.story.Workspace.Key) != surveys.KeyLength || len(f.story.Workspace.Secret) != 32 {
		t.Error("the workspace has no key or no secret")
	}
	for _, now := range []time.Time{f.now, f.now.Add(time.Hour)} {
		if _, err := northwind.Fill(context.Background(), again.store, now); err == nil {
			t.Error("a store that is not empty was filled again")
		}
	}
	if n := again.count(t, "SELECT count(*) FROM responses"); n != again.story.Counts.Responses {
		t.Errorf("%d answers after a fill that was refused, %d before", n, again.story.Counts.Responses)
	}
}

func BenchmarkFill(b *testing.B) {
	for b.Loop() {
		s := storetest.OpenAt(b, store.SQLite, storetest.Start)
		if _, err := northwind.Fill(context.Background(), s, storetest.Start()); err != nil {
			b.Fatal(err)
		}
	}
}
