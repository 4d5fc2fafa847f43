package web

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/layouts"
)

// How long a session lives: without a visit, and at most.
const (
	sessionIdle     = 8 * time.Hour
	sessionAbsolute = 7 * 24 * time.Hour
)

// Member is who is signed in, and where.
type Member struct {
	Office flow.Office
	User   surveys.User
	token  surveys.Token
}

// MemberOf returns the member who is signed in.
func MemberOf(c echo.Context) (Member, bool) {
	member, ok := c.Get(keyMember).(Member)
	return member, ok
}

// sessionCookie is bound to this host by its name when the site is on TLS.
func (s *Site) sessionCookie() string {
	if s.Secure() {
		return "__Host-hark"
	}
	return "hark_session"
}

// SignIn starts a session of the user on this browser.
func (s *Site) SignIn(c echo.Context, w flow.Office, u surveys.User) error {
	return s.SignInBy(c, w, u, func(*store.Tx) error { return nil })
}

// SignInBy is [Site.SignIn] in one transaction with what lets the user in, such
// as spending a link: it is not spent when no session could be stored.
func (s *Site) SignInBy(c echo.Context, w flow.Office, u surveys.User, by func(*store.Tx) error) error {
	token, err := surveys.NewToken(s.Store.Random(), w.Key)
	if err != nil {
		return err
	}
	err = s.Store.InTx(c.Request().Context(), func(tx *store.Tx) error {
		if err := by(tx); err != nil {
			return err
		}
		return tx.CreateGrant(c.Request().Context(), w.ID, store.NewGrant{
			Token: token, Purpose: surveys.PurposeSession, SubjectID: u.ID, ExpiresAt: s.Store.Now().Add(sessionIdle),
		})
	})
	if err != nil {
		return err
	}
	c.SetCookie(&http.Cookie{
		Name: s.sessionCookie(), Value: string(token), Path: "/", MaxAge: int(sessionAbsolute.Seconds()),
		HttpOnly: true, Secure: s.Secure(), SameSite: http.SameSiteLaxMode,
	})
	return nil
}

// SignOut ends the session of this browser.
func (s *Site) SignOut(c echo.Context) error {
	c.SetCookie(&http.Cookie{Name: s.sessionCookie(), Path: "/", MaxAge: -1, HttpOnly: true, Secure: s.Secure(), SameSite: http.SameSiteLaxMode})
	member, ok := MemberOf(c)
	if !ok {
		return nil
	}
	err := s.Store.InTx(c.Request().Context(), func(tx *store.Tx) error {
		return tx.SpendGrant(c.Request().Context(), member.Office.ID, surveys.PurposeSession, member.token)
	})
	if surveys.KindOf(err) == surveys.NotFound {
		return nil
	}
	return err
}

// Session finds out who is signed in. It lets everybody pass.
func (s *Site) Session(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		cookie, err := c.Cookie(s.sessionCookie())
		if err != nil {
			return next(c)
		}
		member, err := s.member(c.Request().Context(), surveys.Token(cookie.Value))
		switch surveys.KindOf(err) {
		case "":
			if err != nil {
				return err
			}
			c.Set(keyMember, member)
		case surveys.NotFound: // signed out elsewhere, or too long ago
		default:
			return err
		}
		return next(c)
	}
}

// member returns whose session a token is, and keeps the session alive.
func (s *Site) member(ctx context.Context, token surveys.Token) (Member, error) {
	w, err := s.Directory.Workspace(ctx, token.Workspace())
	if err != nil {
		return Member{}, err
	}
	now := s.Store.Now()
	grant, err := s.Store.Grant(ctx, w.ID, surveys.PurposeSession, token, now)
	if err != nil {
		return Member{}, err
	}
	user, err := s.Store.User(ctx, w.ID, grant.SubjectID)
	if err != nil {
		return Member{}, err
	}
	until := now.Add(sessionIdle)
	if last := grant.CreatedAt.Add(sessionAbsolute); until.After(last) {
		until = last
	}
	if until.Sub(grant.ExpiresAt) > sessionIdle/8 { // not with every request
		if err := s.Store.InTx(ctx, func(tx *store.Tx) error {
			return tx.ExtendGrant(ctx, w.ID, surveys.PurposeSession, token, until)
		}); err != nil && surveys.KindOf(err) != surveys.NotFound {
			return Member{}, err
		}
	}
	return Member{Office: w, User: user, token: token}, nil
}

// Require lets members pass whose role is at least least. Others are sent to
// sign in, or told that they may not.
func (s *Site) Require(least surveys.Role) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			member, ok := MemberOf(c)
			if !ok {
				target := layouts.PathSignIn
				if c.Request().Method == http.MethodGet {
					target += "?next=" + url.QueryEscape(c.Request().URL.RequestURI())
				}
				return SeeOther(c, target)
			}
			if !member.User.Role.Allows(least) {
				return &surveys.Error{Kind: surveys.Forbidden, Code: "role_needed"}
			}
			c.Response().Header().Set("Cache-Control", "no-store")
			return next(c)
		}
	}
}
