package office

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestSurveyIsCreated(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		p := m.get("/surveys/new").want(http.StatusOK)
		p.has(`input[name="metric"]`, len(surveys.Metrics()))
		p.has(`iframe[src^="/surveys/preview?"]`, 1)
		p.has(".deeds form", 0)
		p = m.post("/surveys", url.Values{"name": {" After the order "}, "metric": {"csat"}, "subject": {"your parcel"}, "closes": {"2026-12-31"},
			"texts.en.ask": {"How was {subject}?"}, "texts.zh-Hans.thank_you": {"谢谢"}})
		p.want(http.StatusSeeOther)
		list, err := s.Surveys(context.Background(), x.w.ID)
		if err != nil || len(list) != 1 {
			t.Fatalf("%d surveys, %v", len(list), err)
		}
		got := list[0]
		if got.Name != "After the order" || got.Metric != surveys.CSAT || got.Subject != "your parcel" || got.Question.Texts["en"].Ask != "How was {subject}?" || got.Question.Texts["zh-Hans"].ThankYou != "谢谢" {
			t.Errorf("stored %+v", got)
		}
		if got.ClosesAt == nil || got.ClosesAt.Format("2006-01-02T15:04") != "2026-12-31T23:00" { // midnight of Berlin after the day
			t.Errorf("closes at %v", got.ClosesAt)
		}
		p.seesOther("/surveys/" + got.ID)
		m.get("/surveys/"+got.ID).says(".note.done", "The survey is open")
	})
}

func TestSurveyFormKeepsInputAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	long := strings.Repeat("x", 301)
	cases := []struct {
		name  string
		field string
		set   url.Values
	}{
		{"no name", "name", url.Values{"name": {" "}}},
		{"long subject", "subject", url.Values{"subject": {long}}},
		{"long question", "texts.en.ask", url.Values{"texts.en.ask": {long}}},
		{"long caption in Chinese", "texts.zh-Hans.low", url.Values{"texts.zh-Hans.low": {long}}},
		{"no date", "closes", url.Values{"closes": {"someday"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			form := url.Values{"name": {"A"}, "metric": {"ces"}, "texts.en.follow_up": {"Why?"}}
			for name, values := range c.set {
				form[name] = values
			}
			p := m.post("/surveys", form).want(http.StatusUnprocessableEntity)
			p.t = t
			p.has(".note.failure", 1)
			p.has(".error", 1)
			if got := p.Find(".error").AttrOr("id", ""); got != "field-"+c.field+"-error" {
				t.Errorf("the error stands at %s", got)
			}
			for name := range form {
				if name == "metric" {
					continue
				}
				if got := p.value(name); got != form.Get(name) {
					t.Errorf("%s holds %q, want %q", name, got, form.Get(name))
				}
			}
			p.has(`input[name="metric"][value="ces"][checked]`, 1)
			p.has(`[aria-invalid="true"]`, 1)
		})
	}
	if list, _ := x.store.Surveys(context.Background(), x.w.ID); len(list) != 0 {
		t.Errorf("%d surveys were stored", len(list))
	}
}

func TestSurveyIsEdited(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m := x.as(surveys.Manager)
	p := m.get("/surveys/" + survey.ID + "/edit").want(http.StatusOK)
	p.has(`input[type="radio"][name="metric"]`, 0)
	if p.value("name") != survey.Name {
		t.Errorf("name %q", p.value("name"))
	}
	m.post("/surveys/"+survey.ID, url.Values{"name": {"Other"}, "metric": {"csat"}, "closes": {"2026-05-01"}, "texts.en.ask": {"Would you?"}, "texts.zh-Hans.ask": {"您愿意吗？"}}).seesOther("/surveys/" + survey.ID)
	got, err := x.store.Survey(context.Background(), x.w.ID, survey.ID)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Other" || got.Metric != surveys.NPS || got.Question.Version != 2 {
		t.Errorf("stored %+v: the name and a new version should change, the metric never", got)
	}
	// What is written in a language is marked as such, and what is asked about it is in the page's.
	edit := m.get("/surveys/" + survey.ID + "/edit")
	edit.has(`input[name="texts.zh-Hans.ask"][lang="zh-Hans"]`, 1)
	edit.has(`label[for="field-texts.zh-Hans.ask"]`, 1)
	edit.has(`[lang="zh-Hans"] label, [lang="zh-Hans"] .help`, 0)
	if p := edit; p.value("closes") != "2026-05-01" || p.value("texts.en.ask") != "Would you?" {
		t.Errorf("the form holds %q and %q", p.value("closes"), p.value("texts.en.ask"))
	}
}

func TestSurveyStatuses(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m := x.as(surveys.Manager)
	for _, status := range []string{"paused", "active", "archived", "active"} {
		edit := m.get("/surveys/" + survey.ID + "/edit").want(http.StatusOK)
		edit.has(`button[name="status"][value="`+status+`"]`, 1)
		m.post("/surveys/"+survey.ID+"/status", url.Values{"status": {status}}).seesOther("/surveys/" + survey.ID)
		if got, _ := x.store.Survey(context.Background(), x.w.ID, survey.ID); string(got.Status) != status {
			t.Fatalf("status %s, want %s", got.Status, status)
		}
	}
	m.post("/surveys/"+survey.ID+"/status", url.Values{"status": {"gone"}}).want(http.StatusUnprocessableEntity)
}

func TestPreviewShowsTheRealPage(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m := x.as(surveys.Viewer)
	unsaved := url.Values{"metric": {"ces"}, "name": {""}, "closes": {"never"}, "texts.en.ask": {"Was {company} easy?"}}
	cases := []struct {
		name    string
		page    *page
		choices int
		legend  string
	}{
		{"stored", m.get("/surveys/" + survey.ID + "/preview?lang=en"), 11, "recommend Northwind Coffee"},
		{"in Chinese", m.get("/surveys/" + survey.ID + "/preview?lang=zh-Hans"), 11, "推荐 Northwind Coffee"},
		{"new", m.get("/surveys/preview?metric=csat&lang=en"), 5, "satisfied"},
		{"new, of no metric", m.get("/surveys/preview?metric=x"), 11, "recommend"},
		{"unsaved", m.post("/surveys/preview?lang=en", unsaved), 7, "Was Northwind Coffee easy?"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			c.page.t = t
			c.page.want(http.StatusOK)
			c.page.has(`input[name="score"]`, c.choices)
			c.page.says("legend", c.legend)
			c.page.has(`button[type="button"][aria-disabled="true"]`, 1)
			if policy := c.page.header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'self'") {
				t.Errorf("the office cannot frame it: %s", policy)
			}
		})
	}
	edit := x.as(surveys.Manager).get("/surveys/" + survey.ID + "/edit")
	edit.has(`button[formaction^="/surveys/preview?lang="][formtarget="preview"][form="survey-form"]`, 2)
	if policy := edit.header.Get("Content-Security-Policy"); !strings.Contains(policy, "frame-ancestors 'none'") {
		t.Errorf("the office itself can be framed: %s", policy)
	}
}
