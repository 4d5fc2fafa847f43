package office

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestEditorOfManyLanguages: few languages stand side by side; of many the texts
// are folded but for the usual one's, and the preview's are a list, which works
// without script.
func TestEditorOfManyLanguages(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	for _, c := range []struct{ languages, open, buttons, listed int }{
		{1, 1, 2, 0}, {2, 2, 2, 0}, {3, 3, 3, 0}, {4, 1, 0, 4}, {len(surveys.RespondentLocales()), 1, 0, len(surveys.RespondentLocales())},
	} {
		t.Run(strconv.Itoa(c.languages), func(t *testing.T) {
			survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
			survey.Question.Texts = make(map[string]surveys.Text)
			for _, tag := range surveys.RespondentLocales()[:c.languages] {
				survey.Question.Texts[tag] = surveys.Text{Ask: "Asked in " + tag}
			}
			storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
			p := m.get("/surveys/" + survey.ID + "/edit").want(http.StatusOK)
			p.has(".texts:has([name^=texts])", c.languages)
			p.has(".texts[open]:has([name^=texts])", c.open)
			p.has(".preview button[formaction*=lang]", c.buttons)
			p.has(".preview select[name=preview] option", c.listed)
			p.has(`.preview button[formaction="/surveys/preview"]`, min(c.listed, 1))
		})
	}
	p := m.post("/surveys/preview", url.Values{"name": {"Shop"}, "metric": {"nps"}, "preview": {"ar"}, "texts.ar.ask": {"ما رأيك؟"}}).want(http.StatusOK)
	p.has("html[dir=rtl][lang=ar]", 1)
	p.says("h1", "ما رأيك؟")
}

// TestPreviewListInABrowser: choosing shows the language at once, writing in one
// chooses it, and nothing runs over or displeases axe.
func TestPreviewListInABrowser(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	survey.Question.Texts = make(map[string]surveys.Text)
	for _, tag := range surveys.RespondentLocales() {
		survey.Question.Texts[tag] = surveys.Text{Ask: "Asked in " + tag}
	}
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	b := x.open("en")
	b.do(chromedp.EmulateViewport(320, 900), browsertest.Prefer(browsertest.Dark))
	b.visit("/surveys/" + survey.ID + "/edit")
	b.runs(`document.querySelectorAll("main details").forEach(d => d.open = true)`)
	b.runs(`(list => { list.value = "he"; list.dispatchEvent(new Event("change")) })(document.querySelector("[data-preview-language]"))`)
	b.eventually(`document.getElementById("preview").contentDocument.querySelector("h1")?.textContent === "Asked in he" && !document.querySelector(".preview button")`)
	b.do(chromedp.Focus(chromedp.CSS(`[name="texts.de.ask"]`)), chromedp.KeyEvent("!"))
	b.eventually(`document.querySelector("[data-preview-language]").value === "de" && document.getElementById("preview").contentDocument.documentElement.lang === "de"`)
	found, err := browsertest.Axe(b.ctx)
	if err != nil || len(found) > 0 {
		t.Errorf("axe finds %q: %v", found, err)
	}
	if faults, err := browsertest.Faults(b.ctx); err != nil || len(faults) > 0 {
		t.Errorf("faults %q: %v", faults, err)
	}
}

// TestEditorMarksWhatIsMissing: each text that another language has, where it is written.
func TestEditorMarksWhatIsMissing(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	survey.Question.Texts = map[string]surveys.Text{"en": {Ask: "Would you tell others?", Low: "never"}, "de": {Ask: "Empfehlen Sie uns?"}}
	survey.Question.FollowUps = []surveys.FollowUp{{
		ID: "what", Kind: surveys.FollowUpOne, Texts: map[string]surveys.FollowUpText{"en": {Ask: "What was it about?"}},
		Choices: []surveys.Choice{{ID: "beans", Texts: map[string]string{"en": "Beans", "de": "Bohnen"}}, {ID: "price", Texts: map[string]string{"en": "Price"}}},
	}}
	survey.Thanks = map[surveys.Band]surveys.ThankYou{surveys.NPS.Scale().Good: {Texts: map[string]surveys.ThankYouText{"de": {Text: "Danke!"}}}}
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	p := x.as(surveys.Manager).get("/surveys/" + survey.ID + "/edit").want(http.StatusOK)
	var missing []string
	for _, label := range p.Find("label:contains('missing in this language')").EachIter() {
		missing = append(missing, label.AttrOr("for", ""))
	}
	want := []string{"field-texts.de.low", "field-follow_ups.0.texts.de.ask", "field-thanks.promoter.texts.en.text"}
	slices.Sort(missing)
	slices.Sort(want)
	if !slices.Equal(missing, want) {
		t.Errorf("marked are %q, want %q", missing, want)
	}
	p.has(`[name="follow_ups.0.choices.1.texts.de"][placeholder="German: missing in this language"]`, 1)
	p.has(`[placeholder*=missing]`, 1)
	p.says("#followups .further summary", "In other languages · 1 of 1 texts missing")
}
