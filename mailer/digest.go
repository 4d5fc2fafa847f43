package mailer

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/mail"
	"net/url"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/letters"
)

// DigestsOptions are what digests are written and sent with.
type DigestsOptions struct {
	URL       *url.URL // this server as people reach it
	From      string   // the sender; "" where nothing is sent
	Catalogue *i18n.Catalogue
	Transport Transport // nil where nothing is sent
	Senders   *Senders  // the ways of workspaces; nil: all have From and Transport
	Now       func() time.Time
}

// Digests writes digests for the team, and hands them over. It is the
// [flow.Post] of a server.
type Digests struct {
	DigestsOptions
	from string // the address only
}

// NewDigests returns the post of digests, or says which setting is wrong.
// Without a transport it writes pages only.
func NewDigests(o DigestsOptions) (*Digests, error) {
	d := &Digests{DigestsOptions: o}
	if o.Transport == nil {
		return d, nil
	}
	var err error
	d.from, err = senderAddress(o.From)
	return d, err
}

// Post is what sends the digests; nil where nothing is sent.
func (d *Digests) Post() flow.Post {
	if d.Transport == nil && d.Senders == nil {
		return nil
	}
	return d
}

// way is how a workspace's digests leave. It is Unavailable where they do not.
func (d *Digests) way(ctx context.Context, ws surveys.WorkspaceID) (Way, error) {
	way := Way{Identity: Identity{Address: d.from}, Transport: d.Transport}
	if d.Senders != nil {
		var err error
		if way, err = d.Senders.Way(ctx, ws); err != nil {
			return Way{}, err
		}
	}
	if way.Transport == nil {
		return Way{}, surveys.Fail(surveys.Unavailable, "mail_none")
	}
	return way, nil
}

// WriteDigest makes the mail of an edition.
func (d *Digests) WriteDigest(ctx context.Context, e flow.Edition, stop surveys.Token) (store.Letter, error) {
	paper := d.paper(e, d.URL.JoinPath(flow.PathDigestStop, string(stop)).String())
	paper.address = func(n int) string { return fmt.Sprintf("cid:%s", d.picture(n)) }
	view := paper.view()
	html, err := renderDigest(ctx, view)
	if err != nil {
		return store.Letter{}, err
	}
	recipient, err := wireAddress(e.User.Email)
	if err != nil {
		return store.Letter{}, err
	}
	way, err := d.way(ctx, e.Office.ID)
	if err != nil {
		return store.Letter{}, err
	}
	who := way.Identity
	letter := store.Letter{
		// One of its kind for each member and day: receivers that know a message
		// again show it once.
		MessageID: fmt.Sprintf("digest-%s-%s-%d@%s", e.User.ID, e.To, d.Now().Unix(), who.domain()),
		Sender:    who.Address, Recipient: recipient,
	}
	message, err := envelope{
		from:    mail.Address{Name: view.L.T("digest.mail.from", "company", view.Brand), Address: who.Address},
		replyTo: who.Replies, to: recipient, subject: view.Subject, id: letter.MessageID,
		list: "<digest." + string(e.Office.ID) + "." + d.URL.Hostname() + ">", stop: "<" + view.Stop + ">", date: d.Now(),
	}.message()
	if err != nil {
		return store.Letter{}, err
	}
	message.SetBodyString(gomail.TypeTextPlain, view.Text())
	message.AddAlternativeString(gomail.TypeTextHTML, html)
	for n, picture := range paper.pictures {
		name := d.picture(n)
		if err := message.EmbedReader(name, bytes.NewReader(picture), gomail.WithFileContentID(name), gomail.WithFileContentType("image/png")); err != nil {
			return store.Letter{}, fmt.Errorf("embed a picture: %w", err)
		}
	}
	letter.Message, err = encoded(message, who.Signer)
	return letter, err
}

// picture names a picture of a mail.
func (d *Digests) picture(n int) string { return fmt.Sprintf("trend-%d.png", n+1) }

// PageOf is an edition as a page of its own, with its pictures within. Its way
// out leads to the member's settings, since nobody signed in needs another.
func (d *Digests) PageOf(ctx context.Context, e flow.Edition) (subject, html string, err error) {
	paper := d.paper(e, "")
	paper.address = func(n int) string {
		return "data:image/png;base64," + base64.StdEncoding.EncodeToString(paper.pictures[n])
	}
	view := paper.view()
	view.Stop = view.Change
	html, err = renderDigest(ctx, view)
	return view.Subject, html, err
}

func renderDigest(ctx context.Context, view letters.Digest) (string, error) {
	var html strings.Builder
	if err := letters.DigestHTML(view).Render(ctx, &html); err != nil {
		return "", fmt.Errorf("render the digest: %w", err)
	}
	return html.String(), nil
}

// DeliverDigest hands a digest over.
func (d *Digests) DeliverDigest(ctx context.Context, ws surveys.WorkspaceID, letter store.Letter) flow.Delivery {
	// A minute before the job that sends it is ended, so that what became of the
	// mail can be stored.
	ctx, cancel := context.WithTimeout(ctx, sendingLease-time.Minute)
	defer cancel()
	way, err := d.way(ctx, ws)
	if err != nil {
		return flow.Delivery{Outcome: flow.DeliveryLater, Problem: problem(err.Error())}
	}
	result := way.Transport.Deliver(ctx, letter)
	delivery := flow.Delivery{Problem: result.Problem}
	switch {
	case result.Outcome == Sent:
		delivery.Outcome = flow.DeliverySent
	case result.Outcome == Unknown:
		delivery.Outcome = flow.DeliveryUnknown
	case result.Outcome == Permanent && result.BadAddress:
		delivery.Outcome = flow.DeliveryNobody
	case result.Outcome == Permanent:
		delivery.Outcome = flow.DeliveryRefused
	default:
		delivery.Outcome = flow.DeliveryLater
	}
	return delivery
}
