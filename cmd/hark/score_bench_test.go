package main

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// scoredRows is how many answers the benchmark scores.
const scoredRows = 10_000_000

// BenchmarkScore scores ten million answers in a process of its own, by file and
// by pipe. Beside the seconds stand the peak of its memory, which is to stay the
// same however long the file is, and how many times a plain count of the same
// file's lines it takes, which is to be compared between machines.
func BenchmarkScore(b *testing.B) {
	path := answers(b, scoredRows)
	plain := countLines(b, path)
	for _, test := range []struct {
		name string
		args []string
	}{
		{"scores", []string{path, "--date", "-"}},
		{"dates", []string{path}},
		{"by", []string{path, "--by", "plan"}},
		{"compare", []string{path, "--by", "plan", "--compare", "2025-Q1", "2025-Q3"}},
		{"drivers", []string{path, "--by", "plan", "--drivers", "speed,price"}},
		{"drivers-of-texts", []string{path, "--by", "plan", "--drivers", "speed,price,plan"}},
		{"pipe", []string{"-", "--by", "plan", "--drivers", "speed,price"}},
	} {
		b.Run(test.name, func(b *testing.B) {
			var seconds float64
			var used *os.ProcessState
			for b.Loop() {
				begun := time.Now()
				used = scoreProcess(b, path, test.args)
				seconds = time.Since(begun).Seconds()
			}
			b.ReportMetric(seconds, "s")
			b.ReportMetric((used.UserTime() + used.SystemTime()).Seconds(), "cpu-s") // the same on a busy machine
			b.ReportMetric(seconds/plain, "ratio-to-counting-lines")
			b.ReportMetric(float64(used.SysUsage().(*syscall.Rusage).Maxrss)/1024, "peak-MB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// answers writes a file of answers over a year and a quarter, which follow two
// ratings, and returns its name.
func answers(b *testing.B, n int) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "answers.csv")
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	out := bufio.NewWriterSize(file, 1<<20)
	fmt.Fprintln(out, "score,answered_at,plan,speed,price")
	start := time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)
	var line []byte
	for i, chance := 0, uint64(1); i < n; i++ {
		chance = chance*6364136223846793005 + 1442695040888963407 // Knuth's generator: the same file in every run
		speed, price, luck := chance>>33%5, chance>>40%5, chance>>50%3
		line = fmt.Appendf(line[:0], "%d,", speed+price+luck)
		line = start.Add(time.Duration(i)*4*time.Second).AppendFormat(line, time.RFC3339)
		line = fmt.Appendf(line, ",plan %d,%d,%d\n", i%7, speed+1, price+1)
		if _, err := out.Write(line); err != nil {
			b.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := file.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

// countLines returns how many seconds it takes to read a file and count its
// lines.
func countLines(b *testing.B, path string) float64 {
	b.Helper()
	begun := time.Now()
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	lines := 0
	for part := make([]byte, 64<<10); ; {
		n, err := file.Read(part)
		lines += bytes.Count(part[:n], []byte{'\n'})
		if err == io.EOF {
			break
		}
		if err != nil {
			b.Fatal(err)
		}
	}
	if lines != scoredRows+1 {
		b.Fatalf("the file has %d lines", lines)
	}
	return time.Since(begun).Seconds()
}

// scoreProcess scores a file, which is on the standard input too, and returns what
// the process used.
func scoreProcess(b *testing.B, path string, args []string) *os.ProcessState {
	b.Helper()
	file, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	command := again(b, beHark, "1", append([]string{"score"}, args...)...)
	command.Stdin = struct{ io.Reader }{file} // not a file, so that it comes through a pipe
	out, err := command.CombinedOutput()
	if err != nil || !bytes.Contains(out, []byte("from 10,000,000 answers")) {
		b.Fatalf("%v\n%s", err, out)
	}
	return command.ProcessState
}

// BenchmarkScoreComments scores 100,000 answers that all have a comment, some of
// them Chinese: themes, the model that judges feelings, and its quality.
func BenchmarkScoreComments(b *testing.B) {
	const n = 100_000
	path := filepath.Join(b.TempDir(), "comments.csv")
	if err := os.WriteFile(path, []byte(remarked(n+n/4)), 0o600); err != nil { // every fifth says nothing
		b.Fatal(err)
	}
	for b.Loop() {
		begun := time.Now()
		command := again(b, beHark, "1", "score", path, "--comments", "comment")
		out, err := command.CombinedOutput()
		if err != nil || !bytes.Contains(out, []byte("From 100,000 comments")) {
			b.Fatalf("%v\n%s", err, out)
		}
		used := command.ProcessState
		b.ReportMetric(time.Since(begun).Seconds(), "s")
		b.ReportMetric((used.UserTime() + used.SystemTime()).Seconds(), "cpu-s")
		b.ReportMetric(float64(used.SysUsage().(*syscall.Rusage).Maxrss)/1024, "peak-MB")
	}
	b.ReportMetric(0, "ns/op")
}
