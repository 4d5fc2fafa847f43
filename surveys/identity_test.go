package surveys_test

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestParseIdentityPublic takes Ed25519 keys alone, and stores them in one form.
func TestParseIdentityPublic(t *testing.T) {
	t.Parallel()
	const key = "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n" // RFC 8410, 10.1
	for name, text := range map[string]string{"as it is": key, "with Windows' line ends": strings.ReplaceAll(key, "\n", "\r\n"), "with blanks around": "\n  " + key + "\n\n"} {
		if got, err := surveys.ParseIdentityPublic(text); err != nil || got != key {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
	long, err := rsa.GenerateKey(storetest.NewRandom(2), 2048)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(long.Public())
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty": "", "words": "my key", "an RSA key": string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})),
		"a private key": "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n",
		"two keys":      key + key, "half a key": key[:60],
	} {
		if got, err := surveys.ParseIdentityPublic(text); err == nil {
			t.Errorf("%s is taken: %q", name, got)
		}
	}
}

// TestOpenVisitor: the text in a page's address names somebody for that survey and visit
// alone, for a week.
func TestOpenVisitor(t *testing.T) {
	t.Parallel()
	secret, now := []byte("secret"), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	text := surveys.SignedVisitor{PersonID: "p1", KeyID: "k1"}.Sign(secret, "s1", "visit", now)
	for name, c := range map[string]struct {
		secret, survey, visit, text string
		at                          time.Time
		want                        string
	}{
		"as it is":       {"secret", "s1", "visit", text, now, "p1"},
		"a week on":      {"secret", "s1", "visit", text, now.Add(surveys.IdentityMemory), "p1"},
		"later":          {"secret", "s1", "visit", text, now.Add(surveys.IdentityMemory + time.Second), ""},
		"another survey": {"secret", "s2", "visit", text, now, ""},
		"another visit":  {"secret", "s1", "other", text, now, ""},
		"another person": {"secret", "s1", "visit", strings.Replace(text, "p1", "p2", 1), now, ""},
		"another key":    {"secret", "s1", "visit", strings.Replace(text, "k1", "k2", 1), now, ""},
		"another tenant": {"secrets", "s1", "visit", text, now, ""},
		"no text":        {"secret", "s1", "visit", "", now, ""},
		"parts":          {"secret", "s1", "visit", "...", now, ""},
	} {
		if got, ok := surveys.OpenVisitor([]byte(c.secret), c.survey, c.visit, c.text, c.at); got.PersonID != c.want || ok != (c.want != "") {
			t.Errorf("%s: %+v, want %q", name, got, c.want)
		}
	}
}
