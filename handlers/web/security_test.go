package web_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
)

func ok(c echo.Context) error { return c.NoContent(http.StatusOK) }

func TestSecurityHeaders(t *testing.T) {
	t.Parallel()
	for address, hsts := range map[string]string{onTLS: "max-age=31536000", onPlain: ""} {
		t.Run(address, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, nil, address)
			e := newEcho(site)
			e.Use(site.SecurityHeaders)
			e.GET("/", func(c echo.Context) error { return c.String(http.StatusOK, web.Nonce(c)) })
			e.GET("/broken", func(echo.Context) error { return io.ErrUnexpectedEOF })
			r := send(e, http.MethodGet, "/", nil)
			nonce := r.Body.String()
			for name, want := range map[string]string{
				"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin",
				"Permissions-Policy": "camera=(), geolocation=(), microphone=()", "Strict-Transport-Security": hsts,
				"Content-Security-Policy": "default-src 'none'; script-src 'self' 'nonce-" + nonce + "'; style-src 'self' 'nonce-" + nonce +
					"'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-src 'self'; frame-ancestors 'none'",
			} {
				if got := r.Header().Get(name); got != want {
					t.Errorf("%s = %q, want %q", name, got, want)
				}
			}
			for _, target := range []string{"/broken", "/nowhere"} {
				if r := send(e, http.MethodGet, target, nil); r.Header().Get("Content-Security-Policy") == "" || r.Header().Get("X-Content-Type-Options") == "" {
					t.Errorf("%s (%d) goes without the headers", target, r.Code)
				}
			}
		})
	}
}

func TestSameOrigin(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		method  string
		headers []string
		status  int
	}{
		{"a form of this site", http.MethodPost, []string{"Sec-Fetch-Site", "same-origin"}, 200},
		{"a form typed in by hand", http.MethodPost, []string{"Sec-Fetch-Site", "none"}, 200},
		{"a form of another site", http.MethodPost, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"a form of a sister site", http.MethodPost, []string{"Sec-Fetch-Site", "same-site"}, 403},
		{"another site, whatever the origin says", http.MethodPost, []string{"Sec-Fetch-Site", "cross-site", "Origin", "http://example.com"}, 403},
		{"deleting from another site", http.MethodDelete, []string{"Sec-Fetch-Site", "cross-site"}, 403},
		{"an old browser on this site", http.MethodPost, []string{"Origin", "http://example.com"}, 200},
		{"an old browser on another site", http.MethodPost, []string{"Origin", "https://evil.example"}, 403},
		{"a frame without an origin", http.MethodPost, []string{"Origin", "null"}, 403},
		{"a mail provider's one click", http.MethodPost, nil, 200},
		{"a link on another site", http.MethodGet, []string{"Sec-Fetch-Site", "cross-site"}, 200},
		{"a look from another site", http.MethodHead, []string{"Sec-Fetch-Site", "cross-site"}, 200},
		{"a method in a header counts for nothing", http.MethodPost, []string{"Sec-Fetch-Site", "cross-site", "X-HTTP-Method-Override", "GET"}, 403},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := newEcho(newSite(t, nil, onPlain))
			e.Use(web.SameOrigin())
			e.Any("/", ok)
			r := send(e, c.method, "http://example.com/", nil, c.headers...)
			if r.Code != c.status {
				t.Fatalf("%d %s, want %d", r.Code, r.Body, c.status)
			}
			if c.status == http.StatusForbidden {
				wantProblem(t, r, "cross_origin", "")
			}
		})
	}
}

func TestRateLimit(t *testing.T) {
	t.Parallel()
	e := newEcho(newSite(t, nil, onPlain))
	e.POST("/", ok, web.RateLimit(3))
	post := func(from string, headers ...string) *httptest.ResponseRecorder {
		request := httptest.NewRequest(http.MethodPost, "/", nil)
		request.RemoteAddr = from
		for i := 0; i+1 < len(headers); i += 2 {
			request.Header.Set(headers[i], headers[i+1])
		}
		r := httptest.NewRecorder()
		e.ServeHTTP(r, request)
		return r
	}
	for i := range 3 {
		if r := post("192.0.2.1:1000"); r.Code != http.StatusOK {
			t.Fatalf("try %d of 3: %d", i+1, r.Code)
		}
	}
	r := post("192.0.2.1:2000")
	if r.Code != http.StatusTooManyRequests || r.Header().Get("Retry-After") != "60" {
		t.Errorf("the fourth try: %d, Retry-After %q, want 429 and 60", r.Code, r.Header().Get("Retry-After"))
	}
	wantProblem(t, r, "too_many", "")
	if r := post("192.0.2.1:1000", "X-Forwarded-For", "198.51.100.7", "X-Real-IP", "198.51.100.7"); r.Code != http.StatusTooManyRequests {
		t.Errorf("with another address in a header: %d, want 429", r.Code)
	}
	if r := post("192.0.2.2:1000"); r.Code != http.StatusOK {
		t.Errorf("from another address: %d, want 200", r.Code)
	}
}

func TestLimitBody(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		size   int
		status int
	}{{"nothing", 0, 200}, {"as much as may be", 2048, 200}, {"a byte more", 2049, 413}, {"far more", 1 << 20, 413}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := newEcho(newSite(t, nil, onPlain))
			e.POST("/", func(ctx echo.Context) error {
				body, err := io.ReadAll(ctx.Request().Body)
				if err != nil {
					return web.ReadFailure(err)
				}
				if len(body) != c.size {
					t.Errorf("read %d bytes, want %d", len(body), c.size)
				}
				return ok(ctx)
			}, web.LimitBody(2048))
			for way, body := range map[string]io.Reader{
				"of a known length": strings.NewReader(strings.Repeat("x", c.size)), "in chunks": io.MultiReader(strings.NewReader(strings.Repeat("x", c.size))),
			} {
				r := send(e, http.MethodPost, "/", body)
				if r.Code != c.status {
					t.Fatalf("%s: %d, want %d", way, r.Code, c.status)
				}
				if c.status != http.StatusOK && !strings.Contains(wantProblem(t, r, "body_large", "").Title, "2 KB") {
					t.Errorf("%s: %s does not say the limit", way, r.Body)
				}
			}
		})
	}
}

func TestLocalPath(t *testing.T) {
	t.Parallel()
	for _, good := range []string{
		"/", "/scores", "/scores?by=plan", "/a?b=//c", "/a?next=https://evil.example", "/a#//b", "/people/%E5%A5%BD", "/a/b%20c", "/people?q=a%5Cb", "/responses?score=9,10",
	} {
		if got := web.LocalPath(good, "/home"); got != good {
			t.Errorf("LocalPath(%q) = %q, want it as it is", good, got)
		}
	}
	for _, bad := range []string{
		"", "scores", "?a=b", "#a", ".", "..", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example", "/%5Cevil.example", "\\/evil.example",
		"/%09/evil.example", "/\t/evil.example", "/%0a/evil.example", "/%0d%0aLocation:%20https://evil.example", "/\r\nSet-Cookie: a=b", "/%00/evil.example", "/%2f/evil.example", "/%2Fevil.example",
		"https://evil.example", "HTTPS://evil.example", "https:/evil.example", "https:evil.example", "http://localhost:8080/scores", "javascript:alert(1)", "data:text/html,x", " /scores", " //evil.example",
		"//evil.example@hark.example", "/%zz", "http://[::1", "//%zz",
	} {
		if got := web.LocalPath(bad, "/home"); got != "/home" {
			t.Errorf("LocalPath(%q) = %q, want the fallback", bad, got)
		}
	}
}
