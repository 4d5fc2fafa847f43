package letters

import "testing"

func TestSpaced(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Northwind Coffee想问您一个问题": "Northwind Coffee 想问您一个问题",
		"您在Acme下过单。":              "您在 Acme 下过单。",
		"您在 Acme 下过单。":            "您在 Acme 下过单。",
		"Acme，您好":                 "Acme，您好",
		"每7天一次":                   "每 7 天一次",
		"2026年6月29日当周NPS下降":       "2026年6月29日当周 NPS 下降",
		"北风咖啡想问您":                 "北风咖啡想问您",
		"Nothing Chinese 7":       "Nothing Chinese 7",
		"":                        "",
	} {
		if got := Spaced(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
