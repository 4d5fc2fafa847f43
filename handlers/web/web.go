// Package web is what every handler package shares: rendering to a buffer, the
// reader's language, the member who is signed in, forms and JSON on their way
// in, and problems on their way out. In the data's way it is the rim around
// each page and each call of the API.
package web

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
)

// Site is what the handlers stand on. It is built once, at the start.
type Site struct {
	Store      *store.Store
	Directory  *flow.Directory
	Answers    *flow.Answers
	Touches    *store.TouchQueue // nil: who opens the pages of letters is not noted
	Visitors   *flow.Visitors    // knows who looks at surveys within other sites' pages
	Cancelling *flow.Cancelling  // asks why people cancel
	Receiver   *flow.Receiver
	Asking     *flow.Asking
	Team       *flow.Team
	Assets     *static.Assets
	Catalogue  *i18n.Catalogue
	Log        *slog.Logger
	URL        *url.URL             // where the server is seen from outside
	Demo       func() *layouts.Demo // nil outside of the demo
	Mail       Mail                 // what becomes of invitations
	Now        func() time.Time
	Digests    *mailer.Digests // shows what a digest would say; nil where nothing can
	Trials     *mailer.Trials  // shows the letters of rules, and mails tests of them
	Sending    *flow.Sending   // changes how workspaces send
	Senders    *mailer.Senders // finds how their mails leave, and tries it
}

// Mail says what becomes of the invitations that are due.
type Mail string

// What becomes of them.
const (
	MailSent  Mail = ""      // a transport takes them
	MailWaits Mail = "waits" // none is set up: they wait until there is one, or expire
)

// Secure reports whether the site is seen over TLS, so that its cookies may
// say so.
func (s *Site) Secure() bool { return s.URL.Scheme == "https" }

// Link is the address of a path as seen from outside.
func (s *Site) Link(path string) string { return s.URL.JoinPath(path).String() }

// Keys of what the middleware keeps with a request.
const (
	keyNonce     = "hark.nonce"
	keyLocalizer = "hark.localizer"
	keyMember    = "hark.member"
	keyFlash     = "hark.flash"
)

// Nonce is the nonce of this response's Content-Security-Policy.
func Nonce(c echo.Context) string {
	if nonce, ok := c.Get(keyNonce).(string); ok {
		return nonce
	}
	raw := make([]byte, 16)
	_, _ = rand.Read(raw) // never fails, see crypto/rand
	nonce := base64.RawURLEncoding.EncodeToString(raw)
	c.Set(keyNonce, nonce)
	return nonce
}

// Render writes a page. It is rendered to a buffer first, so that a failure
// becomes an error page and never half a page.
func Render(c echo.Context, status int, page templ.Component) error {
	var buffer bytes.Buffer
	if err := page.Render(c.Request().Context(), &buffer); err != nil {
		return fmt.Errorf("render the page: %w", err)
	}
	return c.HTMLBlob(status, buffer.Bytes())
}

// SeeOther answers a form that was taken in by sending the browser to a page.
func SeeOther(c echo.Context, path string) error { return c.Redirect(http.StatusSeeOther, path) }

// Localizer speaks the reader's language: the one chosen on this browser, else
// that of the signed-in member's account, else the browser's own.
func (s *Site) Localizer(c echo.Context) *i18n.Localizer {
	if l, ok := c.Get(keyLocalizer).(*i18n.Localizer); ok {
		return l
	}
	var preferred []string
	if cookie, err := c.Cookie(languageCookie); err == nil {
		preferred = append(preferred, cookie.Value)
	}
	if member, ok := MemberOf(c); ok {
		preferred = append(preferred, member.User.Locale)
	}
	l := s.Catalogue.Match(c.Request().Header.Get("Accept-Language"), preferred...)
	c.Set(keyLocalizer, l)
	return l
}

// Page is the frame of a page of the back office.
func (s *Site) Page(c echo.Context, title string, section layouts.Section) layouts.Page {
	page := layouts.Page{
		Title: title, Section: section, Address: c.Request().URL.RequestURI(), Nonce: Nonce(c), Assets: s.Assets, L: s.Localizer(c),
	}
	if member, ok := MemberOf(c); ok {
		page.User = &layouts.User{Name: member.User.Name, Email: member.User.Email, Workspace: member.Office.Name}
		page.Mark = s.mark(c, member)
	}
	if s.Demo != nil {
		page.Demo = s.Demo()
	}
	page.Flash = s.takeFlash(c)
	return page
}

// mark says on the bar that mails rest, to those who may do something about it.
func (s *Site) mark(c echo.Context, member Member) *layouts.Mark {
	if s.Sending == nil || !member.User.Role.Allows(surveys.Manager) {
		return nil
	}
	troubles, err := s.Sending.Troubles(c.Request().Context(), member.Office.ID)
	if err != nil {
		s.Log.ErrorContext(c.Request().Context(), "read which mails rest", "error", err)
	}
	if len(troubles) == 0 {
		return s.keysMark(c, member)
	}
	l := s.Localizer(c)
	return &layouts.Mark{Section: layouts.Settings, Text: l.T("streams.mark"), Alert: l.T("streams.place")}
}
