package web_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

const (
	onTLS   = "https://hark.example"
	onPlain = "http://localhost:8080"
)

// newSite is a site of a store, as seen at an address. A site that needs no
// store takes nil.
func newSite(t *testing.T, s *store.Store, address string) *web.Site {
	t.Helper()
	catalogue := webtest.Catalogue(t)
	assets := webtest.Assets(t)
	at, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	site := &web.Site{Store: s, Assets: assets, Catalogue: catalogue, Log: slog.New(slog.DiscardHandler), URL: at, Now: time.Now}
	if s != nil {
		site.Directory, site.Team = flow.NewDirectory(s), flow.NewTeam(s)
	}
	return site
}

// newEcho is a server whose errors become problems.
func newEcho(site *web.Site) *echo.Echo {
	e := echo.New()
	e.IPExtractor = echo.ExtractIPDirect()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		if err := site.WriteProblem(c, err); err != nil {
			panic(err)
		}
	}
	return e
}

// send has the server answer a request with the headers, given as pairs.
func send(e *echo.Echo, method, target string, body io.Reader, headers ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, target, body)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Add(headers[i], headers[i+1])
	}
	recorder := httptest.NewRecorder()
	e.ServeHTTP(recorder, request)
	return recorder
}

// cookie finds a cookie that a response sets; nil when it sets none.
func cookie(r *httptest.ResponseRecorder, name string) *http.Cookie {
	for _, c := range r.Result().Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func TestRenderGivesNoHalfPage(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		fails  error
		status int
		starts string
	}{
		{"a page", nil, http.StatusTeapot, "<h1>Half</h1>"},
		{"a page that fails in the middle", errors.New("no more words"), http.StatusInternalServerError, `{"type":"urn:hark:error:internal"`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := newEcho(newSite(t, nil, onPlain))
			e.GET("/", func(ctx echo.Context) error {
				return web.Render(ctx, http.StatusTeapot, templ.ComponentFunc(func(_ context.Context, w io.Writer) error {
					if _, err := io.WriteString(w, "<h1>Half</h1>"); err != nil {
						return err
					}
					return c.fails
				}))
			})
			r := send(e, http.MethodGet, "/", nil)
			if r.Code != c.status || !strings.HasPrefix(r.Body.String(), c.starts) {
				t.Errorf("%d %q, want %d %q", r.Code, r.Body, c.status, c.starts)
			}
			if c.fails != nil && (strings.Contains(r.Body.String(), "Half") || strings.Contains(r.Body.String(), "no more words")) {
				t.Errorf("%q shows half a page, or an error of Hark's own", r.Body)
			}
		})
	}
}

func TestLink(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ site, path, want string }{
		{"https://hark.example", "/s/abc", "https://hark.example/s/abc"},
		{"https://hark.example/", "/s/abc", "https://hark.example/s/abc"},
		{"https://example.com/feedback", "/s/abc", "https://example.com/feedback/s/abc"},
	} {
		if got := newSite(t, nil, c.site).Link(c.path); got != c.want {
			t.Errorf("Link(%q) of %s = %q, want %q", c.path, c.site, got, c.want)
		}
	}
}

func TestNonce(t *testing.T) {
	t.Parallel()
	e := newEcho(newSite(t, nil, onPlain))
	seen := map[string]bool{}
	e.GET("/", func(c echo.Context) error {
		nonce := web.Nonce(c)
		if nonce != web.Nonce(c) || len(nonce) < 22 || seen[nonce] {
			t.Errorf("nonce %q must be the same within a response, random, and new in each", nonce)
		}
		seen[nonce] = true
		return c.NoContent(http.StatusOK)
	})
	for range 3 {
		send(e, http.MethodGet, "/", nil)
	}
	if len(seen) != 3 {
		t.Errorf("%d nonces, want 3", len(seen))
	}
}

func TestTheReadersLanguage(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w := storetest.Workspace(t, s)
	chinese := storetest.User(t, s, w.ID, surveys.Viewer)
	chinese.Locale = "zh-Hans"
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateUser(ctx, chinese) })
	session := "hark_session=" + string(storetest.Token(t, s, w, surveys.PurposeSession, chinese.ID))
	site := newSite(t, s, onPlain)
	e := newEcho(site)
	e.GET("/", func(c echo.Context) error {
		return c.String(http.StatusOK, site.Page(c, "Title", "").L.Lang())
	}, site.Session)
	cases := []struct {
		name    string
		headers []string
		want    string
	}{
		{"nobody said", nil, "en"},
		{"the browser's", []string{"Accept-Language", "zh-CN,zh;q=0.9,en;q=0.8"}, "zh-Hans"},
		{"one that Hark does not speak", []string{"Accept-Language", "tlh"}, "en"},
		{"a broken header", []string{"Accept-Language", "\x00;;q=q"}, "en"},
		{"the member's before the browser's", []string{"Cookie", session, "Accept-Language", "en"}, "zh-Hans"},
		{"the chosen one before the browser's", []string{"Cookie", "hark_language=zh-Hans", "Accept-Language", "en"}, "zh-Hans"},
		{"the chosen one before the member's", []string{"Cookie", session + "; hark_language=en"}, "en"},
		{"a chosen one that is none", []string{"Cookie", "hark_language=../../etc", "Accept-Language", "zh"}, "zh-Hans"},
		{"no choice any more", []string{"Cookie", "hark_language=; " + session}, "zh-Hans"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if r := send(e, http.MethodGet, "/", nil, c.headers...); r.Body.String() != c.want {
				t.Errorf("%d %q, want %q", r.Code, r.Body, c.want)
			}
		})
	}
}

func TestPageKnowsTheMember(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w := storetest.Workspace(t, s)
	u := storetest.User(t, s, w.ID, surveys.Viewer)
	site := newSite(t, s, onPlain)
	e := newEcho(site)
	e.GET("/people", func(c echo.Context) error {
		page := site.Page(c, "People", "people")
		if page.User == nil || page.User.Name != u.Name || page.User.Email != u.Email || page.User.Workspace != w.Name {
			t.Errorf("user = %+v, want %s of %s", page.User, u.Email, w.Name)
		}
		if page.Title != "People" || page.Section != "people" || page.Address != "/people?q=a%2Fb" || page.Nonce != web.Nonce(c) || page.Demo != nil || page.Flash != nil {
			t.Errorf("page = %+v", page)
		}
		return c.NoContent(http.StatusOK)
	}, site.Session)
	r := send(e, http.MethodGet, "/people?q=a%2Fb", nil, "Cookie", "hark_session="+string(storetest.Token(t, s, w, surveys.PurposeSession, u.ID)))
	if r.Code != http.StatusOK {
		t.Errorf("status = %d", r.Code)
	}
}
