package office

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestFormsFollowWhatIsChosen: a new survey's usual words go with its metric, and
// what takes a while says so.
func TestFormsFollowWhatIsChosen(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	b := x.open("en")
	b.visit("/surveys/new")
	b.eventually(`document.querySelector("[name='texts.en.ask']").placeholder.includes("recommend")`)
	b.do(chromedp.Click(chromedp.CSS(`[name=metric][value=csat]`)))
	b.eventually(`document.querySelector("[name='texts.en.ask']").placeholder.includes("satisfied")`)

	rule := storetest.Rule(t, x.store, survey)
	b.visit("/asking/" + rule.ID)
	b.eventually(`(() => { addEventListener("click", (event) => event.preventDefault()); document.querySelector("[data-busy]").click(); return true })()`)
	b.eventually(`document.querySelector("[data-busy]").ariaBusy === "true" && document.querySelector("[data-busy]").textContent.startsWith("Trying")`)
}
