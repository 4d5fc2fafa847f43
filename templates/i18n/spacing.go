package i18n

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// spaced is a value that is filled in between two pieces of a text, with a space
// where Latin letters touch Chinese ones: "Ana 的账户", as Chinese typesetting does
// and as the catalogue does where it knows which of the two a value will be. Digits
// are left to it: dates have no spaces (2026年6月29日), other numbers have their own.
func spaced(before, value, after string) string {
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	first, _ := utf8.DecodeRuneInString(value)
	end, _ := utf8.DecodeLastRuneInString(value)
	var out strings.Builder
	if unicode.Is(unicode.Han, last) && unicode.Is(unicode.Latin, first) {
		out.WriteByte(' ')
	}
	out.WriteString(value)
	if unicode.Is(unicode.Latin, end) && unicode.Is(unicode.Han, next) {
		out.WriteByte(' ')
	}
	return out.String()
}
