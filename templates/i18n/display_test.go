package i18n

import "testing"

func TestNamesOfCountriesAndLanguages(t *testing.T) {
	t.Parallel()
	english, chinese := both(t)
	for code, want := range map[string][2]string{
		"gb": {"United Kingdom", "英国"}, "CN": {"China", "中国"}, "de": {"Germany", "德国"},
		"": {"", ""}, "zz": {"zz", "zz"}, "UK": {"United Kingdom", "英国"}, "Germany": {"Germany", "Germany"}, "DEU": {"DEU", "DEU"}, "eu": {"eu", "eu"}, "1a": {"1a", "1a"}, "德国": {"德国", "德国"},
	} {
		if got := [2]string{english.Country(code), chinese.Country(code)}; got != want {
			t.Errorf("the country %q is %q, want %q", code, got, want)
		}
	}
	for tag, want := range map[string][2]string{
		"en": {"English", "英语"}, "zh-Hans": {"Simplified Chinese", "简体中文"}, "en-GB": {"British English", "英国英语"}, "de": {"German", "德语"},
		"": {"", ""}, "nonsense": {"nonsense", "nonsense"}, "zh_CN": {"Chinese (China)", "中文 (中国)"},
	} {
		if got := [2]string{english.Language(tag), chinese.Language(tag)}; got != want {
			t.Errorf("the language %q is %q, want %q", tag, got, want)
		}
	}
}
