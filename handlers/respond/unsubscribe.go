package respond

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	view "github.com/harkhq/hark/templates/respond"
)

// leaving finds whom the way out of a mail is for.
func (p *pages) leaving(c echo.Context) (visit, flow.Invited, error) {
	in, err := p.Answers.OpenUnsubscribe(c.Request().Context(), surveys.Token(c.Param("token")))
	if err != nil {
		return visit{}, in, err
	}
	return p.enter(c, in.Office, in.Person.Locale), in, nil
}

// showUnsubscribe asks whether to stop, or says that it is done. It changes
// nothing.
func (p *pages) showUnsubscribe(c echo.Context) error {
	v, in, err := p.leaving(c)
	if err != nil {
		return err
	}
	suppressed, err := p.Store.Suppression(c.Request().Context(), in.Office.Workspace, in.Invitation.Email)
	if err != nil {
		return err
	}
	state := view.Confirm
	switch {
	case suppressed == surveys.SuppressedUnsubscribed:
		state = view.Stopped
	case c.QueryParams().Has("restarted"):
		state = view.Restarted
	}
	return p.renderUnsubscribe(c, v, in, state)
}

// unsubscribe stops the mails at once, as RFC 8058 has it: for whoever posts,
// without a question and, for a mail provider's one click, without a redirect.
// The page's own button may also take it back.
func (p *pages) unsubscribe(c echo.Context) error {
	v, in, err := p.leaving(c)
	if err != nil {
		return err
	}
	values, err := web.Form(c)
	if err != nil {
		return err
	}
	path := "/u/" + c.Param("token")
	if values.Get("action") == "resubscribe" {
		if err := p.Answers.Resubscribe(c.Request().Context(), in); err != nil {
			return err
		}
		return web.SeeOther(c, inLanguage(c, path+"?restarted"))
	}
	if err := p.Answers.Unsubscribe(c.Request().Context(), in); err != nil {
		return err
	}
	if values.Get("action") == "unsubscribe" {
		return web.SeeOther(c, inLanguage(c, path))
	}
	return p.renderUnsubscribe(c, v, in, view.Stopped)
}

func (p *pages) renderUnsubscribe(c echo.Context, v visit, in flow.Invited, state view.UnsubscribeState) error {
	action := "unsubscribe"
	if state == view.Stopped {
		action = "resubscribe"
	}
	return web.Render(c, http.StatusOK, view.UnsubscribePage(view.Unsubscribe{
		Frame: v.frame(c, p.style), State: state, Address: masked(in.Invitation.Email),
		Action: inLanguage(c, "/u/"+c.Param("token")), Hidden: []view.HiddenField{{Name: "action", Value: action}},
	}))
}

// masked shows enough of an address for its owner to know it, and not enough
// for somebody to whom the mail was forwarded.
func masked(email string) string {
	at := strings.LastIndexByte(email, '@')
	if at < 1 {
		return ""
	}
	_, width := utf8.DecodeRuneInString(email)
	return email[:width] + "•••" + email[at:]
}
