// Package hooks takes in what mail providers report about letters: Amazon SES,
// Mailgun, Postmark and SendGrid. In the data's way it stands beside the
// listener for mail that comes back: what a provider signed becomes the same
// report that a mail server would have sent.
//
// Each provider signs in its own way, and each workspace says whose reports it
// takes. What is not signed, is signed for somebody else, or is too old is
// refused; what came before changes nothing.
package hooks

import (
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/mailer/bounce"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// Path is where the reports of all providers come to, followed by the
// provider's name and the workspace's key.
const Path = "/hooks/mail"

// BodyLimit is how much one call may bring: SendGrid gathers events.
const BodyLimit = 1 << 20

// maxAge is how long a provider's signature is good for, in both directions.
const maxAge = 5 * time.Minute

// report is one event of a provider about one letter.
type report struct {
	email   string // whom the letter was for
	letter  string // what names the letter: our Message-ID, or our envelope's sender
	bounce  surveys.Bounce
	stopped bool // the person unsubscribed at the provider
}

// call is one call of a provider, with whose it should be.
type call struct {
	context.Context
	workspace surveys.Workspace
	hook      surveys.MailHook
	header    http.Header
	body      []byte
	now       time.Time
}

// provider verifies and reads a call.
type provider interface {
	read(c call) ([]report, error)
}

// errSignature says that a call is not the provider's, or too old.
var errSignature = errors.New("not signed by the provider")

// errRead says that a signed call cannot be understood.
var errRead = errors.New("cannot be read")

// Fetch gets what an address of a provider holds: SNS publishes its
// certificates, and wants to be asked once whether a subscription is meant.
type Fetch func(ctx context.Context, address string) ([]byte, error)

// desk takes the calls.
type desk struct {
	site      *web.Site
	bounces   *flow.Bounces
	providers map[surveys.BounceSource]provider
}

// Register declares the routes of the providers. Fetch nil is the network.
func Register(e *echo.Echo, site *web.Site, vault *surveys.Vault, fetch Fetch) {
	if fetch == nil {
		fetch = fetchFromNetwork
	}
	d := &desk{site: site, bounces: flow.NewBounces(site.Store, site.Directory), providers: map[surveys.BounceSource]provider{
		surveys.BounceBySES: &ses{fetch: fetch}, surveys.BounceByMailgun: &mailgun{vault: vault},
		surveys.BounceByPostmark: postmark{}, surveys.BounceBySendGrid: sendgrid{},
	}}
	e.POST(Path+"/:provider/:workspace", d.take)
}

// take takes one call in. Providers try again after anything but a success, so
// that a report is never lost to a database that is away.
func (d *desk) take(c echo.Context) error {
	source := surveys.BounceSource(c.Param("provider"))
	reader, known := d.providers[source]
	if !known {
		return c.NoContent(http.StatusNotFound)
	}
	office, err := d.site.Directory.Workspace(c.Request().Context(), c.Param("workspace"))
	if surveys.KindOf(err) == surveys.NotFound {
		return c.NoContent(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	made := call{Context: c.Request().Context(), workspace: office.Workspace, header: c.Request().Header, now: d.site.Now()}
	made.hook, err = d.site.Store.MailHook(made, office.ID, source)
	if surveys.KindOf(err) == surveys.NotFound {
		return c.NoContent(http.StatusNotFound)
	}
	if err != nil {
		return err
	}
	if made.body, err = io.ReadAll(io.LimitReader(c.Request().Body, BodyLimit+1)); err != nil || len(made.body) > BodyLimit {
		return c.NoContent(http.StatusRequestEntityTooLarge)
	}
	reports, err := reader.read(made)
	switch {
	case errors.Is(err, errSignature):
		return c.NoContent(http.StatusUnauthorized)
	case errors.Is(err, errRead):
		return c.NoContent(http.StatusBadRequest)
	case err != nil:
		return err
	}
	return d.takeAll(c, made, source, reports)
}

func (d *desk) takeAll(c echo.Context, made call, source surveys.BounceSource, reports []report) error {
	for _, r := range reports {
		r.bounce.Source = source
		if err := d.takeOne(made, r); err != nil {
			return err
		}
	}
	if err := d.bounces.Heard(made, made.workspace.ID, source); err != nil {
		return err
	}
	if spent, ok := d.providers[source].(interface{ spend(call) }); ok {
		spent.spend(made)
	}
	return c.NoContent(http.StatusOK)
}

func (d *desk) takeOne(made call, r report) error {
	r.bounce.InvitationID, r.bounce.Diagnostic = letterOf(made.workspace, r.letter), bounce.Line(r.bounce.Diagnostic)
	if r.stopped {
		return d.bounces.Stopped(made, made.workspace, r.email, r.bounce)
	}
	_, err := d.bounces.TakeAbout(made, made.workspace, r.email, r.bounce)
	return err
}

var messageID = regexp.MustCompile(`inv-([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@`)

// letterOf is the id of the letter that one of our addresses or Message-IDs
// names; "" for none of this workspace's.
func letterOf(w surveys.Workspace, text string) string {
	for _, r := range surveys.FindReturns(text) {
		if r.By(w) {
			return r.InvitationID
		}
	}
	if found := messageID.FindStringSubmatch(text); found != nil {
		return found[1]
	}
	return ""
}

// fresh reports whether a time is close enough to now.
func fresh(at, now time.Time) bool { return at.After(now.Add(-maxAge)) && at.Before(now.Add(maxAge)) }

// once remembers what was used, until it is too old to be used again.
type once struct {
	mu   sync.Mutex
	seen map[string]time.Time
}

// used reports whether a word was spent, and forgets those that are too old.
func (o *once) used(word string, now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	for spent, at := range o.seen {
		if now.Sub(at) > 2*maxAge {
			delete(o.seen, spent)
		}
	}
	_, found := o.seen[word]
	return found
}

func (o *once) spend(word string, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.seen == nil {
		o.seen = make(map[string]time.Time)
	}
	o.seen[word] = now
}

// fetchTime and fetchLimit bound what is fetched from a provider.
const (
	fetchTime  = 10 * time.Second
	fetchLimit = 64 << 10
)

// fetchFromNetwork gets an address whose host the caller has checked. It
// follows no redirect, which could lead elsewhere.
func fetchFromNetwork(ctx context.Context, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, fetchTime)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, err
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, errors.New("the provider answers " + response.Status)
	}
	return io.ReadAll(io.LimitReader(response.Body, fetchLimit))
}
