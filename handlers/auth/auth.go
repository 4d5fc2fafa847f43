// Package auth lets the team in and out: sign-in with a password or a one-time
// link, sign-out, the account and the language. In the data's way it stands at
// the door of the back office: everything in package office is behind it.
package auth

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
)

// Register declares the routes of the door.
func Register(e *echo.Echo, site *web.Site) {
	passwords := NewPasswords()
	in := &door{site: site, passwords: passwords, tries: newTries()}
	mine := &account{site: site, passwords: passwords}
	limit, member := web.LimitBody(web.BodyLimit), site.Require(surveys.Viewer)

	e.GET("/sign-in", in.show, limit, site.Session)
	e.POST("/sign-in", in.enter, limit, site.Session)
	e.GET("/sign-in/:token", in.showLink, limit, site.Session)
	e.POST("/sign-in/:token", in.enterByLink, limit, site.Session)
	e.POST("/sign-out", in.leave, limit, site.Session)
	e.POST("/language", in.chooseLanguage, limit, site.Session)
	e.GET("/account", mine.show, limit, site.Session, member)
	e.POST("/account", mine.change, limit, site.Session, member)
	e.POST("/account/password", mine.changePassword, limit, site.Session, member)
}

// afterSignIn is where the door leads when nobody asked for another page.
const afterSignIn = "/scores"

// seeNext leads to the page that was asked for before the door.
func seeNext(c echo.Context, next string) error {
	return web.SeeOther(c, web.LocalPath(next, afterSignIn))
}

// workspace returns the one that a form names, or, when it names none, the only
// one in which the address has an account. NotFound when there is no such
// workspace, or several. A server with one workspace asks for none.
func (d *door) workspace(ctx context.Context, name, email string) (surveys.Workspace, error) {
	list, err := d.site.Store.Workspaces(ctx)
	if err != nil {
		return surveys.Workspace{}, err
	}
	if len(list) == 1 {
		return list[0], nil
	}
	if name == "" {
		return d.workspaceOf(ctx, list, email)
	}
	for _, w := range list {
		if sameName(w.Name, name) || w.Key == name {
			return w, nil
		}
	}
	return surveys.Workspace{}, surveys.Fail(surveys.NotFound, "not_found")
}

// workspaceOf looks the address up in every workspace, whatever it finds, so
// that the time it takes tells nobody who has an account.
func (d *door) workspaceOf(ctx context.Context, list []surveys.Workspace, email string) (only surveys.Workspace, err error) {
	found := 0
	for _, w := range list {
		_, err := d.site.Store.UserByEmail(ctx, w.ID, email)
		if err == nil {
			only, found = w, found+1
		} else if surveys.KindOf(err) != surveys.NotFound {
			return only, err
		}
	}
	if found != 1 {
		return surveys.Workspace{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	return only, nil
}

// noStore keeps pages that speak of one person out of every cache.
func noStore(c echo.Context) { c.Response().Header().Set("Cache-Control", "no-store") }

// unprocessable is the status of a form that comes back.
const unprocessable = http.StatusUnprocessableEntity
