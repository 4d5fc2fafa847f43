package flow_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
	"github.com/harkhq/hark/surveys/table"
)

// benchmarkRows is how many rows [BenchmarkImport] imports, unless the
// environment variable IMPORT_ROWS says another number.
const benchmarkRows = 1_000_000

// writeAnswers writes a file of n answers of a year by n/4 people, in the order
// of time, as exports are.
func writeAnswers(b *testing.B, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "answers.csv")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(file)
	chance := rand.New(rand.NewPCG(1, 2))
	plans, countries := []string{"free", "pro", "team", "enterprise"}, []string{"DE", "FR", "US", "CN", "JP", "BR"}
	start := time.Date(2025, 2, 1, 0, 0, 0, 0, time.UTC)
	fmt.Fprintln(w, "customer_id,email,name,score,answered_at,comment,locale,plan,country")
	for i := range n {
		person, comment := chance.IntN(max(1, n/4)), ""
		if chance.IntN(3) == 0 {
			comment = fmt.Sprintf("\"Order %d came late, and the box was open\"", i)
		}
		at := start.Add(time.Duration(float64(i) / float64(n) * float64(365*24*time.Hour)))
		fmt.Fprintf(w, "c%d,customer%d@example.com,Customer %d,%d,%s,%s,en,%s,%s\n", person, person, person, min(10, 4+chance.IntN(8)),
			at.Format(time.RFC3339), comment, plans[person%4], countries[person%6])
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// BenchmarkImport imports a file of a million rows: checked, with its people
// and rollups, into an empty survey. On PostgreSQL, with its durable settings,
// it also measures the bare COPY of the same people and answers into the same
// tables: ratio is how many times as long the import takes.
func BenchmarkImport(b *testing.B) {
	n := benchmarkRows
	if rows, err := strconv.Atoi(os.Getenv("IMPORT_ROWS")); err == nil {
		n = rows
	}
	path := writeAnswers(b, n)
	b.Run("sqlite", func(b *testing.B) {
		for b.Loop() {
			s := storetest.OpenAt(b, store.SQLite, storetest.Start)
			importFile(b, s, path, n)
		}
	})
	b.Run("postgres", func(b *testing.B) {
		for b.Loop() {
			address := storetest.Durable(b)
			s := storetest.OpenURL(b, address, storetest.Start)
			if err := s.Migrate(context.Background()); err != nil {
				b.Fatal(err)
			}
			took := importFile(b, s, path, n)
			b.ReportMetric(took.Seconds()/copyAgain(b, address).Seconds(), "ratio")
		}
	})
}

func importFile(b *testing.B, s *store.Store, path string, rows int) time.Duration {
	b.Helper()
	head, err := os.ReadFile(path)
	if err != nil {
		b.Fatal(err)
	}
	in := newImporting(b, s)
	plan := in.plan(string(head[:bytes.IndexByte(head, '\n')+1]))
	plan.Dates.Form = table.YearFirst
	plan.Open = func() (io.ReadCloser, error) { return os.Open(path) }
	begun := time.Now()
	counts, err := in.run(plan)
	took := time.Since(begun)
	if err != nil || counts.Stored != int64(rows) {
		b.Fatalf("%+v, %v, bad rows %q", counts, err, in.bad)
	}
	b.ReportMetric(took.Seconds(), "s/import")
	b.ReportMetric(float64(rows)/took.Seconds(), "rows/s")
	in.recounted()
	return took
}

// copyAgain takes the people and the answers out, empties their tables and
// measures how long COPY needs to bring them back.
func copyAgain(b *testing.B, address string) time.Duration {
	b.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		b.Fatal(err)
	}
	defer conn.Close(ctx)
	tables := []string{"people", "responses"}
	held := make([]bytes.Buffer, len(tables))
	for i, name := range tables {
		if _, err := conn.PgConn().CopyTo(ctx, &held[i], "COPY "+name+" TO STDOUT (FORMAT binary)"); err != nil {
			b.Fatal(err)
		}
		if _, err := conn.Exec(ctx, "TRUNCATE "+name); err != nil {
			b.Fatal(err)
		}
	}
	begun := time.Now()
	for i, name := range tables {
		if _, err := conn.PgConn().CopyFrom(ctx, &held[i], "COPY "+name+" FROM STDIN (FORMAT binary)"); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(begun)
}
