package api_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		none := surveys.Token("")
		for _, c := range []struct {
			name, authorization string
			status              int
		}{
			{"none", "", 401},
			{"another scheme", "Basic aGFyazpoYXJr", 401},
			{"no prefix", "Bearer " + string(b.key), 401},
			{"too short", "Bearer hark_" + string(b.key[:20]), 401},
			{"one that was never given out", "Bearer hark_" + b.workspace.Key + strings.Repeat("A", 22), 401},
			{"of a workspace that is not there", "Bearer hark_" + strings.Repeat("A", 30), 401},
			{"bytes that are no text", "Bearer hark_\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8" + strings.Repeat("A", 22), 401},
			{"a token of another purpose", "Bearer hark_" + string(storetest.Token(t, s, b.workspace, surveys.PurposeAnswer, storetest.ID(t, s))), 401},
			{"a good one", "Bearer hark_" + string(b.key), 200},
			{"in small letters", "bearer hark_" + string(b.key), 200},
			{"with a space too many", "Bearer  hark_" + string(b.key), 200},
		} {
			got := b.do(call{path: "/api/v1/surveys", key: &none, headers: map[string]string{"Authorization": c.authorization}})
			if got.status != c.status {
				t.Errorf("%s: %d, want %d: %s", c.name, got.status, c.status, got.body)
			}
			if c.status != 401 {
				continue
			}
			got.problem(t, 401)
			if challenge := got.header.Get("WWW-Authenticate"); !strings.HasPrefix(challenge, `Bearer realm="hark"`) {
				t.Errorf("%s: the challenge is %q", c.name, challenge)
			}
		}
	})
}

func TestDeletedKeyStopsWithinASecond(t *testing.T) {
	t.Parallel()
	clock := storetest.NewClock()
	s := storetest.OpenAt(t, store.SQLite, clock.Now)
	b := newBundle(t, s)
	b.do(call{path: "/api/v1/surveys"}).read(t, 200, &struct{ Surveys []survey }{})
	keys, err := s.APIKeys(context.Background(), b.workspace.ID)
	if err != nil || len(keys) != 1 {
		t.Fatalf("keys %+v, %v", keys, err)
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.DeleteAPIKey(ctx, b.workspace.ID, keys[0].ID) })
	clock.Advance(1e9)
	b.do(call{path: "/api/v1/surveys"}).problem(t, 401)
}

// TestScopes: what each scope opens, and that a refusal names the scope that
// is needed.
func TestScopes(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	id := b.survey(surveys.NPS).ID
	answer := storetest.Answer(t, s, surveys.Survey{WorkspaceID: b.workspace.ID, ID: id, Question: surveys.Question{Version: 1}}, 9)
	const all = surveys.ScopeAdmin
	for _, c := range []struct {
		method, path, body string
		opens              []surveys.Scope // beside admin
	}{
		{"POST", "/api/v1/events", `{"type":"a","person":{"id":"c"}}`, []surveys.Scope{surveys.ScopeEvents}},
		{"GET", "/api/v1/surveys", "", []surveys.Scope{surveys.ScopeRead}},
		{"POST", "/api/v1/surveys", `{"name":"x","metric":"ces"}`, nil},
		{"GET", "/api/v1/surveys/" + id, "", []surveys.Scope{surveys.ScopeRead}},
		{"GET", "/api/v1/surveys/" + id + "/report", "", []surveys.Scope{surveys.ScopeRead}},
		{"POST", "/api/v1/surveys/" + id + "/responses", `{"score":9}`, []surveys.Scope{surveys.ScopeResponses}},
		{"GET", "/api/v1/surveys/" + id + "/responses", "", []surveys.Scope{surveys.ScopeRead, surveys.ScopeResponses}},
		{"GET", "/api/v1/surveys/" + id + "/responses/" + answer.ID, "", []surveys.Scope{surveys.ScopeRead, surveys.ScopeResponses}},
	} {
		open := map[surveys.Scope]bool{all: true}
		for _, scope := range c.opens {
			open[scope] = true
		}
		for _, scope := range surveys.Scopes() {
			key := b.addKey(b.workspace, scope)
			got := b.do(call{method: c.method, path: c.path, body: c.body, key: &key})
			if open[scope] != (got.status < 300) {
				t.Errorf("%s %s with %s: %d %s", c.method, c.path, scope, got.status, got.body)
			}
			if open[scope] {
				continue
			}
			needed := all
			if len(c.opens) > 0 {
				needed = c.opens[0]
			}
			if p := got.problem(t, 403); !strings.Contains(p.Title, "“"+string(needed)+"”") {
				t.Errorf("%s %s with %s does not name %s: %s", c.method, c.path, scope, needed, p.Title)
			}
		}
	}
}

// TestOtherWorkspace walks every address of the API with the ids of a
// workspace and the key of another one.
func TestOtherWorkspace(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		mine := b.survey(surveys.NPS)
		answer := storetest.Answer(t, s, mine, 9)
		own := storetest.Survey(t, s, b.workspace.ID, surveys.NPS)
		other := storetest.Workspace(t, s)
		theirs := storetest.Survey(t, s, other.ID, surveys.NPS)
		key := b.addKey(other, surveys.ScopeAdmin)
		path := "/api/v1/surveys/" + mine.ID
		for _, c := range []call{
			{path: path}, {path: path + "/report"}, {path: path + "/responses"}, {path: path + "/responses/" + answer.ID},
			{method: http.MethodPost, path: path + "/responses", body: `{"score":1}`},
			{path: "/api/v1/surveys/" + theirs.ID + "/responses/" + answer.ID},
		} {
			c.key = &key
			b.do(c).problem(t, 404)
		}
		// Nor is an answer found under another survey of its own workspace.
		b.do(call{path: "/api/v1/surveys/" + own.ID + "/responses/" + answer.ID}).problem(t, 404)
		var list struct{ Surveys []survey }
		b.do(call{path: "/api/v1/surveys", key: &key}).read(t, 200, &list)
		if len(list.Surveys) != 1 || list.Surveys[0].ID != theirs.ID {
			t.Errorf("the other workspace sees %+v", list.Surveys)
		}
		if n, err := s.CountResponses(context.Background(), b.workspace.ID, store.ResponseFilter{}); err != nil || n != 1 {
			t.Errorf("%d answers are stored, want 1 (%v)", n, err)
		}
	})
}
