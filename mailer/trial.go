package mailer

import (
	"context"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/letters"
)

// TrialsOptions are what letters are tried out with.
type TrialsOptions struct {
	URL       *url.URL // this server as people reach it
	From      string   // the sender; "" where nothing is sent
	Catalogue *i18n.Catalogue
	Transport Transport // nil where nothing is sent
	Senders   *Senders  // the ways of workspaces; nil: all have From and Transport
	Random    io.Reader
	Now       func() time.Time
}

// Trials shows a team the letters that its rules send, and mails them one to
// look at. Their links lead to the page that the trial names, and nobody's
// answer is asked for.
type Trials struct {
	composer  *Composer
	transport Transport
	senders   *Senders
}

// NewTrials returns what letters are tried out with, or says which setting is
// wrong. Without a transport it shows letters only.
func NewTrials(o TrialsOptions) (*Trials, error) {
	if o.Transport == nil && o.Senders == nil {
		return &Trials{composer: &Composer{base: o.URL, domain: o.URL.Hostname(), catalogue: o.Catalogue, now: o.Now}}, nil
	}
	composer, err := NewComposer(ComposerOptions{URL: o.URL.String(), From: o.From, Catalogue: o.Catalogue, Random: o.Random, Now: o.Now, Sendless: o.Senders != nil})
	if err != nil {
		return nil, err
	}
	return &Trials{composer: composer, transport: o.Transport, senders: o.Senders}, nil
}

// Trial is a letter as it would be, in both of its parts, and the words that
// stand where the team wrote none.
type Trial struct {
	Lang  string
	HTML  string
	Text  string
	Words letters.Texts // as they stand in the letter
	Usual letters.Texts // as they would without the team's own
}

// Show writes a letter whose links lead to a page of this server.
func (t *Trials) Show(ctx context.Context, a Asking, page string) (Trial, error) {
	view := t.view(a, page)
	html, err := htmlOf(ctx, view)
	if err != nil {
		return Trial{}, err
	}
	return Trial{Lang: view.Language(), HTML: html, Text: view.Text(), Words: view.Words(), Usual: view.Usual()}, nil
}

func (t *Trials) view(a Asking, page string) rendered {
	address := t.composer.base.JoinPath(page).String()
	return t.composer.letter(a, links{page: address, unsubscribe: address})
}

// Send mails a letter at once to the address of its invitation, marked as a
// test. It has no way out in its headers, for nobody is in. What the mail server
// said against it is an error of kind Unavailable.
func (t *Trials) Send(ctx context.Context, a Asking, page string) error {
	way, err := t.way(ctx, a.Workspace.ID)
	if err != nil {
		return err
	}
	if way.Transport == nil {
		return surveys.Fail(surveys.Unavailable, "mail_none")
	}
	a.From = way.Identity
	letter, err := t.write(ctx, a, page)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, trialPatience)
	defer cancel()
	if result := way.Transport.Deliver(ctx, letter); result.Outcome != Sent {
		return &surveys.Error{Kind: surveys.Unavailable, Code: "letter_unsent", Args: map[string]any{"problem": result.Problem}}
	}
	return nil
}

// way is how the workspace's letters leave.
func (t *Trials) way(ctx context.Context, ws surveys.WorkspaceID) (Way, error) {
	if t.senders == nil {
		return Way{Transport: t.transport}, nil
	}
	return t.senders.Way(ctx, ws)
}

// trialPatience is how long somebody waits at a page for the mail server.
const trialPatience = 30 * time.Second

// write makes the message of a test.
func (t *Trials) write(ctx context.Context, a Asking, page string) (store.Letter, error) {
	view := t.view(a, page)
	html, err := htmlOf(ctx, view)
	if err != nil {
		return store.Letter{}, err
	}
	var id [16]byte
	if _, err := io.ReadFull(t.composer.random, id[:]); err != nil {
		return store.Letter{}, fmt.Errorf("draw the id of a test: %w", err)
	}
	recipient, err := wireAddress(a.Invitation.Email)
	if err != nil {
		return store.Letter{}, err
	}
	who := t.composer.who(a)
	letter := store.Letter{MessageID: "test-" + hex.EncodeToString(id[:]) + "@" + who.domain(), Sender: who.Address, Recipient: recipient}
	fields := t.composer.envelope(a, view)
	letter.Message, err = envelope{
		from: fields.from, signer: who.Signer, replyTo: fields.replyTo, to: recipient, id: letter.MessageID,
		subject: t.composer.catalogue.Letter(view.Language()).T("letters.test_subject", "subject", view.Subject()),
		list:    fields.list, date: fields.date,
	}.encode(view, html)
	return letter, err
}
