package flow

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/harkhq/hark/surveys"
)

// IdentityVerifier is a key that is ready to verify: what jwt wants for its algorithm.
type IdentityVerifier struct {
	ID        string
	Algorithm surveys.IdentityAlgorithm
	Key       any // []byte or ed25519.PublicKey
}

// verifierOf is a key with its secret opened; nil of EdDSA.
func verifierOf(key surveys.IdentityKey, secret []byte) (IdentityVerifier, error) {
	v := IdentityVerifier{ID: key.ID, Algorithm: key.Algorithm, Key: secret}
	if key.Algorithm != surveys.IdentityEdDSA {
		return v, nil
	}
	public, err := key.Ed25519()
	v.Key = public
	return v, err
}

// identityClaims are what is read of a token. Beside those of RFC 7519 they have the
// names of OpenID Connect's.
type identityClaims struct {
	jwt.RegisteredClaims
	Subject subjectClaim   `json:"sub"`
	Email   string         `json:"email"`
	Name    string         `json:"name"`
	Locale  string         `json:"locale"`
	Zone    string         `json:"zoneinfo"`
	Traits  map[string]any `json:"traits"`
}

// subjectClaim is who the visitor is: text, or a number as many systems have it.
type subjectClaim string

// UnmarshalJSON reads text or a number.
func (s *subjectClaim) UnmarshalJSON(raw []byte) error {
	var number json.Number
	if err := json.Unmarshal(raw, &number); err == nil && raw[0] != '"' {
		*s = subjectClaim(number.String())
		return nil
	}
	return json.Unmarshal(raw, (*string)(s))
}

// ReadIdentity reads a JSON Web Token (RFC 7519) about a visitor of a survey, whose
// workspace's key is the issuer and whose public id the audience. Its error is an
// [surveys.IdentityProblem].
func ReadIdentity(token string, keys []IdentityVerifier, issuer, audience string, now time.Time) (surveys.Identity, error) {
	var claims identityClaims
	if len(token) > surveys.MaxIdentityBytes {
		return surveys.Identity{}, surveys.IdentityUnreadable
	}
	signer, err := signerOf(token, &claims, keys)
	if err != nil {
		return surveys.Identity{}, err
	}
	if problem := claims.problem(issuer, audience, now); problem != "" {
		return surveys.Identity{}, problem
	}
	person, wrong := surveys.Person{
		ExternalID: string(claims.Subject), Email: claims.Email, Name: claims.Name, Locale: claims.Locale, TimeZone: claims.Zone, Traits: claims.Traits,
	}.Check("")
	if len(wrong) > 0 {
		return surveys.Identity{}, surveys.IdentityTraits
	}
	return surveys.Identity{Person: person, KeyID: signer, Nonce: claims.ID, ExpiresAt: claims.ExpiresAt.Time}, nil
}

// signerOf finds the key that signed a token, and reads the token's claims. A token
// that names its key is tried with that one alone. Which algorithm it was is what the
// key says, never the token (RFC 8725, 3.1).
func signerOf(token string, claims *identityClaims, keys []IdentityVerifier) (id string, err error) {
	parser := jwt.NewParser(jwt.WithoutClaimsValidation())
	head, _, err := parser.ParseUnverified(token, &identityClaims{})
	if err != nil {
		return "", surveys.IdentityUnreadable
	}
	if _, critical := head.Header["crit"]; critical { // whose extensions nobody here knows (RFC 7515, 4.1.11)
		return "", surveys.IdentityUnreadable
	}
	named, _ := head.Header["kid"].(string)
	for _, key := range keys {
		if named != "" && named != key.ID || head.Method.Alg() != string(key.Algorithm) {
			continue
		}
		strict := jwt.NewParser(jwt.WithoutClaimsValidation(), jwt.WithValidMethods([]string{string(key.Algorithm)}))
		if _, err := strict.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return key.Key, nil }); err == nil {
			return key.ID, nil
		}
	}
	return "", surveys.IdentityUnsigned
}

// problem is what stands against the claims of a token that was signed; "" for nothing.
func (c identityClaims) problem(issuer, audience string, now time.Time) surveys.IdentityProblem {
	short := func(text string) bool { return text != "" && len([]rune(text)) <= 200 }
	switch {
	case c.Issuer != issuer:
		return surveys.IdentityIssuer
	case !slices.Contains(c.Audience, audience):
		return surveys.IdentityAudience
	case !short(strings.TrimSpace(string(c.Subject))):
		return surveys.IdentitySubject
	case c.IssuedAt == nil || c.IssuedAt.After(now.Add(surveys.IdentityLeeway)), c.NotBefore != nil && c.NotBefore.After(now.Add(surveys.IdentityLeeway)):
		return surveys.IdentityIssued
	case c.ExpiresAt == nil || c.ExpiresAt.Sub(c.IssuedAt.Time) > surveys.IdentityMaxAge:
		return surveys.IdentityLong
	case !now.Before(c.ExpiresAt.Add(surveys.IdentityLeeway)):
		return surveys.IdentityExpired
	case !short(c.ID):
		return surveys.IdentityNonce
	}
	return ""
}
