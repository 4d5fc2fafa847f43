package office

import (
	"net/http"
	"slices"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// keysAt is where the settings list the API keys.
const keysAt = layouts.PathSettings + "#keys"

// createKey makes an API key and shows its secret. It answers with the page
// itself: the secret is nowhere but in this one response, so there is nothing
// to send the browser to.
func (d *desk) createKey(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	scopes := make([]surveys.Scope, 0, len(form["scopes"]))
	for _, scope := range form["scopes"] {
		scopes = append(scopes, surveys.Scope(scope))
	}
	page := settingsForm{visit: v, workspace: v.w.Workspace}
	_, secret, err := v.site.Team.AddKey(v.ctx(), v.w.Workspace, form.Get("key_name"), scopes)
	if invalid(err) {
		page.key = newKey{name: form.Get("key_name"), scopes: scopes, problem: err}
		return page.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	page.key = newKey{secret: surveys.APIKeyPrefix + string(secret)}
	return page.show(http.StatusCreated)
}

// confirmDeleteKey asks before a key is deleted, which stops whatever uses it.
func (d *desk) confirmDeleteKey(v visit) error {
	keys, err := v.site.Store.APIKeys(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	place := slices.IndexFunc(keys, func(key surveys.APIKey) bool { return key.ID == v.Param("id") })
	if place < 0 {
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	title := v.l.T("office.keys.confirm.title", "name", keys[place].Name)
	return web.Render(v, http.StatusOK, office.ConfirmPage(office.Confirm{
		Page: v.page(title, layouts.Settings), Title: title, Text: v.l.T("office.keys.confirm.text"),
		Crumbs: []components.Crumb{{Text: v.l.T("office.settings.title"), Address: layouts.PathSettings}, {Text: v.l.T("office.keys.title"), Address: keysAt}, {Text: keys[place].Name}},
		Points: []string{v.l.T("office.keys.confirm.point.refused"), v.l.T("office.keys.confirm.point.stays")},
		Action: "/settings/keys/" + keys[place].ID + "/delete", Button: v.l.T("office.keys.confirm.button"), Back: keysAt,
	}))
}

// deleteKey takes an API key away.
func (d *desk) deleteKey(v visit) error {
	if err := v.site.Team.RemoveKey(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return err
	}
	return v.done("key_deleted", keysAt)
}
