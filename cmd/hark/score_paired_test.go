package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// repeated are 40 people who answered in both quarters, 30 in the first only, and
// some without a name. Of each, only the last answer of a quarter is like those of
// the table that TestScoreComparesPeopleWithThemselves holds.
func repeated() string {
	var file strings.Builder
	file.WriteString("nps,date,who\n")
	for i := range 40 {
		fmt.Fprintf(&file, "%d,2026-05-%02d,p%d\n", []int{3, 9, 7, 9}[i%4], 11+i%10, i) // the last of the second
		fmt.Fprintf(&file, "0,2026-04-02,p%d\n0,2026-01-02,p%d\n", i, i)                // before it, though later in the file
		fmt.Fprintf(&file, "1,2026-02-05,p%d\n%d,2026-02-05, p%d \n", i, []int{9, 9, 8, 3}[i%4], i)
	}
	for i := range 30 {
		fmt.Fprintf(&file, "10,2026-03-01,q%d\n", i)
	}
	return file.String() + strings.Repeat("10,2026-03-01,\n0,2026-05-01,\n9,2026-09-01,p1\n", 9)
}

func TestScoreComparesPeopleWithThemselves(t *testing.T) {
	t.Parallel()
	out, _, err := scoring(t, scoreCommand{Person: "who", Compare: halves(t), JSON: true}, repeated())
	if err != nil {
		t.Fatal(err)
	}
	var report struct {
		Paired struct {
			People     int64
			Difference float64
			Low, High  float64
			P          float64
			Up, Down   int64
		}
	}
	if err := json.Unmarshal([]byte(out), &report); err != nil {
		t.Fatal(err)
	}
	var moves analysis.Transitions
	moves[9][3], moves[9][9], moves[8][7], moves[3][9] = 10, 10, 10, 10
	want, err := analysis.ComparePaired(analysis.AdjustedWald, surveys.NPS, moves, 0.95)
	if err != nil {
		t.Fatal(err)
	}
	if got := report.Paired; got.People != 40 || got.Difference != want.Difference.Difference || got.Low != want.Low || got.High != want.High || got.P != want.P || got.Up != 10 || got.Down != 10 {
		t.Errorf("%+v, want %+v", got, want)
	}
}

func TestScoreSaysWhyNobodyIsComparedWithThemselves(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, file, want string }{
		{"nobody in both", strings.Repeat("9,2026-02-01,a\n8,2026-05-01,b\n", 20), "Nobody answered in both periods, so none can be compared with themselves."},
		{"nobody has a name", strings.Repeat("9,2026-02-01,\n8,2026-05-01,\n", 20), "Nobody answered in both periods"},
		{"one", strings.Repeat("9,2026-02-01,a\n8,2026-05-01,a\n", 20), "Only 1 person answered in both periods: too few to compare with themselves."},
	} {
		out, _, err := scoring(t, scoreCommand{Person: "who", Compare: halves(t), Width: 100}, "nps,date,who\n"+test.file)
		if err != nil || !strings.Contains(out, test.want) {
			t.Errorf("%s: %v, prints\n%s", test.name, err, out)
		}
		out, _, err = scoring(t, scoreCommand{Person: "who", Compare: halves(t), JSON: true}, "nps,date,who\n"+test.file)
		if err != nil || !strings.Contains(out, `"reason": "too_few"`) {
			t.Errorf("%s as JSON: %v, %s", test.name, err, out)
		}
	}
	out, _, err := scoring(t, scoreCommand{Compare: halves(t)}, repeated())
	if err != nil || strings.Contains(out, "same people") {
		t.Errorf("without --person: %v, %s", err, out)
	}
}

// TestSamePeopleMoveByNothing: where everybody repeats themselves the difference is
// none, and no interval of it falls short of chance.
func TestSamePeopleMoveByNothing(t *testing.T) {
	t.Parallel()
	w := waves{spans: halves(t)}
	for i := range 50 {
		w.add(i, w.spans[0].From, i%11)
		w.add(i, w.spans[1].To-1, i%11)
		w.add(i, w.spans[1].To, 0) // the day after
	}
	got, err := w.report(surveys.NPS, 0.95)
	if err != nil || got.Refused != nil || got.Difference.Difference != 0 || got.Low >= 0 || got.High <= 0 {
		t.Errorf("%v, %+v", err, got)
	}
}
