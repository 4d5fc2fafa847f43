package office

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestRoles walks every route as nobody and in every role.
func TestRoles(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	members := map[surveys.Role]*member{}
	for _, role := range surveys.Roles() {
		members[role] = x.as(role)
	}
	nobody := &member{team: x, lang: "en"}
	for _, r := range (&desk{}).routes() {
		path := strings.ReplaceAll(r.path, ":id", "019a0000-0000-7000-8000-000000000000")
		send := func(m *member) *page {
			if r.method == http.MethodPost {
				return m.post(path, url.Values{})
			}
			return m.get(path)
		}
		p := send(nobody).want(http.StatusSeeOther)
		if !strings.HasPrefix(p.header.Get("Location"), "/sign-in") {
			t.Errorf("%s %s leads nobody to %s", r.method, r.path, p.header.Get("Location"))
		}
		for role, m := range members {
			forbidden := send(m).status == http.StatusForbidden
			if allowed := role.Allows(r.least); forbidden == allowed {
				t.Errorf("%s %s as %s: forbidden %v, allowed %v", r.method, r.path, role, forbidden, allowed)
			}
		}
	}
}

// TestForeignIDs walks every route that names something, with the ids of
// another workspace: none of them may be there.
func TestForeignIDs(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		foreign := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, foreign.ID, surveys.NPS)
		rule, person := storetest.Rule(t, s, survey), storetest.Person(t, s, foreign.ID)
		owner := x.as(surveys.Owner)
		walked := 0
		for _, r := range (&desk{}).routes() {
			if !strings.Contains(r.path, ":id") {
				continue
			}
			walked++
			for _, id := range []string{survey.ID, rule.ID, person.ID, "nope", "%2e%2e"} {
				path := strings.ReplaceAll(r.path, ":id", id)
				var p *page
				if r.method == http.MethodPost {
					p = owner.post(path, url.Values{"status": {"paused"}, "name": {"x"}})
				} else {
					p = owner.get(path)
				}
				if p.status != http.StatusNotFound {
					t.Errorf("%s %s: status %d, want 404", r.method, path, p.status)
				}
			}
		}
		if walked < 10 {
			t.Errorf("only %d routes were walked", walked)
		}
	})
}

func TestRoutesAreDeclaredOnce(t *testing.T) {
	t.Parallel()
	var seen []string
	for _, r := range (&desk{}).routes() {
		name := r.method + " " + r.path
		if slices.Contains(seen, name) {
			t.Errorf("%s is there twice", name)
		}
		seen = append(seen, name)
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	p := m.post("/surveys", url.Values{"name": {strings.Repeat("x", 70<<10)}})
	p.want(http.StatusRequestEntityTooLarge).says("h1", "too large")
}

func TestRefusalsSayTheWayOn(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Viewer)
	p := m.get("/surveys/nope").want(http.StatusNotFound)
	p.says("h1", "This page does not exist")
	p.has(`main a[href="/scores"]`, 1)
	p.has("header nav", 1)
	m.post("/surveys", url.Values{}).want(http.StatusForbidden).says("h1", "You may not do this")

	request := httptest.NewRequest(http.MethodPost, "/surveys", strings.NewReader("name=x"))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	x.as(surveys.Owner).send(request).want(http.StatusForbidden).says("main", "another site")
}
