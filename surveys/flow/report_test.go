package flow_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// answered stores n answers of a score with segments, so many days ago.
func answered(t *testing.T, s *store.Store, survey surveys.Survey, daysAgo, score, n int, segments map[string]string) {
	t.Helper()
	list := make([]surveys.Response, n)
	for i := range list {
		r := storetest.Response(t, s, survey, score)
		r.AnsweredAt = s.Now().AddDate(0, 0, -daysAgo)
		r.Day -= daysAgo
		for key, value := range segments {
			r.Segments[key] = value
		}
		list[i] = r
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
}

// reported is a survey with answers of two plans and two countries, now and
// the quarter before.
func reported(t *testing.T, s *store.Store) (flow.Office, surveys.Survey) {
	t.Helper()
	w := storetest.Workspace(t, s)
	survey := storetest.Survey(t, s, w.ID, surveys.NPS)
	answered(t, s, survey, 3, 10, 30, map[string]string{"plan": "pro", "country": "DE"})
	answered(t, s, survey, 3, 3, 10, map[string]string{"plan": "pro", "country": "FR"})
	answered(t, s, survey, 5, 8, 20, map[string]string{"plan": "free", "country": "DE"})
	answered(t, s, survey, 100, 9, 40, map[string]string{"plan": "pro", "country": "DE"})
	return flow.Office{Workspace: w, Zone: w.Location()}, survey
}

// reportCase is a query and what the report of it says.
type reportCase struct {
	name  string
	query flow.ReportQuery
	n     int64
	score float64
	split map[string]int64 // value → n
}

// filtered are reports under several filters. Under those that hold all answers
// but a few nothing but their number is told.
func filtered() []reportCase {
	pro, free, german, french := surveys.Segment{Key: "plan", Value: "pro"}, surveys.Segment{Key: "plan", Value: "free"}, surveys.Segment{Key: "country", Value: "DE"}, surveys.Segment{Key: "country", Value: "FR"}
	return []reportCase{
		{"filters of two keys", flow.ReportQuery{Filters: surveys.Filters{pro, german}}, 30, 100, nil},
		{"filters of two keys that nobody passes", flow.ReportQuery{Filters: surveys.Filters{free, french}}, 0, 0, nil},
		{"two values of one key", flow.ReportQuery{Filters: surveys.Filters{pro, free}, By: "plan"}, 60, 100.0 / 3, map[string]int64{"pro": 40, "free": 20}},
		{"two values of one key and one of another", flow.ReportQuery{Filters: surveys.Filters{pro, free, german}}, 50, 60, nil},
		{"a split under filters of two keys", flow.ReportQuery{Filters: surveys.Filters{pro, free, german}, By: "plan"}, 50, 60, map[string]int64{"pro": 30, "free": 20}},
		{"a split by a third key", flow.ReportQuery{Filters: surveys.Filters{pro, german}, By: "channel"}, 30, 100, map[string]int64{"link": 30}},
	}
}

func TestReport(t *testing.T) {
	t.Parallel()
	today := analysis.DayOf(storetest.Start(), time.UTC)
	cases := []reportCase{
		{"the 90 days up to today", flow.ReportQuery{}, 60, 100.0 * (30 - 10) / 60, nil},
		{"a period of its own, without its last day", flow.ReportQuery{From: today - 5, To: today - 3}, 20, 0, nil},
		{"a split", flow.ReportQuery{By: "plan"}, 60, 100.0 / 3, map[string]int64{"pro": 40, "free": 20}},
		{"a split by channel", flow.ReportQuery{By: "channel"}, 60, 100.0 / 3, map[string]int64{"link": 60}},
		{"a filter", flow.ReportQuery{Filters: surveys.Filters{{Key: "plan", Value: "pro"}}}, 40, 50, nil},
		{"a filter that nobody passes", flow.ReportQuery{Filters: surveys.Filters{{Key: "plan", Value: "gold"}}}, 0, 0, nil},
		{
			"a split under a filter", flow.ReportQuery{By: "country", Filters: surveys.Filters{{Key: "plan", Value: "pro"}}}, 40, 50,
			map[string]int64{"DE": 30, "FR": 10},
		},
		{
			"a split by the filter's own key", flow.ReportQuery{By: "plan", Filters: surveys.Filters{{Key: "plan", Value: "pro"}}}, 40, 50,
			map[string]int64{"pro": 40},
		},
	}
	cases = append(cases, filtered()...)
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w, survey := reported(t, s)
		for _, c := range cases {
			got, err := flow.NewReports(s).Report(context.Background(), w, survey, c.query)
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if got.N != c.n || c.n > 0 && *got.Score != c.score {
				t.Errorf("%s: %d answers score %v, want %d and %v", c.name, got.N, got.Score, c.n, c.score)
			}
			if len(got.Segments) != len(c.split) {
				t.Errorf("%s: segments %+v, want %v", c.name, got.Segments, c.split)
			}
			for _, segment := range got.Segments {
				if segment.N != c.split[segment.Value] {
					t.Errorf("%s: %s has %d answers, want %d", c.name, segment.Value, segment.N, c.split[segment.Value])
				}
			}
		}
	})
}

// TestReportLooksBack: the comparison needs the period before, which the query
// does not name.
func TestReportLooksBack(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w, survey := reported(t, s)
	got, err := flow.NewReports(s).Report(context.Background(), w, survey, flow.ReportQuery{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Previous == nil || got.Previous.N != 40 || *got.Previous.Score != 100 {
		t.Errorf("the quarter before is %+v, want 40 answers of 100 points", got.Previous)
	}
}

// TestReportSaysWhatItRead: rollups where they know, the answers where not, and
// how many those were.
func TestReportSaysWhatItRead(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w, survey := reported(t, s)
	answered(t, s, survey, 100, 8, 25, map[string]string{"plan": "free", "country": "DE"})
	free, pro, german := surveys.Segment{Key: "plan", Value: "free"}, surveys.Segment{Key: "plan", Value: "pro"}, surveys.Segment{Key: "country", Value: "DE"}
	for name, c := range map[string]struct {
		query flow.ReportQuery
		rows  int64 // −1: none were read
	}{
		"everybody":                   {flow.ReportQuery{By: "plan"}, -1},
		"one key":                     {flow.ReportQuery{Filters: surveys.Filters{pro}}, 80}, // which changed: the mix is asked
		"one key that is quiet":       {flow.ReportQuery{Filters: surveys.Filters{free}}, -1},
		"one key, split by itself":    {flow.ReportQuery{Filters: surveys.Filters{free}, By: "plan"}, -1},
		"one key, split by another":   {flow.ReportQuery{Filters: surveys.Filters{pro}, By: "country"}, 80},
		"two keys":                    {flow.ReportQuery{Filters: surveys.Filters{pro, german}}, 70},
		"two keys, of one two values": {flow.ReportQuery{Filters: surveys.Filters{pro, german, {Key: "plan", Value: "free"}}}, 115},
	} {
		got, err := flow.NewReports(s).Read(context.Background(), w, survey, c.query)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case c.rows < 0 && got.Rows != nil, c.rows >= 0 && (got.Rows == nil || got.Rows.Answers != c.rows):
			t.Errorf("%s: read %+v, want %d", name, got.Rows, c.rows)
		case name == "two keys, of one two values" && got.Verdict.Mix == nil:
			t.Errorf("%s: who answered was not asked", name)
		}
	}
}

// TestReportWithholds: a filter that holds all but a few would tell of these few.
func TestReportWithholds(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w, survey := reported(t, s)
	answered(t, s, survey, 4, 0, 3, map[string]string{"plan": "trial", "country": "DE"})
	answered(t, s, survey, 4, 0, 2, map[string]string{"plan": "pro", "country": "CH"})
	plans := func(values ...string) (f surveys.Filters) {
		for _, value := range values {
			f = f.With(surveys.Segment{Key: "plan", Value: value})
		}
		return f
	}
	german := surveys.Segment{Key: "country", Value: "DE"}
	for name, c := range map[string]struct {
		filters  surveys.Filters
		n        int64
		withheld bool
	}{
		"some of many":             {plans("pro"), 42, false},
		"all but three":            {plans("pro", "free"), 62, true},
		"everybody":                {plans("pro", "free", "trial"), 65, false},
		"too few themselves":       {plans("trial"), 3, false},
		"all Germans but three":    {plans("pro", "free").With(german), 50, true},
		"free, beside trial":       {plans("free"), 20, true}, // with pro, which is shown, the three on trial would follow
		"some Germans":             {plans("free").With(german), 20, true},
		"what is hidden, together": {plans("free", "trial"), 23, false},
		"all of a plan but two":    {plans("pro").With(german).With(surveys.Segment{Key: "country", Value: "FR"}), 40, true},
	} {
		got, err := flow.NewReports(s).Read(context.Background(), w, survey, flow.ReportQuery{Filters: c.filters})
		if err != nil {
			t.Fatal(err)
		}
		shown := got.Score != nil || len(got.Distribution) > 0 || got.Verdict.Difference != nil || len(got.Changes) > 0
		for _, p := range got.Trend {
			shown = shown || p.Score != nil || p.Smooth != nil
		}
		if got.N != c.n || got.Withheld != c.withheld || c.withheld && shown {
			t.Errorf("%s: %d answers, withheld %v, shown %v: %+v", name, got.N, got.Withheld, shown, got.Report)
		}
	}
}

func TestReportAgainstAYearBefore(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w, survey := reported(t, s)
		answered(t, s, survey, 368, 3, 25, map[string]string{"plan": "pro", "country": "DE"})
		got, err := flow.NewReports(s).Read(context.Background(), w, survey, flow.ReportQuery{Against: analysis.YearBefore, Interval: analysis.ByWeek})
		if err != nil {
			t.Fatal(err)
		}
		if got.Previous == nil || got.Previous.N != 25 || *got.Previous.Score != -100 || got.Against != analysis.YearBefore {
			t.Errorf("the year before is %+v", got.Previous)
		}
		if len(got.Earlier) != len(got.Trend) {
			t.Fatalf("%d steps of %d", len(got.Earlier), len(got.Trend))
		}
		var n int64
		for i, p := range got.Earlier {
			if p.Start != got.Trend[i].Start-364 {
				t.Errorf("the step of %s stands under that of %s", p.Start, got.Trend[i].Start)
			}
			n += p.N
		}
		if n != 25 {
			t.Errorf("%d answers a year before", n)
		}
	})
}

func TestReportKeepsToItsWorkspace(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		_, survey := reported(t, s)
		other := storetest.Workspace(t, s)
		survey.WorkspaceID = other.ID
		got, err := flow.NewReports(s).Report(context.Background(), flow.Office{Workspace: other, Zone: other.Location()}, survey, flow.ReportQuery{By: "plan"})
		if err != nil || got.N != 0 || len(got.Segments) != 0 {
			t.Errorf("another workspace reads %+v, %v", got, err)
		}
	})
}

func TestReportRefuses(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w, survey := reported(t, s)
	today := analysis.DayOf(storetest.Start(), w.Zone)
	for name, c := range map[string]struct {
		query      flow.ReportQuery
		path, code string
	}{
		"a period that ends before it starts": {flow.ReportQuery{From: today, To: today}, "to", "period_empty"},
		"two centuries":                       {flow.ReportQuery{From: today - 73000, To: today}, "from", "period_long"},
		"forty years by day":                  {flow.ReportQuery{From: today - 14600, To: today, Interval: analysis.ByDay}, "interval", "interval_fine"},
		"a fortnight":                         {flow.ReportQuery{Interval: "fortnight"}, "interval", "interval"},
		"a confidence in percent":             {flow.ReportQuery{Confidence: 95}, "confidence", "confidence"},
		"a comparison with a decade":          {flow.ReportQuery{Against: "decade"}, "compare", "compare"},
		"two years and the year before":       {flow.ReportQuery{From: today - 730, To: today, Against: analysis.YearBefore}, "compare", "compare_long"},
		"more filters than may be":            {flow.ReportQuery{Filters: tooMany()}, "filter", "filters_many"},
		"a split by a key of nobody":          {flow.ReportQuery{By: "shoe_size"}, "by", "segment_unknown"},
		"a filter by a key of nobody":         {flow.ReportQuery{Filters: surveys.Filters{{Key: "shoe_size", Value: "43"}}}, "filter", "segment_unknown"},
	} {
		_, err := flow.NewReports(s).Report(context.Background(), w, survey, c.query)
		var wrong *surveys.Error
		if !errors.As(err, &wrong) || wrong.Kind != surveys.Invalid || len(wrong.Fields) != 1 || wrong.Fields[0].Path != c.path || wrong.Fields[0].Code != c.code {
			t.Errorf("%s: %v, want %s %s", name, err, c.path, c.code)
		}
	}
}

// tooMany are more filters than a report takes.
func tooMany() (f surveys.Filters) {
	for i := range surveys.MaxFilters + 1 {
		f = f.With(surveys.Segment{Key: "plan", Value: fmt.Sprint(i)})
	}
	return f
}
