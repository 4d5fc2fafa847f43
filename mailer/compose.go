package mailer

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/mail"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"
	gomail "github.com/wneessen/go-mail"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/letters"
)

// linkMemory is how long a letter's links are known, long after the question is
// over, since letters stay in mailboxes: the way out works, and the question's
// page says that its time is over.
const linkMemory = 2 * 365 * 24 * time.Hour

// ComposerOptions are what every letter needs.
type ComposerOptions struct {
	URL       string // this server as people reach it, https://feedback.example.com
	From      string // the sender: feedback@example.com, or Example <feedback@example.com>
	Catalogue *i18n.Catalogue
	Random    io.Reader // tokens; must be cryptographically strong
	Now       func() time.Time
}

// Composer writes letters.
type Composer struct {
	base      *url.URL
	from      string // the address only
	domain    string // of from
	catalogue *i18n.Catalogue
	random    io.Reader
	now       func() time.Time
}

// NewComposer returns a composer, or says which setting is wrong.
func NewComposer(o ComposerOptions) (*Composer, error) {
	base, err := url.Parse(o.URL)
	if err != nil || (base.Scheme != "https" && base.Scheme != "http") || base.Host == "" || base.RawQuery != "" || base.Fragment != "" {
		return nil, fmt.Errorf("HARK_URL %q is not an address such as https://feedback.example.com", o.URL)
	}
	from, err := mail.ParseAddress(o.From)
	if err != nil || !surveys.ValidEmail(from.Address) {
		return nil, fmt.Errorf("HARK_MAIL_FROM %q is not a mail address such as feedback@example.com", o.From)
	}
	address, err := wireAddress(from.Address)
	if err != nil {
		return nil, fmt.Errorf("HARK_MAIL_FROM: %w", err)
	}
	_, domain, _ := strings.Cut(address, "@")
	return &Composer{base: base, from: address, domain: domain, catalogue: o.Catalogue, random: o.Random, now: o.Now}, nil
}

// Asking is an invitation, a reminder or a thank-you with all that its letter
// speaks of.
type Asking struct {
	Invitation surveys.Invitation
	Workspace  surveys.Workspace
	Survey     surveys.Survey
	Person     surveys.Person
	EventType  string                         // why they are asked; "" when it is not known
	Properties map[string]any                 // of that event
	CapDays    int                            // the promise that the letter makes; 0 for none
	Texts      map[string]surveys.LetterTexts // the team's own words of this letter, by language
	Answer     *surveys.Response              // what a thank-you thanks for; nil when it is not known any more
	Links      map[surveys.Band]string        // where a thank-you leads, by the answer's band
}

// rendered is a letter as it can be written into a message.
type rendered interface {
	Subject() string
	Text() string
	Words() letters.Texts
	Usual() letters.Texts
	WayOut() string
	Language() string
}

// htmlOf is the letter's HTML part. It is rendered to the end first: a body
// that fails while the server listens would arrive cut off.
func htmlOf(ctx context.Context, view rendered) (string, error) {
	var html bytes.Buffer
	var page templ.Component
	switch view := view.(type) {
	case letters.Thanks:
		page = letters.ThanksHTML(view)
	case letters.Invitation:
		page = letters.InvitationHTML(view)
	}
	if err := page.Render(ctx, &html); err != nil {
		return "", fmt.Errorf("render the letter: %w", err)
	}
	return html.String(), nil
}

// Composed is a letter and the grants of the links in it. They are stored
// together, or the links lead nowhere.
type Composed struct {
	Letter store.Letter
	Grants []store.NewGrant
}

// Compose writes an invitation's letter. Called twice it gives two letters
// with different links: what is sent again are the stored bytes.
func (c *Composer) Compose(ctx context.Context, a Asking) (Composed, error) {
	answer, err := surveys.NewToken(c.random, a.Workspace.Key)
	if err != nil {
		return Composed{}, err
	}
	unsubscribe, err := surveys.NewToken(c.random, a.Workspace.Key)
	if err != nil {
		return Composed{}, err
	}
	view := c.letter(a, links{page: c.link("r", answer), unsubscribe: c.link("u", unsubscribe)})
	html, err := htmlOf(ctx, view)
	if err != nil {
		return Composed{}, fmt.Errorf("write the letter of invitation %s: %w", a.Invitation.ID, err)
	}
	letter, err := c.write(a, view, html)
	if err != nil {
		return Composed{}, fmt.Errorf("write the letter of invitation %s: %w", a.Invitation.ID, err)
	}
	asked := cmp.Or(a.Invitation.AboutID, a.Invitation.ID) // all its letters' links lead to the invitation
	return Composed{Letter: letter, Grants: []store.NewGrant{
		{Token: answer, Purpose: surveys.PurposeAnswer, SubjectID: asked, ExpiresAt: c.now().Add(linkMemory)},
		{Token: unsubscribe, Purpose: surveys.PurposeUnsubscribe, SubjectID: asked, ExpiresAt: c.now().Add(linkMemory)},
	}}, nil
}

// write puts the rendered parts into one message, headers first.
func (c *Composer) write(a Asking, view rendered, html string) (store.Letter, error) {
	recipient, err := wireAddress(a.Invitation.Email)
	if err != nil {
		return store.Letter{}, err
	}
	letter := store.Letter{
		InvitationID: a.Invitation.ID,
		MessageID:    "inv-" + a.Invitation.ID + "@" + c.domain,
		Sender:       c.from,
		Recipient:    recipient,
	}
	fields := c.envelope(a, view)
	fields.to, fields.id = recipient, letter.MessageID
	letter.Message, err = fields.encode(view, html)
	return letter, err
}

// encode writes a letter as a message.
func (e envelope) encode(view rendered, html string) ([]byte, error) {
	message, err := e.message()
	if err != nil {
		return nil, err
	}
	message.SetBodyString(gomail.TypeTextPlain, view.Text())
	message.AddAlternativeString(gomail.TypeTextHTML, html)
	var raw bytes.Buffer
	if _, err := message.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("encode the message: %w", err)
	}
	return raw.Bytes(), nil
}

// envelope is what the headers say, but for the recipient and the id.
func (c *Composer) envelope(a Asking, view rendered) envelope {
	campaign := cmp.Or(a.Invitation.RuleID, a.Survey.ID)
	return envelope{
		from:     mail.Address{Name: cmp.Or(surveys.PlainName(a.Workspace.Name), c.domain), Address: c.from},
		replyTo:  a.Workspace.ReplyTo,
		subject:  view.Subject(),
		list:     "<" + campaign + "." + a.Workspace.Key + "." + c.base.Hostname() + ">",
		stop:     "<" + view.WayOut() + ">",
		feedback: strings.Join([]string{campaign, a.Workspace.Key, string(cmp.Or(a.Invitation.Letter, surveys.LetterInvitation)), c.senderID()}, ":"),
		date:     c.now(),
	}
}

// senderID names this sender to Gmail, which counts complaints under it: five to
// fifteen characters that stay the same.
func (c *Composer) senderID() string {
	sum := sha256.Sum256([]byte(c.domain))
	return "hark" + hex.EncodeToString(sum[:4])
}

// link is an address on this server.
func (c *Composer) link(kind string, token surveys.Token) string {
	return c.base.JoinPath(kind, string(token)).String()
}
