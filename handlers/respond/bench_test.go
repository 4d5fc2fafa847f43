package respond_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
	"github.com/harkhq/hark/templates/i18n"
)

// BenchmarkPage measures the public pages at the handler, middleware and
// compression included, in all languages by turns. The product's budget is a p50
// under one millisecond, in the slowest language, too.
func BenchmarkPage(b *testing.B) {
	s := storetest.OpenAt(b, store.SQLite, time.Now)
	pages := newBundle(b, s)
	_, plain := pages.survey(surveys.NPS)
	list := pages.publicPages()
	list["link"], list["ten"] = plain+"?", pages.askingTen()
	for _, name := range slices.Sorted(maps.Keys(list)) {
		b.Run(name, func(b *testing.B) {
			took := make(map[string][]time.Duration)
			languages := i18n.RespondentLanguages()
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				language := languages[i%len(languages)].Tag
				request := httptest.NewRequest(http.MethodGet, list[name]+"&lang="+language, nil)
				request.Header.Set("Accept-Encoding", "gzip")
				recorder := httptest.NewRecorder()
				start := time.Now()
				pages.handler.ServeHTTP(recorder, request)
				took[language] = append(took[language], time.Since(start))
				if recorder.Code >= http.StatusInternalServerError {
					b.Fatalf("status %d", recorder.Code)
				}
			}
			var all []time.Duration
			var slowest time.Duration
			for _, times := range took {
				slices.Sort(times)
				slowest = max(slowest, times[len(times)/2])
				all = append(all, times...)
			}
			slices.Sort(all)
			b.ReportMetric(float64(all[len(all)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(all[len(all)*99/100].Microseconds()), "p99-µs")
			b.ReportMetric(float64(slowest.Microseconds()), "slowest-language-p50-µs")
		})
	}
}
