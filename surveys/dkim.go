package surveys

import (
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// DKIMAlgorithm is how a key signs.
type DKIMAlgorithm string

// The algorithms: every receiver knows RSA; Ed25519 (RFC 8463) is shorter, and
// those that do not know it pass over it.
const (
	DKIMRSA     DKIMAlgorithm = "rsa"
	DKIMEd25519 DKIMAlgorithm = "ed25519"
)

// DKIMState says what a key does.
type DKIMState string

// The states, in the order in which a key has them.
const (
	DKIMNew     DKIMState = "new"     // made; its record is not known to be in the DNS
	DKIMSigning DKIMState = "signing" // signs every mail of its domain
	DKIMRetired DKIMState = "retired" // signs no more; its record should stay while mails are under way
)

// DKIMFinding is what the DNS said of a key when it was last asked.
type DKIMFinding string

// The findings.
const (
	DKIMUnasked DKIMFinding = ""        // nobody has asked yet
	DKIMFound   DKIMFinding = "found"   // the record is there, with this key
	DKIMMissing DKIMFinding = "missing" // there is no record
	DKIMOther   DKIMFinding = "other"   // there is a record with another key, or with none
	DKIMFailed  DKIMFinding = "failed"  // the DNS did not answer
)

// DKIMGrace is how long a retired key's record should stay in the DNS: mails are
// retried for days, and verified when they arrive.
const DKIMGrace = 7 * 24 * time.Hour

// DKIMKey is one key that signs a workspace's mails of a domain.
type DKIMKey struct {
	WorkspaceID WorkspaceID
	ID          string
	Domain      string // in ASCII
	Selector    string
	Algorithm   DKIMAlgorithm
	Public      string // as the record has it after p=
	Secret      []byte // PKCS #8, sealed
	State       DKIMState
	Finding     DKIMFinding
	CheckedAt   *time.Time // when the DNS was last asked
	FoundAt     *time.Time // when the record was last there
	RetiredAt   *time.Time
	CreatedAt   time.Time
}

// Proven reports whether keys show that a domain is their workspace's: the record
// of one that signs was in its DNS, and has not been gone for as long as a retired
// key's should stay.
func Proven(keys []DKIMKey, domain string) bool {
	return slices.ContainsFunc(keys, func(k DKIMKey) bool {
		if k.Domain != domain || k.State != DKIMSigning || k.FoundAt == nil {
			return false
		}
		gone := k.Finding == DKIMMissing || k.Finding == DKIMOther
		return !gone || k.CheckedAt == nil || k.CheckedAt.Sub(*k.FoundAt) < DKIMGrace
	})
}

// Gone reports whether the key signs although the DNS has lost its record: it was
// there once. That the DNS did not answer says nothing.
func (k DKIMKey) Gone() bool {
	return k.State == DKIMSigning && k.FoundAt != nil && (k.Finding == DKIMMissing || k.Finding == DKIMOther)
}

// DKIMPlace is where a key's secret is stored, sealed.
func DKIMPlace(ws WorkspaceID, id string) Place {
	return Place{Workspace: ws, Table: "dkim_keys", Column: "secret", Row: id}
}

// RecordName is where the key's TXT record belongs.
func (k DKIMKey) RecordName() string { return k.Selector + "._domainkey." + k.Domain }

// Record is the text of the key's TXT record.
func (k DKIMKey) Record() string {
	return "v=DKIM1; k=" + string(k.Algorithm) + "; p=" + k.Public
}

// dnsString is how long one string of a TXT record may be (RFC 1035).
const dnsString = 255

// ZoneLine is the record as a line of a zone file, in which a long text stands in
// pieces.
func (k DKIMKey) ZoneLine() string {
	var line strings.Builder
	line.WriteString(k.RecordName() + ". IN TXT (")
	for rest := k.Record(); rest != ""; {
		n := min(len(rest), dnsString)
		fmt.Fprintf(&line, " %q", rest[:n])
		rest = rest[n:]
	}
	return line.String() + " )"
}

// Find compares the key with the TXT records at its name.
func (k DKIMKey) Find(records []string) DKIMFinding {
	finding := DKIMMissing
	for _, record := range records {
		tags, ok := dkimTags(record)
		switch {
		case !ok:
		case finding != DKIMMissing: // a second one: receivers take either
			return DKIMOther
		case tags["p"] == k.Public && strings.EqualFold(tags["k"], string(k.Algorithm)):
			finding = DKIMFound
		default:
			finding = DKIMOther
		}
	}
	return finding
}

// dkimTags reads the tags of a DKIM record (RFC 6376, 3.6.1), without the blanks
// that DNS panels put into long texts. It is false for other records.
func dkimTags(record string) (map[string]string, bool) {
	tags := map[string]string{"k": "rsa"}
	for part := range strings.SplitSeq(record, ";") {
		name, value, _ := strings.Cut(part, "=")
		tags[strings.TrimSpace(name)] = strings.Join(strings.Fields(value), "")
	}
	_, key := tags["p"]
	version, versioned := tags["v"]
	return tags, key && (!versioned || version == "DKIM1")
}

// DKIMPair is a fresh pair of keys, an RSA and an Ed25519 one under two selectors
// of one name, with their secrets beside them. They have no ids yet.
func DKIMPair(random io.Reader, ws WorkspaceID, domain string) (keys [2]DKIMKey, secrets [2][]byte, err error) {
	raw := make([]byte, 5)
	if _, err := io.ReadFull(random, raw); err != nil {
		return keys, secrets, fmt.Errorf("draw a selector: %w", err)
	}
	name := "hark" + strings.ToLower(base32.StdEncoding.EncodeToString(raw))
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return keys, secrets, fmt.Errorf("make an RSA key: %w", err)
	}
	_, short, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return keys, secrets, fmt.Errorf("make an Ed25519 key: %w", err)
	}
	for i, signer := range []crypto.Signer{long, short} {
		key := DKIMKey{WorkspaceID: ws, Domain: domain, Algorithm: []DKIMAlgorithm{DKIMRSA, DKIMEd25519}[i], State: DKIMNew}
		key.Selector = name + []string{"-rsa", "-ed"}[i]
		if key.Public, err = dkimPublic(signer); err != nil {
			return keys, secrets, err
		}
		if secrets[i], err = x509.MarshalPKCS8PrivateKey(signer); err != nil {
			return keys, secrets, fmt.Errorf("write a key of DKIM: %w", err)
		}
		keys[i] = key
	}
	return keys, secrets, nil
}

// dkimPublic is a key as its record has it: RSA in its usual wrapping, Ed25519
// bare (RFC 8463, 4.2).
func dkimPublic(signer crypto.Signer) (string, error) {
	if short, ok := signer.Public().(ed25519.PublicKey); ok {
		return base64.StdEncoding.EncodeToString(short), nil
	}
	der, err := x509.MarshalPKIXPublicKey(signer.Public())
	if err != nil {
		return "", fmt.Errorf("write a public key of DKIM: %w", err)
	}
	return base64.StdEncoding.EncodeToString(der), nil
}

// DKIMSigner reads an opened secret. The error says nothing of it.
func DKIMSigner(secret []byte) (crypto.Signer, error) {
	key, err := x509.ParsePKCS8PrivateKey(secret)
	signer, ok := key.(crypto.Signer)
	if err != nil || !ok {
		return nil, errors.New("this is no private key of DKIM")
	}
	return signer, nil
}
