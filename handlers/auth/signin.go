package auth

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/office"
)

// door is sign-in and sign-out.
type door struct {
	site      *web.Site
	passwords *Passwords
	tries     *tries
}

// credentials are what the form of sign-in holds.
type credentials struct{ email, password, workspace, next string }

func (d *door) show(c echo.Context) error {
	if _, ok := web.MemberOf(c); ok {
		return seeNext(c, c.QueryParam("next"))
	}
	return d.page(c, http.StatusOK, credentials{next: c.QueryParam("next")}, "")
}

func (d *door) enter(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	given := credentials{surveys.NormalEmail(form.Get("email")), form.Get("password"), strings.TrimSpace(form.Get("workspace")), form.Get("next")}
	// By the address alone: a workspace has several spellings, and each would
	// bring further tries.
	keys := []string{"account:" + given.email, "network:" + network(c.RealIP())}
	if err := d.tries.begin(d.site.Now(), keys...); err != nil {
		web.RetryAfter(c, err)
		return d.page(c, web.Status(err), given, "auth.sign_in.too_many")
	}
	w, u, err := d.verify(c.Request().Context(), given)
	switch {
	case errors.Is(err, errRefused):
		return d.page(c, unprocessable, given, "auth.sign_in.refused")
	case err != nil:
		return err
	}
	d.tries.forgive(keys...)
	if err := d.welcome(c, w, u); err != nil {
		return err
	}
	return seeNext(c, given.next)
}

// errRefused is the one answer to everything that was wrong, so that nobody
// learns who has an account.
var errRefused = errors.New("no such user with that password")

// verify returns the user whom the credentials name. Unknown workspaces and
// users take as long as wrong passwords.
func (d *door) verify(ctx context.Context, given credentials) (surveys.Workspace, surveys.User, error) {
	var u surveys.User
	w, err := d.workspace(ctx, given.workspace, given.email)
	if err == nil {
		u, err = d.site.Store.UserByEmail(ctx, w.ID, given.email)
	}
	if err != nil && surveys.KindOf(err) != surveys.NotFound {
		return w, u, err
	}
	match, err := d.passwords.Verify(ctx, u.PasswordHash, given.password)
	switch {
	case err != nil:
		return w, u, err
	case !match:
		return w, u, errRefused
	}
	return w, u, d.renewHash(ctx, u, given.password)
}

// renewHash stores the password under today's parameters. It ends the sessions
// that were there, as every other hash does; the one that begins now is not yet.
func (d *door) renewHash(ctx context.Context, u surveys.User, password string) error {
	if !d.passwords.Outdated(u.PasswordHash) {
		return nil
	}
	hash, err := d.passwords.Hash(ctx, password)
	if err != nil {
		return err
	}
	u.PasswordHash = hash
	_, err = d.site.Team.ChangeUser(ctx, u)
	return err
}

// welcome starts a session.
func (d *door) welcome(c echo.Context, w surveys.Workspace, u surveys.User) error {
	office, err := d.site.Directory.WorkspaceByID(c.Request().Context(), w.ID)
	if err != nil {
		return err
	}
	return d.site.SignIn(c, office, u)
}

// page shows the form, with what went wrong, as a key of the catalogue.
func (d *door) page(c echo.Context, status int, given credentials, problem string) error {
	noStore(c)
	list, err := d.site.Store.Workspaces(c.Request().Context())
	if err != nil {
		return err
	}
	l := d.site.Localizer(c)
	view := office.SignIn{
		Page: d.site.Page(c, l.T("auth.sign_in.title"), ""), Email: given.email, Workspace: given.workspace,
		AskWorkspace: len(list) > 1, Next: web.LocalPath(given.next, ""),
	}
	if problem != "" {
		view.Error = l.T(problem)
	}
	return web.Render(c, status, office.SignInPage(view))
}

func (d *door) leave(c echo.Context) error {
	if err := d.site.SignOut(c); err != nil {
		return err
	}
	d.site.Flash(c, "signed_out")
	return web.SeeOther(c, "/sign-in")
}

// chooseLanguage keeps the language that was picked in the bar.
func (d *door) chooseLanguage(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	if lang := form.Get("lang"); d.site.Catalogue.Knows(lang) {
		d.site.ChooseLanguage(c, lang)
	}
	return web.SeeOther(c, web.LocalPath(form.Get("back"), "/"))
}

// sameName compares names of workspaces as people write them.
func sameName(a, b string) bool {
	return strings.EqualFold(strings.TrimSpace(a), strings.TrimSpace(b))
}
