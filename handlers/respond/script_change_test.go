package respond_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestKeptAnswerKeepsItsVersion: what waits on a device while the author changes the
// question is stored as what it was said to.
func TestKeptAnswerKeepsItsVersion(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	survey, path := s.b.asking(surveys.CSAT, surveys.StyleNumbers)
	s.must(s.open(s.address + path))
	s.line.cut.Store(true)
	s.must(s.press("input[name=score][value='2']"), s.press("input[name='a.what'][value=price]"), s.write("textarea[name=comment]", "first"))
	s.says("We cannot be reached")
	s.must(s.do(chromedp.Navigate("about:blank")))
	s.b.edit(survey, func(s *surveys.Survey) {
		s.Question.Style, s.Question.Texts = surveys.StyleThumbs, map[string]surveys.Text{"en": {Ask: "Was it hard?"}}
		s.Question.FollowUps[0].Choices = picks("beans", "delivery")
		s.Question.FollowUps[1].Show.Choices = []string{"beans"}
	})
	s.line.cut.Store(false)
	s.must(s.open(s.address + path))
	s.wantStored(`2 "first" []`)
	if got := s.b.answers(survey); len(got) != 1 || got[0].Version != 1 || len(got[0].Answers["what"].Choices) != 1 {
		t.Errorf("stored %+v", got)
	}
	s.shows("2", "first")
}

// TestTakenBackWithoutALine: a box that was unticked, and consent that was withdrawn,
// while the line was down stay so when it is back.
func TestTakenBackWithoutALine(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	survey, path := s.b.asking(surveys.NPS, surveys.StyleNumbers)
	s.must(s.open(s.address+path), s.press("input[name=score][value='9']"))
	for _, box := range []string{"input[name='a.what'][value=price]", "input[name='a.what'][value=beans]", "input[name='a.contact']"} {
		s.must(s.press(box))
	}
	said := func() surveys.Response {
		if list := s.b.answers(survey); len(list) == 1 {
			return list[0]
		}
		return surveys.Response{}
	}
	s.wait("all boxes", func() bool { return len(said().Answers["what"].Choices) == 2 && said().Answers["contact"].Allowed })
	s.line.cut.Store(true)
	s.must(s.press("input[name='a.what'][value=price]"), s.press("input[name='a.contact']"))
	s.says("We cannot be reached")
	s.must(s.do(chromedp.Navigate("about:blank")))
	s.line.cut.Store(false)
	s.must(s.open(s.address + path))
	s.wait("what is left", func() bool { return len(said().Answers["what"].Choices) == 1 && !said().Answers["contact"].Allowed })
}

// TestSendWaitsForWhatComesUp: who presses the button before the page asks what the
// answer brings up is asked it, also after a second press.
func TestSendWaitsForWhatComesUp(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	_, path := s.b.asking(surveys.NPS, surveys.StyleNumbers)
	s.line.slow.Store(true)
	s.must(s.open(s.address+path), s.press("input[name=score][value='2']"), s.do(chromedp.Sleep(1600*time.Millisecond)))
	s.must(s.do(js(`document.querySelector("button[name=send]").click(); document.querySelector("button[name=send]").click()`), s.until("textarea[name='a.wish']"), chromedp.Sleep(3*time.Second)))
	s.waitFor("the question", `document.activeElement === document.querySelector("textarea[name='a.wish']")`)
	s.must(s.write("textarea[name='a.wish']", "Faster"), s.send(thanked))
}

// TestScoreCorrectedBringsWordsBack: a slip of the score and back, and what was written
// is there again.
func TestScoreCorrectedBringsWordsBack(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	survey, path := s.b.asking(surveys.NPS, surveys.StyleNumbers)
	wish := func() string {
		if list := s.b.answers(survey); len(list) == 1 {
			return list[0].Answers["wish"].Text
		}
		return ""
	}
	s.must(s.open(s.address+path), s.press("input[name=score][value='2']"), s.do(s.until("textarea[name='a.wish']")), s.write("textarea[name='a.wish']", "Terrible"))
	s.wait("the wish", func() bool { return wish() == "Terrible" })
	s.must(s.press("input[name=score][value='9']"))
	s.wantStored(`9 "" []`)
	s.waitFor("it to go", `!document.querySelector("textarea[name='a.wish']")`)
	s.must(s.press("input[name=score][value='3']"))
	s.waitFor("it to come back", `document.querySelector("textarea[name='a.wish']")?.value === "Terrible"`)
	s.wantStored(`3 "" []`)
	if got := wish(); got != "Terrible" {
		t.Errorf("the wish is %q", got)
	}
}

// portal answers forms in Hark's place, as networks do before somebody has signed in.
type portal struct {
	next http.Handler
	line *line
}

// ServeHTTP answers while the line is jammed.
func (p portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost && p.line.jammed.Load() {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte("<!DOCTYPE html><main><h1>Welcome to the hotel</h1></main>"))
		return
	}
	p.next.ServeHTTP(w, r)
}

// TestPortalIsNotHark: what somebody else has answered is not stored.
func TestPortalIsNotHark(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	s := newScripted(t, b)
	_, path := b.survey(surveys.NPS)
	hotel := &line{}
	s.line.next = portal{s.line.next, hotel}
	s.must(s.open(s.address + path))
	hotel.jammed.Store(true)
	s.must(s.press("input[name=score][value='9']"))
	s.says("We cannot be reached")
	s.must(s.do(chromedp.Navigate("about:blank")))
	hotel.jammed.Store(false)
	s.must(s.open(s.address + path))
	s.wantStored(`9 "" []`)
}

// TestTabsKeepForEachOther: words in one tab do not push out the answer that another
// could not send.
func TestTabsKeepForEachOther(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	_, path := s.b.survey(surveys.NPS)
	second, stop := chromedp.NewContext(s.tab)
	defer stop()
	other := s
	other.hand = hand{second, "mouse"}
	other.must(other.open(s.address + path))
	s.must(s.open(s.address + path))
	s.line.cut.Store(true)
	s.must(s.press("input[name=score][value='9']"), s.write("textarea[name=comment]", "Very good"))
	s.says("We cannot be reached")
	s.must(s.do(chromedp.Navigate("about:blank")))
	other.must(other.write("textarea[name=comment]", "x"), other.do(chromedp.Sleep(3500*time.Millisecond)))
	s.line.cut.Store(false)
	other.must(other.open(s.address + path))
	s.wantStored(`9 "Very good" []`)
}

// TestMendedErrorsGo: what was wrong is not said any longer once it is stored.
func TestMendedErrorsGo(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	_, path := s.b.survey(surveys.NPS)
	s.must(s.open(s.address+path), s.press("button[name=send]"))
	s.waitFor("what is wrong", `!!document.querySelector(".wrong") && !!document.querySelector("fieldset[aria-invalid] .error")`)
	s.must(s.press("input[name=score][value='7']"))
	s.wantStored(`7 "" []`)
	s.waitFor("nothing wrong", `!document.querySelector(".wrong, .error, [aria-invalid]")`)
}
