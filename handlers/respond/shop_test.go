//go:build !race

package respond_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// shop is another site, whose page allows scripts and frames of Hark and nothing else
// from elsewhere. A browser stands before it.
type shop struct {
	scripted
	survey surveys.Survey
	own    string                      // the site's origin
	body   string                      // of its page
	serves map[string]http.HandlerFunc // at other addresses of the site
}

// shopScript keeps what the elements tell.
const shopScript = `window.told = [];
for (const type of ["shown", "answered", "dismissed", "closed", "unavailable"]) addEventListener("hark:" + type, (event) => {
	const more = event.detail.score ?? (event.detail.reason === "failed" ? undefined : event.detail.reason);
	told.push(type + (more === undefined ? "" : " " + more));
});`

// newShop opens a site whose page shows a survey by some HTML, in which HARK and KEY
// stand for Hark's address and the survey's.
func newShop(t *testing.T, markup string) *shop {
	t.Helper()
	s := &shop{scripted: newScripted(t, newBundle(t, storetest.Open(t, store.SQLite))), serves: make(map[string]http.HandlerFunc)}
	own := webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self' "+s.address+"; frame-src "+s.address+"; connect-src 'self'")
		if handler, ok := s.serves[r.URL.Path]; ok {
			handler(w, r)
			return
		}
		if r.URL.Path == "/shop.js" {
			w.Header().Set("Content-Type", "text/javascript")
			_, _ = w.Write([]byte(shopScript))
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = fmt.Fprintf(w, `<!DOCTYPE html><html lang="en"><title>Shop</title><script src="/shop.js"></script>
<script src="%s/embed/v1.js" async></script><h1>The shop</h1><p id="rest">All the rest.</p>%s</html>`, s.address, s.body)
	}))
	s.own = strings.Replace(own, "127.0.0.1", "shop.localhost", 1) // another site than Hark's
	s.survey, _ = s.b.asking(surveys.NPS, surveys.StyleNumbers)
	s.allow(s.own)
	s.body = strings.NewReplacer("HARK", s.address, "KEY", s.survey.PublicID(s.b.workspace.Key)).Replace(markup)
	return s
}

// allow lets sites show the survey.
func (s *shop) allow(origins ...string) {
	s.Helper()
	s.survey.Origins = origins
	storetest.Write(s.T, s.b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, s.survey) })
}

// sign has the survey ask known people only, and says who they are.
func (s *shop) sign() *signer {
	s.Helper()
	s.survey.Identified = true
	s.allow(s.survey.Origins...)
	_, secret, err := s.b.site.Visitors.AddKey(s.Context(), s.b.workspace.ID, surveys.IdentityHS256, "")
	s.must(err)
	return &signer{b: s.b, survey: s.survey, secret: secret}
}

// frames answers in the place of embedded pages.
func (s *shop) frames(handler http.HandlerFunc) {
	next := s.line.next
	s.line.next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/e/") {
			handler(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// escape presses Escape. Of a key that takes away the frame that has the focus, the browser
// does not always say that it has gone up again.
func (s *shop) escape() {
	ctx, stop := context.WithTimeout(s.tab, 5*time.Second)
	defer stop()
	_ = chromedp.Do(ctx, chromedp.KeyEvent(kb.Escape))
}

// enter opens the site's page.
func (s *shop) enter() {
	s.Helper()
	s.must(s.do(chromedp.EmulateViewport(1000, 1400), chromedp.Navigate(s.own)))
}

// tells waits until the elements have told exactly that.
func (s *shop) tells(want string) {
	s.Helper()
	s.waitFor(want, fmt.Sprintf(`told.join(", ") === %q`, want))
}

// within is the frame of the survey, which Chromium keeps in a process of its own.
func (s *shop) within() hand { return s.withinOf("") }

// withinOf is the frame whose address has a text.
func (s *shop) withinOf(text string) hand {
	s.Helper()
	var frame context.Context
	s.wait("the frame", func() bool {
		list, err := chromedp.Targets(s.tab)
		if err != nil {
			return false
		}
		for _, target := range list {
			if target.Type == "iframe" && strings.HasPrefix(target.URL, s.address) && strings.Contains(target.URL, text) {
				var stop context.CancelFunc
				frame, stop = chromedp.NewContext(s.tab, chromedp.WithTargetID(target.TargetID))
				s.Cleanup(stop)
				return true
			}
		}
		return false
	})
	return hand{frame, "mouse"}
}

// click presses what stands in the frame where a pointer finds it on the page, once
// nothing moves any more.
func (s *shop) click(selector string) {
	s.Helper()
	s.clickIn("hark-survey", selector)
}

// clickIn is click within an element's frame.
func (s *shop) clickIn(element, selector string) {
	s.Helper()
	s.clickWithin(s.within(), element, selector)
}

func (s *shop) clickWithin(frame hand, element, selector string) {
	s.Helper()
	type place struct{ X, Y, W, H float64 }
	at := func(tab context.Context, what string) place {
		found, err := chromedp.Run(tab, chromedp.Evaluate[place](`(() => { const b = `+what+`.getBoundingClientRect(); return {X: b.x, Y: b.y, W: b.width, H: b.height}; })()`))
		s.must(err)
		return found
	}
	var inner, outer, innerBefore, outerBefore place
	s.wait("the layout to rest", func() bool {
		innerBefore, outerBefore = inner, outer
		inner, outer = at(frame.tab, fmt.Sprintf("document.querySelector(%q)", selector)), at(s.tab, fmt.Sprintf(`document.querySelector(%q).shadowRoot.querySelector("iframe")`, element))
		time.Sleep(200 * time.Millisecond)
		return inner == innerBefore && outer == outerBefore
	})
	s.must(s.do(chromedp.MouseClickXY(outer.X+inner.X+inner.W/2, outer.Y+inner.Y+inner.H/2)))
}

// asks waits until the frame asks.
func (s *shop) asks() {
	s.Helper()
	frame := s.within()
	s.wait("the question", func() bool {
		is, err := chromedp.Run(frame.tab, chromedp.Evaluate[bool](`document.querySelector("form[data-kept]") !== null`))
		return err == nil && is
	})
}

// says is whether the frame shows some words.
func (s *shop) reads(words string) {
	s.Helper()
	frame := s.within()
	s.wait(words, func() bool {
		is, err := chromedp.Run(frame.tab, chromedp.Evaluate[bool](fmt.Sprintf(`document.body.innerText.includes(%q)`, words)))
		return err == nil && is
	})
}
