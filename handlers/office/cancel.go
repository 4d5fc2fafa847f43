package office

import (
	"html"
	"net/http"
	"strings"

	pages "github.com/harkhq/hark/handlers/respond"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// cancelRoutes are the addresses of what people are asked who cancel.
func (d *desk) cancelRoutes() []route {
	const get, post, at = http.MethodGet, http.MethodPost, layouts.PathCancellations
	return []route{
		{get, at, surveys.Viewer, d.cancelFlows},
		{post, at, surveys.Manager, d.createFlow},
		{get, at + "/new", surveys.Manager, d.newFlow},
		{get, at + "/:flow", surveys.Viewer, d.cancelReport},
		{get, at + "/:flow/edit", surveys.Manager, d.editFlow},
		{post, at + "/:flow", surveys.Manager, d.updateFlow},
		{post, at + "/:flow/status", surveys.Manager, d.setFlowStatus},
		{get, at + "/:flow/site", surveys.Manager, d.flowSite},
		{post, at + "/:flow/site", surveys.Manager, d.allowFlowSites},
		{post, at + "/:flow/mail", surveys.Manager, d.askByMail},
	}
}

// cancelFlow is the flow that the address names.
func (v visit) cancelFlow() (surveys.CancelFlow, error) {
	return v.site.Store.CancelFlow(v.ctx(), v.w.ID, v.Param("flow"))
}

func flowPath(f surveys.CancelFlow) string { return layouts.PathCancellations + "/" + f.ID }

// cancelFlows lists the flows.
func (d *desk) cancelFlows(v visit) error {
	flows, err := v.site.Store.CancelFlows(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	page := office.CancelFlows{
		Page: v.page(v.l.T("leaving.title"), layouts.Cancellations),
		New:  v.action(surveys.Manager, components.Action{Text: v.l.T("leaving.new"), Address: layouts.PathCancellations + "/new"}),
	}
	if len(flows) == 0 {
		page.Empty = &components.Empty{Title: v.l.T("leaving.none"), Text: v.l.T("leaving.none_text"), Action: page.New}
		page.New = nil
	}
	now := v.site.Now()
	counts, err := v.site.Store.CountCancellations(v.ctx(), v.w.ID, now.AddDate(0, 0, -quarterDays), now)
	if err != nil {
		return err
	}
	for _, f := range flows {
		page.Rows = append(page.Rows, office.CancelFlowRow{
			Name: f.Name, Address: flowPath(f), Status: v.flowTag(f), Says: v.l.N("leaving.row", counts[f.ID], "days", quarterDays),
		})
	}
	return web.Render(v, http.StatusOK, office.CancelFlowsPage(page))
}

// flowTag says that a flow does not ask; nil when it does.
func (v visit) flowTag(f surveys.CancelFlow) *components.Tag {
	if f.Status == surveys.SurveyActive {
		return nil
	}
	return &components.Tag{Text: v.l.T("leaving.status." + string(f.Status)), Tone: components.Warn}
}

// setFlowStatus pauses, archives or activates a flow.
func (d *desk) setFlowStatus(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	f, err := v.cancelFlow()
	if err != nil {
		return err
	}
	f.Status = surveys.SurveyStatus(form.Get("status"))
	if _, err := v.site.Cancelling.UpdateFlow(v.ctx(), f); err != nil {
		return err
	}
	return v.done("flow_saved", flowPath(f))
}

// flowCrumbs lead to a flow.
func (v visit) flowCrumbs(f surveys.CancelFlow, more ...string) []components.Crumb {
	crumbs := []components.Crumb{{Text: v.l.T("leaving.title"), Address: layouts.PathCancellations}, {Text: f.Name, Address: flowPath(f)}}
	for _, text := range more {
		crumbs = append(crumbs, components.Crumb{Text: text})
	}
	if len(more) == 0 {
		crumbs[1].Address = ""
	}
	return crumbs
}

// flowSite shows how to put a flow onto a website.
func (d *desk) flowSite(v visit) error {
	f, err := v.cancelFlow()
	if err != nil {
		return err
	}
	return v.showFlowSite(f, "", nil)
}

// allowFlowSites stores which sites may show a flow.
func (d *desk) allowFlowSites(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	f, err := v.cancelFlow()
	if err != nil {
		return err
	}
	f.Origins = readSites(form.Get("origins"))
	if _, err := v.site.Cancelling.UpdateFlow(v.ctx(), f); invalid(err) {
		return v.showFlowSite(f, form.Get("origins"), err)
	} else if err != nil {
		return err
	}
	return v.done("embed_sites", flowPath(f)+"/site")
}

func (v visit) showFlowSite(f surveys.CancelFlow, sent string, problem error) error {
	refused, err := v.site.Store.RefusedSites(v.ctx(), v.w.ID, f.ID)
	if err != nil {
		return err
	}
	keys, err := v.site.Store.IdentityKeys(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	title, path, status := v.l.T("embed.title"), flowPath(f), http.StatusOK
	page := office.CancelSite{
		Page: v.page(title, layouts.Cancellations), Title: title, Crumbs: v.flowCrumbs(f, title), Note: v.wrongNote(problem), Action: path + "/site",
		Sites:   embedding{visit: v, survey: surveys.Survey{Origins: f.Origins}, sites: sent, err: problem}.siteField(),
		Refused: v.refusedSites(refused, f.Origins), Lines: v.flowLines(f, keys),
		Address: pages.RehearsalPath(v.w.Workspace, f, v.site.Now()), Mail: path + "/mail", Visitors: path + "/visitors",
	}
	if len(f.Origins) == 0 {
		page.Nowhere = v.l.T("leaving.nowhere")
	}
	if problem != nil {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(v, status, office.CancelSitePage(page))
}

// flowLines are what goes into the website's page, and what its server sends.
func (v visit) flowLines(f surveys.CancelFlow, keys []surveys.IdentityKey) []office.CancelLines {
	home, id, named := strings.TrimSuffix(v.site.Link("/"), "/"), f.PublicID(v.w.Key), ""
	if len(keys) > 0 {
		named = ` token-url="/hark-token"`
	}
	lines := []office.CancelLines{
		{ID: "element", Label: v.l.T("embed.lines"), Text: `<script src="` + home + `/embed/v1.js" async></script>` + "\n" + `<hark-cancel flow="` + id + `" selector="#cancel"` + named + `></hark-cancel>`},
		{ID: "link", Label: v.l.T("embed.lines"), Text: `<a href="` + home + "/c/" + id + `?hark-return=https%3A%2F%2Fshop.example%2Fcancel">` + html.EscapeString(v.l.T("leaving.words")) + "</a>"},
		{ID: "event", Label: v.l.T("leaving.lines.server"), Text: "curl " + home + "/api/v1/events -H 'Authorization: Bearer KEY' -H 'Content-Type: application/json' \\\n  -d '" + `{"type":"subscription_cancelled","id":"sub_17-end","person":{"id":"u-1","email":"anna@example.com"},"properties":{"amount":29.9,"currency":"EUR"}}` + "'"},
	}
	for i, at := range lines {
		lines[i].Title, lines[i].Help = v.l.T("leaving.lines."+at.ID), v.l.T("leaving.lines."+at.ID+"_help")
	}
	return lines
}
