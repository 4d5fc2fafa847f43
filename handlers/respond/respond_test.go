package respond_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/respond"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// bundle is the public pages on a store, with a workspace.
type bundle struct {
	t         testing.TB
	site      *web.Site
	handler   http.Handler
	workspace surveys.Workspace
	reading   *time.Duration // how long people have looked at pages: the store's clock stands still
}

func newBundle(t testing.TB, s *store.Store) *bundle {
	t.Helper()
	site := webtest.Site(t, s)
	reading := time.Duration(0)
	site.Now = func() time.Time { return s.Now().Add(reading) }
	handler := webtest.Handler(site, respond.Register, func(c echo.Context, err error) error { return respond.Fail(c, site, err) })
	handler.GET(static.Prefix+"*", echo.WrapHandler(site.Assets))
	return &bundle{t: t, site: site, handler: handler, workspace: storetest.Workspace(t, s), reading: &reading}
}

func (b *bundle) survey(metric surveys.Metric) (surveys.Survey, string) {
	survey := storetest.Survey(b.t, b.site.Store, b.workspace.ID, metric)
	return survey, "/s/" + survey.PublicID(b.workspace.Key)
}

// invite makes an invitation and returns its links.
func (b *bundle) invite(survey surveys.Survey) (invitation surveys.Invitation, answer, leave string) {
	s := b.site.Store
	invitation = storetest.Invitation(b.t, s, survey, storetest.Person(b.t, s, b.workspace.ID))
	return invitation, "/r/" + string(storetest.Token(b.t, s, b.workspace, surveys.PurposeAnswer, invitation.ID)),
		"/u/" + string(storetest.Token(b.t, s, b.workspace, surveys.PurposeUnsubscribe, invitation.ID))
}

// answers lists what is stored of a survey, the latest first.
func (b *bundle) answers(survey surveys.Survey) []surveys.Response {
	b.t.Helper()
	list, err := b.site.Store.Responses(context.Background(), survey.WorkspaceID, store.ResponseFilter{SurveyID: survey.ID})
	if err != nil {
		b.t.Fatal(err)
	}
	return list
}

// wantRollups fails the test unless the rollups count exactly so many answers.
func (b *bundle) wantRollups(survey surveys.Survey, want int64) {
	b.t.Helper()
	list, err := b.site.Store.Rollups(context.Background(), survey.WorkspaceID, store.RollupFilter{SurveyID: survey.ID, To: 1 << 20})
	if err != nil {
		b.t.Fatal(err)
	}
	var n int64
	for _, r := range list {
		n += r.Counts.N()
	}
	if n != want {
		b.t.Errorf("the rollups count %d answers, want %d", n, want)
	}
}

// page is an answer, read as a browser reads it.
type page struct {
	*goquery.Document
	status int
	header http.Header
	wire   int // bytes of the body as sent
}

// browser sends requests with headers of its own and keeps cookies, by path.
type browser struct {
	b       *bundle
	headers map[string]string
	cookies []*http.Cookie
	network string // its address; "": the usual one of tests
}

func (b *bundle) browser(headers ...string) *browser {
	all := map[string]string{"Accept-Language": "en", "Accept-Encoding": "gzip", "Sec-Fetch-Site": "same-origin"}
	for i := 0; i < len(headers); i += 2 {
		all[headers[i]] = headers[i+1]
	}
	return &browser{b: b, headers: all}
}

func (b *browser) do(method, path string, body io.Reader) page {
	b.b.t.Helper()
	request := httptest.NewRequest(method, "https://feedback.example"+path, body)
	for name, value := range b.headers {
		request.Header.Set(name, value)
	}
	if b.network != "" {
		request.RemoteAddr = b.network + ":50000"
	}
	for _, cookie := range b.cookies {
		if strings.HasPrefix(request.URL.Path, cookie.Path) {
			request.AddCookie(cookie)
		}
	}
	recorder := httptest.NewRecorder()
	b.b.handler.ServeHTTP(recorder, request)
	b.cookies = append(b.cookies, recorder.Result().Cookies()...)
	raw := recorder.Body.Bytes()
	p := page{status: recorder.Code, header: recorder.Header(), wire: len(raw)}
	if p.header.Get("Content-Encoding") == "gzip" {
		reader, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			b.b.t.Fatal(err)
		}
		if raw, err = io.ReadAll(reader); err != nil {
			b.b.t.Fatal(err)
		}
	}
	var err error
	if p.Document, err = goquery.NewDocumentFromReader(bytes.NewReader(raw)); err != nil {
		b.b.t.Fatal(err)
	}
	return p
}

func (b *browser) get(path string) page {
	b.b.t.Helper()
	return b.do(http.MethodGet, path, nil)
}

func (b *browser) post(path string, form url.Values) page {
	b.b.t.Helper()
	b.headers["Content-Type"] = "application/x-www-form-urlencoded"
	defer delete(b.headers, "Content-Type")
	return b.do(http.MethodPost, path, strings.NewReader(form.Encode()))
}

// send fills in the form that the page has and sends it.
func (b *browser) send(p page, fill url.Values) page {
	b.b.t.Helper()
	*b.b.reading += 5 * time.Second
	form := url.Values{"send": {"1"}}
	p.Find("form input[type=hidden]").Each(func(_ int, field *goquery.Selection) {
		form.Add(field.AttrOr("name", ""), field.AttrOr("value", ""))
	})
	if chosen := p.Find("input[name=score][checked]"); chosen.Length() > 0 {
		form.Set("score", chosen.AttrOr("value", ""))
	}
	if comment := p.Find("textarea[name=comment]"); comment.Length() > 0 {
		form.Set("comment", comment.Text())
	}
	for name, values := range fill {
		form[name] = values
	}
	return b.post(p.Find("form").AttrOr("action", ""), form)
}

// follow goes where a redirect leads.
func (b *browser) follow(p page) page {
	b.b.t.Helper()
	if p.status != http.StatusSeeOther {
		b.b.t.Fatalf("status %d, want 303: %s", p.status, p.Text())
	}
	return b.get(p.header.Get("Location"))
}

func (p page) want(t *testing.T, status int, title string) {
	t.Helper()
	if heading := strings.TrimSpace(p.Find("h1, legend").First().Text()); p.status != status || heading != title {
		t.Errorf("%d %q, want %d %q", p.status, heading, status, title)
	}
}

func (p page) chosen() string { return p.Find("input[name=score][checked]").AttrOr("value", "") }

// Text is what a person reads: the style sheet is within the page, too.
func (p page) Text() string { return p.Find("body").Text() }
