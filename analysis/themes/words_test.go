package themes

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// spell writes tokens with a bar before each clause.
func spell(tokens []token) string {
	var b strings.Builder
	for i, t := range tokens {
		switch {
		case t.opens && i > 0:
			b.WriteString(" | ")
		case i > 0:
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

func TestScan(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, text, want string }{
		{"case and clauses", "Late again. Never AGAIN!", "late again | never again"},
		{"not is one word", "I don't, can’t and won't", "i dont | cant and wont"},
		{"possessive", "the company's staff", "the company staff"},
		{"French elision", "l'attente d’une heure", "l attente d une heure"},
		{"hyphen and slash part", "e-mail/phone", "e mail phone"},
		{"characters one by one", "物流很快，好评", "物 流 很 快 | 好 评"},
		{"traditional to simplified", "服務態度還不錯", "服 务 态 度 还 不 错"},
		{"mixed scripts", "这个app太卡了", "这 个 app 太 卡 了"},
		{"full-width letters and digits", "ＡＰＰ１２３", "app123"},
		{"full-width space", "很好　很快", "很 好 很 快"},
		{"composed from parts", "cafe\u0301", "café"},
		{"Hangul from parts", "\u1112\u1161\u11ab", "한"},
		{"emoji stand alone", "great👍🏽🔥", "great 👍 🔥"},
		{"heart with selector", "I ❤️ it", "i ❤ it"},
		{"web address", "see https://example.com/a?b=c for more", "see for more"},
		{"bare web address", "www.example.com是骗人的", "是 骗 人 的"},
		{"mail address", "write to ana.b@example.com please", "write to please"},
		{"at sign alone", "5 @ home", "5 home"},
		{"word too long", strings.Repeat("a", 41) + " ok", "ok"},
		{"word just not", strings.Repeat("a", 40), strings.Repeat("a", 40)},
		{"invalid bytes", "bad\xff\xfeword", "bad word"},
		{"punctuation only", "?!… —", ""},
		{"empty", "", ""},
		{"Thai", "ช้ามาก", "ช ้ า ม า ก"},
		{"Turkish dotless", "KIRIK ısı", "kirik ısı"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := spell(scan(c.text)); got != c.want {
				t.Errorf("scan(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}

// Whatever comes in, tokens are clean, and reading them again changes nothing.
func TestScanTakesAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) })).Draw(t, "text")
		for _, token := range scan(text) {
			if token.text == "" || strings.ContainsAny(token.text, " \n.,!？。") || token.text != strings.ToValidUTF8(token.text, "") {
				t.Fatalf("%q gives the token %q", text, token.text)
			}
		}
	})
}

func TestTraditionalIsSortedPairs(t *testing.T) {
	t.Parallel()
	runes := []rune(traditional)
	if len(runes)%2 != 0 || len(traditional) != 3*len(runes) {
		t.Fatal("the pairs are not of three bytes each")
	}
	for i := 0; i < len(runes); i += 2 {
		if i > 0 && runes[i] <= runes[i-2] {
			t.Errorf("%c does not come after %c", runes[i], runes[i-2])
		}
		if got := simplified(runes[i]); got != runes[i+1] {
			t.Errorf("simplified(%c) = %c, want %c", runes[i], got, runes[i+1])
		}
		if again := simplified(runes[i+1]); again != runes[i+1] {
			t.Errorf("%c, the simple form of %c, would be %c", runes[i+1], runes[i], again)
		}
	}
	if simplified('好') != '好' || simplified('a') != 'a' {
		t.Error("a character without a simpler form changed")
	}
}

func TestAddressLength(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://example.com/a b":    "https://example.com/a",
		"HTTP://EXAMPLE.COM":         "HTTP://EXAMPLE.COM",
		"www.example.com，很好":         "www.example.com",
		"ana@example.com,bob":        "ana@example.com",
		"4ana@example.com":           "4ana@example.com",
		"https is a word":            "",
		"wwwhat":                     "",
		"@handle":                    "",
		"example.com":                "",
		"物流":                         "",
		"(https://example.com)":      "",
		"https://example.com/一b@c.d": "https://example.com/",
	} {
		if got := text[:addressLength(text)]; got != want {
			t.Errorf("the address of %q is %q, want %q", text, got, want)
		}
	}
}

// A text says the same whatever its case, width and characters.
func TestScanFolds(t *testing.T) {
	t.Parallel()
	wide := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r > ' ' && r < 0x7F {
				return r + 0xFEE0
			}
			return r
		}, s)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[a-z]{1,8}( [a-z0-9]{1,8}){0,5}`).Draw(t, "text")
		want := spell(scan(text))
		for _, same := range []string{strings.ToUpper(text), wide(text), wide(strings.ToUpper(text)), " " + text + "\t"} {
			if got := spell(scan(same)); got != want {
				t.Fatalf("%q is %q, and %q is %q", text, want, same, got)
			}
		}
	})
}
