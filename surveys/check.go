package surveys

import (
	"net/mail"
	"regexp"
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

var emailPattern = regexp.MustCompile(`^[^\s"(),:;<>@\[\\\]\x00-\x1f]+@[^\s"(),:;<>@\[\\\]_]+\.[^\s"(),:;<>@\[\\\]_]{2,}$`)

// ValidEmail reports whether address is a plain mailbox that Hark mails to: no
// display name, no quoted local part, at most 254 bytes of which 64 stand
// before the @, and no character that cannot be seen. It is stricter than
// RFC 5322 because quoted local parts have carried SMTP commands past mail
// libraries (CVE-2025-59937).
func ValidEmail(address string) bool {
	if len(address) > 254 || strings.IndexByte(address, '@') > 64 || !emailPattern.MatchString(address) || strings.Contains(address, "..") {
		return false
	}
	for _, r := range address {
		if r == utf8.RuneError || !unicode.IsGraphic(r) || unicode.IsSpace(r) {
			return false
		}
	}
	parsed, err := mail.ParseAddress(address)
	return err == nil && parsed.Address == address
}

// NormalEmail is the form in which addresses are stored and compared: without
// surrounding space, in lower case.
func NormalEmail(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

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
