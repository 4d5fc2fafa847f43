package office

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// posted is a letter as mail programs of different kinds show it.
type posted struct{ html string }

// asWord is what is left of a letter in Word, the engine of Outlook for Windows:
// the parts for it opened and the parts for all others gone, no style sheet, and
// of the styles on elements none of those that it does not know.
func (p posted) asWord() string {
	html := regexp.MustCompile(`(?s)<!--\[if !mso\]><!-->.*?<!--<!\[endif\]-->`).ReplaceAllString(p.html, "")
	html = strings.NewReplacer("<!--[if mso]>", "", "<![endif]-->", "").Replace(html)
	html = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(html, "")
	html = regexp.MustCompile(`(display:inline-block|max-width:[^;"]+|border-radius:[^;"]+|box-sizing:[^;"]+|overflow:[^;"]+);?`).ReplaceAllString(html, "")
	return regexp.MustCompile(`<a [^>]*style="[^"]*"`).ReplaceAllStringFunc(html, func(link string) string {
		return regexp.MustCompile(`(width|height|margin|border|padding):[^;"]+;?`).ReplaceAllString(link, "")
	})
}

// inverted is what programs make of a letter that turn its colours around by
// themselves, whatever it asks for: light becomes dark and dark becomes light.
func (p posted) inverted() string {
	html := regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(p.html, "")
	return strings.Replace(html, "</head>", "<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}</style></head>", 1)
}

// mailed serves letters in each language and metric: as browsers show them, in
// Word's way, and inverted.
func mailed(t *testing.T) string {
	t.Helper()
	x := onSQLite(t)
	w := surveys.Workspace{ID: "w", Key: "AbCd-_12", Name: "Northwind Coffee", Color: "#0b7a75", Locale: "en", Address: "1 Harbour Street, Bristol"}
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		lang, metric := r.URL.Query().Get("lang"), surveys.Metric(r.URL.Query().Get("metric"))
		if !metric.Valid() { // the browser's own icon
			http.NotFound(out, r)
			return
		}
		way, letter, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		a := mailer.Asking{
			Invitation: surveys.Invitation{Letter: surveys.LetterKind(letter)}, Workspace: w, Survey: surveys.Survey{ID: "s", Metric: metric},
			Person: surveys.Person{Name: x.site.Catalogue.Letter(lang).T("letters.sample_name"), Locale: lang}, EventType: "order_completed", CapDays: 30,
			Answer: &surveys.Response{Score: metric.Scale().Max}, Links: map[surveys.Band]string{metric.Scale().Band(metric.Scale().Max): "https://reviews.example/northwind"},
		}
		trial, err := x.site.Trials.Show(r.Context(), a, "/surveys/s/preview")
		if err != nil {
			t.Errorf("%s: %v", r.URL, err)
		}
		html := map[string]string{"plain": trial.HTML, "word": posted{trial.HTML}.asWord(), "inverted": posted{trial.HTML}.inverted()}[way]
		out.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(out, html)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// rowOfChoices is what a browser measures of the row.
type rowOfChoices struct {
	Boxes []struct {
		Left, Right, Top, Bottom float64
		Text                     string
		Contrast                 float64
	}
	Scroll  float64 // the page's width with what sticks out
	Pale    []string
	Fetches int // what the letter loaded
}

const measureRow = `(() => {
  const channel = v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 };
  const rgb = text => (text.match(/[\d.]+/g) || []).map(Number);
  const light = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
  const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c } return [255, 255, 255] };
  const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const turned = c => c.slice(0, 3).map(v => 255 - v);
  const contrast = e => { // as it is, and with its colours inverted
    const ink = rgb(getComputedStyle(e).color), paper = ground(e);
    return Math.min(ratio(light(ink), light(paper)), ratio(light(turned(ink)), light(turned(paper))));
  };
  const cells = [...document.querySelectorAll("a.h-box")].map(a => a.closest("td[height='42']") || a);
  const pale = [...document.querySelectorAll("p,h1,a,td,span,b")].filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && contrast(e) < 4.5).map(e => e.textContent.trim().slice(0, 40) + " " + contrast(e).toFixed(1));
  return {
    Boxes: cells.map(e => { const r = e.getBoundingClientRect(); return { Left: r.left, Right: r.right, Top: r.top, Bottom: r.bottom, Text: e.textContent.trim(), Contrast: contrast(e.querySelector("a") || e) } }),
    Scroll: document.documentElement.scrollWidth, Pale: pale, Fetches: performance.getEntriesByType("resource").filter(e => !e.name.endsWith("/favicon.ico")).length,
  };
})()`

// faults are what is wrong with the row in a window of that width.
func (r rowOfChoices) faults(choices []int, width float64, perRow []int) []string {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if len(r.Boxes) != len(choices) {
		say("%d cells, want %d", len(r.Boxes), len(choices))
		return wrong
	}
	rows := map[float64]int{}
	for i, box := range r.Boxes {
		rows[box.Top]++
		if w, h := box.Right-box.Left, box.Bottom-box.Top; w < 24 || h < 24 {
			say("%s is %.0f × %.0f px", box.Text, w, h)
		}
		if box.Left < 0 || box.Right > width {
			say("%s is cut: %.0f to %.0f", box.Text, box.Left, box.Right)
		}
		if box.Contrast < 4.5 {
			say("%s has a contrast of %.1f", box.Text, box.Contrast)
		}
		if box.Text != fmt.Sprint(choices[i]) {
			say("cell %d says %q", i, box.Text)
		}
		if i > 0 && box.Top == r.Boxes[i-1].Top && box.Left < r.Boxes[i-1].Right && box.Right > r.Boxes[i-1].Left {
			say("%s lies over %s", box.Text, r.Boxes[i-1].Text)
		}
	}
	if got := fmt.Sprint(countRows(r)); got != fmt.Sprint(perRow) {
		say("rows of %s, want %v", got, perRow)
	}
	if r.Scroll > width {
		say("the letter is %.0f px wide", r.Scroll)
	}
	for _, pale := range r.Pale {
		say("pale: %s", pale)
	}
	if r.Fetches > 0 {
		say("it loads %d things, which is not there with images off", r.Fetches)
	}
	return wrong
}

// countRows is how many cells each row has, from the top.
func countRows(r rowOfChoices) []int {
	var rows []int
	for i, box := range r.Boxes {
		if i == 0 || box.Top != r.Boxes[i-1].Top {
			rows = append(rows, 0)
		}
		rows[len(rows)-1]++
	}
	return rows
}

// TestRowOfChoicesInMailPrograms is the gate of the row that customers tap: every
// scale, language and width, as phones show it, in Word and in the dark.
func TestRowOfChoicesInMailPrograms(t *testing.T) {
	t.Parallel()
	base, ctx := mailed(t), browsertest.New(t)
	wraps := map[surveys.Metric]map[int64][]int{
		surveys.NPS: {320: {6, 5}, 375: {6, 5}, 414: {6, 5}, 600: {11}}, surveys.CES: {320: {4, 3}, 375: {7}, 414: {7}, 600: {7}},
		surveys.CES5: {320: {5}, 375: {5}, 414: {5}, 600: {5}}, surveys.CSAT: {320: {5}, 375: {5}, 414: {5}, 600: {5}},
	}
	look := func(way, lang string, metric surveys.Metric, width int64, scheme browsertest.Scheme, perRow []int) {
		at := fmt.Sprintf("%s/%s?lang=%s&metric=%s", way, surveys.LetterInvitation, lang, metric)
		name := fmt.Sprintf("letter-%s-%s-%s-%d-%s", way, lang, metric, width, scheme)
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 700), browsertest.Prefer(scheme), chromedp.Navigate(base+"/"+at)); err != nil {
			t.Fatal(err)
		}
		row, err := chromedp.Run(ctx, chromedp.Evaluate[rowOfChoices](measureRow))
		if err != nil {
			t.Fatal(err)
		}
		for _, fault := range row.faults(metric.Scale().Choices(), float64(width), perRow) {
			t.Errorf("%s: %s", name, fault)
		}
		if first, last := row.Boxes[0], row.Boxes[perRow[0]-1]; (first.Left > last.Left) != (lang == "ar") {
			t.Errorf("%s: the row runs from %.0f to %.0f", name, first.Left, last.Left)
		}
		if dir := browsertest.Wanted(); dir != "" {
			if err := browsertest.Screenshot(ctx, filepath.Join(dir, name+".png"), int(width), 700, scheme); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, lang := range []string{"en", "zh-Hans", "ar", "de"} { // of each way to write, and with long words
		for _, metric := range surveys.Metrics() {
			for width, perRow := range wraps[metric] {
				look("plain", lang, metric, width, browsertest.Light, perRow)
			}
			look("plain", lang, metric, 320, browsertest.Dark, wraps[metric][320])
			look("inverted", lang, metric, 375, browsertest.Dark, wraps[metric][375])
			look("word", lang, metric, 640, browsertest.Light, []int{len(metric.Scale().Choices())})
		}
	}
}

// TestTheRowsGateCanFail makes sure that the measurements find what they look
// for.
func TestTheRowsGateCanFail(t *testing.T) {
	t.Parallel()
	row := rowOfChoices{Scroll: 400, Pale: []string{"x"}, Fetches: 1}
	for range 2 {
		row.Boxes = append(row.Boxes, struct {
			Left, Right, Top, Bottom float64
			Text                     string
			Contrast                 float64
		}{-5, 10, 0, 20, "1", 3})
	}
	if got := row.faults([]int{1, 2}, 320, []int{1, 1}); len(got) < 11 {
		t.Errorf("it finds only %q", got)
	}
}

// TestLetterIsWrittenWithTheKeyboard types a letter and looks at it, with nothing
// but keys, while its frame can run nothing.
func TestLetterIsWrittenWithTheKeyboard(t *testing.T) {
	t.Parallel()
	x, rule := lettered(t, storetest.Open(t, store.SQLite))
	b := x.open("en")
	b.do(chromedp.EmulateViewport(1280, 900), chromedp.Func(focused))
	b.visit(pathLetters(rule.ID))
	b.eventually(frame + `.querySelector("b").textContent.startsWith("Ana, one question")`)
	entries, err := chromedp.Run(b.ctx, chromedp.Evaluate[int]("history.length"))
	if err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Focus(chromedp.CSS("[name=subject]")), chromedp.KeyEvent("For {{name|you}}"))
	b.eventually(frame + `.querySelector("b").textContent === "For Ana"`)
	b.eventually(frame + `.defaultView.getComputedStyle(` + frame + `.querySelector("a.h-box")).display === "inline-block"`) // its styles came along
	b.do(chromedp.Focus(chromedp.CSS(`button[formaction$="view=dark"]`)))
	b.press(kb.Enter)
	b.eventually(frame + `.defaultView.getComputedStyle(` + frame + `.querySelector(".h-sheet")).backgroundColor === "rgb(23, 25, 28)"`)
	b.eventually(`document.querySelector("button[formaction$='view=dark']").getAttribute("aria-pressed") === "true"`)
	b.eventually(fmt.Sprintf("history.length === %d", entries)) // "back" still leaves the form
	b.do(chromedp.Focus(chromedp.CSS("[name=closing]")), chromedp.KeyEvent("Yours"))
	b.press(kb.Tab)
	b.eventually(`document.activeElement.textContent === "Save"`)
	b.press(kb.Enter)
	b.eventually(`document.querySelector(".tabs [aria-current]")?.textContent === "Invitation · own words"`)
	if got := b.letterTexts(surveys.LetterKey{RuleID: rule.ID, Letter: surveys.LetterInvitation})["en"]; got != (surveys.LetterTexts{Subject: "For {{name|you}}", Closing: "Yours"}) {
		t.Errorf("stored as %+v", got)
	}
}

// TestPreviewShowsWhatIsNotSaved sends a form that comes back, and looks whether
// the letter beside it is the one that was written.
func TestPreviewShowsWhatIsNotSaved(t *testing.T) {
	t.Parallel()
	x, rule := lettered(t, storetest.Open(t, store.SQLite))
	b := x.open("en")
	b.visit(pathLetters(rule.ID))
	b.eventually(`!("unsaved" in document.getElementById("letter-form").dataset)`)
	b.do(chromedp.Focus(chromedp.CSS("[name=subject]")), chromedp.KeyEvent("For {{name|you}}"))
	b.do(chromedp.Focus(chromedp.CSS("[name=greeting]")), chromedp.KeyEvent("Dear {{name}}\r")) // lacks words for somebody without a name
	b.eventually(`document.querySelector("#field-greeting-error")`)
	b.eventually(frame + `.querySelector("b").textContent === "For Ana"`)
}

func TestLetterIsLookedAtWithoutScript(t *testing.T) {
	t.Parallel()
	x, rule := lettered(t, storetest.Open(t, store.SQLite))
	b := x.open("zh-Hans")
	b.do(chromedp.Func(withoutScript))
	b.visit(pathLetters(rule.ID) + "?letter=thanks&lang=ar")
	b.do(chromedp.Focus(chromedp.CSS("[name=greeting]")), chromedp.KeyEvent("أهلًا"))
	b.do(chromedp.Click(chromedp.CSS(`button[formaction$="view=text"]`)))
	b.eventually(frame + `.querySelector("pre")?.textContent.includes("أهلًا")`)
	b.do(chromedp.Click(chromedp.CSS(`button[formaction$="view=phone"]`)))
	b.eventually(frame + `.documentElement.clientWidth && ` + frame + `.documentElement.getBoundingClientRect().width === 375`)
}

// TestLongWordsBreakInLetters puts a word that is wider than a phone at the end of
// each text of a letter.
func TestLongWordsBreakInLetters(t *testing.T) {
	t.Parallel()
	base, ctx := mailed(t), browsertest.New(t)
	for _, letter := range []surveys.LetterKind{surveys.LetterInvitation, surveys.LetterReminder, surveys.LetterThanks} {
		address := fmt.Sprintf("%s/plain/%s?lang=en&metric=%s", base, letter, surveys.NPS)
		if err := chromedp.Do(ctx, chromedp.EmulateViewport(320, 700), chromedp.Navigate(address)); err != nil {
			t.Fatal(err)
		}
		wide, err := chromedp.Run(ctx, chromedp.Evaluate[int](`(() => {
  const texts = document.querySelectorAll("h1, p, td > a:not(.h-box)");
  texts.forEach(e => e.append(" Rechtsschutzversicherungsgesellschaften" + "https://shop.example/".repeat(9)));
  return texts.length < 3 ? -1 : document.documentElement.scrollWidth;
})()`))
		if err != nil || wide != 320 {
			t.Errorf("%s is %d px wide (%v)", letter, wide, err)
		}
	}
}
