package office

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestRuleSaysWhenItsMailWouldLeave is about somebody who tries a rule on a
// Sunday and wonders where the mail is.
func TestRuleSaysWhenItsMailWouldLeave(t *testing.T) {
	t.Parallel()
	catalogue := webtest.Catalogue(t)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	sunday := time.Date(2026, 11, 22, 11, 30, 0, 0, time.UTC)
	at := surveys.Rule{EventType: "ticket_solved", Window: surveys.WorkingHours(), Status: surveys.RuleActive}
	with := func(change func(*surveys.Rule)) surveys.Rule {
		r := at
		change(&r)
		return r
	}
	cases := []struct {
		name             string
		rule             surveys.Rule
		holidays         surveys.Holidays
		english, chinese string
	}{
		{"working hours, on a Sunday", at, nil,
			"If it happened now, the mail would leave on Monday: 23 November 2026, 09:00 (UTC+1).", "如果现在发生，邮件将在周一发出：2026年11月23日 09:00 (UTC+1)。"},
		{"and Monday is a holiday", at, surveys.Holidays{"11-23"},
			"If it happened now, the mail would leave on Tuesday: 24 November 2026, 09:00 (UTC+1).", "如果现在发生，邮件将在周二发出：2026年11月24日 09:00 (UTC+1)。"},
		{"at any time, an hour later", with(func(r *surveys.Rule) { r.Window, r.Delay = surveys.AnyTime(), time.Hour }), nil,
			"If it happened now, the mail would leave on Sunday: 22 November 2026, 13:30 (UTC+1).", "如果现在发生，邮件将在周日发出：2026年11月22日 13:30 (UTC+1)。"},
		{"at once", with(func(r *surveys.Rule) { r.Window = surveys.AnyTime() }), nil, "", ""},
		{"paused", with(func(r *surveys.Rule) { r.Status = surveys.RulePaused }), nil, "", ""},
		{"at a time that the event brings", with(func(r *surveys.Rule) { r.DelayFrom = "event.properties.at" }), nil, "", ""},
		{"a series", with(func(r *surveys.Rule) { r.Trigger, r.Every = surveys.TriggerSeries, 3 }), nil, "", ""},
		{"hours that never open", with(func(r *surveys.Rule) { r.Window.Days = 0 }), nil, "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for tag, want := range map[string]string{"en": c.english, "zh-Hans": c.chinese} {
				v := visit{l: catalogue.Match("", tag), w: flow.Office{Workspace: surveys.Workspace{Holidays: c.holidays}, Zone: berlin}}
				var got string
				for _, sentence := range (ruleWords{visit: v, rule: c.rule.Filled()}).next(sunday) {
					got += sentence.String()
				}
				if got != want {
					t.Errorf("%s: %q, want %q", tag, got, want)
				}
			}
		})
	}
}

func TestRuleSaysTheLongestLimitOfItsSurvey(t *testing.T) {
	t.Parallel()
	catalogue := webtest.Catalogue(t)
	for _, c := range []struct {
		name   string
		survey surveys.Survey
		caps   surveys.Caps
		want   string
	}{
		{"relational", surveys.Survey{Kind: surveys.Relational}, surveys.UsualCaps(), "Nobody is asked twice within 30 days. Nobody is asked this survey twice within 90 days."},
		{"transactional, where any question is rarer", surveys.Survey{Kind: surveys.Transactional}, surveys.UsualCaps(), "Nobody is asked twice within 30 days."},
		{"transactional, with no limit over all", surveys.Survey{Kind: surveys.Transactional}, surveys.Caps{TransactionalDays: 14}, "Nobody is asked twice within 24 hours. Nobody is asked this survey twice within 14 days."},
		{"its own", surveys.Survey{Kind: surveys.Transactional, CapDays: 200}, surveys.UsualCaps(), "Nobody is asked twice within 30 days. Nobody is asked this survey twice within 200 days."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var said []string
			v := visit{l: catalogue.Match("", "en"), w: flow.Office{Workspace: surveys.Workspace{Caps: c.caps}}}
			for _, sentence := range (ruleWords{visit: v, rule: surveys.Rule{}.Filled(), survey: c.survey}).caps() {
				said = append(said, sentence.String())
			}
			if got := strings.Join(said, " "); got != c.want {
				t.Errorf("says %q, want %q", got, c.want)
			}
		})
	}
}

// TestRuleSaysThatALimitOutlastsItsSeries compares the months of a series with the
// limits that it keeps.
func TestRuleSaysThatALimitOutlastsItsSeries(t *testing.T) {
	t.Parallel()
	catalogue := webtest.Catalogue(t)
	relational := surveys.Survey{Kind: surveys.Relational}
	for name, c := range map[string]struct {
		rule   surveys.Rule
		survey surveys.Survey
		days   string // "" where nothing is said
	}{
		"every month, relational":       {surveys.Rule{Trigger: surveys.TriggerSeries, Every: 1}, relational, "90 days"},
		"every two months, relational":  {surveys.Rule{Trigger: surveys.TriggerSeries, Every: 2}, relational, "90 days"},
		"every quarter, relational":     {surveys.Rule{Trigger: surveys.TriggerSeries, Every: 3}, relational, ""},
		"every month, over all":         {surveys.Rule{Trigger: surveys.TriggerSeries, Every: 1}, surveys.Survey{}, ""},
		"every half year, the survey's": {surveys.Rule{Trigger: surveys.TriggerSeries, Every: 6}, surveys.Survey{CapDays: 200}, "200 days"},
		"every month, the rule's":       {surveys.Rule{Trigger: surveys.TriggerSeries, Every: 1, CapDays: 60}, surveys.Survey{}, "60 days"},
		"no number of months":           {surveys.Rule{Trigger: surveys.TriggerSeries}, relational, ""},
		"after an event":                {surveys.Rule{Trigger: surveys.TriggerEvent}, relational, ""},
	} {
		v := visit{l: catalogue.Match("", "en"), w: flow.Office{Workspace: surveys.Workspace{Caps: surveys.UsualCaps()}}}
		var said []string
		for _, sentence := range (ruleWords{visit: v, rule: c.rule.Filled(), survey: c.survey}).caps() {
			if text := sentence.String(); strings.Contains(text, "longer than the series") {
				said = append(said, text)
			}
		}
		if (len(said) == 1) != (c.days != "") || len(said) > 0 && !strings.Contains(said[0], c.days) {
			t.Errorf("%s: says %q, want %q", name, said, c.days)
		}
	}
}

// TestSeriesWaitsRatherThanLeavesOut checks what a form means whose trigger was
// changed, with and without a look at its folded limits.
func TestSeriesWaitsRatherThanLeavesOut(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name                  string
		trigger, shown, ticks string
		want                  surveys.CapPolicy
	}{
		{"an event, as offered", "event", "event", "drop", surveys.CapDrop},
		{"an event that waits", "event", "event", "defer", surveys.CapDefer},
		{"turned into a series", "series", "event", "drop", surveys.CapDefer},
		{"turned into a list", "list", "event", "drop", surveys.CapDefer},
		{"a series that leaves out, chosen", "series", "series", "drop", surveys.CapDrop},
		{"a series, as offered", "series", "series", "defer", surveys.CapDefer},
		{"a series turned into an event", "event", "series", "defer", surveys.CapDrop},
		{"a list turned into a series", "series", "list", "drop", surveys.CapDrop},
		{"sent by a form of before", "series", "", "drop", surveys.CapDrop},
		{"no such policy", "series", "event", "moon", "moon"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			form := url.Values{"trigger": {c.trigger}, "when_capped": {c.ticks}, "when_capped_for": {c.shown}}
			if got := readRule(form, surveys.Rule{}, surveys.NPS.Scale()).WhenCapped; got != c.want {
				t.Errorf("it is %q, want %q", got, c.want)
			}
		})
	}
}

func TestNewSeriesShowsThatItWaits(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	b := x.open("en")
	b.visit("/asking/new")
	b.eventually(`document.querySelector("form.scripted") && document.querySelector("[name=when_capped][value=drop]").checked`)
	b.do(chromedp.Click(chromedp.CSS(`[name=trigger][value=series]`)))
	b.eventually(`document.querySelector("[name=when_capped][value=defer]").checked && document.querySelector("[name=when_capped_for]").value === "series"`)
	b.eventually(`document.getElementById("rule-says").textContent.includes("is asked later")`)
	b.do(chromedp.Click(chromedp.CSS(`#fold-caps>summary`)), chromedp.Click(chromedp.CSS(`[name=when_capped][value=drop]`)))
	b.eventually(`!document.getElementById("rule-says").textContent.includes("is asked later")`)
	b.eventually(`document.activeElement.value === "drop" && document.activeElement.checked`)
}

// TestAskingLeadsToLists checks the ways from the rules to an upload, and back to
// the list of a rule.
func TestAskingLeadsToLists(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		list := surveys.Rule{WorkspaceID: x.w.ID, ID: storetest.ID(t, s), Name: "The launch", Trigger: surveys.TriggerList, SurveyID: survey.ID, Status: surveys.RuleActive}.Filled()
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateRule(ctx, list) })
		m := x.as(surveys.Manager)
		p := m.get("/asking").want(http.StatusOK)
		p.has(`.head a[href="/asking/lists/new"]`, 1)
		p.has("pre", 0) // no rule waits for an event that could be sent
		m.get("/asking/"+list.ID).want(http.StatusOK).has(`.head a[href="/asking/lists/`+list.ID+`"]`, 1)
		rule := storetest.Rule(t, s, survey)
		p = m.get("/asking").want(http.StatusOK)
		p.says("pre", `"type":"order_completed"`)
		p.says("main details", "the mail would leave on")
		m.get("/asking/"+rule.ID).says(".head p", "the mail would leave on")
		m.get("/asking/"+rule.ID).has(`.head a[href^="/asking/lists/"]`, 0)
		v := x.as(surveys.Viewer)
		v.get("/asking").has(`a[href="/asking/lists/new"]`, 0)
		v.get("/asking/"+list.ID).has(`.head a[href^="/asking/lists/"]`, 0)
	})
}

func TestRulePageSaysWhoWaitsForTheirTurn(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		series := surveys.Rule{WorkspaceID: x.w.ID, ID: storetest.ID(t, s), Name: "Each quarter", Trigger: surveys.TriggerSeries, Every: 3, SurveyID: survey.ID, Status: surveys.RuleActive}.Filled()
		person := storetest.Person(t, s, x.w.ID)
		m := x.as(surveys.Manager)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.CreateRule(ctx, series) })
		if p := m.get("/asking/" + series.ID).want(http.StatusOK); contains(p.Find(".head p").Text(), "their turn") {
			t.Errorf("says %q of nobody", p.Find(".head p").Text())
		}
		turn := surveys.Turn{WorkspaceID: x.w.ID, RuleID: series.ID, PersonID: person.ID, DueAt: s.Now().Add(30 * 24 * time.Hour)}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.GiveTurns(ctx, []surveys.Turn{turn})
			return err
		})
		for _, path := range []string{"", "/try"} {
			m.get("/asking/"+series.ID+path).want(http.StatusOK).says(".head p", "1 person waits for their turn, on 1 April 2026.")
		}
	})
}

// TestRuleSaysNothingOfWrongNumbers looks at the summary of a form of which
// nothing can be said.
func TestRuleSaysNothingOfWrongNumbers(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m := x.as(surveys.Manager)
	wrong := wholeForm(survey.ID)
	for name, value := range map[string]string{"delay": "soon", "delay_base": "event", "sample": "0", "hold_out": "x", "expiry_days": "-4", "cap_days": "?", "every": "0", "window.from": "late"} {
		wrong.Set(name, value)
	}
	wrong.Del("window.days")
	for trigger, want := range map[string]string{"event": "… later", "series": "Name " + "… where"} {
		wrong.Set("trigger", trigger)
		p := m.post("/asking", wrong).want(http.StatusUnprocessableEntity)
		says := strings.ReplaceAll(strings.Join(strings.Fields(p.Find("#rule-says").Text()), " "), survey.Name, "Name")
		if !strings.Contains(says, want) || strings.ContainsAny(says, "−-") || strings.Contains(says, "Mails leave") || strings.Contains(says, "If it happened") {
			t.Errorf("%s: it says %q, want %q in it", trigger, says, want)
		}
		p.says("#fold-window-says", "…")
	}
}

func TestRuleFormNamesItsTwin(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	rule := storetest.Rule(t, x.store, storetest.Survey(t, x.store, x.w.ID, surveys.NPS))
	elsewhere := storetest.Workspace(t, x.store)
	foreign := storetest.Rule(t, x.store, storetest.Survey(t, x.store, elsewhere.ID, surveys.NPS))
	m := x.as(surveys.Manager)
	note := func(id, event string) string {
		return m.post("/asking"+id+"/form", url.Values{"trigger": {"event"}, "event_type": {event}}).want(http.StatusOK).Find("#event-note").Text()
	}
	if got := note("", rule.EventType); !strings.Contains(got, "“"+rule.Name+"” waits for this event, too") {
		t.Errorf("a second rule about %s is told %q", rule.EventType, got)
	}
	for name, got := range map[string]string{"the rule itself": note("/"+rule.ID, rule.EventType), "another event": note("", "order_lost"), "no event": note("", "")} {
		if strings.TrimSpace(got) != "" {
			t.Errorf("%s: it says %q", name, got)
		}
	}
	if got := x.in(elsewhere, surveys.Manager).get("/asking/" + foreign.ID + "/edit").Find("#event-note").Text(); strings.TrimSpace(got) != "" {
		t.Errorf("a rule of another workspace is named: %q", got)
	}
	m.post("/asking/"+rule.ID+"/status", url.Values{"status": {"paused"}})
	if got := note("", rule.EventType); strings.TrimSpace(got) != "" {
		t.Errorf("a paused rule is named: %q", got)
	}
}
