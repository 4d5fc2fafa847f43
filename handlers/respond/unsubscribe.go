package respond

import (
	"net/http"
	"net/url"
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
	return p.enter(c, in.Office, in.Survey, in.Person.Locale), in, nil
}

// showUnsubscribe asks whether to stop, or says that it is done. It changes
// nothing.
func (p *pages) showUnsubscribe(c echo.Context) error {
	v, in, err := p.leaving(c)
	if err != nil {
		return err
	}
	p.touch(c, in, surveys.TouchStop, nil)
	stopped, err := p.Answers.Stopped(c.Request().Context(), in)
	if err != nil {
		return err
	}
	state := view.Confirm
	switch {
	case stopped == flow.StoppedAll:
		state = view.Stopped
	case stopped == flow.StoppedSurvey:
		state = view.SurveyStopped
	case c.QueryParams().Has("restarted"):
		state = view.Restarted
	}
	return p.renderUnsubscribe(c, v, in, http.StatusOK, state)
}

// unsubscribe stops the mails at once, as RFC 8058 has it for a mail provider's
// one click: without a question and without a redirect, if the body is exactly
// that. Another one may be of a scanner that tries addresses, and changes nothing.
// The page's own buttons may also stop one survey only, or take it back. Whose client
// went through the letter as only machines do is asked once more.
func (p *pages) unsubscribe(c echo.Context) error {
	v, in, err := p.leaving(c)
	if err != nil {
		return err
	}
	values, err := web.Form(c)
	if err != nil {
		return err
	}
	path, ctx := "/u/"+c.Param("token"), c.Request().Context()
	if p.doubts(c, in, values) {
		return p.renderUnsubscribe(c, v, in, http.StatusOK, view.Sure)
	}
	switch action := values.Get("action"); {
	case action == "resubscribe":
		path, err = path+"?restarted", p.Answers.Resubscribe(ctx, in)
	case action == "survey":
		err = p.Answers.StopSurvey(ctx, in)
	case action == "unsubscribe":
		err = p.Answers.Unsubscribe(ctx, in)
	case values.Get("List-Unsubscribe") == "One-Click":
		if err := p.Answers.Unsubscribe(ctx, in); err != nil {
			return err
		}
		return p.renderUnsubscribe(c, v, in, http.StatusOK, view.Stopped)
	default:
		return p.renderUnsubscribe(c, v, in, http.StatusBadRequest, view.Confirm)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, inLanguage(c, path))
}

// doubts notes that a button of the page was pressed, and reports whether it was by a
// client that went through the letter as only machines do, and for the first time.
func (p *pages) doubts(c echo.Context, in flow.Invited, values url.Values) bool {
	action := values.Get("action")
	if action == "" || action == "resubscribe" {
		return false
	}
	p.touch(c, in, surveys.TouchStop, nil)
	return !values.Has("sure") && p.Answers.LooksLikeMachine(c.Request().Context(), in, p.client(c, in))
}

func (p *pages) renderUnsubscribe(c echo.Context, v visit, in flow.Invited, status int, state view.UnsubscribeState) error {
	return web.Render(c, status, view.UnsubscribePage(view.Unsubscribe{
		Frame: v.frame(c, p.style), State: state, Address: masked(in.Invitation.Email), Action: inLanguage(c, "/u/"+c.Param("token")),
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
