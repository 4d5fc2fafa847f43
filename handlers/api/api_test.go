package api_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/harkhq/hark/handlers/api"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// bundle is an API on a store, with a workspace and a key that may do all.
type bundle struct {
	t         *testing.T
	site      *web.Site
	handler   http.Handler
	workspace surveys.Workspace
	key       surveys.Token
	described description
}

func newBundle(t *testing.T, s *store.Store) *bundle {
	t.Helper()
	b := &bundle{t: t, workspace: storetest.Workspace(t, s)}
	b.site, b.handler = onto(t, s)
	b.key = b.addKey(b.workspace, surveys.ScopeAdmin)
	b.described = describe(t, b.handler)
	return b
}

// onto is an API on a store.
func onto(t *testing.T, s *store.Store) (*web.Site, http.Handler) {
	t.Helper()
	site := webtest.Site(t, s)
	return site, webtest.Handler(site, api.Register, site.WriteProblem)
}

func (b *bundle) addKey(w surveys.Workspace, scopes ...surveys.Scope) surveys.Token {
	b.t.Helper()
	_, key, err := flow.NewTeam(b.site.Store).AddKey(context.Background(), w, "test", scopes)
	if err != nil {
		b.t.Fatal(err)
	}
	return key
}

func (b *bundle) survey(metric surveys.Metric) surveys.Survey {
	return storetest.Survey(b.t, b.site.Store, b.workspace.ID, metric)
}

// call is a request; its zero fields are what most calls have.
type call struct {
	method, path, body string
	key                *surveys.Token // nil: the bundle's
	headers            map[string]string
}

// reply is an answer, read to its end.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// do sends a call, and holds the answer to the API's description.
func (b *bundle) do(c call) reply {
	b.t.Helper()
	got := b.send(c)
	path, _, _ := strings.Cut(c.path, "?")
	if err := b.described.check(cmp.Or(c.method, http.MethodGet), path, got); err != nil {
		b.t.Error(err)
	}
	return got
}

func (b *bundle) send(c call) reply {
	b.t.Helper()
	if c.method == "" {
		c.method = http.MethodGet
	}
	request := httptest.NewRequest(c.method, "https://feedback.example"+c.path, strings.NewReader(c.body))
	if c.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	key := b.key
	if c.key != nil {
		key = *c.key
	}
	if key != "" {
		request.Header.Set("Authorization", "Bearer "+surveys.APIKeyPrefix+string(key))
	}
	for name, value := range c.headers {
		request.Header.Set(name, value)
	}
	recorder := httptest.NewRecorder()
	b.handler.ServeHTTP(recorder, request)
	return reply{recorder.Code, recorder.Header(), recorder.Body.Bytes()}
}

func (b *bundle) post(path, body string) reply {
	b.t.Helper()
	return b.do(call{method: http.MethodPost, path: path, body: body})
}

// read decodes the answer strictly, and wants its status.
func (r reply) read(t *testing.T, status int, v any) {
	t.Helper()
	if r.status != status {
		t.Fatalf("status %d, want %d: %s", r.status, status, r.body)
	}
	decoder := json.NewDecoder(bytes.NewReader(r.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		t.Fatalf("decode the answer: %v: %s", err, r.body)
	}
	if _, err := decoder.Token(); err != io.EOF {
		t.Fatalf("more than one value: %s", r.body)
	}
}

// problem decodes an error and checks that it is one, as programs expect it.
func (r reply) problem(t *testing.T, status int) web.Problem {
	t.Helper()
	var p web.Problem
	r.read(t, status, &p)
	if got := r.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("the problem is %s", got)
	}
	if p.Status != status || !strings.HasPrefix(p.Type, "urn:hark:error:") || p.Title == "" || strings.HasPrefix(p.Title, "error.") || p.Instance == "" {
		t.Errorf("the problem is incomplete: %s", r.body)
	}
	for _, f := range p.Errors {
		if f.Path == "" || f.Detail == "" || strings.HasPrefix(f.Detail, "error.") || strings.Contains(f.Detail, "{") {
			t.Errorf("the field's message is incomplete: %+v", f)
		}
	}
	return p
}

// Shapes of the answers, written a second time on purpose: what programs see
// must not change by renaming a field.
type (
	eventReply struct {
		ID        string `json:"id"`
		PersonID  string `json:"person_id"`
		Repeated  bool   `json:"repeated"`
		Decisions []struct {
			Rule struct {
				ID   string `json:"id"`
				Name string `json:"name"`
			} `json:"rule"`
			SurveyID     string `json:"survey_id"`
			Decision     string `json:"decision"`
			SendAt       string `json:"send_at"`
			Until        string `json:"until"`
			InvitationID string `json:"invitation_id"`
			Detail       string `json:"detail"`
			Reason       string `json:"reason"`
		} `json:"decisions"`
	}
	recorded struct {
		ID       string `json:"id"`
		SurveyID string `json:"survey_id"`
		Repeated bool   `json:"repeated"`
	}
	response struct {
		Ratings      map[string]int    `json:"ratings"`
		Answers      map[string]any    `json:"answers"`
		Fields       map[string]string `json:"fields"`
		ID           string            `json:"id"`
		SurveyID     string            `json:"survey_id"`
		Version      int               `json:"version"`
		Question     string            `json:"question"`
		Score        int               `json:"score"`
		Band         string            `json:"band"`
		Comment      string            `json:"comment"`
		Locale       string            `json:"locale"`
		Channel      string            `json:"channel"`
		Segments     map[string]string `json:"segments"`
		PersonID     *string           `json:"person_id"`
		InvitationID *string           `json:"invitation_id"`
		AnsweredAt   string            `json:"answered_at"`
		CreatedAt    string            `json:"created_at"`
		UpdatedAt    string            `json:"updated_at"`
	}
	responses struct {
		Responses  []response `json:"responses"`
		NextCursor *string    `json:"next_cursor"`
	}
	survey struct {
		Drivers    []surveys.Driver             `json:"drivers"`
		Style      string                       `json:"style"`
		FollowUps  []surveys.FollowUp           `json:"follow_ups"`
		Fields     []string                     `json:"fields"`
		Thanks     map[string]any               `json:"thanks"`
		Machines   string                       `json:"machines"`
		Quarantine int                          `json:"quarantine_minutes"`
		Origins    []string                     `json:"origins"`
		Identified bool                         `json:"identified"`
		Locale     string                       `json:"locale"`
		ID         string                       `json:"id"`
		Name       string                       `json:"name"`
		Metric     string                       `json:"metric"`
		Scale      map[string]int               `json:"scale"`
		Subject    string                       `json:"subject"`
		Status     string                       `json:"status"`
		ClosesAt   *string                      `json:"closes_at"`
		Version    int                          `json:"version"`
		Texts      map[string]map[string]string `json:"texts"`
		Link       string                       `json:"link"`
		CreatedAt  string                       `json:"created_at"`
		UpdatedAt  string                       `json:"updated_at"`
	}
)
