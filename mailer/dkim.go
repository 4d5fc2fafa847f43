package mailer

import (
	"bytes"
	"crypto"
	"errors"
	"fmt"
	"strings"

	"github.com/emersion/go-msgauth/dkim"

	"github.com/harkhq/hark/surveys"
)

// Signer signs messages by DKIM (RFC 6376), once with each of its keys. One that
// is nil signs nothing. It may be used from several goroutines.
type Signer struct{ keys []signingKey }

type signingKey struct {
	domain, selector string
	signer           crypto.Signer
}

// NewSigner opens the keys once, for all the letters of a batch. Without keys it
// is nil. A key that the vault cannot open is an error: a letter that should be
// signed does not leave without.
func NewSigner(vault *surveys.Vault, keys []surveys.DKIMKey) (*Signer, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	s := new(Signer)
	for _, key := range keys {
		secret, err := vault.Open(surveys.DKIMPlace(key.WorkspaceID, key.ID), key.Secret)
		if err != nil {
			return nil, fmt.Errorf("open the key %s: %w", key.RecordName(), err)
		}
		signer, err := surveys.DKIMSigner(secret)
		if err != nil {
			return nil, fmt.Errorf("read the key %s: %w", key.RecordName(), err)
		}
		s.keys = append(s.keys, signingKey{domain: key.Domain, selector: key.Selector, signer: signer})
	}
	return s, nil
}

// signedHeaders are the headers that a signature covers, where a letter has
// them; guarded ones are listed once more than they are there, so that nobody on
// the way can add a second one that readers would see instead (RFC 6376, 8.15).
// Bulk receivers want both headers of the one-click way out covered (RFC 8058).
func signedHeaders() (list []struct {
	name    string
	guarded bool
}) {
	const guarded = "From Subject To Reply-To List-Unsubscribe List-Unsubscribe-Post"
	for name := range strings.FieldsSeq("From Reply-To To Subject Date Message-ID MIME-Version Content-Type Content-Transfer-Encoding " +
		"List-Unsubscribe List-Unsubscribe-Post List-Id Feedback-ID") {
		list = append(list, struct {
			name    string
			guarded bool
		}{name, strings.Contains(" "+guarded+" ", " "+name+" ")})
	}
	return list
}

// headerKeys lists what the signature of a message covers.
func headerKeys(message []byte) ([]string, error) {
	head, _, found := bytes.Cut(message, []byte("\r\n\r\n"))
	if !found {
		return nil, errors.New("the message has no body")
	}
	there := make(map[string]int)
	for line := range bytes.Lines(head) {
		if name, _, found := bytes.Cut(line, []byte(":")); found && line[0] != ' ' && line[0] != '\t' {
			there[strings.ToLower(string(name))]++
		}
	}
	var keys []string
	for _, header := range signedHeaders() {
		n := there[strings.ToLower(header.name)]
		if header.guarded {
			n++
		}
		for range n {
			keys = append(keys, header.name)
		}
	}
	return keys, nil
}

// Sign returns a message with its signatures in front. The message ends its
// lines with CR LF, as it will be sent.
func (s *Signer) Sign(message []byte) ([]byte, error) {
	signatures, err := s.signatures(message)
	if len(signatures) == 0 {
		return message, err
	}
	return append(signatures, message...), err
}

// signatures are the headers that sign a message.
func (s *Signer) signatures(message []byte) ([]byte, error) {
	if s == nil {
		return nil, nil
	}
	keys, err := headerKeys(message)
	if err != nil {
		return nil, fmt.Errorf("sign the message: %w", err)
	}
	var signed bytes.Buffer
	for _, key := range s.keys {
		signature, err := key.sign(message, keys)
		if err != nil {
			return nil, fmt.Errorf("sign the message as %s: %w", key.selector, err)
		}
		signed.WriteString(signature)
	}
	return signed.Bytes(), nil
}

// sign returns one signature as a header. Both parts of the message are relaxed:
// servers on the way fold headers and trim lines.
func (k signingKey) sign(message []byte, headers []string) (string, error) {
	s, err := dkim.NewSigner(&dkim.SignOptions{
		Domain: k.domain, Selector: k.selector, Signer: k.signer, HeaderKeys: headers,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		return "", err
	}
	if _, err := s.Write(message); err != nil {
		return "", errors.Join(err, s.Close())
	}
	if err := s.Close(); err != nil {
		return "", err
	}
	return s.Signature(), nil
}
