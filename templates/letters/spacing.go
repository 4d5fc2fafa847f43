package letters

import (
	"strings"
	"unicode"
)

// Spaced sets a space between Chinese and Latin letters or digits that touch,
// as Chinese typesetting does: a company's name is filled into the middle of a
// sentence. Mail programs, unlike browsers, do not do it by themselves. Dates are
// left as pages write them: 2026年6月29日.
func Spaced(text string) string {
	var out strings.Builder
	var before rune
	for _, r := range text {
		if (han(before) && latin(r)) || (latin(before) && han(r)) {
			if !(unicode.Is(unicode.Nd, before) && dated(r)) && !(dated(before) && unicode.Is(unicode.Nd, r)) {
				out.WriteByte(' ')
			}
		}
		out.WriteRune(r)
		before = r
	}
	return out.String()
}

// dated are the characters that digits of a date stand between.
func dated(r rune) bool { return strings.ContainsRune("年月日", r) }

func han(r rune) bool { return unicode.Is(unicode.Han, r) }

func latin(r rune) bool { return unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Nd, r) }
