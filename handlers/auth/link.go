package auth

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/office"
)

// showLink asks whoever opens a one-time link to press a button. Opening it
// spends nothing, because scanners open the links of a mail before its reader.
func (d *door) showLink(c echo.Context) error {
	w, u, err := d.site.Team.OpenSignIn(c.Request().Context(), surveys.Token(c.Param("token")))
	if surveys.KindOf(err) == surveys.NotFound {
		return d.linkPage(c, http.StatusNotFound, office.SignInLink{})
	}
	if err != nil {
		return err
	}
	return d.linkPage(c, http.StatusOK, office.SignInLink{Workspace: w.Name, Email: u.Email})
}

// enterByLink spends the link and signs in.
func (d *door) enterByLink(c echo.Context) error {
	ctx, token := c.Request().Context(), surveys.Token(c.Param("token"))
	w, u, err := d.site.Team.OpenSignIn(ctx, token)
	if err == nil {
		err = d.site.SignInBy(c, w, u, func(tx *store.Tx) error { return d.site.Team.SpendSignIn(ctx, tx, w.ID, token) })
	}
	if surveys.KindOf(err) == surveys.NotFound {
		return d.linkPage(c, http.StatusNotFound, office.SignInLink{})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, afterSignIn)
}

func (d *door) linkPage(c echo.Context, status int, view office.SignInLink) error {
	noStore(c)
	view.Page = d.site.Page(c, d.site.Localizer(c).T("auth.sign_in.title"), "")
	return web.Render(c, status, office.SignInLinkPage(view))
}
