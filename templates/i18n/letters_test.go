package i18n

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

// inLetters matches the keys that a customer needs: the words of letters and of the
// public pages, why a letter comes, what a survey asks, and how numbers and dates are written.
var inLetters = regexp.MustCompile(`^(letters|mail|format|respond|cancel)\.|^metric\.((nps|ces|ces5|csat)\.(question|low|high|follow_up|thanks)|end)$`)

// pluralForms are those of the Unicode CLDR for whole numbers.
var pluralForms = map[string][]string{
	"en": {"one", "other"}, "zh-Hans": {"other"}, "de": {"one", "other"},
	"es": {"many", "one", "other"}, "fr": {"many", "one", "other"}, "it": {"many", "one", "other"}, "pt-BR": {"many", "one", "other"}, "pt-PT": {"many", "one", "other"},
	"nl": {"one", "other"}, "pl": {"few", "many", "one", "other"}, "ru": {"few", "many", "one", "other"}, "zh-Hant": {"other"},
	"ja": {"other"}, "ko": {"other"}, "th": {"other"}, "vi": {"one", "other"}, "id": {"other"}, "he": {"one", "other", "two"}, "hi": {"one", "other"},
	"uk": {"few", "many", "one", "other"}, "cs": {"few", "many", "one", "other"}, "ro": {"few", "one", "other"},
	"tr": {"one", "other"}, "el": {"one", "other"}, "hu": {"one", "other"}, "fa": {"one", "other"}, "ur": {"one", "other"},
	"sv": {"one", "other"}, "da": {"one", "other"}, "nb": {"one", "other"}, "fi": {"one", "other"},
	"ar": {"few", "many", "one", "other", "two", "zero"},
}

func TestLetterLanguagesAreThoseOfTheDomain(t *testing.T) {
	t.Parallel()
	var tags []string
	for _, l := range RespondentLanguages() {
		tags = append(tags, l.Tag)
	}
	if !slices.Equal(tags, surveys.RespondentLocales()) {
		t.Errorf("the catalogue has %v, the domain %v", tags, surveys.RespondentLocales())
	}
}

func TestLanguagesOfLettersHoldAllAndOnlyThat(t *testing.T) {
	t.Parallel()
	english, _ := texts(t, "en")
	for _, l := range RespondentLanguages()[len(Languages()):] {
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
	for _, l := range RespondentLanguages() {
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
		{"a language that is not there: the workspace's", []string{"sw", "zh-Hans"}, "zh-Hans"},
		{"nothing is known", []string{"", ""}, "en"},
		{"malformed", []string{"!!", "de"}, "de"},
	} {
		if got := catalogue.Letter(c.preferred...).Lang(); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	for _, c := range []struct {
		name, header, fallback, preferred, want string
	}{
		{"a browser's language", "de-CH,fr;q=0.5", "en", "", "de"},
		{"the second that a browser names", "ca,fr;q=0.5", "en", "", "fr"},
		{"one that Hark does not speak: the workspace's", "sw", "zh-Hans", "", "zh-Hans"},
		{"no other for one that is near it", "az,be;q=0.9,ms;q=0.8", "en", "", "en"},
		{"a choice before the browser's", "de", "en", "ru", "ru"},
		{"a choice that nobody speaks", "de", "en", "sw", "de"},
		{"Taiwan", "zh-TW", "en", "", "zh-Hant"},
		{"Hong Kong", "zh-HK", "en", "", "zh-Hant"},
		{"Cantonese", "yue", "en", "", "zh-Hant"},
		{"Singapore", "zh-SG", "en", "", "zh-Hans"},
		{"Brazil", "pt", "en", "", "pt-BR"},
		{"Angola", "pt-AO", "en", "", "pt-PT"},
		{"Mexico", "es-MX", "en", "", "es"},
		{"a malformed header", ";;;", "fr", "", "fr"},
		{"no header", "", "ar", "", "ar"},
	} {
		if got := catalogue.Respondent(c.header, c.fallback, c.preferred).Lang(); got != c.want {
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

// TestEveryNumberHasItsWords asks for every counted text with numbers of each form:
// the table above would not notice when the CLDR gives a language another one.
func TestEveryNumberHasItsWords(t *testing.T) {
	t.Parallel()
	catalogue, err := New()
	if err != nil {
		t.Fatal(err)
	}
	english, _ := texts(t, "en")
	for key, forms := range english {
		if len(forms) == 1 || !inLetters.MatchString(key) {
			continue
		}
		for _, l := range catalogue.AllRespondents() {
			for _, n := range []int64{0, 1, 2, 3, 4, 5, 6, 10, 11, 12, 20, 21, 22, 25, 99, 100, 101, 102, 103, 111, 1000, 1_000_000, 2_000_000} {
				if l.N(key, n) == key {
					t.Errorf("%s has no words for %d of %s", l.Lang(), n, key)
				}
			}
		}
	}
}
