package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys/store/storetest"
)

// benchSeconds is how long each load runs.
const benchSeconds = 5

// BenchmarkIngest measures answers accepted over HTTP, each committed with its
// rollups, beside pgbench's single-row inserts on the same durable PostgreSQL
// in the same run. The ratio is what to compare between machines.
func BenchmarkIngest(b *testing.B) {
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		b.Fatal("install wrk (Debian: apt-get install wrk): it puts the load on")
	}
	database := storetest.Durable(b)
	in := install(b, database)
	in.command("", "user", "add", "bench@example.com", "--workspace", "Bench")
	key := strings.TrimSpace(in.command("", "key", "add", "bench", "--scope", "admin"))
	in.serve("HARK_LOG_LEVEL=warn")
	var survey struct{ ID string }
	if status := in.call(context.Background(), "POST", "/api/v1/surveys", key, `{"name":"Bench","metric":"nps"}`, &survey); status != 201 {
		b.Fatalf("create the survey: status %d", status)
	}
	script := filepath.Join(b.TempDir(), "answer.lua")
	if err := os.WriteFile(script, fmt.Appendf(nil, `
wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer %s"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"score":9,"comment":"Fresh and on time."}'
`, key), 0o600); err != nil {
		b.Fatal(err)
	}
	for _, clients := range []int{16, 64, 256} {
		b.Run(fmt.Sprintf("c=%d", clients), func(b *testing.B) {
			rows := pgbench(b, database, clients)
			var accepted float64
			for b.Loop() {
				accepted = load(b, wrk, clients, "-s", script, "http://"+in.addr+"/api/v1/surveys/"+survey.ID+"/responses")
			}
			b.ReportMetric(accepted, "answers/s")
			b.ReportMetric(rows, "pgbench-rows/s")
			b.ReportMetric(accepted/rows, "ratio")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// BenchmarkSurveyPage measures the page that customers open.
func BenchmarkSurveyPage(b *testing.B) {
	wrk, err := exec.LookPath("wrk")
	if err != nil {
		b.Fatal("install wrk (Debian: apt-get install wrk): it puts the load on")
	}
	in := install(b, "sqlite:"+b.TempDir()+"/hark.db")
	in.command("", "user", "add", "bench@example.com", "--workspace", "Bench")
	key := strings.TrimSpace(in.command("", "key", "add", "bench", "--scope", "admin"))
	in.serve("HARK_LOG_LEVEL=warn")
	var survey struct {
		Link string `json:"link"`
	}
	if status := in.call(context.Background(), "POST", "/api/v1/surveys", key, `{"name":"Bench","metric":"nps"}`, &survey); status != 201 {
		b.Fatalf("create the survey: status %d", status)
	}
	_, path, _ := strings.Cut(survey.Link, "/s/")
	var health, pages float64
	for b.Loop() {
		health = load(b, wrk, 64, "http://"+in.addr+"/healthz")
		pages = load(b, wrk, 64, "http://"+in.addr+"/s/"+path)
	}
	b.ReportMetric(pages, "pages/s")
	b.ReportMetric(pages/health, "ratio-to-empty-answer")
	b.ReportMetric(0, "ns/op")
}

// load runs wrk and returns how many requests a second were answered. Any
// answer but a good one fails the benchmark.
func load(b *testing.B, wrk string, clients int, args ...string) float64 {
	b.Helper()
	out, err := exec.Command(wrk, append([]string{"-t", "2", "-c", strconv.Itoa(clients), "-d", strconv.Itoa(benchSeconds) + "s", "--latency"}, args...)...).CombinedOutput()
	if err != nil {
		b.Fatalf("wrk: %v\n%s", err, out)
	}
	if regexp.MustCompile(`Non-2xx|Socket errors`).Match(out) {
		b.Fatalf("some requests failed:\n%s", out)
	}
	if latency := regexp.MustCompile(`(?m)^\s+(50|99)%\s+\S+`).FindAll(out, -1); len(latency) == 2 {
		b.Logf("%d clients: %s, %s", clients, strings.Join(strings.Fields(string(latency[0])), " "), strings.Join(strings.Fields(string(latency[1])), " "))
	}
	return figure(b, out, `Requests/sec:\s+([\d.]+)`)
}

// pgbench returns how many single-row inserts a second the database takes from
// so many clients.
func pgbench(b *testing.B, database string, clients int) float64 {
	b.Helper()
	psql := func(statement string) {
		if out, err := exec.Command(storetest.Program(b, "psql"), database, "-qc", statement).CombinedOutput(); err != nil {
			b.Fatalf("psql: %v\n%s", err, out)
		}
	}
	psql("CREATE TABLE IF NOT EXISTS bench_rows (id bigserial PRIMARY KEY, survey uuid, score int, comment text, at timestamptz DEFAULT now())")
	defer psql("DROP TABLE bench_rows")
	script := filepath.Join(b.TempDir(), "insert.sql")
	if err := os.WriteFile(script, []byte("INSERT INTO bench_rows (survey, score, comment) VALUES ('01890000-0000-7000-8000-000000000000', 9, 'Fresh and on time.');\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	out, err := exec.Command(storetest.Program(b, "pgbench"), "-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", "2",
		"-T", strconv.Itoa(benchSeconds), "-f", script, database).CombinedOutput()
	if err != nil {
		b.Fatalf("pgbench: %v\n%s", err, out)
	}
	return figure(b, out, `tps = ([\d.]+) \(without`)
}

func figure(b *testing.B, out []byte, pattern string) float64 {
	b.Helper()
	found := regexp.MustCompile(pattern).FindSubmatch(out)
	if found == nil {
		b.Fatalf("no figure %s in\n%s", pattern, out)
	}
	value, err := strconv.ParseFloat(string(found[1]), 64)
	if err != nil {
		b.Fatal(err)
	}
	return value
}
