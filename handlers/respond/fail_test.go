package respond_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/respond"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestFailSaysWhatACustomerCanDo(t *testing.T) {
	t.Parallel()
	site := webtest.Site(t, storetest.Open(t, store.SQLite))
	busy := &surveys.Error{Kind: surveys.Unavailable, Code: "queue_full", RetryAfter: 1500 * time.Millisecond}
	for _, c := range []struct {
		name      string
		method    string
		err       error
		status    int
		title     string
		retry     bool
		reference bool
	}{
		{"a full queue", "GET", busy, 503, "One moment, please", true, true},
		{"a full queue, posted", "POST", busy, 503, "One moment, please", false, true},
		{"too many", "POST", &surveys.Error{Kind: surveys.TooMany, Code: "too_many", RetryAfter: time.Second}, 429, "One moment, please", false, false},
		{"a busy database", "GET", surveys.Fail(surveys.Unavailable, "database_busy"), 503, "One moment, please", true, true},
		{"a full disk", "POST", surveys.Fail(surveys.Unavailable, "database_full"), 503, "Answers cannot be saved right now", false, true},
		{"a disk that is read-only", "POST", surveys.Fail(surveys.Unavailable, "database_readonly"), 503, "Answers cannot be saved right now", false, true},
		{"a file that is gone", "POST", surveys.Fail(surveys.Unavailable, "database_gone_file"), 503, "Answers cannot be saved right now", false, true},
		{"a database that is gone", "GET", surveys.Fail(surveys.Unavailable, "database_gone"), 503, "Answers cannot be saved right now", false, true},
		{"Hark's own failure", "GET", errors.New("secret words of a database"), 500, "Something went wrong on our side", true, true},
		{"no such page", "GET", echo.ErrNotFound, 404, "We cannot find this page", false, false},
		{"another method", "GET", echo.ErrMethodNotAllowed, 405, "We cannot find this page", false, false},
		{"bad input", "POST", surveys.Wrong(surveys.FieldError{Path: "comment", Code: "utf8"}), 422, "We could not read your answer", false, false},
		{"too large", "POST", surveys.Fail(surveys.TooLarge, "body_large"), 413, "We could not read your answer", false, false},
		{"another site's form", "POST", surveys.Fail(surveys.Forbidden, "cross_origin"), 403, "We could not read your answer", false, false},
	} {
		failing := webtest.Handler(site, func(e *echo.Echo, _ *web.Site) {
			e.Any("/s/x", func(echo.Context) error { return c.err })
		}, func(ec echo.Context, err error) error { return respond.Fail(ec, site, err) })
		b := &bundle{t: t, site: site, handler: failing}
		p := b.browser().do(c.method, "/s/x?a=b", http.NoBody)
		p.want(t, c.status, c.title)
		if retry := p.Find("main a.button").AttrOr("href", "") == "/s/x?a=b"; retry != c.retry {
			t.Errorf("%s: there is a way to try again: %v", c.name, retry)
		}
		if reference := strings.Contains(p.Text(), "Reference: "); reference != c.reference {
			t.Errorf("%s: there is a reference: %v", c.name, reference)
		}
		if strings.Contains(p.Text(), "secret") || strings.Contains(p.Text(), "{") {
			t.Errorf("%s: %s", c.name, p.Text())
		}
		var known *surveys.Error
		if errors.As(c.err, &known) && known.RetryAfter > 0 && p.header.Get("Retry-After") == "" {
			t.Errorf("%s: no Retry-After", c.name)
		}
	}
}

// TestBusyKeepsTheAnswer: what cannot be stored right now stays in the form.
func TestBusyKeepsTheAnswer(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	survey, link := b.survey(surveys.NPS)
	_, mail, _ := b.invite(survey)
	stopped := store.NewIngest(s, nil)
	stopped.Close()
	b.site.Answers = flow.NewAnswers(s, b.site.Directory, stopped)
	for _, path := range []string{link, mail} {
		visitor := b.browser()
		asked := visitor.get(path)
		p := visitor.send(asked, url.Values{"score": {"7"}, "comment": {"Not lost."}})
		if p.status != 503 || p.header.Get("Retry-After") == "" || p.chosen() != "7" || p.Find("textarea").Text() != "Not lost." ||
			!strings.Contains(p.Find(".wrong").Text(), "not saved yet") {
			t.Errorf("%s: %d %s", path[:3], p.status, p.Text())
		}
		if p.Find("input[name=form]").AttrOr("value", "") != asked.Find("input[name=form]").AttrOr("value", "") {
			t.Errorf("%s: another form came back", path[:3])
		}
	}
}

// TestGoneFileIsNotCalledBusy: a customer is not told to try in a few seconds
// what will not work then, and nothing is taken.
func TestGoneFileIsNotCalledBusy(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "hark.db")
	s := storetest.OpenURL(t, "sqlite:"+path, storetest.Start)
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	b := newBundle(t, s)
	_, link := b.survey(surveys.NPS)
	visitor := b.browser()
	asked := visitor.get(link)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	p := visitor.send(asked, url.Values{"score": {"7"}, "comment": {"Not lost."}})
	if wrong := p.Find(".wrong").Text(); p.status != 503 || p.Find("textarea").Text() != "Not lost." || strings.Contains(wrong, "Many people") || !strings.Contains(wrong, "not saved") {
		t.Errorf("%d %s", p.status, p.Text())
	}
}

func TestLogo(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	b := newBundle(t, s)
	_, link := b.survey(surveys.NPS)
	picture := []byte("\x89PNG\r\n\x1a\n the picture")
	b.workspace.Logo, b.workspace.LogoType = picture, "image/png"
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateWorkspace(ctx, b.workspace) })
	sum := sha256.Sum256(picture)
	path := "/logo/" + b.workspace.Key + "/" + hex.EncodeToString(sum[:8])
	if src := b.browser().get(link).Find("header img").AttrOr("src", ""); src != path {
		t.Fatalf("the page's logo is %q, want %q", src, path)
	}
	recorder := httptest.NewRecorder()
	b.handler.ServeHTTP(recorder, httptest.NewRequest(http.MethodGet, path, nil))
	header := recorder.Header()
	if recorder.Body.String() != string(picture) || header.Get("Content-Type") != "image/png" || !strings.Contains(header.Get("Cache-Control"), "immutable") ||
		header.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(header.Get("Content-Security-Policy"), "sandbox") {
		t.Errorf("%d %v", recorder.Code, header)
	}
	other := storetest.Workspace(t, s)
	for _, wrong := range []string{path + "0", "/logo/" + b.workspace.Key + "/", "/logo/" + other.Key + "/" + hex.EncodeToString(sum[:8]), "/logo/%ff%ff%ff%ff%ff%ff%ff%ff/x"} {
		if p := b.browser().get(wrong); p.status != 404 {
			t.Errorf("%s: %d", wrong, p.status)
		}
	}
}

func TestOwns(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]bool{"/s/x": true, "/r/x": true, "/u/x": true, "/logo/x/y": true, "/scores": false, "/surveys": false, "/api/v1/s/": false} {
		if respond.Owns(path) != want {
			t.Errorf("Owns(%s) is %v", path, !want)
		}
	}
}
