// Package office serves the back office: scores and reports, surveys, answers,
// people, rules and settings. In the data's way it is the last step: what
// analysis concluded from the rollups becomes the view that templates/office
// shows. Every look-up carries the workspace of the member who is signed in.
package office

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
)

// desk is what the handlers of the back office work with.
type desk struct {
	site    *web.Site
	reports *flow.Reports
	others  *flow.Benchmarks
	wanted  *flow.Themes
	stays   *flow.Loyalty
	movers  *flow.Drivers
	digests *flow.Digests
	notes   *flow.Notes
	shares  *flow.Shares
	lists   *flow.Lists
	trials  *flow.RuleTrials
}

// route is one address, and the least role that may use it.
type route struct {
	method, path string
	least        surveys.Role
	handle       func(visit) error
}

// routes are all addresses of the back office.
func (d *desk) routes() []route {
	return slices.Concat(d.reportRoutes(), d.surveyRoutes(), d.ruleRoutes(), d.listRoutes(), d.letterRoutes(), d.settingRoutes(), d.sendingRoutes(), d.streamRoutes(), d.suppressionRoutes(), d.heldRoutes(), d.embedRoutes(), d.visitorRoutes(), d.cancelRoutes())
}

// reportRoutes are the addresses of what came of surveys.
func (d *desk) reportRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, layouts.PathScores, surveys.Viewer, d.scores},
		{get, layouts.PathScores + "/chart/:file", surveys.Viewer, d.saveScoresChart},
		{get, "/surveys/:id", surveys.Viewer, d.report},
		{get, "/surveys/:id/themes", surveys.Viewer, d.themes},
		{get, "/surveys/:id/comments", surveys.Viewer, d.comments},
		{get, "/surveys/:id/comments/news", surveys.Viewer, d.newComments},
		{get, "/surveys/:id/comments/export", surveys.Manager, d.exportComments},
		{get, "/surveys/:id/chart/:file", surveys.Viewer, d.saveChart},
		{get, "/surveys/:id/loyalty", surveys.Viewer, d.surveyLoyalty},
		{post, "/surveys/:id/notes", writesNotes, d.createNote},
		{get, "/surveys/:id/shares", surveys.Manager, d.shareList},
		{post, "/surveys/:id/shares", surveys.Manager, d.createShare},
		{get, "/surveys/:id/tv", surveys.Viewer, d.tv},
		{get, pathTV, surveys.Viewer, d.tvTour},
		{get, "/shares/:id/revoke", surveys.Manager, d.confirmRevokeShare},
		{post, "/shares/:id/revoke", surveys.Manager, d.revokeShare},
		{post, "/shares/:id/restore", surveys.Manager, d.restoreShare},
		{get, pathNotes + "/:id", writesNotes, d.editNote},
		{post, pathNotes + "/:id", writesNotes, d.updateNote},
		{post, pathNotes + "/:id/delete", writesNotes, d.deleteNote},
		{post, pathNotes + "/:id/restore", writesNotes, d.restoreNote},
		{get, layouts.PathResponses, surveys.Viewer, d.responses},
		{get, layouts.PathLoyalty, surveys.Viewer, d.loyalty},
		{get, layouts.PathLoyalty + "/chart/:file", surveys.Viewer, d.saveLoyaltyChart},
		{post, pathCompute, surveys.Manager, d.computeLoyalty},
		{get, pathRisks, seesPeople, d.risks},
	}
}

// surveyRoutes are the addresses of surveys and of whom they ask.
func (d *desk) surveyRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/surveys/new", surveys.Manager, d.newSurvey},
		{post, "/surveys", surveys.Manager, d.createSurvey},
		{get, "/surveys/preview", surveys.Viewer, d.previewNew},
		{post, "/surveys/preview", surveys.Viewer, d.previewForm},
		{post, "/surveys/draft", surveys.Manager, d.draftSurvey},
		{post, "/surveys/:id/draft", surveys.Manager, d.draftSurvey},
		{get, "/surveys/:id/edit", surveys.Manager, d.editSurvey},
		{post, "/surveys/:id", surveys.Manager, d.updateSurvey},
		{get, "/surveys/:id/preview", surveys.Viewer, d.previewSurvey},
		{get, "/surveys/:id/code.:kind", surveys.Viewer, d.surveyCode},
		{post, "/surveys/:id/status", surveys.Manager, d.setSurveyStatus},
		{get, layouts.PathPeople, surveys.Viewer, d.people},
		{get, "/people/:id", surveys.Viewer, d.person},
		{post, "/people/:id/stop", surveys.Agent, d.stopAsking},
		{post, "/people/:id/resume", surveys.Agent, d.askAgain},
		{get, "/people/:id/erase", surveys.Agent, d.confirmErase},
		{post, "/people/:id/erase", surveys.Agent, d.erase},
	}
}

// settingRoutes are the addresses of the settings, the workspace's and a member's own.
func (d *desk) settingRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, layouts.PathSettings, surveys.Viewer, d.settings},
		{post, layouts.PathSettings, surveys.Manager, d.saveSettings},
		{get, pathDigest, surveys.Viewer, d.digest},
		{post, pathDigest, surveys.Viewer, d.saveDigest},
		{post, pathDigestWeekly, surveys.Viewer, d.digestWeekly},
		{post, pathDigestNow, surveys.Viewer, d.sendDigest},
		{get, pathDigestLetter, surveys.Viewer, d.digestLetter},
		{post, "/settings/keys", surveys.Manager, d.createKey},
		{get, "/settings/keys/:id/delete", surveys.Manager, d.confirmDeleteKey},
		{post, "/settings/keys/:id/delete", surveys.Manager, d.deleteKey},
		{get, pathThemes, surveys.Viewer, d.themeRules},
		{post, pathThemes, surveys.Manager, d.createTheme},
		{post, pathThemes + "/starter", surveys.Manager, d.beginThemes},
		{get, pathThemes + "/new", surveys.Manager, d.newTheme},
		{get, pathThemes + "/:id", surveys.Manager, d.editTheme},
		{post, pathThemes + "/:id", surveys.Manager, d.updateTheme},
		{post, pathThemes + "/:id/delete", surveys.Manager, d.deleteTheme},
		{post, pathThemes + "/:id/restore", surveys.Manager, d.restoreTheme},
		{get, pathPlan, surveys.Viewer, d.loyaltyPlan},
		{post, pathPlan, surveys.Manager, d.saveLoyaltyPlan},
		{get, pathBenchmarks, surveys.Viewer, d.benchmarks},
		{post, pathBenchmarks, surveys.Manager, d.createBenchmark},
		{post, pathBenchmarks + "/starter", surveys.Manager, d.addStarterBenchmarks},
		{get, pathBenchmarks + "/new", surveys.Manager, d.newBenchmark},
		{get, pathBenchmarks + "/:id", surveys.Manager, d.editBenchmark},
		{post, pathBenchmarks + "/:id", surveys.Manager, d.updateBenchmark},
		{post, pathBenchmarks + "/:id/shown", surveys.Manager, d.setBenchmarkShown},
		{get, pathBenchmarks + "/:id/delete", surveys.Manager, d.confirmDeleteBenchmark},
		{post, pathBenchmarks + "/:id/delete", surveys.Manager, d.deleteBenchmark},
	}
}

// newDesk gathers what the handlers work with.
func newDesk(site *web.Site) *desk {
	return &desk{
		site: site, reports: flow.NewReports(site.Store), others: flow.NewBenchmarks(site.Store), wanted: flow.NewThemes(site.Store),
		stays: flow.NewLoyalty(site.Store), movers: flow.NewDrivers(site.Store), digests: flow.NewDigests(site.Store),
		notes: flow.NewNotes(site.Store), shares: flow.NewShares(site.Store, site.Directory), lists: flow.NewLists(site.Store), trials: flow.NewRuleTrials(site.Store),
	}
}

// Register declares the routes of the back office.
func Register(e *echo.Echo, site *web.Site) {
	d := newDesk(site)
	d.declare(e, d.routes())
	d.registerDigestStop(e)
}

// LargeBodies are the paths that files are sent to, and what they take.
func LargeBodies() map[string]int64 {
	return map[string]int64{layouts.PathSettings: web.LogoBodyLimit, pathLists: web.ListBodyLimit, pathSuppressions: web.ListBodyLimit}
}

func (d *desk) declare(e *echo.Echo, routes []route) {
	for _, r := range routes {
		limit := int64(web.BodyLimit)
		for path, most := range LargeBodies() {
			if r.path == path || path != layouts.PathSettings && strings.HasPrefix(r.path, path) {
				limit = most
			}
		}
		e.Add(r.method, r.path, d.visited(r.handle), web.LimitBody(limit), d.site.Session, d.site.Require(r.least))
	}
}

// visit is one request of a member of the team.
type visit struct {
	echo.Context
	site *web.Site
	l    *i18n.Localizer
	w    flow.Office
	user surveys.User
}

// visited hands a request to a handler, with who asks.
func (d *desk) visited(handle func(visit) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		member, ok := web.MemberOf(c)
		if !ok { // Require stands before
			return surveys.Fail(surveys.Unauthorized, "role_needed")
		}
		return handle(visit{Context: c, site: d.site, l: d.site.Localizer(c), w: member.Office, user: member.User})
	}
}

func (v visit) ctx() context.Context { return v.Request().Context() }

// page is the frame of a page of a section.
func (v visit) page(title string, section layouts.Section) layouts.Page {
	return v.site.Page(v.Context, title, section)
}

// may reports whether the member's role is at least least.
func (v visit) may(least surveys.Role) bool { return v.user.Role.Allows(least) }

// action is a button for those whose role is at least least, and nil for
// others.
func (v visit) action(least surveys.Role, a components.Action) *components.Action {
	if !v.may(least) {
		return nil
	}
	return &a
}

// done says so on the next page.
func (v visit) done(flash, path string) error {
	v.site.Flash(v.Context, flash)
	return web.SeeOther(v.Context, path)
}

// survey is the one that the address names.
func (v visit) survey() (surveys.Survey, error) {
	return v.site.Store.Survey(v.ctx(), v.w.ID, v.Param("id"))
}

// fieldErrors are the messages of an error by the path of the field; nil when
// it is about no field.
func (v visit) fieldErrors(err error) map[string]string { return web.FieldErrors(v.l, err) }

// unsent warns that no mail leaves; nil when it does.
func (v visit) unsent() *components.Note {
	if v.site.Mail != web.MailWaits {
		return nil
	}
	if sender, err := v.site.Store.Sender(v.ctx(), v.w.ID); err == nil && len(sender.Relay) > 0 {
		return nil // the workspace has a mail server of its own
	}
	return &components.Note{Kind: components.Warning, Text: v.l.T("office.unsent")}
}

// invalid reports an error that the form's reader can correct.
func invalid(err error) bool { return surveys.KindOf(err) == surveys.Invalid }

// withQuery is a path with the parameters that are not empty, in the order of
// their names.
func withQuery(path string, parameters map[string]string) string {
	query := url.Values{}
	for name, value := range parameters {
		if value != "" {
			query.Set(name, value)
		}
	}
	if len(query) == 0 {
		return path
	}
	return path + "?" + query.Encode()
}
