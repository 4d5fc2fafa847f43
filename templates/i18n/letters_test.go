package i18n

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// inLetters matches the keys that a letter to a customer needs: the letter's own
// words, why it comes, what a survey asks, and how numbers and dates are written.
var inLetters = regexp.MustCompile(`^(letters|mail|format)\.|^metric\.(nps|ces|ces5|csat)\.(question|low|high|follow_up|thanks)$`)

// pluralForms are those of the Unicode CLDR for whole numbers.
var pluralForms = map[string][]string{
	"en": {"one", "other"}, "zh-Hans": {"other"}, "de": {"one", "other"}, "ar": {"few", "many", "one", "other", "two", "zero"},
}

func TestLetterLanguagesAreThoseOfTheDomain(t *testing.T) {
	t.Parallel()
	var tags []string
	for _, l := range LetterLanguages() {
		tags = append(tags, l.Tag)
	}
	if !slices.Equal(tags, surveys.LetterLocales()) {
		t.Errorf("the catalogue has %v, the domain %v", tags, surveys.LetterLocales())
	}
}

func TestLanguagesOfLettersHoldAllAndOnlyThat(t *testing.T) {
	t.Parallel()
	english, _ := texts(t, "en")
	for _, l := range LetterLanguages()[len(Languages()):] {
		other, area := texts(t, l.Tag)
		for key := range english {
			if _, ok := other[key]; !ok && inLetters.MatchString(key) {
				t.Errorf("%s lacks %s", l.Tag, key)
			}
		}
		for key, forms := range other {
			source, ok := english[key]
			if !ok || !inLetters.MatchString(key) || !strings.HasPrefix(key, area[key]+".") {
				t.Errorf("%s has %s in %s.json, which no letter needs", l.Tag, key, area[key])
				continue
			}
			for form, words := range forms {
				if _, counted := numberless[form]; counted && len(source) > 1 && !strings.Contains(words, "{n}") {
					continue // "every two days" needs no digit
				}
				compare(t, l.Tag+" "+key+" "+form, words, source["other"])
			}
		}
	}
}

// numberless are the forms that may say their number in a word.
var numberless = map[string]bool{"zero": true, "one": true, "two": true}

func TestLettersHaveThePluralsOfTheirLanguage(t *testing.T) {
	t.Parallel()
	english, _ := texts(t, "en")
	for _, l := range LetterLanguages() {
		byKey, _ := texts(t, l.Tag)
		for key, forms := range byKey {
			if len(english[key]) > 1 && inLetters.MatchString(key) && !slices.Equal(slices.Sorted(maps.Keys(forms)), pluralForms[l.Tag]) {
				t.Errorf("%s %s has the forms %v, want %v", l.Tag, key, slices.Sorted(maps.Keys(forms)), pluralForms[l.Tag])
			}
		}
	}
}

func TestArabicCounts(t *testing.T) {
	t.Parallel()
	arabic := newCatalogue(t).Letter("ar-EG")
	for n, want := range map[int64]string{1: "في اليوم", 2: "كل يومين", 3: "كل 3 أيام", 10: "كل 10 أيام", 11: "كل 11 يومًا", 99: "كل 99 يومًا", 100: "كل 100 يوم.", 102: "كل 102 يوم.", 103: "كل 103 أيام"} {
		if got := arabic.N("letters.invitation.cap", n); !strings.Contains(got, want) {
			t.Errorf("%d days are %q, want %q", n, got, want)
		}
	}
}

func TestLetterLanguage(t *testing.T) {
	t.Parallel()
	catalogue := newCatalogue(t)
	for _, c := range []struct {
		name      string
		preferred []string
		want      string
	}{
		{"a German", []string{"de-AT", "en"}, "de"},
		{"an Egyptian", []string{"ar_EG", "en"}, "ar"},
		{"Chinese", []string{"zh-CN", "en"}, "zh-Hans"},
		{"a language that is not there: the workspace's", []string{"el", "zh-Hans"}, "zh-Hans"},
		{"nothing is known", []string{"", ""}, "en"},
		{"malformed", []string{"!!", "de"}, "de"},
	} {
		if got := catalogue.Letter(c.preferred...).Lang(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := catalogue.Match("de", "de").Lang(); got != "en" {
		t.Errorf("a page is in %s: it would be half German", got)
	}
	if n := len(catalogue.All()); n != len(Languages()) {
		t.Errorf("pages are in %d languages", n)
	}
}
