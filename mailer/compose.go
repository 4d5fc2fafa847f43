package mailer

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/mail"
	"net/url"
	"strings"
	"time"

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

// Asking is an invitation with all that its letter speaks of.
type Asking struct {
	Invitation surveys.Invitation
	Workspace  surveys.Workspace
	Survey     surveys.Survey
	Person     surveys.Person
	EventType  string // why they are asked; "" when it is not known
	CapDays    int    // the promise that the letter makes; 0 for none
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
	view := c.view(a, answer, unsubscribe)
	// Rendered to bytes first: a body that fails while the server listens
	// would arrive cut off.
	var html bytes.Buffer
	if err := letters.InvitationHTML(view).Render(ctx, &html); err != nil {
		return Composed{}, fmt.Errorf("render the letter of invitation %s: %w", a.Invitation.ID, err)
	}
	letter, err := c.write(a, view, html.String())
	if err != nil {
		return Composed{}, fmt.Errorf("write the letter of invitation %s: %w", a.Invitation.ID, err)
	}
	asked := cmp.Or(a.Invitation.AboutID, a.Invitation.ID) // a reminder's links answer the invitation
	return Composed{Letter: letter, Grants: []store.NewGrant{
		{Token: answer, Purpose: surveys.PurposeAnswer, SubjectID: asked, ExpiresAt: c.now().Add(linkMemory)},
		{Token: unsubscribe, Purpose: surveys.PurposeUnsubscribe, SubjectID: asked, ExpiresAt: c.now().Add(linkMemory)},
	}}, nil
}

// write puts the rendered parts into one message, headers first.
func (c *Composer) write(a Asking, view letters.Invitation, html string) (store.Letter, error) {
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
	fields := envelope{
		from:    mail.Address{Name: view.Brand, Address: c.from},
		replyTo: a.Workspace.ReplyTo,
		to:      recipient,
		subject: view.Subject(),
		id:      letter.MessageID,
		list:    "<" + a.Survey.ID + "." + c.base.Hostname() + ">",
		stop:    "<" + view.Unsubscribe + ">",
		date:    c.now(),
	}
	message, err := fields.message()
	if err != nil {
		return store.Letter{}, err
	}
	message.SetBodyString(gomail.TypeTextPlain, view.Text())
	message.AddAlternativeString(gomail.TypeTextHTML, html)
	var raw bytes.Buffer
	if _, err := message.WriteTo(&raw); err != nil {
		return store.Letter{}, fmt.Errorf("encode the message: %w", err)
	}
	letter.Message = raw.Bytes()
	return letter, nil
}

// link is an address on this server.
func (c *Composer) link(kind string, token surveys.Token) string {
	return c.base.JoinPath(kind, string(token)).String()
}
