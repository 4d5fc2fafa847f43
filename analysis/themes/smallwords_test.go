package themes

import (
	"strings"
	"testing"
)

// The lists are what the look-up expects: small letters between single spaces,
// nothing that a word of a comment could not be.
func TestSmallWordsAreWords(t *testing.T) {
	t.Parallel()
	lists := map[string]string{"fillers": englishFillers}
	for _, l := range smallWordLanguages() {
		lists[string(l)] = smallWords(l)
	}
	for name, list := range lists {
		if !strings.HasPrefix(list, " ") || !strings.HasSuffix(list, " ") || strings.Contains(list, "  ") {
			t.Errorf("%s is not words between single spaces", name)
		}
		for word := range strings.FieldsSeq(list) {
			if tokens := scan(word); len(tokens) != 1 || tokens[0].text != word || tokens[0].char {
				t.Errorf("%s: %q is never looked up", name, word)
			}
		}
	}
	for filler := range strings.FieldsSeq(chineseFillers) {
		tokens := scan(filler)
		if len(tokens) < 2 || joinTokens(tokens, "") != filler {
			t.Errorf("%q is never found", filler)
		}
	}
	if smallWords("xx") != "" {
		t.Error("an unknown language has small words")
	}
}

func TestWestern(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text string
		declared   Language
		want       Language
	}{
		{"Italian", "Il prodotto non è della misura che ho ordinato", English, "it"},
		{"Portuguese", "O pedido não chegou e os produtos são muito caros", English, "pt"},
		{"Dutch", "Het pakket was niet op tijd en ook nog kapot", English, "nl"},
		{"Spanish", "El paquete llegó muy tarde y no está completo", English, "es"},
		{"Swedish keeps its declaration", "Paketet kom aldrig fram", "sv", "sv"},
		{"two German words against no French one", "Super app, der Support auch", "fr", "de"},
		{"as many of both keeps the declared one", "the service und", "de", "de"},
		{"long words are not looked up", "zusammenhangslos verständnisvoll", English, English},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := western(c.text, c.declared); got != c.want {
				t.Errorf("%q, declared %q: %q, want %q", c.text, c.declared, got, c.want)
			}
		})
	}
}

func TestFillers(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]bool{"please": true, "the": true, "great": true, "courier": false, "price": false, "refund": false} {
		if isFiller(word, English) != want {
			t.Errorf("%q is a filler: %t", word, !want)
		}
	}
	if isFiller("gift", "de") || !isFiller("und", "de") || isFiller("please", "de") {
		t.Error("the fillers of one language are taken for another's")
	}
	for run, want := range map[string]bool{"希望改": true, "非常": true, "快递": false, "不新鲜": false} {
		if hasFiller(run) != want {
			t.Errorf("%q has a filler: %t", run, !want)
		}
	}
}
