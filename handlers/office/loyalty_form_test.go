package office

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func goodLoyaltyPlan() url.Values {
	return url.Values{
		"basis": {"contract"}, "lapse_days": {"60"}, "complete_since": {"2025-01-31"}, "currency": {"eur"}, "survey_id": {""},
		"event": {"paid", " ", "stopped"}, "kind": {"renewed", "active", "ended"}, "amount": {"fee", "", ""},
	}
}

func TestLoyaltyPlanIsWritten(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		x.happens("page_seen", nil)
		m.get("/settings").has(`main a[href="/settings/loyalty"]`, 1)
		p := m.get("/settings/loyalty").want(http.StatusOK)
		p.has(".meaning-rows li", len(surveys.DefaultLoyaltyPlan(x.w.ID).Meanings))
		p.has(`input[name=basis][value=purchase][checked]`, 1)
		p.has(`button[name=add][value=page_seen]`, 1)
		m.post("/settings/loyalty", goodLoyaltyPlan()).seesOther(fmt.Sprintf("/loyalty?since=%d", s.Now().UnixMicro()))
		plan, err := s.LoyaltyPlan(context.Background(), x.w.ID)
		if err != nil || plan.Basis != surveys.LoyaltyByContract || plan.LapseDays != 60 || plan.Currency != "EUR" || plan.CompleteSince == nil || len(plan.Meanings) != 2 ||
			plan.Meanings[0] != (surveys.EventMeaning{EventType: "paid", Kind: surveys.LoyaltyRenewed, Amount: "fee"}) {
			t.Errorf("%+v, %v", plan, err)
		}
		p = m.get("/settings/loyalty").want(http.StatusOK)
		p.has(".meaning-rows li", 2)
		if p.value("complete_since") != "2025-01-31" || p.value("lapse_days") != "60" || p.value("currency") != "EUR" {
			t.Errorf("the form holds %q, %q, %q", p.value("complete_since"), p.value("lapse_days"), p.value("currency"))
		}
		p = x.as(surveys.Viewer).get("/settings/loyalty").want(http.StatusOK)
		p.has("fieldset[disabled]", 1)
		p.has(".plan > .acts", 0)
	})
}

// TestLoyaltyRowsWithoutScript: rows come and go by buttons that send the form,
// and nothing is stored by them.
func TestLoyaltyRowsWithoutScript(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	form := goodLoyaltyPlan()
	form.Set("add", "page_seen")
	p := m.post("/settings/loyalty", form).want(http.StatusOK)
	p.has(".meaning-rows li", 3)
	if got := p.Find(".meaning-rows li").Last().Find("input[name=event]").AttrOr("value", ""); got != "page_seen" {
		t.Errorf("the new row is of %q", got)
	}
	p.has(".meaning-rows li:last-of-type input[name=event][autofocus]", 1)
	p.has("[autofocus]", 1)
	p.has(`button[name=remove][aria-label="Remove page_seen"]`, 1)
	form = goodLoyaltyPlan()
	form.Set("add", "")
	p = m.post("/settings/loyalty", form).want(http.StatusOK)
	p.has(".meaning-rows li", 3)
	p.has(`button[name=remove][aria-label="Remove row 3"]`, 1)
	form = goodLoyaltyPlan()
	form.Set("remove", "0")
	p = m.post("/settings/loyalty", form).want(http.StatusOK)
	p.has(".meaning-rows li", 1)
	if got := p.Find("input[name=event]").AttrOr("value", ""); got != "stopped" {
		t.Errorf("left is %q", got)
	}
	if plan, err := x.store.LoyaltyPlan(context.Background(), x.w.ID); err != nil || !plan.UpdatedAt.IsZero() {
		t.Errorf("a button of a row stored %+v, %v", plan, err)
	}
	// The first button of the form, which Enter presses, saves it.
	if first := p.Find("form.plan button").First(); first.AttrOr("name", "") != "" {
		t.Errorf("Enter presses %q", first.AttrOr("name", ""))
	}
}

func TestLoyaltyFormSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		foreign := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
		many := make([]string, surveys.MaxLoyaltyMeanings+1)
		for i := range many {
			many[i] = "e" + strconv.Itoa(i)
		}
		for name, c := range map[string]struct {
			field    string
			values   []string
			at, says string
		}{
			"no basis":         {"basis", nil, "#field-basis-error", "Choose who counts as a customer"},
			"a lapse in words": {"lapse_days", []string{"soon"}, "#field-lapse_days-error", "from 7 to 1,098"},
			"a day in words":   {"complete_since", []string{"yesterday"}, "#field-complete_since-error", "2026-01-31"},
			"a day to come":    {"complete_since", []string{"2026-03-03"}, "#field-complete_since-error", "still to come"},
			"a long currency":  {"currency", []string{"euro"}, "#field-currency-error", "three letters"},
			"another's survey": {"survey_id", []string{foreign.ID}, "#field-survey_id-error", "no such survey"},
			"a type of words":  {"event", []string{"paid", "", "We stopped"}, "#meaning-1-error", "small letters"},
			"no such kind":     {"kind", []string{"loved", "active", "ended"}, "#meaning-0-error", "Choose what paid means"},
			"no amount here":   {"amount", []string{"fee", "", "fee"}, "#meaning-1-error", "The amount of stopped"},
			"the same twice":   {"event", []string{"stopped", "", "stopped"}, "#meaning-1-error", ""},
			"too many":         {"event", many, "#field-meanings-error", "40 meanings at most"},
		} {
			form := goodLoyaltyPlan()
			form[c.field] = c.values
			if name == "the same twice" {
				form["kind"], form["amount"] = []string{"ended", "active", "ended"}, []string{"", "", ""}
				c.says = "stopped has this meaning already"
			}
			p := m.post("/settings/loyalty", form).want(http.StatusUnprocessableEntity)
			if got := p.text(c.at); !strings.Contains(got, c.says) {
				t.Errorf("%s: %s says %q, want %q", name, c.at, got, c.says)
			}
			p.has("main .note.failure", 1)
			p.has("[autofocus]", 1)
			if focus := p.Find("[autofocus]").AttrOr("name", ""); focus != c.field {
				t.Errorf("%s: the page opens on %q, want %q", name, focus, c.field)
			}
		}
	})
}

// TestLoyaltyByKeyboard: the width of a period is chosen and the form is sent
// with Enter, without script, and Enter takes no row away.
func TestLoyaltyByKeyboard(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	x.shop(60)
	b := x.open("en")
	b.do(chromedp.Func(withoutScript))
	b.visit("/loyalty")
	b.do(chromedp.Focus(chromedp.CSS(`.seg a[href="/loyalty?by=month"]`)), chromedp.KeyEvent("\r"))
	b.eventually(`location.search === "?by=month" && document.querySelector("#course h2").textContent === "Retention by month"`)
	b.do(chromedp.Focus(chromedp.CSS(`#rate-churn a`)), chromedp.KeyEvent("\r"))
	b.eventually(`location.hash === "#course" && document.querySelector("#course h2").textContent === "Churn by month"`)
	b.visit("/settings/loyalty")
	rows := len(surveys.DefaultLoyaltyPlan(x.w.ID).Meanings)
	b.do(chromedp.Focus(chromedp.CSS(`#meanings button[name=add]`)), chromedp.KeyEvent("\r"))
	b.eventually(fmt.Sprintf(`document.activeElement.id === "meaning-%d"`, rows))
	b.do(chromedp.Focus(chromedp.CSS(`.meaning-rows li:last-of-type input`)), chromedp.KeyEvent("\r"))
	b.eventually(`location.pathname === "/loyalty" && location.search.startsWith("?since=")`)
	plan, err := x.store.LoyaltyPlan(context.Background(), x.w.ID)
	if err != nil || len(plan.Meanings) != rows {
		t.Errorf("%d rows are left of %d (%v)", len(plan.Meanings), rows, err)
	}
}
