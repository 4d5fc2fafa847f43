package respond_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// line is the connection between a browser and Hark, which a test can cut, make slow
// and jam.
type line struct {
	next   http.Handler
	cut    atomic.Bool
	slow   atomic.Bool // replies to forms take two seconds
	jammed atomic.Bool // forms are refused for now
	narrow atomic.Bool // forms take two seconds to arrive, if their page stays as long
}

// ServeHTTP breaks the connection off while the line is cut.
func (l *line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if l.cut.Load() {
		panic(http.ErrAbortHandler)
	}
	if r.Method == http.MethodPost && l.jammed.Load() {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if r.Method == http.MethodPost && l.narrow.Load() {
		select {
		case <-time.After(2 * time.Second):
		case <-r.Context().Done():
			return
		}
	}
	l.next.ServeHTTP(w, r)
	if r.Method == http.MethodPost && l.slow.Load() {
		time.Sleep(2 * time.Second)
	}
}

// scripted is a browser with script before a survey's page.
type scripted struct {
	*testing.T
	hand
	b       *bundle
	line    *line
	address string
}

func newScripted(t *testing.T, b *bundle) scripted {
	t.Helper()
	tab := browsertest.New(t)
	l := &line{next: b.handler}
	address := webtest.Serve(t, l)
	b.site.URL, _ = url.Parse(address)
	return scripted{T: t, hand: hand{tab, "mouse"}, b: b, line: l, address: address}
}

func (s scripted) must(errs ...error) {
	s.Helper()
	for _, err := range errs {
		if err != nil {
			where, _ := chromedp.Run(s.tab, chromedp.Location())
			s.Fatalf("at %s: %v", where, err)
		}
	}
}

// says waits until the page's status begins with words.
func (s scripted) says(words string) {
	s.Helper()
	s.wait("the page to say "+words, func() bool {
		said, err := chromedp.Run(s.tab, chromedp.Evaluate[string](`document.querySelector("[role=status]")?.textContent ?? ""`))
		return err == nil && strings.HasPrefix(said, words)
	})
}

func (s scripted) wait(what string, is func() bool) {
	s.Helper()
	for until := time.Now().Add(20 * time.Second); !is(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(until) {
			s.Fatalf("waited for %s: stored %s", what, s.stored())
		}
	}
}

// stored is what is stored of all surveys, in words.
func (s scripted) stored() string {
	list, err := s.b.site.Store.Responses(context.Background(), s.b.workspace.ID, store.ResponseFilter{})
	if err != nil {
		return err.Error()
	}
	var words []string
	for _, r := range list {
		words = append(words, fmt.Sprintf("%d %q %v", r.Score, r.Comment, told(r.Answers["late"])[1]))
	}
	return strings.Join(words, ", ")
}

// wantStored waits until exactly that is stored.
func (s scripted) wantStored(want string) {
	s.Helper()
	s.wait(want, func() bool { return s.stored() == want })
}

// TestScoreIsStoredAtOnce: who chooses and goes has answered. What the answer brings up
// is asked on the same page, and what was written meanwhile stays.
func TestScoreIsStoredAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, st *store.Store) {
		s := newScripted(t, newBundle(t, st))
		_, path := s.b.asking(surveys.NPS, surveys.StyleNumbers)
		s.must(s.open(s.address+path), s.do(chromedp.Evaluate[chromedp.Void](`window.same = true`)))
		s.must(s.press("input[name=score][value='9']"))
		s.wantStored(`9 "" []`)
		s.says("Saved.")
		s.must(s.write("textarea[name=comment]", "Good"), s.press("input[name=score][value='2']"), s.do(s.until("textarea[name='a.wish']")))
		s.wantStored(`2 "Good" []`)
		s.must(s.press("input[name='a.what'][value=delivery]"), s.press("input[name='a.late'][value=week]"))
		s.wantStored(`2 "Good" [week]`)
		s.must(s.press("input[name='a.what'][value=delivery]"))
		s.wait("the question to go", func() bool {
			gone, err := chromedp.Run(s.tab, chromedp.Evaluate[bool](`!document.querySelector("input[name='a.late']")`))
			return err == nil && gone
		})
		s.must(s.write("textarea[name=comment]", " beans"))
		s.wantStored(`2 "Good beans" []`)
		same, err := chromedp.Run(s.tab, chromedp.Evaluate[bool](`window.same === true && location.pathname === `+"`"+path+"`"))
		if err != nil || !same {
			t.Errorf("the page was loaded anew: %v", err)
		}
		// Half an address keeps nothing else from being stored.
		s.must(s.press("input[name='a.contact']"), s.write("input[type=email]", "ana@"), s.press("input[name=score][value='3']"))
		s.wantStored(`3 "Good beans" []`)
	})
}

// TestWhatIsWrittenSurvivesTheLine cuts the connection while somebody writes: the
// words come when it is back, and when the page is opened again.
func TestWhatIsWrittenSurvivesTheLine(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	survey, path := s.b.survey(surveys.NPS)
	s.must(s.open(s.address+path), s.press("input[name=score][value='9']"))
	s.wantStored(`9 "" []`)
	s.line.cut.Store(true)
	s.must(s.write("textarea[name=comment]", "Good"))
	s.says("We cannot be reached")
	s.line.cut.Store(false)
	s.wantStored(`9 "Good" []`)
	s.says("Saved.")

	s.line.cut.Store(true)
	s.must(s.write("textarea[name=comment]", " beans"), s.do(chromedp.Navigate("about:blank")))
	s.line.cut.Store(false)
	s.must(s.open(s.address + path))
	s.wantStored(`9 "Good beans" []`)

	s.line.cut.Store(true)
	s.must(s.press("input[name=score][value='8']"), s.press("button[name=send]"))
	s.says("We cannot be reached")
	s.line.cut.Store(false)
	s.must(s.do(chromedp.Evaluate[chromedp.Void](`dispatchEvent(new Event("online"))`), s.until(thanked)))
	s.wantStored(`8 "Good beans" []`)
	s.must(s.do(chromedp.NavigateBack(), s.until("form .button")))
	s.b.wantRollups(survey, 1)
}

// TestWordsWithoutAScoreComeBack: what was written before a score was chosen is in its
// field again after a reload.
func TestWordsWithoutAScoreComeBack(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	_, path := s.b.survey(surveys.NPS)
	s.must(s.open(s.address+path), s.write("textarea[name=comment]", "Good"), s.open(s.address+path))
	s.wait("the words", func() bool {
		words, err := chromedp.Run(s.tab, chromedp.Evaluate[string](`document.querySelector("textarea").value`))
		return err == nil && words == "Good"
	})
	if got := s.stored(); got != "" {
		t.Errorf("stored %s without a score", got)
	}
}

// TestScriptAnswersOnce: two tabs, a second click on the button, and going back are
// one answer.
func TestScriptAnswersOnce(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	survey, path := s.b.survey(surveys.NPS)
	second, stop := chromedp.NewContext(s.tab)
	defer stop()
	other := s
	other.hand = hand{second, "mouse"}
	other.must(other.open(s.address + path))
	s.must(s.open(s.address+path), s.press("input[name=score][value='9']"))
	s.must(s.do(chromedp.Evaluate[chromedp.Void](`(() => { const send = document.querySelector("button[name=send]"); send.click(); send.click(); send.click() })()`), s.until(thanked)))
	s.wantStored(`9 "" []`)
	other.must(other.press("input[name=score][value='4']"))
	s.wantStored(`4 "" []`)
	s.must(s.do(chromedp.NavigateBack(), s.until("form .button")), s.press("input[name=score][value='6']"), s.send(thanked))
	s.wantStored(`6 "" []`)
	s.must(s.do(chromedp.Reload(), s.until(thanked)), s.do(chromedp.Click(chromedp.CSS("a.tap")), s.until("form .button")), s.press("input[name=score][value='7']"))
	s.wantStored(`7 "" []`)
	s.b.wantRollups(survey, 1)
}

// usualBrowser is one that does not say that it has no window.
func usualBrowser() void {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: chrome})
		return err
	})
}

// TestMailedPageStoresAtOnce: a person's touch on the page of a letter counts without
// the button, once the page is a second old.
func TestMailedPageStoresAtOnce(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, st *store.Store) {
		s := newScripted(t, newBundle(t, st))
		began := time.Now()
		s.b.site.Now = func() time.Time { return st.Now().Add(time.Since(began)) }
		survey, _ := s.b.survey(surveys.CSAT)
		_, path, _ := s.b.invite(survey)
		s.must(s.do(usualBrowser()), s.open(s.address+path), s.press("input[name=score][value='2']"))
		s.wantStored(`2 "" []`)
		s.must(s.write("textarea[name=comment]", "Late"), s.send(thanked))
		s.wantStored(`2 "Late" []`)
		s.b.wantRollups(survey, 1)
	})
}

// shows waits until the page has a score chosen and words written.
func (s scripted) shows(score, words string) {
	s.Helper()
	s.waitFor(score+" "+words, fmt.Sprintf(`document.querySelector("input[name=score]:checked")?.value === %q && document.querySelector("textarea[name=comment]").value === %q`, score, words))
}

// TestSlowLineIsOneAnswer reloads the page, and opens it in a second tab, while the first
// answer is on its way: no cookie tells the server yet that all are one.
func TestSlowLineIsOneAnswer(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	survey, path := s.b.survey(surveys.NPS)
	s.line.slow.Store(true)
	s.must(s.open(s.address+path), s.press("input[name=score][value='9']"))
	s.wantStored(`9 "" []`)
	s.must(s.open(s.address+path), s.press("input[name=score][value='8']"))
	s.wantStored(`8 "" []`)
	second, stop := chromedp.NewContext(s.tab)
	defer stop()
	other := s
	other.hand = hand{second, "mouse"}
	other.must(other.open(s.address+path), other.press("input[name=score][value='3']"))
	s.wantStored(`3 "" []`)
	s.b.wantRollups(survey, 1)
}

// TestWhoLeavesHasAnswered: choosing and closing the page at once is an answer.
func TestWhoLeavesHasAnswered(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	_, path := s.b.survey(surveys.NPS)
	s.must(s.open(s.address+path), s.press("input[name=score][value='9']"), s.do(chromedp.Navigate("about:blank")))
	s.wantStored(`9 "" []`)
}

// TestNothingOldOvertakes: what was on its way when the page was left does not arrive
// after what was chosen later.
func TestNothingOldOvertakes(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	survey, path := s.b.survey(surveys.NPS)
	s.line.narrow.Store(true)
	s.must(s.open(s.address+path), s.press("input[name=score][value='9']"), s.do(chromedp.Sleep(1700*time.Millisecond)), s.press("input[name=score][value='1']"), s.open(s.address+path))
	s.shows("1", "")
	s.wantStored(`1 "" []`)
	time.Sleep(3 * time.Second) // for whatever else is on its way
	s.wantStored(`1 "" []`)
	s.b.wantRollups(survey, 1)
}

// TestKeptAnswerComesBack opens the page again while nothing can be sent yet: what was
// said is in the form, what is added to it is kept with it, and all is sent later.
func TestKeptAnswerComesBack(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	_, path := s.b.asking(surveys.NPS, surveys.StyleNumbers)
	s.must(s.open(s.address+path), s.press("input[name=score][value='4']"), s.do(s.until("textarea[name='a.wish']")), s.write("textarea[name='a.wish']", "Wish"))
	s.line.jammed.Store(true)
	s.must(s.write("textarea[name=comment]", "Good"))
	s.says("We cannot be reached")
	s.must(s.do(chromedp.Navigate("about:blank")), s.open(s.address+path))
	s.shows("4", "Good")
	s.must(s.press("input[name=score][value='5']"), s.write("textarea[name=comment]", " beans"))
	s.says("We cannot be reached")
	s.line.jammed.Store(false)
	s.must(s.do(js(`dispatchEvent(new Event("online"))`)))
	s.wantStored(`5 "Good beans" []`)
	list, err := s.b.site.Store.Responses(t.Context(), s.b.workspace.ID, store.ResponseFilter{})
	if err != nil || len(list) != 1 || list[0].Answers["wish"].Text != "Wish" {
		t.Errorf("stored %+v, %v", list, err)
	}
}

// TestNobodyIsThrownOutOfTheirWords: the question above the comment reads otherwise for
// another score, and its field stays while somebody writes in it.
func TestNobodyIsThrownOutOfTheirWords(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	survey, path := s.b.survey(surveys.NPS)
	survey.Question.Texts = map[string]surveys.Text{"en": {FollowUp: "Why?", FollowUpGood: "What is good?"}}
	storetest.Write(t, s.b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	s.line.slow.Store(true)
	s.must(s.open(s.address+path), s.press("input[name=score][value='9']"), s.do(chromedp.Click(chromedp.CSS("textarea")), chromedp.KeyEvent("abc")))
	s.waitFor("the question to change", `document.querySelector("label[for=comment]").textContent.includes("What is good?")`)
	s.must(s.do(chromedp.KeyEvent("def")))
	s.shows("9", "abcdef")
	s.wantStored(`9 "abcdef" []`)
}

// TestChangeWhileSending: what is changed after the button was pressed is sent, too.
func TestChangeWhileSending(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	_, path := s.b.survey(surveys.NPS)
	s.line.slow.Store(true)
	s.must(s.open(s.address+path), s.press("input[name=score][value='9']"), s.press("button[name=send]"), s.press("input[name=score][value='3']"))
	s.must(s.do(s.until(thanked)))
	s.wantStored(`3 "" []`)
	said, err := chromedp.Run(s.tab, chromedp.Evaluate[string](`document.querySelector("main").textContent`))
	if err != nil || !strings.Contains(said, "3 out of 10") {
		t.Errorf("the thank-you says %q, %v", said, err)
	}
}

// TestPausedMeanwhile: what a paused survey does not take is kept, and the page says so.
func TestPausedMeanwhile(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	survey, path := s.b.survey(surveys.NPS)
	status := func(status surveys.SurveyStatus) {
		survey.Status = status
		storetest.Write(t, s.b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	}
	s.must(s.open(s.address + path))
	status(surveys.SurveyPaused)
	s.must(s.press("input[name=score][value='9']"), s.write("textarea[name=comment]", "Good"))
	s.says("We cannot be reached")
	s.must(s.send("main .stack h1"))
	status(surveys.SurveyActive)
	s.must(s.open(s.address + path))
	s.wantStored(`9 "Good" []`)
}

// TestKeysFromTheStart: the first key of a visit works, with no field before it.
func TestKeysFromTheStart(t *testing.T) {
	t.Parallel()
	s := newScripted(t, newBundle(t, storetest.Open(t, store.SQLite)))
	_, path := s.b.survey(surveys.NPS)
	s.must(s.open(s.address+path), s.do(chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight)))
	s.wantStored(`1 "" []`)
	s.must(s.open(s.address+path+"?score=7"), s.do(chromedp.KeyEvent(kb.Enter), s.until(thanked)))
	s.wantStored(`7 "" []`)
}
