package office

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// tab is a real browser of a member.
type tab struct {
	*member
	ctx     context.Context
	address string
}

// open starts a browser that is signed in as an owner.
func (x *team) open(language string) *tab {
	x.t.Helper()
	plain := *x.site                                        // its own: other browsers of this team read theirs meanwhile
	plain.URL = &url.URL{Scheme: "http", Host: "localhost"} // the test's server has no TLS
	handler := webtest.Handler(&plain, func(e *echo.Echo, site *web.Site) {
		Register(e, site)
		e.GET(static.Prefix+"*", echo.WrapHandler(site.Assets))
	}, func(c echo.Context, err error) error { return Fail(c, &plain, err) })
	b := &tab{member: x.as(surveys.Owner), ctx: browsertest.New(x.t), address: webtest.Serve(x.t, handler)}
	b.cookies[0].Name = "hark_session"
	b.do(cookie(b.address, b.cookies[0]), cookie(b.address, &http.Cookie{Name: "hark_language", Value: language}))
	return b
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

func (b *tab) visit(path string) {
	b.t.Helper()
	b.do(chromedp.Navigate(b.address + path))
}

// eventually waits until a condition in the page is true, and the page is whole.
func (b *tab) eventually(condition string) {
	b.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		met, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](`document.readyState === "complete" && !!(`+condition+")"))
		if err == nil && met {
			return
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("it never came true that %s (%v)", condition, err)
		}
	}
}

func cookie(address string, c *http.Cookie) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
		_, err := cdp.Call(ctx, target, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: address})
		return err
	})
}

func withoutScript(ctx context.Context, target *chromedp.Target) error {
	_, err := cdp.Call(ctx, target, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return err
}

const frame = `document.getElementById("preview").contentDocument`

func TestPreviewFollowsWhatIsTyped(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	b := x.open("en")
	b.visit("/surveys/" + survey.ID + "/edit")
	b.eventually(frame + `.querySelector("legend").textContent.includes("recommend Northwind Coffee")`)
	entries, err := chromedp.Run(b.ctx, chromedp.Evaluate[int]("history.length"))
	if err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Focus(chromedp.CSS(`[name="texts.en.ask"]`)), chromedp.KeyEvent("Would you tell a friend?"))
	b.eventually(frame + `.querySelector("legend").textContent === "Would you tell a friend?"`)
	b.do(chromedp.Click(chromedp.CSS(`button[formaction$="lang=zh-Hans"]`)))
	b.eventually(frame + `.querySelector("legend").textContent.includes("推荐")`)
	b.eventually(frame + `.documentElement.lang === "zh-Hans"`)
	b.eventually(fmt.Sprintf("history.length === %d", entries)) // "back" still leaves the form
	b.eventually(`location.pathname.endsWith("/edit")`)
}

func TestPreviewWithoutScript(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	b := x.open("en")
	b.do(chromedp.Func(withoutScript))
	b.visit("/surveys/new")
	b.do(chromedp.Focus(chromedp.CSS(`[name="texts.en.ask"]`)), chromedp.KeyEvent("Would you?"))
	b.do(chromedp.Click(chromedp.CSS(`button[formaction$="lang=en"]`)))
	b.eventually(frame + `.querySelector("legend")?.textContent === "Would you?"`)
	b.eventually(`document.querySelector("[data-copies]") === null || document.querySelector("[data-copies]").hidden`)
}

// stuck names the fields that keep somebody who changed nothing from saving what is stored,
// and those within something closed, of which a browser says nothing.
const stuck = `[...document.querySelectorAll("main form[method=post] :is(input, select, textarea):invalid")].filter((field) => {
	const closed = field.closest("details:not([open])");
	return location.pathname.endsWith("/edit") || closed && !closed.contains(field.form);
}).map((field) => field.name).join(" ")`

// TestPagesFitAPhone opens every page at 320 px, in both languages, and looks
// for anything wider than the window, and for forms that cannot be sent.
func TestPagesFitAPhone(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "zh-Hans"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			x := onSQLite(t)
			b := x.open(language)
			b.do(chromedp.EmulateViewport(320, 640))
			for _, path := range x.pages() {
				b.visit(path)
				b.eventually(`document.querySelector("header nav [href='/scores']")`)
				wide, err := chromedp.Run(b.ctx, chromedp.Evaluate[int]("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
				if err != nil || wide > 0 {
					t.Errorf("%s is %d px too wide (%v)", path, wide, err)
				}
				if held, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](stuck)); err != nil || held != "" {
					t.Errorf("%s cannot be sent for %s (%v)", path, held, err)
				}
			}
		})
	}
}

// pages fills the workspace and lists an address of every page.
func (x *team) pages() []string {
	x.t.Helper()
	full, empty := storetest.Survey(x.t, x.store, x.w.ID, surveys.NPS), storetest.Survey(x.t, x.store, x.w.ID, surveys.CSAT)
	person := storetest.Person(x.t, x.store, x.w.ID)
	storetest.Invitation(x.t, x.store, full, person)
	rules, err := x.store.Rules(x.t.Context(), x.w.ID)
	if err != nil || len(rules) == 0 {
		x.t.Fatalf("no rule (%v)", err)
	}
	x.answers(full, append(many(80, 1, "pro", 10, 9, 3), many(80, 60, "basic", 10, 7, 3)...)...)
	x.answers(full, answer{score: 3, comment: "The parcel came nine days late, and nobody could tell me where it was.", personID: person.ID, plan: "pro"})
	benchmark, theme := storetest.Benchmark(x.t, x.store, x.w.ID, surveys.NPS), storetest.Theme(x.t, x.store, x.w.ID)
	x.read(full, theme)
	x.shop(60)
	x.listed(3)
	leaving := x.leavers(person)
	x.suppress("somebody.with.a.long.name@customers.example", surveys.SuppressedComplained)
	return []string{
		"/loyalty", "/loyalty?by=month&rate=net_churn", "/loyalty/risks", "/settings/loyalty",
		"/surveys/" + full.ID + "/themes", "/surveys/" + empty.ID + "/themes", "/settings/themes", "/settings/themes/new", "/settings/themes/" + theme.ID,
		"/settings/suppressions", "/settings/suppressions?address=somebody.with.a.long.name@customers.example", "/settings/suppressions/import", x.releasePathOf("somebody.with.a.long.name@customers.example"),
		"/settings/benchmarks", "/settings/benchmarks/new", "/settings/benchmarks/" + benchmark.ID, "/settings/benchmarks/" + benchmark.ID + "/delete",
		"/cancellations", "/cancellations/new", leaving + "?range=365&by=plan", leaving + "/edit", leaving + "/site", "/surveys/" + full.ID + "/embed/visitors",
		"/scores", "/surveys/new", "/surveys/" + full.ID + "?by=plan", "/surveys/" + empty.ID, "/surveys/" + full.ID + "/edit", "/surveys/" + full.ID + "/embed?form=popover", "/responses", "/responses?q=nothing",
		"/people", "/people?q=nobody", "/people/" + person.ID, "/people/" + person.ID + "/erase", "/asking", "/asking/new", "/asking/" + rules[0].ID,
		rulePath(rules[0]) + "/edit", rulePath(rules[0]) + "/try", rulePath(rules[0]) + "/events", pathLetters(rules[0].ID), pathLists + "/new", "/settings", pathSending, "/surveys/none",
	}
}
