package office

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync/atomic"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// fast lets a page's clock run thirty times as fast: what takes a minute on a
// wall takes two seconds.
const fast = `{
	const began = Date.now(), now = Date.now.bind(Date), timeout = setTimeout.bind(window), interval = setInterval.bind(window);
	Date.now = () => began + (now() - began) * 30;
	window.setTimeout = (f, ms) => timeout(f, ms / 30);
	window.setInterval = (f, ms) => interval(f, ms / 30);
}`

func runBefore(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script})
		return err
	})
}

// server is a server that a test can take away: connections break, or all it says
// is a status.
type server struct {
	handler http.Handler
	broken  atomic.Bool
	status  atomic.Int64
}

func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch status := s.status.Load(); {
	case s.broken.Load():
		panic(http.ErrAbortHandler)
	case status > 0:
		w.WriteHeader(int(status))
	default:
		s.handler.ServeHTTP(w, r)
	}
}

// wall is a browser that shows screens of a server that can be taken away.
type wall struct {
	*tab
	server  *server
	console *browsertest.Console
}

func (x *team) wall() *wall {
	x.t.Helper()
	plain := *x.site
	plain.URL = &url.URL{Scheme: "http", Host: "localhost"}
	s := &server{handler: webtest.Handler(&plain, func(e *echo.Echo, site *web.Site) {
		Register(e, site)
		e.GET(static.Prefix+"*", echo.WrapHandler(site.Assets))
	}, func(c echo.Context, err error) error { return Fail(c, &plain, err) })}
	w := &wall{tab: &tab{member: x.as(surveys.Viewer), ctx: browsertest.New(x.t), address: webtest.Serve(x.t, s)}, server: s}
	w.cookies[0].Name = "hark_session"
	w.do(cookie(w.address, w.cookies[0]), cookie(w.address, &http.Cookie{Name: "hark_language", Value: "en"}), chromedp.EmulateViewport(1920, 1080), runBefore(fast))
	var err error
	if w.console, err = browsertest.Hear(w.ctx); err != nil {
		x.t.Fatal(err)
	}
	return w
}

// surveysOn fills a workspace with surveys that were answered.
func (x *team) surveysOn(n int) []surveys.Survey {
	x.t.Helper()
	var list []surveys.Survey
	for i := range n {
		survey := storetest.Survey(x.t, x.store, x.w.ID, surveys.Metrics()[i%4])
		x.answers(survey, append(many(60, 2, "pro", 5, 4, 3), many(60, 120, "pro", 4, 4, 3)...)...)
		list = append(list, survey)
	}
	return list
}

// TestTVSaysWhenTheServerIsGone: since when the figures are old, as long as they
// are, and what a status means.
func TestTVSaysWhenTheServerIsGone(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	w := x.wall()
	w.visit("/surveys/" + x.surveysOn(1)[0].ID + "/tv")
	const alarm = `document.getElementById("tv-alarm")`
	w.eventually(alarm + `.hidden`)
	w.eventually(`window.before = document.getElementById("tv")`)
	w.eventually(`document.getElementById("tv") !== window.before`) // it was read anew
	w.server.broken.Store(true)
	w.eventually(`!` + alarm + `.hidden && /^No connection since \d\d:\d\d\./.test(` + alarm + `.textContent)`)
	w.eventually(`document.querySelector("#tv.stale h1 b")`) // the last figures stay, greyed
	w.server.broken.Store(false)
	w.eventually(alarm + `.hidden && !document.querySelector("#tv.stale")`)
	w.server.status.Store(http.StatusInternalServerError)
	w.eventually(`!` + alarm + `.hidden && ` + alarm + `.textContent.startsWith("No connection since")`)
	w.server.status.Store(http.StatusGone)
	w.eventually(alarm + `.textContent.startsWith("This screen can no longer read")`)
	w.server.status.Store(0)
	w.eventually(alarm + `.hidden`)
}

// TestTVTurns in a browser: by itself, not while it is stopped, and by keys.
func TestTVTurns(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	list := x.surveysOn(3)
	w := x.wall()
	w.visit(pathTV + "?every=20")
	at := func(i int) string {
		return fmt.Sprintf(`document.getElementById("tv").dataset.here.includes("at=%s") && document.title.startsWith(%q)`, list[i].ID, list[i].Name)
	}
	w.eventually(at(0))
	w.eventually(at(1))
	w.eventually(at(2))
	w.eventually(at(0)) // around
	w.do(chromedp.KeyEvent(" "))
	w.eventually(`document.querySelector("#tv-pause[aria-pressed=true]")`)
	here, err := chromedp.Run(w.ctx, chromedp.Evaluate[string](`window.before = document.getElementById("tv"); window.before.dataset.here`))
	if err != nil {
		t.Fatal(err)
	}
	w.eventually(`document.getElementById("tv") !== window.before`) // read anew all the same
	w.eventually(fmt.Sprintf(`document.getElementById("tv").dataset.here === %q`, here))
	for _, key := range []string{kb.ArrowRight, kb.ArrowLeft} { // there and back
		w.eventually(`window.before = document.getElementById("tv").dataset.here`)
		w.do(chromedp.KeyEvent(key))
		w.eventually(`document.getElementById("tv").dataset.here !== window.before`)
	}
	w.eventually(fmt.Sprintf(`document.getElementById("tv").dataset.here === %q`, here))
	w.do(chromedp.Click(chromedp.CSS("#tv-pause")))
	w.eventually(`document.querySelector("#tv-pause[aria-pressed=false]")`)
	for _, complaint := range w.console.Said() {
		t.Error(complaint)
	}
}

// room says what is wrong with the screen that a tab shows: what has no room, what
// is too small to be read from five metres (24 px on a screen of 1920×1080), and
// what is mostly empty.
const room = `(() => {
	const faults = [], page = document.documentElement, least = 24 * Math.min(innerWidth / 1920, innerHeight / 1080);
	if (page.scrollWidth > innerWidth || page.scrollHeight > innerHeight) faults.push("it is " + page.scrollWidth + "×" + page.scrollHeight + " px");
	for (const e of document.querySelectorAll("#tv *")) {
		const box = e.getBoundingClientRect(), words = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== "");
		if (!words || !box.width || !box.height || e.closest(".unseen, title, [style*=hidden]") || !e.checkVisibility({ visibilityProperty: true })) continue;
		if (getComputedStyle(e).clipPath !== "none") continue;
		const size = parseFloat(getComputedStyle(e).fontSize) * e.currentCSSZoom;
		if (size < least * (e.closest(".flag, .flag-number") ? 0.85 : 0.98)) faults.push("“" + e.textContent.trim().slice(0, 20) + "” has " + size.toFixed(1) + " px, not " + least.toFixed(1));
	}
	for (const card of document.querySelectorAll(".tv-charts > .card")) {
		const inside = [...card.children].map((e) => e.getBoundingClientRect()).filter((box) => box.height > 2 && box.width > 2);
		const used = Math.max(...inside.map((box) => box.bottom)) - Math.min(...inside.map((box) => box.top)), all = card.getBoundingClientRect().height;
		if (used < all * 2 / 3) faults.push("#" + card.id + " is empty on " + (all - used).toFixed() + " of " + all.toFixed() + " px");
	}
	return faults;
})()`

// TestTVIsReadAcrossARoom: on every usual screen everything is large enough, and
// has its place.
func TestTVIsReadAcrossARoom(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	storetest.Note(t, m.store, m.surveys["fall"])
	w := m.wall()
	for _, name := range []string{"fall", "quiet", "29", "4", "0"} {
		for _, size := range [][2]int64{{1280, 720}, {1920, 1080}, {3840, 2160}, {1280, 900}} {
			w.do(chromedp.EmulateViewport(size[0], size[1]))
			w.visit("/surveys/" + m.surveys[name].ID + "/tv")
			faults, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]string](room))
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range append(faults, w.console.Said()...) {
				t.Errorf("%s on %d×%d: %s", name, size[0], size[1], fault)
			}
		}
	}
}
