package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// Where the middleware keeps the call's API key, and the workspace that it is
// of.
const (
	keyKey    = "hark.api.key"
	keyOffice = "hark.api.office"
)

// keyOf is the call's API key.
func keyOf(c echo.Context) surveys.APIKey {
	key, _ := c.Get(keyKey).(surveys.APIKey)
	return key
}

// officeOf is the workspace of the call's API key.
func officeOf(c echo.Context) flow.Office {
	w, _ := c.Get(keyOffice).(flow.Office)
	return w
}

// require lets calls pass whose API key has one of the scopes.
func (a *api) require(scopes ...surveys.Scope) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			secret, ok := bearer(c.Request())
			if !ok {
				c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="hark"`)
				return surveys.Fail(surveys.Unauthorized, "key_missing")
			}
			w, key, err := a.Directory.APIKey(c.Request().Context(), secret)
			if surveys.KindOf(err) == surveys.NotFound {
				c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="hark", error="invalid_token"`)
				return &surveys.Error{Kind: surveys.Unauthorized, Code: "key_unknown", Err: err}
			}
			if err != nil {
				return err
			}
			if !slices.ContainsFunc(scopes, key.Allows) {
				c.Response().Header().Set(echo.HeaderWWWAuthenticate, `Bearer realm="hark", error="insufficient_scope", scope="`+string(scopes[0])+`"`)
				return &surveys.Error{Kind: surveys.Forbidden, Code: "scope_needed", Args: map[string]any{"scope": string(scopes[0])}}
			}
			c.Set(keyOffice, w)
			c.Set(keyKey, key)
			return next(c)
		}
	}
}

// bearer reads the secret of the Authorization header.
func bearer(r *http.Request) (surveys.Token, bool) {
	scheme, credentials, _ := strings.Cut(r.Header.Get(echo.HeaderAuthorization), " ")
	secret, ours := strings.CutPrefix(strings.TrimSpace(credentials), surveys.APIKeyPrefix)
	return surveys.Token(secret), strings.EqualFold(scheme, "Bearer") && ours
}
