package layouts

import (
	"context"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"

	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/templates/i18n"
)

// pages gives a full page for each language.
func pages(t *testing.T) []Page {
	t.Helper()
	assets, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	catalogue, err := i18n.New()
	if err != nil {
		t.Fatal(err)
	}
	var all []Page
	for _, l := range catalogue.All() {
		all = append(all, Page{
			Title: "People", Section: People, Address: "/people?q=a&p=2", Nonce: "bm9uY2U", Assets: assets, L: l,
			User:  &User{Name: "Nora Chen", Email: "nora@northwind.example", Workspace: "Northwind"},
			Flash: &Flash{Kind: Warning, Text: "Careful <b>"}, Demo: &Demo{Unread: 3},
		})
	}
	return all
}

func read(t *testing.T, layout templ.Component) *goquery.Document {
	t.Helper()
	var out strings.Builder
	content := templ.Raw("<p id=inner>inner</p>")
	if err := layout.Render(templ.WithChildren(context.Background(), content), &out); err != nil {
		t.Fatal(err)
	}
	document, err := goquery.NewDocumentFromReader(strings.NewReader(out.String()))
	if err != nil {
		t.Fatal(err)
	}
	return document
}

func text(s *goquery.Selection) string { return strings.Join(strings.Fields(s.Text()), " ") }

func TestOffice(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		t.Run(p.L.Lang(), func(t *testing.T) {
			t.Parallel()
			page := read(t, Office(p))
			checks := map[string][2]string{
				"title":         {text(page.Find("title")), "People · Hark"},
				"language":      {page.Find("html").AttrOr("lang", ""), p.L.Lang()},
				"marked":        {page.Find("nav a[aria-current=page]").AttrOr("href", ""), PathPeople},
				"content":       {text(page.Find("main #inner")), "inner"},
				"skip link":     {page.Find("body > a").First().AttrOr("href", ""), "#content"},
				"flash":         {text(page.Find("main .note.warning")), "Careful <b>"},
				"initials":      {text(page.Find("details.menu summary [aria-hidden]")), "NC"},
				"back":          {page.Find("form[action='/language'] input[name=back]").AttrOr("value", ""), p.Address},
				"this language": {page.Find("button[aria-current]").AttrOr("value", ""), p.L.Lang()},
				"sign out":      {text(page.Find("form[method=post][action='/sign-out'] button")), p.L.T("layouts.sign_out")},
				"mailbox":       {text(page.Find("a[href='/mailbox']")), p.L.N("layouts.mailbox", 3)},
				"nonce":         {page.Find("script").AttrOr("nonce", ""), "bm9uY2U"},
			}
			for what, pair := range checks {
				if pair[0] != pair[1] {
					t.Errorf("%s: %q, want %q", what, pair[0], pair[1])
				}
			}
			if got := page.Find("header nav a").Length(); got != 7 {
				t.Errorf("%d places in the bar, want 7", got)
			}
			if page.Find("[style], style, script:not([src])").Length() > 0 {
				t.Error("the page has a style or a script within, which the security policy refuses")
			}
			if strings.Contains(page.Find("body").Text(), "layouts.") {
				t.Error("a key is shown instead of its text")
			}
		})
	}
}

func TestOfficeWithoutExtras(t *testing.T) {
	t.Parallel()
	p := pages(t)[0]
	p.User, p.Flash, p.Demo, p.Section, p.Title = nil, nil, nil, "", ""
	page := read(t, Office(p))
	if page.Find(".menu, .note, .demo, [aria-current=page]").Length() > 0 {
		t.Error("something is shown that is not there")
	}
	if got := text(page.Find("title")); got != "Hark" {
		t.Errorf("the title is %q", got)
	}
}

func TestPlainHasNoBarAndKeepsTheLanguages(t *testing.T) {
	t.Parallel()
	for _, p := range pages(t) {
		page := read(t, Plain(p))
		if page.Find("nav, .menu").Length() > 0 {
			t.Error("there is a bar")
		}
		if got := page.Find("form[action='/language'] button[name=lang]").Length(); got != len(i18n.Languages()) {
			t.Errorf("%d languages are offered", got)
		}
		if text(page.Find("main #inner")) != "inner" {
			t.Error("the content is not there")
		}
	}
}

func TestAssetsOfThePageExist(t *testing.T) {
	t.Parallel()
	p := pages(t)[0]
	page := read(t, Office(p))
	found := 0
	page.Find("link[href], script[src]").Each(func(_ int, s *goquery.Selection) {
		address := s.AttrOr("href", s.AttrOr("src", ""))
		if strings.Count(address, ".") < 2 || !strings.HasPrefix(address, static.Prefix) {
			t.Errorf("%s has no hash", address)
		}
		found++
	})
	if found < 4 {
		t.Errorf("%d files are loaded", found)
	}
}

func TestReturnAddressStaysOnThisServer(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]string{"/people?q=1": "/people?q=1", "": "/", "//evil.example": "/", "https://evil.example": "/", `/\evil.example`: "/"} {
		if got := (Page{Address: address}).back(); got != want {
			t.Errorf("back from %q is %q, want %q", address, got, want)
		}
	}
}

func TestInitials(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		user User
		want string
	}{
		{User{Name: "Nora Chen"}, "NC"},
		{User{Name: "nora"}, "N"},
		{User{Name: "Ana María de la Cruz"}, "AC"},
		{User{Name: "陈 诺拉"}, "陈"},
		{User{Email: "nora@x.example"}, "N"},
		{User{}, "?"},
	} {
		if got := c.user.initials(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.user, got, c.want)
		}
	}
}
