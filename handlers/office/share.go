package office

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// shares lists the links to a report, with the form for one to the report as it
// is seen now.
func (d *desk) shareList(v visit) error {
	f, err := d.shareForm(v)
	if err != nil {
		return err
	}
	return f.show(http.StatusOK)
}

// createShare makes a link and shows it. It answers with the page itself: the
// link is nowhere but in this one response.
func (d *desk) createShare(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	f, err := d.shareForm(v)
	if err != nil {
		return err
	}
	f.sent = form
	if len(f.view.ignored) > 0 { // more would be shown than was asked for
		f.unclear = true
		return f.show(http.StatusUnprocessableEntity)
	}
	share := surveys.Share{
		SurveyID: f.survey.ID, Label: form.Get("label"), Query: f.view.parameters().Encode(), Comments: form.Get("comments") != "",
		UserID: v.user.ID, Author: authorOf(v.user), ExpiresAt: f.until(form),
	}
	_, token, err := d.shares.Create(v.ctx(), v.w.Workspace, share)
	if invalid(err) {
		f.problem = err
		return f.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	f.sent, f.made = nil, token
	return f.show(http.StatusCreated)
}

// shareForm is the page of a report's links.
type shareForm struct {
	reading
	desk    *desk
	sent    url.Values // nil: not sent yet
	problem error
	unclear bool          // the view that was to be shared cannot be had as it was asked for
	made    surveys.Token // just now; "": none was
}

func (d *desk) shareForm(v visit) (shareForm, error) {
	r, err := d.read(v)
	return shareForm{reading: r, desk: d}, err
}

// shareDays are for how long a link can be opened, to choose from.
func shareDays() []int { return []int{7, 30, 90} }

// until is when a link ends: with the day that was written, or so many days
// from now. What cannot be meant is a time that no check lets through.
func (f shareForm) until(form url.Values) time.Time {
	if text := form.Get("until"); text != "" {
		day, err := analysis.ParseDay(text)
		if err != nil {
			return time.Time{}
		}
		return midnight(day+1, f.w.Zone).UTC()
	}
	for _, days := range shareDays() {
		if form.Get("days") == strconv.Itoa(days) {
			return f.site.Store.Now().AddDate(0, 0, days)
		}
	}
	return time.Time{}
}

// sharesPath is where a survey's links are.
func sharesPath(survey surveys.Survey) string { return reportPath(survey) + "/shares" }

// show renders the page.
func (f shareForm) show(status int) error {
	list, err := f.site.Store.Shares(f.ctx(), f.w.ID, f.survey.ID)
	if err != nil {
		return err
	}
	title := f.l.T("share.title")
	page := office.Shares{
		Page: f.page(title), What: f.l.T("share.what", "what", f.listed(f.what())), Form: f.fields(), Note: f.note(), Wishes: f.wishes(),
		Crumbs: []components.Crumb{{Text: f.l.T("office.scores.title"), Address: layouts.PathScores}, {Text: f.survey.Name, Address: f.view.address(nil)}, {Text: title}},
	}
	for _, column := range []string{"label", "made", "until", "opened"} {
		page.Columns = append(page.Columns, components.Column{Text: f.l.T("share.column." + column)})
	}
	page.Columns = append(page.Columns, components.Column{})
	if f.made != "" {
		page.New = f.site.Link("/share/" + string(f.made))
		page.NewTV = page.New + "/tv"
	}
	now := f.site.Store.Now()
	for _, s := range list {
		if s.Open(now) == nil {
			page.Open = append(page.Open, f.row(s))
		} else {
			page.Ended = append(page.Ended, f.row(s))
		}
	}
	return web.Render(f, status, office.SharesPage(page))
}

// note says why no link was made; nil when none was asked for, or it was made.
func (f shareForm) note() *components.Note {
	if f.unclear {
		return &components.Note{Kind: components.Failure, Text: f.l.T("share.unclear")}
	}
	return f.wrongNote(f.problem)
}

// page is the frame of the links' page.
func (f shareForm) page(title string) layouts.Page { return f.visit.page(title, layouts.Scores) }

// listed writes a list in one line.
func (f shareForm) listed(list []string) string {
	text := ""
	for i, part := range list {
		if i > 0 {
			text += " · "
		}
		text += part
	}
	return text
}

// fields are the form, as it was sent or with what most will want.
func (f shareForm) fields() office.ShareForm {
	sent := f.sent
	if sent == nil {
		sent = url.Values{"days": {"30"}}
	}
	wrong := f.fieldErrors(f.problem)
	label := func(name string) components.Field {
		return components.Field{Name: name, Label: f.l.T("share.field." + name), Help: f.l.T("share.field." + name + "_help")}
	}
	form := office.ShareForm{
		Action:   withValues(sharesPath(f.survey), f.view.parameters()),
		Label:    components.TextInput{Field: label("label"), Value: sent.Get("label"), Limit: surveys.MaxShareLabel, Autocomplete: "off"},
		Days:     components.Choices{Field: components.Field{Name: "days", Label: f.l.T("share.field.days")}},
		Until:    components.TextInput{Field: label("until"), Type: "date", Value: sent.Get("until")},
		Comments: components.Check{Field: label("comments"), Checked: sent.Get("comments") != ""},
	}
	form.Label.Error, form.Until.Error = wrong["label"], wrong["expires"]
	form.Until.Optional = f.l.T("share.optional")
	form.Label.Focus = form.Label.Error != ""
	form.Until.Focus = form.Until.Error != "" && !form.Label.Focus
	for _, days := range shareDays() {
		text := strconv.Itoa(days)
		form.Days.Options = append(form.Days.Options, components.Option{Value: text, Text: f.l.T("share.days", "days", days), Selected: sent.Get("days") == text})
	}
	return form
}

// row is one link in the list.
func (f shareForm) row(s surveys.Share) office.ShareRow {
	row := office.ShareRow{
		Label: s.Label, Made: f.l.T("share.by", "author", s.Author, "date", s.CreatedAt.In(f.w.Zone)), Until: f.l.DateTime(s.ExpiresAt.In(f.w.Zone)), Opened: f.l.T("share.never"),
	}
	if query, err := url.ParseQuery(s.Query); err == nil {
		seen := reading{visit: f.visit, survey: f.survey, view: readReport("", query, f.today())}
		row.What = f.listed(seen.what())
	}
	if s.Comments {
		row.Comments = f.l.T("share.with_comments")
	}
	if s.OpenedDay != nil {
		row.Opened = f.l.Date(analysis.Day(*s.OpenedDay).Time())
	}
	switch {
	case s.RevokedAt != nil:
		row.Until = f.l.T("share.revoked", "date", s.RevokedAt.In(f.w.Zone))
		if s.Restorable(f.site.Store.Now()) {
			button := components.Action{Text: f.l.T("share.restore"), Label: f.l.T("share.restore_one", "label", s.Label), Kind: components.Secondary}
			row.Restore = &office.Deed{Action: "/shares/" + s.ID + "/restore", Button: button}
		}
	case s.Open(f.site.Store.Now()) == nil:
		row.Revoke = &components.Action{Text: f.l.T("share.revoke"), Label: f.l.T("share.revoke_one", "label", s.Label), Address: "/shares/" + s.ID + "/revoke"}
	}
	return row
}

// share is the link that the address names, as long as it is open.
func (v visit) share() (surveys.Share, error) {
	s, err := v.site.Store.Share(v.ctx(), v.w.ID, v.Param("id"))
	if err == nil && s.Open(v.site.Store.Now()) != nil {
		return s, surveys.Fail(surveys.NotFound, "not_found")
	}
	return s, err
}

// confirmRevokeShare asks before a link is ended.
func (d *desk) confirmRevokeShare(v visit) error {
	s, err := v.share()
	if err != nil {
		return err
	}
	back := "/surveys/" + s.SurveyID + "/shares"
	title := v.l.T("share.confirm.title", "label", s.Label)
	return web.Render(v, http.StatusOK, office.ConfirmPage(office.Confirm{
		Page: v.page(title, layouts.Scores), Title: title, Text: v.l.T("share.confirm.text"), Back: back,
		Crumbs: []components.Crumb{{Text: v.l.T("office.scores.title"), Address: layouts.PathScores}, {Text: v.l.T("share.title"), Address: back}, {Text: s.Label}},
		Points: []string{v.l.T("share.confirm.point.closed"), v.l.T("share.confirm.point.new")},
		Action: "/shares/" + s.ID + "/revoke", Button: v.l.T("share.confirm.button"),
	}))
}

// revokeShare ends a link.
func (d *desk) revokeShare(v visit) error {
	s, err := v.share()
	if err != nil {
		return err
	}
	if err := d.shares.Revoke(v.ctx(), v.w.ID, s.ID); err != nil {
		return err
	}
	return v.done("share_revoked", "/surveys/"+s.SurveyID+"/shares")
}

// restoreShare opens a link again that was just revoked.
func (d *desk) restoreShare(v visit) error {
	id := v.Param("id")
	if err := d.shares.Restore(v.ctx(), v.w.ID, id); err != nil {
		return err
	}
	s, err := v.share()
	if err != nil {
		return err
	}
	return v.done("share_restored", "/surveys/"+s.SurveyID+"/shares")
}
