package respond_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// js runs a script of the page's.
func js(script string) void { return chromedp.Evaluate[chromedp.Void](script) }

// paced makes a kiosk wait for less time than people need.
func paced(idle, answer, thanks time.Duration) void {
	return js(fmt.Sprintf(`Object.assign(document.querySelector("form").dataset, {idle: %d, answer: %d, thanks: %d})`, idle.Milliseconds(), answer.Milliseconds(), thanks.Milliseconds()))
}

// waitFor waits until a script of the page's says true.
func (s scripted) waitFor(what, script string) {
	s.Helper()
	s.wait(what, func() bool {
		is, err := chromedp.Run(s.tab, chromedp.Evaluate[bool](script, chromedp.EvalAwaitPromise))
		return err == nil && is
	})
}

const (
	askedAnew = `!document.getElementById("ask").hidden && !document.querySelector("form :checked")`
	thanking  = `!document.getElementById("thanks").hidden`
)

// TestKioskAsksOneAfterAnother answers by touch and by keys, in one page.
func TestKioskAsksOneAfterAnother(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, st *store.Store) {
		s := newScripted(t, newBundle(t, st))
		_, path := s.b.asking(surveys.NPS, surveys.StyleNumbers)
		heard, err := browsertest.Hear(s.tab)
		s.must(err)
		s.way = "touch"
		s.must(s.open(s.address+kioskOf(path)), s.do(paced(time.Minute, time.Minute, 300*time.Millisecond)))
		s.must(s.press("input[name=score][value='2']"), s.press("input[name='a.what'][value=delivery]"), s.press("input[name='a.late'][value=week]"),
			s.write("textarea[name=comment]", "Late"), s.press("button[name=send]"))
		s.wantStored(`2 "Late" [week]`)
		s.waitFor("the next person", askedAnew)
		s.way = "keyboard"
		s.must(s.reach("input[name=score][value='9']", " "), s.reach("button[name=send]", kb.Enter))
		s.waitFor("the thank-you", thanking)
		s.waitFor("the next person", askedAnew)
		s.wait("two answers", func() bool {
			return strings.Contains(s.stored(), `9 "" []`) && strings.Contains(s.stored(), `2 "Late" [week]`)
		})
		if said := heard.Said(); len(said) > 0 {
			t.Errorf("the page complains: %v", said)
		}
		if cookies, err := chromedp.Run(s.tab, chromedp.Evaluate[string](`document.cookie`)); err != nil || cookies != "" {
			t.Errorf("the kiosk keeps %q, %v", cookies, err)
		}
	})
}

// TestKioskNoticesThatNobodyIsThere: who has chosen and gone has answered, who has only
// written has not, and whoever is still there keeps what they did.
func TestKioskNoticesThatNobodyIsThere(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	_, path := s.b.survey(surveys.NPS)
	asking := `document.getElementById("idle").open`
	s.must(s.open(s.address+kioskOf(path)), s.do(paced(300*time.Millisecond, 2*time.Second, time.Minute)), s.write("textarea[name=comment]", "Good"))
	s.waitFor("to be asked", asking)
	s.must(s.do(chromedp.KeyEvent(kb.Enter)))
	s.waitFor("to go on", `!`+asking+` && document.querySelector("textarea").value === "Good"`)
	s.waitFor("the next person", askedAnew+` && document.querySelector("textarea").value === ""`)
	s.must(s.press("input[name=score][value='7']"))
	s.waitFor("the next person", askedAnew)
	s.wantStored(`7 "" []`)
}

// TestKioskWithoutALine answers while the server is gone, closes the page and opens it
// again: each answer comes once.
func TestKioskWithoutALine(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	survey, path := s.b.survey(surveys.NPS)
	address := s.address + kioskOf(path)
	var loads atomic.Int32
	next := s.line.next
	s.line.next = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == kioskOf(path) {
			loads.Add(1)
		}
		next.ServeHTTP(w, r)
	})
	s.must(s.open(address))
	s.waitFor("the worker to have kept the page", `caches.open("hark-kiosk").then(shelf => shelf.keys()).then(list => list.length === 3)`)
	if n := loads.Load(); n != 1 {
		t.Errorf("the page was loaded %d times", n)
	}
	s.line.cut.Store(true)
	for i, score := range []int{3, 5, 9} {
		s.must(s.do(paced(time.Minute, time.Minute, 200*time.Millisecond)), s.press(fmt.Sprintf("input[name=score][value='%d']", score)), s.press("button[name=send]"))
		s.waitFor("the next person", askedAnew)
		s.waitFor("the count", fmt.Sprintf(`document.getElementById("waiting").textContent === "Waiting to be sent: %d"`, i+1))
		s.must(s.do(chromedp.Navigate("about:blank")), s.open(address)) // from what the worker has kept
	}
	s.must(s.press("input[name=score][value='4']"), s.do(chromedp.Navigate("about:blank")), s.open(address))
	s.waitFor("the count", `document.getElementById("waiting").textContent === "Waiting to be sent: 4"`)
	s.line.cut.Store(false)
	s.must(s.do(js(`dispatchEvent(new Event("online"))`)))
	s.waitFor("an empty queue", `document.getElementById("waiting").hidden`)
	var got []int
	for _, r := range s.b.answers(survey) {
		got = append(got, r.Score)
	}
	if slices.Sort(got); !slices.Equal(got, []int{3, 4, 5, 9}) {
		t.Errorf("stored %v", got)
	}
	s.b.wantRollups(survey, 4)
}

// TestKioskShowsWhatTheServerWould compares the rules of the page with those of the
// domain, for each score and each answer to the follow-ups that others hang on.
func TestKioskShowsWhatTheServerWould(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	survey, path := s.b.asking(surveys.NPS, surveys.StyleNumbers)
	low, high := 2, 4
	survey.Question.FollowUps = append(survey.Question.FollowUps,
		surveys.FollowUp{ID: "sour", Kind: surveys.FollowUpComment, Texts: says("What was it?"), Show: surveys.Show{After: "taste", From: &low, To: &high}})
	text := survey.Question.Texts["en"]
	text.FollowUpBad = "What went wrong?"
	survey.Question.Texts = map[string]surveys.Text{"en": text}
	storetest.Write(t, s.b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	s.must(s.open(s.address + kioskOf(path)))
	values := map[string]surveys.Answer{"": {}, "price": {Choices: []string{"price"}}, "delivery": {Choices: []string{"delivery"}}}
	for score := surveys.Unscored; score <= 10; score++ {
		for _, what := range slices.Sorted(maps.Keys(values)) {
			for taste := range 8 {
				answers := map[string]surveys.Answer{"what": values[what]}
				if taste > 0 {
					answers["taste"] = surveys.Answer{Value: &taste}
				}
				var want []string
				for _, f := range survey.Visible(score, answers) {
					want = append(want, f.ID)
				}
				got, err := chromedp.Run(s.tab, chromedp.Evaluate[string](fmt.Sprintf(`(() => {
					const form = document.querySelector("form");
					form.reset();
					for (const [name, value] of [["score", "%d"], ["a.what", "%s"], ["a.taste", "%d"]]) {
						const field = form.querySelector("input[name='" + name + "'][value='" + value + "']");
						if (field) { field.disabled = false; field.checked = true; }
					}
					form.dispatchEvent(new Event("change"));
					return form.elements.asked.value + "|" + Array.from(form.querySelectorAll("[data-id=comment]:not([hidden]) label"), l => l.firstChild.textContent.trim());
				})()`, score, what, taste)))
				s.must(err)
				why := "What is the main reason for your score?"
				if score > surveys.Unscored && score < 7 {
					why = "What went wrong?"
				}
				if wanted := strings.Join(want, ",") + "|" + why; got != wanted {
					t.Errorf("%d, %q, %d: the page asks %s, want %s", score, what, taste, got, wanted)
				}
			}
		}
	}
}

// TestKioskIsEasyToHit measures what a finger aims at, on tablets upright and lying
// and on a phone, where only five faces in a row are narrower.
func TestKioskIsEasyToHit(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	const small = `Array.from(document.querySelectorAll(".scale label, .picks label, .line, textarea, form .button"), e => e.getBoundingClientRect())
		.filter(r => r.width > 0 && (r.height < 64 || r.width < (%d === 320 ? 53 : 64))).map(r => Math.round(r.width) + "x" + Math.round(r.height)).join(" ")`
	for _, metric := range []surveys.Metric{surveys.NPS, surveys.CES, surveys.CSAT} {
		_, path := s.b.asking(metric, surveys.StyleNumbers)
		s.must(s.open(s.address + kioskOf(path)))
		for _, size := range [][2]int64{{320, 700}, {600, 960}, {768, 1024}, {1024, 768}, {1280, 800}} {
			s.must(s.do(chromedp.EmulateViewport(size[0], size[1])))
			found, err := chromedp.Run(s.tab, chromedp.Evaluate[string](fmt.Sprintf(small, size[0])))
			s.must(err)
			if found != "" {
				t.Errorf("%s at %d px has targets of %s", metric, size[0], found)
			}
		}
	}
}

// TestKioskSaysWhatIsWrong: what keeps an answer from being taken is said in the page's
// language, tied to its field, and gone when it is mended. Keys answer.
func TestKioskSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	_, path := s.b.asking(surveys.NPS, surveys.StyleNumbers)
	const (
		begins = `document.activeElement === document.querySelector("fieldset")`
		tied   = `(() => { const c = document.activeElement.closest("[aria-invalid]"), said = document.getElementById(c.getAttribute("aria-describedby").split(" ")[0]); return said.innerText; })()`
		rests  = `!document.querySelector("form .error, form [aria-invalid]")`
	)
	s.must(s.open(s.address+kioskOf(path)+"?lang=de"), s.do(paced(time.Minute, time.Minute, 100*time.Millisecond)))
	s.waitFor("the focus in the question", begins)
	s.must(s.do(chromedp.KeyEvent(kb.Enter)))
	s.waitFor("what is missing", tied+` === "Bitte wählen Sie eine Antwort." && document.activeElement.value === "0"`)
	s.must(s.do(chromedp.KeyEvent("7")))
	s.waitFor("nothing wrong", rests+` && document.querySelector("[name=score]:checked").value === "7"`)
	s.must(s.press("input[name='a.contact']"), s.write("input[type=email]", "ada@"), s.press("button[name=send]"))
	s.waitFor("what is wrong", tied+`.includes("E-Mail") && document.activeElement.type === "email"`)
	s.must(s.do(chromedp.KeyEvent("example.org"), chromedp.KeyEvent(kb.Enter)))
	s.waitFor("the next person, in the usual language", askedAnew+` && `+rests+` && `+begins+` && document.documentElement.lang === "en"`)
	s.wantStored(`7 "" []`)
	s.must(s.do(chromedp.KeyEvent(kb.Enter)))
	s.waitFor("what is missing", tied+` === "Choose an answer."`)
	s.must(s.do(js(`document.getElementById("again").click()`))) // somebody else begins
	s.waitFor("nothing wrong", rests+` && `+begins)
	s.must(s.do(chromedp.KeyEvent("10"), chromedp.KeyEvent(kb.Enter)))
	s.waitFor("the thank-you", thanking)
}

// TestKioskForgetsHalfAnAddress: whoever leaves before their address is whole has answered
// all the same.
func TestKioskForgetsHalfAnAddress(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	_, path := s.b.asking(surveys.NPS, surveys.StyleNumbers)
	s.must(s.open(s.address+kioskOf(path)), s.do(paced(300*time.Millisecond, 300*time.Millisecond, time.Minute)))
	s.must(s.press("input[name=score][value='7']"), s.press("input[name='a.contact']"), s.write("input[type=email]", "ada@"))
	s.waitFor("the next person", askedAnew)
	s.wantStored(`7 "" []`)
}
