package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// TestScoreTakesPeriodsAsTheyAreWritten runs the command line as a person types
// it, around the words of --compare.
func TestScoreTakesPeriodsAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "year.csv")
	if err := os.WriteFile(path, []byte(year()), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		args []string
		want string // in what is printed, or in the error
	}{
		{"two words", []string{"--compare", "2026-01-01..2026-03-31", "2026-04-01..2026-06-30", path}, "Q2 2026 against Q1 2026"},
		{"after the file", []string{path, "--compare", "2026-01-01..2026-03-31", "2026-04-01..2026-06-30"}, "Q2 2026 against Q1 2026"},
		{"one text", []string{path, "--compare", "2026-Q1 2026-Q2"}, "Q2 2026 against Q1 2026"},
		{"an equals sign", []string{"--compare=2026-Q1", "2026-Q2", path}, "Q2 2026 against Q1 2026"},
		{"an equals sign and one text", []string{"--compare=2026-Q1 2026-Q2", path}, "Q2 2026 against Q1 2026"},
		{"the flag twice", []string{"--compare", "2026-Q1", "--by", "plan", "--compare", "2026-Q2", path}, "Q2 2026 against Q1 2026"},
		{"the later first", []string{path, "--compare", "2026-Q2", "2026-Q1"}, "Up 24 on Q2 2026"},
		{"months", []string{path, "--compare", "2026-02", "2026-05..2026-06"}, "1 May to 30 June 2026 against February 2026"},
		{"weeks", []string{path, "--compare", "2026-W03", "2026-W20"}, "11 to 17 May 2026 against 12 to 18 January 2026"},
		{"days", []string{path, "--compare", "2026-01-05", "2026-05-04"}, "4 May 2026 against 5 January 2026"},
		{"years", []string{path, "--compare", "2025", "2026"}, "No answers in 2025: there is nothing to compare."},
		{"one only", []string{"--compare", "2026-Q1", path}, "--compare takes two periods, such as 2026-Q1 2026-Q2, and has 1"},
		{"a third", []string{path, "--compare", "2026-Q1", "2026-Q2", "2026-Q3"}, "unexpected argument 2026-Q3"},
		{"none", []string{path, "--compare"}, "expected period value"},
		{"no such quarter", []string{path, "--compare", "2026-Q5", "2026-Q1"}, `"2026-Q5": there is no Q5, a year has Q1 to Q4`},
		{"no such second quarter", []string{path, "--compare", "2026-Q1", "2026-Q7"}, `"2026-Q7": there is no Q7, a year has Q1 to Q4`},
		{"no such month", []string{"--compare", "2026-01", "2026-13", path}, `"2026-13": there is no month 13`},
		{"no period at all", []string{path, "--compare", "spring", "2026-Q1"}, `"spring" is not a period: write 2026-01-01..2026-03-31`},
		{"a percentage", []string{path, "--confidence", "95%"}, "--confidence: 95% is to be written as a share: 0.95"},
		{"a percentage without a sign", []string{path, "--confidence", "99.9"}, "--confidence 99.9 is to be written as a share: 0.999"},
		{"a confidence in words", []string{path, "--confidence", "high"}, `--confidence: "high" is not a number between 0.5 and 0.9999`},
		{"no file", nil, "say which file to score, such as hark score answers.csv; - is the standard input"},
		{"no such week", []string{path, "--compare", "2026-W54", "2026-W01"}, `"2026-W54": there is no week 54 in 2026`},
		{"no such day", []string{path, "--compare", "2026-02-29..2026-03-01", "2026-04"}, `"2026-02-29": there is no such day`},
		{"no such second", []string{path, "--compare", "2026-01..2026-02", "soon..later"}, `"soon" is not a period`},
		{"backwards", []string{path, "--compare", "2026-03..2026-01", "2026-04"}, `"2026-03..2026-01" ends before it begins`},
		{"overlapping", []string{path, "--compare", "2026-01..2026-03", "2026-03..2026-04"}, "--compare: Q1 2026 and 1 March to 30 April 2026 overlap"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var out, errors bytes.Buffer
			status := run(context.Background(), append([]string{"score"}, test.args...), nil, terminal{in: strings.NewReader(""), out: &out, err: &errors})
			if !strings.Contains(out.String()+errors.String(), test.want) || status == 0 != (errors.Len() == 0) {
				t.Errorf("status %d, prints\n%s%s\nwithout %q", status, out.String(), errors.String(), test.want)
			}
		})
	}
}

func TestPeriodsEndOnTheirLastDays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"2026-01-01..2026-03-31": {"2026-01-01", "2026-04-01"},
		"2026-03-01":             {"2026-03-01", "2026-03-02"},
		"2024-02":                {"2024-02-01", "2024-03-01"},
		"2025-11..2026-01":       {"2025-11-01", "2026-02-01"},
		"2026-q4":                {"2026-10-01", "2027-01-01"},
		"2025-Q4..2026-Q1":       {"2025-10-01", "2026-04-01"},
		"2026":                   {"2026-01-01", "2027-01-01"},
		"2024..2025":             {"2024-01-01", "2026-01-01"},
		"2026-W01":               {"2025-12-29", "2026-01-05"},
		"2020-W53":               {"2020-12-28", "2021-01-04"},
		"2026-w9":                {"2026-02-23", "2026-03-02"},
	} {
		period, err := parsePeriod(text)
		if err != nil || period.From.String() != want[0] || period.To.String() != want[1] {
			t.Errorf("%s is %s to %s, %v; want %s", text, period.From, period.To, err, want)
		}
	}
	for _, text := range []string{"", "..", "2026-01..", "..2026", "2026-W00", "2025-W53", "2026-Q0", "2026-13", "26-01", "2026/01", "2026-01-01...2026-02-01", "a-b"} {
		if period, err := parsePeriod(text); err == nil {
			t.Errorf("%q is taken for %s", text, period)
		}
	}
}

// TestScoreComparesInTheZone: an answer late in the evening of one place is of
// the next day elsewhere.
func TestScoreComparesInTheZone(t *testing.T) {
	t.Parallel()
	file := "nps,at\n" + strings.Repeat("9,2026-03-31T22:30:00Z\n3,2026-04-02T10:00:00Z\n", 10)
	for zone, want := range map[string]string{"UTC": `"n": 10`, "Europe/Berlin": `"n": 0`} {
		out, _, err := scoring(t, scoreCommand{Compare: halves(t), Date: "at", JSON: true, written: written{TZ: zone}}, file)
		_, before, _ := strings.Cut(out, `"comparison"`)
		before, _, _ = strings.Cut(before, `"after"`)
		if err != nil || !strings.Contains(before, want) {
			t.Errorf("%s: %v, %s, want %s", zone, err, before, want)
		}
	}
}

// TestScoreOfDatesInAnyOrder: the order of the rows changes nothing.
func TestScoreOfDatesInAnyOrder(t *testing.T) {
	t.Parallel()
	lines := strings.SplitAfter(year(), "\n")
	head, body := lines[0], lines[1:len(lines)-1]
	backwards := head
	for i := range body {
		backwards += body[(i*1117+5)%len(body)]
	}
	command := scoreCommand{By: "plan", Compare: halves(t), JSON: true}
	want, _, err := scoring(t, command, year())
	if err != nil {
		t.Fatal(err)
	}
	if got, _, err := scoring(t, command, backwards); err != nil || got != want {
		t.Errorf("%v: prints\n%s\nwant\n%s", err, got, want)
	}
}

func TestScoreOfDrivers(t *testing.T) {
	t.Parallel()
	quarter := func(row func(i int) string) string {
		var rows strings.Builder
		for i := range 400 {
			rows.WriteString(row(i))
		}
		return rows.String()
	}
	for _, test := range []struct {
		name    string
		drivers []string
		file    string
		want    string
	}{
		{"the same twice", []string{"a", "b"}, "nps,a,b\n" + quarter(func(i int) string { return fmt.Sprintf("%d,%d,%d\n", i%11, i%5, 2*(i%5)) }), "These columns say the same: a, b. Leave one of them out."},
		{"one that never changes", []string{"a"}, "nps,a\n" + quarter(func(i int) string { return fmt.Sprintf("%d,3\n", i%11) }), `"a" is the same in every row`},
		{"everybody gave the same", []string{"a"}, "nps,a\n" + quarter(func(i int) string { return fmt.Sprintf("9,%d\n", i%5) }), "Everybody gave the same score"},
		{"nothing to do with it", []string{"a"}, "nps,a\n" + quarter(func(i int) string { return fmt.Sprintf("%d,%d\n", i%11, i%7) }), "These columns tell next to nothing about the score"},
		{"no more than chance", []string{"a"}, "nps,a\n" + strings.Repeat("9,3\n8,3\n3,2\n4,4\n9,2\n10,3\n2,4\n", 2), "with so few answers chance alone reaches"},
		{"nobody rated it", []string{"a"}, "nps,a\n" + strings.Repeat("9,\n8,N/A\n", 10), "Too few answers: it takes 10 with every driver rated, and there are 0."},
		{"decimal commas", []string{"a"}, "nps;a\n" + quarter(func(i int) string { return fmt.Sprintf("%d;%d,5\n", i%11, i%11) }), "account for 100% of its variation"},
		{"by number, with one name for two", []string{"2", "3"}, "nps,a,a\n" + quarter(func(i int) string { return fmt.Sprintf("%d,%d,%d\n", i%11, i%5, i%11) }), "a (column 3)"},
		{"rare texts together", []string{"a"}, "nps,a\n" + quarter(func(i int) string {
			return fmt.Sprintf("%d,%s\n", i%2*9, []string{"web", "shop", "web", "shop", fmt.Sprint("rare ", i%3)}[min(i%40, 4)])
		}), "What goes with the score"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, errors, err := scoring(t, scoreCommand{Drivers: test.drivers}, test.file)
			if err != nil || errors != "" || !strings.Contains(out, test.want) {
				t.Errorf("%v, %s, prints\n%s\nwithout %q", err, errors, out, test.want)
			}
			out, _, err = scoring(t, scoreCommand{Drivers: test.drivers, JSON: true}, test.file)
			if err != nil || strings.Contains(out, "NaN") {
				t.Errorf("as JSON: %v, %s", err, out)
			}
		})
	}
}

// TestScoreDoubtsTheScale: values that fit a scale but look like another's.
func TestScoreDoubtsTheScale(t *testing.T) {
	t.Parallel()
	out, _, err := scoring(t, scoreCommand{Metric: "nps"}, "score\n"+strings.Repeat("5\n4\n1\n", 50))
	if err != nil || !strings.Contains(words(out), "No answer is above 5, and NPS goes to 10: this looks like a scale of 1 to 5, --metric csat or ces5.") {
		t.Errorf("%v, %s", err, out)
	}
	out, _, err = scoring(t, scoreCommand{Metric: "nps"}, "score\n"+strings.Repeat("5\n0\n1\n", 10))
	if err != nil || !strings.Contains(words(out), "No answer is above 5, and NPS goes to 10: was it asked on another scale?") {
		t.Errorf("%v, %s", err, out)
	}
	for _, file := range []string{"score\n" + strings.Repeat("5\n4\n1\n", 6), "score\n" + strings.Repeat("5\n4\n1\n", 20) + "6\n"} {
		if out, _, err := scoring(t, scoreCommand{Metric: "nps"}, file); err != nil || strings.Contains(out, "is above 5") {
			t.Errorf("doubts few answers, or one above 5: %v, %s", err, out)
		}
	}
}

// words is a text without its line ends.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }

// TestScoreSaysWhyThereIsNoTrend: a column that no name tells is asked for, rows
// without a date are counted, and neither stops a file.
func TestScoreSaysWhyThereIsNoTrend(t *testing.T) {
	t.Parallel()
	const missing = "No date column found: no trend; say which with --date."
	week := strings.Repeat("9,2026-03-01\n8,2026-03-09\n3,2026-03-17\n", 9)
	for _, test := range []struct {
		name    string
		command scoreCommand
		file    string
		want    string
		silent  string
	}{
		{"no such name", scoreCommand{}, "nps,x\n" + week, missing, "By "},
		{"nobody wants dates", scoreCommand{Date: "-"}, "nps,x\n" + week, "NPS", missing},
		{"nothing else in the file", scoreCommand{}, "nps\n9\n8\n3\n9\n9\n", "NPS", missing},
		{"answered", scoreCommand{}, "nps,answered\n" + week, `dates from "answered"`, missing},
		{"Datum", scoreCommand{}, "nps,Datum\n" + week, `dates from "Datum"`, missing},
		{"an empty date", scoreCommand{}, "nps,date\n" + week + "9,\n10, \n", "2 rows without a date left out; --date - counts them, without a trend.", "bad row"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, shown, err := scoring(t, test.command, test.file)
			if out = words(out); err != nil || shown != "" || !strings.Contains(out, test.want) || strings.Contains(out, test.silent) {
				t.Errorf("%v, %s, prints %s", err, shown, out)
			}
		})
	}
	out, _, err := scoring(t, scoreCommand{JSON: true}, "nps,date\n"+week+"9,\n")
	if err != nil || !strings.Contains(out, `"without_date": 1`) || !strings.Contains(out, `"n": 27`) {
		t.Errorf("%v, %s", err, out)
	}
}

// TestScoreFitsItsWidth: no line is longer than asked for, whatever is printed.
func TestScoreFitsItsWidth(t *testing.T) {
	t.Parallel()
	file := strings.ReplaceAll(strings.Replace(year(), "plan", "客户的套餐", 1), ",pro", ",一个名字非常长的专业版套餐，长得放不下")
	for _, width := range []int{32, 40, 57, 80, 100} {
		out, _, err := scoring(t, scoreCommand{By: "客户的套餐", Compare: halves(t), Width: width}, file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(out, "\n") {
			if cells(line) > width {
				t.Errorf("%d wide: %q takes %d", width, line, cells(line))
			}
		}
	}
}

// TestScoreWidths: the flag, then the variable, then the usual.
func TestScoreWidths(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		flag int
		told string
		want int
	}{{0, "", 80}, {50, "", 50}, {50, "60", 50}, {0, "60", 60}, {0, "wide", 80}, {0, "-3", 80}, {10, "", leastWidth}, {1000, "", mostWidth}} {
		c := scoreCommand{Width: test.flag, Columns: test.told}
		if got := c.width(terminal{out: new(bytes.Buffer)}); got != test.want {
			t.Errorf("--width %d, COLUMNS=%s: %d, want %d", test.flag, test.told, got, test.want)
		}
	}
}

// TestScorePaintsOnlyTerminals: a file or a pipe gets no colours; nor does who
// refused them.
func TestScorePaintsOnlyTerminals(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := printer{out: &out, paint: colourfully, width: 80}
	report, err := analysis.Build(analysis.Input{Metric: "nps", From: 0, To: 1, Days: []analysis.DayCounts{{Day: 0, Counts: [11]int64{3: 10, 9: 30}}}})
	if err != nil {
		t.Fatal(err)
	}
	p.print(scored{Report: report})
	if !strings.Contains(out.String(), "\x1b[1mNPS 50") || !strings.Contains(out.String(), "\x1b[31m█") {
		t.Errorf("%q", out.String())
	}
	for line := range strings.SplitSeq(out.String(), "\n") {
		if strings.Count(line, "\x1b[")%2 != 0 {
			t.Errorf("a colour does not end with its line: %q", line)
		}
	}
	if plain, _, err := scoring(t, scoreCommand{}, "nps\n9\n9\n9\n3\n3\n"); err != nil || strings.Contains(plain, "\x1b") {
		t.Errorf("%v, %q", err, plain)
	}
}

// TestScoreReadsAPipeOnce: a pipe that is longer than what is held of it is
// scored without a temporary file, unless its dates must be looked for.
func TestScoreReadsAPipeOnce(t *testing.T) {
	t.Parallel()
	var file, open strings.Builder
	file.WriteString("score,at\n")
	open.WriteString("score,at\n")
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 300_000 {
		fmt.Fprintf(&file, "%d,%s\n", i%11, start.Add(time.Duration(i)*time.Minute/2).Format(time.RFC3339))
		fmt.Fprintf(&open, "%d,%02d/%02d/2026 10:00\n", i%11, 1+i%12, 2+i%11)
	}
	open.WriteString("3,31/01/2026 10:00\n")
	for _, test := range []struct {
		name, file, temporary, want string
	}{
		{"dates that tell at once", file.String(), filepath.Join(t.TempDir(), "none"), "from 300,000 answers"},
		{"dates that tell at the end", open.String(), t.TempDir(), "from 300,001 answers"},
		{"and nowhere to keep it", open.String(), filepath.Join(t.TempDir(), "none"), "keep the standard input"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			command := again(t, beHark, "1", "score", "-", "--date", "at")
			command.Env = append(command.Env, "TMPDIR="+test.temporary)
			command.Stdin = strings.NewReader(test.file)
			out, _ := command.CombinedOutput()
			if !strings.Contains(string(out), test.want) {
				t.Errorf("prints %s, without %q", out, test.want)
			}
			if left, _ := filepath.Glob(filepath.Join(test.temporary, "hark-*.csv")); len(left) > 0 {
				t.Errorf("leaves %s", left)
			}
		})
	}
}

// TestScoreNamesItsMethods: the help and docs/score.md name every method by the
// name that --method takes.
func TestScoreNamesItsMethods(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/score.md")
	if err != nil {
		t.Fatal(err)
	}
	var help bytes.Buffer
	run(context.Background(), []string{"score", "--help"}, nil, terminal{out: &help, err: &help})
	words := strings.FieldsFunc(help.String(), func(r rune) bool { return strings.ContainsRune(" ,;.\n", r) })
	for _, metric := range surveys.Metrics() {
		for _, method := range analysis.Methods(metric) {
			if !slices.Contains(words, string(method)) {
				t.Errorf("the help does not name %s", method)
			}
			if !bytes.Contains(page, []byte("`"+string(method)+"`")) {
				t.Errorf("docs/score.md does not name %s", method)
			}
		}
	}
}

// TestScoreIsDocumented: docs/score.md tells of every flag, and of every field
// that a file has beside the API's report.
func TestScoreIsDocumented(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/score.md")
	if err != nil {
		t.Fatal(err)
	}
	var help bytes.Buffer
	run(context.Background(), []string{"score", "--help"}, nil, terminal{out: &help, err: &help})
	flags := regexp.MustCompile(`--[a-z]+(-[a-z]+)*`).FindAllString(help.String(), -1)
	if len(flags) < 15 {
		t.Fatalf("the help has the flags %s", flags)
	}
	for _, flag := range flags {
		if flag != "--help" && !bytes.Contains(page, []byte("`"+flag)) {
			t.Errorf("%s is not documented", flag)
		}
	}
	fields := reflect.TypeFor[scored]()
	for i := range fields.NumField() {
		name, _, _ := strings.Cut(fields.Field(i).Tag.Get("json"), ",")
		if name != "" && !bytes.Contains(page, []byte("`"+name+"`")) {
			t.Errorf("the field %s is not documented", name)
		}
	}
}
