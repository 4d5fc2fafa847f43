//go:build !race

package respond_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// panels are the forms that come up by themselves.
func panels() []string { return []string{"popover", "slide-in", "modal"} }

// TestPanelKeepsWhatCouldNotBeSent: what somebody chose while Hark was away, and closed, is
// no answer yet; it is sent, unseen, by the next page, and only then the page hears of it.
func TestPanelKeepsWhatCouldNotBeSent(t *testing.T) {
	t.Parallel()
	s := newShop(t, `<hark-survey survey="KEY" mode="popover"></hark-survey>`)
	s.enter()
	s.tells("shown")
	s.asks()
	s.line.cut.Store(true)
	s.click("input[name=score][value='5']")
	s.waitInFrame("to be kept", `document.querySelector("[role=status]").textContent !== ""`)
	s.must(s.do(js(`document.querySelector("hark-survey").shadowRoot.querySelector(".shut").click()`)))
	s.tells("shown, closed")
	s.line.cut.Store(false)
	s.enter()
	s.wantStored(`5 "" []`)
	s.tells("answered 5")
	s.waitFor("nothing to be seen", `!document.querySelector("hark-survey").shadowRoot.querySelector("iframe, .on")`)
	s.enter()
	s.waitFor("the element", `customElements.get("hark-survey") !== undefined && document.readyState === "complete"`)
	time.Sleep(time.Second)
	s.tells("")
}

// TestElementTakesProperties: frameworks set a property where an element has one of that
// name (React 19, Vue 3), and take it back with null.
func TestElementTakesProperties(t *testing.T) {
	t.Parallel()
	s := newShop(t, `<div id="app"></div>`)
	s.enter()
	s.waitFor("the element", `customElements.get("hark-survey") !== undefined && document.readyState === "complete"`)
	key := s.survey.PublicID(s.b.workspace.Key)
	s.must(s.do(js(`window.made = (tag, given) => {
		const e = document.createElement(tag);
		for (const name in given) if (name in e) e[name] = given[name]; else e.setAttribute(name, given[name]);
		document.querySelector("#app").append(e);
		return e;
	}`)))
	s.must(s.do(js(fmt.Sprintf(`made("hark-survey", {survey: %q, mode: "popover", open: "manual", scroll: "20", theme: "dark", token: "a.b.c", selector: "#none", lang: "en"})`, key))))
	s.must(s.do(js(`document.querySelector("hark-survey").open()`)))
	s.tells("shown")
	s.waitFor("its attributes", `(e => e.getAttribute("mode") === "popover" && e.getAttribute("open") === "manual" && e.getAttribute("scroll") === "20" && e.shadowRoot.querySelector(".popover.on") !== null)(document.querySelector("hark-survey"))`)
	s.waitInFrame("the dark", `(c => c.colorScheme === "dark" && c.getPropertyValue("--paper").trim() === "#17191c")(getComputedStyle(document.documentElement))`)
	s.must(s.do(js(`document.querySelector("hark-survey").mode = null`)))
	s.waitFor("another form", `!document.querySelector("hark-survey").hasAttribute("mode") && !document.querySelector("hark-survey").shadowRoot.querySelector(".popover")`)
	s.must(s.do(js(`document.querySelector("hark-survey").remove(); made("hark-cancel", {flow: "none", selector: "#rest", now: "Cancel", theme: "light"})`)))
	s.waitFor("the flow's", `document.querySelector("hark-cancel").getAttribute("now") === "Cancel"`)
}

// TestThemeOfThePage: a page within another one has that one's colours, whatever the
// system prefers.
func TestThemeOfThePage(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, _ := b.asking(surveys.NPS, surveys.StyleNumbers)
	b.edit(survey, func(s *surveys.Survey) { s.Origins = []string{"https://shop.example"} })
	for theme, want := range map[string]string{"dark": "@media all{", "light": "@media not all{", "": "prefers-color-scheme"} {
		page := b.browser().get("/e/" + survey.PublicID(b.workspace.Key) + "?hark-host=https%3A%2F%2Fshop.example&hark-theme=" + theme).Find("style").Text()
		if own := strings.Contains(page, "prefers-color-scheme"); !strings.Contains(page, want) || own != (theme == "") {
			t.Errorf("%s: the person's own %t, or without %s", theme, own, want)
		}
	}
}

// TestPanelsAreDownQuietly: without Hark, or while it is slow or broken, nothing comes up and
// the page stands as it is, and has loaded.
func TestPanelsAreDownQuietly(t *testing.T) {
	t.Parallel()
	for _, mode := range panels() {
		for trouble, answer := range map[string]http.HandlerFunc{
			"stopped": nil,
			"broken":  func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", http.StatusInternalServerError) },
			"slow": func(_ http.ResponseWriter, r *http.Request) {
				select {
				case <-time.After(15 * time.Second):
				case <-r.Context().Done():
				}
			},
		} {
			t.Run(mode+" "+trouble, func(t *testing.T) {
				t.Parallel() // they wait for most of their time
				s := newShop(t, fmt.Sprintf(`<hark-survey survey="KEY" mode="%s"></hark-survey>`, mode))
				if answer != nil {
					s.frames(answer)
				}
				s.line.cut.Store(answer == nil)
				began := time.Now()
				s.enter()
				s.waitFor("the page", `document.readyState === "complete"`)
				if took := time.Since(began); trouble == "slow" && took > 8*time.Second {
					t.Errorf("the page has loaded after %s: it waits for the survey", took)
				}
				if answer != nil {
					s.tells("unavailable")
				}
				s.waitFor("the page as it is", `document.querySelector("#rest").innerText === "All the rest." && !document.querySelector("hark-survey").shadowRoot?.querySelector(".on")`)
			})
		}
	}
}

// TestPlainFrame: a frame without any script, in the site's page and in its own, takes an
// answer.
func TestPlainFrame(t *testing.T) {
	t.Parallel()
	s := newShop(t, `<iframe src="HARK/e/KEY" sandbox="allow-forms allow-same-origin" width="600" height="500" title="Survey"></iframe>`)
	s.enter()
	frame := s.within()
	s.must(frame.do(chromedp.WaitVisible(chromedp.CSS("button[name=send]"))))
	s.must(frame.do(chromedp.Click(chromedp.CSS("input[name=score][value='7']")), chromedp.Click(chromedp.CSS("button[name=send]"))))
	s.wantStored(`7 "" []`)
	if list := s.b.answers(s.survey); len(list) != 1 || list[0].Channel != surveys.ChannelEmbed {
		t.Errorf("stored %+v", list)
	}
}

// TestEmbedOnASmallPhone: each form in Arabic, on the narrowest screen, runs from right to
// left and fits; nothing of it or of the page around scrolls sideways.
func TestEmbedOnASmallPhone(t *testing.T) {
	t.Parallel()
	for _, mode := range append(panels(), "inline") {
		t.Run(mode, func(t *testing.T) {
			s := newShop(t, fmt.Sprintf(`<hark-survey survey="KEY" mode="%s" lang="ar"></hark-survey>`, mode))
			s.must(s.do(chromedp.EmulateViewport(320, 640), chromedp.Navigate(s.own)))
			s.tells("shown")
			s.waitInFrame("from right to left", `document.documentElement.dir === "rtl" && document.documentElement.scrollWidth <= innerWidth`)
			s.waitFor("within the window", `(b => b.left >= 0 && b.right <= 320 && b.width > 200 && document.documentElement.scrollWidth <= 320)(document.querySelector("hark-survey").shadowRoot.querySelector("iframe").getBoundingClientRect())`)
			s.waitInFrame("every score to press", `[...document.querySelectorAll("label:has(input[name=score]), input[name=score] + label")].every((l) => (b => b.height >= 44 || b.width >= 44)(l.getBoundingClientRect()))`)
		})
	}
}
