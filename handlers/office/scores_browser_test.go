package office

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestScoresAreOneLineEach: on a desk a survey takes one line, whether it has
// answers or not and however long its name; on a phone nothing leaves the page. The
// verdict in full opens by a key.
func TestScoresAreOneLineEach(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	for _, n := range []int{0, 3, 300} {
		survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
		x.answers(survey, append(many(n, 2, "pro", 10, 9, 3), many(n, 120, "pro", 10, 9, 8, 3)...)...)
	}
	for _, lang := range []string{"en", "zh-Hans"} {
		b := x.open(lang)
		for _, width := range []int64{1280, 320} {
			b.do(chromedp.EmulateViewport(width, 800))
			b.visit("/scores")
			b.eventually(`document.documentElement.scrollWidth <= innerWidth`)
			if width == 1280 {
				b.eventually(fmt.Sprintf(`[...document.querySelectorAll(".scores > li")].length === 3 && [...document.querySelectorAll(".scores > li")].every(li => li.getBoundingClientRect().height <= %d)`, 48))
			}
		}
		b.do(chromedp.Focus(chromedp.CSS(".scores .short button")), chromedp.KeyEvent("\r"))
		b.eventually(`document.querySelector(".scores .says:popover-open") !== null`)
	}
}
