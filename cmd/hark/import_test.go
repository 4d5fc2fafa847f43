package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// importBench is a store with a workspace and two surveys to import into.
type importBench struct {
	t     *testing.T
	store *store.Store
	w     surveys.Workspace
	dir   string
}

func newImportBench(t *testing.T, s *store.Store) *importBench {
	t.Helper()
	w := storetest.Workspace(t, s)
	storetest.Survey(t, s, w.ID, surveys.NPS)
	storetest.Survey(t, s, w.ID, surveys.CSAT)
	return &importBench{t: t, store: s, w: w, dir: t.TempDir()}
}

// into is the flag that names the first survey.
const into = "--survey=After the order (nps)"

// run imports a file with the flags of a command line.
func (b *importBench) run(file string, flags ...string) (out, errors string, err error) {
	b.t.Helper()
	path := filepath.Join(b.dir, "answers.csv")
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		b.t.Fatal(err)
	}
	var line struct {
		Import importCommand `cmd:""`
	}
	parser, err := kong.New(&line)
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := parser.Parse(append([]string{"import", path}, flags...)); err != nil {
		b.t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	err = line.Import.run(context.Background(), b.store, &source{name: "answers.csv", path: path}, terminal{out: &stdout, err: &stderr})
	return stdout.String(), stderr.String(), err
}

// stored counts the answers of all surveys.
func (b *importBench) stored() int64 {
	b.t.Helper()
	n, err := b.store.CountResponses(context.Background(), b.w.ID, store.ResponseFilter{})
	if err != nil {
		b.t.Fatal(err)
	}
	return n
}

const twoAnswers = "Customer ID,E-Mail,Rating,Answered at,Feedback,Plan,Shop,Permalink\n" +
	"7,ada@example.com,9,31/01/2026 14:30,\"Fast,\nand kind\",pro,Berlin,http://x\n" +
	",,3,01/02/2026 08:00,,free,Paris,http://y\n"

func TestImportShowsAndStores(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newImportBench(t, s)
		out, errors, err := b.run(twoAnswers, into, "--segment", "Shop", "--dry-run")
		if err != nil || errors != "" || b.stored() != 0 {
			t.Fatalf("a dry run: %v, %s, %d stored", err, errors, b.stored())
		}
		const preview = `File      answers.csv: 2 rows
Survey    "After the order (nps)", nps, in "Northwind Coffee"
Columns   score ← "Rating"
          date ← "Answered at" (dmy; times without a zone are Europe/Berlin)
          email ← "E-Mail"
          person_id ← "Customer ID"
          comment ← "Feedback"
          segment plan ← "Plan"
          segment shop ← "Shop"
Left out  "Permalink"; --segment COLUMN keeps it
Answered  2026-01-31 to 2026-02-01
Scores    0×0  1×0  2×0  3×1  4×0  5×0  6×0  7×0  8×0  9×1  10×0

The first rows, as understood:
  answered          score  person           comment         plan  shop
  2026-01-31 14:30  9      ada@example.com  Fast, and kind  pro   Berlin
  2026-02-01 08:00  3      –                –               free  Paris

`
		if want := preview + "A dry run: nothing was stored. 2 rows would be.\n"; out != want {
			t.Errorf("prints\n%s\nwant\n%s", out, want)
		}
		out, errors, err = b.run(twoAnswers, into, "--segment", "Shop")
		took := regexp.MustCompile(`in [0-9.]+m?s\.`)
		if want := preview + "Stored 2 answers in \"After the order (nps)\", with 1 person not known before, in TIME\n"; err != nil || errors != "" || took.ReplaceAllString(out, "in TIME") != want {
			t.Errorf("%v, %s, prints\n%s\nwant\n%s", err, errors, out, want)
		}
		out, _, err = b.run(twoAnswers, into, "--segment", "Shop")
		if err != nil || b.stored() != 2 || !strings.Contains(out, "Stored 0 answers") || !strings.Contains(out, "Left 2 answers as stored by an import before.") {
			t.Errorf("again: %v, %d stored, prints\n%s", err, b.stored(), out)
		}
	})
}

func TestImportMakesASurvey(t *testing.T) {
	t.Parallel()
	b := newImportBench(t, storetest.Open(t, store.SQLite))
	if _, _, err := b.run("score,date\n5,2026-01-05\n8,2026-01-05\n", "--create", "Old CSAT", "--metric", "csat"); err == nil {
		t.Error("a score beyond the scale was stored")
	}
	list, err := b.store.Surveys(context.Background(), b.w.ID)
	if err != nil || len(list) != 2 {
		t.Errorf("a refused file left %d surveys, %v", len(list), err)
	}
	if out, _, err := b.run("score\n5\n4\n", "--create", "Old CSAT", "--metric", "csat", "--answered-at", "2025-12-31"); err != nil || !strings.Contains(out, `"Old CSAT" (new), csat`) {
		t.Errorf("%v, %s", err, out)
	}
	if _, _, err := b.run("score\n5\n", "--create", "old csat", "--metric", "csat", "--answered-at", "2025-12-31"); err == nil || !strings.Contains(err.Error(), `there is a survey "Old CSAT" already`) {
		t.Errorf("the same name again: %v", err)
	}
}

func TestImportRefuses(t *testing.T) {
	t.Parallel()
	b := newImportBench(t, storetest.Open(t, store.SQLite))
	const good = "score,date\n9,2026-01-05\n"
	for _, test := range []struct {
		name  string
		file  string
		flags []string
		want  string // in the error
		shown string // of the bad rows
	}{
		{"no survey named", good, nil, `say which survey the answers belong to: --survey with one of "After the order (nps)", "After the order (csat)"`, ""},
		{"unknown survey", good, []string{"--survey=x"}, `there is no survey "x"`, ""},
		{"unknown workspace", good, []string{into, "--workspace=x"}, `there is no workspace "x"`, ""},
		{"survey and create", good, []string{into, "--create=x"}, "--survey and --create exclude each other", ""},
		{"create without a metric", good, []string{"--create=x"}, `say on which scale "x" asks: --metric`, ""},
		{"a metric for a survey that is there", good, []string{into, "--metric=nps"}, "--metric is for --create", ""},
		{"no score", "points,date\n9,2026-01-05\n", []string{into}, `no column is named like a score: say which with --map COLUMN=score; the columns are "points", "date"`, ""},
		{"no date", "score\n9\n", []string{into}, "no column is named like the date of an answer: say which with --map COLUMN=date, or when all were answered with --answered-at", ""},
		{"two dates", good, []string{into, "--answered-at=2026-01-01"}, `--answered-at is for files without dates, and the column "date" holds some`, ""},
		{"a wrong --answered-at", "score\n9\n", []string{into, "--answered-at=yesterday"}, `--answered-at: "yesterday" is not a date`, ""},
		{"two score columns", "score,Score,date\n9,9,2026-01-05\n", []string{into}, "say which with --map 1=score or --map 2=score", ""},
		{"a map without a field", good, []string{into, "--map=score"}, `--map "score" is not of the form COLUMN=FIELD`, ""},
		{"a map to nothing", good, []string{into, "--map=score=points"}, `"points" is not one of [score date email`, ""},
		{"a map of nothing", good, []string{into, "--map=points=score"}, `there is no column "points"`, ""},
		{"a segment of nothing", good, []string{into, "--segment=plan"}, `--segment plan: there is no column "plan"`, ""},
		{"a segment key of Hark's own", good + "", []string{into, "--segment=date=channel"}, `"channel" cannot be a segment key`, ""},
		{"an unknown zone", good, []string{into, "--tz=x"}, `--tz "x" is not a time zone`, ""},
		{"an empty file", "", []string{into}, "answers.csv: the file is empty", ""},
		{"no rows", "score,date\n", []string{into}, "nothing was stored: the file has no row that can be", ""},
		{"ambiguous dates", "score,date\n9,01/02/2026\n", []string{into}, "--date-format dmy or --date-format mdy", ""},
		{"no header", "9,2026-01-05\n3,2026-01-06\n", []string{into}, `answers.csv: the first line must name the columns, and it holds "9", "2026-01-05"`, ""},
		{"another scale", "score,date\n" + strings.Repeat("1,2026-01-05\n5,2026-01-05\n", 5), []string{into}, "no answer is above 5, and the survey's scale goes to 10", ""},
		{"a bad row", good + "11,2026-01-05\n", []string{into}, "nothing was stored: 1 row of 2 cannot be: mend them, or store the others with --skip-bad", `line 3, column "score": 11 is not a score from 0 to 10`},
		{"many bad rows", "score,date\n" + strings.Repeat("x,2026-01-05\n", 25), []string{into}, "nothing was stored: 25 rows of 25", "… and 5 more; --errors FILE writes them all"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, shown, err := b.run(test.file, test.flags...)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want %s", err, test.want)
			}
			if !strings.Contains(shown, test.shown) || test.shown == "" && shown != "" {
				t.Errorf("shows %q, want %q", shown, test.shown)
			}
			if n := b.stored(); n != 0 {
				t.Fatalf("%d answers are stored", n)
			}
		})
	}
}

// TestImportDoubtsAScale: ten answers from 1 to 5 are no NPS, unless somebody
// says so; nine may be, and so may ten with a 0 among them.
func TestImportDoubtsAScale(t *testing.T) {
	t.Parallel()
	const warning, csat = "WARNING   No answer is above 5, and the scale of NPS goes to 10. Is this another scale?\n", "--survey=After the order (csat)"
	five := func(n int, more string) string { return "score,date\n" + strings.Repeat("5,2026-01-05\n", n) + more }
	for _, test := range []struct {
		name   string
		file   string
		flags  []string
		warns  bool
		stores int64
	}{
		{"a dry run", five(10, ""), []string{into, "--dry-run"}, true, 0},
		{"said to be right", five(10, ""), []string{into, "--right-scale"}, true, 10},
		{"few", five(9, ""), []string{into}, false, 9},
		{"with a 0", five(9, "0,2026-01-05\n"), []string{into}, false, 10},
		{"with a 6", five(9, "6,2026-01-05\n"), []string{into}, false, 10},
		{"on its own scale", five(10, ""), []string{csat}, false, 10},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			b := newImportBench(t, storetest.Open(t, store.SQLite))
			out, _, err := b.run(test.file, test.flags...)
			if err != nil || strings.Contains(out, warning) != test.warns || b.stored() != test.stores {
				t.Errorf("%v, %d stored, prints\n%s", err, b.stored(), out)
			}
		})
	}
}

func TestImportSkipsBadRowsAndWritesThemDown(t *testing.T) {
	t.Parallel()
	b := newImportBench(t, storetest.Open(t, store.SQLite))
	errors := filepath.Join(b.dir, "errors.csv")
	out, shown, err := b.run("rating;score;date\n1;9;2026-01-05\n1;x;2026-01-05\n1;9;\n", into, "--skip-bad", "--errors", errors, "--map", "rating=-", "--progress")
	if err != nil || b.stored() != 1 || !strings.Contains(out, "Stored 1 answer in") || strings.Contains(out, "rating") {
		t.Errorf("%v, %d stored, prints %s", err, b.stored(), out)
	}
	if !strings.Contains(shown, "Stored 1 row of 1 (100%)") {
		t.Errorf("no progress in %q", shown)
	}
	const want = "line,column,problem\n3,score,\"\"\"x\"\" is not a whole number\"\n4,date,is empty\n"
	if written, err := os.ReadFile(errors); err != nil || string(written) != want {
		t.Errorf("%q, %v; want %q", written, err, want)
	}
}

func TestProgressIsToldNowAndThen(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	clock := storetest.NewClock()
	p := &progress{out: &out, now: clock.Now}
	for range 4 {
		p.stored(1500, 6000)
		clock.Advance(150 * time.Millisecond)
	}
	clock.Advance(time.Second)
	p.stored(6000, 6000)
	p.end()
	lines := strings.Split(strings.TrimSpace(out.String()), "\r")
	if len(lines) != 3 || lines[0] != "Stored 1,500 rows of 6,000 (25%)" || strings.TrimSpace(lines[2]) != "Stored 6,000 rows of 6,000 (100%), 3,750 rows/s" {
		t.Errorf("tells %q", lines)
	}
	silent := &progress{now: clock.Now}
	silent.checked(1, 0)
	silent.end()
}

func TestNumbersAreGrouped(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0", 12: "12", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1234: "-1,234", -123: "-123"} {
		if got := grouped(n); got != want {
			t.Errorf("%d is %s, want %s", n, got, want)
		}
	}
}
