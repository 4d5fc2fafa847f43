package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestReportMovesAtOnce: an answer is in the report as soon as it is accepted,
// by the workspace's own days, for everybody and for its segment.
func TestReportMovesAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		id := b.survey(surveys.NPS).ID
		for i := range 12 {
			b.record(id, fmt.Sprint("k", i), fmt.Sprintf(`{"score":%d,"properties":{"plan":"pro"}}`, 10-i%2*10)).read(t, 201, &recorded{})
		}
		for i := range 5 {
			b.record(id, fmt.Sprint("late", i), `{"score":8,"answered_at":"2026-02-28T23:30:00Z","properties":{"plan":"free"}}`).read(t, 201, &recorded{}) // 1 March in Berlin
		}
		for query, want := range map[string]int64{
			"": 17, "?from=2026-03-01&to=2026-03-02": 5, "?from=2026-02-01&to=2026-03-01": 0, "?filter=plan:pro": 12, "?by=plan&interval=day&confidence=0.9": 17,
		} {
			var report struct {
				flow.SurveyReport
				Asked *flow.AskedReport
			}
			b.do(call{path: "/api/v1/surveys/" + id + "/report" + query}).read(t, 200, &report)
			if report.N != want || report.Metric != surveys.NPS {
				t.Errorf("%q: %d answers, want %d", query, report.N, want)
			}
			if query == "?filter=plan:pro" && (*report.Score != 0 || report.Interval.Method != "adjusted-wald") {
				t.Errorf("%q: %v %+v", query, *report.Score, report.Interval)
			}
			if query == "?by=plan&interval=day&confidence=0.9" && (len(report.Segments) != 2 || report.Interval.Confidence != 0.9 || report.Bucketing != analysis.ByDay) {
				t.Errorf("%q: %+v", query, report)
			}
		}
	})
}

// TestReportOfNothing: no answer is a report, too, and says so.
func TestReportOfNothing(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	var report struct {
		flow.SurveyReport
		Asked *flow.AskedReport
	}
	b.do(call{path: "/api/v1/surveys/" + b.survey(surveys.CES5).ID + "/report"}).read(t, 200, &report)
	if !report.Hidden || report.Score != nil || report.Verdict.Text == "" {
		t.Errorf("%+v", report)
	}
}

func TestHeadersOfTheAPI(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	for _, path := range []string{"/api/v1/surveys", "/api/v1/surveys/nowhere"} {
		if got := b.do(call{method: http.MethodGet, path: path}).header; got.Get("Cache-Control") != "no-store" || got.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, got)
		}
	}
}

// TestReportUnderSeveralFilters: filter comes as often as one likes; the old
// form, once, is one of them. Where counts do not know, the answer says so.
func TestReportUnderSeveralFilters(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		id := b.survey(surveys.NPS).ID
		for i := range 36 {
			plan := []string{"pro", "free", "trial"}[i%3]
			b.record(id, fmt.Sprint("k", i), fmt.Sprintf(`{"score":%d,"properties":{"plan":%q}}`, i%11, plan)).read(t, 201, &recorded{})
		}
		for query, want := range map[string]struct {
			n    int64
			rows bool
		}{
			"?filter=plan:pro":                                 {12, false},
			"?filter=plan:pro&filter=plan:free":                {24, false},
			"?filter=plan:pro&filter=plan:pro":                 {12, false},
			"?filter=plan:pro&filter=channel:api":              {12, true},
			"?filter=plan:pro&by=channel":                      {12, true},
			"?filter=plan:pro&compare=year":                    {12, false},
			"?filter=&filter=plan:free&compare=period&by=plan": {12, false},
		} {
			var report struct {
				flow.SurveyReport
				Asked *flow.AskedReport
			}
			b.do(call{path: "/api/v1/surveys/" + id + "/report" + query}).read(t, 200, &report)
			if report.N != want.n || (report.Rows != nil) != want.rows {
				t.Errorf("%q: %d answers, rows %+v, want %+v", query, report.N, report.Rows, want)
			}
			if year := strings.Contains(query, "=year"); (report.Against == analysis.YearBefore) != year || (len(report.Earlier) > 0) != year {
				t.Errorf("%q: compared with %q, %d steps of the year before", query, report.Against, len(report.Earlier))
			}
		}
	})
}

func TestReportRefusesFilters(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	id := b.survey(surveys.NPS).ID
	for _, query := range []string{
		"?filter=plan:pro&filter=plan", "?filter=shoe:43&filter=plan:pro", "?compare=decade", "?compare=year&from=2024-01-01&to=2026-01-01",
		"?" + manyFilters(),
	} {
		if got := b.do(call{path: "/api/v1/surveys/" + id + "/report" + query}).status; got != http.StatusUnprocessableEntity {
			t.Errorf("%q: status %d", query, got)
		}
	}
}

func manyFilters() string {
	var all strings.Builder
	for i := range 25 {
		fmt.Fprintf(&all, "&filter=plan:%d", i)
	}
	return all.String()
}
