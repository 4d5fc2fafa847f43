package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys/table"
)

// rewrite writes the expected outputs in testdata anew: go test -run Score -rewrite.
var rewrite = flag.Bool("rewrite", false, "write the expected outputs in testdata anew")

// scoring runs the command on a text as the standard input.
func scoring(t *testing.T, c scoreCommand, file string) (out, errors string, err error) {
	t.Helper()
	if c.Confidence == 0 {
		c.Confidence = 0.95
	}
	c.File = "-"
	var stdout, stderr bytes.Buffer
	err = c.Run(context.Background(), terminal{in: strings.NewReader(file), out: &stdout, err: &stderr})
	return stdout.String(), stderr.String(), err
}

// year is half a year of NPS answers, with a drop in the plan "pro" from the
// eighteenth week on.
func year() string {
	var file strings.Builder
	file.WriteString("score,answered_at,plan\n")
	start := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	for i := range 2600 {
		week := i / 100
		score, plan := []int{10, 9, 8, 10, 6, 9, 7, 10, 3, 9}[(i*7+i/10)%10], []string{"free", "pro"}[i%2]
		if plan == "pro" && week >= 17 {
			score = []int{6, 3, 8, 9, 5}[i/2%5]
		}
		fmt.Fprintf(&file, "%d,%s,%s\n", score, start.AddDate(0, 0, 7*week+i%7).Format(time.RFC3339), plan)
	}
	return file.String()
}

// halves are the two quarters of year.
func halves(t *testing.T) periods {
	t.Helper()
	var list periods
	for _, text := range []string{"2026-Q1", "2026-04-01..2026-06-30"} {
		period, err := parsePeriod(text)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, period)
	}
	return list
}

// rated is a file of answers whose score follows speed, less so price, and is
// better in the shop; every fiftieth rated no speed.
func rated() string {
	var file strings.Builder
	file.WriteString("score,speed,price,channel\n")
	chance := rand.New(rand.NewPCG(1, 1))
	for i := range 900 {
		speed, price, channel := 1+chance.IntN(5), 1+chance.IntN(5), []string{"web", "shop", "phone", "web"}[chance.IntN(4)]
		score := 0.5 + 1.3*float64(speed) + 0.4*float64(price) + 1.5*chance.NormFloat64()
		if channel == "shop" {
			score++
		}
		shown := strconv.Itoa(speed)
		if i%50 == 0 {
			shown = ""
		}
		fmt.Fprintf(&file, "%d,%s,%d,%s\n", int(min(max(score, 0), 10)), shown, price, channel)
	}
	return file.String()
}

func TestScorePrints(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		command scoreCommand
		file    string
	}{
		{"year", scoreCommand{By: "plan"}, year()},
		{"year-json", scoreCommand{By: "plan", JSON: true}, year()},
		{"csat", scoreCommand{Metric: "csat"}, "rating\n" + strings.Repeat("5\n4\n4\n3\n1\n", 12) + "\n"},
		{"csat-json", scoreCommand{Metric: "csat", JSON: true}, "rating\n" + strings.Repeat("5\n4\n4\n3\n1\n", 12)},
		{"effort", scoreCommand{Metric: "ces5", Confidence: 0.9}, "effort;date;note\n" + strings.Repeat("1;2026-03-01;x\n2;2026-03-02;x\n;2026-03-02;left out\n5;2026-03-05;x\n", 9)},
		{"ces", scoreCommand{Metric: "ces"}, "score\n" + strings.Repeat("7\n6\n6\n4\n2\n", 9)},
		{"few", scoreCommand{Metric: "nps"}, "score\n9\n3\n"},
		{"method", scoreCommand{Metric: "ces", Method: "jeffreys", Confidence: 0.99, By: "who"}, "score,who\n" + strings.Repeat("7,a\n6,b\n6,a\n4,b\n2,a\n", 30)},
		{"people", scoreCommand{Person: "who"}, "nps,who\n" + strings.Repeat("9,ana\n10,ana\n9,ana\n3,bo\n2,bo\n8,cy\n9,\n", 9) + "10,di\n"},
		{"people-json", scoreCommand{Person: "who", JSON: true}, "nps,who\n" + strings.Repeat("9,ana\n10,ana\n9,ana\n3,bo\n2,bo\n8,cy\n9,\n", 9)},
		{"person", scoreCommand{Person: "who"}, "nps,who\n" + strings.Repeat("9,ana\n3,ana\n", 9)},
		{"narrow", scoreCommand{By: "plan", Width: 40, Compare: halves(t)}, year()},
		{"compare", scoreCommand{By: "plan", Compare: halves(t)}, year()},
		{"compare-json", scoreCommand{Compare: halves(t), JSON: true, Date: "2"}, "csat score,when\n" + strings.Repeat("5,2026-01-05\n4,2026-02-05\n2,2026-04-01\n4,2026-05-01\n", 20)},
		{"compare-nobody", scoreCommand{Compare: halves(t)}, "nps,date\n" + strings.Repeat("9,2026-01-05\n3,2026-02-05\n", 10)},
		{"drivers", scoreCommand{Drivers: []string{"speed", "price", "channel"}}, rated()},
		{"drivers-narrow", scoreCommand{Drivers: []string{"speed", "price", "channel"}, Width: 40}, rated()},
		{"drivers-json", scoreCommand{Drivers: []string{"speed", "channel"}, JSON: true}, rated()},
		{"drivers-few", scoreCommand{Drivers: []string{"speed", "price"}}, "nps,speed,price\n" + strings.Repeat("9,5,4\n10,4,5\n3,2,1\n7,N/A,2\n", 6)},
		{"weighted", scoreCommand{By: "plan", Target: []string{"plan=free:30,pro:70"}, Date: "-"}, year()},
		{"weighted-json", scoreCommand{Target: []string{"plan=free:30,pro:70"}, JSON: true, Date: "-", Metric: "nps"}, year()},
		{"weighted-trimmed", scoreCommand{Target: []string{"plan=a:50,b:50"}, Width: 40}, "nps,plan\n" + strings.Repeat("9,a\n8,a\n3,a\n", 60) + strings.Repeat("9,b\n1,b\n", 5)},
		{"weighted-refused", scoreCommand{Target: []string{"plan=free:30,pro:60,team:10"}, Date: "-"}, year()},
		{"paired", scoreCommand{Person: "who", Compare: halves(t)}, repeated()},
		{"paired-json", scoreCommand{Person: "who", Compare: halves(t), JSON: true}, repeated()},
		{"themes", scoreCommand{Comments: "comment", Compare: halves(t)}, remarked(1500)},
		{"themes-narrow", scoreCommand{Comments: "comment", Width: 40}, remarked(1500)},
		{"themes-json", scoreCommand{Comments: "comment", JSON: true, Date: "-"}, remarked(600)},
		{"themes-few", scoreCommand{Comments: "comment", Themes: "support", Metric: "csat"}, "csat,comment\n" + strings.Repeat("2,I waited for an hour\n5,Solved at once by friendly people\n4,等了很久\n", 20)},
		{"drivers-few-json", scoreCommand{Drivers: []string{"speed", "price"}, JSON: true}, "nps,speed,price\n" + strings.Repeat("9,5,4\n10,4,5\n3,2,1\n7,N/A,2\n", 6)},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, errors, err := scoring(t, test.command, test.file)
			if err != nil || errors != "" {
				t.Fatalf("%v, %s", err, errors)
			}
			golden := filepath.Join("testdata", "score", test.name+".txt")
			if *rewrite {
				if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, []byte(out), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if rounded(out) != rounded(string(want)) {
				t.Errorf("prints\n%s\nwant\n%s", out, want)
			}
		})
	}
}

// rounded writes a text's long numbers with nine digits: the last ones depend on
// the order in which a processor adds.
func rounded(text string) string {
	return regexp.MustCompile(`-?\d+\.\d{9,}(e[-+]\d+)?`).ReplaceAllStringFunc(text, func(number string) string {
		x, err := strconv.ParseFloat(number, 64)
		if err != nil {
			return number
		}
		return strconv.FormatFloat(x, 'g', 9, 64)
	})
}

// TestScoreOfRowsWithoutAValue: they stand last, under no name of their own, and
// hide nobody, however few they are.
func TestScoreOfRowsWithoutAValue(t *testing.T) {
	t.Parallel()
	file := "score,plan\n" + strings.Repeat("10,pro\n3,basic\n9,pro\n8,basic\n", 20) + "10,\n"
	out, _, err := scoring(t, scoreCommand{By: "plan"}, file)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimRight(out, "\n"), "\n")
	if last := strings.Join(strings.Fields(lines[len(lines)-1]), " "); last != "(none) 1 – too few to show" {
		t.Errorf("the last line is %q", last)
	}
	if !strings.Contains(out, "higher than the others") || strings.Contains(out, "give a smaller group away") {
		t.Errorf("one row without a plan hides a group:\n%s", out)
	}
}

// TestScoreAgreesWithPublishedValues checks the way from a file to the JSON
// with counts whose interval was computed by hand: adjusted Wald of 60
// promoters, 25 passives and 15 detractors, with 3/4, 3/2 and 3/4 added.
func TestScoreAgreesWithPublishedValues(t *testing.T) {
	t.Parallel()
	out, _, err := scoring(t, scoreCommand{JSON: true}, "nps\n"+strings.Repeat("9\n", 60)+strings.Repeat("7\n", 25)+strings.Repeat("0\n", 15))
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Metric   string
		N        int
		Score    float64
		Interval struct{ Low, High float64 }
		From     *string
		Trend    []any
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	if report.Metric != "nps" || report.N != 100 || report.Score != 45 || report.From != nil || report.Trend == nil || len(report.Trend) != 0 {
		t.Errorf("%+v", report)
	}
	// e = 45/103, v = (76.5 − 45²/103)/103/103: 43.689 ± 1.96·7.317
	if report.Interval.Low < 29.3 || report.Interval.Low > 29.4 || report.Interval.High < 57.9 || report.Interval.High > 58.1 {
		t.Errorf("interval %+v", report.Interval)
	}
}

// remarks are more different texts than a driver may have.
func remarks() string {
	var rows strings.Builder
	for i := range 30 {
		fmt.Fprintf(&rows, "9,remark %d\n", i)
	}
	return rows.String()
}

func TestScoreRefuses(t *testing.T) {
	t.Parallel()
	good := "score,date\n9,2026-03-01\n"
	for _, test := range []struct {
		name    string
		command scoreCommand
		file    string
		want    string // in the error
		shown   string // of the bad rows
	}{
		{"empty file", scoreCommand{}, "", "the file is empty: its first line must name the columns", ""},
		{"no header", scoreCommand{}, "9\n10\n3\n", `the first line must name the columns, and it holds "9": put a line such as "score"`, ""},
		{"no header, in full-width digits", scoreCommand{}, "９\n１０\n", `it holds "９"`, ""},
		{"no header, with dates", scoreCommand{Column: "1"}, "9,2026-03-01T10:00:00Z,\n10,2026-03-02T10:00:00Z,\n", `the first line must name the columns`, ""},
		{"only a header", scoreCommand{}, "score\n", "there is no score in the file", ""},
		{"no score column", scoreCommand{}, "a,b\n1,2\n", `no column is named like a score: say which with --column; the columns are "a", "b"`, ""},
		{"unknown column", scoreCommand{Column: "nps"}, good, `--column: there is no column "nps"; the columns are "score", "date"`, ""},
		{"unknown split", scoreCommand{By: "plan"}, good, `--by: there is no column "plan"`, ""},
		{"two score columns", scoreCommand{}, "score,x,Score\n9,1,9\n", `two columns may be the score: "score" (column 1) and "Score" (column 3): say which with --column 1 or --column 3`, ""},
		{"two date columns", scoreCommand{}, "score,date,Date\n9,2026-01-05,2026-01-05\n", "say which with --date 2 or --date 3", ""},
		{"two splits of one name", scoreCommand{By: "plan"}, "score,plan,plan\n9,a,b\n", `--by: two columns are called "plan": say 2 or 3, their numbers`, ""},
		{"two splits of one name in another case", scoreCommand{By: "PLAN"}, "score,plan,Plan\n9,a,b\n", `--by: two columns are called "plan": say 2 or 3, their numbers`, ""},
		{"unknown metric", scoreCommand{Metric: "npx"}, good, `--metric "npx" is not one of nps, ces, ces5, csat`, ""},
		{"unknown zone", scoreCommand{written: written{TZ: "Mars/Base"}}, good, `--tz "Mars/Base" is not a time zone`, ""},
		{"unknown date format", scoreCommand{written: written{DateFormat: "d/m"}}, good, `the date format "d/m" is not one of [ymd dmy mdy name unix unix-ms]`, ""},
		{"unknown delimiter", scoreCommand{written: written{Delimiter: "x"}}, good, `--delimiter "x" is not one of comma, semicolon, tab, bar`, ""},
		{"confidence", scoreCommand{Confidence: 95}, good, "--confidence 95 is to be written as a share: 0.95", ""},
		{"too little confidence", scoreCommand{Confidence: 0.3}, good, "--confidence 0.3 is not between 0.5 and 0.9999, such as 0.95", ""},
		{"Excel's days", scoreCommand{}, "score,date\n9,46112\n8,46113\n", "2 rows of 2 cannot be scored", `"46112" looks like a day as Excel counts them, 31 March 2026`},
		{"no day at all", scoreCommand{}, "score,completed\n9,yes\n8,yes\n", `no date can be read in "completed": say which column holds them with --date, or --date - for none`, `"yes" is not a date`},
		{"only empty dates", scoreCommand{}, "score,date\n9,\n8,\n", `no row with a score has a date in "date": --date - scores the file without dates`, ""},
		{"Qualtrics", scoreCommand{}, "EndDate,NPS\nEnd Date,How likely?\n\"{\"\"ImportId\"\":\"\"endDate\"\"}\",\"{\"\"ImportId\"\":\"\"QID1\"\"}\"\n2026-03-01 10:00:00,9\n", "the two lines under the header look like those that Qualtrics adds", `"How likely?" is not a whole number`},
		{"two scales", scoreCommand{}, "score\n5\n4\n1\n", "the scores are from 1 to 5, which several scales have: say --metric nps (0–10), ces (1–7), ces5 (1–5, effort, lower is better) or csat (1–5)", ""},
		{"two scales of seven", scoreCommand{}, "score\n7\n5\n", "the scores are from 5 to 7, which several scales have: say --metric nps (0–10) or ces (1–7)", ""},
		{"two scales of effort", scoreCommand{}, "effort\n4\n1\n", "say --metric ces (1–7) or ces5 (1–5, effort, lower is better)", ""},
		{"a name against its values", scoreCommand{}, "csat\n4\n9\n", `the column "csat" is named like csat (1–5), and has scores from 4 (line 2) to 9 (line 3): say what they are with --metric`, ""},
		{"ten as csat", scoreCommand{Metric: "csat"}, "score\n5\n3\n10\n4\n", "1 row of 4 cannot be scored", `line 4, column "score": 10 is not a score from 1 to 5`},
		{"not available", scoreCommand{}, "score\n9\nN/A\n", "1 row of 2 cannot be scored", `line 3, column "score": "N/A" is not a whole number`},
		{"below any scale", scoreCommand{}, "score\n9\n-1\n", "1 row of 2 cannot be scored", `line 3, column "score": -1 is not a score from 0 to 10`},
		{"a decimal comma", scoreCommand{}, "score;x\n9,5;1\n", "1 row of 1 cannot be scored", `"9,5" is not a whole number`},
		{"a decimal comma between commas", scoreCommand{}, "score,x\n9,5,1\n", "1 row of 1 cannot be scored", `line 2: has 3 fields, and the header has 2`},
		{"a digit of another script", scoreCommand{}, "score\n٩\n", "1 row of 1 cannot be scored", `"٩" is not a whole number`},
		{"an unknown method", scoreCommand{Method: "guess"}, good, `--method "guess" is not one: adjusted-wald, score, bayes, goodman, wald, wilson, jeffreys`, ""},
		{"a method of another metric", scoreCommand{Method: "wilson", Metric: "nps"}, good, `--method "wilson" is not one of nps: adjusted-wald, score, bayes, goodman, wald`, ""},
		{"a method of another metric, found out", scoreCommand{Method: "score"}, "csat\n5\n", `--method "score" is not one of csat: wilson, jeffreys`, ""},
		{"a method of people", scoreCommand{Method: "score", Person: "date"}, good, "--method and --person do not go together", ""},
		{"an unknown person", scoreCommand{Person: "who"}, good, `--person: there is no column "who"`, ""},
		{"one period", scoreCommand{Compare: halves(t)[:1]}, good, "--compare takes two periods, such as 2026-Q1 2026-Q2, and has 1", ""},
		{"three periods", scoreCommand{Compare: append(halves(t), halves(t)...)[:3]}, good, "--compare takes two periods", ""},
		{"periods that overlap", scoreCommand{Compare: append(halves(t)[:1], halves(t)[0])}, good, "--compare: Q1 2026 and Q1 2026 overlap", ""},
		{"periods without dates", scoreCommand{Compare: halves(t)}, "score\n9\n", `--compare needs dates, and no column is named like one: say which with --date; the columns are "score"`, ""},
		{"periods without the dates", scoreCommand{Compare: halves(t), Date: "-"}, good, "--compare needs dates, and --date - leaves them out", ""},
		{"an unknown column of comments", scoreCommand{Comments: "note"}, good, `--comments: there is no column "note"`, ""},
		{"comments in the score", scoreCommand{Comments: "score"}, good, `--comments: "score" is the score itself`, ""},
		{"an unknown set of themes", scoreCommand{Comments: "date", Themes: "banking"}, good, `--themes "banking" is not one of commerce, software, support`, ""},
		{"themes of no comments", scoreCommand{Themes: "software"}, good, "--themes software needs --comments, the column that holds what people wrote", ""},
		{"a target that cannot be read", scoreCommand{Target: []string{"date"}}, good, `--target "date" is not written like`, ""},
		{"an unknown driver", scoreCommand{Drivers: []string{"speed"}}, good, `--drivers: there is no column "speed"`, ""},
		{"the score as driver", scoreCommand{Drivers: []string{"score"}}, good, `--drivers: "score" is the score itself`, ""},
		{"a driver twice", scoreCommand{Drivers: []string{"x", "X"}}, "score,x\n9,1\n", `--drivers: the column "x" is given twice`, ""},
		{"remarks as driver", scoreCommand{Drivers: []string{"x"}}, "score,x\n" + remarks(), `--drivers: the column "x" holds neither numbers nor a few values that come again, but "remark 0", "remark 1", "remark 10" and many more`, ""},
		{"a driver of one text", scoreCommand{Drivers: []string{"x"}}, "score,x\n9,a\n8,a\n", `--drivers: "x" is the same in every row`, ""},
		{"a driver of numbers and a text", scoreCommand{Drivers: []string{"x"}}, "score,x\n9,4\n8,good\n", "1 row of 2 cannot be scored", `line 3, column "x": "good" is not a number`},
		{"half a score", scoreCommand{}, "score\n9\n6.5\n", "1 row of 2 cannot be scored: mend them, or score the others with --skip-bad", `line 3, column "score": "6.5" is not a whole number`},
		{"beyond any scale", scoreCommand{}, "score\n11\n", "1 row of 1 cannot be scored", `line 2, column "score": 11 is not a score from 0 to 10`},
		{"beyond the scale", scoreCommand{Metric: "csat"}, "score\n0\n6\n", "2 rows of 2 cannot be scored", `line 2, column "score": 0 is not a score from 1 to 5`},
		{"mixed dates", scoreCommand{}, good + "9,01/02/2026\n", "1 row of 2 cannot be scored", `line 3, column "date": "01/02/2026" is not written year first`},
		{"ambiguous dates", scoreCommand{}, "score,date\n9,01/02/2026\n", "say --date-format dmy or --date-format mdy", ""},
		{"an open quote", scoreCommand{}, "score,date\n9,\"2026-03-01\n", "the quoted field that opens on line 2 is never closed", ""},
		{"a line of megabytes", scoreCommand{}, "score,date\n" + strings.Repeat("x", table.MaxRecord+1) + "\n", "cannot be scored", "line 2: is longer than 1024 KB"},
		{"wrong columns", scoreCommand{}, "score,date\n9\n", "cannot be scored", "line 2: has 1 field, and the header has 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			out, shown, err := scoring(t, test.command, test.file)
			if err == nil || !strings.Contains(err.Error(), test.want) || out != "" {
				t.Errorf("error %v and output %q, want %q and none", err, out, test.want)
			}
			if !strings.Contains(shown, test.shown) {
				t.Errorf("shows %q, want %q", shown, test.shown)
			}
		})
	}
}

func TestScoreReadsWhatOthersWrite(t *testing.T) {
	t.Parallel()
	body := "score;date\n9;31.12.2025\n9;01.01.2026\n3;02.01.2026\n8;03.01.2026\n10;04.01.2026\n"
	want, _, err := scoring(t, scoreCommand{JSON: true}, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, file := range map[string]string{
		"a byte order mark": "\uFEFF" + body,
		"tabs":              strings.ReplaceAll(body, ";", "\t"),
		"quotes":            strings.ReplaceAll(body, "9", `"9"`) + "\n",
		"a quoted line end": "note;" + strings.ReplaceAll(strings.TrimSuffix(body, "\n"), "\n", "\n\"a\nb; c\";") + "\n",
		"other names twice": "email;email;" + strings.ReplaceAll(strings.TrimSuffix(body, "\n"), "\n", "\na;b;") + "\n",
		"windows":           strings.ReplaceAll(body, "\n", "\r\n"),
		"Chinese headers":   strings.Replace(body, "score;date", "评分;日期", 1),
		"ISO dates":         "date,score\n2025-12-31,9\n2026-01-01,9\n2026-01-02,3\n2026-01-03,8\n2026-01-04,10\n",
		"unix times":        "date,score\n1767139200,9\n1767225600,9\n1767312000,3\n1767398400,8\n1767484800,10\n",
	} {
		got, _, err := scoring(t, scoreCommand{JSON: true}, file)
		if got = withoutColumns(got); err != nil || got != withoutColumns(want) {
			t.Errorf("%s: %v, prints %s, want %s", name, err, got, want)
		}
	}
}

// withoutColumns is the report as JSON without the names of the columns.
func withoutColumns(out string) string {
	report, _, _ := strings.Cut(out, `"columns"`)
	return report
}

func TestScoreGuessesTheMetric(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"score\n9\n8\n": "nps", "score\n0\n5\n": "nps", "nps\n5\n4\n": "nps", "score\n6\n8\n": "nps", "ces\n7\n5\n": "ces", "How much effort?\n7\n1\n": "ces", "csat score\n5\n4\n": "csat", "满意度\n5\n": "csat",
	} {
		out, _, err := scoring(t, scoreCommand{JSON: true}, file)
		if err != nil || !strings.Contains(out, fmt.Sprintf("%q: %q", "metric", want)) || !strings.Contains(out, `"metric_guessed": true`) {
			t.Errorf("%q: %v, %s; want %s", file, err, out, want)
		}
	}
}

func TestScoreSkipsBadRowsWhenAsked(t *testing.T) {
	t.Parallel()
	out, shown, err := scoring(t, scoreCommand{SkipBad: true}, "score\n"+strings.Repeat("9\n", 6)+strings.Repeat("x\n", 22))
	if err != nil || !strings.Contains(out, "from 6 answers") || !strings.Contains(out, "22 bad rows left out") {
		t.Errorf("%v, %s", err, out)
	}
	if lines := strings.Count(shown, "\n"); lines != mostBadRows+1 || !strings.HasSuffix(shown, "… and 2 more\n") {
		t.Errorf("shows %d lines: %s", lines, shown)
	}
}

func TestScoreNeedsAFile(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"nowhere.csv": "there is no file nowhere.csv", t.TempDir(): "is a folder, not a file"} {
		err := (&scoreCommand{File: name, Confidence: 0.95}).Run(context.Background(), terminal{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
