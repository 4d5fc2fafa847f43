package office

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// walker looks at pages in a browser.
type walker struct {
	*tab
	console  *browsertest.Console
	language string
}

func (m *matrix) walker(t *testing.T, language string) *walker {
	t.Helper()
	x := *m.team
	x.t = t
	w := &walker{tab: x.open(language), language: language}
	var err error
	if w.console, err = browsertest.Hear(w.ctx); err != nil {
		t.Fatal(err)
	}
	return w
}

// look opens a page in a window of that width and scheme, takes its picture if
// pictures are wanted, and reports whatever is wrong with it.
func (w *walker) look(name, path string, width int64, scheme browsertest.Scheme) {
	w.t.Helper()
	w.do(chromedp.EmulateViewport(width, 800), browsertest.Prefer(scheme))
	w.visit(path)
	at := strings.Join([]string{name, w.language, string(scheme), map[bool]string{true: "phone", false: "desk"}[width < 600]}, "-")
	faults, err := browsertest.Faults(w.ctx)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, fault := range append(faults, w.console.Said()...) {
		w.t.Errorf("%s: %s", at, fault)
	}
	if dir := browsertest.Wanted(); dir != "" {
		if err := browsertest.Screenshot(w.ctx, filepath.Join(dir, at+".png"), int(width), 0, scheme); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestWalkThroughTheStates looks at the report in every state, in both languages
// and schemes, on a desk and on a phone, and prints those that have something to
// print.
func TestWalkThroughTheStates(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	for _, language := range []string{"en", "zh-Hans"} {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			w := m.walker(t, language)
			for _, one := range states() {
				path := "/surveys/" + m.surveys[one.name].ID
				for _, width := range []int64{320, 1280} {
					w.look("report-"+one.name, path, width, browsertest.Light)
				}
				if browsertest.Wanted() != "" { // colours move nothing
					w.look("report-"+one.name, path, 320, browsertest.Dark)
					w.look("report-"+one.name, path, 1280, browsertest.Dark)
					if err := browsertest.Print(w.ctx, filepath.Join(browsertest.Wanted(), "report-"+one.name+"-"+language+".pdf")); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
}

// reading are the pages on which somebody reads, each with something to read.
func (m *matrix) reading() map[string]string {
	m.t.Helper()
	fall := m.surveys["fall"]
	m.read(fall, storetest.Theme(m.t, m.store, m.w.ID))
	m.hold(m.shop(60).ID)
	m.compute()
	at := "/surveys/" + fall.ID
	return map[string]string{
		"scores": "/scores", "report": at, "report-0": "/surveys/" + m.surveys["0"].ID, "report-4": "/surveys/" + m.surveys["4"].ID, "report-29": "/surveys/" + m.surveys["29"].ID,
		"themes": at + "/themes?range=365", "comments": at + "/comments", "loyalty-tab": at + "/loyalty", "loyalty": "/loyalty", "settings": "/settings",
		"digest": pathDigest, "shares": at + "/shares", "tv": at + "/tv?look=auto", "tv-tour": pathTV + "?look=auto",
	}
}

// TestAxeFindsNothing has axe judge every page on which somebody reads, by WCAG
// 2.2 AA and its best practices, in both schemes.
func TestAxeFindsNothing(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	pages := m.reading()
	for scheme, width := range map[browsertest.Scheme]int64{browsertest.Light: 1280, browsertest.Dark: 320} {
		t.Run(string(scheme), func(t *testing.T) {
			t.Parallel()
			w := m.walker(t, "en")
			for name, path := range pages {
				w.look(name, path, width, scheme)
				found, err := browsertest.Axe(w.ctx)
				if err != nil {
					t.Fatal(err)
				}
				for _, one := range found {
					t.Errorf("%s: %s", name, one)
				}
			}
		})
	}
}

// mostStops is more than any page has tab stops.
const mostStops = 200

// TestTabGoesThroughTheReport walks with the keyboard: the focus is always to be
// seen, goes down the page, and comes to the report's charts and their tables.
func TestTabGoesThroughTheReport(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	w := m.walker(t, "en")
	pages := m.reading()
	for _, name := range []string{"report", "report-4", "themes", "loyalty-tab"} { // the others have nothing of their own to stop at
		w.do(chromedp.EmulateViewport(1280, 800))
		w.visit(pages[name])
		places, wrong, err := browsertest.Stops(w.ctx, mostStops)
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range wrong {
			t.Errorf("%s: %s", name, fault)
		}
		all := strings.Join(places, "\n")
		wants := []string{"“Skip to content”"}
		if name == "report" {
			wants = append(wants, "“Report”", "“Themes”", "“90 days”", "“Numbers as a table”", "“Plan”")
		}
		for _, want := range wants {
			if !strings.Contains(all, want) {
				t.Errorf("%s: Tab never comes to %s:\n%s", name, want, all)
			}
		}
		if len(places) >= mostStops {
			t.Errorf("%s: over %d tab stops", name, mostStops)
		}
	}
}
