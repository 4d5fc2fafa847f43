package letters

import (
	"strings"
	"unicode"
)

// Spaced sets a space between Chinese and Latin letters or digits that touch,
// as Chinese typesetting does: a company's name is filled into the middle of a
// sentence. Mail programs, unlike browsers, do not do it by themselves.
func Spaced(text string) string {
	var out strings.Builder
	var before rune
	for _, r := range text {
		if (han(before) && latin(r)) || (latin(before) && han(r)) {
			out.WriteByte(' ')
		}
		out.WriteRune(r)
		before = r
	}
	return out.String()
}

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

func latin(r rune) bool { return unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Nd, r) }
