package office

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestCapsAndHolidaysAreSet(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		form := usualSettings()
		for name, value := range map[string]string{"cap_all": "21", "cap_relational": "0", "cap_transactional": "7", "cap_reminders": "2", "holidays": "12-25\r\n2026-05-14"} {
			form.Set(name, value)
		}
		m.post("/settings", form).seesOther("/settings")
		want := surveys.Caps{AllDays: 21, TransactionalDays: 7, Reminders: 2}
		stored := func() surveys.Workspace {
			w, err := s.Workspace(context.Background(), x.w.ID)
			if err != nil {
				t.Fatal(err)
			}
			return w
		}
		if got := stored(); got.Caps != want || !reflect.DeepEqual(got.Holidays, surveys.Holidays{"12-25", "2026-05-14"}) {
			t.Errorf("stored %+v and %v", got.Caps, got.Holidays)
		}
		p := m.get("/settings").want(http.StatusOK)
		if p.value("cap_all") != "21" || p.value("cap_relational") != "0" || p.value("holidays") != "12-25\n2026-05-14" {
			t.Errorf("the form holds %q, %q and %q", p.value("cap_all"), p.value("cap_relational"), p.value("holidays"))
		}
		for field, value := range map[string]string{"cap_all": "never", "cap_relational": "400", "cap_transactional": "-1", "cap_reminders": "31", "holidays": "12-25\n31.12."} {
			wrong := usualSettings()
			wrong.Set(field, value)
			p := m.post("/settings", wrong).want(http.StatusUnprocessableEntity)
			p.has("#field-"+field+"-error", 1)
			if got := p.value(field); got != value {
				t.Errorf("%s holds %q, want %q", field, got, value)
			}
		}
		m.post("/settings", usualSettings()).seesOther("/settings")
		if got := stored(); got.Caps != want || len(got.Holidays) != 2 {
			t.Errorf("a form without the fields changed them to %+v and %v", got.Caps, got.Holidays)
		}
	})
}

func TestSurveyIsToldHowOftenItMayBeAsked(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		m.post("/surveys", url.Values{"name": {"Delivery"}, "metric": {"csat"}, "kind": {"transactional"}, "topic": {"delivery"}, "cap_days": {"60"}}).want(http.StatusSeeOther)
		list, err := s.Surveys(context.Background(), x.w.ID)
		if err != nil || len(list) != 1 || list[0].Kind != surveys.Transactional || list[0].Topic != "delivery" || list[0].CapDays != 60 {
			t.Fatalf("%+v, %v", list, err)
		}
		at := "/surveys/" + list[0].ID
		p := m.get(at + "/edit").want(http.StatusOK)
		p.has(`[name=kind][value=transactional][checked]`, 1)
		p.has(`[name=kind]`, 2)
		p.says("#asking-says", "60 days apart")
		if p.value("topic") != "delivery" || p.value("cap_days") != "60" {
			t.Errorf("the form holds %q and %q", p.value("topic"), p.value("cap_days"))
		}
		p = m.post(at, url.Values{"name": {"Delivery"}, "kind": {"eternal"}, "cap_days": {"999"}}).want(http.StatusUnprocessableEntity)
		p.has("#asking[open] .error", 2)
		m.post(at, url.Values{"name": {"Delivery 2"}}).seesOther(at)
		again, err := s.Survey(context.Background(), x.w.ID, list[0].ID)
		if err != nil || again.Name != "Delivery 2" || again.Topic != "delivery" || again.CapDays != 60 {
			t.Errorf("a form without the fields left %+v, %v", again, err)
		}
		m.post("/surveys", url.Values{"name": {"Us"}, "metric": {"nps"}, "kind": {""}}).want(http.StatusSeeOther)
		if list, err = s.Surveys(context.Background(), x.w.ID); err != nil || len(list) != 2 || list[1].Kind != surveys.Relational {
			t.Errorf("%+v, %v", list, err)
		}
	})
}
