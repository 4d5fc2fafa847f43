package share_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/handlers/share"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestGuestsCanReadEverything looks at what somebody without an account sees, in
// both languages and schemes, on a desk and on a phone: the report, a screen, a
// link that was revoked, and one that never was.
func TestGuestsCanReadEverything(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	x := newWall(t, s)
	site := webtest.Site(t, s)
	site.URL = &url.URL{Scheme: "http", Host: "localhost"}
	address := webtest.Serve(t, webtest.Handler(site, func(e *echo.Echo, site *web.Site) {
		share.Register(e, site)
		e.GET(static.Prefix+"*", echo.WrapHandler(site.Assets))
	}, func(c echo.Context, err error) error { return share.Fail(c, site, err) }))
	_, report := x.share("range=365", func(s *surveys.Share) { s.Comments = true })
	made, revoked := x.share("", nil)
	if err := x.links.Revoke(context.Background(), x.w.ID, made.ID); err != nil {
		t.Fatal(err)
	}
	ctx := browsertest.New(t)
	console, err := browsertest.Hear(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []struct {
		path   string
		status int
	}{{report + "?x=", 200}, {report + "/tv?look=auto", 200}, {revoked + "?x=", 410}, {"/share/unknown?x=", 404}} {
		for _, look := range []struct {
			scheme browsertest.Scheme
			width  int64
			lang   string
		}{{browsertest.Light, 1280, "en"}, {browsertest.Dark, 320, "zh-Hans"}} {
			at := address + page.path + "&lang=" + look.lang
			if err := chromedp.Do(ctx, chromedp.EmulateViewport(look.width, 800), browsertest.Prefer(look.scheme), chromedp.Navigate(at)); err != nil {
				t.Fatal(err)
			}
			found, err := browsertest.Axe(ctx)
			if err != nil {
				t.Fatal(err)
			}
			faults, err := browsertest.Faults(ctx)
			if err != nil {
				t.Fatal(err)
			}
			said := console.Said()
			if page.status != http.StatusOK {
				said = nil // the browser tells of the status
			}
			for _, wrong := range append(append(found, faults...), said...) {
				t.Errorf("%s, %s, %d px: %s", page.path, look.lang, look.width, wrong)
			}
		}
	}
}
