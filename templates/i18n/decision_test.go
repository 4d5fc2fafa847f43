package i18n

import (
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

func TestDecisionSaysWhenOrWhyNot(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	berlin := time.FixedZone("Berlin", 3600)
	english, chinese := both(t)
	cases := []struct {
		name     string
		decision surveys.Decision
		en, zh   string
	}{
		{"scheduled", surveys.Decision{Outcome: surveys.Scheduled, SendAt: &at}, "mailed on 2 March 2026, 10:30 (UTC+1).", "2026年3月2日 10:30 (UTC+1)"},
		{"paused", surveys.Decision{Outcome: surveys.RuleIsPaused}, "paused", "暂停"},
		{"survey", surveys.Decision{Outcome: surveys.SurveyNotOpen}, "takes no answers", "不接受"},
		{"condition", surveys.Decision{Outcome: surveys.NotMatched}, "not true", "不符合"},
		{"broken condition", surveys.Decision{Outcome: surveys.ConditionFailed, Detail: "no total"}, "no total", "no total"},
		{"what was missing", surveys.Decision{Outcome: surveys.ConditionFailed, Detail: surveys.Problem{Code: "condition_missing", Args: map[string]any{"name": "event.properties.total"}}.String()},
			"could not be computed: event.properties.total was missing.", "缺少 event.properties.total"},
		{"old", surveys.Decision{Outcome: surveys.TooOld}, "30 days", "30 天"},
		{"no address", surveys.Decision{Outcome: surveys.NoAddress}, "no mail address", "没有邮箱"},
		{"unsubscribed", surveys.Decision{Outcome: surveys.Unsubscribed}, "asked not to be", "不再"},
		{"bounced", surveys.Decision{Outcome: surveys.Bounced}, "came back", "退回"},
		{"capped", surveys.Decision{Outcome: surveys.Capped, Until: &at}, "from 2 March 2026, 10:30 (UTC+1).", "10:30 (UTC+1) 之后"},
		{"capped by something", surveys.Decision{Outcome: surveys.Capped, Until: &at, Detail: surveys.Problem{Code: "cap_by_all", Args: map[string]any{"days": 30}}.String()},
			"nobody is asked twice within 30 days. They may be asked again from 2 March", "30 天内"},
		{"deferred", surveys.Decision{Outcome: surveys.Deferred, SendAt: &at, Detail: surveys.Problem{Code: "cap_by_floor"}.String()}, "within 24 hours", "24 小时"},
		{"no time", surveys.Decision{Outcome: surveys.NoTime, Detail: surveys.Problem{Code: "time_missing", Args: map[string]any{"name": "person.traits.renewal"}}.String()}, "person.traits.renewal was missing", "缺少 person.traits.renewal"},
		{"held out", surveys.Decision{Outcome: surveys.HeldOut}, "never asks", "从不询问"},
		{"sampled out", surveys.Decision{Outcome: surveys.SampledOut}, "by lot", "抽样"},
		{"withdrawn", surveys.Decision{Outcome: surveys.Withdrawn, Detail: surveys.WithdrawnBy(surveys.Event{Type: "order_refunded"}).String()}, "order_refunded came in", "收到了 order_refunded"},
		{"withdrew", surveys.Decision{Outcome: surveys.Withdrew}, "taken back", "撤回"},
		{"capped without a date", surveys.Decision{Outcome: surveys.Capped}, "from –", "– 之后"},
	}
	for _, c := range cases {
		if got := english.Decision(c.decision, berlin); !strings.Contains(got, c.en) || strings.Contains(got, "{") {
			t.Errorf("%s: %q lacks %q", c.name, got, c.en)
		}
		if got := chinese.Decision(c.decision, berlin); !strings.Contains(got, c.zh) || strings.Contains(got, "{") {
			t.Errorf("%s: %q lacks %q", c.name, got, c.zh)
		}
	}
}

func TestOffsetsFromUTC(t *testing.T) {
	t.Parallel()
	for want, seconds := range map[string]int{
		"UTC": 0, "UTC+1": 3600, "UTC+10": 36_000, "UTC+5:30": 19_800, "UTC+0:30": 1800, "UTC−3:30": -12_600, "UTC−11": -39_600,
	} {
		if got := offset(time.Unix(0, 0).In(time.FixedZone("", seconds))); got != want {
			t.Errorf("%d seconds are %q, want %q", seconds, got, want)
		}
	}
}
