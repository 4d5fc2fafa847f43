package respond_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// trouble answers some requests with a status of its own, while it has one.
type trouble struct {
	next   http.Handler
	status atomic.Int32
	meets  func(r *http.Request, body string) bool
}

// ServeHTTP passes on what does not meet the trouble.
func (t *trouble) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(body))
	if status := int(t.status.Load()); status != 0 && t.meets(r, string(body)) {
		http.Error(w, "trouble", status)
		return
	}
	t.next.ServeHTTP(w, r)
}

// kiosk is a browser before a survey's kiosk, with the trouble that its requests meet.
func kiosk(t *testing.T, meets func(r *http.Request, body string) bool) (scripted, *trouble) {
	t.Helper()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	met := &trouble{next: s.line.next, meets: meets}
	s.line.next = met
	return s, met
}

// give answers with a score and waits for the next person's turn.
func (s scripted) give(score int) {
	s.Helper()
	s.must(s.do(paced(time.Minute, time.Minute, 200*time.Millisecond)), s.press(fmt.Sprintf("input[name=score][value='%d']", score)), s.press("button[name=send]"))
	s.waitFor("the next person", askedAnew)
}

// waits is that so many answers wait on the tablet.
func waits(n int) string {
	return fmt.Sprintf(`document.getElementById("waiting").textContent === "Waiting to be sent: %d"`, n)
}

// wantScores waits until exactly these scores are stored.
func (s scripted) wantScores(survey surveys.Survey, want ...int) {
	s.Helper()
	var got []int
	s.wait(fmt.Sprint(want), func() bool {
		got = nil
		for _, r := range s.b.answers(survey) {
			got = append(got, r.Score)
		}
		slices.Sort(got)
		return slices.Equal(got, want)
	})
	s.b.wantRollups(survey, int64(len(want)))
}

// german takes German from the menu.
func (s scripted) german() {
	s.Helper()
	s.must(s.do(chromedp.Click(chromedp.CSS("summary")), chromedp.Click(chromedp.CSS(".langs a[lang=de]"))))
}

const online = `dispatchEvent(new Event("online"))`

// TestKioskWithAFullDevice: what the device has no room for waits in memory, with what
// it has kept before.
func TestKioskWithAFullDevice(t *testing.T) {
	t.Parallel()
	s, _ := kiosk(t, nil)
	survey, path := s.b.survey(surveys.NPS)
	s.must(s.open(s.address + kioskOf(path)))
	s.line.cut.Store(true)
	s.give(3)
	s.must(s.do(js(`Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError") }`)))
	s.give(5)
	s.give(9)
	s.waitFor("the count", waits(3))
	s.line.cut.Store(false)
	s.must(s.do(js(online)))
	s.wantScores(survey, 3, 5, 9)
}

// TestKioskGoesOnAfterARefusal: an answer that the server cannot take stands in no
// other's way, and is not thrown away.
func TestKioskGoesOnAfterARefusal(t *testing.T) {
	t.Parallel()
	for name, status := range map[string]int{"a fault": 500, "too large": 413, "not understood": 422, "somebody else's page": 200, "too many": 429} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, met := kiosk(t, func(r *http.Request, body string) bool {
				return r.Method == http.MethodPost && strings.Contains(body, "score=3&")
			})
			survey, path := s.b.survey(surveys.NPS)
			s.must(s.open(s.address + kioskOf(path)))
			met.status.Store(int32(status))
			s.give(3)
			s.give(5)
			s.wantScores(survey, 5)
			s.waitFor("the count", waits(1))
			met.status.Store(0)
			s.must(s.open(s.address + kioskOf(path)))
			s.wantScores(survey, 3, 5)
			s.waitFor("an empty queue", `document.getElementById("waiting").hidden`)
		})
	}
}

// TestKioskShowsNoFault: while the server can only complain, the tablet shows what it
// has kept.
func TestKioskShowsNoFault(t *testing.T) {
	t.Parallel()
	s, met := kiosk(t, func(r *http.Request, _ string) bool { return strings.HasPrefix(r.URL.Path, "/k/") })
	survey, path := s.b.survey(surveys.NPS)
	address := s.address + kioskOf(path)
	s.must(s.open(address))
	s.waitFor("the worker to have kept the page", `caches.open("hark-kiosk").then(shelf => shelf.keys()).then(list => list.length === 3)`)
	met.status.Store(502)
	s.must(s.open(address))
	s.give(7)
	s.waitFor("the count", waits(1))
	met.status.Store(0)
	s.must(s.do(js(online)))
	s.wantScores(survey, 7)
}

// TestKioskSpeaksToOneAfterAnother: whoever takes another language keeps what they did
// and gives one answer, in that language; the next person is asked in the usual one.
// The page is never left, which would end its full screen.
func TestKioskSpeaksToOneAfterAnother(t *testing.T) {
	t.Parallel()
	s, _ := kiosk(t, nil)
	survey, path := s.b.asking(surveys.NPS, surveys.StyleNumbers)
	german := func() {
		t.Helper()
		s.german()
		s.waitFor("German", `document.documentElement.lang === "de" && document.activeElement.tagName === "SUMMARY"`)
	}
	s.must(s.open(s.address+kioskOf(path)+"?shop=12"), s.do(js(`window.same = true`)), s.press("#full"))
	s.waitFor("full screen", `!!document.fullscreenElement && document.getElementById("full").hidden`)
	s.must(s.press("input[name=score][value='2']"), s.press("input[name='a.what'][value=delivery]"), s.press("input[name='a.late'][value=week]"), s.write("textarea[name=comment]", "Late"))
	german()
	s.waitFor("what was given before", `document.querySelector("textarea[name=comment]:enabled").value === "Late" && document.querySelectorAll("form :checked").length === 3 && !document.querySelector("[data-id=late]").hidden`)
	s.must(s.do(paced(time.Minute, time.Minute, 200*time.Millisecond)), s.press("button[name=send]"))
	s.waitFor("the next person, in English", askedAnew+` && document.documentElement.lang === "en"`)
	s.wantStored(`2 "Late" [week]`)
	if got := s.b.answers(survey)[0]; got.Locale != "de" || got.Fields["shop"] != "12" {
		t.Errorf("stored in %q with %v", got.Locale, got.Fields)
	}

	// Who leaves without an answer leaves nothing of theirs, the language included.
	german()
	s.must(s.do(paced(200*time.Millisecond, 200*time.Millisecond, time.Minute)), s.write("textarea[name=comment]", "x"))
	s.waitFor("the next person, in English", askedAnew+` && document.documentElement.lang === "en" && document.querySelector("textarea").value === ""`)

	// Without a line, and where nothing is kept, the question stays.
	german()
	s.must(s.do(js(`caches.delete("hark-kiosk")`)))
	s.line.cut.Store(true)
	s.give(9)
	s.line.cut.Store(false)
	s.must(s.do(js(online)))
	s.wantScores(survey, 2, 9)
	s.waitFor("the page to have stayed", `window.same === true && location.search === "?shop=12" && !!document.fullscreenElement`)
	if said := s.b.answers(survey)[0]; said.Locale != "de" {
		t.Errorf("stored in %q", said.Locale)
	}
}

// TestKioskFollowsItsSurvey: a tablet that is never switched off asks what its author
// asks by now, and says so when that is nothing. Who saw the earlier words answered those.
func TestKioskFollowsItsSurvey(t *testing.T) {
	t.Parallel()
	s, _ := kiosk(t, nil)
	survey, path := s.b.survey(surveys.CSAT)
	edit := func(change func(*surveys.Survey)) {
		t.Helper()
		change(&survey)
		storetest.Write(t, s.b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	}
	s.must(s.open(s.address+kioskOf(path)), s.do(js(`window.same = true`)))
	edit(func(survey *surveys.Survey) {
		survey.Question.Version, survey.Question.Style = 2, surveys.StyleThumbs
	})
	s.give(3) // which two thumbs do not offer
	s.waitFor("thumbs", `document.querySelectorAll("input[name=score]").length === 2`)
	s.give(5)
	s.wantScores(survey, 3, 5)
	for i, want := range []int{2, 1} {
		if got := s.b.answers(survey)[i]; got.Version != want {
			t.Errorf("%d is an answer to version %d", got.Score, got.Version)
		}
	}

	edit(func(survey *surveys.Survey) { survey.Status = surveys.SurveyPaused })
	s.must(s.do(js(`document.querySelector("form").dataset.look = 3000`)), s.do(paced(time.Minute, time.Minute, 200*time.Millisecond)), s.press("input[name=score][value='1']"), s.press("button[name=send]"))
	s.waitFor("the notice", `document.querySelector("h1").textContent === "This survey is taking a break"`)
	s.german()
	s.waitFor("the notice in German", `document.querySelector("h1").textContent !== "This survey is taking a break" && !document.querySelector("form")`)
	s.waitFor("the notice in English", `document.documentElement.lang === "en"`)
	edit(func(survey *surveys.Survey) { survey.Status = surveys.SurveyActive })
	s.waitFor("the question", `document.querySelector("main form") && `+askedAnew)
	s.must(s.do(js(online)))
	s.wantScores(survey, 1, 3, 5)
	s.waitFor("the page to have stayed", `window.same === true`)
}

// TestKioskInTwoTabs: two tabs of one kiosk share what waits, and both may send it: it
// is one answer for each that was given.
func TestKioskInTwoTabs(t *testing.T) {
	t.Parallel()
	s, _ := kiosk(t, nil)
	survey, path := s.b.survey(surveys.NPS)
	second, stop := chromedp.NewContext(s.tab)
	defer stop()
	other := s
	other.hand = hand{second, "mouse"}
	s.must(s.open(s.address + kioskOf(path)))
	other.must(other.open(s.address + kioskOf(path)))
	s.line.cut.Store(true)
	s.give(2)
	other.give(6)
	s.give(10)
	s.line.cut.Store(false)
	s.must(s.do(js(online)))
	other.must(other.do(js(online)))
	s.wantScores(survey, 2, 6, 10)
	s.must(s.open(s.address + kioskOf(path)))
	s.waitFor("an empty queue", `document.getElementById("waiting").hidden`)
	s.wantScores(survey, 2, 6, 10)
}
