package themes

import (
	"slices"
	"strings"
	"unicode"
)

// Language is what a comment is written in: an ISO 639-1 code without script or
// region ("en", "zh", "de"), or [Unknown].
type Language string

// The languages that this package treats in a way of their own. Both ways of
// writing Chinese are Chinese: the common traditional characters are read as the
// simplified ones. Any other code is as good for training and for rules.
const (
	Unknown Language = "" // no letters at all, or letters that do not tell
	English Language = "en"
	Chinese Language = "zh"
)

// script is a way of writing that narrows the languages down.
type script int

const (
	noScript script = iota
	latin
	han
	kana
	hangul
	cyrillic
	arabic
	otherScript
)

// maxSample is how many letters of a comment decide on its language.
const maxSample = 600

// LanguageOf tells a comment's language from its letters, and from the declared
// one (a locale as in "pt-BR"; the survey's or workspace's where the person
// declared none) where several languages share them.
//
// Chinese, Japanese, Korean, Greek, Hebrew, Thai and Hindi are told by the share
// of their characters; one character weighs as much as three letters, which is
// how much longer words are in letters. Latin letters are the declared language,
// if it is written in them, unless the small words of another one (the, und, que)
// outnumber its own. Without a fitting declaration and such words, Latin letters
// are English when another language was declared, since that is what people
// write who leave theirs, and Unknown when none was.
func LanguageOf(text, declared string) Language {
	base := baseOf(declared)
	var letters [otherScript + 1]int
	var last Language // of otherScript
	n := 0
	for _, r := range text {
		s, language := scriptOf(r)
		if s == noScript {
			continue
		}
		letters[s] += weightOf(s)
		if s == otherScript {
			last = language
		}
		if n++; n == maxSample {
			break
		}
	}
	top := noScript
	letters[noScript] = 0
	east := letters[han] + letters[kana]
	for s := latin; s <= otherScript; s++ {
		if letters[s] > letters[top] {
			top = s
		}
	}
	if (top == han || top == kana || top == latin) && east > 0 && east >= letters[latin] {
		return eastern(letters[han], letters[kana], base)
	}
	switch top {
	case latin:
		return western(text, base)
	case hangul:
		return "ko"
	case cyrillic:
		return slavic(text, base)
	case arabic:
		return among(base, "ar", "fa", "ur", "ps", "ku")
	case otherScript:
		return among(base, last, neighbours(last)...)
	}
	return Unknown
}

// baseOf is the language of a locale: "zh" of "zh-Hans-CN" or "zh_TW".
func baseOf(locale string) Language {
	base, _, _ := strings.Cut(strings.ReplaceAll(locale, "_", "-"), "-")
	if len(base) < 2 || len(base) > 3 || strings.ContainsFunc(base, func(r rune) bool { return r|0x20 < 'a' || r|0x20 > 'z' }) {
		return Unknown
	}
	return Language(strings.ToLower(base))
}

// scriptOf is a letter's script, and its language where the script has but one.
func scriptOf(r rune) (script, Language) {
	switch {
	case r < 0x80:
		if c := r | 0x20; c >= 'a' && c <= 'z' {
			return latin, ""
		}
		return noScript, ""
	case r < 0x370:
		if unicode.IsLetter(r) {
			return latin, ""
		}
		return noScript, ""
	case r >= 0x3040 && r <= 0x30FF || r >= 0xFF66 && r <= 0xFF9F:
		return kana, ""
	case r >= 0x4E00 && r <= 0x9FFF || r >= 0x3400 && r <= 0x4DBF || r >= 0x20000 && r <= 0x3FFFF:
		return han, ""
	case unicode.Is(unicode.Hangul, r):
		return hangul, ""
	case unicode.Is(unicode.Latin, r):
		return latin, ""
	case unicode.Is(unicode.Cyrillic, r):
		return cyrillic, ""
	case unicode.Is(unicode.Arabic, r):
		return arabic, ""
	}
	return rareScript(r)
}

func rareScript(r rune) (script, Language) {
	switch {
	case unicode.Is(unicode.Greek, r):
		return otherScript, "el"
	case unicode.Is(unicode.Hebrew, r):
		return otherScript, "he"
	case unicode.Is(unicode.Thai, r):
		return otherScript, "th"
	case unicode.Is(unicode.Devanagari, r):
		return otherScript, "hi"
	case unicode.IsLetter(r):
		return otherScript, Unknown
	}
	return noScript, ""
}

func weightOf(s script) int {
	if s == han || s == kana || s == hangul {
		return 3
	}
	return 1
}

// eastern tells Chinese from Japanese: hardly a Japanese sentence does without
// Kana, but a word may.
func eastern(hanWeight, kanaWeight int, base Language) Language {
	if 10*kanaWeight >= hanWeight+kanaWeight || kanaWeight == 0 && base == "ja" {
		return "ja"
	}
	return Chinese
}

// slavic tells the languages of Cyrillic letters: Ukrainian has some of its own.
func slavic(text string, base Language) Language {
	fallback := Language("ru")
	if strings.ContainsAny(text, "іїєґІЇЄҐ") {
		fallback = "uk"
	}
	return among(base, fallback, "ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn", "tg")
}

// neighbours are the languages that share a rare script with one.
func neighbours(l Language) []Language {
	switch l {
	case "hi":
		return []Language{"mr", "ne"}
	case "he":
		return []Language{"yi"}
	case Unknown:
		return []Language{"bn", "ta", "te", "gu", "pa", "kn", "ml", "si", "ka", "hy", "am", "lo", "km", "my"}
	}
	return nil
}

// among is the declared language if it is one of those that come into question,
// and otherwise the fallback.
func among(declared, fallback Language, others ...Language) Language {
	if declared == fallback || slices.Contains(others, declared) {
		return declared
	}
	return fallback
}

// writesLatin reports whether a language is known and not written in another
// script.
func writesLatin(l Language) bool {
	return l != Unknown && !slices.Contains([]Language{
		"zh", "ja", "ko", "ru", "uk", "bg", "mk", "be", "kk", "ky", "mn", "tg", "ar", "fa", "ur", "ps",
		"el", "he", "yi", "th", "hi", "mr", "ne", "bn", "ta", "te", "gu", "pa", "kn", "ml", "si", "ka", "hy", "am", "lo", "km", "my",
	}, l)
}
