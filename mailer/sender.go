package mailer

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/mail"
	"slices"
	"strings"
	"sync"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
)

// Identity is in whose name a letter leaves.
type Identity struct {
	Name    string  // "" for the workspace's, or what the letter itself says
	Address string  // as it goes over the wire: its domain in ASCII; "" for the composer's own
	Replies string  // where answers go unless the workspace says otherwise; "" for the address
	Bounces string  // the domain that undelivered letters come back to; "" for the address
	Signer  *Signer // nil where nothing is signed here
}

func (i Identity) domain() string {
	_, domain, _ := strings.Cut(i.Address, "@")
	return domain
}

// Way is how a workspace's letters leave: in whose name, and by which server.
type Way struct {
	Identity  Identity
	Transport Transport // nil: they wait
	Own       bool      // the server is the workspace's own: what befalls it concerns no other
}

// SendersOptions are what the ways of letters are found with.
type SendersOptions struct {
	Store     *store.Store
	Vault     *surveys.Vault // nil where nothing is sealed
	From      string         // the server's sender; "" for none
	Transport Transport      // the server's; nil where it sends nothing itself
	Networks  []*net.IPNet   // the operator's own, in which relays may be
	TLS       *tls.Config    // for the workspaces' servers; nil for the system's roots
	Hello     string         // this server's name in EHLO; "" for the machine's
	Patience  Timeouts       // of tests at a page; zero for what people wait
}

// Senders finds the way of each workspace's letters. It keeps the connections to
// their mail servers from one batch to the next, and is safe for concurrent use.
type Senders struct {
	SendersOptions
	from string // the address only

	mu      sync.Mutex // guards what follows
	relays  map[surveys.WorkspaceID]*ownRelay
	signers map[surveys.WorkspaceID]openSigner
}

// openSigner is a signer with the sealed keys that it was made of: opening and
// checking an RSA key takes a millisecond, which nobody should pay every few
// seconds.
type openSigner struct {
	keys   []surveys.DKIMKey
	signer *Signer
}

// ownRelay is an open way to a workspace's own mail server.
type ownRelay struct {
	settings SMTPSettings
	smtp     *SMTP
}

// NewSenders returns what finds the ways, or says what is wrong with the
// server's sender.
func NewSenders(o SendersOptions) (*Senders, error) {
	s := &Senders{SendersOptions: o, relays: make(map[surveys.WorkspaceID]*ownRelay), signers: make(map[surveys.WorkspaceID]openSigner)}
	if o.From == "" {
		return s, nil
	}
	var err error
	s.from, err = senderAddress(o.From)
	return s, err
}

// senderAddress reads the setting HARK_MAIL_FROM.
func senderAddress(text string) (string, error) {
	from, err := mail.ParseAddress(text)
	if err != nil || !surveys.ValidEmail(from.Address) || !surveys.PlainMailbox(from.Address) {
		return "", fmt.Errorf("HARK_MAIL_FROM %q is not a mail address such as feedback@example.com", text)
	}
	address, err := wireAddress(from.Address)
	if err != nil {
		return "", fmt.Errorf("HARK_MAIL_FROM: %w", err)
	}
	return address, nil
}

// ServerAddress is the address that workspaces without one of their own send
// from; "" where there is none.
func (s *Senders) ServerAddress() string { return s.from }

// ServerSends reports whether workspaces without a mail server of their own can
// send.
func (s *Senders) ServerSends() bool { return s.Transport != nil }

// Way finds how a workspace's letters leave now. It is Unavailable when what is
// sealed of it cannot be opened: then they wait, rather than leave in another
// name or without a signature.
func (s *Senders) Way(ctx context.Context, ws surveys.WorkspaceID) (Way, error) {
	sender, err := s.Store.Sender(ctx, ws)
	if err != nil {
		return Way{}, fmt.Errorf("find the sender: %w", err)
	}
	way := Way{Transport: s.Transport}
	if way.Identity, err = s.identity(ctx, sender); err != nil {
		return Way{}, err
	}
	if len(sender.Relay) > 0 {
		relay, err := flow.OpenRelay(s.Vault, sender)
		if err != nil {
			return Way{}, err
		}
		way.Transport, way.Own = s.relay(ws, SettingsOf(relay)), true
	} else {
		s.forget(ws)
	}
	if way.Identity.Address == "" {
		way.Transport = nil // nobody to send as
	}
	return way, nil
}

// identity is the name of a sender, with the keys that sign for it. The server's
// own mail server vouches for whatever it passes on, so that by it nobody mails
// from a domain that is not known to be theirs: such a sender's letters leave from
// the server's address, in the sender's name, and answers go to the sender.
func (s *Senders) identity(ctx context.Context, sender surveys.Sender) (Identity, error) {
	who := Identity{Name: sender.FromName, Address: s.from, Bounces: sender.BounceDomain}
	if ascii, err := idna.Lookup.ToASCII(sender.BounceDomain); err == nil {
		who.Bounces = ascii
	}
	if !s.VouchesReturns(sender) {
		who.Bounces = ""
	}
	if sender.FromAddress != "" {
		address, err := wireAddress(sender.FromAddress)
		if err != nil {
			return Identity{}, fmt.Errorf("write the sender: %w", err)
		}
		who.Address = address
	}
	if who.Address == "" {
		return who, nil
	}
	keys, err := s.Store.SigningKeys(ctx, sender.WorkspaceID, strings.ToLower(who.domain()))
	if err != nil {
		return Identity{}, fmt.Errorf("find the keys that sign: %w", err)
	}
	if vouched, err := s.Vouches(ctx, sender, keys); err != nil || !vouched {
		return s.standIn(ctx, sender, who, err)
	}
	if sender.Signing == surveys.SignedByRelay {
		return who, nil
	}
	who.Signer, err = s.signer(sender.WorkspaceID, keys)
	return who, err
}

// Vouches reports whether a workspace's letters leave from its own address, given
// the keys that it has: by a mail server of its own, from the address of this
// server's own sender, or where the DNS had its keys. The domain of that sender is
// the operator's, whose workspace is the first: to others it is opened by whoever
// publishes the records of their keys there.
func (s *Senders) Vouches(ctx context.Context, sender surveys.Sender, keys []surveys.DKIMKey) (bool, error) {
	switch {
	case !surveys.PlainMailbox(sender.FromAddress): // stored by an earlier version
		return false, nil
	case len(sender.Relay) > 0 || sender.FromAddress == "":
		return true, nil
	}
	address, err := wireAddress(sender.FromAddress)
	if err != nil {
		return false, nil //nolint:nilerr // nothing vouches for what is no address
	}
	switch {
	case strings.EqualFold(address, s.from), surveys.Proven(keys, strings.ToLower(Identity{Address: address}.domain())):
		return true, nil
	case !s.OfServer(sender):
		return false, nil
	}
	first, err := s.Store.FirstWorkspace(ctx)
	if err != nil {
		return false, fmt.Errorf("find whose the server's domain is: %w", err)
	}
	return first == sender.WorkspaceID, nil
}

// OfServer reports whether a sender's domain is the one of this server's own.
func (s *Senders) OfServer(sender surveys.Sender) bool {
	domain, err := idna.Lookup.ToASCII(sender.Domain())
	return err == nil && domain != "" && strings.EqualFold(domain, Identity{Address: s.from}.domain())
}

// VouchesReturns reports whether a workspace's letters come back to the domain that
// it names, given that they leave from its own address: by a mail server of its own,
// or where that domain is of one organisation with its sender's or with this
// server's, as DMARC reckons. Else the reports of letters that nobody can deliver
// would go to somebody who never sent them.
func (s *Senders) VouchesReturns(sender surveys.Sender) bool {
	if len(sender.Relay) > 0 || sender.BounceDomain == "" {
		return true
	}
	to := organisation(sender.BounceDomain)
	return to == organisation((Identity{Address: s.from}).domain()) || sender.FromAddress != "" && to == organisation(sender.Domain())
}

// organisation is the domain that was registered of the one given.
func organisation(domain string) string {
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil {
		ascii = domain
	}
	ascii = strings.ToLower(ascii)
	if registered, err := publicsuffix.EffectiveTLDPlusOne(ascii); err == nil {
		return registered
	}
	return ascii // it is a suffix itself, or a name of the house
}

// standIn is the server's sender in the place of one that nothing vouches for,
// unless it could not be told.
func (s *Senders) standIn(ctx context.Context, sender surveys.Sender, who Identity, err error) (Identity, error) {
	if err != nil {
		return Identity{}, err
	}
	sender.FromAddress = "" // and nobody else's domain in the envelope either
	in, err := s.identity(ctx, sender)
	in.Replies = who.Address
	return in, err
}

// signer opens the keys of a workspace, unless it has them open.
func (s *Senders) signer(ws surveys.WorkspaceID, keys []surveys.DKIMKey) (*Signer, error) {
	s.mu.Lock()
	open := s.signers[ws]
	s.mu.Unlock()
	same := slices.EqualFunc(open.keys, keys, func(a, b surveys.DKIMKey) bool {
		return a.ID == b.ID && a.Domain == b.Domain && bytes.Equal(a.Secret, b.Secret)
	})
	if same && open.signer != nil {
		return open.signer, nil
	}
	signer, err := NewSigner(s.Vault, keys)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.signers[ws] = openSigner{keys: keys, signer: signer}
	return signer, nil
}

// SettingsOf are a relay's settings as the transport has them.
func SettingsOf(r surveys.Relay) SMTPSettings {
	return SMTPSettings{Security: Security(r.Protection), Host: r.Host, Port: cmp.Or(r.Port, r.Protection.Port()), Username: r.Username, Password: r.Password}
}

// relay returns the open way to a workspace's server, a new one when the
// settings changed.
func (s *Senders) relay(ws surveys.WorkspaceID, settings SMTPSettings) *SMTP {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := s.relays[ws]
	if own == nil || own.settings != settings {
		if own != nil {
			own.smtp.Close() // what is under way finishes on its own connection
		}
		own = &ownRelay{settings: settings, smtp: NewSMTP(SMTPOptions{Settings: settings, Guard: &Guard{Networks: s.Networks}, TLS: s.TLS, Hello: s.Hello})}
		s.relays[ws] = own
	}
	return own.smtp
}

// forget closes the way to a server that a workspace no longer has.
func (s *Senders) forget(ws surveys.WorkspaceID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if own := s.relays[ws]; own != nil {
		own.smtp.Close()
		delete(s.relays, ws)
	}
}
