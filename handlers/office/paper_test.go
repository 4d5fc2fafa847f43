package office

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/browsertest"
)

// onPaper makes the tab's page what a printer gets from a system that prefers
// dark pages.
func onPaper() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Media: "print", Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
		})
		return err
	})
}

// TestPaperIsLight: whatever a system prefers, paper is white and its ink dark,
// a group of cards may go over two sheets, and nothing that is to be pressed is on it.
func TestPaperIsLight(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	w := m.walker(t, "en")
	w.do(chromedp.EmulateViewport(720, 1000))
	w.visit("/surveys/" + m.surveys["fall"].ID)
	w.do(onPaper())
	said, err := chromedp.Run(w.ctx, chromedp.Evaluate[map[string]string](`(() => {
		const look = (selector) => getComputedStyle(document.querySelector(selector));
		const pressed = [...document.querySelectorAll("button, .button, summary, input:not([type=hidden])")].filter((one) => one.checkVisibility({opacityProperty: true}));
		return {card: look("main .card").backgroundColor, ink: look("main h1 b").color, group: look("main .cards").breakInside, one: look("main .cards > .card").breakInside,
			pressed: pressed.map((one) => one.outerHTML.slice(0, 60)).join(), told: look(".print-view").display};
	})()`))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"card": "rgb(255, 255, 255)", "ink": "rgb(28, 30, 33)", "group": "auto", "one": "avoid", "told": "block"} {
		if said[name] != want {
			t.Errorf("%s is %q on paper, want %q", name, said[name], want)
		}
	}
	for _, one := range strings.Split(said["pressed"], ",") {
		if one != "" && !strings.Contains(one, "why-value") { // a number, which reads the same
			t.Errorf("on paper there is %q", one)
		}
	}
}

// TestNotesOfMethodsStayOnThePhone opens every note on how a number is made from
// a small phone: none leaves the screen, however near its button is to an edge.
func TestNotesOfMethodsStayOnThePhone(t *testing.T) {
	t.Parallel()
	m := newMatrix(t)
	w := m.walker(t, "en")
	w.do(chromedp.EmulateViewport(320, 568), browsertest.Prefer(browsertest.Light))
	w.visit("/surveys/" + m.surveys["fall"].ID)
	for _, edge := range []string{"start", "center", "end"} {
		wrong, err := chromedp.Run(w.ctx, chromedp.Evaluate[[]string](`(async () => {
			const wrong = [];
			let opened = 0;
			for (const button of [...document.querySelectorAll(".why, .why-value")].filter((one) => one.checkVisibility())) {
				button.scrollIntoView({block: "`+edge+`"});
				button.click();
				await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
				const note = document.querySelector(":popover-open");
				const box = note?.getBoundingClientRect();
				if (!note || box.width < 200 || box.height < 60 || box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight) {
					wrong.push(button.outerHTML.slice(0, 80) + " " + JSON.stringify(box));
				}
				note?.hidePopover();
				opened++;
			}
			return opened > 4 ? wrong : ["only " + opened + " notes"];
		})()`, chromedp.EvalAwaitPromise))
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range wrong {
			t.Errorf("at the %s of the screen: %s", edge, one)
		}
	}
}
