package surveys_test

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
)

func TestValidEmail(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 64)
	for address, want := range map[string]bool{
		"ada@example.com":                        true,
		"ada.lovelace+hark@mail.example.co.uk":   true,
		"o'brien@example.com":                    true,
		"x_y=z@example.com":                      true,
		"用户@例子.公司":                               true,
		long + "@example.com":                    true,
		long + "a@example.com":                   false, // more than 64 before the @
		"a@" + strings.Repeat("b.", 125) + "com": false, // more than 254
		"":                                       false,
		"ada":                                    false,
		"@example.com":                           false,
		"ada@":                                   false,
		"ada@localhost":                          false,
		"ada@example.c":                          false,
		"ada@@example.com":                       false,
		"ada@b@example.com":                      false,
		"ada..l@example.com":                     false,
		".ada@example.com":                       false,
		"ada.@example.com":                       false,
		"ada@example..com":                       false,
		"ada@example.com.":                       false,
		"ada@.example.com":                       false,
		"ada@exa_mple.com":                       false,
		"ada@[127.0.0.1]":                        false,
		"ada @example.com":                       false,
		" ada@example.com":                       false,
		"ada@example.com\n":                      false,
		"ada@example.com\r\nRCPT TO:<eve@x.com>": false, // SMTP smuggling
		"<a@b.com>\r\nRCPT":                      false,
		"ada@example.com\x00":                    false,
		"a\x7fb@example.com":                     false,
		"a\xffb@example.com":                     false, // no UTF-8
		`"a b> SIZE=1"@x`:                        false, // CVE-2025-59937
		`"a b> SIZE=1"@example.com`:              false,
		`"ada"@example.com`:                      false,
		"Ada <ada@example.com>":                  false,
		"ada@example.com, eve@example.com":       false,
		"ada@example.com;eve@example.com":        false,
		"(eve)ada@example.com":                   false,
		"a\u00a0b@example.com":                   false, // a space that does not break
		"a\u200bb@example.com":                   false, // a space of no width
		"a\u202eb@example.com":                   false, // turns the text round
		"a\u2028b@example.com":                   false,
	} {
		if got := surveys.ValidEmail(address); got != want {
			t.Errorf("ValidEmail(%q) = %v, want %v", address, got, want)
		}
	}
	if got := surveys.NormalEmail("  Ada@Example.COM\t"); got != "ada@example.com" {
		t.Errorf("the normal form is %q", got)
	}
}

func TestPlainName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Ada Lovelace":             "Ada Lovelace",
		"  Ada \t Lovelace ":       "Ada Lovelace",
		"王小明":                      "王小明",
		"J.P. Morgan":              "J.P. Morgan",
		"Booking.com":              "Booking.com",
		"Ada\r\nBcc: eve@x.com":    "",
		"Ada\r\nBcc: eve":          "AdaBcc: eve",
		"Ada\x00\u202eecalevoL":    "AdaecalevoL",
		"see https://evil.example": "",
		"see HTTP://evil":          "",
		"WWW.evil.example":         "",
		"ada@example.com":          "",
		"bad \xff bytes":           "bad bytes",
		strings.Repeat("é", 100):   strings.Repeat("é", 80),
		"":                         "",
	} {
		if got := surveys.PlainName(name); got != want {
			t.Errorf("PlainName(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	t.Parallel()
	if err := surveys.Wrong(); err != nil {
		t.Errorf("no wrong field gives %v", err)
	}
	err := surveys.Wrong(surveys.FieldError{Path: "score", Code: "score"})
	if surveys.KindOf(err) != surveys.Invalid || err.Error() != "invalid (invalid): score score" {
		t.Errorf("got %v of kind %s", err, surveys.KindOf(err))
	}
	if kind := surveys.KindOf(nil); kind != "" {
		t.Errorf("no error has the kind %s", kind)
	}
}
