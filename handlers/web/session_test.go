package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// door is a site with one member of the team and a clock that moves.
type door struct {
	e     *echo.Echo
	s     *store.Store
	clock *storetest.Clock
	site  *web.Site
	w     surveys.Workspace
	u     surveys.User
}

func newDoor(t *testing.T, dialect store.Dialect, address string) *door {
	t.Helper()
	d := &door{clock: storetest.NewClock()}
	d.s = storetest.OpenAt(t, dialect, d.clock.Now)
	d.site = newSite(t, d.s, address)
	d.w = storetest.Workspace(t, d.s)
	d.u = storetest.User(t, d.s, d.w.ID, surveys.Agent)
	d.e = newEcho(d.site)
	d.e.POST("/in", func(c echo.Context) error {
		if err := d.site.SignIn(c, flow.Office{Workspace: d.w, Zone: d.w.Location()}, d.u); err != nil {
			return err
		}
		return c.NoContent(http.StatusOK)
	})
	d.e.POST("/out", func(c echo.Context) error {
		if err := d.site.SignOut(c); err != nil {
			return err
		}
		return c.NoContent(http.StatusOK)
	}, d.site.Session)
	d.e.GET("/who", func(c echo.Context) error {
		member, ok := web.MemberOf(c)
		if !ok {
			return c.String(http.StatusOK, "nobody")
		}
		return c.String(http.StatusOK, member.User.ID+" in "+string(member.Office.ID))
	}, d.site.Session)
	return d
}

// in signs the member in, and returns the session's cookie.
func (d *door) in(t *testing.T) *http.Cookie {
	t.Helper()
	r := send(d.e, http.MethodPost, "/in", nil)
	if r.Code != http.StatusOK || len(r.Result().Cookies()) != 1 {
		t.Fatalf("sign in: %d %s, cookies %v", r.Code, r.Body, r.Result().Cookies())
	}
	return r.Result().Cookies()[0]
}

// who says whose session a cookie is.
func (d *door) who(t *testing.T, name, value string) string {
	t.Helper()
	r := send(d.e, http.MethodGet, "/who", nil, "Cookie", name+"="+value)
	if r.Code != http.StatusOK {
		t.Fatalf("who: %d %s", r.Code, r.Body)
	}
	return r.Body.String()
}

func (d *door) me() string { return d.u.ID + " in " + string(d.w.ID) }

func TestSessionLife(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	cases := []struct {
		name   string
		visits []time.Duration // from one to the next
		in     []bool          // signed in at each
	}{
		{"at once", []time.Duration{0}, []bool{true}},
		{"just before it idles out", []time.Duration{8*hour - time.Second}, []bool{true}},
		{"idle", []time.Duration{8 * hour}, []bool{false}},
		{"a visit keeps it alive", []time.Duration{7 * hour, 7 * hour, 7 * hour}, []bool{true, true, true}},
		{"a quick second visit does not shorten it", []time.Duration{time.Minute, 8*hour - 2*time.Minute, 8*hour - time.Second}, []bool{true, true, true}},
		{"gone is gone", []time.Duration{9 * hour, 0, time.Second}, []bool{false, false, false}},
		{"a week at the most, however busy", visits(7*hour, 23, 7*hour-time.Second, time.Second), append(yes(24), false)},
	}
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			d := newDoor(t, dialect, onTLS)
			for _, c := range cases { // one after the other: they move the clock
				t.Run(c.name, func(t *testing.T) {
					session := d.in(t)
					for i, after := range c.visits {
						d.clock.Advance(after)
						want := "nobody"
						if c.in[i] {
							want = d.me()
						}
						if got := d.who(t, session.Name, session.Value); got != want {
							t.Fatalf("at visit %d it is %q, want %q", i+1, got, want)
						}
					}
				})
			}
		})
	}
}

// visits are n visits, each so long after the one before, and then the rest.
func visits(each time.Duration, n int, rest ...time.Duration) []time.Duration {
	var list []time.Duration
	for range n {
		list = append(list, each)
	}
	return append(list, rest...)
}

func yes(n int) []bool {
	list := make([]bool, n)
	for i := range list {
		list[i] = true
	}
	return list
}

func TestSessionOfNobody(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name  string
		token func(t *testing.T, d *door) string
	}{
		{"no token", func(*testing.T, *door) string { return "" }},
		{"a token that nobody drew", func(_ *testing.T, d *door) string { return d.w.Key + "AAAAAAAAAAAAAAAAAAAAAA" }},
		{"rubbish", func(*testing.T, *door) string { return "%00%ff../'--" }},
		{"a cookie of four kilobytes", func(*testing.T, *door) string { return strings.Repeat("a", 4096) }},
		{"a token of a workspace nobody knows", func(t *testing.T, d *door) string {
			return "ZZZZZZZZ" + d.in(t).Value[surveys.KeyLength:]
		}},
		{"the session of another workspace, under this one's key", func(t *testing.T, d *door) string {
			foreign := storetest.Workspace(t, d.s)
			token := storetest.Token(t, d.s, foreign, surveys.PurposeSession, storetest.User(t, d.s, foreign.ID, surveys.Owner).ID)
			return d.w.Key + string(token[surveys.KeyLength:])
		}},
		{"a session of this workspace that names another's user", func(t *testing.T, d *door) string {
			foreign := storetest.User(t, d.s, storetest.Workspace(t, d.s).ID, surveys.Owner)
			return string(storetest.Token(t, d.s, d.w, surveys.PurposeSession, foreign.ID))
		}},
		{"the secret of an API key", func(t *testing.T, d *door) string {
			_, secret, err := d.site.Team.AddKey(context.Background(), d.w, "Shop", []surveys.Scope{surveys.ScopeAdmin})
			if err != nil {
				t.Fatal(err)
			}
			return string(secret)
		}},
		{"an API key's token of the user", func(t *testing.T, d *door) string {
			return string(storetest.Token(t, d.s, d.w, surveys.PurposeAPIKey, d.u.ID))
		}},
		{"a link to sign in, not yet used", func(t *testing.T, d *door) string {
			return string(storetest.Token(t, d.s, d.w, surveys.PurposeSignIn, d.u.ID))
		}},
		{"a mail's link", func(t *testing.T, d *door) string {
			return string(storetest.Token(t, d.s, d.w, surveys.PurposeAnswer, d.u.ID))
		}},
		{"a session whose password changed", func(t *testing.T, d *door) string {
			value := d.in(t).Value
			d.u.PasswordHash += "x"
			if _, err := d.site.Team.ChangeUser(context.Background(), d.u); err != nil {
				t.Fatal(err)
			}
			return value
		}},
	}
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			d := newDoor(t, dialect, onTLS)
			for _, c := range cases {
				t.Run(c.name, func(t *testing.T) {
					value := c.token(t, d)
					if got := d.who(t, "__Host-hark", value); got != "nobody" {
						t.Errorf("it is %q, want nobody", got)
					}
				})
			}
			session := d.in(t)
			if got := d.who(t, "hark_session", session.Value); got != "nobody" {
				t.Errorf("under the name of a plain site it is %q, want nobody: a subdomain could have set it", got)
			}
			if got := d.who(t, session.Name, session.Value); got != d.me() {
				t.Errorf("the session itself is %q, want %q", got, d.me())
			}
		})
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		t.Run(string(dialect), func(t *testing.T) {
			t.Parallel()
			d := newDoor(t, dialect, onTLS)
			here, elsewhere := d.in(t), d.in(t)
			for range 2 { // the second time there is nothing to end, and nothing wrong
				r := send(d.e, http.MethodPost, "/out", nil, "Cookie", here.Name+"="+here.Value)
				if gone := cookie(r, here.Name); r.Code != http.StatusOK || gone == nil || gone.MaxAge >= 0 || gone.Value != "" || !gone.Secure || gone.Path != "/" {
					t.Errorf("sign out: %d, cookie %v, want it taken back", r.Code, gone)
				}
				if got := d.who(t, here.Name, here.Value); got != "nobody" {
					t.Errorf("after it is %q, want nobody", got)
				}
			}
			if got := d.who(t, elsewhere.Name, elsewhere.Value); got != d.me() {
				t.Errorf("on another browser it is %q, want %q", got, d.me())
			}
			if r := send(d.e, http.MethodPost, "/out", nil); r.Code != http.StatusOK {
				t.Errorf("sign out of nobody: %d", r.Code)
			}
		})
	}
}

func TestCookies(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address, session string
		secure           bool
	}{
		{onTLS, "__Host-hark", true},
		{onPlain, "hark_session", false},
	} {
		t.Run(c.address, func(t *testing.T) {
			t.Parallel()
			d := newDoor(t, store.SQLite, c.address)
			d.e.GET("/flash", func(ctx echo.Context) error {
				d.site.Flash(ctx, "signed_out")
				d.site.ChooseLanguage(ctx, "zh-Hans")
				return ctx.NoContent(http.StatusOK)
			})
			r := send(d.e, http.MethodGet, "/flash", nil)
			for name, want := range map[string]struct {
				cookie *http.Cookie
				maxAge int
			}{
				"session":  {d.in(t), 7 * 24 * 3600},
				"flash":    {cookie(r, "hark_flash"), 60},
				"language": {cookie(r, "hark_language"), 365 * 24 * 3600},
			} {
				got := want.cookie
				if got == nil || got.Secure != c.secure || !got.HttpOnly || got.SameSite != http.SameSiteLaxMode || got.Path != "/" || got.Domain != "" || got.MaxAge != want.maxAge {
					t.Errorf("%s cookie = %v, want Secure %t, HttpOnly, SameSite=Lax, Path=/, no Domain, Max-Age %d", name, got, c.secure, want.maxAge)
				}
			}
			if got := d.in(t).Name; got != c.session {
				t.Errorf("the session's cookie is %q, want %q", got, c.session)
			}
		})
	}
}

func TestRequire(t *testing.T) {
	t.Parallel()
	d := newDoor(t, store.SQLite, onPlain) // its member is an agent
	for path, least := range map[string]surveys.Role{"/read": surveys.Viewer, "/act": surveys.Agent, "/set": surveys.Manager, "/own": surveys.Owner} {
		d.e.Any(path, func(c echo.Context) error { return c.String(http.StatusOK, "in") }, d.site.Session, d.site.Require(least))
	}
	session := d.in(t)
	cases := []struct {
		name, method, target string
		signedIn             bool
		status               int
		location             string
	}{
		{"nobody reads", http.MethodGet, "/read?a=1&b=%2F", false, 303, "/sign-in?next=" + url.QueryEscape("/read?a=1&b=%2F")},
		{"nobody posts", http.MethodPost, "/read", false, 303, "/sign-in"},
		{"an agent reads", http.MethodGet, "/read", true, 200, ""},
		{"an agent acts", http.MethodPost, "/act", true, 200, ""},
		{"an agent changes settings", http.MethodGet, "/set", true, 403, ""},
		{"an agent changes the team", http.MethodPost, "/own", true, 403, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var headers []string
			if c.signedIn {
				headers = []string{"Cookie", session.Name + "=" + session.Value}
			}
			r := send(d.e, c.method, c.target, nil, headers...)
			if r.Code != c.status || r.Header().Get("Location") != c.location {
				t.Errorf("%d to %q, want %d to %q", r.Code, r.Header().Get("Location"), c.status, c.location)
			}
			if r.Code == http.StatusOK && r.Header().Get("Cache-Control") != "no-store" {
				t.Error("a page of the back office must not be kept by the browser")
			}
			if r.Code == http.StatusForbidden {
				wantProblem(t, r, "role_needed", "")
			}
		})
	}
}
