package flow

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Resolver asks the DNS; *net.Resolver does.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
}

// SendingOptions are what a workspace's way to send is changed with.
type SendingOptions struct {
	Store    *store.Store
	Vault    *surveys.Vault // nil where nothing can be sealed
	Resolver Resolver
	From     string // the address of the server's sender, which workspaces without one of their own have; "" for none
}

// Sending changes in whose name a workspace mails, by which mail server, and
// with which keys.
type Sending struct{ SendingOptions }

// NewSending makes the moves on how workspaces send.
func NewSending(o SendingOptions) *Sending { return &Sending{o} }

// Domain is the domain that a sender's mails come from, in ASCII; "" when there
// is none.
func (m *Sending) Domain(sender surveys.Sender) string {
	address := sender.FromAddress
	if address == "" {
		address = m.From
	}
	_, domain, _ := strings.Cut(address, "@")
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		return ""
	}
	return strings.ToLower(ascii)
}

// SaveSender checks and stores the names and addresses of a sender, and where
// answers go; its mail server stays.
func (m *Sending) SaveSender(ctx context.Context, w surveys.Workspace, sender surveys.Sender) error {
	sender, err := sender.Check()
	if err != nil {
		return err
	}
	wrong := append(checkDomain("from_address", sender.Domain()), checkDomain("bounce_domain", sender.BounceDomain)...)
	for _, field := range []struct{ path, address string }{{"from_address", sender.FromAddress}, {"reply_to", w.ReplyTo}} {
		if !surveys.PlainMailbox(field.address) {
			wrong = append(wrong, surveys.FieldError{Path: field.path, Code: "sender_local"})
		}
	}
	if err := surveys.Wrong(wrong...); err != nil {
		return err
	}
	if w, err = w.Check(); err != nil {
		return err
	}
	return m.Store.InTx(ctx, func(tx *store.Tx) error {
		there, err := tx.Sender(ctx, w.ID)
		if err != nil {
			return err
		}
		sender.WorkspaceID, sender.Relay, sender.UpdatedAt = w.ID, there.Relay, tx.Now()
		if err := tx.SaveSender(ctx, sender); err != nil {
			return err
		}
		stored, err := tx.Workspace(ctx, w.ID)
		if err != nil || stored.ReplyTo == w.ReplyTo {
			return err
		}
		stored.ReplyTo = w.ReplyTo
		return tx.UpdateWorkspace(ctx, stored)
	})
}

// checkDomain refuses a domain that cannot be written in ASCII, and one whose
// letters come from scripts that only somebody mixes who wants to be taken for
// somebody else.
func checkDomain(path, domain string) []surveys.FieldError {
	if domain == "" {
		return nil
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || len(ascii) > 253 || slices.ContainsFunc(strings.Split(ascii, "."), func(label string) bool { return len(label) > 63 }) {
		return []surveys.FieldError{{Path: path, Code: "domain"}}
	}
	for label := range strings.SplitSeq(domain, ".") {
		if mixed(label) {
			return []surveys.FieldError{{Path: path, Code: "domain_mixed"}}
		}
	}
	return nil
}

// mixed reports whether a label has letters of several scripts that no language
// writes together (UTS 39, highly restrictive).
func mixed(label string) bool {
	together := map[string]bool{"Latin": true, "Han": true, "Hiragana": true, "Katakana": true, "Hangul": true, "Bopomofo": true}
	first, alien := "", false
	for _, r := range label {
		script := scriptOf(r)
		switch {
		case script == "" || script == first:
		case first == "":
			first = script
		default:
			alien = alien || !together[script] || !together[first]
		}
	}
	return alien
}

// scriptOf names the script of a letter, "" for what all scripts share.
func scriptOf(r rune) string {
	if !unicode.IsLetter(r) || unicode.Is(unicode.Common, r) || unicode.Is(unicode.Inherited, r) {
		return ""
	}
	for name, table := range unicode.Scripts {
		if unicode.Is(table, r) {
			return name
		}
	}
	return "?"
}

// SaveRelay checks and stores a workspace's mail server, sealed. With an empty
// password the stored one is kept, if it was for the same account.
func (m *Sending) SaveRelay(ctx context.Context, ws surveys.WorkspaceID, relay surveys.Relay) error {
	return m.Store.InTx(ctx, func(tx *store.Tx) error {
		sender, err := tx.Sender(ctx, ws)
		if err != nil {
			return err
		}
		if relay, err = m.CompleteRelay(sender, relay); err != nil {
			return err
		}
		text, err := json.Marshal(relay)
		if err != nil {
			return fmt.Errorf("write the mail server's settings: %w", err)
		}
		if sender.Relay, err = m.Vault.Seal(m.Store.Random(), surveys.RelayPlace(ws), text); err != nil {
			return err
		}
		sender.UpdatedAt = tx.Now()
		return tx.SaveSender(ctx, sender)
	})
}

// CompleteRelay checks a mail server as somebody wrote it, and gives it the
// stored password where it has none and is the account that it was stored for.
func (m *Sending) CompleteRelay(sender surveys.Sender, relay surveys.Relay) (surveys.Relay, error) {
	if relay.Password == "" && relay.Username != "" && len(sender.Relay) > 0 && m.Vault.Ready() {
		stored, err := OpenRelay(m.Vault, sender)
		if err == nil {
			asked := relay
			asked.Password = stored.Password // so that the texts are trimmed alike
			if asked, err = asked.Check(); err == nil && asked.SameAccount(stored) {
				return asked, nil
			}
		}
	}
	relay, err := relay.Check()
	if err == nil && strings.ContainsFunc(relay.Host, func(r rune) bool { return r > unicode.MaxASCII }) {
		if relay.Host, err = idna.Lookup.ToASCII(relay.Host); err != nil {
			return relay, surveys.Wrong(surveys.FieldError{Path: "relay_host", Code: "host"})
		}
	}
	return relay, err
}

// DropRelay makes a workspace send by the server's own mail server again.
func (m *Sending) DropRelay(ctx context.Context, ws surveys.WorkspaceID) error {
	return m.Store.InTx(ctx, func(tx *store.Tx) error {
		sender, err := tx.Sender(ctx, ws)
		if err != nil || sender.Relay == nil {
			return err
		}
		sender.Relay, sender.UpdatedAt = nil, tx.Now()
		return tx.SaveSender(ctx, sender)
	})
}

// OpenRelay opens a sender's mail server; without one it is the zero Relay.
func OpenRelay(vault *surveys.Vault, sender surveys.Sender) (surveys.Relay, error) {
	if len(sender.Relay) == 0 {
		return surveys.Relay{}, nil
	}
	text, err := vault.Open(surveys.RelayPlace(sender.WorkspaceID), sender.Relay)
	if err != nil {
		return surveys.Relay{}, fmt.Errorf("open the mail server's settings: %w", err)
	}
	var relay surveys.Relay
	if json.Unmarshal(text, &relay) != nil { // its error could quote the password
		return surveys.Relay{}, surveys.Fail(surveys.Unavailable, "vault_broken")
	}
	return relay, nil
}
