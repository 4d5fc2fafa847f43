//go:build !race

package respond_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// start or midway, what was clicked does its work.
func TestCancelIsNeverInTheWay(t *testing.T) {
	t.Parallel()
	broken := func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", http.StatusInternalServerError) }
	rest := func(a *account) {
		a.flow.Status = surveys.SurveyPaused
		storetest.Write(a.T, a.b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateCancelFlow(ctx, a.flow) })
	}
	for name, c := range map[string]struct {
		before, midway func(a *account)
	}{
		"never there": {before: func(a *account) { a.line.cut.Store(true) }},
		"stopped":     {before: func(a *account) { a.flows(broken); a.stopAfterScript() }},
		"broken":      {before: func(a *account) { a.flows(broken) }},
		"slow":        {before: func(a *account) { a.flows(slow) }},
		"a site that is not named": {before: func(a *account) {
			a.flow.Origins = nil
			storetest.Write(a.T, a.b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateCancelFlow(ctx, a.flow) })
		}},
		"resting":         {before: rest},
		"stopped midway":  {midway: func(a *account) { a.line.cut.Store(true) }},
		"broken midway":   {midway: func(a *account) { a.flows(broken) }},
		"slow midway":     {midway: func(a *account) { a.flows(slow) }},
		"resting, midway": {midway: rest},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they wait for most of their time
			a := newAccount(t)
			if c.before != nil {
				c.before(a)
			}
			a.enter()
			if name == "never there" {
				a.waitFor("the page", `document.readyState === "complete"`)
				a.must(a.press("#button"))
			} else {
				a.cancel("#button")
			}
			if c.midway != nil {
				a.pick("What is the main reason?", "input[value=unused]")
				c.midway(a)
				a.pick("What is the main reason?", "button[value=next]")
				a.reads("The next step could not be loaded. You can still cancel now.")
				if is, err := chromedp.Run(a.tab, chromedp.Evaluate[int](`cancelled`)); err != nil || is != 0 {
					t.Errorf("cancelled %d times before anybody said so, %v", is, err)
				}
				a.pick("You can still cancel now.", "button[value=now]")
			}
			a.waitFor("the shop's own cancelling", `cancelled === 1`)
		})
	}
}

// slow answers after ten seconds.
func slow(_ http.ResponseWriter, r *http.Request) {
	select {
	case <-time.After(10 * time.Second):
	case <-r.Context().Done():
	}
}

// flows answers in the place of flows' pages.
func (a *account) flows(handler http.HandlerFunc) {
	next := a.line.next
	a.line.next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/c/") {
			handler(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// stopAfterScript has the server hang up on all but the script.
func (a *account) stopAfterScript() {
	a.flows(func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = connection.Close()
		}
	})
}

// TestCancelNowWhileItLoads: nobody waits for a slow server.
func TestCancelNowWhileItLoads(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.flows(slow)
	a.enter()
	a.cancel("#button")
	a.waitFor("a way out", `document.querySelector("hark-cancel").shadowRoot.querySelector(".now")?.getBoundingClientRect().height > 40`)
	a.must(a.do(js(`document.querySelector("hark-cancel").shadowRoot.querySelector(".now").click()`)))
	a.waitFor("the shop's own cancelling", `cancelled === 1`)
}

// TestCancelNowAndEscape: whoever has pressed "Cancel now" and closes the flow while the server
// takes its time has cancelled.
func TestCancelNowAndEscape(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.enter()
	a.cancel("#button")
	a.reads("What is the main reason?")
	a.flows(slow)
	a.pick("What is the main reason?", "button[value=now]")
	a.waitFor("told", `document.querySelector("hark-cancel").going === true`)
	a.must(a.do(js(`document.querySelector("hark-cancel").shadowRoot.querySelector(".shut").click()`)))
	a.waitFor("the shop's own cancelling", `cancelled === 1 && told.at(-1) === "left undefined"`)
}

// TestCancelWithManyWords: a comment of a size that browsers do not send from a page that
// goes is no reason to stop anybody.
func TestCancelWithManyWords(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.enter()
	a.cancel("#button")
	a.pick("What is the main reason?", "input[value=too_expensive]")
	a.pick("What is the main reason?", "button[value=next]")
	a.reads("What price would be fair")
	frame := a.within()
	a.must(chromedp.Do(frame.tab, js(`document.querySelector("textarea").value = "\u592a\u8d35\u4e86".repeat(3400)`)))
	a.pick("What price would be fair", "button[value=next]")
	a.pick("Half the price", "button[value=now]")
	a.waitFor("the shop's own cancelling", `cancelled === 1`)
	if list := a.b.cancellations(a.flow); len(list) != 1 || len([]rune(list[0].Comment)) != surveys.MaxCommentRunes {
		t.Errorf("kept %d characters", len([]rune(list[0].Comment)))
	}
}

// withoutCancelScript has the flow's own script not come.
func (a *account) withoutCancelScript() {
	next := a.line.next
	a.line.next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(r.URL.Path, "/cancel.") {
			http.Error(w, "broken", http.StatusInternalServerError)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// TestCancelWithoutItsScript: within the shop's page the flow ends also where its own script
// did not come, and where the server goes away besides.
func TestCancelWithoutItsScript(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.withoutCancelScript()
	a.enter()
	a.cancel("#button")
	a.pick("What is the main reason?", "button[value=now]")
	a.waitFor("the shop's own cancelling", `cancelled === 1`)
	for _, deed := range []string{"now", "next"} {
		a := newAccount(t)
		a.withoutCancelScript()
		a.enter()
		a.cancel("#button")
		a.pick("What is the main reason?", "input[value=unused]")
		a.flows(slow)
		a.pick("What is the main reason?", "button[value="+deed+"]")
		if deed == "next" {
			a.waitFor("a way out", `document.querySelector("hark-cancel").shadowRoot.querySelector(".now")?.getBoundingClientRect().height > 40`)
			a.must(a.do(js(`document.querySelector("hark-cancel").shadowRoot.querySelector(".now").click()`)))
		}
		a.waitFor("the shop's own cancelling after "+deed, `cancelled === 1`)
	}
}
