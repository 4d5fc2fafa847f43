package surveys

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkLength reports a text of fewer than low or more than high characters,
// or one that is no valid UTF-8.
func checkLength(path, text string, low, high int) []FieldError {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return []FieldError{{Path: path, Code: "utf8"}}
	}
	n := utf8.RuneCountInString(text)
	switch {
	case n < low && low == 1:
		return []FieldError{{Path: path, Code: "required"}}
	case n < low:
		return []FieldError{{Path: path, Code: "too_short", Args: map[string]any{"min": low}}}
	case n > high:
		return []FieldError{{Path: path, Code: "too_long", Args: map[string]any{"max": high}}}
	}
	return nil
}

// PlainName makes a person's name safe to print in a mail: one line, no
// control characters, at most 80 characters, and nothing that a mail client
// would turn into a link, since a name is written by whoever signed up: a name
// with a URL or an address in it becomes "". A bare host is left alone, because
// companies are named so.
func PlainName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.In(r, unicode.Cf) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Join(strings.Fields(name), " ")
	if lower := strings.ToLower(name); strings.Contains(lower, "://") || strings.Contains(lower, "www.") || strings.Contains(lower, "@") {
		return ""
	}
	if runes := []rune(name); len(runes) > 80 {
		name = string(runes[:80])
	}
	return name
}
