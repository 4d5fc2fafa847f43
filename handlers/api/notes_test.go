package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// note is what programs see of one.
type note struct {
	ID        string  `json:"id"`
	Day       string  `json:"day"`
	Text      string  `json:"text"`
	SurveyID  *string `json:"survey_id"`
	Author    string  `json:"author"`
	CreatedAt string  `json:"created_at"`
	UpdatedAt string  `json:"updated_at"`
}

// notes lists them as texts.
func (b *bundle) notes(query string) string {
	b.t.Helper()
	var list struct{ Notes []note }
	b.do(call{path: "/api/v1/notes" + query}).read(b.t, http.StatusOK, &list)
	var texts []string
	for _, n := range list.Notes {
		texts = append(texts, n.Day+" "+n.Text)
	}
	return strings.Join(texts, ", ")
}

func TestNotesThroughTheAPI(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, other := b.survey(surveys.NPS), b.survey(surveys.CSAT)
		var made, read note
		got := b.post("/api/v1/notes", `{"text":" Version 4.2\n shipped "}`)
		got.read(t, http.StatusCreated, &made)
		today := storetest.Start().Format("2006-01-02")
		if made.Text != "Version 4.2 shipped" || made.Day != today || made.SurveyID != nil || made.Author != "test" {
			t.Errorf("made %+v", made)
		}
		path := "/api/v1/notes/" + made.ID
		if got.header.Get("Location") != b.site.Link(path) || got.header.Get("Idempotent-Replayed") != "" {
			t.Errorf("made at %v", got.header)
		}
		if b.do(call{path: path}).read(t, http.StatusOK, &read); read != made {
			t.Errorf("read %+v, made %+v", read, made)
		}
		b.post("/api/v1/notes", `{"day":"2026-01-05","text":"新快递","survey_id":"`+survey.ID+`"}`).read(t, http.StatusCreated, &read)
		if read.SurveyID == nil || *read.SurveyID != survey.ID {
			t.Errorf("about %v", read.SurveyID)
		}
		for query, want := range map[string]string{
			"":                               "2026-01-05 新快递, " + today + " Version 4.2 shipped",
			"?survey_id=" + survey.ID:        "2026-01-05 新快递, " + today + " Version 4.2 shipped",
			"?survey_id=" + other.ID:         today + " Version 4.2 shipped",
			"?from=2026-01-06":               today + " Version 4.2 shipped",
			"?from=2026-01-05&to=2026-01-06": "2026-01-05 新快递",
			"?from=2026-01-06&to=2026-01-07": "",
			"?survey_id=" + survey.ID + "&to=" + today: "2026-01-05 新快递",
		} {
			if got := b.notes(query); got != want {
				t.Errorf("%s lists %q, want %q", query, got, want)
			}
		}
		if got := b.do(call{method: http.MethodDelete, path: path}); got.status != http.StatusNoContent {
			t.Errorf("deleted with %d %s", got.status, got.body)
		}
		for _, method := range []string{http.MethodGet, http.MethodDelete} {
			b.do(call{method: method, path: path}).problem(t, http.StatusNotFound)
		}
		if got := b.notes("?survey_id=" + other.ID); got != "" {
			t.Errorf("a deleted note is listed: %s", got)
		}
	})
}

// TestNotesAreWrittenOnce sends the same deploy twice.
func TestNotesAreWrittenOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		send := func(key, body string) reply {
			return b.do(call{method: http.MethodPost, path: "/api/v1/notes", body: body, headers: map[string]string{"Idempotency-Key": key}})
		}
		var first, again, other note
		send("deploy-1", `{"text":"4.2"}`).read(t, http.StatusCreated, &first)
		repeated := send("deploy-1", `{"text":"4.2"}`)
		if repeated.read(t, http.StatusCreated, &again); again != first || repeated.header.Get("Idempotent-Replayed") != "true" {
			t.Errorf("the same key made %+v after %+v", again, first)
		}
		send("deploy-1", `{"text":"4.3"}`).problem(t, http.StatusConflict)
		if send("deploy-2", `{"text":"4.2"}`).read(t, http.StatusCreated, &other); other.ID == first.ID {
			t.Error("another key made the same note")
		}
		send(strings.Repeat("x", 201), `{"text":"4.2"}`).problem(t, http.StatusUnprocessableEntity)
		send(" ", `{"text":"4.2"}`).problem(t, http.StatusUnprocessableEntity)
		if got := b.notes(""); strings.Count(got, "4.2") != 2 || strings.Contains(got, "4.3") {
			t.Errorf("there are %s", got)
		}
	})
}

func TestBadNotes(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	foreign := storetest.Survey(t, b.site.Store, storetest.Workspace(t, b.site.Store).ID, surveys.NPS)
	for _, c := range []bad{
		{"no text", "/api/v1/notes", `{}`, 422, "text", "missing"},
		{"an empty text", "/api/v1/notes", `{"text":" \n "}`, 422, "text", "missing"},
		{"a long text", "/api/v1/notes", `{"text":"` + strings.Repeat("字", 201) + `"}`, 422, "text", "200"},
		{"a null character", "/api/v1/notes", `{"text":"a\u0000b"}`, 422, "text", "null character"},
		{"a day that is none", "/api/v1/notes", `{"text":"x","day":"2026-02-30"}`, 422, "day", "2026-03-02"},
		{"a time", "/api/v1/notes", `{"text":"x","day":"2026-03-02T10:00:00Z"}`, 422, "day", "2026-03-02"},
		{"a day before 1970", "/api/v1/notes", `{"text":"x","day":"1969-12-31"}`, 422, "day", "1970"},
		{"a day in years", "/api/v1/notes", `{"text":"x","day":"2062-03-02"}`, 422, "day", "year ahead"},
		{"no survey's id", "/api/v1/notes", `{"text":"x","survey_id":"nope"}`, 422, "survey_id", "no such survey"},
		{"another workspace's survey", "/api/v1/notes", `{"text":"x","survey_id":"` + foreign.ID + `"}`, 422, "survey_id", "no such survey"},
		{"an author", "/api/v1/notes", `{"text":"x","author":"me"}`, 422, "author", "no field"},
		{"a list", "/api/v1/notes", `[]`, 422, "body", "object"},
	} {
		p := b.post(c.path, c.body).problem(t, c.status)
		if len(p.Errors) == 0 || p.Errors[0].Path != c.field || !strings.Contains(p.Errors[0].Detail, c.says) {
			t.Errorf("%s: %+v, want %q at %s", c.name, p.Errors, c.says, c.field)
		}
	}
	for query, status := range map[string]int{"?survey=x": 422, "?survey_id=x": 422, "?survey_id=" + foreign.ID: 404, "?from=yesterday": 422, "?to=2026-13-01": 422} {
		b.do(call{path: "/api/v1/notes" + query}).problem(t, status)
	}
	if got := b.notes(""); got != "" {
		t.Errorf("a bad call stored %s", got)
	}
	reads := b.addKey(b.workspace, surveys.ScopeRead, surveys.ScopeResponses)
	b.do(call{method: http.MethodPost, path: "/api/v1/notes", body: `{"text":"x"}`, key: &reads}).problem(t, http.StatusForbidden)
	b.do(call{path: "/api/v1/notes", key: &reads}).read(t, http.StatusOK, &struct{ Notes []note }{})
}
