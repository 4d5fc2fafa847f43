package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
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
			var report analysis.Report
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
	var report analysis.Report
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
