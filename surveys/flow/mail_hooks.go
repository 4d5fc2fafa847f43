package flow

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"regexp"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

var topicPattern = regexp.MustCompile(`^arn:aws[a-z-]{0,10}:sns:[a-z0-9-]{3,30}:\d{12}:[A-Za-z0-9_-]{1,256}$`)

// SaveHook says how the reports of a mail provider are recognised, from now on:
// by the name of a topic (SES), a public key (SendGrid), a signing key (Mailgun),
// or the password that follows from the workspace (Postmark, any word). An empty
// word takes no reports any more.
func (m *Sending) SaveHook(ctx context.Context, ws surveys.WorkspaceID, provider surveys.BounceSource, word string) error {
	word = strings.TrimSpace(word)
	hook := surveys.MailHook{WorkspaceID: ws, Provider: provider}
	switch {
	case word == "":
		return m.Store.InTx(ctx, func(tx *store.Tx) error { return tx.DeleteMailHook(ctx, ws, provider) })
	case provider == surveys.BounceBySES && topicPattern.MatchString(word), provider == surveys.BounceBySendGrid && isECDSA(word):
		hook.Public = word
	case provider == surveys.BounceByMailgun && len(word) >= 16 && len(word) <= 200:
		sealed, err := m.Vault.Seal(m.Store.Random(), surveys.MailHookPlace(ws, provider), []byte(word))
		if err != nil {
			return err
		}
		hook.Secret = sealed
	case provider == surveys.BounceByPostmark:
	case provider == surveys.BounceBySES:
		return surveys.Wrong(surveys.FieldError{Path: string(provider), Code: "hook_ses"})
	case provider == surveys.BounceBySendGrid:
		return surveys.Wrong(surveys.FieldError{Path: string(provider), Code: "hook_sendgrid"})
	case provider == surveys.BounceByMailgun:
		return surveys.Wrong(surveys.FieldError{Path: string(provider), Code: "hook_mailgun"})
	default:
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	return m.Store.InTx(ctx, func(tx *store.Tx) error { return tx.SaveMailHook(ctx, hook) })
}

// isECDSA reports whether a text is a public key as SendGrid shows it.
func isECDSA(text string) bool {
	der, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return false
	}
	key, err := x509.ParsePKIXPublicKey(der)
	_, ok := key.(*ecdsa.PublicKey)
	return err == nil && ok
}
