// Package handlers is Hark's HTTP server: every route, the middleware around
// them, and the one place where an error becomes an answer. In the data's way
// it is the door: events and answers come in here, pages and reports go out.
package handlers

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"regexp"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/harkhq/hark/handlers/api"
	"github.com/harkhq/hark/handlers/auth"
	"github.com/harkhq/hark/handlers/hooks"
	"github.com/harkhq/hark/handlers/office"
	"github.com/harkhq/hark/handlers/respond"
	"github.com/harkhq/hark/handlers/share"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/layouts"
)

// Options are what the server is made of.
type Options struct {
	Site    *web.Site
	Metrics *Metrics
	Mailbox office.Mailbox // nil outside of the demo
	Proxies []*net.IPNet   // whose X-Forwarded-For is believed; none: nobody's
	Ready   func(context.Context) error
	Vault   *surveys.Vault // opens the keys of mail providers; nil where none are stored
}

// New makes the server's handler.
func New(o Options) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = extractor(o.Proxies)
	e.HTTPErrorHandler = errorHandler(o.Site)
	// All of it before the routing, so that none of it depends on a route. The
	// body's limit is the largest that most routes have; few have a larger one.
	e.Pre(plainRequestID, middleware.RequestID(), o.Metrics.middleware, logRequests(o.Site.Log), recoverPanics, o.Site.SecurityHeaders,
		web.SameOrigin(), web.LimitBodies(web.JSONBodyLimit, largeBodies()), headAsGet)

	e.GET("/healthz", func(c echo.Context) error { return c.String(http.StatusOK, "ok\n") })
	e.GET("/readyz", func(c echo.Context) error {
		if err := o.Ready(c.Request().Context()); err != nil {
			o.Site.Log.Warn("not ready", "error", err)
			return c.String(http.StatusServiceUnavailable, "not ready: "+web.Message(o.Site.Catalogue.Match("en"), err)+"\n")
		}
		return c.String(http.StatusOK, "ready\n")
	})
	e.GET("/metrics", o.Metrics.handler())
	e.GET(static.Prefix+"*", echo.WrapHandler(o.Site.Assets))
	e.GET("/robots.txt", func(c echo.Context) error { return c.String(http.StatusOK, "User-agent: *\nDisallow: /\n") })
	e.GET("/", func(c echo.Context) error { return web.SeeOther(c, layouts.PathScores) })

	api.Register(e, o.Site)
	respond.Register(e, o.Site)
	share.Register(e, o.Site)
	auth.Register(e, o.Site)
	office.Register(e, o.Site)
	hooks.Register(e, o.Site, o.Vault, nil)
	if o.Mailbox != nil {
		office.RegisterDemo(e, o.Site, o.Mailbox)
	}
	return e
}

// largeBodies are the paths that take more than the usual size of a body.
func largeBodies() map[string]int64 {
	paths := office.LargeBodies()
	paths[hooks.Path] = hooks.BodyLimit
	for _, path := range []string{"/s", "/e", "/k", "/r"} {
		paths[path] = web.AnswerLimit
	}
	return paths
}

// plainRequestID drops a client's X-Request-Id that could be mistaken for
// something else in a log, so that the request gets one of Hark's own.
func plainRequestID(next echo.HandlerFunc) echo.HandlerFunc {
	plain := regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	return func(c echo.Context) error {
		if header := c.Request().Header; !plain.MatchString(header.Get(echo.HeaderXRequestID)) {
			header.Del(echo.HeaderXRequestID)
		}
		return next(c)
	}
}

// headAsGet lets every route that answers GET answer HEAD. None of them has an
// effect, and net/http drops the body. It routes by itself, and so must be the
// last one before the routing.
func headAsGet(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method != http.MethodHead {
			return next(c)
		}
		c.Echo().Router().Find(http.MethodGet, echo.GetPath(c.Request()), c)
		return c.Handler()(c)
	}
}

// extractor says whose word is taken for a client's address: the connection's,
// or that of the proxies that the operator names.
func extractor(proxies []*net.IPNet) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	options := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, network := range proxies {
		options = append(options, echo.TrustIPRange(network))
	}
	return echo.ExtractIPFromXFFHeader(options...)
}

func logRequests(log *slog.Logger) echo.MiddlewareFunc {
	return middleware.RequestLoggerWithConfig(middleware.RequestLoggerConfig{
		LogMethod: true, LogRoutePath: true, LogStatus: true, LogLatency: true, LogRequestID: true,
		LogValuesFunc: func(c echo.Context, v middleware.RequestLoggerValues) error {
			// The route and not the path: a path may hold a token.
			log.LogAttrs(c.Request().Context(), slog.LevelDebug, "request", slog.String("method", v.Method), slog.String("route", v.RoutePath),
				slog.Int("status", v.Status), slog.Duration("took", v.Latency), slog.String("request_id", v.RequestID))
			return nil
		},
	})
}
