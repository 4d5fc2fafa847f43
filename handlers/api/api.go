// Package api is Hark's own HTTP API under /api/v1: programs send events and
// answers, and read surveys, answers and reports. In the data's way it is the
// first step (events.go) and, for programs, the last one (report.go).
//
// Every call carries an API key, which names the workspace: there is no id of
// a workspace in any address, so none can be mistaken. Errors are returned and
// become problem+json where all errors are answered. The package's description
// for programs is openapi.json; a test holds it to the routes and the bodies.
package api

import (
	_ "embed"
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
)

// api is what the handlers stand on.
type api struct {
	*web.Site
	reports      *flow.Reports
	benchmarks   *flow.Benchmarks
	loyalty      *flow.Loyalty
	themes       *flow.Themes
	notes        *flow.Notes
	drivers      *flow.Drivers
	suppressions *flow.Suppressions
}

// Register declares the API's routes.
func Register(e *echo.Echo, site *web.Site) {
	a := &api{Site: site, reports: flow.NewReports(site.Store), benchmarks: flow.NewBenchmarks(site.Store), loyalty: flow.NewLoyalty(site.Store), themes: flow.NewThemes(site.Store), drivers: flow.NewDrivers(site.Store), notes: flow.NewNotes(site.Store), suppressions: flow.NewSuppressions(site.Store)}
	v1 := func(method, path string, handler echo.HandlerFunc, scopes ...surveys.Scope) {
		e.Add(method, "/api/v1"+path, handler, noStore, web.LimitBody(web.JSONBodyLimit), a.require(scopes...))
	}
	v1(http.MethodPost, "/events", a.receiveEvent, surveys.ScopeEvents)
	v1(http.MethodGet, "/surveys", a.listSurveys, surveys.ScopeRead)
	v1(http.MethodPost, "/surveys", a.createSurvey, surveys.ScopeAdmin)
	v1(http.MethodGet, "/surveys/:survey", a.showSurvey, surveys.ScopeRead)
	v1(http.MethodPatch, "/surveys/:survey", a.changeSurvey, surveys.ScopeAdmin)
	v1(http.MethodGet, "/surveys/:survey/report", a.showReport, surveys.ScopeRead)
	v1(http.MethodPost, "/surveys/:survey/responses", a.recordResponse, surveys.ScopeResponses)
	v1(http.MethodGet, "/surveys/:survey/responses", a.listResponses, surveys.ScopeRead, surveys.ScopeResponses)
	v1(http.MethodGet, "/surveys/:survey/responses/:response", a.showResponse, surveys.ScopeRead, surveys.ScopeResponses)
	v1(http.MethodGet, "/surveys/:survey/themes", a.showThemes, surveys.ScopeRead)
	v1(http.MethodGet, "/surveys/:survey/drivers", a.showDrivers, surveys.ScopeRead)
	v1(http.MethodGet, "/themes", a.listThemes, surveys.ScopeRead)
	v1(http.MethodPut, "/themes", a.replaceThemes, surveys.ScopeAdmin)
	v1(http.MethodGet, "/loyalty", a.showLoyalty, surveys.ScopeRead)
	v1(http.MethodGet, "/loyalty/plan", a.showLoyaltyPlan, surveys.ScopeRead)
	v1(http.MethodPut, "/loyalty/plan", a.replaceLoyaltyPlan, surveys.ScopeAdmin)
	v1(http.MethodGet, "/loyalty/risks", a.listRisks, surveys.ScopeRead)
	v1(http.MethodGet, "/notes", a.listNotes, surveys.ScopeRead)
	v1(http.MethodPost, "/notes", a.createNote, surveys.ScopeAdmin)
	v1(http.MethodGet, "/notes/:note", a.showNote, surveys.ScopeRead)
	v1(http.MethodDelete, "/notes/:note", a.deleteNote, surveys.ScopeAdmin)
	v1(http.MethodGet, "/benchmarks", a.listBenchmarks, surveys.ScopeRead)
	v1(http.MethodPost, "/benchmarks", a.createBenchmark, surveys.ScopeAdmin)
	v1(http.MethodGet, "/benchmarks/:benchmark", a.showBenchmark, surveys.ScopeRead)
	v1(http.MethodPut, "/benchmarks/:benchmark", a.replaceBenchmark, surveys.ScopeAdmin)
	v1(http.MethodDelete, "/benchmarks/:benchmark", a.deleteBenchmark, surveys.ScopeAdmin)
	v1(http.MethodGet, "/suppressions", a.listSuppressions, surveys.ScopeRead)
	v1(http.MethodPost, "/suppressions", a.addSuppressions, surveys.ScopeAdmin)
	v1(http.MethodGet, "/suppressions/:suppression", a.showSuppression, surveys.ScopeRead)
	v1(http.MethodDelete, "/suppressions/:suppression", a.releaseSuppression, surveys.ScopeAdmin)
	e.GET("/openapi.json", describe, web.LimitBody(0))
}

//go:embed openapi.json
var openAPI []byte

// describe serves the API's description (OpenAPI 3.1).
func describe(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=300")
	return c.JSONBlob(http.StatusOK, openAPI)
}

// noStore keeps what a key can read out of every cache.
func noStore(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
		return next(c)
	}
}
