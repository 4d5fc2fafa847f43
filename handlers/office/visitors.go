package office

import (
	"embed"
	"net/http"
	"slices"
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// visitorRoutes are the addresses of how a company's servers say who looks at a survey or a
// cancellation flow.
func (d *desk) visitorRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	routes := []route{{post, "/surveys/:id/embed/visitors", surveys.Manager, d.saveVisitors}}
	for _, at := range []string{"/surveys/:id/embed/visitors", layouts.PathCancellations + "/:flow/visitors"} {
		routes = append(routes,
			route{get, at, surveys.Manager, d.visitors},
			route{post, at + "/keys", surveys.Manager, d.createIdentityKey},
			route{get, at + "/keys/:key/remove", surveys.Manager, d.confirmRemoveIdentityKey},
			route{post, at + "/keys/:key/remove", surveys.Manager, d.removeIdentityKey},
		)
	}
	return routes
}

// snippets are the lines that sign who a visitor is, in each language: functions of the
// language's own library.
//
//go:embed snippets/*.txt
var snippets embed.FS

// snippetLanguages are those of the snippets, with the names that they are known by.
func snippetLanguages() []components.Option {
	return []components.Option{{Value: "go", Text: "Go"}, {Value: "node", Text: "Node.js"}, {Value: "php", Text: "PHP"}, {Value: "python", Text: "Python"}, {Value: "ruby", Text: "Ruby"}}
}

// knowing is how the visitors of a survey or a flow are known.
type knowing struct {
	visit
	survey   *surveys.Survey     // nil for a flow
	flow     *surveys.CancelFlow // nil for a survey
	keys     []surveys.IdentityKey
	language string
	secret   string // of a key that was just made; "" for none
	public   string // a key that was sent; "" for none
	err      error
}

func (v visit) knowing() (knowing, error) {
	k := knowing{visit: v, language: v.QueryParam("code")}
	if v.Param("flow") != "" {
		f, err := v.cancelFlow()
		if err != nil {
			return k, err
		}
		k.flow = &f
	} else {
		survey, err := v.survey()
		if err != nil {
			return k, err
		}
		k.survey = &survey
	}
	var err error
	k.keys, err = v.site.Store.IdentityKeys(v.ctx(), v.w.ID)
	languages := snippetLanguages()
	if !slices.ContainsFunc(languages, func(o components.Option) bool { return o.Value == k.language }) {
		k.language = languages[0].Value
	}
	return k, err
}

// visitors shows how visitors are known.
func (d *desk) visitors(v visit) error {
	k, err := v.knowing()
	if err != nil {
		return err
	}
	return k.show(http.StatusOK)
}

// saveVisitors stores whether only visitors who are known are asked.
func (d *desk) saveVisitors(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	k, err := v.knowing()
	if err != nil {
		return err
	}
	k.survey.Identified = form.Has("identified")
	if _, err := v.site.Asking.UpdateSurvey(v.ctx(), *k.survey); err != nil {
		return err
	}
	return v.done("visitors_saved", k.path())
}

// createIdentityKey makes a key and shows its secret, with the page itself as
// [desk.createKey] does, or takes one of the company's own.
func (d *desk) createIdentityKey(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	k, err := v.knowing()
	if err != nil {
		return err
	}
	key, secret, err := v.site.Visitors.AddKey(v.ctx(), v.w.ID, surveys.IdentityAlgorithm(form.Get("algorithm")), form.Get("public"))
	if kind := surveys.KindOf(err); kind == surveys.Invalid || kind == surveys.Conflict || kind == surveys.Unavailable {
		k.public, k.err = form.Get("public"), err
		return k.show(web.Status(err))
	}
	if err != nil {
		return err
	}
	if secret == "" {
		return v.done("identity_key_added", k.path())
	}
	k.keys, k.secret = append(k.keys, key), secret
	return k.show(http.StatusCreated)
}

// identityKey is the key that the address names.
func (k knowing) identityKey() (surveys.IdentityKey, error) {
	place := slices.IndexFunc(k.keys, func(key surveys.IdentityKey) bool { return key.ID == k.Param("key") })
	if place < 0 {
		return surveys.IdentityKey{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	return k.keys[place], nil
}

// confirmRemoveIdentityKey asks before a key goes, by which visitors are known.
func (d *desk) confirmRemoveIdentityKey(v visit) error {
	k, err := v.knowing()
	if err != nil {
		return err
	}
	key, err := k.identityKey()
	if err != nil {
		return err
	}
	title := v.l.T("visitors.confirm.title", "key", keyName(key))
	return web.Render(v, http.StatusOK, office.ConfirmPage(office.Confirm{
		Page: v.page(title, k.section()), Title: title, Text: v.l.T("office.keys.confirm.text"),
		Crumbs: append(k.crumbs(), components.Crumb{Text: v.l.T("visitors.title"), Address: k.path()}, components.Crumb{Text: keyName(key)}),
		Points: []string{v.l.T("visitors.confirm.point.refused"), v.l.T("visitors.confirm.point.all"), v.l.T("visitors.confirm.point.stays")},
		Action: k.path() + "/keys/" + key.ID + "/remove", Button: v.l.T("visitors.confirm.button"), Back: k.path(),
	}))
}

// removeIdentityKey takes a key away.
func (d *desk) removeIdentityKey(v visit) error {
	k, err := v.knowing()
	if err != nil {
		return err
	}
	key, err := k.identityKey()
	if err != nil {
		return err
	}
	if err := v.site.Visitors.RemoveKey(v.ctx(), v.w.ID, key.ID); err != nil {
		return err
	}
	return v.done("identity_key_removed", k.path())
}

func (k knowing) path() string {
	if k.flow != nil {
		return flowPath(*k.flow) + "/visitors"
	}
	return "/surveys/" + k.survey.ID + "/embed/visitors"
}

func (k knowing) section() layouts.Section {
	if k.flow != nil {
		return layouts.Cancellations
	}
	return layouts.Scores
}

// audience is what the tokens are for.
func (k knowing) audience() string {
	if k.flow != nil {
		return k.flow.PublicID(k.w.Key)
	}
	return k.survey.PublicID(k.w.Key)
}

// crumbs lead to the page of how the survey or the flow gets onto a website.
func (k knowing) crumbs() []components.Crumb {
	if k.flow != nil {
		crumbs := k.flowCrumbs(*k.flow, k.l.T("embed.title"))
		crumbs[2].Address = flowPath(*k.flow) + "/site"
		return crumbs
	}
	return []components.Crumb{
		{Text: k.l.T("office.scores.title"), Address: layouts.PathScores}, {Text: k.survey.Name, Address: "/surveys/" + k.survey.ID},
		{Text: k.l.T("embed.title"), Address: "/surveys/" + k.survey.ID + "/embed"},
	}
}

func (k knowing) show(status int) error {
	title := k.l.T("visitors.title")
	view := office.Visitors{
		Page: k.page(title, k.section()), Title: title, Lead: k.l.T("visitors.lead"), Use: k.l.T("visitors.page_help", "element", "hark-survey"), Crumbs: append(k.crumbs(), components.Crumb{Text: title}), Note: k.note(), Path: k.path(),
		Secret: k.secret, Full: len(k.keys) >= surveys.MaxIdentityKeys, Code: k.snippet(),
		Public:   components.TextArea{Field: components.Field{Name: "public", Label: k.l.T("visitors.public"), Help: k.l.T("visitors.public_help"), Error: k.fieldErrors(k.err)["public"]}, Value: k.public, Rows: 4, Placeholder: "-----BEGIN PUBLIC KEY-----"},
		Language: components.Choices{Field: components.Field{Name: "code", Label: k.l.T("visitors.language")}, Options: snippetLanguages()},
	}
	if k.flow != nil {
		view.Lead, view.Use = k.l.T("visitors.flow_lead"), k.l.T("visitors.page_help", "element", "hark-cancel")
	} else {
		view.Known = &components.Check{Field: components.Field{Name: "identified", Label: k.l.T("visitors.known"), Help: k.l.T("visitors.known_help")}, Checked: k.survey.Identified}
	}
	if k.ownKeysOnly() {
		view.OwnKey = k.l.T("visitors.code_own")
	}
	for i, option := range view.Language.Options {
		view.Language.Options[i].Selected = option.Value == k.language
	}
	for _, key := range k.keys {
		view.Keys = append(view.Keys, k.row(key))
	}
	return web.Render(k, status, office.VisitorsPage(view))
}

// note says what is wrong with the page as a whole.
func (k knowing) note() *components.Note {
	switch {
	case k.err == nil && k.survey != nil && k.survey.Identified && len(k.keys) == 0:
		return &components.Note{Kind: components.Warning, Text: k.l.T("visitors.nobody")}
	case k.err == nil || surveys.KindOf(k.err) == surveys.Invalid:
		return k.wrongNote(k.err)
	}
	return &components.Note{Kind: components.Failure, Text: web.Message(k.l, k.err)}
}

func (k knowing) row(key surveys.IdentityKey) office.VisitorKey {
	row := office.VisitorKey{
		Name: keyName(key), Algorithm: string(key.Algorithm), Made: k.l.Date(key.CreatedAt.In(k.w.Zone)), Used: k.l.T("visitors.never"),
		Remove: components.Action{Text: k.l.T("visitors.remove"), Label: k.l.T("visitors.remove") + ": " + keyName(key), Address: k.path() + "/keys/" + key.ID + "/remove", Kind: components.Quiet},
	}
	if key.UsedAt != nil {
		row.Used = k.l.DateTime(key.UsedAt.In(k.w.Zone))
	}
	if k.site.Visitors.Closed(key) {
		row.Tag = components.Tag{Text: k.l.T("visitors.closed"), Tone: components.Bad}
	}
	return row
}

// keyName is what a key is called among two.
func keyName(key surveys.IdentityKey) string { return key.ID[max(0, len(key.ID)-8):] }

// ownKeysOnly reports whether all keys are the company's own, which the lines do not sign
// with: no language has Ed25519 and JWT in so few.
func (k knowing) ownKeysOnly() bool {
	return len(k.keys) > 0 && !slices.ContainsFunc(k.keys, func(key surveys.IdentityKey) bool { return key.Algorithm == surveys.IdentityHS256 })
}

// snippet are the lines of a language with the ids of what the tokens are for and of the latest key.
func (k knowing) snippet() string {
	text, err := snippets.ReadFile("snippets/" + k.language + ".txt")
	if err != nil {
		return ""
	}
	kid := "KEY"
	for _, key := range k.keys {
		if key.Algorithm == surveys.IdentityHS256 || k.ownKeysOnly() {
			kid = key.ID
		}
	}
	return strings.NewReplacer("{kid}", kid, "{iss}", k.w.Key, "{aud}", k.audience()).Replace(string(text))
}
