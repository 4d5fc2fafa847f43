//go:build !race

package respond_test

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestEmbed answers each form within another site's page, and closes it.
func TestEmbed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		markup string
		open   func(s *shop)
		shown  string // the selector of what is around the frame in the element
	}{
		"inline":           {`<hark-survey survey="KEY"><a href="HARK/s/KEY">Tell us</a></hark-survey>`, nil, "div"},
		"popover":          {`<hark-survey survey="KEY" mode="popover"></hark-survey>`, nil, ".popover.on"},
		"slide-in, scroll": {`<div style="" id="long"></div><hark-survey survey="KEY" mode="slide-in" open="scroll" scroll="20"></hark-survey><br>` + strings.Repeat("<p>long</p>", 100), func(s *shop) { s.must(s.do(js(`scrollTo(0, 2000)`))) }, ".slide-in.on"},
		"modal, click":     {`<button class="leave"><b>Leave</b></button><hark-survey survey="KEY" mode="modal" open="click" selector=".leave"></hark-survey>`, func(s *shop) { s.must(s.press(".leave b")) }, "dialog[open]"},
		"popover, delay":   {`<hark-survey survey="KEY" mode="popover" open="delay" delay="0.2"></hark-survey>`, nil, ".popover.on"},
		"modal, exit": {`<hark-survey survey="KEY" mode="modal" open="exit"></hark-survey>`, func(s *shop) {
			s.must(s.do(js(`document.dispatchEvent(new MouseEvent("mouseout", {clientY: -1}))`)))
		}, "dialog[open]"},
		"by a program": {`<hark-survey survey="KEY" mode="slide-in" open="manual"></hark-survey>`, func(s *shop) { s.must(s.do(js(`document.querySelector("hark-survey").open()`))) }, ".slide-in.on"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, c.markup)
			s.enter()
			s.waitFor("the element", `customElements.get("hark-survey") !== undefined`)
			if c.open != nil {
				s.waitFor("nothing yet", `told.length === 0 && !document.querySelector("hark-survey").shadowRoot.querySelector("iframe")`)
				c.open(s)
			}
			s.tells("shown")
			s.asks()
			s.waitFor("the survey", fmt.Sprintf(`document.querySelector("hark-survey").shadowRoot.querySelector(%q).getBoundingClientRect().height > 150`, c.shown))
			s.click("input[name=score][value='9']")
			s.wantStored(`9 "" []`)
			s.tells("shown, answered 9")
			s.click("button[name=send]")
			s.reads("Tell others about")
			s.waitInFrame("a link that leaves the frame", `document.querySelector("main a.button").target === "_blank"`)
			s.wantStored(`9 "" []`)
			if list := s.b.answers(s.survey); len(list) != 1 || list[0].Channel != surveys.ChannelEmbed {
				t.Errorf("stored %+v", list)
			}
			if name == "inline" {
				s.waitFor("no fallback", `document.querySelector("hark-survey a").getBoundingClientRect().height === 0`)
				return
			}
			s.escape()
			s.tells("shown, answered 9, closed")
			s.waitFor("no frame", `!document.querySelector("hark-survey").shadowRoot.querySelector("iframe")`)
			s.must(s.do(chromedp.Reload()))
			s.waitFor("the element", `customElements.get("hark-survey") !== undefined`)
			time.Sleep(500 * time.Millisecond)
			if told, err := chromedp.Run(s.tab, chromedp.Evaluate[[]string](`told`)); err != nil || len(told) > 0 {
				t.Errorf("somebody who answered is asked again: %v, %v", told, err)
			}
		})
	}
}

// TestEmbedIsDownQuietly: without Hark, or where the survey does not know the site, the
// page stands as it is, and a link does what it would have done.
func TestEmbedIsDownQuietly(t *testing.T) {
	t.Parallel()
	const inline = `<hark-survey survey="KEY"><a href="/elsewhere">Tell us</a></hark-survey>`
	visible := `document.querySelector("hark-survey a").getBoundingClientRect().height > 0 && document.querySelector("#rest").innerText === "All the rest."`
	for name, c := range map[string]struct {
		markup  string
		trouble func(s *shop)
	}{
		"stopped":                  {inline, func(s *shop) { s.line.cut.Store(true) }},
		"a site that is not named": {inline, func(s *shop) { s.allow("https://other.example") }},
		"no site is named":         {inline, func(s *shop) { s.allow() }},
		"broken": {inline, func(s *shop) {
			s.frames(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", http.StatusInternalServerError) })
		}},
		"slower than anybody waits": {inline, func(s *shop) {
			s.frames(func(_ http.ResponseWriter, r *http.Request) {
				select {
				case <-time.After(15 * time.Second):
				case <-r.Context().Done():
				}
			})
		}},
		"a link": {`<hark-survey survey="KEY" mode="modal" open="click" selector=".tell"></hark-survey><a class="tell" href="/elsewhere">Tell us</a>`, func(s *shop) { s.allow() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they wait for most of their time
			s := newShop(t, c.markup)
			c.trouble(s)
			s.enter()
			s.waitFor("the page", `document.readyState === "complete"`)
			if name == "a link" {
				s.waitFor("the element", `customElements.get("hark-survey") !== undefined`)
				s.must(s.press(".tell"))
				s.waitFor("the link's page", `location.pathname === "/elsewhere"`)
				return
			}
			if name != "stopped" {
				s.tells("unavailable")
			}
			s.waitFor("the page as it is", visible)
		})
	}
}

// TestEmbedKnowsWhoIsSignedIn: the page's own server says who looks at it, when the
// survey is needed; whoever was asked lately is left alone, and the page hears it.
func TestEmbedKnowsWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		markup string
		asked  bool // by mail, lately
		want   string
	}{
		"popover":             {`<hark-survey survey="KEY" mode="popover" token-url="/token"></hark-survey>`, false, "shown"},
		"popover, asked":      {`<hark-survey survey="KEY" mode="popover" token-url="/token"></hark-survey>`, true, "unavailable asked"},
		"inline, asked":       {`<hark-survey survey="KEY" token-url="/token"></hark-survey>`, true, "shown"},
		"an attribute":        {`<hark-survey survey="KEY" token="TOKEN"></hark-survey>`, false, "shown"},
		"a page to sign in":   {`<hark-survey survey="KEY" token-url="/sign-in"><a href="/x">Tell us</a></hark-survey>`, false, "unavailable unknown"},
		"inline, nobody":      {`<hark-survey survey="KEY" token-url="/nothing"><a href="/x">Tell us</a></hark-survey>`, false, "unavailable unknown"},
		"by a click, unnamed": {`<button class="tell">Tell</button><hark-survey survey="KEY" mode="modal" open="click" selector=".tell"></hark-survey>`, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShop(t, c.markup)
			sign := s.sign()
			if c.asked {
				storetest.Invitation(t, s.b.site.Store, storetest.Survey(t, s.b.site.Store, s.b.workspace.ID, surveys.CSAT), sign.person("u1"))
			}
			s.body = strings.Replace(s.body, "TOKEN", sign.token("u1"), 1)
			s.serves["/token"] = func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, sign.token("u1")) }
			s.serves["/nothing"] = http.NotFound
			s.serves["/sign-in"] = func(w http.ResponseWriter, _ *http.Request) {
				_, _ = fmt.Fprint(w, strings.Repeat("<p>Please sign in</p>", 9000))
			}
			s.enter()
			if c.want == "" {
				s.waitFor("the element", `customElements.get("hark-survey") !== undefined`)
				s.must(s.press(".tell"))
				s.reads("Please sign in first")
				return
			}
			s.tells(c.want)
			if c.want != "shown" {
				s.waitFor("no frame", `!document.querySelector("hark-survey").shadowRoot.querySelector("iframe")`)
				return
			}
			s.click("input[name=score][value='9']")
			s.tells("shown, answered 9")
			if list := s.b.answers(s.survey); len(list) != 1 || list[0].PersonID == "" {
				t.Errorf("stored %+v", list)
			}
		})
	}
}

// TestEmbedPolicy: exactly the survey's sites may frame its page, its notices included,
// and only they hear of it.
func TestEmbedPolicy(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.survey(surveys.CSAT)
	path = strings.Replace(path, "/s/", "/e/", 1)
	look := func(ancestors, host, heard string, status int) {
		t.Helper()
		storetest.Write(t, b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		p := b.browser().get(path + "?hark-host=" + url.QueryEscape(host))
		policy := p.header.Get("Content-Security-Policy")
		if p.status != status || !slices.Contains(strings.Split(policy, "; "), "frame-ancestors "+ancestors) || p.Find("body").AttrOr("data-host", "") != heard {
			t.Errorf("%q: %d, %q, hears %q", host, p.status, policy, p.Find("body").AttrOr("data-host", ""))
		}
		if len(p.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%q: a cookie: %v", host, p.header)
		}
	}
	look("'none'", "https://shop.example", "", 200)
	survey.Origins = []string{"https://shop.example", "http://localhost:3000"}
	look("https://shop.example http://localhost:3000", "https://shop.example", "https://shop.example", 200)
	look("https://shop.example http://localhost:3000", "https://evil.example", "", 200)
	survey.Status = surveys.SurveyPaused
	look("https://shop.example http://localhost:3000", "http://localhost:3000", "http://localhost:3000", 410)
	link := b.browser().get(strings.Replace(path, "/e/", "/s/", 1))
	if !strings.Contains(link.header.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
		t.Error("the public page may be framed")
	}
}

// TestRefusedSitesAreNoted: the team hears of sites that may not show a survey, by what
// the element or the browser says; of few of those that somebody makes up.
func TestRefusedSitesAreNoted(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.survey(surveys.CSAT)
	b.edit(survey, func(s *surveys.Survey) { s.Origins = []string{"https://shop.example"} })
	path = strings.Replace(path, "/s/", "/e/", 1)
	b.browser().get(path + "?hark-host=" + url.QueryEscape("https://new.example"))
	b.browser("Referer", "https://shop.example/").get(path)
	b.browser().get(path + "?hark-host=javascript:alert(1)")
	b.browser().get(path)
	for range 9 { // one busy site takes no other's place
		b.browser().get(path + "?hark-host=" + url.QueryEscape("https://new.example"))
	}
	b.browser("Referer", "https://blog.example/a/page").get(path)
	for n := range 50 {
		b.browser().get(fmt.Sprintf("%s?hark-host=https://made%d.example", path, n))
	}
	list, err := b.site.Store.RefusedSites(t.Context(), b.workspace.ID, survey.ID)
	if err != nil || len(list) != 6 {
		t.Fatalf("noted %+v, %v, want six", list, err)
	}
	var names []string
	for _, site := range list {
		names = append(names, site.Origin)
	}
	if !slices.Contains(names, "https://new.example") || !slices.Contains(names, "https://blog.example") || slices.Contains(names, "https://shop.example") {
		t.Errorf("noted %v", names)
	}
}

// TestEmbedWithoutScript: a frame alone asks all its pages, makes one answer, and lets
// it be changed.
func TestEmbedWithoutScript(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
		path = strings.Replace(path, "/s/", "/e/", 1)
		visitor := b.browser()
		first := visitor.get(path + "?order=17&lang=de")
		more := visitor.send(first, url.Values{"score": {"3"}, "a.what": {"delivery"}, "comment": {"Late"}})
		more.want(t, 200, "Vielen Dank. Dürfen wir noch etwas fragen?")
		done := visitor.send(more, url.Values{"a.late": {"week"}, "a.wish": {"Faster"}})
		done.want(t, 200, "Vielen Dank. Ihre Antwort ist angekommen.")
		again := visitor.get(done.Find(".acts a.tap").AttrOr("href", ""))
		if again.status != 200 || again.chosen() != "3" || !strings.Contains(again.Find(".earlier").Text(), "3") {
			t.Errorf("to change: %d, %q chosen: %s", again.status, again.chosen(), again.Find(".earlier").Text())
		}
		visitor.send(again, url.Values{"score": {"10"}})
		visitor.send(again, url.Values{"score": {"10"}}) // once more
		list := b.answers(survey)
		if len(list) != 1 || list[0].Score != 10 || list[0].Comment != "Late" || list[0].Fields["order"] != "17" || list[0].Locale != "de" {
			t.Errorf("stored %+v", list)
		}
		b.wantRollups(survey, 1)
		for _, text := range []string{"", "short", strings.Repeat("x", 65), "<script>aaaaaaaaaaaaaaaaa"} {
			if p := visitor.post(path+"?answer", url.Values{"form": {text}, "score": {"1"}}); p.status != 422 {
				t.Errorf("form %q: %d", html.EscapeString(text), p.status)
			}
		}
	})
}

// TestEmbedScript: it is small, of one address for ever, and may be loaded from any site.
func TestEmbedScript(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	p := b.browser("Accept-Encoding", "gzip").get("/embed/v1.js")
	if p.status != 200 || p.wire > 6<<10 || p.header.Get("Cross-Origin-Resource-Policy") != "cross-origin" || !strings.HasPrefix(p.header.Get("Content-Type"), "text/javascript") {
		t.Errorf("%d, %d bytes, %v", p.status, p.wire, p.header)
	}
}

// TestEmbedPicture takes pictures of each form where they are wanted.
func TestEmbedPicture(t *testing.T) {
	if browsertest.Wanted() == "" {
		t.Skip("nobody wants pictures")
	}
	dir := browsertest.Pictures(t)
	for name, markup := range map[string]string{
		"inline":   `<hark-survey survey="KEY"></hark-survey>`,
		"arabic":   `<hark-survey survey="KEY" lang="ar" mode="popover"></hark-survey>`,
		"popover":  `<hark-survey survey="KEY" mode="popover"></hark-survey>`,
		"slide-in": `<hark-survey survey="KEY" mode="slide-in"></hark-survey>`,
		"modal":    `<hark-survey survey="KEY" mode="modal"></hark-survey>`,
	} {
		s := newShop(t, markup+strings.Repeat("<p>The shop has much to say about coffee.</p>", 30))
		for _, width := range []int{320, 1280} {
			for _, scheme := range []browsertest.Scheme{browsertest.Light, browsertest.Dark} {
				s.must(s.do(chromedp.EmulateViewport(int64(width), 800), chromedp.Navigate(s.own), js("localStorage.clear()"), chromedp.Reload()))
				s.tells("shown")
				time.Sleep(500 * time.Millisecond)
				s.must(browsertest.Screenshot(s.tab, filepath.Join(dir, fmt.Sprintf("embed-%s-%d-%s.png", name, width, scheme)), width, 800, scheme))
			}
		}
	}
}
