package office

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// inDemo is a team with the demo's routes, and its mailbox.
func inDemo(t *testing.T) (*team, *mailer.Mailbox) {
	t.Helper()
	x := onSQLite(t)
	box, err := mailer.OpenMailbox(t.TempDir(), x.store.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { box.Close() })
	register := func(e *echo.Echo, site *web.Site) {
		Register(e, site)
		RegisterDemo(e, site, box)
	}
	x.handler = webtest.Handler(x.site, register, func(c echo.Context, err error) error { return Fail(c, x.site, err) })
	return x, box
}

const letter = "From: Northwind <feedback@northwind.example>\r\nTo: ana@example.com\r\nSubject: =?utf-8?q?One_question_=E2=98=95?=\r\nDate: Mon, 2 Mar 2026 08:00:00 +0000\r\n" +
	"MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHow likely?\r\n" +
	"--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<html><head></head><body><h1>How likely?</h1><script>alert(1)</script></body></html>\r\n--b--\r\n"

func TestMailboxTeaches(t *testing.T) {
	t.Parallel()
	x, _ := inDemo(t)
	x.as(surveys.Viewer).get("/mailbox").want(http.StatusOK).says(".empty h2", "No mail yet")
}

func TestMailboxShowsLettersAsAMailProgramDoes(t *testing.T) {
	t.Parallel()
	x, box := inDemo(t)
	if result := box.Deliver(context.Background(), store.Letter{Message: []byte(letter)}); result.Outcome != mailer.Sent {
		t.Fatalf("%+v", result)
	}
	m := x.as(surveys.Viewer)
	p := m.get("/mailbox").want(http.StatusOK)
	p.says(".letters li.unread", "One question ☕")
	p.says(".letters .to", "ana@example.com")
	address := p.Find(".letters a").AttrOr("href", "")

	p = m.get(address).want(http.StatusOK)
	p.says("h1", "One question ☕")
	p.says(".facts", "2 March 2026, 09:00") // Berlin
	p.says(".facts", "Northwind · feedback@northwind.example")
	m.get("/mailbox").has(".letters li.read", 1)
	frame := p.Find("iframe[sandbox]").AttrOr("src", "")
	if frame != address+"/html" {
		t.Fatalf("the frame shows %q", frame)
	}
	p = m.get(frame).want(http.StatusOK)
	p.says("h1", "How likely?")
	p.has(`base[target="_blank"]`, 1)
	policy := p.header.Get("Content-Security-Policy")
	for _, part := range []string{"default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'self'", "sandbox"} {
		if !strings.Contains(policy, part) {
			t.Errorf("the policy %q lacks %s", policy, part)
		}
	}
	if strings.Contains(policy, "script-src") {
		t.Errorf("the policy %q lets scripts of a letter run", policy)
	}
	m.get(address+"?part=text").says("pre.mail", "How likely?")
	m.get(address+"?part=headers").says(".headers", "multipart/alternative")
}

func TestMailboxRefuses(t *testing.T) {
	t.Parallel()
	x, _ := inDemo(t)
	m := x.as(surveys.Viewer)
	for _, path := range []string{"/mailbox/nope", "/mailbox/nope/html", "/mailbox/..%2f..%2fetc%2fpasswd", "/mailbox/20260302T080000.000000000-0000"} {
		m.get(path).want(http.StatusNotFound)
	}
}

func TestMailboxIsInTheDemoOnly(t *testing.T) {
	t.Parallel()
	m := onSQLite(t).as(surveys.Owner)
	m.get("/mailbox").want(http.StatusNotFound)
	m.get("/gallery").want(http.StatusNotFound)
}

func TestGalleryShowsTheComponents(t *testing.T) {
	t.Parallel()
	x, _ := inDemo(t)
	x.as(surveys.Viewer).get("/gallery").want(http.StatusOK).has("#gallery-trend", 1)
}

func TestLinksOfLettersOpenOutside(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<html><HEAD><title>x</title></HEAD></html>": `<html><HEAD><base target="_blank"><title>x</title></HEAD></html>`,
		"<p>x": `<base target="_blank"><p>x`,
	} {
		if got := openOutside(in); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestCorrespondents(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<ana@example.com>": "ana@example.com", `"Northwind, Coffee" <a@b.example>`: "Northwind, Coffee · a@b.example", "nobody": "nobody", "": "",
	} {
		if got := correspondent(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}
