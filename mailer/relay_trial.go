package mailer

import (
	"bytes"
	"cmp"
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/mail"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// RelayTrial asks for a test of how a workspace's mails leave.
type RelayTrial struct {
	Workspace     surveys.Workspace
	Relay         surveys.Relay // to be tried; the zero Relay: the server's own
	To            string
	Subject, Text string
}

// RelayResult is what came of a test.
type RelayResult struct {
	Finding Finding
	Server  string // as its address is written; "" for the server's own
	Signed  bool   // the mail had a signature
	Lines   []Line // the conversation; none with the server's own mail server, which is the operator's
}

// patience is how long somebody waits at a page for a mail server.
func (s *Senders) patience() Timeouts {
	if s.Patience != (Timeouts{}) {
		return s.Patience
	}
	return Timeouts{Connect: 10 * time.Second, Command: 10 * time.Second, Body: 10 * time.Second, Dot: 20 * time.Second}
}

// Try mails a test as the workspace's mails would leave, by the mail server that
// is asked for, stored or not.
func (s *Senders) Try(ctx context.Context, t RelayTrial) (RelayResult, error) {
	sender, err := s.Store.Sender(ctx, t.Workspace.ID)
	if err != nil {
		return RelayResult{}, fmt.Errorf("find the sender: %w", err)
	}
	if sender.Relay = nil; t.Relay != (surveys.Relay{}) {
		sender.Relay = []byte(t.Relay.Host) // whatever is stored, it leaves by this one
	}
	who, err := s.identity(ctx, sender)
	if err != nil {
		return RelayResult{}, err
	}
	if who.Address == "" {
		return RelayResult{Finding: NoSender}, nil
	}
	letter, err := s.trialLetter(t, who)
	if err != nil {
		return RelayResult{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, trialPatience)
	defer cancel()
	result := RelayResult{Signed: who.Signer != nil}
	if t.Relay == (surveys.Relay{}) {
		result.Finding = s.tryOwn(ctx, letter)
		return result, nil
	}
	settings := SettingsOf(t.Relay)
	result.Server = settings.String()
	result.Finding, result.Lines = tryRelay(ctx, SMTPOptions{
		Settings: settings, Guard: &Guard{Networks: s.Networks}, TLS: s.TLS, Hello: s.Hello, Timeouts: s.patience(),
	}, letter)
	return result, nil
}

// tryOwn tries the server's own way. What its mail server says is for the
// operator, not for a workspace.
func (s *Senders) tryOwn(ctx context.Context, letter store.Letter) Finding {
	if s.Transport == nil {
		return NoServer
	}
	if result := s.Transport.Deliver(ctx, letter); result.Outcome != Sent {
		return ServerTrouble
	}
	return Delivered
}

// tryRelay has the whole conversation about one letter on a connection of its
// own.
func tryRelay(ctx context.Context, o SMTPOptions, letter store.Letter) (Finding, []Line) {
	o.Record = NewTranscript(o.Settings)
	smtp := NewSMTP(o)
	c, err := smtp.dial(ctx)
	if err != nil {
		return o.Record.end(atConnect, err, o.Settings), o.Record.Lines()
	}
	defer func() { _ = c.net.Close() }()
	at, err := smtp.hand(ctx, c, letter, letter.Recipient)
	if err != nil {
		return o.Record.end(at, err, o.Settings), o.Record.Lines()
	}
	_ = c.net.SetDeadline(time.Now().Add(time.Second))
	_ = c.client.Quit() // whatever it answers, the letter is there
	return Delivered, o.Record.Lines()
}

// trialLetter writes the mail of a test, signed as all others are.
func (s *Senders) trialLetter(t RelayTrial, who Identity) (store.Letter, error) {
	recipient, err := wireAddress(t.To)
	if err != nil {
		return store.Letter{}, err
	}
	var id [16]byte
	if _, err := io.ReadFull(s.Store.Random(), id[:]); err != nil {
		return store.Letter{}, fmt.Errorf("draw the id of a test: %w", err)
	}
	letter := store.Letter{MessageID: "test-" + hex.EncodeToString(id[:]) + "@" + who.domain(), Sender: who.Address, Recipient: recipient}
	if who.Bounces != "" { // as in other letters, since a server may refuse it
		trial, err := s.Store.NewID()
		if err != nil {
			return store.Letter{}, fmt.Errorf("draw the return address of a test: %w", err)
		}
		letter.Sender = t.Workspace.ReturnAddress(surveys.ReturnBounce, trial, who.Bounces)
	}
	name := cmp.Or(who.Name, surveys.PlainName(t.Workspace.Name), who.domain())
	message, err := envelope{
		from: mail.Address{Name: name, Address: who.Address}, replyTo: cmp.Or(t.Workspace.ReplyTo, who.Replies), to: recipient, subject: t.Subject,
		id: letter.MessageID, list: "<test." + t.Workspace.Key + "." + who.domain() + ">", date: s.Store.Now(),
	}.message()
	if err != nil {
		return store.Letter{}, err
	}
	message.SetBodyString(gomail.TypeTextPlain, t.Text)
	letter.Message, err = encoded(message, who.Signer)
	return letter, err
}

// encoded are the bytes of a message, signed.
func encoded(message *gomail.Msg, signer *Signer) ([]byte, error) {
	var raw bytes.Buffer
	if _, err := message.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("encode the message: %w", err)
	}
	return signer.Sign(raw.Bytes())
}
