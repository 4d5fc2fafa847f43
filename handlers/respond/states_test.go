package respond_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
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

// state is a page as somebody meets it who has done something, or came too late.
type state struct {
	name, path string
	do         void // what leads there; nil for nothing
	there      string
}

// sendAsIs sends the form as it stands, past the script and the browser's own checks.
func sendAsIs(fill string) void {
	return js(fill + `; HTMLFormElement.prototype.submit.call(document.querySelector("main form"))`)
}

// states are the pages that [bundle.publicPages] does not have, with how one comes there.
func (b *bundle) states() []state {
	survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
	answered := func(score string) string {
		_, mail, _ := b.invite(survey)
		visitor := b.browser()
		visitor.send(visitor.get(mail), url.Values{"score": {score}, "a.what": {"delivery"}, "comment": {"Late"}})
		return mail
	}
	bad := answered("1")
	const wrong = `document.querySelector("input[type=email]").value = "ana@"; document.querySelector("textarea").value = "Words that stay"`
	list := []state{
		{"earlier", bad + "?", nil, ".earlier"},
		{"more", bad + "/more?done=what,taste,comment,contact&", nil, "input[name='a.late']"},
		{"thanks-bad", bad + "/thanks?", nil, "main h1"},
		{"thanks-good", answered("10") + "/thanks?", nil, "main .acts .button"},
		{"wrong", path + "?", sendAsIs(wrong), ".wrong"},
		{"saved", path + "?score=3&", chromedp.Click(chromedp.CSS("input[name=score][value='2']")), "[role=status]:not(:empty)"},
		{"kiosk-thanks", kioskOf(path) + "?", chromedp.Steps(chromedp.Click(chromedp.CSS("input[name=score][value='9']")), chromedp.Click(chromedp.CSS("button[name=send]"))), "#thanks:not([hidden])"},
		{"kiosk-idle", kioskOf(path) + "?", chromedp.Steps(paced(10*time.Millisecond, time.Minute, time.Minute), chromedp.Click(chromedp.CSS("input[name=score][value='9']"))), "#idle[open]"},
	}
	for _, o := range b.closed() {
		list = append(list, state{strings.ReplaceAll(o.name, " ", "-"), o.path + "?", nil, "main h1"})
	}
	return list
}

// look is a window and what a system prefers.
type look struct {
	width  int
	scheme browsertest.Scheme
}

// TestEveryStateInABrowser has axe judge what people meet after something was done,
// and keeps pictures of it where they are wanted: then in all four languages that are looked at.
func TestEveryStateInABrowser(t *testing.T) {
	t.Parallel()
	tab, b := browsertest.New(t), newBundle(t, storetest.Open(t, store.SQLite))
	address := webtest.Serve(t, b.handler)
	b.site.URL, _ = url.Parse(address)
	languages := []string{"en", "ar"}
	if browsertest.Wanted() != "" {
		languages = []string{"en", "zh-Hans", "ar", "de"}
	}
	for _, language := range languages {
		for _, s := range b.states() {
			steps := []void{chromedp.Navigate(address + s.path + "lang=" + language)}
			if s.do != nil {
				steps = append(steps, s.do)
			}
			if err := chromedp.Do(tab, append(steps, chromedp.WaitReady(chromedp.CSS(s.there)))...); err != nil {
				t.Fatalf("%s in %s: %v", s.name, language, err)
			}
			for _, l := range []look{{320, browsertest.Light}, {1280, browsertest.Dark}, {640, browsertest.Forced}} {
				l.take(t, tab, strings.Join([]string{"state", s.name, language, string(l.scheme)}, "-"))
				judged(t, tab, fmt.Sprintf("%s in %s, %s at %d px", s.name, language, l.scheme, l.width))
			}
		}
	}
}

// take shows the tab's page so, and keeps a picture of it where it is wanted.
func (l look) take(t *testing.T, tab context.Context, name string) {
	t.Helper()
	err := browsertest.Look(tab, l.width, 0, l.scheme)
	if dir := browsertest.Wanted(); dir != "" {
		err = browsertest.Screenshot(tab, filepath.Join(dir, name+".png"), l.width, 0, l.scheme)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// judged fails the test for everything that axe and the eye for layout find.
func judged(t *testing.T, tab context.Context, where string) {
	t.Helper()
	found, err := browsertest.Axe(tab)
	if err != nil {
		t.Fatal(err)
	}
	faults, err := browsertest.Faults(tab)
	if err != nil {
		t.Fatal(err)
	}
	for _, wrong := range append(found, faults...) {
		t.Errorf("%s: %s", where, wrong)
	}
}

// largeText doubles the size of letters, as people set it in their browser.
func largeText() void {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, cdppage.SetFontSizes, cdppage.SetFontSizesParams{FontSizes: &cdppage.FontSizes{Standard: 32, Fixed: 26}})
		return err
	})
}

// TestLargeText doubles the size of letters on the narrowest phone: nothing is cut and
// nothing scrolls sideways.
func TestLargeText(t *testing.T) {
	t.Parallel()
	tab := browsertest.New(t)
	b := newBundle(t, storetest.Open(t, store.SQLite))
	address, pictures := webtest.Serve(t, b.handler), browsertest.Pictures(t)
	b.site.URL, _ = url.Parse(address)
	for name, path := range b.publicPages() {
		for _, language := range []string{"en", "de"} {
			if err := chromedp.Do(tab, chromedp.EmulateViewport(320, 1600), chromedp.Navigate(address+path+"&lang="+language), largeText()); err != nil {
				t.Fatal(err)
			}
			if size, err := chromedp.Run(tab, chromedp.Evaluate[string](`getComputedStyle(document.documentElement).fontSize`)); err != nil || size != "32px" {
				t.Fatalf("letters are %s: %v", size, err)
			}
			picture, err := chromedp.Run(tab, chromedp.CaptureScreenshot())
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(pictures, "large-"+name+"-"+language+".png"), picture, 0o644); err != nil {
				t.Fatal(err)
			}
			faults, err := browsertest.Faults(tab)
			if err != nil {
				t.Fatal(err)
			}
			for _, wrong := range faults {
				t.Errorf("%s in %s with large letters: %s", name, language, wrong)
			}
		}
	}
}
