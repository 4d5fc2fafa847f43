package office

import (
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/browsertest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestRuleEditorFollowsWhatIsTyped(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	b := x.open("en")
	b.visit("/asking/new")
	b.eventually(`document.querySelector("form.scripted")`)
	b.do(chromedp.Focus(chromedp.CSS(`[name=event_type]`)), chromedp.KeyEvent("ticket_solved"))
	b.eventually(`document.getElementById("rule-says").textContent.includes("ticket_solved")`)
	b.do(chromedp.Click(chromedp.CSS(`.condition summary`)), chromedp.Click(chromedp.CSS(`[name=example]`)))
	b.eventually(`document.querySelector("[name=condition]").value === "event.properties.total > 50" && document.activeElement.name === "condition"`)
	b.eventually(`document.getElementById("rule-says").textContent.includes("event.properties.total > 50")`)

	b.do(chromedp.Click(chromedp.CSS(`#fold-reminders>summary`)), chromedp.Click(chromedp.CSS(`[name=add_reminder]`)))
	b.eventually(`document.activeElement.name === "reminders.0.after" && document.getElementById("fold-reminders").open`)
	b.eventually(`document.getElementById("fold-reminders-says").textContent === "1 reminder, after 3 days"`)
	b.do(chromedp.Click(chromedp.CSS(`[name=remove_reminder]`)))
	b.eventually(`!document.querySelector("[name='reminders.0.after']") && document.activeElement.name === "add_reminder"`)

	hidden := func(class string) string {
		return `getComputedStyle(document.querySelector("` + class + `")).display === "none"`
	}
	b.eventually(hidden(".for-series") + "&&" + hidden(".for-list") + "&& !(" + hidden(".for-event") + ")")
	b.do(chromedp.Click(chromedp.CSS(`[name=trigger][value=series]`)))
	b.eventually("!(" + hidden(".for-series") + ") &&" + hidden(".for-event"))
	b.eventually(`document.getElementById("rule-says").textContent.includes("every 6 months")`)
	b.eventually(`location.pathname === "/asking/new"`)
}

func TestRuleEditorWithoutScript(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	b := x.open("en")
	b.do(chromedp.Func(withoutScript))
	b.visit("/asking/new")
	b.do(chromedp.Focus(chromedp.CSS(`[name=name]`)), chromedp.KeyEvent("After the ticket"), chromedp.Focus(chromedp.CSS(`[name=event_type]`)), chromedp.KeyEvent("ticket_solved"))
	b.do(chromedp.Click(chromedp.CSS(`#fold-reminders>summary`)), chromedp.Click(chromedp.CSS(`[name=add_reminder]`)))
	b.eventually(`document.querySelector("[name='reminders.0.after']")?.value === "3" && document.querySelector("[name=event_type]").value === "ticket_solved"`)
	b.do(chromedp.Focus(chromedp.CSS(`[name=name]`)), chromedp.KeyEvent("\r")) // the first button of the form saves
	b.eventually(`document.querySelector("h1").textContent === "After the ticket"`)
	if rules, err := x.store.Rules(t.Context(), x.w.ID); err != nil || len(rules) != 1 || len(rules[0].Reminders) != 1 {
		t.Errorf("stored %+v, %v", rules, err)
	}
}

// TestAxeFindsNothingOnRulePages looks at the editor with all groups open, at a
// trial, at the funnel and its lists, at the letters and at the upload.
func TestAxeFindsNothingOnRulePages(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	rule := storetest.Rule(t, x.store, survey)
	x.decided(rule, surveys.InvitationSent, surveys.Scheduled, surveys.Capped, surveys.NotMatched)
	at := "/asking/" + rule.ID
	for scheme, width := range map[browsertest.Scheme]int64{browsertest.Light: 1280, browsertest.Dark: 320} {
		b := x.open("en")
		b.do(chromedp.EmulateViewport(width, 900), browsertest.Prefer(scheme))
		for _, path := range []string{at, at + "/edit", at + "/try", at + "/archive", at + "/events", "/asking", "/asking/new", pathLetters(rule.ID), pathLists + "/new", "/settings"} {
			b.visit(path)
			b.eventually(`!document.querySelectorAll("main details").forEach(d => d.open = true)`)
			found, err := browsertest.Axe(b.ctx)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range found {
				t.Errorf("%s %s: %s", scheme, path, one)
			}
		}
	}
}

// TestRulePagesCanBeReadAloud checks names and labels, as for all other pages.
func TestRulePagesCanBeReadAloud(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	rule := storetest.Rule(t, x.store, survey)
	x.decided(rule, surveys.InvitationSent, surveys.Scheduled, surveys.Capped, surveys.NotMatched)
	for _, lang := range []string{"en", "zh-CN"} {
		m := x.as(surveys.Owner)
		m.lang = lang
		for _, path := range []string{"", "/edit", "/try", "/events?outcome=capped"} {
			p := m.get("/asking/" + rule.ID + path)
			for _, wrong := range unreadable(p.Document) {
				t.Errorf("%s %s: %s", lang, path, wrong)
			}
			p.Find("main *").Each(func(_ int, e *goquery.Selection) {
				if e.Children().Length() == 0 && contains(e.Text(), "rules.") {
					t.Errorf("%s %s: a text is missing: %s", lang, path, e.Text())
				}
			})
		}
	}
}
