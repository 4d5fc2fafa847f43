package office

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// TestCancelFlowInABrowser makes a flow with nothing changed, as most do, and saves it as
// it is, also in another language, with an offer of its own.
func TestCancelFlowInABrowser(t *testing.T) {
	t.Parallel()
	b := onSQLite(t).open("en")
	b.visit("/cancellations/new")
	b.do(chromedp.Click(chromedp.CSS(`form[action="/cancellations"] .acts button`)))
	b.eventually(`location.pathname.endsWith("/site")`)
	list, err := b.store.CancelFlows(t.Context(), b.w.ID)
	if err != nil || len(list) != 1 || len(list[0].Reasons) != 8 {
		t.Fatalf("made %+v, %v", list, err)
	}
	edit := "/cancellations/" + list[0].ID + "/edit"
	save := chromedp.Click(chromedp.CSS(`form.under .acts button`))
	b.visit(edit)
	b.do(chromedp.Click(chromedp.CSS(`details.deal summary`)),
		chromedp.SetValue(chromedp.CSS(`[name="offers.0.name"]`), "Half"), chromedp.SetValue(chromedp.CSS(`[name="offers.0.title"]`), "Half the price"),
		chromedp.SetValue(chromedp.CSS(`[name="reasons.8.label"]`), "Moving abroad"), save)
	b.eventually(`!location.pathname.endsWith("/edit")`)
	b.visit(edit + "?texts=de")
	b.do(save)
	b.eventually(`!location.pathname.endsWith("/edit")`)
	f, err := b.store.CancelFlow(t.Context(), b.w.ID, list[0].ID)
	if err != nil || len(f.Offers) != 1 || f.Offers[0].Texts["en"].Title != "Half the price" || f.Reasons[8].Texts["en"].Label != "Moving abroad" {
		t.Errorf("saved %+v, %v", f, err)
	}
}
