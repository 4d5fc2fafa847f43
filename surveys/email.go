package surveys

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

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

// PlainMailbox reports whether the part of an address before the @ is ASCII: as a
// sender it goes to everybody, and many servers cannot take another one.
func PlainMailbox(address string) bool {
	local, _, _ := strings.Cut(address, "@")
	return strings.IndexFunc(local, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// NormalEmail is the form in which addresses are stored, shown and compared:
// without surrounding space, in lower case, composed (NFC), and with the domain
// as people read it, whichever of its two forms a program sent: bücher.example
// is xn--bcher-kva.example. A domain whose readable form is no plain address
// keeps the one of the DNS.
func NormalEmail(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	if onlyASCII(address) {
		return address
	}
	local, domain, key, found := mailboxForms(address)
	switch readable := local + "@" + domain; {
	case !found:
		return address
	case ValidEmail(readable):
		return readable
	case ValidEmail(key):
		return key
	}
	return address
}

// EmailKey is the form of which an address's keyed hash is made: as
// [NormalEmail], but with the domain as the DNS has it. For an address of ASCII
// it is the address.
func EmailKey(address string) string {
	address = strings.ToLower(strings.TrimSpace(address))
	if onlyASCII(address) {
		return address
	}
	if _, _, key, found := mailboxForms(address); found {
		return key
	}
	return address
}

// FormerEmailKeys are the other spellings of an address. Before a mailbox had one
// key, its hash may have been made of one of these; where an address was erased
// nothing else is left of it.
func FormerEmailKeys(address string) []string {
	address = strings.ToLower(strings.TrimSpace(address))
	if onlyASCII(address) {
		return nil
	}
	local, domain, key, found := mailboxForms(address)
	if !found {
		return nil
	}
	var list []string
	for _, l := range []string{local, norm.NFD.String(local)} {
		for _, d := range []string{key[strings.LastIndexByte(key, '@')+1:], domain, norm.NFD.String(domain)} {
			if spelling := l + "@" + d; spelling != key && !slices.Contains(list, spelling) {
				list = append(list, spelling)
			}
		}
	}
	return list
}

// SearchedEmail is a part of an address as it stands in a stored one.
func SearchedEmail(part string) string {
	part = norm.NFC.String(strings.ToLower(part))
	before, domain := "", part
	if at := strings.LastIndexByte(part, '@'); at >= 0 {
		before, domain = part[:at+1], part[at+1:]
	}
	if readable, err := idna.Punycode.ToUnicode(domain); err == nil && readable != "" && strings.Contains(domain, "xn--") {
		domain = readable
	}
	return before + domain
}

// onlyASCII reports an address that has one spelling only. Nearly all are such.
func onlyASCII(address string) bool {
	return !strings.Contains(address, "xn--") && strings.IndexFunc(address, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// mailboxForms are the parts of an address in lower case, its domain readable,
// and the whole of it as its key is made; found is false where its domain cannot
// be one.
func mailboxForms(address string) (local, domain, key string, found bool) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return "", "", "", false
	}
	ascii, err := idna.Lookup.ToASCII(address[at+1:])
	if err != nil {
		return "", "", "", false
	}
	local = norm.NFC.String(address[:at])
	if domain, err = idna.Lookup.ToUnicode(ascii); err != nil {
		domain = ascii
	}
	return local, domain, local + "@" + ascii, true
}
