package office

import (
	"context"
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestFeedInABrowser goes through the comments with keys, goes on to older ones and
// back, and takes a filter away, as somebody does who reads them.
func TestFeedInABrowser(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	var list []answer
	for i := range feedPage + 5 {
		list = append(list, answer{score: i % 11, daysAgo: i / 10, plan: []string{"pro", "basic"}[i%2], comment: fmt.Sprintf("parcel %03d", i)})
	}
	x.answers(survey, list...)
	b := x.open("en")
	b.visit(feedOf(survey.ID) + "?q=parcel")
	focused := func(n int) string {
		return fmt.Sprintf(`document.activeElement === document.querySelectorAll("[data-comment]")[%d]`, n)
	}
	b.eventually(`!document.getElementById("feed-keys").hidden`)
	b.do(chromedp.KeyEvent("j"))
	b.eventually(focused(0))
	b.do(chromedp.KeyEvent("j"), chromedp.KeyEvent("j"), chromedp.KeyEvent("k"))
	b.eventually(focused(1))
	b.do(chromedp.KeyEvent("?"))
	b.eventually(`document.getElementById("feed-keys").open`)
	b.do(chromedp.KeyEvent("?"), chromedp.KeyEvent("/"))
	b.eventually(`document.activeElement.name === "q" && !document.getElementById("feed-keys").open`)
	b.do(chromedp.KeyEvent("j")) // a letter, while somebody types
	b.eventually(`document.activeElement.name === "q" && document.activeElement.value.includes("j")`)

	const shown = `document.querySelectorAll(".feed > li").length`
	b.do(chromedp.Click(chromedp.CSS(`a[rel="next"]`)))
	b.eventually(shown + ` === 5 && location.search.includes("after=") && location.search.includes("q=parcel")`)
	b.do(chromedp.NavigateBack())
	b.eventually(fmt.Sprintf(shown+" === %d && !location.search.includes('after=')", feedPage))

	b.do(chromedp.Click(chromedp.CSS(".chips a.chip"))) // away with the words
	b.eventually(`document.querySelectorAll(".chips .chip").length === 0 && !location.search.includes("q=")`)
	b.do(chromedp.NavigateBack())
	b.eventually(`document.querySelectorAll(".chips .chip").length === 1 && location.search.includes("q=parcel")`)
}

// TestFeedIsNarrowedByItsForm adds one segment after the other by the form, which
// keeps those that are chosen and the words that are looked for, with script and
// without.
func TestFeedIsNarrowedByItsForm(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, said("")...)
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error { // as every way in does
		_, err := tx.AdmitSegmentValue(ctx, x.w.ID, "plan", "pro")
		return err
	})
	for _, script := range []bool{true, false} {
		t.Run(fmt.Sprintf("script %v", script), func(t *testing.T) {
			b := x.open("en")
			b.t = t
			if !script {
				b.do(chromedp.Func(withoutScript))
			}
			b.visit(feedOf(survey.ID) + "?q=late")
			chips := func(n int, segments string) {
				t.Helper()
				b.eventually(fmt.Sprintf(`document.querySelectorAll(".chips .chip").length === %d && new URLSearchParams(location.search).getAll("segment").sort().join() === %q`, n, segments))
			}
			add := func(segment string) {
				b.do(chromedp.SetValue(chromedp.CSS(".feed-filters select[name=segment]"), segment), chromedp.Click(chromedp.CSS(".feed-filters .acts button")))
			}
			chips(1, "")
			add("plan:pro")
			chips(2, "plan:pro")
			add("channel:link")
			chips(3, "channel:link,plan:pro")
			b.eventually(`document.querySelector(".feed-filters [name=q]").value === "late" && document.querySelectorAll(".feed > li").length === 1`)
			b.do(chromedp.Click(chromedp.CSS(`.chips a.chip[href*="segment=channel"]:not([href*="plan"])`))) // away with the plan
			chips(2, "channel:link")
		})
	}
}
