// Package webtest gives the tests of handler packages a site on a real store
// and a server around their routes, with the middleware of the real one. It
// stands beside the rim of the data's way, and only tests import it.
package webtest

import (
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/static"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
	"github.com/harkhq/hark/templates/i18n"
)

// MailFrom is the server's sender of a site of tests.
const MailFrom = "feedback@server.example"

// Compressing all files and reading all languages takes longer than most tests, and
// gives what nobody changes: a test process does each once.
var (
	assets    = sync.OnceValues(static.New)
	catalogue = sync.OnceValues(i18n.New)
)

// Assets are the files that pages use.
func Assets(tb testing.TB) *static.Assets {
	tb.Helper()
	all, err := assets()
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// Catalogue is all texts in all languages.
func Catalogue(tb testing.TB) *i18n.Catalogue {
	tb.Helper()
	all, err := catalogue()
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

// Site is a site on a store, seen at https://feedback.example. Its ingest ends
// with the test.
func Site(tb testing.TB, s *store.Store) *web.Site {
	tb.Helper()
	assets, catalogue := Assets(tb), Catalogue(tb)
	ingest := store.NewIngest(s, nil)
	tb.Cleanup(ingest.Close)
	touches := store.NewTouchQueue(s, slog.New(slog.DiscardHandler))
	tb.Cleanup(touches.Close)
	directory := flow.NewDirectory(s)
	answers := flow.NewAnswers(s, directory, ingest)
	address := &url.URL{Scheme: "https", Host: "feedback.example"}
	trials, err := mailer.NewTrials(mailer.TrialsOptions{URL: address, Catalogue: catalogue, Now: s.Now})
	if err != nil {
		tb.Fatal(err)
	}
	vault := storetest.Vault(tb)
	senders, err := mailer.NewSenders(mailer.SendersOptions{Store: s, Vault: vault, From: MailFrom})
	if err != nil {
		tb.Fatal(err)
	}
	return &web.Site{
		Senders: senders, Sending: flow.NewSending(flow.SendingOptions{Store: s, Vault: vault, Resolver: new(net.Resolver), From: MailFrom}),
		Store: s, Directory: directory, Answers: answers, Cancelling: flow.NewCancelling(s, directory, answers), Touches: touches, Receiver: flow.NewReceiver(s, nil),
		Visitors: flow.NewVisitors(s, vault), Asking: flow.NewAsking(s), Team: flow.NewTeam(s), Assets: assets, Catalogue: catalogue, Log: slog.New(slog.DiscardHandler),
		URL: address, Now: s.Now, Trials: trials,
	}
}

// Answer writes an error, as web.Site.WriteProblem and respond.Fail do.
type Answer func(c echo.Context, err error) error

// Handler is the routes that register declares, with the middleware of every
// route.
func Handler(site *web.Site, register func(*echo.Echo, *web.Site), answer Answer) *echo.Echo {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.IPExtractor = echo.ExtractIPDirect()
	e.Pre(middleware.RequestID())
	e.Use(site.SecurityHeaders, web.SameOrigin())
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		if c.Response().Committed {
			return
		}
		if c.Request().Method == http.MethodHead {
			_ = c.NoContent(web.Status(err))
			return
		}
		if failed := answer(c, err); failed != nil {
			_ = c.String(http.StatusInternalServerError, failed.Error())
		}
	}
	register(e, site)
	return e
}

// Serve starts a server of a handler that ends with the test, and returns its
// address.
func Serve(tb testing.TB, handler http.Handler) string {
	tb.Helper()
	server := httptest.NewServer(handler)
	tb.Cleanup(server.Close)
	return server.URL
}
