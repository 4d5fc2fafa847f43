package words

import (
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/i18n"
)

// speaking is the catalogue's localizer of a language.
func speaking(t *testing.T, tag string) *i18n.Localizer {
	t.Helper()
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	return catalogue.Match("", tag)
}

func TestNamesOfKeysAndValues(t *testing.T) {
	t.Parallel()
	english, chinese := speaking(t, "en"), speaking(t, "zh-Hans")
	for key, want := range map[string][2]string{
		"plan": {"Plan", "套餐"}, "sales_region": {"Sales region", "Sales region"}, "channel": {"Channel", "渠道"}, "version": {"Question version", "问题版本"},
	} {
		if got := [2]string{KeyName(english, key), KeyName(chinese, key)}; got != want {
			t.Errorf("%s: %v, want %v", key, got, want)
		}
	}
	for _, c := range []struct{ key, value, english, chinese string }{
		{"plan", "pro", "pro", "pro"},
		{"plan", "other", "other", "other"}, // a value of the customers' own
		{"plan", surveys.OtherValue, "All others, counted together", "其余（合并计算）"},
		{"channel", "mail", "Mail", "邮件"},
		{"country", "gb", "United Kingdom", "英国"},
		{"country", "Elsewhere", "Elsewhere", "Elsewhere"},
		{"plan", "gb", "gb", "gb"},
		{"channel", "pigeon", "pigeon", "pigeon"},
		{"version", "2", "Version 2", "第 2 版"},
	} {
		if got := ValueName(english, c.key, c.value); got != c.english {
			t.Errorf("%s %s: %q, want %q", c.key, c.value, got, c.english)
		}
		if got := ValueName(chinese, c.key, c.value); got != c.chinese {
			t.Errorf("%s %s: %q, want %q", c.key, c.value, got, c.chinese)
		}
	}
}
