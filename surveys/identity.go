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
	"strconv"
	"strings"
	"time"
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
	public := string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: block.Bytes}))
	if _, err := (IdentityKey{Public: public}).Ed25519(); err != nil {
		return "", wrong
	}
	return public, nil
}

// Ed25519 is the public key of an EdDSA key.
func (k IdentityKey) Ed25519() (ed25519.PublicKey, error) {
	block, _ := pem.Decode([]byte(k.Public))
	if block == nil {
		return nil, errors.New("a public key of an identity cannot be read")
	}
	key, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	public, ok := key.(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("a public key of an identity is none of Ed25519")
	}
	return public, nil
}

// Limits of a token.
const (
	IdentityMaxAge   = 10 * time.Minute // from iat to exp
	IdentityLeeway   = time.Minute      // for clocks that differ
	MaxIdentityBytes = 8 << 10
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

// IdentityMemory is how long a page knows who looks at it once a token said so: tokens
// are over long before somebody has answered.
const IdentityMemory = 7 * 24 * time.Hour

// SignedVisitor is who a visit is by, and the key that said so: once that is removed
// nobody believes it any longer.
type SignedVisitor struct{ PersonID, KeyID string }

// Sign writes, for the address of a survey's page, who the visit is by.
func (v SignedVisitor) Sign(secret []byte, surveyID, visit string, at time.Time) string {
	issued := strconv.FormatInt(at.Unix(), 36)
	return issued + "." + v.PersonID + "." + v.KeyID + "." + v.mac(secret, surveyID, visit, issued)
}

// OpenVisitor reads who a visit is by; false where the text says nothing that can be
// believed. That the key is still one is the caller's to see.
func OpenVisitor(secret []byte, surveyID, visit, text string, now time.Time) (SignedVisitor, bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 4 {
		return SignedVisitor{}, false
	}
	v := SignedVisitor{PersonID: parts[1], KeyID: parts[2]}
	issued, err := strconv.ParseInt(parts[0], 36, 64)
	if err != nil || !hmac.Equal([]byte(parts[3]), []byte(v.mac(secret, surveyID, visit, parts[0]))) || now.Sub(time.Unix(issued, 0)) > IdentityMemory {
		return SignedVisitor{}, false
	}
	return v, true
}

func (v SignedVisitor) mac(secret []byte, surveyID, visit, issued string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("visitor:" + surveyID + ":" + visit + ":" + v.PersonID + ":" + v.KeyID + ":" + issued))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// NewIdentitySecret draws the secret of an HS256 key: 256 bits, as text that stands in
// any environment variable.
func NewIdentitySecret(random io.Reader) (string, error) { return NewKey(random, 32) }
