package auth

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/office"
)

// account is what members change about themselves.
type account struct {
	site      *web.Site
	passwords *Passwords
}

func (a *account) show(c echo.Context) error {
	member, _ := web.MemberOf(c)
	return a.page(c, http.StatusOK, member.User, nil)
}

// change stores name and language.
func (a *account) change(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	member, _ := web.MemberOf(c)
	u := member.User
	u.Name, u.Locale = form.Get("name"), form.Get("locale")
	if u.Locale != "" && !a.site.Catalogue.Knows(u.Locale) {
		err = surveys.Wrong(surveys.FieldError{Path: "locale", Code: "locale", Args: map[string]any{"languages": strings.Join(surveys.Locales(), ", ")}})
	}
	if err == nil {
		_, err = a.site.Team.ChangeUser(c.Request().Context(), u)
	}
	if surveys.KindOf(err) == surveys.Invalid {
		return a.page(c, unprocessable, u, err)
	}
	if err != nil {
		return err
	}
	a.site.ChooseLanguage(c, u.Locale)
	a.site.Flash(c, "account_saved")
	return web.SeeOther(c, "/account")
}

// changePassword stores a new password, ends every session of the member and
// starts a new one on this browser.
func (a *account) changePassword(c echo.Context) error {
	form, err := web.Form(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	member, _ := web.MemberOf(c)
	u := member.User
	err = a.newPassword(ctx, &u, form.Get("current"), form.Get("new"))
	if surveys.KindOf(err) == surveys.Invalid {
		return a.page(c, unprocessable, member.User, err)
	}
	if err != nil {
		return err
	}
	if _, err := a.site.Team.ChangeUser(ctx, u); err != nil {
		return err
	}
	if err := a.site.SignIn(c, member.Office, u); err != nil {
		return err
	}
	a.site.Flash(c, "password_changed")
	return web.SeeOther(c, "/account")
}

// newPassword checks both passwords and sets the new one's hash.
func (a *account) newPassword(ctx context.Context, u *surveys.User, current, chosen string) error {
	if u.PasswordHash != "" {
		match, err := a.passwords.Verify(ctx, u.PasswordHash, current)
		if err != nil {
			return err
		}
		if !match {
			return surveys.Wrong(surveys.FieldError{Path: "current", Code: "password_wrong"})
		}
	}
	if err := surveys.Wrong(CheckPassword("new", chosen)...); err != nil {
		return err
	}
	hash, err := a.passwords.Hash(ctx, chosen)
	u.PasswordHash = hash
	return err
}

func (a *account) page(c echo.Context, status int, u surveys.User, problem error) error {
	l := a.site.Localizer(c)
	return web.Render(c, status, office.AccountPage(office.Account{
		Page: a.site.Page(c, l.T("auth.account.title"), ""), Name: u.Name, Email: u.Email, Locale: u.Locale, Role: u.Role,
		HasPassword: u.PasswordHash != "", MinPassword: surveys.MinPassword, Errors: web.FieldErrors(l, problem),
		Places: []office.Place{{Title: l.T("digest.title"), Text: l.T("digest.lead"), Address: "/account/digest"}},
	}))
}
