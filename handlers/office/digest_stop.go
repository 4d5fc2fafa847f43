package office

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/office"
)

// registerDigestStop declares the way out of a digest, which needs no sign-in.
func (d *desk) registerDigestStop(e *echo.Echo) {
	const path = flow.PathDigestStop + "/:token"
	limit := web.LimitBody(web.BodyLimit)
	e.GET(path, d.showDigestStop, limit, secretPage)
	e.POST(path, d.digestStop, limit, secretPage)
}

// secretPage keeps a page whose address is a secret out of caches and of search
// engines.
func secretPage(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		header := c.Response().Header()
		header.Set(echo.HeaderCacheControl, "no-store")
		header.Set("X-Robots-Tag", "noindex, nofollow")
		return next(c)
	}
}

// showDigestStop asks whether to stop, or says that it is done. It changes
// nothing: scanners open every link of a mail.
func (d *desk) showDigestStop(c echo.Context) error {
	r, err := d.digests.OpenWayOut(c.Request().Context(), surveys.Token(c.Param("token")))
	if err != nil {
		return err
	}
	return d.digestStopPage(c, r)
}

// digestStop stops the digest for the one click of a mail program, as RFC 8058
// has it, and for the page's own button, which may also take it back. What else
// is posted changes nothing.
func (d *desk) digestStop(c echo.Context) error {
	ctx := c.Request().Context()
	r, err := d.digests.OpenWayOut(ctx, surveys.Token(c.Param("token")))
	if err != nil {
		return err
	}
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	oneClick := form.Get("List-Unsubscribe") == "One-Click"
	switch action := form.Get("action"); {
	case action == "stop" || oneClick:
		if r.Digest.On() {
			err = d.digests.Switch(ctx, r, false)
		}
	case action == "start":
		err = d.digests.Switch(ctx, r, true)
	default:
		return d.digestStopPage(c, r)
	}
	if err != nil {
		return err
	}
	if oneClick { // mail providers follow no redirect
		return c.NoContent(http.StatusOK)
	}
	return web.SeeOther(c, c.Request().URL.Path)
}

func (d *desk) digestStopPage(c echo.Context, r flow.DigestReader) error {
	l := d.site.Catalogue.Match(c.Request().Header.Get("Accept-Language"), r.User.Locale)
	page := d.site.Page(c, l.T("digest.title"), "")
	page.L = l
	view := office.DigestStop{
		Page: page, Title: l.T("digest.stop.title", "company", r.Office.Name), Text: l.T("digest.stop.text"), Action: c.Request().URL.Path,
		Button: components.Action{Text: l.T("digest.stop.button"), Name: "action", Value: "stop"},
	}
	if !r.Digest.On() {
		view.Title, view.Text = l.T("digest.stopped.title"), l.T("digest.stopped.text", "company", r.Office.Name)
		view.Button = components.Action{Text: l.T("digest.stopped.button"), Kind: components.Secondary, Name: "action", Value: "start"}
	}
	return web.Render(c, http.StatusOK, office.DigestStopPage(view))
}
