package office

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestRuleIsTriedBeforeItIsStored(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m := x.as(surveys.Manager)
	for n := range 12 {
		p := storetest.Person(t, x.store, x.w.ID)
		at := x.store.Now().Add(-time.Duration(n+1) * 24 * time.Hour)
		storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
			return tx.CreateEvent(ctx, surveys.Event{WorkspaceID: x.w.ID, ID: storetest.ID(t, x.store), Type: "order_completed", PersonID: p.ID, OccurredAt: at, ReceivedAt: at,
				Properties: map[string]any{"total": float64(n * 10)}})
		})
	}
	form := wholeForm(survey.ID)
	for name, value := range map[string]string{"sample": "100", "hold_out": "0", "delay_base": "event", "window": "any"} {
		form.Set(name, value)
	}
	p := m.post("/asking/try", form).want(http.StatusOK)
	p.says("#trial .sentences", "It would have sent 6 mails after 12 events.")
	p.says("#trial .sentences", "If nobody answers, 12 reminders follow.")
	p.has("#trial .trial-examples>li", 6)
	p.says("#trial .fates ul", "The condition was not true")
	p.has("#trial .trial-days>li", 6)
	if p.value("condition") != form.Get("condition") || p.value("reminders.1.after") != "36" {
		t.Error("the form was not kept")
	}
	if rules, _ := x.store.Rules(context.Background(), x.w.ID); len(rules) != 0 {
		t.Errorf("a trial stored %d rules", len(rules))
	}
	m.post("/asking", form).want(http.StatusSeeOther)
	rules, _ := x.store.Rules(context.Background(), x.w.ID)
	tried := m.get("/asking/" + rules[0].ID + "/try").want(http.StatusOK)
	tried.says("#trial .sentences", "It would have sent 6 mails")
	tried.has("main nav.seg", 0) // the trial has one period only
	form.Set("condition", "event.properties.total >")
	m.post("/asking/"+rules[0].ID+"/try", form).want(http.StatusUnprocessableEntity).says("#field-condition-error", "breaks off")
	form.Set("condition", "")
	form.Set("event_type", "never_sent")
	m.post("/asking/try", form).want(http.StatusOK).says("#trial .sentences", "no event never_sent in the last 30 days")
	m.post("/asking/try", form).has("#trial .note-under", 0) // how it was decided: nothing was
	form.Set("name", " ")
	m.post("/asking/try", form).want(http.StatusOK).has("#trial", 1)
	form.Set("trigger", "series")
	form.Set("every", "6")
	m.post("/asking/try", form).want(http.StatusOK).says("#trial .sentences", "About 2 people a month would be asked, of 2 whose turn comes.")
	form.Set("trigger", "list")
	m.post("/asking/try", form).want(http.StatusOK).says("#trial .sentences", "0 people of the uploaded lists")
	x.as(surveys.Viewer).get("/asking/" + rules[0].ID + "/try").want(http.StatusForbidden)
	x.in(storetest.Workspace(t, x.store), surveys.Owner).get("/asking/" + rules[0].ID + "/try").want(http.StatusNotFound)
}

func TestButtonsOfTheRuleFormWorkWithoutScript(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m := x.as(surveys.Manager)
	press := func(name, value string) *page {
		form := wholeForm(survey.ID)
		form.Set("name", "")
		form.Set(name, value)
		p := m.post("/asking/form", form).want(http.StatusOK)
		p.has(".error", 0)
		if p.value("window.from") != "08:30" {
			t.Errorf("%s lost what was typed", name)
		}
		return p
	}
	p := press("add_reminder", "1")
	p.has("#fold-reminders[open] .pair", 3)
	p.says("#fold-reminders-says", "3 reminders, after 3 days, 36 hours and 3 days")
	p = press("remove_reminder", "0")
	p.has("#fold-reminders[open] .pair", 1)
	if p.value("reminders.0.after") != "36" || p.value("reminders.0.unit") != "hours" {
		t.Errorf("the wrong one was removed: %s %s is left", p.value("reminders.0.after"), p.value("reminders.0.unit"))
	}
	p = press("example", `person.traits.plan == "pro"`)
	if got := p.value("condition"); got != `person.traits.plan == "pro"` {
		t.Errorf("the condition is %q", got)
	}
	p.says("#rule-says", `person.traits.plan == "pro"`)
	press("reminders.1.after", "").says("#fold-reminders-says", "1 reminder, after 3 days")
	full := wholeForm(survey.ID)
	for i := range surveys.MaxReminders {
		full.Set(fmt.Sprintf("reminders.%d.after", i), "1")
		full.Set(fmt.Sprintf("reminders.%d.unit", i), "days")
	}
	m.post("/asking/form", full).want(http.StatusOK).has("[name=add_reminder]", 0)
	if rules, _ := x.store.Rules(context.Background(), x.w.ID); len(rules) != 0 {
		t.Errorf("%d rules were stored", len(rules))
	}
}

func TestPausedSurveySaysSo(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	rule := storetest.Rule(t, x.store, survey)
	m := x.as(surveys.Manager)
	m.get("/asking").want(http.StatusOK).has(".note.warning", 0)
	m.post("/surveys/"+survey.ID+"/status", map[string][]string{"status": {"paused"}}).want(http.StatusSeeOther)
	for _, path := range []string{"/asking", "/asking/" + rule.ID, "/asking/" + rule.ID + "/edit"} {
		m.get(path).want(http.StatusOK).says(".note.warning", "takes no answers")
	}
}

func TestConditionExamplesCompile(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m := x.as(surveys.Manager)
	for _, example := range conditionExamples() {
		form := wholeForm(survey.ID)
		form.Set("condition", example.code)
		m.post("/asking", form).want(http.StatusSeeOther)
	}
}
