package surveys

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// IdentityAlgorithm is how a company's server signs who looks at its pages.
type IdentityAlgorithm string

// The algorithms (RFC 7518, 3.2 and RFC 8037, 3.1).
const (
	IdentityHS256 IdentityAlgorithm = "HS256" // with a secret that Hark made and both keep
	IdentityEdDSA IdentityAlgorithm = "EdDSA" // with an Ed25519 key of the company's, of which Hark has the public half
)

// MaxIdentityKeys is how many keys of a workspace live at once: the one in use, and its
// successor while the servers change over.
const MaxIdentityKeys = 2

// IdentityKey is one key by which the servers of a company are believed who looks at a
// survey within their pages.
type IdentityKey struct {
	WorkspaceID WorkspaceID
	ID          string // what tokens name as "kid"
	Algorithm   IdentityAlgorithm
	Secret      []byte     // of HS256, sealed
	Public      string     // of EdDSA, as PEM
	UsedAt      *time.Time // when a token of it was taken last, to the hour; nil for never
	CreatedAt   time.Time
}

// IdentityPlace is where a key's secret is stored, sealed.
func IdentityPlace(ws WorkspaceID, id string) Place {
	return Place{Workspace: ws, Table: "identity_keys", Column: "secret", Row: id}
}

// ParseIdentityPublic reads an Ed25519 public key as PEM (RFC 8410), and writes it in
// the one usual form.
func ParseIdentityPublic(text string) (string, error) {
	wrong := Wrong(FieldError{Path: "public", Code: "identity_public"})
	block, rest := pem.Decode([]byte(strings.TrimSpace(text) + "\n"))
	if block == nil || block.Type != "PUBLIC KEY" || len(strings.TrimSpace(string(rest))) > 0 {
		return "", wrong
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if _, ok := key.(ed25519.PublicKey); err != nil || !ok {
		return "", wrong
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: block.Bytes})), nil
}

// IdentityVerifier is a key that is ready to verify: what jwt wants for its algorithm.
type IdentityVerifier struct {
	ID        string
	Algorithm IdentityAlgorithm
	Key       any // []byte or ed25519.PublicKey
}

// Verifier is the key with its secret opened; nil of EdDSA.
func (k IdentityKey) Verifier(secret []byte) (IdentityVerifier, error) {
	v := IdentityVerifier{ID: k.ID, Algorithm: k.Algorithm, Key: secret}
	if k.Algorithm != IdentityEdDSA {
		return v, nil
	}
	block, _ := pem.Decode([]byte(k.Public))
	if block == nil {
		return v, errors.New("a public key of an identity cannot be read")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	v.Key = key
	return v, err
}

// Limits of a token.
const (
	IdentityMaxAge = 10 * time.Minute // from iat to exp
	identityLeeway = time.Minute      // for clocks that differ
	maxTokenBytes  = 8 << 10
)

// Identity is what a token says: who looks at the page, and how long that holds.
type Identity struct {
	Person    Person // without a workspace
	KeyID     string // of the key that signed it
	Nonce     string // "jti": no two tokens have the same
	ExpiresAt time.Time
}

// IdentityProblem is why a token is not believed. It is meant for whoever builds the
// page, not for its visitors.
type IdentityProblem string

// The problems.
const (
	IdentityUnreadable IdentityProblem = "unreadable" // no JWT
	IdentityUnsigned   IdentityProblem = "signature"  // by no key of the workspace, or another algorithm than the key's
	IdentityIssuer     IdentityProblem = "iss"        // not the workspace
	IdentityAudience   IdentityProblem = "aud"        // not this survey
	IdentitySubject    IdentityProblem = "sub"        // nobody, or longer than 200 characters
	IdentityIssued     IdentityProblem = "iat"        // missing, or in the future
	IdentityExpired    IdentityProblem = "expired"    // over
	IdentityLong       IdentityProblem = "exp"        // missing, or longer than IdentityMaxAge after iat
	IdentityNonce      IdentityProblem = "jti"        // missing, or longer than 200 characters
	IdentityTraits     IdentityProblem = "traits"     // the person's fields are not such as people have
	IdentityUsed       IdentityProblem = "used"       // by another visit before
)

// Error makes the problem an error.
func (p IdentityProblem) Error() string { return "the token is not believed: " + string(p) }

// identityClaims are what is read of a token. Beside those of RFC 7519 they have the
// names of OpenID Connect's.
type identityClaims struct {
	jwt.RegisteredClaims
	Email  string         `json:"email"`
	Name   string         `json:"name"`
	Locale string         `json:"locale"`
	Zone   string         `json:"zoneinfo"`
	Traits map[string]any `json:"traits"`
}

// ReadIdentity reads a JSON Web Token (RFC 7519) about a visitor of a survey, whose
// workspace's key is the issuer and whose public id the audience. Its error is an
// [IdentityProblem].
func ReadIdentity(token string, keys []IdentityVerifier, issuer, audience string, now time.Time) (Identity, error) {
	var claims identityClaims
	if len(token) > maxTokenBytes {
		return Identity{}, IdentityUnreadable
	}
	signer, err := signerOf(token, &claims, keys)
	if err != nil {
		return Identity{}, err
	}
	if problem := claims.problem(issuer, audience, now); problem != "" {
		return Identity{}, problem
	}
	person, wrong := Person{
		ExternalID: claims.Subject, Email: claims.Email, Name: claims.Name, Locale: claims.Locale, TimeZone: claims.Zone, Traits: claims.Traits,
	}.Check("")
	if len(wrong) > 0 {
		return Identity{}, IdentityTraits
	}
	return Identity{Person: person, KeyID: signer, Nonce: claims.ID, ExpiresAt: claims.ExpiresAt.Time}, nil
}

// signerOf finds the key that signed a token, and reads the token's claims. A token
// that names its key is tried with that one alone. Which algorithm it was is what the
// key says, never the token (RFC 8725, 3.1).
func signerOf(token string, claims *identityClaims, keys []IdentityVerifier) (id string, err error) {
	parser := jwt.NewParser(jwt.WithoutClaimsValidation())
	head, _, err := parser.ParseUnverified(token, &identityClaims{})
	if err != nil {
		return "", IdentityUnreadable
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
	return "", IdentityUnsigned
}

// problem is what stands against the claims of a token that was signed; "" for nothing.
func (c identityClaims) problem(issuer, audience string, now time.Time) IdentityProblem {
	short := func(text string) bool { return text != "" && len([]rune(text)) <= 200 }
	switch {
	case c.Issuer != issuer:
		return IdentityIssuer
	case !slices.Contains(c.Audience, audience):
		return IdentityAudience
	case !short(strings.TrimSpace(c.Subject)):
		return IdentitySubject
	case c.IssuedAt == nil || c.IssuedAt.After(now.Add(identityLeeway)):
		return IdentityIssued
	case c.ExpiresAt == nil || c.ExpiresAt.Sub(c.IssuedAt.Time) > IdentityMaxAge:
		return IdentityLong
	case !now.Before(c.ExpiresAt.Add(identityLeeway)):
		return IdentityExpired
	case !short(c.ID):
		return IdentityNonce
	}
	return ""
}

// IdentityMemory is how long a page knows who looks at it once a token said so: tokens
// are over long before somebody has answered.
const IdentityMemory = 7 * 24 * time.Hour

// SignVisitor writes, for the form of a survey's page, who the visit is by.
func SignVisitor(secret []byte, surveyID, visit, personID string, at time.Time) string {
	issued := strconv.FormatInt(at.Unix(), 36)
	return issued + "." + personID + "." + visitorMAC(secret, surveyID, visit, personID, issued)
}

// OpenVisitor reads who a visit is by; "" where the text says nothing that can be
// believed.
func OpenVisitor(secret []byte, surveyID, visit, text string, now time.Time) (personID string) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || !hmac.Equal([]byte(parts[2]), []byte(visitorMAC(secret, surveyID, visit, parts[1], parts[0]))) {
		return ""
	}
	issued, err := strconv.ParseInt(parts[0], 36, 64)
	if err != nil || now.Sub(time.Unix(issued, 0)) > IdentityMemory {
		return ""
	}
	return parts[1]
}

func visitorMAC(secret []byte, surveyID, visit, personID, issued string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("visitor:" + surveyID + ":" + visit + ":" + personID + ":" + issued))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// NewIdentitySecret draws the secret of an HS256 key: 256 bits, as text that stands in
// any environment variable.
func NewIdentitySecret(random io.Reader) (string, error) { return NewKey(random, 32) }
