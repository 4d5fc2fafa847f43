package handlers

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/office"
	"github.com/harkhq/hark/handlers/respond"
	"github.com/harkhq/hark/handlers/share"
	"github.com/harkhq/hark/handlers/web"
)

// recoverPanics turns a panic into an error with its stack.
func recoverPanics(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if panicked := recover(); panicked != nil {
				if panicked == http.ErrAbortHandler { //nolint:errorlint // net/http compares it so
					panic(panicked)
				}
				err = fmt.Errorf("panic: %v\n%s", panicked, debug.Stack())
			}
		}()
		return next(c)
	}
}

// errorHandler answers every error once, in the form that its reader takes: a
// program a problem, a customer a page in the survey's dress, the team a page
// of the back office. Failures of Hark's own are logged; nobody is shown them.
func errorHandler(site *web.Site) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		if c.Response().Committed {
			return
		}
		status := web.Status(err)
		if status >= http.StatusInternalServerError && !errors.Is(err, context.Canceled) {
			site.Log.LogAttrs(c.Request().Context(), slog.LevelError, "request failed", slog.String("method", c.Request().Method),
				slog.String("route", c.Path()), slog.Int("status", status), slog.String("request_id", c.Response().Header().Get(echo.HeaderXRequestID)), slog.Any("error", err))
		}
		if c.Request().Method == http.MethodHead {
			_ = c.NoContent(status)
			return
		}
		if failed := answer(site, c, err); failed != nil {
			site.Log.Error("answer an error", "error", failed)
			_ = c.String(http.StatusInternalServerError, "Something went wrong.\n")
		}
	}
}

func answer(site *web.Site, c echo.Context, err error) error {
	path := c.Request().URL.Path
	switch {
	case strings.HasPrefix(path, "/api/"):
		return site.WriteProblem(c, err)
	case respond.Owns(path):
		return respond.Fail(c, site, err)
	case share.Owns(path):
		return share.Fail(c, site, err)
	default:
		return office.Fail(c, site, err)
	}
}
