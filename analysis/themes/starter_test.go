package themes

import (
	"slices"
	"testing"
	"unicode"

	"github.com/harkhq/hark/analysis/internal/golden"
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
				switch r := []rune(k)[0]; {
				case r == '-': // what does not count comes on top
				case unicode.Is(unicode.Han, r):
					zh++
				default:
					en++
				}
			}
			if en < 10 || zh < 10 || en > 25 || zh > 25 {
				t.Errorf("%s/%s has %d English and %d Chinese keywords", kind, theme.ID, en, zh)
			}
			if r := []rune(chinese[i].Keywords[0])[0]; !unicode.Is(unicode.Han, r) {
				t.Errorf("%s/%s begins with %q in Chinese", kind, theme.ID, chinese[i].Keywords[0])
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

// The demo's comments were written for other reasons than to hold these words. Of
// those on a subject most are found, and hardly any on another subject.
func TestStarterSetFindsTheDemosThemes(t *testing.T) {
	t.Parallel()
	m := golden.Must(NewMatcher(golden.Must(StarterSet(Commerce, "en"))))
	theme := map[string]string{"delivery": "delivery", "courier": "delivery", "packaging": "packaging", "price": "price", "pause": "subscription", "website": "shop"}
	for _, locale := range []string{"en", "zh-Hans"} {
		found, of := map[string]float64{}, map[string]float64{}
		var wrong, others float64 // comments that are about something else
		for _, p := range patterns(t, locale) {
			for seed := range uint64(30) {
				text := write(newRand(seed), p.text)
				got := m.Match(text, LanguageOf(text, locale))
				of[p.theme]++
				if slices.Contains(got, theme[p.theme]) {
					found[p.theme]++
				}
				if p.theme == "taste" || p.theme == "closing" {
					others++
					if slices.Contains(got, "returns") || slices.Contains(got, "payment") || slices.Contains(got, "delivery") {
						wrong++
					}
				}
			}
		}
		for subject := range theme {
			share := found[subject] / of[subject]
			t.Logf("%s %s: %.2f", locale, subject, share)
			if share < 0.55 {
				t.Errorf("%s: of the comments on %s only %.2f are found", locale, subject, share)
			}
		}
		if wrong/others > 0.02 {
			t.Errorf("%s: %.2f of the comments on taste are found under payment, returns or delivery", locale, wrong/others)
		}
	}
}
