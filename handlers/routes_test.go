package handlers_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// exchange sends a request to a server as a program would, and reads the
// answer.
func exchange(t *testing.T, method, address string, body io.Reader, headers ...string) (*http.Response, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(context.Background(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(content)
}

func TestHeadIsGetWithoutABody(t *testing.T) {
	t.Parallel()
	s := storetest.OpenAt(t, store.SQLite, time.Now)
	c := found(t, s)
	server := httptest.NewServer(newServer(t, s))
	t.Cleanup(server.Close)
	for _, path := range []string{"/", "/healthz", "/readyz", "/metrics", "/openapi.json", "/robots.txt", "/scores", "/sign-in", "/surveys/" + c.survey.ID, "/api/v1/surveys", "/r/" + string(c.answer), "/nowhere"} {
		headers := []string{"Cookie", c.cookie, "Authorization", "Bearer " + c.bearer}
		get, page := exchange(t, http.MethodGet, server.URL+path, nil, headers...)
		head, body := exchange(t, http.MethodHead, server.URL+path, nil, headers...)
		kind := get.Header.Get("Content-Type")
		if head.StatusCode != get.StatusCode || body != "" || get.StatusCode == http.StatusOK && head.Header.Get("Content-Type") != kind {
			t.Errorf("HEAD %s: %d %s with %d bytes, GET: %d %s with %d", path, head.StatusCode, head.Header.Get("Content-Type"), len(body), get.StatusCode, kind, len(page))
		}
	}
	if head, _ := exchange(t, http.MethodHead, server.URL+"/sign-out", nil); head.StatusCode != http.StatusMethodNotAllowed {
		t.Errorf("HEAD of what only takes POST: %d", head.StatusCode)
	}
	if _, metrics := exchange(t, http.MethodGet, server.URL+"/metrics", nil); !strings.Contains(metrics, `method="HEAD",route="/healthz"`) {
		t.Error("the metrics do not count HEAD as HEAD")
	}
}

// TestEveryRequestIsGuarded asks for what there is and what there is not: each
// is refused before it is looked for, and carries the headers.
func TestEveryRequestIsGuarded(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(newServer(t, storetest.OpenAt(t, store.SQLite, time.Now)))
	t.Cleanup(server.Close)
	for _, path := range []string{"/", "/healthz", "/nowhere", "/sign-in", "/assets/nothing.css", "/api/v1/nowhere", "/r/nobody"} {
		large, _ := exchange(t, http.MethodPost, server.URL+path, strings.NewReader(strings.Repeat("x", web.AnswerLimit+1)))
		if large.StatusCode != http.StatusRequestEntityTooLarge || large.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("a large body for %s: %d, %v", path, large.StatusCode, large.Header)
		}
		foreign, _ := exchange(t, http.MethodPost, server.URL+path, strings.NewReader("x"), "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site")
		if foreign.StatusCode != http.StatusForbidden || foreign.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("another site's form for %s: %d, %v", path, foreign.StatusCode, foreign.Header)
		}
	}
}

// TestFilesMayBeLarger: what takes a file is not held to the usual limit.
func TestFilesMayBeLarger(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(newServer(t, storetest.OpenAt(t, store.SQLite, time.Now)))
	t.Cleanup(server.Close)
	for path, most := range map[string]int{"/settings": web.LogoBodyLimit, "/asking/lists": web.ListBodyLimit, "/asking/lists/check": web.ListBodyLimit} {
		for size, refused := range map[int]bool{web.JSONBodyLimit + 1: false, most + 1: true} {
			large, _ := exchange(t, http.MethodPost, server.URL+path, strings.NewReader(strings.Repeat("x", size)))
			if (large.StatusCode == http.StatusRequestEntityTooLarge) != refused {
				t.Errorf("%d bytes for %s: %d", size, path, large.StatusCode)
			}
		}
	}
}

func TestRequestIDs(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(newServer(t, storetest.OpenAt(t, store.SQLite, time.Now)))
	t.Cleanup(server.Close)
	own := regexp.MustCompile(`^[A-Za-z0-9]{32}$`)
	for sent, kept := range map[string]bool{
		"": false, "a": true, "req-1_2.3": true, strings.Repeat("x", 64): true,
		strings.Repeat("x", 65): false, "two words": false, "a\tb": false, `"`: false, "<b>": false, "编号": false, "a=b": false,
	} {
		got, _ := exchange(t, http.MethodGet, server.URL+"/healthz", nil, "X-Request-Id", sent)
		id := got.Header.Get("X-Request-Id")
		if kept && id != sent || !kept && !own.MatchString(id) {
			t.Errorf("%q becomes %q", sent, id)
		}
	}
}
