package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// agreeing is a file of answers up to the day before yesterday, and the same
// answers counted by hand.
func agreeing() (file string, in analysis.Input) {
	const days = 200
	first := storetest.Start().AddDate(0, 0, -days-1).Truncate(24 * time.Hour).Add(12 * time.Hour)
	in = analysis.Input{Metric: surveys.NPS, From: analysis.DayOf(first, time.UTC), By: "plan", Segments: map[string][]analysis.DayCounts{}}
	var lines strings.Builder
	lines.WriteString("score,answered_at,plan,email\n")
	for i := range days * 3 {
		at, score, plan := first.AddDate(0, 0, i/3), []int{10, 9, 3, 8, 10, 6, 9, 7, 0, 9, 10}[(i*5+i/7)%11], []string{"free", "pro", "team"}[i%3]
		fmt.Fprintf(&lines, "%d,%s,%s,person%d@example.com\n", score, at.Format(time.RFC3339), plan, i)
		day := analysis.DayCounts{Day: analysis.DayOf(at, time.UTC)}
		day.Counts[score]++
		in.Days, in.Segments[plan], in.To = append(in.Days, day), append(in.Segments[plan], day), day.Day+1
	}
	return lines.String(), in
}

// told are the parts of a report that do not depend on what it is compared with.
func told(t *testing.T, report string) map[string]any {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal([]byte(report), &all); err != nil {
		t.Fatal(err)
	}
	parts := map[string]any{}
	for _, name := range []string{"metric", "from", "to", "n", "score", "interval", "mean", "mean_interval", "distribution", "bands", "bucketing", "trend", "changes", "segments", "segments_test"} {
		if parts[name] = all[name]; parts[name] == nil {
			t.Errorf("there is no %q in %s", name, report)
		}
	}
	return parts
}

// TestFileCountsAndReportAgree: a file scored at the terminal, its counts given
// to the library, and its answers imported and reported by the server give the
// same numbers to the last digit.
func TestFileCountsAndReportAgree(t *testing.T) {
	t.Parallel()
	file, in := agreeing()
	scored, warned, err := scoring(t, scoreCommand{Metric: "nps", By: "plan", JSON: true}, file)
	if err != nil || warned != "" {
		t.Fatalf("%v, %s", err, warned)
	}
	want := told(t, scored)
	same := func(who string, report analysis.Report) {
		t.Helper()
		text, err := json.Marshal(report)
		if err != nil {
			t.Fatal(err)
		}
		for name, part := range told(t, string(text)) {
			if !reflect.DeepEqual(part, want[name]) {
				t.Errorf("%s says %s of %v, the file says %v", who, name, part, want[name])
			}
		}
	}
	counted, err := analysis.Build(in)
	if err != nil {
		t.Fatal(err)
	}
	same("the library", counted)

	s := storetest.Open(t, store.SQLite)
	b := newImportBench(t, s)
	if _, warned, err := b.run(file, into, "--segment", "plan"); err != nil || warned != "" || b.stored() != counted.N {
		t.Fatalf("%v, %s, %d stored of %d", err, warned, b.stored(), counted.N)
	}
	list, err := s.Surveys(context.Background(), b.w.ID)
	if err != nil {
		t.Fatal(err)
	}
	for _, survey := range list {
		if survey.Metric != surveys.NPS {
			continue
		}
		report, err := flow.NewReports(s).Report(context.Background(), flow.Office{Workspace: b.w, Zone: b.w.Location()}, survey,
			flow.ReportQuery{From: in.From, To: in.To, By: "plan"})
		if err != nil {
			t.Fatal(err)
		}
		same("the server", report)
	}
}
