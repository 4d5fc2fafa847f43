package webtest_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestServerIsLikeTheRealOne: errors are answered by the given function, with
// the middleware of every route around them.
func TestServerIsLikeTheRealOne(t *testing.T) {
	t.Parallel()
	site := webtest.Site(t, storetest.Open(t, store.SQLite))
	address := webtest.Serve(t, webtest.Handler(site, func(e *echo.Echo, _ *web.Site) {
		e.Match([]string{http.MethodGet, http.MethodHead, http.MethodPost}, "/busy", func(echo.Context) error { return surveys.Fail(surveys.Unavailable, "queue_full") })
	}, site.WriteProblem))
	for _, c := range []struct {
		method, path, from string
		status             int
		body               string
	}{
		{http.MethodGet, "/busy", "", 503, "urn:hark:error:queue_full"},
		{http.MethodHead, "/busy", "", 503, ""},
		{http.MethodGet, "/nowhere", "", 404, "urn:hark:error:route_unknown"},
		{http.MethodPost, "/busy", "https://elsewhere.example", 403, "urn:hark:error:cross_origin"},
	} {
		request, err := http.NewRequestWithContext(t.Context(), c.method, address+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.from != "" {
			request.Header.Set("Origin", c.from)
		}
		answer, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != c.status || !strings.Contains(string(body), c.body) || c.body == "" && len(body) > 0 {
			t.Errorf("%s %s: %d %s (%v)", c.method, c.path, answer.StatusCode, body, err)
		}
		if answer.Header.Get("Content-Security-Policy") == "" || answer.Header.Get("X-Request-Id") == "" {
			t.Errorf("%s %s: headers %v", c.method, c.path, answer.Header)
		}
	}
}
