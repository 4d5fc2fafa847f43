// Package share shows a report to people who have a link to it and no account:
// as a page (/share/…), on a screen on a wall (/share/…/tv), and its charts as
// files (/share/…/chart/…). In the data's way it stands beside the back office, at the very end: package office reads
// the report, and leaves out whatever leads to answers and people.
//
// The address is the secret. It names one report as it was shared; nothing that
// a reader adds to it shows more.
package share

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	desk "github.com/harkhq/hark/handlers/office"
	"github.com/harkhq/hark/handlers/respond"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// path is where shared reports are.
const path = "/share/"

// looksPerMinute is how often one network address may open reports: more than
// an office's screens do, less than a script wants.
const looksPerMinute = 240

// pages is what the handlers stand on.
type pages struct {
	*web.Site
	links   *flow.Shares
	reports *desk.Sharing
}

// Register declares the routes of shared reports.
func Register(e *echo.Echo, site *web.Site) {
	p := &pages{Site: site, links: flow.NewShares(site.Store, site.Directory), reports: desk.NewSharing(site)}
	compress := middleware.GzipWithConfig(middleware.GzipConfig{Level: 5, MinLength: 1024})
	between := []echo.MiddlewareFunc{secret, compress, web.LimitBody(0), web.RateLimit(looksPerMinute)}
	e.GET(path+":token", p.report, between...)
	e.GET(path+":token/tv", p.tv, between...)
	e.GET(path+":token/chart/:file", p.chart, between...)
}

// Owns reports whether a path is a shared report's, whose errors are shown by
// [Fail].
func Owns(address string) bool { return strings.HasPrefix(address, path) }

// secret keeps the address out of caches, of search engines and of what other
// sites are told.
func secret(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		markSecret(c)
		return next(c)
	}
}

func markSecret(c echo.Context) {
	header := c.Response().Header()
	header.Set(echo.HeaderCacheControl, "private, no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("X-Robots-Tag", "noindex, nofollow")
}

// keyOffice is where the workspace of a link is kept, so that an error's page
// wears its name.
const keyOffice = "hark.share.office"

// open finds what a link shows.
func (p *pages) open(c echo.Context) (desk.Asked, error) {
	shared, err := p.links.Open(c.Request().Context(), surveys.Token(c.Param("token")))
	c.Set(keyOffice, shared.Office)
	if err != nil {
		return desk.Asked{}, err
	}
	if err := p.links.Opened(c.Request().Context(), shared); err != nil {
		p.Log.Warn("the day of a share link's opening is not kept", "error", err)
	}
	return desk.Asked{
		Context: c, L: localizer(c, p.Site), Shared: shared, Path: path + c.Param("token"),
		Lang: c.QueryParam("lang"), Step: c.QueryParam("step"),
	}, nil
}

// report shows the page.
func (p *pages) report(c echo.Context) error {
	asked, err := p.open(c)
	if err != nil {
		return err
	}
	page, err := p.reports.Report(asked)
	if err != nil {
		return err
	}
	page.Page, page.Brand, page.Languages = frame(c, p.Site, asked.L, page.Survey), brand(asked.Shared.Office), languages(c, asked.L)
	return web.Render(c, http.StatusOK, office.SharedPage(page))
}

// tv shows the report on a screen.
func (p *pages) tv(c echo.Context) error {
	asked, err := p.open(c)
	if err != nil {
		return err
	}
	page, err := p.reports.TV(asked)
	if err != nil {
		return err
	}
	page.Page, page.Look = frame(c, p.Site, asked.L, page.Survey), web.Look(c.QueryParam("look"))
	return web.Render(c, http.StatusOK, office.TVPage(page))
}

// chart sends one of the page's charts as a file.
func (p *pages) chart(c echo.Context) error {
	asked, err := p.open(c)
	if err != nil {
		return err
	}
	return p.reports.Chart(asked)
}

// localizer speaks the language that the page's menu chose, else the browser's.
func localizer(c echo.Context, site *web.Site) *i18n.Localizer {
	return site.Catalogue.Match(c.Request().Header.Get("Accept-Language"), c.QueryParam("lang"))
}

// frame is around the page: there is nobody who is signed in, and nothing to
// say of what they did.
func frame(c echo.Context, site *web.Site, l *i18n.Localizer, title string) layouts.Page {
	return layouts.Page{Title: title, Nonce: web.Nonce(c), Assets: site.Assets, L: l}
}

func brand(w flow.Office) office.Brand {
	return office.Brand{Name: w.Name, Logo: respond.LogoPath(w.Workspace)}
}

// languages are links to the page in each language, with the trend's step.
func languages(c echo.Context, l *i18n.Localizer) []office.LanguageLink {
	var list []office.LanguageLink
	for _, language := range i18n.Languages() {
		query := url.Values{"lang": {language.Tag}}
		if step := c.QueryParam("step"); step != "" {
			query.Set("step", step)
		}
		address := url.URL{Path: c.Request().URL.Path, RawQuery: query.Encode()}
		list = append(list, office.LanguageLink{Tag: language.Tag, Name: language.Name, Address: address.String(), Current: language.Tag == l.Lang()})
	}
	return list
}

// Fail says why there is no report, in the reader's language.
func Fail(c echo.Context, site *web.Site, err error) error {
	markSecret(c)
	c.Response().Header().Del(echo.HeaderContentEncoding)
	web.RetryAfter(c, err)
	l, status := localizer(c, site), web.Status(err)
	view := office.SharedGone{Languages: languages(c, l), Title: l.T("share.wrong.title." + reason(err, status)), Text: web.Message(l, err)}
	if w, ok := c.Get(keyOffice).(flow.Office); ok && w.Zone != nil {
		view.Brand = brand(w)
	}
	if status >= http.StatusInternalServerError {
		view.Reference = c.Response().Header().Get(echo.HeaderXRequestID)
	}
	view.Page = frame(c, site, l, view.Title)
	return web.Render(c, status, office.SharedGonePage(view))
}

// reason is the page's heading for an error.
func reason(err error, status int) string {
	var e *surveys.Error
	switch {
	case errors.As(err, &e) && e.Kind == surveys.Gone:
		return "gone"
	case e != nil && e.Code == "chart_none":
		return "chart"
	case status == http.StatusNotFound, status == http.StatusMethodNotAllowed:
		return "unknown"
	case status == http.StatusTooManyRequests, status == http.StatusServiceUnavailable:
		return "busy"
	}
	return "broken"
}
