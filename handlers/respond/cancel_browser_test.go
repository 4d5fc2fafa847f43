//go:build !race

package respond_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// account is the page of a shop on which people cancel: by a button of its script's, by a
// form and by a link.
type account struct {
	*shop
	flow surveys.CancelFlow
}

const accountPage = `<hark-cancel flow="FLOW" selector=".cancel"></hark-cancel>
<button class="cancel" id="button">Cancel</button>
<form action="/bye"><button class="cancel" id="submit"><b>Cancel</b></button></form>
<a class="cancel" id="link" href="/bye">Cancel</a>`

func newAccount(t *testing.T) *account {
	t.Helper()
	a := &account{shop: newShop(t, "")}
	f, _ := a.b.leaving(func(f *surveys.CancelFlow) { f.Origins = []string{a.own} })
	a.flow = f
	a.body = strings.ReplaceAll(accountPage, "FLOW", f.PublicID(a.b.workspace.Key)) + `<script src="/cancels.js"></script>`
	a.serves["/cancels.js"] = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = fmt.Fprint(w, `window.cancelled = 0;
document.querySelector("#button").addEventListener("click", () => { cancelled++; });
for (const type of ["left", "kept"]) addEventListener("hark:" + type, (event) => { told.push(type + " " + event.detail.reason); window.last = event.detail; });`)
	}
	a.serves["/bye"] = func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "bye") }
	return a
}

// cancel presses one of the page's ways to cancel, once Hark's script is there.
func (a *account) cancel(selector string) {
	a.Helper()
	a.waitFor("the element", `document.readyState === "complete" && customElements.get("hark-cancel") !== undefined`)
	a.must(a.press(selector))
}

// pick presses what stands in the flow's page, once it shows some words.
func (a *account) pick(words, selector string) {
	a.Helper()
	a.reads(words)
	a.clickIn("hark-cancel", selector)
}

// TestCancelOnAPage goes through a flow over a shop's page, which then does what was
// clicked.
func TestCancelOnAPage(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.enter()
	a.cancel("#button")
	a.pick("What is the main reason?", "input[value=too_expensive]")
	a.pick("What is the main reason?", "button[value=next]")
	a.pick("What price would be fair", "button[value=next]")
	a.pick("Half the price", "button[value=decline]")
	a.pick("Do you want to cancel?", "button[value=now]")
	a.waitFor("the shop's own cancelling", `cancelled === 1 && !document.querySelector("hark-cancel").shadowRoot.querySelector("dialog[open]")`)
	a.tells("shown, left too_expensive")
	list := a.b.cancellations(a.flow)
	if len(list) != 1 || list[0].Choice != surveys.CancelLeft || list[0].Offer != surveys.OfferDeclined {
		t.Fatalf("kept %+v", list)
	}
	a.waitFor("its id", fmt.Sprintf(`last.cancellation === %q && last.flow === %q`, list[0].ID, a.flow.PublicID(a.b.workspace.Key)))
}

// TestCancelOnAPageThatChanges: the buttons are made anew while the flow asks; what stands in
// the place of the one that was clicked does its work, and where that is not known none.
func TestCancelOnAPageThatChanges(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, want string }{
		"one by one": {`document.querySelectorAll("ul button").forEach((b) => b.replaceWith(b.cloneNode(true)))`, "tea"},
		"by its id":  {`document.querySelector("ul").innerHTML = "<li><button class=cancel id=tea>tea</button>"`, "tea"},
		"one gone":   {`document.querySelector("ul").innerHTML = "<li><button class=cancel>coffee</button>"`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			id := ""
			if name == "by its id" {
				id = " id=tea"
			}
			a.body = strings.Replace(a.body, `<button class="cancel" id="button">Cancel</button>`, `<button id="button"></button><ul><li><button class="cancel">coffee</button><li><button class="cancel"`+id+`>tea</button></ul>`, 1)
			a.enter()
			a.must(a.do(js(`window.pressed = ""; document.querySelector("ul").addEventListener("click", (event) => { pressed += event.target.innerText; })`)))
			a.cancel("ul li:last-child button")
			a.reads("What is the main reason?")
			a.must(a.do(js(c.change)))
			a.pick("What is the main reason?", "button[value=now]")
			a.waitFor("what is done", fmt.Sprintf(`told.at(-1) === "left " && pressed === %q`, c.want))
		})
	}
}

// TestStayOnAPage takes an offer, and the next time closes the flow midway.
func TestStayOnAPage(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	a.enter()
	a.cancel("#button")
	a.pick("What is the main reason?", "input[value=too_expensive]")
	a.pick("What is the main reason?", "button[value=next]")
	a.pick("What price would be fair", "button[value=next]")
	a.pick("Half the price", "button[value=accept]")
	a.reads("Your choice is noted")
	a.waitFor("told", `told.at(-1) === "kept too_expensive" && last.offer === "half"`)
	a.escape()
	a.waitFor("closed", `told.at(-1) === "closed"`)
	a.cancel("#button")
	a.pick("What is the main reason?", "button[value=next]") // which is still chosen
	a.reads("What price would be fair")
	a.must(a.do(js(`document.querySelector("hark-cancel").close()`)))
	a.waitFor("dismissed", `told.at(-2) === "dismissed" && cancelled === 0`)
}

// TestCancelByFormAndLink cancels where the page has no script for it.
func TestCancelByFormAndLink(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	for _, selector := range []string{"#submit b", "#link"} {
		a.enter()
		a.cancel(selector)
		a.pick("What is the main reason?", "button[value=now]")
		a.waitFor(selector, `location.pathname === "/bye"`)
	}
}

// TestCancelIsNeverInTheWay: with Hark stopped, broken, slow, unknown or resting, from the
// TestCancelPages: every step has no violation of WCAG, at 320 px, dark, right to left, and
// is as small as the other public pages.
func TestCancelPages(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey := storetest.Survey(t, b.site.Store, b.workspace.ID, surveys.NPS)
	_, path := b.leaving(func(f *surveys.CancelFlow) { f.ScoreSurveyID = survey.ID })
	tab, address := browsertest.New(t), webtest.Serve(t, b.handler)
	b.site.URL, _ = url.Parse(address)
	for _, l := range []struct {
		lang string
		look look
	}{{"en", look{320, browsertest.Light}}, {"ar", look{320, browsertest.Dark}}, {"zh-Hans", look{1280, browsertest.Light}}, {"de", look{320, browsertest.Dark}}} {
		if err := chromedp.Do(tab, chromedp.Navigate(address+path+"?lang="+l.lang)); err != nil {
			t.Fatal(err)
		}
		for i, step := range []string{`document.querySelector("input[value=too_expensive]").click();document.querySelector("button[value=next]").click()`, `document.querySelector("button[value=next]").click()`, `document.querySelector("button[value=decline]").click()`, `document.querySelector("button[value=now]").click()`, ""} {
			l.look.take(t, tab, fmt.Sprintf("cancel-%d-%s-%d", i, l.lang, l.look.width))
			judged(t, tab, fmt.Sprintf("step %d in %s", i, l.lang))
			before, err := chromedp.Run(tab, chromedp.Evaluate[string](`document.querySelector("h1").innerText`))
			if err != nil {
				t.Fatal(err)
			}
			if step == "" {
				break
			}
			if err := chromedp.Do(tab, js(step), chromedp.WaitVisible(fmt.Sprintf("%s h1", "main"))); err != nil {
				t.Fatal(err)
			}
			for range 100 {
				now, err := chromedp.Run(tab, chromedp.Evaluate[string](`document.querySelector("h1").innerText`))
				if err == nil && now != before {
					break
				}
				time.Sleep(50 * time.Millisecond)
			}
		}
	}
}

// TestCancelByALink: the flow's page fills the window, and leads on to the shop's own page
// with and without script, also where the server has gone.
func TestCancelByALink(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		script, offer, gone bool
		want                string
	}{
		"with script":                {script: true, want: "/bye"},
		"without script":             {want: "/bye"},
		"an offer's link":            {script: true, offer: true, want: "/pause"},
		"an offer's, without script": {offer: true, want: "/pause"},
		"where the server has gone":  {script: true, gone: true, want: "/bye"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			a.serves["/pause"] = a.serves["/bye"]
			a.flow.Offers[0].Link = a.own + "/pause"
			storetest.Write(t, a.b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateCancelFlow(ctx, a.flow) })
			if !c.script {
				a.must(a.do(withoutScript()))
			}
			a.must(a.open(a.address + "/c/" + a.flow.PublicID(a.b.workspace.Key) + "?hark-return=" + url.QueryEscape(a.own+"/bye")))
			if c.offer {
				for _, selector := range []string{"input[value=too_expensive]", "button[value=next]"} {
					a.must(a.press(selector))
				}
				a.must(a.do(chromedp.WaitVisible(chromedp.CSS("textarea"))), a.press("button[value=next]"), a.press("button[value=accept]"))
			} else {
				a.line.cut.Store(c.gone)
				a.must(a.press("button[value=now]"))
			}
			a.wait("the shop's page", func() bool {
				where, err := chromedp.Run(a.tab, chromedp.Location())
				return err == nil && strings.HasPrefix(where, a.own+c.want)
			})
		})
	}
}

// TestCancelWithoutItsScript: within the shop's page the flow ends also where its own script
// TestCancelNowIsInSight at the first step, on a phone and on a desk, in the shop's page and
// by itself.
func TestCancelNowIsInSight(t *testing.T) {
	t.Parallel()
	a := newAccount(t)
	for _, size := range [][2]int64{{320, 640}, {1280, 720}} {
		a.enter()
		a.must(a.do(chromedp.EmulateViewport(size[0], size[1])))
		a.cancel("#button")
		a.reads("What is the main reason?")
		frame := a.within()
		a.wait("the button within the frame", func() bool {
			bottom, err := chromedp.Run(frame.tab, chromedp.Evaluate[float64](`document.querySelector("button[value=now]").getBoundingClientRect().bottom`))
			if err != nil {
				return false
			}
			at, err := chromedp.Run(a.tab, chromedp.Evaluate[float64](`document.querySelector("hark-cancel").shadowRoot.querySelector("iframe").getBoundingClientRect().top`))
			return err == nil && at+bottom > 100 && at+bottom <= float64(size[1])
		})
		a.must(a.open(a.address+"/c/"+a.flow.PublicID(a.b.workspace.Key)), a.do(chromedp.EmulateViewport(size[0], size[1])))
		a.waitFor("the button", `document.querySelector("button[value=now]").getBoundingClientRect().bottom <= innerHeight`)
	}
}
