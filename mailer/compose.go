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
	Sendless  bool   // From may be empty: who has no sender of their own is not written to
	ReadsMail bool   // mails to a workspace's bounce domain come to this server, so that one may stop by mail
	Catalogue *i18n.Catalogue
	Random    io.Reader // tokens; must be cryptographically strong
	Now       func() time.Time
}

// Composer writes letters.
type Composer struct {
	base      *url.URL
	from      string // the address only
	domain    string // of from
	readsMail bool
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
	c := &Composer{base: base, domain: base.Hostname(), readsMail: o.ReadsMail, catalogue: o.Catalogue, random: o.Random, now: o.Now}
	if o.Sendless && o.From == "" {
		return c, nil
	}
	if c.from, err = senderAddress(o.From); err != nil {
		return nil, err
	}
	_, c.domain, _ = strings.Cut(c.from, "@")
	return c, nil
}

// Asking is an invitation, a reminder or a thank-you with all that its letter
// speaks of.
type Asking struct {
	From       Identity       // in whose name it leaves; zero for the composer's own
	Edition    *Edition       // remembers what letters share; nil for nothing
	Sheet      *surveys.Sheet // where its token gets a place; nil for a sheet of its own
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
	Around() letters.Frame
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

// Composed is a letter and what its links stand for: the grant of the way out is
// that of the link to answer as well. They are stored together, or the links lead
// nowhere.
type Composed struct {
	Letter store.Letter
	Answer surveys.Token   // of the link to answer
	Grant  *store.NewGrant // nil for the bytes of an earlier try
}

// Compose writes an invitation's letter. Called twice it gives two letters
// with different links: what is sent again are the stored bytes.
func (c *Composer) Compose(ctx context.Context, a Asking) (Composed, error) {
	composed, err := c.compose(ctx, a)
	if err == nil {
		composed.Letter.Message = composed.Letter.AppendTo(nil)
	}
	return composed, err
}

// compose is [Composer.Compose] for a letter whose bytes are written when it
// leaves: nobody holds those of all that wait.
func (c *Composer) compose(ctx context.Context, a Asking) (Composed, error) {
	answer, err := c.token(a)
	if err != nil {
		return Composed{}, err
	}
	unsubscribe := answer.WayOut()
	letter, err := c.write(ctx, a, [2]surveys.Token{answer, unsubscribe})
	if err != nil {
		return Composed{}, fmt.Errorf("write the letter of invitation %s: %w", a.Invitation.ID, err)
	}
	asked := cmp.Or(a.Invitation.AboutID, a.Invitation.ID) // all its letters' links lead to the invitation
	grant := store.NewGrant{Token: unsubscribe, Purpose: surveys.PurposeUnsubscribe, SubjectID: asked, ExpiresAt: c.now().Add(linkMemory)}
	return Composed{Letter: letter, Answer: answer, Grant: &grant}, nil
}

// newSheet draws a sheet for the links of letters that are stored together.
func (c *Composer) newSheet() (*surveys.Sheet, error) { return surveys.NewSheet(c.random, c.now()) }

// token draws the token of a letter's link to answer.
func (c *Composer) token(a Asking) (surveys.Token, error) {
	sheet := a.Sheet
	if sheet == nil {
		var err error
		if sheet, err = c.newSheet(); err != nil {
			return "", err
		}
	}
	return sheet.Token(c.random, a.Workspace.Key)
}

// write fills the letter's form with what is the person's own.
func (c *Composer) write(ctx context.Context, a Asking, tokens [2]surveys.Token) (store.Letter, error) {
	recipient, err := wireAddress(a.Invitation.Email)
	if err != nil {
		return store.Letter{}, err
	}
	edition := a.Edition
	if edition == nil {
		edition = new(Edition)
	}
	key, view := edition.view(c, a)
	to := links{page: c.link("r", tokens[0]), unsubscribe: c.link("u", tokens[1]), trap: c.link("h", tokens[1])}
	view = personal(view, firstName(a.Person.Name), c.own(a, view), to)
	words, stopMail := view.Words(), c.stopByMail(a, a.From)
	f, err := edition.form(ctx, c, a, formKey{viewKey: key, shape: words.Shape(), stopMail: stopMail != ""}, view)
	if err != nil {
		return store.Letter{}, err
	}
	letter := store.Letter{
		InvitationID: a.Invitation.ID,
		MessageID:    "inv-" + a.Invitation.ID + "@" + f.who.domain(),
		Sender:       returnPath(a, f.who),
		Recipient:    recipient,
		Form:         f.stored,
	}
	fields := f.fields
	fields.to, fields.id, fields.subject, fields.date = recipient, letter.MessageID, words.Subject, c.now()
	fields.stop, fields.stopMail = "<"+to.unsubscribe+">", stopMail
	letter.Values, err = f.fill(fields, tokens, words)
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
	return encoded(message, e.signer)
}

// who is in whose name a letter leaves.
func (c *Composer) who(a Asking) Identity {
	who := a.From
	if who.Address == "" {
		who.Address = c.from
	}
	who.Name = cmp.Or(who.Name, surveys.PlainName(a.Workspace.Name), who.domain())
	return who
}

// envelope is what the headers say, but for the recipient and the id.
func (c *Composer) envelope(a Asking, view rendered) envelope {
	campaign, who := cmp.Or(a.Invitation.RuleID, a.Survey.ID), c.who(a)
	return envelope{
		from:     mail.Address{Name: who.Name, Address: who.Address},
		signer:   who.Signer,
		replyTo:  cmp.Or(a.Workspace.ReplyTo, who.Replies),
		subject:  view.Subject(),
		list:     "<" + campaign + "." + a.Workspace.Key + "." + c.base.Hostname() + ">",
		stop:     "<" + view.WayOut() + ">",
		stopMail: c.stopByMail(a, who),
		feedback: strings.Join([]string{campaign, a.Workspace.Key, string(cmp.Or(a.Invitation.Letter, surveys.LetterInvitation)), senderID(who.domain())}, ":"),
		date:     c.now(),
	}
}

// senderID names this sender to Gmail, which counts complaints under it: five to
// fifteen characters that stay the same.
func senderID(domain string) string {
	sum := sha256.Sum256([]byte(domain))
	return "hark" + hex.EncodeToString(sum[:4])
}

// link is an address on this server.
func (c *Composer) link(kind string, token surveys.Token) string {
	return c.base.JoinPath(kind, string(token)).String()
}
