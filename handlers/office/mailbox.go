package office

import (
	"net/http"
	"net/mail"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// Mailbox is where the demo's letters are.
type Mailbox interface {
	// List returns the heads of up to limit letters, the newest first.
	List(limit int) ([]mailer.MailHead, error)
	// Get returns a letter, or NotFound.
	Get(id string) (mailer.Mail, error)
}

// mailboxPage is how many letters the list shows.
const mailboxPage = 100

// mailroom is the demo's post.
type mailroom struct {
	*desk
	box Mailbox
}

// RegisterDemo declares the routes that only the demo has: its mailbox and the
// gallery of components.
func RegisterDemo(e *echo.Echo, site *web.Site, box Mailbox) {
	d := &desk{site: site, reports: flow.NewReports(site.Store)}
	m := &mailroom{desk: d, box: box}
	d.declare(e, []route{
		{http.MethodGet, layouts.PathMailbox, surveys.Viewer, m.list},
		{http.MethodGet, layouts.PathMailbox + "/:id", surveys.Viewer, m.letter},
		{http.MethodGet, layouts.PathMailbox + "/:id/html", surveys.Viewer, m.html},
		{http.MethodGet, layouts.PathGallery, surveys.Viewer, d.gallery},
	})
}

// list shows the letters, the newest first.
func (m *mailroom) list(v visit) error {
	heads, err := m.box.List(mailboxPage)
	if err != nil {
		return err
	}
	view := office.Mailbox{Page: v.page(v.l.T("office.mailbox.title"), "")}
	for _, head := range heads {
		view.List = append(view.List, office.LetterRow{
			Address: layouts.PathMailbox + "/" + head.ID, To: correspondent(head.To), Subject: head.Subject, When: v.l.DateTime(head.Date.In(v.w.Zone)),
			Unread: head.Unread,
		})
	}
	if len(heads) == 0 {
		view.Empty = &components.Empty{Title: v.l.T("office.mailbox.empty.title"), Text: v.l.T("office.mailbox.empty.text"),
			Action: &components.Action{Text: v.l.T("office.asking.title"), Address: layouts.PathAsking}}
	}
	return web.Render(v, http.StatusOK, office.MailboxPage(view))
}

// letter shows one letter: as a mail program does, as text, or its headers.
func (m *mailroom) letter(v visit) error {
	letter, err := m.box.Get(v.Param("id"))
	if err != nil {
		return err
	}
	address := layouts.PathMailbox + "/" + letter.ID
	part := v.QueryParam("part")
	if part != "text" && part != "headers" {
		part = "html"
	}
	view := office.Letter{
		Subject: letter.Subject,
		Crumbs:  []components.Crumb{{Text: v.l.T("office.mailbox.title"), Address: layouts.PathMailbox}, {Text: letter.Subject}},
		Facts: []office.Fact{
			{Name: v.l.T("office.mailbox.from"), Value: correspondent(letter.From)}, {Name: v.l.T("office.mailbox.to"), Value: correspondent(letter.To)},
			{Name: v.l.T("office.mailbox.date"), Value: v.l.DateTime(letter.Date.In(v.w.Zone))},
		},
	}
	for _, name := range []string{"html", "text", "headers"} {
		view.Tabs = append(view.Tabs, components.SegmentLink{
			Text: v.l.T("office.mailbox.part." + name), Address: withQuery(address, map[string]string{"part": name}), Current: name == part,
		})
	}
	switch part {
	case "html":
		view.HTML = address + "/html"
	case "text":
		view.Text = letter.Text
	case "headers":
		for _, h := range letter.Headers {
			view.Headers = append(view.Headers, office.Fact{Name: h.Name, Value: h.Value})
		}
	}
	view.Page = v.page(letter.Subject, "")
	return web.Render(v, http.StatusOK, office.LetterPage(view))
}

// correspondent is an address as mail programs show it: without brackets, and
// with the name before it.
func correspondent(field string) string {
	parsed, err := mail.ParseAddress(field)
	switch {
	case err != nil:
		return field
	case parsed.Name == "":
		return parsed.Address
	}
	return parsed.Name + " · " + parsed.Address
}

// html is the letter itself, for the frame of the page: it may style itself and
// show pictures, and nothing else. Its links open beside the page.
func (m *mailroom) html(v visit) error {
	letter, err := m.box.Get(v.Param("id"))
	if err != nil {
		return err
	}
	v.Response().Header().Set("Content-Security-Policy", strings.Join([]string{
		"default-src 'none'", "style-src 'unsafe-inline'", "img-src 'self' data:", "base-uri 'none'", "form-action 'none'", "frame-ancestors 'self'",
		"sandbox allow-popups allow-popups-to-escape-sandbox",
	}, "; "))
	return v.HTML(http.StatusOK, openOutside(letter.HTML))
}

// openOutside has the links of a letter open in a window of their own, as mail
// programs do.
func openOutside(html string) string {
	const base = `<base target="_blank">`
	at := strings.Index(strings.ToLower(html), "<head>")
	if at < 0 {
		return base + html
	}
	at += len("<head>")
	return html[:at] + base + html[at:]
}

// gallery shows every component once.
func (d *desk) gallery(v visit) error {
	gallery := components.GalleryView{L: v.l, Today: v.site.Now()}
	return web.Render(v, http.StatusOK, office.GalleryPage(office.Gallery{Page: v.page(v.l.T("gallery.title"), ""), View: gallery}))
}
