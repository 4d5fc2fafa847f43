package office

import (
	"html"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// embedRoutes are the addresses of how a survey gets onto a website.
func (d *desk) embedRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, "/surveys/:id/embed", surveys.Manager, d.embed},
		{post, "/surveys/:id/embed", surveys.Manager, d.allowSites},
		{get, "/surveys/:id/embed/example", surveys.Manager, d.embedExample},
	}
}

// The forms in which a website can show a survey, and when those that come by
// themselves do. docs/embedding.md says more of each.
const (
	embedFrame = "frame" // a frame without script
	embedLink  = "link"
)

func embedForms() []string {
	return []string{"inline", "popover", "slide-in", "modal", embedFrame, embedLink}
}

func embedTimes() []string { return []string{"now", "delay", "scroll", "exit", "click", "manual"} }

// embedding is the choice of a form for a survey, and the sites that may show it.
type embedding struct {
	visit
	survey surveys.Survey
	form   string
	time   string // "" where the form is there at once
	sites  string // as sent; "" for those that are stored
	err    error

	refused []surveys.RefusedSite
	named   bool // the company's servers can say who visitors are
}

// embed shows how to put a survey onto a website.
func (d *desk) embed(v visit) error {
	e, err := v.embedding()
	if err != nil {
		return err
	}
	return web.Render(v, http.StatusOK, office.EmbedPage(e.page()))
}

func (v visit) embedding() (embedding, error) {
	survey, err := v.survey()
	if err != nil {
		return embedding{}, err
	}
	refused, err := v.site.Store.RefusedSites(v.ctx(), v.w.ID, survey.ID)
	if err != nil {
		return embedding{}, err
	}
	keys, err := v.site.Store.IdentityKeys(v.ctx(), v.w.ID)
	e := embedding{refused: refused, named: len(keys) > 0, visit: v, survey: survey, form: v.QueryParam("form"), time: v.QueryParam("open")}
	if !slices.Contains(embedForms(), e.form) {
		e.form = embedForms()[0]
	}
	if !slices.Contains(embedTimes(), e.time) {
		e.time = embedTimes()[0]
	}
	if !e.opens() {
		e.time = ""
	}
	return e, err
}

// opens reports whether the form comes some time after the page.
func (e embedding) opens() bool {
	return slices.Contains([]string{"popover", "slide-in", "modal"}, e.form)
}

// allowSites stores which sites may show the survey.
func (d *desk) allowSites(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	e, err := v.embedding()
	if err != nil {
		return err
	}
	e.sites, e.survey.Origins = form.Get("origins"), readSites(form.Get("origins"))
	if _, e.err = v.site.Asking.UpdateSurvey(v.ctx(), e.survey); invalid(e.err) {
		return web.Render(v, http.StatusUnprocessableEntity, office.EmbedPage(e.page()))
	}
	if e.err != nil {
		return e.err
	}
	return v.done("embed_sites", e.path())
}

// readSites are the addresses of a text, one for each word, with names of other
// scripts as browsers send them.
func readSites(text string) []string {
	sites := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" ,;\r\n\t，；、", r) })
	for i, site := range sites {
		scheme, rest, found := strings.Cut(site, "://")
		host, path, _ := strings.Cut(rest, "/")
		if ascii, err := idna.Lookup.ToASCII(host); found && err == nil {
			sites[i] = strings.TrimSuffix(scheme+"://"+ascii+"/"+path, "/")
		}
	}
	return sites
}

func (e embedding) path() string { return "/surveys/" + e.survey.ID + "/embed" }

// query is the choice as an address carries it.
func (e embedding) query() string {
	query := "?form=" + e.form
	if e.time != "" {
		query += "&open=" + e.time
	}
	return query
}

func (e embedding) page() office.Embed {
	title := e.l.T("embed.title")
	view := office.Embed{
		Page: e.visit.page(title, layouts.Scores), Title: title, Action: e.path() + e.query(), Path: e.path(),
		Crumbs: []components.Crumb{{Text: e.l.T("office.scores.title"), Address: layouts.PathScores}, {Text: e.survey.Name, Address: "/surveys/" + e.survey.ID}, {Text: title}},
		Note:   e.wrongNote(e.err), Sites: e.siteField(), Lines: e.lines(), Says: e.l.T("embed.form." + e.form + "_help"), Example: e.path() + "/example" + e.query(),
	}
	view.Refused = e.refusedSites(e.refused, e.survey.Origins)
	if e.form != embedLink {
		view.Visitors = e.path() + "/visitors"
	}
	if len(e.survey.Origins) == 0 && e.form != embedLink {
		view.Nowhere = e.l.T("embed.nowhere")
	}
	view.Form = components.Choices{Field: components.Field{Name: "form", Label: e.l.T("embed.form")}, Options: e.options("embed.form.", embedForms(), e.form)}
	if e.opens() {
		view.Open = &components.Choices{Field: components.Field{Name: "open", Label: e.l.T("embed.open")}, Options: e.options("embed.open.", embedTimes(), e.time)}
	}
	return view
}

// refusedSites are those that tried to show something and are not among its sites.
func (v visit) refusedSites(refused []surveys.RefusedSite, origins []string) []office.RefusedSite {
	var list []office.RefusedSite
	for _, site := range refused {
		if !slices.Contains(origins, site.Origin) {
			list = append(list, office.RefusedSite{
				Text: v.l.T("embed.refused", "site", site.Origin, "when", v.l.DateTime(site.At.In(v.w.Zone))), Allow: v.l.T("embed.allow"),
				Origins: strings.Join(append(slices.Clone(origins), site.Origin), "\n"),
			})
		}
	}
	return list
}

func (e embedding) options(key string, list []string, chosen string) []components.Option {
	options := make([]components.Option, len(list))
	for i, name := range list {
		options[i] = components.Option{Value: name, Text: e.l.T(key + name), Selected: name == chosen}
	}
	return options
}

// siteField is the list of sites, with what is wrong in it.
func (e embedding) siteField() components.TextArea {
	field := components.TextArea{
		Field: components.Field{Name: "origins", Label: e.l.T("embed.sites"), Help: e.l.T("embed.sites_help"), Optional: e.l.T("embed.sites_none")},
		Value: strings.Join(e.survey.Origins, "\n"), Rows: 3, Placeholder: "https://shop.example",
	}
	if e.sites != "" {
		field.Value = e.sites
	}
	for path, text := range e.fieldErrors(e.err) {
		if path == "origins" || strings.HasPrefix(path, "origins.") {
			field.Error = text
		}
	}
	return field
}

// lines are what goes into the website's page.
func (e embedding) lines() string {
	home, id := strings.TrimSuffix(e.site.Link("/"), "/"), e.survey.PublicID(e.w.Key)
	words := html.EscapeString(e.l.T("embed.words"))
	link := `<a href="` + home + "/s/" + id + `">` + words + "</a>"
	script := `<script src="` + home + `/embed/v1.js" async></script>` + "\n"
	inside := link
	if e.survey.Identified { // whom the link would ask all the same
		inside = ""
	}
	switch e.form {
	case embedLink:
		return link
	case embedFrame:
		return `<iframe src="` + home + "/e/" + id + `" title="` + words + `" width="100%" height="640" style="border:0"></iframe>`
	case embedForms()[0]:
		return script + `<hark-survey survey="` + id + `"` + e.tokenAttribute() + `>` + inside + "</hark-survey>"
	}
	return script + "<hark-survey" + e.attributes(id) + "></hark-survey>"
}

// attributes are those of a form that comes some time after the page.
func (e embedding) attributes(id string) string {
	text := ` survey="` + id + `" mode="` + e.form + `" open="` + e.time + `"`
	switch e.time {
	case "delay":
		text += ` delay="10"`
	case "scroll":
		text += ` scroll="50"`
	case "click":
		text += ` selector="#feedback"`
	}
	return text + e.tokenAttribute()
}

// tokenAttribute is where the page finds who its visitor is, once there is a key.
func (e embedding) tokenAttribute() string {
	if !e.named {
		return ""
	}
	return ` token-url="/hark-token"`
}

// embedExample is a page like a website's, with the survey as it would stand there.
// What is answered in it goes nowhere.
func (d *desk) embedExample(v visit) error {
	e, err := v.embedding()
	if err != nil {
		return err
	}
	v.framedByOffice()
	example := office.EmbedExample{
		L: v.l, Nonce: web.Nonce(v), Title: v.l.T("embed.example"), Script: "/embed/v1.js", Survey: e.survey.PublicID(v.w.Key), Mode: e.form,
		Preview: "/surveys/" + e.survey.ID + "/preview",
	}
	switch e.time {
	case "click", "manual", "exit":
		example.Button = v.l.T("embed.words")
	}
	return web.Render(v, http.StatusOK, office.EmbedExamplePage(example))
}
