package office

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
	"github.com/harkhq/hark/templates/i18n"
)

func TestRulesInPlainWords(t *testing.T) {
	t.Parallel()
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	survey := surveys.Survey{Name: "Our *NPS*"}
	cases := []struct {
		name             string
		rule             surveys.Rule
		english, chinese string
	}{
		{"everybody, at once", surveys.Rule{EventType: "signed_up"},
			"When signed_up happens, ask Our *NPS* at once. There is no limit to how often somebody is asked.",
			"发生 signed_up 时，立即询问Our *NPS*。 对同一个人的询问次数没有限制。"},
		{"later, with a cap", surveys.Rule{EventType: "order_completed", Delay: 72 * time.Hour, CapDays: 30},
			"When order_completed happens, ask Our *NPS* 3 days later. Nobody is asked more than once in 30 days.",
			"发生 order_completed 后，过 3 天询问Our *NPS*。 同一个人 30 天内最多被问一次。"},
		{"some, at once", surveys.Rule{EventType: "order_completed", Condition: "event.properties.total > 50", CapDays: 1},
			"When order_completed happens and event.properties.total > 50, ask Our *NPS* at once. Nobody is asked more than once a day.",
			"发生 order_completed 且 event.properties.total > 50 时，立即询问Our *NPS*。 同一个人 1 天内最多被问一次。"},
		{"some, later", surveys.Rule{EventType: "order_completed", Condition: "true", Delay: 90 * time.Minute},
			"When order_completed happens and true, ask Our *NPS* 90 minutes later. There is no limit to how often somebody is asked.",
			"发生 order_completed 且 true 时，过 90 分钟询问Our *NPS*。 对同一个人的询问次数没有限制。"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for tag, want := range map[string]string{"en": c.english, "zh-Hans": c.chinese} {
				var said []string
				for _, sentence := range (visit{l: catalogue.Match("", tag)}).ruleSays(c.rule, survey) {
					said = append(said, sentence.String())
				}
				if got := strings.Join(said, " "); got != want {
					t.Errorf("%s:\n got %s\nwant %s", tag, got, want)
				}
			}
		})
	}
}

func TestRuleIsCreatedAndChanged(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		m := x.as(surveys.Manager)
		m.get("/asking").want(http.StatusOK).says(".empty h2", "Ask at the right moment")
		p := m.get("/asking/new?survey=" + survey.ID).want(http.StatusOK)
		if p.value("survey_id") != survey.ID || p.value("cap_days") != "30" {
			t.Errorf("the form offers survey %q and cap %q", p.value("survey_id"), p.value("cap_days"))
		}
		form := url.Values{"name": {"After the order"}, "event_type": {"order_completed"}, "condition": {"event.properties.total > 50"}, "survey_id": {survey.ID},
			"delay": {"36"}, "delay_unit": {"hours"}, "cap_days": {"14"}, "status": {"active"}}
		m.post("/asking", form).seesOther("/asking")
		rules, err := s.Rules(context.Background(), x.w.ID)
		if err != nil || len(rules) != 1 {
			t.Fatalf("%d rules, %v", len(rules), err)
		}
		rule := rules[0]
		if rule.Delay != 36*time.Hour || rule.CapDays != 14 || rule.Condition != "event.properties.total > 50" || rule.Status != surveys.RuleActive {
			t.Errorf("stored %+v", rule)
		}
		p = m.get("/asking").want(http.StatusOK)
		p.says(".rules .rule-says", "ask "+survey.Name+" 36 hours later.")
		p.says("pre", "order_completed")

		p = m.get("/asking/" + rule.ID).want(http.StatusOK)
		if p.value("delay") != "36" || p.value("delay_unit") != "hours" {
			t.Errorf("the form says %s %s", p.value("delay"), p.value("delay_unit"))
		}
		form.Set("delay", "0")
		m.post("/asking/"+rule.ID, form).seesOther("/asking")
		m.get("/asking").says(".rules .rule-says", "at once.")
		m.post("/asking/"+rule.ID+"/status", url.Values{"status": {"paused"}}).seesOther("/asking")
		m.get("/asking").says(".rules .tag", "Paused")
	})
}

func TestRuleFormKeepsInputAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	foreign := storetest.Survey(t, x.store, storetest.Workspace(t, x.store).ID, surveys.NPS)
	m := x.as(surveys.Manager)
	cases := []struct{ name, field, value, says string }{
		{"no name", "name", "", "missing"},
		{"no event", "event_type", " ", "missing"},
		{"event with capitals", "event_type", "Order Completed", "small letters"},
		{"condition that cannot be read", "condition", "event.properties.total >", "breaks off"},
		{"condition about nothing known", "condition", "order.total > 5", "does not know order"},
		{"condition that is no yes or no", "condition", "1 + 1", "yes or no"},
		{"no survey", "survey_id", "", "missing"},
		{"foreign survey", "survey_id", foreign.ID, "no such survey"},
		{"delay in words", "delay", "soon", "Wait between"},
		{"negative delay", "delay", "-3", "Wait between"},
		{"delay of a year", "delay", "365", "Wait between"},
		{"delay beyond numbers", "delay", "99999999999999999999", "Wait between"},
		{"cap of a decade", "cap_days", "3650", "from 0 to 365"},
		{"no cap", "cap_days", "", "from 0 to 365"},
		{"no such status", "status", "gone", "list"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			form := url.Values{"name": {"Rule"}, "event_type": {"order_completed"}, "condition": {"true"}, "survey_id": {survey.ID},
				"delay": {"1"}, "delay_unit": {"days"}, "cap_days": {"30"}, "status": {"active"}}
			form.Set(c.field, c.value)
			p := m.post("/asking", form).want(http.StatusUnprocessableEntity)
			p.t = t
			p.has(".error", 1)
			p.says("#field-"+c.field+"-error", c.says)
			for _, name := range []string{"name", "event_type", "condition", "delay", "cap_days"} {
				if got := p.value(name); got != form.Get(name) {
					t.Errorf("%s holds %q, want %q", name, got, form.Get(name))
				}
			}
		})
	}
	if rules, _ := x.store.Rules(context.Background(), x.w.ID); len(rules) != 0 {
		t.Errorf("%d rules were stored", len(rules))
	}
}
