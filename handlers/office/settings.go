package office

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
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
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	stored, err := v.site.Store.Workspace(v.ctx(), v.w.ID)
	if err != nil {
		return err
	}
	w := readWorkspace(form, stored)
	if w, err = v.readLogo(form, w); err != nil {
		return err
	}
	if _, err = v.site.Team.ChangeWorkspace(v.ctx(), w); invalid(err) {
		return settingsForm{visit: v, workspace: w, stored: stored, sent: form, problem: err}.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if w.TimeZone != stored.TimeZone {
		return v.done("settings_recount", layouts.PathSettings)
	}
	return v.done("settings_saved", layouts.PathSettings)
}

// readWorkspace reads the form over the stored settings.
func readWorkspace(form url.Values, w surveys.Workspace) surveys.Workspace {
	w.Name, w.Color, w.TimeZone, w.Locale = form.Get("name"), form.Get("color"), strings.TrimSpace(form.Get("timezone")), form.Get("locale")
	w.Address, w.ReplyTo = strings.ReplaceAll(form.Get("address"), "\r\n", "\n"), form.Get("reply_to")
	w.Segments = strings.FieldsFunc(form.Get("segments"), func(r rune) bool { return strings.ContainsRune(", ;\r\n\t", r) })
	return w
}

// readLogo takes the picture of the form, or takes the logo away. What kind of
// picture it is says its content, never its name.
func (v visit) readLogo(form url.Values, w surveys.Workspace) (surveys.Workspace, error) {
	if form.Get("logo_remove") != "" {
		w.Logo, w.LogoType = nil, ""
	}
	header, err := v.FormFile("logo")
	if errors.Is(err, http.ErrMissingFile) || errors.Is(err, http.ErrNotMultipart) || (err == nil && header.Size == 0) {
		return w, nil
	}
	if err != nil {
		return w, web.ReadFailure(fmt.Errorf("read the logo: %w", err))
	}
	picture, err := readFile(header)
	if err != nil {
		return w, err
	}
	w.Logo, w.LogoType = picture, http.DetectContentType(picture)
	return w, nil
}

// readFile reads an uploaded file, up to one byte more than a logo may have.
func readFile(header *multipart.FileHeader) ([]byte, error) {
	file, err := header.Open()
	if err != nil {
		return nil, fmt.Errorf("open the uploaded file: %w", err)
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, surveys.MaxLogoBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read the uploaded file: %w", err)
	}
	return content, nil
}

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

// deleteKey takes an API key away.
func (d *desk) deleteKey(v visit) error {
	if err := v.site.Team.RemoveKey(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return err
	}
	return v.done("key_deleted", layouts.PathSettings+"#keys")
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
