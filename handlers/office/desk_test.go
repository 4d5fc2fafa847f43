package office

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// team is a workspace with the office's server around it.
type team struct {
	t       *testing.T
	store   *store.Store
	site    *web.Site
	handler http.Handler
	w       surveys.Workspace
}

func newTeam(t *testing.T, s *store.Store) *team {
	t.Helper()
	site := webtest.Site(t, s)
	handler := webtest.Handler(site, Register, func(c echo.Context, err error) error { return Fail(c, site, err) })
	return &team{t: t, store: s, site: site, handler: handler, w: storetest.Workspace(t, s)}
}

// onSQLite is a team on a store of its own; for pages whose look-ups are
// tested on both databases elsewhere.
func onSQLite(t *testing.T) *team {
	t.Helper()
	return newTeam(t, storetest.Open(t, store.SQLite))
}

// member is a browser of somebody who is signed in.
type member struct {
	*team
	user    surveys.User
	cookies []*http.Cookie
	lang    string
}

// as signs a new member in.
func (x *team) as(role surveys.Role) *member {
	x.t.Helper()
	return x.in(x.w, role)
}

// in signs a new member of a workspace in.
func (x *team) in(w surveys.Workspace, role surveys.Role) *member {
	x.t.Helper()
	user := storetest.User(x.t, x.store, w.ID, role)
	token := storetest.Token(x.t, x.store, w, surveys.PurposeSession, user.ID)
	return &member{team: x, user: user, cookies: []*http.Cookie{{Name: "__Host-hark", Value: string(token)}}, lang: "en"}
}

// page is an answer, read.
type page struct {
	*goquery.Document
	t      *testing.T
	status int
	header http.Header
}

func (m *member) get(path string) *page {
	m.t.Helper()
	return m.send(httptest.NewRequest(http.MethodGet, path, nil))
}

func (m *member) post(path string, form url.Values) *page {
	m.t.Helper()
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return m.send(request)
}

// send keeps the cookies that come back, as a browser does.
func (m *member) send(request *http.Request) *page {
	m.t.Helper()
	for _, cookie := range m.cookies {
		request.AddCookie(cookie)
	}
	request.Header.Set("Accept-Language", m.lang)
	recorder := httptest.NewRecorder()
	m.handler.ServeHTTP(recorder, request)
	response := recorder.Result()
	for _, cookie := range response.Cookies() {
		m.cookies = slices.DeleteFunc(m.cookies, func(old *http.Cookie) bool { return old.Name == cookie.Name })
		if cookie.MaxAge >= 0 {
			m.cookies = append(m.cookies, cookie)
		}
	}
	document, err := goquery.NewDocumentFromReader(response.Body)
	if err != nil {
		m.t.Fatal(err)
	}
	return &page{Document: document, t: m.t, status: response.StatusCode, header: response.Header}
}

// want fails the test when the status is another.
func (p *page) want(status int) *page {
	p.t.Helper()
	if p.status != status {
		p.t.Fatalf("status %d, want %d: %s", p.status, status, strings.Join(strings.Fields(p.Find("main").Text()), " "))
	}
	return p
}

// text is what the first element of a selector says, with single spaces.
func (p *page) text(selector string) string {
	return strings.Join(strings.Fields(p.Find(selector).First().Text()), " ")
}

// says fails the test when an element does not say something.
func (p *page) says(selector, want string) {
	p.t.Helper()
	if got := p.text(selector); !strings.Contains(got, want) {
		p.t.Errorf("%s says %q, want %q in it", selector, got, want)
	}
}

// has fails the test when a selector does not meet n elements.
func (p *page) has(selector string, n int) {
	p.t.Helper()
	if got := p.Find(selector).Length(); got != n {
		p.t.Errorf("%d of %s, want %d", got, selector, n)
	}
}

// value is what a field of a form holds.
func (p *page) value(name string) string {
	field := p.Find(`[name="` + name + `"]`).First()
	if field.Is("textarea") {
		return field.Text()
	}
	if field.Is("select") {
		return field.Find("option[selected]").AttrOr("value", "")
	}
	return field.AttrOr("value", "")
}

// seesOther fails the test when the answer does not lead to a path.
func (p *page) seesOther(path string) {
	p.t.Helper()
	p.want(http.StatusSeeOther)
	if got := p.header.Get("Location"); got != path {
		p.t.Errorf("leads to %q, want %q", got, path)
	}
}

// answer is one answer of a fixture.
type answer struct {
	score    int
	daysAgo  int
	plan     string
	comment  string
	personID string
}

// answers stores answers to a survey, each on its day at noon.
func (x *team) answers(survey surveys.Survey, list ...answer) {
	x.t.Helper()
	responses := make([]surveys.Response, len(list))
	for i, a := range list {
		r := storetest.Response(x.t, x.store, survey, a.score)
		r.AnsweredAt = x.store.Now().AddDate(0, 0, -a.daysAgo).Add(-time.Duration(i) * time.Millisecond)
		r.Day = surveys.Day(r.AnsweredAt, x.w.Location())
		r.Comment, r.PersonID = a.comment, a.personID
		traits := map[string]any{}
		if a.plan != "" {
			traits["plan"] = a.plan
		}
		r.Segments = surveys.SegmentsOf(r, x.w.Segments, traits)
		responses[i] = r
	}
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, responses) })
}

// many are n answers that go round the scores, one after the other, from so
// many days ago.
func many(n, daysAgo int, plan string, scores ...int) []answer {
	list := make([]answer, n)
	for i := range list {
		list[i] = answer{score: scores[i%len(scores)], daysAgo: daysAgo + i%7, plan: plan}
	}
	return list
}

// contains reports whether a text holds all parts.
func contains(text string, parts ...string) bool {
	text = strings.Join(strings.Fields(text), " ")
	for _, part := range parts {
		if !strings.Contains(text, part) {
			return false
		}
	}
	return true
}

// form is what a browser would send of a form as the page has it.
func (p *page) form(selector string) url.Values {
	p.t.Helper()
	fields := make(url.Values)
	p.Find(selector).Find("input[name], select[name], textarea[name]").Each(func(_ int, field *goquery.Selection) {
		kind, name := field.AttrOr("type", ""), field.AttrOr("name", "")
		_, ticked := field.Attr("checked")
		switch {
		case (kind == "radio" || kind == "checkbox") && !ticked:
		case field.Is("select"):
			chosen := field.Find("option[selected]")
			if chosen.Length() == 0 {
				chosen = field.Find("option").First()
			}
			fields.Add(name, chosen.AttrOr("value", ""))
		case field.Is("textarea"):
			fields.Add(name, field.Text())
		default:
			fields.Add(name, field.AttrOr("value", ""))
		}
	})
	return fields
}
