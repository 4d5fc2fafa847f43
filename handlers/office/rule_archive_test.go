package office

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestRuleIsArchivedAndBroughtBack goes from the rule's page through the question to
// the archived rule, and back.
func TestRuleIsArchivedAndBroughtBack(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		rule := storetest.Rule(t, s, survey)
		asked := x.decided(rule, surveys.InvitationScheduled, surveys.Scheduled, surveys.Scheduled)
		m, viewer, at := x.as(surveys.Manager), x.as(surveys.Viewer), "/asking/"+rule.ID
		viewer.get(at).want(http.StatusOK).has(`form[action$="/copy"], a[href$="/archive"]`, 0)
		m.get(at).want(http.StatusOK).has(`.head a[href="`+at+`/archive"]`, 1)
		ask := m.get(at + "/archive").want(http.StatusOK)
		ask.says(".refusal li", "2 planned letters are taken back.")
		ask.has(`form[action="`+at+`/archive"] button`, 1)

		m.post(at+"/archive", nil).seesOther(at)
		p := m.get(at).want(http.StatusOK)
		p.says(".head .tag", "Archived")
		p.says("main", "It asks nobody")
		p.says("main", "In the last 30 days before it was archived")
		p.has(`.fates a[href$="outcome=cancelled"]`, 1)
		p.has(`form[action="`+at+`/back"] button`, 1)
		p.has(`.head a[href$="/edit"], .head a[href*="/try"], a[href$="/archive"], form[action*="/status"]`, 0)
		viewer.get(at).want(http.StatusOK).has(`form[action$="/back"], form[action$="/copy"]`, 0)
		m.get(at+"/events?outcome=cancelled").want(http.StatusOK).says("tbody td", "the rule was archived")
		m.get("/people/"+asked[0].ID).want(http.StatusOK).says(".history", "the rule was archived")
		m.get(at + "/edit").seesOther(at)
		m.get(at + "/archive").seesOther(at)
		m.post(at+"/archive", nil).want(http.StatusConflict).says("main", "This rule is archived. Bring it back first.")
		m.post(at, url.Values{"status": {"active"}}).want(http.StatusConflict)
		list := m.get("/asking").want(http.StatusOK)
		list.has("main > .rules li", 0)
		list.says("details.archived summary", "1 archived rule")
		list.says("details.archived li", rule.Name)

		m.post(at+"/back", nil).seesOther(at)
		m.get(at).says(".head .tag", "Paused")
		list = m.get("/asking").want(http.StatusOK)
		list.has("details.archived", 0)
		list.has("main > .rules li", 1)
		m.get(at+"/archive").says(".refusal li", "none is taken back")
		m.post(at+"/back", nil).want(http.StatusConflict)
	})
}

// TestNoListIsUploadedForAnArchivedRule: it is not offered, not taken, and its own
// page says why.
func TestNoListIsUploadedForAnArchivedRule(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	rule := storetest.Rule(t, x.store, storetest.Survey(t, x.store, x.w.ID, surveys.NPS))
	person := storetest.Person(t, x.store, x.w.ID)
	rule.Trigger, rule.EventType = surveys.TriggerList, ""
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		if _, err := tx.GiveTurns(ctx, []surveys.Turn{{WorkspaceID: x.w.ID, RuleID: rule.ID, PersonID: person.ID, DueAt: x.store.Now()}}); err != nil {
			return err
		}
		return tx.UpdateRule(ctx, rule)
	})
	m, offered := x.as(surveys.Manager), `option[value="`+toRule+rule.ID+`"]`
	m.get(pathLists+"/new").has(offered, 1)
	m.get("/asking/"+rule.ID+"/archive").says(".refusal li + li", "1 person who waits for their turn")
	m.post("/asking/"+rule.ID+"/archive", nil).want(http.StatusSeeOther)
	m.get(pathLists+"/new").has(offered, 0)
	page := m.get(uploadedPath(rule.ID)).want(http.StatusOK)
	page.says("main", "Nobody on it is asked")
	page.has(`main a[href^="`+pathLists+`/new"]`, 0)
	form := url.Values{"to": {toRule + rule.ID}, "days": {"5"}, "start": {x.store.Now().Format("2006-01-02")}, "packed": {mustPack(t, "email\nana@customers.example\n")}}
	m.post(pathLists, form).want(http.StatusUnprocessableEntity).says("#field-to-error", "Choose a survey")
	m.get("/asking/"+rule.ID).want(http.StatusOK).says(".empty h2", "Nothing to show here")
}

// TestRuleIsCopied leads to the copy's form, also from an archived rule.
func TestRuleIsCopied(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		rule := storetest.Rule(t, s, storetest.Survey(t, s, x.w.ID, surveys.NPS))
		m := x.as(surveys.Manager)
		to := m.post("/asking/"+rule.ID+"/copy", nil).want(http.StatusSeeOther).header.Get("Location")
		if !strings.HasPrefix(to, "/asking/") || !strings.HasSuffix(to, "/edit") || strings.Contains(to, rule.ID) {
			t.Fatalf("it leads to %s", to)
		}
		p := m.get(to).want(http.StatusOK)
		p.says("main, .flash", "It is paused until you switch it on.")
		p.has(`[name=status][value=paused][checked]`, 1)
		if got := p.value("name"); got != rule.Name+" (copy)" {
			t.Errorf("the copy is called %q", got)
		}
		m.post("/asking/"+rule.ID+"/archive", nil)
		m.post("/asking/"+rule.ID+"/copy", nil).want(http.StatusSeeOther)
		m.get("/asking").has("main > .rules li", 2)
		for _, role := range []surveys.Role{surveys.Agent, surveys.Viewer} {
			for _, deed := range []string{"/copy", "/archive", "/back"} {
				x.as(role).post("/asking/"+rule.ID+deed, nil).want(http.StatusForbidden)
			}
		}
	})
}

func TestCopyNames(t *testing.T) {
	t.Parallel()
	catalogue := webtest.Catalogue(t)
	for tag, cases := range map[string]map[string]string{
		"en":      {"Orders": "Orders (copy)", strings.Repeat("é", 80): strings.Repeat("é", 72) + "… (copy)", strings.Repeat("x", 73): strings.Repeat("x", 73) + " (copy)"},
		"zh-Hans": {"订单": "订单（副本）", strings.Repeat("单", 80): strings.Repeat("单", 75) + "…（副本）"},
	} {
		for name, want := range cases {
			got := visit{l: catalogue.Match("", tag)}.copyName(name)
			if got != want || utf8.RuneCountInString(got) > maxName {
				t.Errorf("%s: %q, want %q", tag, got, want)
			}
		}
	}
}

// TestRuleIsArchivedByKeyboard presses nothing but keys.
func TestRuleIsArchivedByKeyboard(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	rule := storetest.Rule(t, x.store, storetest.Survey(t, x.store, x.w.ID, surveys.NPS))
	b := x.open("en")
	b.visit("/asking/" + rule.ID)
	b.do(chromedp.Focus(chromedp.CSS(`form[action$="/copy"] button`)), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	b.eventually(`location.pathname.endsWith("/archive")`)
	b.do(chromedp.Focus(chromedp.CSS(`.refusal button`)), chromedp.KeyEvent(kb.Enter))
	b.eventually(`document.querySelector(".head .tag")?.textContent === "Archived"`)
	b.do(chromedp.Focus(chromedp.CSS(`form[action$="/back"] button`)), chromedp.KeyEvent(kb.Enter))
	b.eventually(`document.querySelector(".head .tag")?.textContent === "Paused"`)
}
