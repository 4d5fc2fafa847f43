package browsertest

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// flawed is a page with one of each fault.
const flawed = `<!doctype html><html lang="en"><title>flawed</title><style>button:focus { outline: none } .marked:focus { outline: 2px solid }</style>
<main id="content"><h1>Flawed</h1>
<div style="width:2000px">wide</div>
<figure id="chart"><h2>Chart</h2><svg width="200" height="40"><text x="10" y="20">March</text><text x="14" y="20">April</text><text x="150" y="20">June</text></svg></figure>
<div role="img"></div><input name="q"><p id="twice"></p><p id="twice"></p><a href="#x" tabindex="3">later</a>
<button>unmarked</button><button class="marked" style="position:fixed;top:0;right:0">under</button><div class="bar" style="position:fixed;top:0;right:0;width:200px;height:60px"></div><p style="color:#ccc;background:#fff">faint</p></main>
<script>console.error("no")</script><script src="/missing.js"></script></html>`

const sound = `<!doctype html><html lang="en"><title>sound</title><main><h1>Sound</h1>
<figure aria-labelledby="of"><h2 id="of">Chart</h2><svg role="img" aria-label="two months" width="200" height="60"><text x="10" y="20">March</text><text x="10" y="36">April</text></svg></figure>
<label>Search <input name="q"></label> <a href="#x">link</a></main></html>`

func TestWalk(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/flawed":
			_, _ = w.Write([]byte(flawed))
		case "/sound":
			w.Header().Set("Content-Security-Policy", "script-src 'none'")
			_, _ = w.Write([]byte(sound))
		case "/refused":
			w.Header().Set("Content-Security-Policy", "script-src 'none'")
			_, _ = w.Write([]byte(flawed))
		case "/favicon.ico":
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)
	tab := New(t)
	console, err := Hear(tab)
	if err != nil {
		t.Fatal(err)
	}
	look := func(path string) (faults, axe, stops, said []string) {
		t.Helper()
		if err := chromedp.Do(tab, chromedp.EmulateViewport(800, 600), chromedp.Navigate(server.URL+path)); err != nil {
			t.Fatal(err)
		}
		if faults, err = Faults(tab); err != nil {
			t.Fatal(err)
		}
		if axe, err = Axe(tab); err != nil {
			t.Fatal(err)
		}
		if _, stops, err = Stops(tab, 20); err != nil {
			t.Fatal(err)
		}
		return faults, axe, stops, console.Said()
	}
	holds := func(what string, list []string, wants ...string) {
		t.Helper()
		for _, want := range wants {
			if !strings.Contains(strings.Join(list, "\n"), want) {
				t.Errorf("%s do not tell of %q: %q", what, want, list)
			}
		}
	}
	faults, axe, stops, said := look("/flawed")
	holds("faults", faults, "px wider", "“March” and #chart text “April”", "has no name: div", "has no name: #chart figure", "has no label: input q", "id twice", "jumps the order")
	holds("axe's", axe, "color-contrast", "label", "role-img-alt")
	holds("stops", stops, "“unmarked”: the focus is not to be seen", "“under”: the focus is behind div.bar")
	holds("complaints", said, "console.error", "404")
	if strings.Contains(strings.Join(faults, "\n"), "text “June”") {
		t.Errorf("a text by itself is told to overlap: %q", faults)
	}
	if _, _, _, said = look("/refused"); len(said) == 0 || !strings.Contains(strings.Join(said, "\n"), "Content Security Policy") {
		t.Errorf("what the policy refuses is not told: %q", said)
	}
	if faults, axe, stops, said = look("/sound"); len(faults)+len(axe)+len(stops)+len(said) > 0 {
		t.Errorf("a sound page is told to be wrong: %q %q %q %q", faults, axe, stops, said)
	}
	if axe, err = Axe(tab, "color-contrast"); err != nil || len(axe) > 0 {
		t.Errorf("%q (%v)", axe, err)
	}
	sheet := filepath.Join(t.TempDir(), "sound.pdf")
	if err := Print(tab, sheet); err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(sheet); err != nil || !bytes.HasPrefix(content, []byte("%PDF-")) {
		t.Errorf("no PDF (%v)", err)
	}
	if err := Print(tab, filepath.Join(t.TempDir(), "no", "such.pdf")); err == nil {
		t.Error("a print that cannot be kept gives no error")
	}
}
