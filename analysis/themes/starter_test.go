package themes

import (
	"testing"
	"unicode"
)

// The starter sets obey the limits that the editor sets, and hold what they
// promise in both languages.
func TestStarterSets(t *testing.T) {
	t.Parallel()
	for _, kind := range Kinds() {
		set, err := StarterSet(kind, "en")
		if err != nil {
			t.Fatal(err)
		}
		if _, wrong := CheckSet(set); len(wrong) > 0 {
			t.Errorf("%s: %+v", kind, wrong)
		}
		if len(set) < 8 || len(set) > 12 {
			t.Errorf("%s has %d themes, want 8–12", kind, len(set))
		}
		chinese, _ := StarterSet(kind, "zh-Hans")
		for i, theme := range set {
			var en, zh int
			for _, k := range theme.Keywords {
				if r := []rune(k)[0]; unicode.Is(unicode.Han, r) {
					zh++
				} else {
					en++
				}
			}
			if en < 10 || zh < 10 || en > 25 || zh > 25 {
				t.Errorf("%s/%s has %d English and %d Chinese keywords", kind, theme.ID, en, zh)
			}
			if r := []rune(chinese[i].Name)[0]; !unicode.Is(unicode.Han, r) || chinese[i].ID != theme.ID {
				t.Errorf("%s/%s is called %q in Chinese", kind, theme.ID, chinese[i].Name)
			}
		}
	}
	if _, err := StarterSet("../go", "en"); err == nil {
		t.Error("an unknown kind has a set")
	}
}
