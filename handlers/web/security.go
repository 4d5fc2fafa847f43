package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"golang.org/x/time/rate"

	"github.com/harkhq/hark/surveys"
)

// Body limits. Each route has one.
const (
	BodyLimit     = 64 << 10  // forms
	AnswerLimit   = 640 << 10 // an answer: ten comments of 4,000 characters, each of which takes twelve bytes in a form at most, and what else there is
	JSONBodyLimit = 256 << 10 // calls of the API
	LogoBodyLimit = 4 << 20   // a form with a picture: more than it takes, to answer with the form
	ListBodyLimit = 24 << 20  // a form with a list of people: more than it takes, too
)

// LimitBody bounds the bodies that a route reads.
func LimitBody(limit int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().ContentLength > limit {
				return ReadFailure(&http.MaxBytesError{Limit: limit})
			}
			c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, limit)
			return next(c)
		}
	}
}

// LimitBodies bounds the bodies of all requests, before any route is looked for:
// by usual, and by more where larger names the path, or one that begins it.
func LimitBodies(usual int64, larger map[string]int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			limit := usual
			for path, most := range larger {
				if at := c.Request().URL.Path; at == path || strings.HasPrefix(at, path+"/") {
					limit = max(limit, most)
				}
			}
			return LimitBody(limit)(next)(c)
		}
	}
}

// SecurityHeaders sets the headers that every response carries.
func (s *Site) SecurityHeaders(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", strings.Join([]string{
			"default-src 'none'", "script-src 'self' 'nonce-" + Nonce(c) + "'", "style-src 'self' 'nonce-" + Nonce(c) + "'", "img-src 'self' data:",
			"connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-src 'self'", "frame-ancestors 'none'",
		}, "; "))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if s.Secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// SameOrigin refuses forms that another site posts. Requests that no browser
// sends, such as a mail provider's one-click unsubscribe, pass.
func SameOrigin() echo.MiddlewareFunc {
	protection := http.NewCrossOriginProtection()
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil {
				return &surveys.Error{Kind: surveys.Forbidden, Code: "cross_origin", Err: err}
			}
			return next(c)
		}
	}
}

// RateLimit lets each network address through so many times a minute, with a
// burst of the same number.
func RateLimit(perMinute int) echo.MiddlewareFunc {
	return middleware.RateLimiterWithConfig(middleware.RateLimiterConfig{
		Store: middleware.NewRateLimiterMemoryStoreWithConfig(middleware.RateLimiterMemoryStoreConfig{
			Rate: rate.Limit(float64(perMinute) / 60), Burst: perMinute, ExpiresIn: 10 * time.Minute,
		}),
		IdentifierExtractor: func(c echo.Context) (string, error) { return c.RealIP(), nil },
		DenyHandler: func(echo.Context, string, error) error {
			return &surveys.Error{Kind: surveys.TooMany, Code: "too_many", RetryAfter: time.Minute / time.Duration(max(1, perMinute/10))}
		},
		ErrorHandler: func(_ echo.Context, err error) error { return err },
	})
}
