package flow_test

import (
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// claim is a token's content with some of it changed; nil leaves a claim out.
func claim(now time.Time, changed map[string]any) jwt.MapClaims {
	claims := jwt.MapClaims{"iss": "tenant", "aud": "survey", "sub": "u1", "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(), "jti": "n1"}
	maps.Copy(claims, changed)
	maps.DeleteFunc(claims, func(_ string, v any) bool { return v == nil })
	return claims
}

// TestReadIdentity believes what a key signed for this survey and this moment, and says
// of anything else what is wrong.
func TestReadIdentity(t *testing.T) {
	t.Parallel()
	random, now := storetest.NewRandom(1), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	public, private, err := ed25519.GenerateKey(random)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	pub := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
	edwards := flow.IdentityVerifier{ID: "ed", Algorithm: surveys.IdentityEdDSA, Key: public}
	secret := []byte("0123456789abcdef0123456789abcdef")
	keys := []flow.IdentityVerifier{{ID: "hs", Algorithm: surveys.IdentityHS256, Key: secret}, edwards}
	long, err := rsa.GenerateKey(random, 2048)
	if err != nil {
		t.Fatal(err)
	}
	sign := func(method jwt.SigningMethod, kid string, key any, changed map[string]any) string {
		token := jwt.NewWithClaims(method, claim(now, changed))
		if kid != "" {
			token.Header["kid"] = kid
		}
		if critical := changed["crit"]; critical != nil {
			token.Header["crit"] = critical
		}
		text, err := token.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	hs := func(changed map[string]any) string { return sign(jwt.SigningMethodHS256, "hs", secret, changed) }
	good := hs(nil)
	head, rest, _ := strings.Cut(good, ".")
	body, _, _ := strings.Cut(rest, ".")
	for name, c := range map[string]struct {
		token string
		want  surveys.IdentityProblem
	}{
		"good":                           {good, ""},
		"without a key's name":           {sign(jwt.SigningMethodHS256, "", secret, nil), ""},
		"EdDSA":                          {sign(jwt.SigningMethodEdDSA, "ed", private, nil), ""},
		"EdDSA without a name":           {sign(jwt.SigningMethodEdDSA, "", private, nil), ""},
		"several audiences":              {hs(map[string]any{"aud": []string{"other", "survey"}}), ""},
		"just ten minutes":               {hs(map[string]any{"exp": now.Add(10 * time.Minute).Unix()}), ""},
		"a clock that is ahead":          {hs(map[string]any{"iat": now.Add(50 * time.Second).Unix()}), ""},
		"a number as the subject":        {hs(map[string]any{"sub": 4711}), ""},
		"nobody":                         {hs(map[string]any{"sub": ""}), surveys.IdentitySubject},
		"a subject that is a list":       {hs(map[string]any{"sub": []int{1}}), surveys.IdentityUnreadable},
		"empty":                          {"", surveys.IdentityUnreadable},
		"no JWT":                         {"hello", surveys.IdentityUnreadable},
		"huge":                           {hs(map[string]any{"traits": map[string]any{"a": strings.Repeat("x", 9000)}}), surveys.IdentityUnreadable},
		"algorithm none":                 {sign(jwt.SigningMethodNone, "hs", jwt.UnsafeAllowNoneSignatureType, nil), surveys.IdentityUnsigned},
		"no signature":                   {head + "." + body + ".", surveys.IdentityUnsigned},
		"another signature":              {good[:len(good)-4] + "AAAA", surveys.IdentityUnsigned},
		"another secret":                 {sign(jwt.SigningMethodHS256, "hs", []byte("guess"), nil), surveys.IdentityUnsigned},
		"the public key as the secret":   {sign(jwt.SigningMethodHS256, "ed", []byte(pub), nil), surveys.IdentityUnsigned},
		"its bytes as the secret":        {sign(jwt.SigningMethodHS256, "", []byte(public), nil), surveys.IdentityUnsigned},
		"another key's name":             {sign(jwt.SigningMethodHS256, "ed", secret, nil), surveys.IdentityUnsigned},
		"HS512":                          {sign(jwt.SigningMethodHS512, "hs", secret, nil), surveys.IdentityUnsigned},
		"RS256":                          {sign(jwt.SigningMethodRS256, "hs", long, nil), surveys.IdentityUnsigned},
		"another tenant":                 {hs(map[string]any{"iss": "tenant2"}), surveys.IdentityIssuer},
		"no issuer":                      {hs(map[string]any{"iss": nil}), surveys.IdentityIssuer},
		"another survey":                 {hs(map[string]any{"aud": "survey2"}), surveys.IdentityAudience},
		"no audience":                    {hs(map[string]any{"aud": nil}), surveys.IdentityAudience},
		"no subject at all":              {hs(map[string]any{"sub": nil}), surveys.IdentitySubject},
		"blanks":                         {hs(map[string]any{"sub": "  "}), surveys.IdentitySubject},
		"a long name":                    {hs(map[string]any{"sub": strings.Repeat("x", 201)}), surveys.IdentitySubject},
		"no iat":                         {hs(map[string]any{"iat": nil}), surveys.IdentityIssued},
		"iat in the future":              {hs(map[string]any{"iat": now.Add(2 * time.Minute).Unix()}), surveys.IdentityIssued},
		"not yet":                        {hs(map[string]any{"nbf": now.Add(time.Hour).Unix()}), surveys.IdentityIssued},
		"what nobody here knows":         {hs(map[string]any{"crit": []string{"zz"}}), surveys.IdentityUnreadable},
		"no exp":                         {hs(map[string]any{"exp": nil}), surveys.IdentityLong},
		"eleven minutes":                 {hs(map[string]any{"exp": now.Add(11 * time.Minute).Unix()}), surveys.IdentityLong},
		"over":                           {hs(map[string]any{"iat": now.Add(-9 * time.Minute).Unix(), "exp": now.Add(-time.Minute).Unix()}), surveys.IdentityExpired},
		"no jti":                         {hs(map[string]any{"jti": nil}), surveys.IdentityNonce},
		"an address that is none":        {hs(map[string]any{"email": "nobody"}), surveys.IdentityTraits},
		"a zero byte in the name":        {hs(map[string]any{"name": "a\x00b"}), surveys.IdentityTraits},
		"a zero byte in the subject":     {hs(map[string]any{"sub": "a\x00b"}), surveys.IdentityTraits},
		"claims that are something else": {hs(map[string]any{"email": 7}), surveys.IdentityUnreadable},
	} {
		_, err := flow.ReadIdentity(c.token, keys, "tenant", "survey", now)
		var problem surveys.IdentityProblem
		errors.As(err, &problem)
		if problem != c.want || err != nil && problem == "" {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
	full := hs(map[string]any{"email": " ANNA@Example.com ", "name": "Anna", "locale": "de", "zoneinfo": "Europe/Berlin", "traits": map[string]any{"plan": "pro"}})
	got, err := flow.ReadIdentity(full, keys, "tenant", "survey", now)
	want := surveys.Identity{
		Person: surveys.Person{ExternalID: "u1", Email: "anna@example.com", Name: "Anna", Locale: "de", TimeZone: "Europe/Berlin", Traits: map[string]any{"plan": "pro"}},
		KeyID:  "hs", Nonce: "n1", ExpiresAt: now.Add(5 * time.Minute),
	}
	got.ExpiresAt = got.ExpiresAt.UTC()
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("read %+v, %v", got, err)
	}
	// A key that is not among them any more is believed no more.
	if _, err := flow.ReadIdentity(full, keys[1:], "tenant", "survey", now); !errors.Is(err, surveys.IdentityUnsigned) {
		t.Errorf("a removed key: %v", err)
	}
}
