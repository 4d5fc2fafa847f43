package api_test

import (
	"net/http"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// benchmark is what programs see of one.
type benchmark struct {
	ID        string  `json:"id"`
	Metric    string  `json:"metric"`
	Name      string  `json:"name"`
	Low       float64 `json:"low"`
	High      float64 `json:"high"`
	Year      int     `json:"year"`
	Source    string  `json:"source"`
	Note      string  `json:"note"`
	Shown     bool    `json:"shown"`
	CreatedAt string  `json:"created_at"`
	UpdatedAt string  `json:"updated_at"`
}

func TestBenchmarksThroughTheAPI(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		var made, read benchmark
		got := b.post("/api/v1/benchmarks", `{"metric":"nps","name":"Shops","low":40,"high":50.5,"year":2026,"source":"https://panel.example","shown":true}`)
		got.read(t, http.StatusCreated, &made)
		path := "/api/v1/benchmarks/" + made.ID
		if got.header.Get("Location") != b.site.Link(path) || made.Low != 40 || made.High != 50.5 || !made.Shown {
			t.Errorf("made %+v at %s", made, got.header.Get("Location"))
		}
		b.do(call{path: path}).read(t, http.StatusOK, &read)
		if read != made {
			t.Errorf("read %+v, made %+v", read, made)
		}
		b.do(call{method: http.MethodPut, path: path, body: `{"metric":"csat","name":"Shops","low":80,"year":2025,"source":"Armatis"}`}).read(t, http.StatusOK, &read)
		if read.ID != made.ID || read.Metric != "csat" || read.High != 80 || read.Shown || read.CreatedAt != made.CreatedAt {
			t.Errorf("replaced by %+v", read)
		}
		var list struct {
			Benchmarks []benchmark `json:"benchmarks"`
		}
		b.do(call{path: "/api/v1/benchmarks"}).read(t, http.StatusOK, &list)
		if len(list.Benchmarks) != 1 || list.Benchmarks[0] != read {
			t.Errorf("listed %+v", list)
		}
		if got := b.do(call{method: http.MethodDelete, path: path}); got.status != http.StatusNoContent {
			t.Errorf("deleted with %d %s", got.status, got.body)
		}
		for _, method := range []string{http.MethodGet, http.MethodDelete} {
			b.do(call{method: method, path: path}).problem(t, http.StatusNotFound)
		}
	})
}

func TestBenchmarksThatAreRefused(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	const good = `{"metric":"nps","name":"Shops","low":40,"year":2026,"source":"us"}`
	for body, field := range map[string]string{
		`{"metric":"nps","name":"Shops","year":2026,"source":"us"}`:                     "low",
		`{"metric":"nps","name":"Shops","low":40,"high":30,"year":2026,"source":"us"}`:  "high",
		`{"metric":"csat","name":"Shops","low":-1,"year":2026,"source":"us"}`:           "low",
		`{"metric":"nps","name":"Shops","low":40,"year":2026}`:                          "source",
		`{"metric":"nps","name":"Shops","low":40,"source":"us"}`:                        "year",
		`{"metric":"nps","name":"Shops","low":40,"year":2026,"source":"us","truth":1}`:  "truth",
		`{"metric":"mood","name":"Shops","low":40,"year":2026,"source":"us"}`:           "metric",
		`{"metric":"nps","name":"Shops","low":"forty","year":2026,"source":"us"}`:       "low",
		`{"metric":"nps","name":"","low":40,"high":null,"year":2026,"source":"us"}`:     "name",
		`{"metric":"nps","name":"Shops","low":40,"year":2026.5,"source":"us"}`:          "year",
		`{"metric":"nps","name":"Shops","low":40,"year":2026,"source":"us","shown":""}`: "shown",
	} {
		if p := b.post("/api/v1/benchmarks", body).problem(t, http.StatusUnprocessableEntity); len(p.Errors) != 1 || p.Errors[0].Path != field {
			t.Errorf("%s: %+v, want %s", body, p.Errors, field)
		}
	}
	reader := b.addKey(b.workspace, surveys.ScopeRead)
	b.do(call{method: http.MethodPost, path: "/api/v1/benchmarks", body: good, key: &reader}).problem(t, http.StatusForbidden)
	b.do(call{path: "/api/v1/benchmarks?metric=nps"}).problem(t, http.StatusUnprocessableEntity)
	b.do(call{path: "/api/v1/benchmarks/nope"}).problem(t, http.StatusNotFound)
}
