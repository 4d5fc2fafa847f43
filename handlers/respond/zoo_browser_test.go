package respond_test

import (
	"context"
	"flag"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// zooBrowserRuns is how many letters the scanners that run scripts visit on each
// database. A run takes some 2 s, so that continuous integration has a part of the
// 1,000 of the corpus: -zoo.browser.runs=1000 -timeout=5h has all of them.
var zooBrowserRuns = flag.Int("zoo.browser.runs", usualBrowses, "visits of each scanner that runs scripts")

// zooSpeed is how many times faster the clocks of the browser's pages and of the
// server run, so that ten seconds on a page take a fifth of one.
const zooSpeed = 50

// quickClock runs zooSpeed times as fast as the day.
type quickClock struct {
	mu      sync.Mutex
	began   time.Time
	skipped time.Duration
}

// Now is the quick time.
func (c *quickClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return storetest.Start().Add(c.skipped + zooSpeed*time.Since(c.began))
}

// Advance skips time.
func (c *quickClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.skipped += d
}

// disguise hides what a driven browser says about itself, as the worst scanner
// does, and makes its timers quick.
const disguise = `Object.defineProperty(Navigator.prototype, "webdriver", {get: () => false});
for (const name of ["setTimeout", "setInterval"]) { const usual = window[name]; window[name] = (f, t, ...more) => usual(f, t / 50, ...more) }`

// disguised prepares a tab.
func disguised() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: disguise}); err != nil {
			return err
		}
		return chromedp.Do(ctx, usualBrowser())
	})
}

// TestDrivenBrowsersDoNotVote is S4 and S5: a Chromium that hides that it is driven
// opens each link of a letter and lets its scripts run for ten seconds; S5 then
// presses the first button that it sees, with a click that browsers trust.
func TestDrivenBrowsersDoNotVote(t *testing.T) {
	t.Parallel()
	for name, press := range map[string]bool{"S4 runs scripts for 10 s": false, "S5 and presses the first button": true} {
		for _, dialect := range storetest.Dialects() {
			t.Run(name+" on "+string(dialect), func(t *testing.T) {
				clock := &quickClock{began: time.Now()}
				s := storetest.OpenAt(t, dialect, clock.Now)
				z := newZoo(t, s, clock, surveys.CSAT)
				z.send(*zooBrowserRuns)
				clock.Advance(time.Minute)
				z.drive(t, press)
				z.wantMachines(t, s, press)
			})
		}
	}
}

// drive has browsers visit all letters, a few letters each.
func (z *zoo) drive(t *testing.T, press bool) {
	address := webtest.Serve(t, z.handler)
	z.site.URL, _ = url.Parse(address)
	const perBrowser = 15
	for from := 0; from < len(z.letters); from += perBrowser {
		t.Run("", func(t *testing.T) { // each browser ends with its part
			tab := browsertest.New(t)
			if err := chromedp.Do(tab, disguised()); err != nil {
				t.Fatal(err)
			}
			for _, l := range z.letters[from:min(len(z.letters), from+perBrowser)] {
				for _, link := range l.links() {
					if err := visit(tab, address+link, press); err != nil {
						t.Fatalf("%s: %v", link, err)
					}
				}
			}
		})
	}
}

// visit opens a page for ten seconds of its clock, and presses its first button.
func visit(tab context.Context, address string, press bool) error {
	open := func() error {
		return chromedp.Do(tab, chromedp.Navigate(address), chromedp.Sleep(10*time.Second/zooSpeed))
	}
	err := open()
	if err != nil { // the page that follows the button before was still on its way
		err = open()
	}
	if err != nil || !press {
		return err
	}
	click := func() error {
		soon, stop := context.WithTimeout(tab, 5*time.Second)
		defer stop()
		return chromedp.Do(soon, chromedp.Click(chromedp.CSS("main form button")), chromedp.Sleep(10*time.Second/zooSpeed)) // for the page that follows
	}
	if err = click(); err == nil {
		return nil
	}
	if err = open(); err != nil { // what the page before could not send in time put another in its place
		return err
	}
	return click()
}

// wantMachines checks that nothing is counted, and that all is known for what it is.
func (z *zoo) wantMachines(t *testing.T, s *store.Store, press bool) {
	funnel := z.judged()
	if n := int64(*zooBrowserRuns); funnel.Answered != 0 || funnel.Clicked != 0 || funnel.Machines != n {
		t.Errorf("the funnel is %+v, want %d machines and nothing else", funnel, n)
	}
	z.wantRollups(z.asked, 0)
	held, err := s.SurveyHeld(t.Context(), z.workspace.ID, store.HeldFilter{SurveyID: z.asked.ID, State: surveys.HeldAside, Limit: 1 << 20})
	if err != nil || len(held) < *zooBrowserRuns {
		t.Errorf("%d answers are set aside, %v, want one for each of %d letters at least: the script did not run", len(held), err, *zooBrowserRuns)
	}
	for _, h := range held {
		if len(h.Signals) == 0 {
			t.Errorf("an answer is set aside without a reason: %+v", h)
		}
	}
	if n := z.stopped(); n != 0 {
		t.Errorf("%d people were stopped by a machine", n)
	}
	t.Logf("press %v: %d letters, %d answers set aside", press, *zooBrowserRuns, len(held))
}
