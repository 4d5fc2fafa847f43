package i18n

import (
	"strings"
	"testing"
)

func TestLanguageMenuIsSortedAsPeopleLook(t *testing.T) {
	t.Parallel()
	var names []string
	for _, l := range LanguageMenu() {
		names = append(names, l.Name)
	}
	const want = "Bahasa Indonesia, Čeština, Dansk, Deutsch, English, Español, Français, Italiano, Magyar, Nederlands, Norsk bokmål, Polski, Português (Brasil), Português (Portugal), " +
		"Română, Suomi, Svenska, Tiếng Việt, Türkçe, Ελληνικά, Русский, Українська, עברית, اردو, العربية, فارسی, हिन्दी, ไทย, 한국어, 日本語, 简体中文, 繁體中文"
	if got := strings.Join(names, ", "); got != want {
		t.Errorf("the menu says\n%s, want\n%s", got, want)
	}
}
