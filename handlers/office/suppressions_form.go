package office

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// suppression is the entry that the address names.
func (v visit) suppression() (surveys.SuppressedAddress, error) {
	key, err := hex.DecodeString(v.Param("id"))
	if err != nil {
		return surveys.SuppressedAddress{}, surveys.Fail(surveys.NotFound, "not_found")
	}
	a, err := v.site.Store.SuppressionOf(v.ctx(), v.w.ID, key)
	if err == nil && a.ReleasedAt != nil && v.Request().Method == http.MethodGet {
		return a, surveys.Fail(surveys.NotFound, "not_found")
	}
	return a, err
}

// confirmRelease asks before an address gets mail again.
func (d *desk) confirmRelease(v visit) error {
	a, err := v.suppression()
	if err != nil {
		return err
	}
	return v.askRelease(a, nil, http.StatusOK)
}

func (v visit) askRelease(a surveys.SuppressedAddress, problem error, status int) error {
	name := cmp.Or(a.Email, v.l.T("suppressions.erased"))
	title := v.l.T("suppressions.confirm.title")
	view := office.SuppressionRelease{
		Page: v.page(title, layouts.Settings), Crumbs: v.suppressionCrumbs(title), Title: title, Address: name, Text: v.l.T("suppressions.confirm." + string(a.Reason)),
		Action: releasePath(a), Button: components.Action{Text: v.l.T("suppressions.confirm.button"), Kind: components.Danger}, Back: pathSuppressions,
	}
	switch {
	case a.Reason.Wished():
		view.Wish = &components.Check{Field: components.Field{Name: groundsField, Label: v.l.T("suppressions.confirm.wish"), Error: v.fieldErrors(problem)[groundsField]}, Value: string(flow.PersonAsked)}
	case a.Reason == surveys.SuppressedBounced:
		view.Hidden = []office.Hidden{{Name: groundsField, Value: string(flow.AddressWorks)}} // the page says so beside the button
	}
	return web.Render(v, status, office.SuppressionReleasePage(view))
}

// groundsField is why an address may get mail again.
const groundsField = "grounds"

// release lets mails through again. What the person wanted needs their wish.
func (d *desk) release(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	a, err := v.suppression()
	if err != nil {
		return err
	}
	released, err := flow.NewSuppressions(v.site.Store).Release(v.ctx(), v.w.ID, a.Key, flow.ReleaseGrounds(form.Get(groundsField)))
	if invalid(err) {
		return v.askRelease(a, err, http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if released.Beneath != "" {
		return v.done("suppression_beneath", withQuery(pathSuppressions, map[string]string{"address": released.Email}))
	}
	return web.SeeOther(v, withQuery(pathSuppressions, map[string]string{"released": hex.EncodeToString(a.Key)}))
}

// restoreSuppression undoes a release.
func (d *desk) restoreSuppression(v visit) error {
	a, err := v.suppression()
	if err != nil {
		return err
	}
	if err := flow.NewSuppressions(v.site.Store).Restore(v.ctx(), v.w.ID, a.Key); err != nil {
		return err
	}
	return v.done("suppression_restored", pathSuppressions)
}

// suppressionImport is the form of a file, as it was sent.
type suppressionImport struct {
	visit
	reason  surveys.Suppression
	problem error
}

// newSuppressionImport shows an empty form.
func (d *desk) newSuppressionImport(v visit) error {
	return suppressionImport{visit: v, reason: surveys.SuppressedUnsubscribed}.show(http.StatusOK)
}

func (f suppressionImport) show(status int) error {
	wrong := f.fieldErrors(f.problem)
	field := func(name string) components.Field {
		return components.Field{Name: name, Label: f.l.T("suppressions.import." + name), Help: f.l.T("suppressions.import." + name + "_help"), Error: wrong[name]}
	}
	view := office.SuppressionImport{
		Page: f.page(f.l.T("suppressions.import.title"), layouts.Settings), Crumbs: f.suppressionCrumbs(f.l.T("suppressions.import.title")),
		Action: pathSuppressions + "/check", File: field("file"), Reason: components.Choices{Field: field("reason")}, Back: pathSuppressions,
	}
	for _, reason := range surveys.SuppressionReasons() {
		view.Reason.Options = append(view.Reason.Options, components.Option{Value: string(reason), Text: f.l.T("suppressions.reason." + string(reason)), Selected: reason == f.reason})
	}
	return web.Render(f, status, office.SuppressionImportPage(view))
}

// checkSuppressions reads a file and says what it would do. It stores nothing.
func (d *desk) checkSuppressions(v visit) error {
	if err := v.Request().ParseMultipartForm(web.ListBodyLimit); err != nil {
		if surveys.KindOf(web.ReadFailure(err)) == surveys.TooLarge {
			return suppressionImport{visit: v, reason: surveys.SuppressedUnsubscribed, problem: tooLargeList()}.show(http.StatusRequestEntityTooLarge)
		}
		return web.ReadFailure(fmt.Errorf("read the addresses: %w", err))
	}
	f := suppressionImport{visit: v, reason: surveys.Suppression(v.Request().PostForm.Get("reason"))}
	file, err := v.listFile()
	if err != nil {
		return err
	}
	check, err := flow.NewSuppressions(v.site.Store).Check(v.ctx(), v.w.Workspace, file, f.reason)
	if invalid(err) {
		f.problem = err
		return f.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return f.preview(check, file)
}

// previewLines is how many lines of a kind a preview shows.
const previewLines = 20

// preview says what a checked file would do.
func (f suppressionImport) preview(check flow.SuppressionCheck, file []byte) error {
	packed, err := pack(file)
	if err != nil {
		return err
	}
	title := f.l.T("suppressions.preview.title")
	view := office.SuppressionPreview{
		Page: f.page(title, layouts.Settings), Crumbs: f.suppressionCrumbs(title), Action: pathSuppressions + "/import", Back: pathSuppressions + "/import",
		Says:   []string{f.l.N("suppressions.preview.new", int64(len(check.New)))},
		Hidden: []office.Hidden{{Name: "packed", Value: packed}, {Name: "reason", Value: string(f.reason)}},
	}
	view.Says = append(view.Says, f.reasons(check.New)...)
	if check.Known > 0 {
		view.Says = append(view.Says, f.l.N("suppressions.preview.known", int64(check.Known)))
	}
	if len(check.New) > 0 {
		view.Confirm = &components.Action{Text: f.l.N("suppressions.preview.button", int64(len(check.New)))}
	}
	for _, kind := range []struct {
		name  string
		lines []flow.ListLine
	}{{"broken", check.Broken}, {"doubled", check.Doubled}} {
		if n := len(kind.lines); n > 0 {
			view.Problems = append(view.Problems, f.lines(f.l.N("suppressions.preview."+kind.name, int64(n)), kind.lines))
		}
	}
	return web.Render(f, http.StatusOK, office.SuppressionPreviewPage(view))
}

// reasons tells for how many addresses which reason was read, or taken from the
// form.
func (f suppressionImport) reasons(list []flow.SuppressionEntry) []string {
	counts := make(map[surveys.Suppression]int64)
	for _, e := range list {
		counts[e.Reason]++
	}
	var says []string
	for _, reason := range surveys.SuppressionReasons() {
		if n := counts[reason]; n > 0 {
			says = append(says, f.l.N("suppressions.preview.reason", n, "reason", f.l.T("suppressions.reason."+string(reason))))
		}
	}
	return says
}

func (f suppressionImport) lines(title string, lines []flow.ListLine) office.SuppressionLines {
	problem := office.SuppressionLines{Title: title}
	if more := len(lines) - previewLines; more > 0 {
		problem.More, lines = f.l.N("suppressions.preview.more", int64(more)), lines[:previewLines]
	}
	for _, line := range lines {
		problem.Lines = append(problem.Lines, office.ListLine{Line: strconv.Itoa(line.Line), Value: line.Value})
	}
	return problem
}

// importSuppressions stores what was checked.
func (d *desk) importSuppressions(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	file, err := unpack(form.Get("packed"))
	if err != nil {
		return surveys.Wrong(surveys.FieldError{Path: "file", Code: "list_empty"})
	}
	f := suppressionImport{visit: v, reason: surveys.Suppression(form.Get("reason"))}
	moves := flow.NewSuppressions(v.site.Store)
	check, err := moves.Check(v.ctx(), v.w.Workspace, file, f.reason)
	if invalid(err) {
		f.problem = err
		return f.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	if err := moves.Import(v.ctx(), v.w.Workspace, check.New); err != nil {
		return err
	}
	return v.done("suppressions_imported", pathSuppressions)
}
