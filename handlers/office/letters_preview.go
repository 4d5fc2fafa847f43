package office

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/templates/office"
)

// letterView is one way of looking at a letter.
type letterView string

// The ways: on a wide screen, on two widths of phones, in a dark mail program,
// and the part for those that show text only.
const (
	viewDesktop letterView = "desktop"
	viewPhone   letterView = "phone"
	viewSmall   letterView = "small"
	viewDark    letterView = "dark"
	viewText    letterView = "text"
)

func letterViews() []letterView {
	return []letterView{viewDesktop, viewPhone, viewSmall, viewDark, viewText}
}

// previewLetter shows a letter as it is stored.
func (d *desk) previewLetter(v visit) error {
	f, err := v.storedLetter()
	if err != nil {
		return err
	}
	return f.preview()
}

// previewLetterForm shows the letter that a form would make, without storing it.
// A field that is wrong shows the usual words until it is right, and says so.
func (d *desk) previewLetterForm(v visit) error {
	f, err := v.sentLetter()
	if err != nil {
		return err
	}
	return f.preview()
}

// preview writes the letter for a frame of the office. It may style itself and
// nothing else: it runs nothing, loads nothing and sends nothing. The office may
// look into it, to exchange what it shows.
func (f letterForm) preview() error {
	view := letterView(f.QueryParam("view"))
	if !slices.Contains(letterViews(), view) {
		view = viewDesktop
	}
	a, err := f.asking()
	if err != nil {
		return err
	}
	trial, err := f.site.Trials.Show(f.ctx(), a, f.page())
	if err != nil {
		return err
	}
	policy := letterPolicy()
	policy[len(policy)-1] = "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
	f.Response().Header().Set("Content-Security-Policy", strings.Join(policy, "; "))
	head := office.LetterHead{Lang: trial.Lang, Subject: trial.Words.Subject, Preheader: trial.Words.Preheader, Text: trial.Text, Wrong: f.unshown()}
	if view == viewText {
		return web.Render(f, http.StatusOK, office.LetterTextPage(head))
	}
	return f.framed(trial, head, view)
}

// unshown says which texts of the form the letter does not show, and why.
func (f letterForm) unshown() []string {
	errors := f.fieldErrors(f.problem)
	var list []string
	for _, name := range slices.Sorted(maps.Keys(errors)) {
		list = append(list, f.l.T("editor.unshown", "field", f.l.T("editor.field."+name), "why", errors[name]))
	}
	return list
}

// framed writes the HTML part as a mail program of a kind shows it, below its
// line in the list of mails.
func (f letterForm) framed(trial mailer.Trial, head office.LetterHead, view letterView) error {
	var line strings.Builder
	if err := office.LetterLine(head).Render(f.ctx(), &line); err != nil {
		return err
	}
	html := dressed(openOutside(trial.HTML), view)
	at := strings.Index(html, "<body")
	at += strings.Index(html[at:], ">") + 1
	return f.HTML(http.StatusOK, html[:at]+line.String()+html[at:])
}

// dressed is a letter in the light or in the dark, whatever the reader's own
// system says, and as wide as a screen.
func dressed(html string, view letterView) string {
	const dark = "@media (prefers-color-scheme:dark)"
	scheme, applies := "light", "@media not all"
	if view == viewDark {
		scheme, applies = "dark", "@media all"
	}
	html = strings.NewReplacer(dark, applies, "color-scheme:light dark", "color-scheme:"+scheme, `content="light dark"`, `content="`+scheme+`"`).Replace(html)
	width := map[letterView]string{viewPhone: "375px", viewSmall: "320px"}[view]
	if width == "" {
		return html
	}
	return strings.Replace(html, "</head>", "<style>html{inline-size:"+width+";max-inline-size:100%;margin-inline:auto;background:#d8dad5}</style></head>", 1)
}
