package respond_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// BenchmarkPage measures the public pages at the handler, middleware and
// compression included. The product's budget is a p50 under one millisecond.
func BenchmarkPage(b *testing.B) {
	s := storetest.OpenAt(b, store.SQLite, time.Now)
	pages := newBundle(b, s)
	survey, link := pages.survey(surveys.NPS)
	_, mail, leave := pages.invite(survey)
	for name, path := range map[string]string{"link": link, "mail": mail + "?score=9", "leave": leave} {
		b.Run(name, func(b *testing.B) {
			took := make([]time.Duration, 0, 1<<16)
			b.ReportAllocs()
			for b.Loop() {
				request := httptest.NewRequest(http.MethodGet, path, nil)
				request.Header.Set("Accept-Encoding", "gzip")
				request.Header.Set("Accept-Language", "en-GB,en;q=0.9")
				recorder := httptest.NewRecorder()
				start := time.Now()
				pages.handler.ServeHTTP(recorder, request)
				took = append(took, time.Since(start))
				if recorder.Code != http.StatusOK {
					b.Fatalf("status %d", recorder.Code)
				}
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}
