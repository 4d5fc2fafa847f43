package themes

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLanguageOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, text, declared string
		want                 Language
	}{
		{"declared Latin", "Alles bestens", "de", "de"},
		{"declared with region", "Tudo bem", "pt-BR", "pt"},
		{"declared with underscore", "Tudo bem", "pt_BR", "pt"},
		{"small words outvote the declaration", "The delivery was late and the box was wet", "de", English},
		{"one small word does not", "Super service, was will man mehr", "de", "de"},
		{"German from an English page", "Das Paket ist nicht angekommen und die Hotline hilft nicht", "en", "de"},
		{"French by its words", "Le colis est arrivé dans les temps, très bien", "", "fr"},
		{"Spanish by its words", "El pedido llegó tarde y no es la primera vez", "", "es"},
		{"English by its words", "I love the app but it is slow", "", English},
		{"Latin letters, nothing declared, no small words", "Great service", "", Unknown},
		{"Latin letters from China", "Great service", "zh-Hans", English},
		{"simplified Chinese", "物流很快，下次还会买", "en", Chinese},
		{"traditional Chinese", "物流很快，下次還會買", "", Chinese},
		{"Chinese with an English name in it", "这个 app 太卡了，每次都闪退", "en", Chinese},
		{"English with a Chinese name in it", "The 顺丰 courier was friendly and on time", "zh-Hans", English},
		{"Japanese", "配送がとても早くて満足です", "en", "ja"},
		{"Japanese without Kana, declared", "迅速丁寧", "ja", "ja"},
		{"the same undeclared", "迅速丁寧", "", Chinese},
		{"half-width Kana", "ｱﾘｶﾞﾄｳ", "", "ja"},
		{"Korean", "배송이 너무 느려요", "en", "ko"},
		{"Russian", "Доставка была быстрой", "en", "ru"},
		{"Ukrainian by its letters", "Дуже повільна доставка, її чекали тиждень", "en", "uk"},
		{"Bulgarian, declared", "Бърза доставка", "bg", "bg"},
		{"Arabic", "التوصيل متأخر", "en", "ar"},
		{"Persian, declared", "ارسال دیر بود", "fa", "fa"},
		{"Greek", "Πολύ καλό", "en", "el"},
		{"Hebrew", "שירות מעולה", "", "he"},
		{"Thai", "จัดส่งช้ามาก", "en", "th"},
		{"Hindi", "बहुत अच्छा", "", "hi"},
		{"Georgian, undeclared", "კარგი", "", Unknown},
		{"Georgian, declared", "კარგი", "ka", "ka"},
		{"empty", "", "en", Unknown},
		{"only punctuation", "!!! ... ???", "en", Unknown},
		{"only emoji", "👍👍🏽❤️", "zh-Hans", Unknown},
		{"only digits", "10/10", "en", Unknown},
		{"full-width Latin", "ＧＯＯＤ ｓｅｒｖｉｃｅ", "en", English},
		{"invalid UTF-8 around words", "\xff\xfethe box is \xc3 wet and it was late", "", English},
		{"a declaration that is none", "Great service", "x", Unknown},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := LanguageOf(c.text, c.declared); got != c.want {
				t.Errorf("LanguageOf(%q, %q) = %q, want %q", c.text, c.declared, got, c.want)
			}
		})
	}
}

// The first letters decide, so that the longest comment costs no more than a page.
func TestLanguageOfLongText(t *testing.T) {
	t.Parallel()
	if got := LanguageOf(strings.Repeat("很好用", 3000), "en"); got != Chinese {
		t.Errorf("10,000 characters of Chinese are %q", got)
	}
}

func TestLanguageOfTakesAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(t, "text"))
		if l := LanguageOf(text, rapid.String().Draw(t, "declared")); len(l) > 3 {
			t.Errorf("%q is no language", l)
		}
	})
}

func TestBaseOf(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]Language{
		"en": English, "EN-gb": English, "zh-Hant-TW": Chinese, "zh_CN": Chinese, "fil": "fil",
		"": Unknown, "x": Unknown, "english": Unknown, "e!": Unknown, "中文": Unknown, "-": Unknown,
	} {
		if got := baseOf(locale); got != want {
			t.Errorf("baseOf(%q) = %q, want %q", locale, got, want)
		}
	}
}

// A language that is told by its script is never told from Latin letters.
func TestLatinIsNeverAnotherScript(t *testing.T) {
	t.Parallel()
	for _, declared := range []string{"zh", "ja", "ko", "ru", "uk", "ar", "fa", "el", "he", "th", "hi", "ka"} {
		if got := LanguageOf("Super", declared); got != English {
			t.Errorf("declared %s, Latin letters are %q", declared, got)
		}
	}
	for _, declared := range []string{"de", "vi", "tr", "pl", "sw", "id"} {
		if got := LanguageOf("物流", declared); got != Chinese {
			t.Errorf("declared %s, Han is %q", declared, got)
		}
		if got := LanguageOf("Super", declared); got != Language(declared) {
			t.Errorf("declared %s, Latin letters are %q", declared, got)
		}
	}
}
