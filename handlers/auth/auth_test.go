package auth

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/office"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// house is a server with a door, and a workspace behind it.
type house struct {
	t       *testing.T
	store   *store.Store
	site    *web.Site
	handler http.Handler
	w       surveys.Workspace
}

const password = "correct horse battery"

func newHouse(t *testing.T, s *store.Store) *house {
	t.Helper()
	site := webtest.Site(t, s)
	register := func(e *echo.Echo, site *web.Site) {
		Register(e, site)
		office.Register(e, site)
	}
	handler := webtest.Handler(site, register, func(c echo.Context, err error) error { return office.Fail(c, site, err) })
	return &house{t: t, store: s, site: site, handler: handler, w: storetest.Workspace(t, s)}
}

func onSQLite(t *testing.T) *house {
	t.Helper()
	return newHouse(t, storetest.Open(t, store.SQLite))
}

// user stores a member of the team who knows the password.
func (x *house) user(w surveys.Workspace) surveys.User {
	x.t.Helper()
	user := storetest.User(x.t, x.store, w.ID, surveys.Manager)
	hash, err := HashPassword(password)
	if err != nil {
		x.t.Fatal(err)
	}
	user.PasswordHash = hash
	if user, err = x.site.Team.ChangeUser(x.t.Context(), user); err != nil {
		x.t.Fatal(err)
	}
	return user
}

// browser keeps cookies.
type browser struct {
	*house
	cookies []*http.Cookie
	address string // of the network it is in
}

func (x *house) browser() *browser { return &browser{house: x, address: "192.0.2.1:1234"} }

type page struct {
	*goquery.Document
	status int
	header http.Header
}

func (b *browser) get(path string) *page {
	b.t.Helper()
	return b.send(httptest.NewRequest(http.MethodGet, path, nil))
}

func (b *browser) post(path string, form url.Values) *page {
	b.t.Helper()
	request := httptest.NewRequest(http.MethodPost, path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(request)
}

func (b *browser) send(request *http.Request) *page {
	b.t.Helper()
	request.RemoteAddr = b.address
	for _, cookie := range b.cookies {
		request.AddCookie(cookie)
	}
	recorder := httptest.NewRecorder()
	b.handler.ServeHTTP(recorder, request)
	response := recorder.Result()
	for _, cookie := range response.Cookies() {
		b.cookies = slices.DeleteFunc(b.cookies, func(old *http.Cookie) bool { return old.Name == cookie.Name })
		if cookie.MaxAge >= 0 {
			b.cookies = append(b.cookies, cookie)
		}
	}
	document, err := goquery.NewDocumentFromReader(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return &page{Document: document, status: response.StatusCode, header: response.Header}
}

// inside reports whether the browser is signed in.
func (b *browser) inside() bool {
	b.t.Helper()
	return b.get("/account").status == http.StatusOK
}

func (b *browser) want(p *page, status int, location string) {
	b.t.Helper()
	if p.status != status || p.header.Get("Location") != location {
		b.t.Fatalf("status %d to %q, want %d to %q: %s", p.status, p.header.Get("Location"), status, location, strings.Join(strings.Fields(p.Find("main").Text()), " "))
	}
}

func credentialsOf(u surveys.User) url.Values {
	return url.Values{"email": {u.Email}, "password": {password}}
}
