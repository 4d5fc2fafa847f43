package respond_test

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

type void = chromedp.Action[chromedp.Void]

// hand is somebody at a browser, who answers in one way.
type hand struct {
	tab context.Context
	way string // one of ways
}

// ways are how people answer: the last sees no script.
var ways = []string{"mouse", "touch", "keyboard", "no script"}

func (h hand) do(steps ...void) error { return chromedp.Do(h.tab, steps...) }

// open loads a page of a browser that has the way's devices.
func (h hand) open(address string) error {
	size := chromedp.EmulateViewport(1000, 1400)
	if h.way == "touch" {
		size = chromedp.EmulateViewport(320, 1400, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	steps := []void{size}
	if h.way == "no script" {
		steps = append(steps, withoutScript())
	}
	return h.do(append(steps, chromedp.Navigate(address), h.until("form .button"))...)
}

func (h hand) until(selector string) void { return chromedp.WaitReady(chromedp.CSS(selector)) }

// press uses what a selector finds: with the keyboard it walks there with Tab alone.
func (h hand) press(selector string) error {
	switch h.way {
	case "touch":
		return h.tap(selector)
	case "keyboard":
		return h.reach(selector, " ")
	}
	return h.do(h.until(selector), chromedp.Click(chromedp.CSS(selector)))
}

func (h hand) tap(selector string) error {
	if err := h.do(h.until(selector)); err != nil {
		return err
	}
	at, err := chromedp.Run(h.tab, chromedp.Evaluate[struct{ X, Y, W, H float64 }](`(() => {
		const e = document.querySelector(`+strconv.Quote(selector)+`);
		e.scrollIntoView({block: "center"});
		const b = (e.closest("label") || e).getBoundingClientRect();
		return {X: b.x + b.width / 2, Y: b.y + b.height / 2, W: b.width, H: b.height};
	})()`))
	if err != nil {
		return err
	}
	if at.W < 44 || at.H < 44 {
		return fmt.Errorf("%s is %.0f by %.0f px, too small for a thumb", selector, at.W, at.H)
	}
	return h.do(chromedp.TapXY(at.X, at.Y))
}

// reach walks to a field with Tab and, within a group, the arrow keys, and presses a
// key there: none if it is "".
func (h hand) reach(selector, key string) error {
	if err := h.do(h.until(selector)); err != nil {
		return err
	}
	for range 60 {
		where, err := chromedp.Run(h.tab, chromedp.Evaluate[string](`(() => {
			const want = document.querySelector(`+strconv.Quote(selector)+`), now = document.activeElement;
			if (now === want) return "there";
			if (want.type !== "radio" || now.type !== "radio" || now.name !== want.name) return "elsewhere";
			return "group";
		})()`))
		if err != nil {
			return err
		}
		step := chromedp.KeyEvent(kb.Tab)
		switch {
		case where == "there" && key == "":
			return nil
		case where == "there":
			return h.do(chromedp.KeyEvent(key))
		case where == "group":
			step = chromedp.KeyEvent(kb.ArrowRight)
		}
		if err := h.do(step); err != nil {
			return err
		}
	}
	return fmt.Errorf("the keyboard does not reach %s", selector)
}

// write types words into a field.
func (h hand) write(selector, words string) error {
	if h.way == "keyboard" {
		if err := h.reach(selector, ""); err != nil {
			return err
		}
		return h.do(chromedp.KeyEvent(words))
	}
	if err := h.press(selector); err != nil {
		return err
	}
	return h.do(chromedp.SendKeys(chromedp.CSS(selector), words))
}

// send sends the form, by Enter where there is nothing but keys, and waits for what follows.
func (h hand) send(follows string) error {
	if h.way == "keyboard" {
		if err := h.reach("button[name=send]", kb.Enter); err != nil {
			return err
		}
	} else if err := h.press("button[name=send]"); err != nil {
		return err
	}
	return h.do(h.until(follows))
}

const thanked = "main .stack h1"

// TestEveryScaleByEveryWay answers each metric in each style by mouse, by touch, by the
// keyboard alone and without script.
func TestEveryScaleByEveryWay(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	address := webtest.Serve(t, b.handler)
	b.site.URL, _ = url.Parse(address)
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			h := hand{browsertest.New(t), way}
			for _, metric := range surveys.Metrics() {
				for _, style := range metric.Styles() {
					survey := storetest.Survey(t, b.site.Store, b.workspace.ID, metric)
					survey.Question.Style = style
					storetest.Write(t, b.site.Store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
					score := survey.Choices()[len(survey.Choices())-1]
					if err := h.answerScale(address+"/s/"+survey.PublicID(b.workspace.Key), score); err != nil {
						t.Fatalf("%s %s: %v", metric, style, err)
					}
					if got := b.answers(survey); len(got) != 1 || got[0].Score != score || got[0].Comment != "Good beans" {
						t.Errorf("%s %s: stored %+v, want one answer, %d with a comment", metric, style, got, score)
					}
				}
			}
		})
	}
}

func (h hand) answerScale(address string, score int) error {
	if err := h.open(address); err != nil {
		return err
	}
	if err := h.press(fmt.Sprintf("input[name=score][value='%d']", score)); err != nil {
		return err
	}
	if err := h.write("textarea[name=comment]", "Good beans"); err != nil {
		return err
	}
	return h.send(thanked)
}

// TestEveryFollowUpByEveryWay answers follow-ups of all kinds, of which two are
// brought up by an answer: on the same page with script, on the next without.
func TestEveryFollowUpByEveryWay(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	address := webtest.Serve(t, b.handler)
	b.site.URL, _ = url.Parse(address)
	for _, way := range ways {
		t.Run(way, func(t *testing.T) {
			h := hand{browsertest.New(t), way}
			survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
			if err := h.answerAll(address + path); err != nil {
				t.Fatal(err)
			}
			got := b.answers(survey)
			if len(got) != 1 {
				t.Fatalf("stored %d answers, want 1", len(got))
			}
			r := got[0]
			seven := 7
			for id, want := range map[string]surveys.Answer{
				"what": {Choices: []string{"price", "delivery"}}, "late": {Choices: []string{"week"}}, "wish": {Text: "Be on time"},
				"taste": {Value: &seven}, "contact": {Allowed: true, Email: "ana@shop.example"},
			} {
				if fmt.Sprint(told(r.Answers[id])) != fmt.Sprint(told(want)) {
					t.Errorf("%s is %v, want %v", id, told(r.Answers[id]), told(want))
				}
			}
			if r.Score != 2 || r.Comment != "Late again" {
				t.Errorf("the answer is %d %q", r.Score, r.Comment)
			}
		})
	}
}

// told is an answer in words.
func told(a surveys.Answer) []any {
	value := -1
	if a.Value != nil {
		value = *a.Value
	}
	return []any{a.Text, slices.Sorted(slices.Values(a.Choices)), value, a.Allowed, a.Email}
}

func (h hand) answerAll(address string) error {
	late := []func() error{
		func() error { return h.press("input[name='a.late'][value=week]") },
		func() error { return h.write("textarea[name='a.wish']", "Be on time") },
	}
	steps := []func() error{
		func() error { return h.open(address) },
		func() error { return h.press("input[name=score][value='2']") },
		func() error { return h.press("input[name='a.what'][value=price]") },
		func() error { return h.press("input[name='a.what'][value=delivery]") },
		func() error { return h.press("input[name='a.taste'][value='7']") },
		func() error { return h.write("textarea[name=comment]", "Late again") },
		func() error { return h.press("input[name='a.contact']") },
		func() error { return h.write("input[type=email]", "ana@shop.example") },
	}
	if h.way == "no script" {
		steps = append(steps, func() error { return h.send("input[name='a.late']") })
	}
	steps = append(append(steps, late...), func() error { return h.send(thanked) })
	for i, step := range steps {
		if err := step(); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

// TestDigitsChoose types scores: "1" and "0" are ten, and a digit of another script is
// one, too.
func TestDigitsChoose(t *testing.T) {
	t.Parallel()
	tab := browsertest.New(t)
	b := newBundle(t, storetest.Open(t, store.SQLite))
	address := webtest.Serve(t, b.handler)
	b.site.URL, _ = url.Parse(address)
	for _, c := range []struct {
		keys  []string
		pause time.Duration
		want  string
	}{
		{[]string{"7"}, 0, "7"}, {[]string{"1", "0"}, 0, "10"}, {[]string{"1", "0"}, time.Second, "10"}, {[]string{"1", "0"}, 2 * time.Second, "0"}, {[]string{"1", "1"}, 0, "1"}, {[]string{"0"}, 0, "0"},
		{[]string{"٩"}, 0, "9"}, {[]string{"x"}, 0, ""},
	} {
		_, path := b.survey(surveys.NPS)
		if err := chromedp.Do(tab, chromedp.Navigate(address+path), chromedp.WaitReady(chromedp.CSS("form"))); err != nil {
			t.Fatal(err)
		}
		for _, key := range c.keys {
			if err := chromedp.Do(tab, typed(key), chromedp.Sleep(c.pause)); err != nil {
				t.Fatal(err)
			}
		}
		got, err := chromedp.Run(tab, chromedp.Evaluate[string](`document.querySelector("input[name=score]:checked")?.value ?? ""`))
		if err != nil || got != c.want {
			t.Errorf("%s chooses %q, want %q (%v)", strings.Join(c.keys, ", "), got, c.want, err)
		}
	}
}

// typed presses a key of whatever keyboard: the browser's own only knows the American one.
func typed(key string) void {
	if key < "\x80" {
		return chromedp.KeyEvent(key)
	}
	return chromedp.Evaluate[chromedp.Void](`document.activeElement.dispatchEvent(new KeyboardEvent("keydown", {key: ` + strconv.Quote(key) + `, bubbles: true}))`)
}
