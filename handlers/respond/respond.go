// Package respond is where customers answer: the page behind a survey's public
// link (/s/), the same in a frame (/e/) and on a tablet (/k/), cancellation flows (/c/), the one behind a mail's link (/r/), the way out of being asked
// (/u/), the link that only machines follow (/h/) and the workspace's logo. In the data's way it stands between the mail
// and the response: it shows the question, and hands the answer to
// surveys/flow.
//
// Opening a page never answers anything, because mail scanners open every link:
// it is only noted, see [surveys.Touch].
// Every page works without script, and answers a form by sending the browser
// to another page, so that a reload repeats nothing.
package respond

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/harkhq/hark/handlers/web"
)

// submitsPerMinute is how many answers one network address may send a minute:
// more than people behind one office's address do, less than a script wants.
const submitsPerMinute = 600

// pages is what the handlers stand on.
type pages struct {
	*web.Site
	style string // of every page, carried within it

	refusals refusals // of sites that may not show a survey
}

// Register declares the routes of the public pages.
func Register(e *echo.Echo, site *web.Site) {
	p := &pages{Site: site, style: site.Assets.Text("css/survey.css")}
	compress := compressed()
	limit, submits := web.LimitBody(web.BodyLimit), web.RateLimit(submitsPerMinute)
	show := func(path string, handler echo.HandlerFunc) {
		e.Match([]string{http.MethodGet, http.MethodHead}, path, handler, secret, compress, limit)
	}
	take := func(path string, handler echo.HandlerFunc, more ...echo.MiddlewareFunc) {
		e.POST(path, handler, append([]echo.MiddlewareFunc{secret, compress, bounded, web.SameOrigin()}, more...)...)
	}
	show("/s/:survey", p.showLink)
	take("/s/:survey", p.answerLink, submits)
	show("/s/:survey/more", p.moreOfLink)
	show("/s/:survey/thanks", p.thankLink)
	show("/e/:survey", p.showEmbedded)
	take("/e/:survey", p.answerEmbedded, submits)
	show("/c/:flow", p.showCancel)
	take("/c/:flow", p.tellCancel, submits)
	e.Match([]string{http.MethodGet, http.MethodHead}, "/embed/v1.js", p.embedScript, compress, limit)
	show("/k/:survey", p.showKiosk)
	take("/k/:survey", p.answerKiosk, submits)
	show("/k/:survey/thanks", p.thankKiosk)
	show(kioskWorker, p.worker)
	show("/r/:token", p.showInvitation)
	take("/r/:token", p.answerInvitation, submits)
	take("/r/:token/seen", p.seen, submits)
	show("/r/:token/more", p.moreOfInvitation)
	show("/r/:token/thanks", p.thankInvitation)
	show("/h/:token", p.trap)
	show("/u/:token", p.showUnsubscribe)
	take("/u/:token", p.unsubscribe) // mail providers post for many people from one address
	e.Match([]string{http.MethodGet, http.MethodHead}, "/logo/:workspace/:hash", p.logo, limit)
}

const keyCompress = "hark.respond.compress"

// compressed compresses what is worth it, and has [Fail] do so, too, which writes when
// all middleware has returned.
func compressed() echo.MiddlewareFunc {
	gzip := middleware.GzipWithConfig(middleware.GzipConfig{Level: 5, MinLength: 1024})
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		pressed := gzip(next)
		return func(c echo.Context) error {
			err := pressed(c)
			c.Set(keyCompress, gzip) // not before: middleware may fail within, where what is written is compressed
			return err
		}
	}
}

// bounded limits bodies like [web.LimitBody], but lets the handler see what
// comes before the limit, so that somebody with a long comment keeps their
// score.
func bounded(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, web.AnswerLimit)
		return next(c)
	}
}

// Owns reports whether a path is one of the public pages', whose errors are
// shown by [Fail].
func Owns(path string) bool {
	for _, prefix := range []string{"/s/", "/e/", "/c/", "/k/", "/r/", "/u/", "/h/", "/logo/"} {
		if strings.HasPrefix(path, prefix) {
			return true
		}
	}
	return false
}

// secret keeps pages whose address is a secret out of caches and of search
// engines. Their address reaches no other site either: the site's referrer
// policy is same-origin. The stricter no-referrer would make browsers send
// "Origin: null" with the answer, which looks like another site's form.
func secret(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		markSecret(c)
		return next(c)
	}
}

func markSecret(c echo.Context) {
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "no-store")
	header.Set("Referrer-Policy", "same-origin")
	header.Set("X-Robots-Tag", "noindex, nofollow")
}
