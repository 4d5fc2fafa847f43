package surveys

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"regexp"
	"strings"
)

// ReturnKind is what a mail to one of Hark's own addresses is about. It is part
// of what the address is signed with, so that one kind is nothing to another.
type ReturnKind string

// The kinds of addresses that letters carry.
const (
	ReturnBounce      ReturnKind = "b"     // the envelope's sender: reports of mail servers come there
	ReturnUnsubscribe ReturnKind = "unsub" // of List-Unsubscribe: a mail there stops the person's mails
)

// Return is a mail address that Hark itself made for one letter: variable
// envelope return path, with a signature so that nobody can write a bounce in
// another person's name. Its local part is
//
//	b+{workspace's key and letter's id in base32}-{HMAC in base32}
//
// in small letters and digits only, 52 characters of the 64 that RFC 5321
// allows, since mail servers may fold its case.
type Return struct {
	Kind         ReturnKind
	WorkspaceKey string
	InvitationID string
	mac          []byte
}

// Sizes in bytes before base32: a key, an id, and the signature's kept part.
const (
	returnKeyBytes = 6
	returnIDBytes  = 16
	returnMACBytes = 8
)

// returnText is base32 (RFC 4648) in small letters, without padding.
func returnText() *base32.Encoding {
	return base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)
}

var returnPattern = regexp.MustCompile(`(?i)\b(b|unsub)\+([a-z2-7]{36})-([a-z2-7]{13})`)

// ReturnAddress is the address of a kind for a letter at a domain; "" when the
// id is not a letter's.
func (w Workspace) ReturnAddress(kind ReturnKind, invitationID, domain string) string {
	named, ok := returnBytes(w.Key, invitationID)
	if !ok {
		return ""
	}
	text := returnText()
	return string(kind) + "+" + text.EncodeToString(named) + "-" + text.EncodeToString(w.returnMAC(kind, named)) + "@" + domain
}

func (w Workspace) returnMAC(kind ReturnKind, named []byte) []byte {
	mac := hmac.New(sha256.New, w.Secret)
	mac.Write([]byte("return:" + string(kind) + ":"))
	mac.Write(named)
	return mac.Sum(nil)[:returnMACBytes]
}

// returnBytes are the key and the id as the address has them.
func returnBytes(key, id string) ([]byte, bool) {
	named, err := base64.RawURLEncoding.DecodeString(key)
	if err != nil || len(named) != returnKeyBytes {
		return nil, false
	}
	raw, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	if err != nil || len(raw) != returnIDBytes {
		return nil, false
	}
	return append(named, raw...), true
}

// ParseReturn reads an address of this form, whatever its domain and case.
// Whether it is genuine only its workspace can say, see [Return.By].
func ParseReturn(address string) (Return, bool) {
	local, _, _ := strings.Cut(address, "@")
	found := FindReturns(local)
	if len(found) != 1 || len(local) != len(found[0].Kind)+1+36+1+13 {
		return Return{}, false
	}
	return found[0], true
}

// maxReturns is how many addresses are looked for in a text.
const maxReturns = 10

// FindReturns finds such addresses anywhere in a text, as forwarders write
// them into addresses of their own.
func FindReturns(text string) []Return {
	var list []Return
	for _, parts := range returnPattern.FindAllStringSubmatch(text, maxReturns) {
		named, err := returnText().DecodeString(strings.ToLower(parts[2]))
		mac, wrong := returnText().DecodeString(strings.ToLower(parts[3]))
		if err != nil || wrong != nil || len(named) != returnKeyBytes+returnIDBytes {
			continue
		}
		id := hex.EncodeToString(named[returnKeyBytes:])
		list = append(list, Return{
			Kind: ReturnKind(strings.ToLower(parts[1])), WorkspaceKey: base64.RawURLEncoding.EncodeToString(named[:returnKeyBytes]),
			InvitationID: id[:8] + "-" + id[8:12] + "-" + id[12:16] + "-" + id[16:20] + "-" + id[20:], mac: mac,
		})
	}
	return list
}

// By reports whether the workspace itself made the address.
func (r Return) By(w Workspace) bool {
	named, ok := returnBytes(r.WorkspaceKey, r.InvitationID)
	return ok && r.WorkspaceKey == w.Key && len(w.Secret) > 0 && hmac.Equal(r.mac, w.returnMAC(r.Kind, named))
}
