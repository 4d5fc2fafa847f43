package office

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// settings shows what belongs to the workspace as a whole. Those who may not
// change it see it locked.
func (d *desk) settings(v visit) error {
	stored, err := v.site.Store.Workspace(v.ctx(), v.w.ID) // not the Directory's, which may be a second old
	if err != nil {
		return err
	}
	return settingsForm{visit: v, workspace: stored}.show(http.StatusOK)
}

// saveSettings stores the workspace's settings.
func (d *desk) saveSettings(v visit) error {
	stored, err := v.site.Store.Workspace(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	form, err := v.settingsSent()
	if surveys.KindOf(err) == surveys.TooLarge { // nothing else in this form can be
		return settingsForm{visit: v, workspace: stored, problem: wrongLogo(surveys.FieldError{Code: "logo_size", Args: map[string]any{"max": maxLogoUpload >> 10}})}.show(http.StatusRequestEntityTooLarge)
	}
	if err != nil {
		return err
	}
	w, problem := v.readLogo(form, readWorkspace(form, stored))
	if problem == nil {
		_, problem = v.site.Team.ChangeWorkspace(v.ctx(), w)
	}
	if invalid(problem) {
		return settingsForm{visit: v, workspace: w, stored: stored, sent: form, problem: problem}.show(http.StatusUnprocessableEntity)
	}
	if problem != nil {
		return problem
	}
	if w.TimeZone != stored.TimeZone {
		return v.done("settings_recount", layouts.PathSettings)
	}
	return v.done("settings_saved", layouts.PathSettings)
}

// settingsSent reads the form with its picture, all of it in memory: a server
// may have no disk to write on.
func (v visit) settingsSent() (url.Values, error) {
	if err := v.Request().ParseMultipartForm(web.LogoBodyLimit); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return nil, web.ReadFailure(fmt.Errorf("read the settings: %w", err))
	}
	return web.Form(v)
}

// readWorkspace reads the form over the stored settings.
func readWorkspace(form url.Values, w surveys.Workspace) surveys.Workspace {
	w.Name, w.Color, w.TimeZone, w.Locale = form.Get("name"), form.Get("color"), strings.TrimSpace(form.Get("timezone")), form.Get("locale")
	w.Address = strings.ReplaceAll(form.Get("address"), "\r\n", "\n")
	w.Segments = strings.FieldsFunc(form.Get("segments"), func(r rune) bool { return strings.ContainsRune(", ;\r\n\t", r) })
	readCaps(form, &w)
	return w
}

// show renders the settings.
func (f settingsForm) show(status int) error {
	keys, err := f.site.Store.APIKeys(f.ctx(), f.w.ID)
	if err != nil {
		return err
	}
	return web.Render(f, status, office.SettingsPage(f.page(keys)))
}

// officeWith is a workspace as the pages take it.
func officeWith(w surveys.Workspace) flow.Office {
	return flow.Office{Workspace: w, Zone: w.Location()}
}
