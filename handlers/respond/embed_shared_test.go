//go:build !race

package respond_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/surveys"
)

// A browser may be used by several people, and a page changed by its own scripts.

// signedIn is a shop whose page says who looks at it; nobody is "".
func signedIn(t *testing.T, markup string) (*shop, *signer, func(who string)) {
	t.Helper()
	s, now := newShop(t, markup), ""
	sign := s.sign()
	s.survey.Identified = false
	s.allow(s.own)
	s.serves["/token"] = func(w http.ResponseWriter, r *http.Request) {
		if now == "" {
			http.NotFound(w, r)
			return
		}
		_, _ = fmt.Fprintln(w, sign.token(now))
	}
	return s, sign, func(who string) { now = who }
}

// owners are the people of the stored answers with their scores; "" for nobody.
func (s *shop) owners(people map[string]string) map[string]int {
	s.Helper()
	owners := make(map[string]int)
	for _, r := range s.b.answers(s.survey) {
		owners[people[r.PersonID]] = r.Score
	}
	return owners
}

// TestUnsentAnswersAreTheirOwners: what somebody chose and could not send is not sent in the
// name of whoever signs in next on the same browser, and theirs is not what nobody signed.
func TestUnsentAnswersAreTheirOwners(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"ada", ""} {
		t.Run("of "+first, func(t *testing.T) {
			s, sign, be := signedIn(t, `<hark-survey survey="KEY" token-url="/token"></hark-survey>`)
			people := map[string]string{sign.person("ada").ID: "ada", sign.person("bob").ID: "bob", "": ""}
			be(first)
			s.enter()
			s.asks()
			s.line.cut.Store(true)
			s.click("input[name=score][value='2']")
			s.waitInFrame("to be kept", `document.querySelector("[role=status]").textContent !== ""`)
			s.line.cut.Store(false)
			be("bob")
			s.enter()
			s.asks()
			time.Sleep(3 * time.Second) // in which it would be sent
			if owners := s.owners(people); len(owners) > 1 || owners["bob"] != 0 {
				t.Fatalf("stored %v", owners)
			}
			s.waitInFrame("nothing chosen", `!document.querySelector("input[name=score]:checked")`)
			s.click("input[name=score][value='9']")
			s.wait("an answer", func() bool { return s.owners(people)["bob"] == 9 })
			be(first)
			s.enter()
			s.wait("the first one's answer", func() bool { owners := s.owners(people); return owners[first] == 2 && owners["bob"] == 9 })
		})
	}
}

// waitInFrame waits until a script of the frame's page says true.
func (s *shop) waitInFrame(what, script string) {
	s.Helper()
	frame := s.within()
	s.wait(what, func() bool {
		is, err := chromedp.Run(frame.tab, chromedp.Evaluate[bool](script))
		return err == nil && is
	})
}

// TestVisitorsOutliveTheirBrowsersMemory: a page of known people alone takes the answer of
// somebody whose browser has forgotten what another one said there.
func TestVisitorsOutliveTheirBrowsersMemory(t *testing.T) {
	t.Parallel()
	s, sign, be := signedIn(t, `<hark-survey survey="KEY" token-url="/token"></hark-survey>`)
	s.survey.Identified = true
	s.allow(s.own)
	people := map[string]string{sign.person("ada").ID: "ada", sign.person("bob").ID: "bob"}
	for who, score := range map[string]string{"ada": "8", "bob": "5"} {
		be(who)
		s.enter()
		s.asks()
		s.click("input[name=score][value='" + score + "']")
		s.wait(who+"'s answer", func() bool { return fmt.Sprint(s.owners(people)[who]) == score })
		s.must(s.do(js(`localStorage.clear()`)))
	}
}

// TestElementRemembers: its lot and its rest hold for all tabs and elements of a site.
func TestElementRemembers(t *testing.T) {
	t.Parallel()
	s := newShop(t, `<hark-survey survey="KEY" mode="popover" open="delay" delay="1.5" sample="50"></hark-survey><hark-survey survey="KEY" mode="popover" open="manual" id="hand"></hark-survey>`)
	kept := func(script string) string {
		said, err := chromedp.Run(s.tab, chromedp.Evaluate[string](`(() => { const key = Object.keys(localStorage).find(k => k.startsWith("hark:")), kept = key ? JSON.parse(localStorage[key]) : {}; return String(`+script+`); })()`))
		s.must(err)
		return said
	}
	s.enter()
	s.wait("its lot", func() bool { return kept(`kept.luck`) != "undefined" })
	luck := kept(`kept.luck`)
	s.enter()
	time.Sleep(2500 * time.Millisecond)
	if again := kept(`kept.luck`); again != luck {
		t.Errorf("the lot was %s, and is drawn again: %s", luck, again)
	}
	// Another tab closes it, which this one's elements hear of.
	const closes = `(() => { const key = Object.keys(localStorage).find(k => k.startsWith("hark:")); localStorage[key] = JSON.stringify(Object.assign(JSON.parse(localStorage[key]), {luck: 0, closed: Date.now()})); })()`
	s.enter()
	s.must(s.do(js(closes)))
	time.Sleep(2500 * time.Millisecond)
	s.waitFor("nobody asked", `told.length === 0`)
	s.must(s.do(js(`document.querySelector("#hand").open()`)))
	s.tells("shown")
	if kept(`kept.closed > 0 && kept.luck === 0`) != "true" {
		t.Errorf("what the other tab wrote is gone: %s", kept(`JSON.stringify(kept)`))
	}
}

// TestElementIsChanged: its survey may come later, or be another one, whose answer is not
// the first one's.
func TestElementIsChanged(t *testing.T) {
	t.Parallel()
	s := newShop(t, `<p id="place"></p>`)
	other, _ := s.b.asking(surveys.CES, surveys.StyleNumbers)
	s.survey, other = other, s.survey
	s.allow(s.own)
	s.survey, other = other, s.survey
	key := func(survey surveys.Survey) string { return survey.PublicID(s.b.workspace.Key) }
	s.enter()
	s.waitFor("the element", `customElements.get("hark-survey") !== undefined`)
	s.must(s.do(js(fmt.Sprintf(`(() => { window.e = document.createElement("hark-survey"); document.querySelector("#place").append(e); e.setAttribute("survey", %q); })()`, key(s.survey)))))
	s.tells("shown")
	s.click("input[name=score][value='3']")
	s.tells("shown, answered 3")
	s.must(s.do(js(fmt.Sprintf(`e.setAttribute("survey", %q)`, key(other)))))
	s.tells("shown, answered 3, shown")
	s.clickWithin(s.withinOf(key(other)), "hark-survey", "input[name=score][value='3']")
	s.tells("shown, answered 3, shown, answered 3")
	s.must(s.do(js(fmt.Sprintf(`(() => { told.length = 0; e.setAttribute("mode", "popover"); e.setAttribute("open", "manual"); e.setAttribute("survey", %q); e.open(); e.close(); })()`, key(s.survey)))))
	s.tells("dismissed, closed")
}

// TestClickGoesOnWhereNothingComes: what was clicked does its work when the survey that it
// opens does not come.
func TestClickGoesOnWhereNothingComes(t *testing.T) {
	t.Parallel()
	for name, selector := range map[string]string{"a button of a form": "#go", "a link": "#link"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel() // they wait for most of their time
			s := newShop(t, `<script src="/clicks.js"></script><form action="/bye"><button id="go" class="ask">Go</button></form><a id="link" class="ask" href="/bye">Go</a><hark-survey survey="KEY" mode="modal" open="click" selector=".ask"></hark-survey>`)
			s.serves["/bye"] = func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprint(w, "bye") }
			clicks := make(chan string, 9)
			s.serves["/clicks.js"] = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/javascript")
				_, _ = fmt.Fprint(w, `addEventListener("click", () => fetch("/click", {keepalive: true}))`)
			}
			s.serves["/click"] = func(http.ResponseWriter, *http.Request) { clicks <- "" }
			s.frames(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "broken", http.StatusInternalServerError) })
			s.enter()
			s.waitFor("the element", `customElements.get("hark-survey") !== undefined`)
			s.must(s.press(selector))
			s.waitFor("what was clicked", `location.pathname === "/bye"`)
			if len(clicks) != 1 {
				t.Errorf("the page's own script heard of %d clicks", len(clicks))
			}
		})
	}
}
