package i18n

import "testing"

// Latin names that are filled into Chinese texts stand apart from them, once; Chinese
// ones and dates do not.
func TestFilledNamesStandApart(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"{name}的账户":             "Robin Ashdown 的账户",
		"{name} 的账户":            "Robin Ashdown 的账户",
		"属于{name}，欢迎":           "属于 Robin Ashdown，欢迎",
		"欢迎{chinese}的客人":        "欢迎北风的客人",
		"{year}年{month}日{name}": "2026年6日 Robin Ashdown",
		"{name}'s account":      "Robin Ashdown's account",
	} {
		got := fill(text, map[string]string{"name": "Robin Ashdown", "chinese": "北风", "year": "2026", "month": "6"})
		if got != want {
			t.Errorf("%s became %q, want %q", text, got, want)
		}
	}
}

// What the catalogue says of a person and of a metric in Chinese.
func TestChinesePagesSetNamesApart(t *testing.T) {
	t.Parallel()
	catalogue, err := New()
	if err != nil {
		t.Fatal(err)
	}
	zh := catalogue.All()[1]
	if got := zh.T("layouts.account_of", "name", "Robin Ashdown"); got != "Robin Ashdown 的账户" {
		t.Errorf("the account is called %q", got)
	}
	if got := zh.T("components.themes.effect", "metric", "NPS"); got != "NPS 与其他人之差" {
		t.Errorf("the effect is called %q", got)
	}
}
