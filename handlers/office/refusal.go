package office

import (
	"strconv"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// Fail shows an error as a page of the back office: what happened, and the way
// on. Errors of Hark's own show the request's id, for whoever runs it.
func Fail(c echo.Context, site *web.Site, err error) error {
	l := site.Localizer(c)
	status := web.Status(err)
	web.RetryAfter(c, err)
	c.Response().Header().Set("Cache-Control", "no-store")
	view := office.Refusal{
		Title: refusalTitle(l.T, status), Text: web.Message(l, err),
		Action: &components.Action{Text: l.T("office.refusal.home"), Address: layouts.PathScores},
	}
	if status >= 500 {
		view.Reference = c.Response().Header().Get(echo.HeaderXRequestID)
	}
	view.Page = site.Page(c, view.Title, "")
	return web.Render(c, status, office.RefusalPage(view))
}

// refusalTitle is the heading for a status; those without one of their own
// share the one of failures.
func refusalTitle(say func(key string, args ...any) string, status int) string {
	switch status {
	case 403, 404, 405, 409, 410, 413, 422, 429, 503:
		return say("office.refusal.title." + strconv.Itoa(status))
	}
	return say("office.refusal.title.500")
}
