package surveys

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
)

// How long a page must have been open, and may have been, for what is sent from
// it to be taken as somebody's own doing.
const (
	SealMin = time.Second
	SealMax = 24 * time.Hour
)

// Seal is what the page of an invitation carries in its form: when it was made,
// and which score was chosen on it already. It is signed, so that no program
// can send an answer without having fetched the page, and waited.
type Seal struct {
	IssuedAt time.Time
	Chosen   string // the score that the link chose; "" for none
}

// SealState is what a seal that comes back is worth.
type SealState string

// The states of a seal. None of them loses an answer: only a good one makes it
// count at once.
const (
	SealGood   SealState = "good"
	SealAbsent SealState = "absent" // none, or not one of this page
	SealYoung  SealState = "young"  // sent sooner than anybody reads
	SealStale  SealState = "stale"  // the page lay open for more than a day
)

// Sign writes a seal for the page of a token.
func (s Seal) Sign(secret []byte, token Token) string {
	issued := strconv.FormatInt(s.IssuedAt.UnixMilli(), 36)
	return issued + "." + s.Chosen + "." + sealMAC(secret, token, issued, s.Chosen)
}

// OpenSeal reads the seal that a form brought back.
func OpenSeal(secret []byte, token Token, text string, now time.Time) (Seal, SealState) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || !hmac.Equal([]byte(parts[2]), []byte(sealMAC(secret, token, parts[0], parts[1]))) {
		return Seal{}, SealAbsent
	}
	millis, err := strconv.ParseInt(parts[0], 36, 64)
	if err != nil {
		return Seal{}, SealAbsent
	}
	s := Seal{IssuedAt: time.UnixMilli(millis).UTC(), Chosen: parts[1]}
	switch age := now.Sub(s.IssuedAt); {
	case age < SealMin:
		return s, SealYoung
	case age > SealMax:
		return s, SealStale
	}
	return s, SealGood
}

func sealMAC(secret []byte, token Token, issued, chosen string) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("seal:" + string(token) + ":" + issued + ":" + chosen))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:16])
}
