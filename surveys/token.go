package surveys

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
)

// Purpose is what a token is good for. It is part of the hash under which the
// token is stored, so that a token of one purpose is nothing to another.
type Purpose string

// The purposes of tokens.
const (
	PurposeAnswer      Purpose = "answer"      // /r/…, from an invitation's mail
	PurposeUnsubscribe Purpose = "unsubscribe" // /u/…, from an invitation's mail
	PurposeSession     Purpose = "session"     // a signed-in browser
	PurposeSignIn      Purpose = "sign-in"     // a one-time link to sign in
	PurposeDigest      Purpose = "digest"      // /digest/…, the way out of a digest
	PurposeAPIKey      Purpose = "api-key"     // Authorization: Bearer hark_…
	PurposeShare       Purpose = "share"       // /share/…, to one report
)

// Lengths of public ids, in characters of base64url.
const (
	KeyLength    = 8                        // a workspace's or a survey's key: 48 random bits
	SecretLength = 22                       // a token's own part: 128 random bits
	TokenLength  = KeyLength + SecretLength // of most; see also LetterTokenLength
)

// Token is what a link or a cookie carries: the workspace's key, in which it
// is looked up, and 128 random bits. Only its hash is stored.
type Token string

// NewToken draws a token of the workspace with the key from random.
func NewToken(random io.Reader, workspaceKey string) (Token, error) {
	secret, err := NewKey(random, 16)
	if err != nil {
		return "", err
	}
	return Token(workspaceKey + secret), nil
}

// NewKey draws n random bytes and returns them as base64url.
func NewKey(random io.Reader, n int) (string, error) {
	raw := make([]byte, n)
	if _, err := io.ReadFull(random, raw); err != nil {
		return "", fmt.Errorf("draw a random key: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(raw), nil
}

// IsKey reports whether text is written as public ids are. What is not, such
// as bytes that no database takes as text, needs no look-up.
func IsKey(text string) bool {
	_, err := base64.RawURLEncoding.DecodeString(text)
	return err == nil && text != ""
}

// Workspace returns the key of the workspace that the token belongs to, and ""
// when it is not shaped like a token.
func (t Token) Workspace() string {
	if len(t) != TokenLength && len(t) != LetterTokenLength {
		return ""
	}
	if !IsKey(string(t)) {
		return ""
	}
	return string(t[:KeyLength])
}

// WayOut is the token of the link by which people stop mails, in the letter whose
// link to answer carries t. It gives t not away, but t gives it: what is stored of
// the one serves both.
func (t Token) WayOut() Token {
	if len(t) < TokenLength {
		return ""
	}
	sum := sha256.Sum256([]byte("way out:" + string(t)))
	return t[:len(t)-SecretLength] + Token(base64.RawURLEncoding.EncodeToString(sum[:16]))
}

// Hash is what is stored of the token for a purpose.
func (t Token) Hash(purpose Purpose) []byte {
	sum := sha256.Sum256([]byte(string(purpose) + ":" + string(t)))
	return sum[:]
}

// SplitPublicID returns the keys of the workspace and of the survey in a
// public survey id, and false when it is not shaped like one.
func SplitPublicID(id string) (workspaceKey, surveyKey string, ok bool) {
	if len(id) != 2*KeyLength || !IsKey(id) {
		return "", "", false
	}
	return id[:KeyLength], id[KeyLength:], true
}

// APIKeyPrefix stands before the token of an API key, so that scanners of
// leaked secrets know it.
const APIKeyPrefix = "hark_"
