package office

import (
	"fmt"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/surveys"
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
