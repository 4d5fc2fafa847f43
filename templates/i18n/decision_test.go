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
		{"scheduled", surveys.Decision{Outcome: surveys.Scheduled, SendAt: &at}, "mailed on 2 March 2026, 10:30", "2026年3月2日 10:30"},
		{"paused", surveys.Decision{Outcome: surveys.RuleIsPaused}, "paused", "暂停"},
		{"survey", surveys.Decision{Outcome: surveys.SurveyNotOpen}, "takes no answers", "不收集"},
		{"condition", surveys.Decision{Outcome: surveys.NotMatched}, "not true", "不符合"},
		{"broken condition", surveys.Decision{Outcome: surveys.ConditionFailed, Detail: "no total"}, "no total", "no total"},
		{"old", surveys.Decision{Outcome: surveys.TooOld}, "30 days", "30 天"},
		{"no address", surveys.Decision{Outcome: surveys.NoAddress}, "no mail address", "没有邮箱"},
		{"unsubscribed", surveys.Decision{Outcome: surveys.Unsubscribed}, "asked not to be", "不再"},
		{"bounced", surveys.Decision{Outcome: surveys.Bounced}, "came back", "退回"},
		{"capped", surveys.Decision{Outcome: surveys.Capped, Until: &at}, "from 2 March 2026, 10:30", "10:30 之后"},
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
