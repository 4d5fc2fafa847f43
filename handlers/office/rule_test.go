package office

import (
	"context"
	"net/http"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestRulesInPlainWords(t *testing.T) {
	t.Parallel()
	catalogue := webtest.Catalogue(t)
	survey := surveys.Survey{ID: "s", Name: "Our *NPS*"}
	days := 24 * time.Hour
	cases := []struct {
		name             string
		rule             surveys.Rule
		caps             surveys.Caps
		english, chinese string
	}{
		{"everybody, at once", surveys.Rule{EventType: "signed_up"}, surveys.Caps{},
			"When signed_up happens, ask Our *NPS* at once. Nobody is asked twice within 24 hours. The link takes answers for 30 days.",
			"发生 signed_up 时，立即发送“Our *NPS*”调查。 同一个人 24 小时内不会被问两次。 链接在 30 天内可以回答。"},
		{"later, with the longer of two caps", surveys.Rule{EventType: "order_completed", Delay: 3 * days, CapDays: 45, ExpiryDays: 7}, surveys.UsualCaps(),
			"When order_completed happens, ask Our *NPS* 3 days later. Nobody is asked twice within 45 days. The link takes answers for 7 days.",
			"发生 order_completed 后，过 3 天发送“Our *NPS*”调查。 同一个人 45 天内不会被问两次。 链接在 7 天内可以回答。"},
		{"some, before a field's time, deferred", surveys.Rule{EventType: "booked", Condition: "true", DelayFrom: "event.properties.at", Delay: -90 * time.Minute, WhenCapped: surveys.CapDefer}, surveys.UsualCaps(),
			"When booked happens and true, ask Our *NPS* 90 minutes before the time in event.properties.at. Nobody is asked twice within 30 days. Whoever was asked too recently is asked later. The link takes answers for 30 days.",
			"发生 booked 且 true 时，在 event.properties.at 所记时间之前 90 分钟发送“Our *NPS*”调查。 同一个人 30 天内不会被问两次。 最近刚被问过的人会推迟询问。 链接在 30 天内可以回答。"},
		{"a series with everything", surveys.Rule{Trigger: surveys.TriggerSeries, Every: 6, Window: surveys.WorkingHours(), Sample: 40, HoldOut: 5,
			Reminders: []surveys.Reminder{{After: 3 * days}, {After: 5 * days}}, Withdraw: surveys.Withdrawal{Events: []string{"cancelled", "moved"}, Same: "id"},
			Thanks: surveys.Thanks{On: true, Links: map[surveys.Band]string{surveys.Promoter: "https://x.example"}}}, surveys.UsualCaps(),
			"Ask everybody Our *NPS* every 6 months, each on a day of their own. Mails leave Monday to Friday, 09:00 to 18:00, by each person’s own clock. Only 40% of these events ask, chosen by lot. 5% of the people are never asked, for comparison. Nobody is asked twice within 30 days. Whoever does not answer is reminded up to 2 times, after 3 and 5 days. cancelled, moved with the same id takes back what has not left yet. Every answer is thanked for by mail, with a link that fits the score. The link takes answers for 30 days.",
			"每 6 个月向每个人发送一次“Our *NPS*”调查，每人的日期各不相同。 邮件发出时间：周一至周五，09:00 至 18:00，以收件人的时间为准。 只有 40% 的事件会触发提问，随机抽取。 5% 的人从不被询问，用作对照。 同一个人 30 天内不会被问两次。 未回答的人最多提醒 2 次，间隔 3和5 天。 id 相同的 cancelled、moved 会撤回尚未发出的邮件。 每次回答后都会发送感谢邮件，并带上与评分相称的链接。 链接在 30 天内可以回答。"},
		{"a list", surveys.Rule{Trigger: surveys.TriggerList, Window: surveys.Window{Days: surveys.On(time.Saturday) | surveys.On(time.Sunday), To: 24 * 60}}, surveys.UsualCaps(),
			"Ask Our *NPS* of the people on the lists that are uploaded, a few at a time. Mails leave Saturday and Sunday, all day, by each person’s own clock. Nobody is asked twice within 30 days. The link takes answers for 30 days.",
			"分批向上传名单中的人发送“Our *NPS*”调查。 邮件发出时间：周六和周日，全天，以收件人的时间为准。 同一个人 30 天内不会被问两次。 链接在 30 天内可以回答。"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for tag, want := range map[string]string{"en": c.english, "zh-Hans": c.chinese} {
				var said []string
				v := visit{l: catalogue.Match("", tag), w: flow.Office{Workspace: surveys.Workspace{Caps: c.caps}}}
				for _, sentence := range (ruleWords{visit: v, rule: c.rule.Filled(), survey: survey}).all() {
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
		p.has(`#fold-caps a[href="/settings"]`, 1)
		if p.value("survey_id") != survey.ID || p.value("cap_days") != "0" {
			t.Errorf("the form offers survey %q and cap %q", p.value("survey_id"), p.value("cap_days"))
		}
		m.post("/asking", wholeForm(survey.ID)).want(http.StatusSeeOther)
		rules, err := s.Rules(context.Background(), x.w.ID)
		if err != nil || len(rules) != 1 {
			t.Fatalf("%d rules, %v", len(rules), err)
		}
		got, want := rules[0], wholeRule(rules[0])
		if !reflect.DeepEqual(got, want) {
			t.Errorf("stored\n%+v, want\n%+v", got, want)
		}
		m.get("/asking").want(http.StatusOK).says(".rules .rule-says", "ask "+survey.Name+" 36 hours before the time in event.properties.at.")
		p = m.get("/asking/" + got.ID + "/edit").want(http.StatusOK)
		for name, values := range wholeForm(survey.ID) {
			if slices.Contains([]string{"trigger", "status", "window", "when_capped", "thanks", "window.days", "reminders"}, name) {
				for _, value := range values {
					at := `[name="` + name + `"][value="` + value + `"]`
					p.has(at+"[checked],"+at+"[type=hidden]", 1)
				}
			} else if p.value(name) != values[0] {
				t.Errorf("the form says %q for %s, want %q", p.value(name), name, values[0])
			}
		}
		m.post("/asking/"+got.ID, url.Values{"delay": {"0"}, "delay_unit": {"days"}, "delay_base": {"event"}}).seesOther("/asking/" + got.ID)
		want.Delay, want.DelayFrom = 0, ""
		if got, _ = s.Rule(context.Background(), x.w.ID, got.ID); !reflect.DeepEqual(got, want) {
			t.Errorf("changed to\n%+v, want\n%+v", got, want)
		}
		m.get("/asking/"+got.ID).want(http.StatusOK).says(".head p", "at once.")
		m.post("/asking/"+got.ID+"/status", url.Values{"status": {"paused"}}).seesOther("/asking")
		m.get("/asking").says(".rules .tag", "Paused")
		m.post("/asking/"+got.ID+"/status?from=rule", url.Values{"status": {"active"}}).seesOther("/asking/" + got.ID)
	})
}

// wholeForm sets every field of the form for an event.
func wholeForm(surveyID string) url.Values {
	return url.Values{"name": {"After the order"}, "trigger": {"event"}, "event_type": {"order_completed"}, "condition": {"event.properties.total > 50"}, "survey_id": {surveyID},
		"delay": {"36"}, "delay_unit": {"hours"}, "delay_base": {"before"}, "delay_from": {"event.properties.at"}, "cap_days": {"14"}, "when_capped": {"defer"},
		"window": {"own"}, "window.days": {"mon", "sun"}, "window.from": {"08:30"}, "window.to": {"00:00"}, "sample": {"40"}, "hold_out": {"5"}, "expiry_days": {"20"},
		"reminders": {"1"}, "reminders.0.after": {"3"}, "reminders.0.unit": {"days"}, "reminders.1.after": {"36"}, "reminders.1.unit": {"hours"},
		"withdraw": {"order_refunded\norder_lost"}, "withdraw_same": {"order_id"}, "thanks": {"1"}, "thanks.links.good": {"https://reviews.example"},
		"thanks.links.middle": {""}, "thanks.links.bad": {"https://help.example/me"}, "status": {"active"}}
}

// wholeRule is what the whole form makes of a rule of NPS.
func wholeRule(r surveys.Rule) surveys.Rule {
	return surveys.Rule{
		WorkspaceID: r.WorkspaceID, ID: r.ID, SurveyID: r.SurveyID, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt,
		Name: "After the order", Trigger: surveys.TriggerEvent, EventType: "order_completed", Condition: "event.properties.total > 50",
		DelayFrom: "event.properties.at", Delay: -36 * time.Hour, Window: surveys.Window{Days: surveys.On(time.Monday) | surveys.On(time.Sunday), From: 510, To: 1440},
		Sample: 40, HoldOut: 5, CapDays: 14, WhenCapped: surveys.CapDefer, ExpiryDays: 20, Status: surveys.RuleActive,
		Reminders: []surveys.Reminder{{After: 72 * time.Hour, Key: 1}, {After: 36 * time.Hour, Key: 2}},
		Withdraw:  surveys.Withdrawal{Events: []string{"order_refunded", "order_lost"}, Same: "order_id"},
		Thanks:    surveys.Thanks{On: true, Links: map[surveys.Band]string{surveys.Promoter: "https://reviews.example", surveys.Detractor: "https://help.example/me"}},
	}
}

func TestRuleFormKeepsInputAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	foreign := storetest.Survey(t, x.store, storetest.Workspace(t, x.store).ID, surveys.NPS)
	m := x.as(surveys.Manager)
	cases := []struct{ name, field, value, says string }{
		{"no name", "name", "", "missing"},
		{"no trigger", "trigger", "moon", "sets the rule off"},
		{"no event", "event_type", " ", "missing"},
		{"event with capitals", "event_type", "Order Completed", "small letters"},
		{"condition that cannot be read", "condition", "event.properties.total >", "breaks off"},
		{"condition about nothing known", "condition", "order.total > 5", "does not know order"},
		{"condition that is no yes or no", "condition", "1 + 1", "yes or no"},
		{"condition that loops in loops", "condition", "all(event.properties.a, any(event.properties.b, # > 1))", "Use only one of them"},
		{"no survey", "survey_id", "", "missing"},
		{"foreign survey", "survey_id", foreign.ID, "no such survey"},
		{"delay in words", "delay", "soon", "Wait between"},
		{"negative delay", "delay", "-3", "Wait between"},
		{"delay of a year", "delay", "8766", "Wait between"},
		{"delay beyond numbers", "delay", "99999999999999999999", "Wait between"},
		{"field of nothing", "delay_from", "", "Name a field"},
		{"field that is none", "delay_from", "the delivery", "Name a field"},
		{"cap of a decade", "cap_days", "3650", "from 0 to 365"},
		{"no cap", "cap_days", "", "from 0 to 365"},
		{"no such policy", "when_capped", "maybe", "asked later"},
		{"no day", "window.days", "someday", "at least one day"},
		{"no time", "window.from", "early", "time of day"},
		{"a window that ends before it begins", "window.to", "07:00", "after the beginning"},
		{"nobody", "sample", "0", "from 1 to 100"},
		{"all held out", "hold_out", "100", "from 0 to 50"},
		{"a link for a year", "expiry_days", "365", "from 1 to 90"},
		{"a reminder at once", "reminders.0.after", "0", "before a reminder"},
		{"a reminder in words", "reminders.1.after", "later", "before a reminder"},
		{"a reminder after the end", "reminders.1.after", "700", "link has expired"},
		{"withdrawn by itself", "withdraw", "order_completed", "cannot be the one"},
		{"withdrawn by words", "withdraw", "Was refunded", "small letters"},
		{"a link that is none", "thanks.links.bad", "http://help.example", "https://"},
		{"no such status", "status", "gone", "list"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			form := wholeForm(survey.ID)
			form.Set(c.field, c.value)
			p := m.post("/asking", form).want(http.StatusUnprocessableEntity)
			p.t = t
			p.has("main .error", 1)
			at := strings.NewReplacer(".", `\.`).Replace(c.field)
			p.says("#field-"+at+"-error", c.says)
			p.has("details.fold:not([open]) .error", 0)
			for _, name := range []string{"name", "event_type", "condition", "delay", "delay_from", "cap_days", "sample", "hold_out", "expiry_days", "window.from", "window.to",
				"reminders.0.after", "reminders.1.after", "reminders.1.unit", "withdraw", "withdraw_same", "thanks.links.good", "thanks.links.bad"} {
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
