package office

import (
	"fmt"
	"net/url"
	"slices"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// digestOff is what the form sends of a digest that is not wanted.
const digestOff = "off"

// digestForm is the page of a member's digest, as stored or as sent.
type digestForm struct {
	visit
	digest  surveys.Digest
	sent    url.Values // nil: not sent yet
	problem error
}

// show renders the page.
func (f digestForm) show(status int) error {
	list, err := f.site.Store.Surveys(f.ctx(), f.w.ID)
	if err != nil {
		return err
	}
	return web.Render(f, status, office.DigestPage(f.page(list)))
}

func (f digestForm) page(list []surveys.Survey) office.DigestSettings {
	wrong := f.fieldErrors(f.problem)
	title := f.l.T("digest.title")
	view := office.DigestSettings{
		Page:   f.visit.page(title, ""),
		Crumbs: []components.Crumb{{Text: f.l.T("auth.account.title"), Address: layouts.PathAccount}, {Text: title}},
		Note:   f.wrongNote(f.problem), Unsent: f.unsent(), Failed: f.failed(), Next: f.next(), Last: f.last(),
		Action: pathDigest, Every: f.paces(wrong["every"]), Hour: f.hours(wrong["hour"]), SurveysError: wrong["surveys"],
		Comments: components.Check{
			Field:   components.Field{Name: "comments", Label: f.l.T("digest.comments"), Help: f.l.T("digest.comments_help")},
			Checked: f.digest.Comments,
		},
	}
	for _, survey := range list {
		if survey.Status != surveys.SurveyArchived {
			view.Surveys = append(view.Surveys, components.Check{
				Field: components.Field{Name: "survey", Label: survey.Name}, Value: survey.ID, Checked: slices.Contains(f.digest.Surveys, survey.ID),
			})
		}
	}
	if f.site.Digests != nil {
		view.Letter = pathDigestLetter
	}
	if view.Unsent == nil {
		view.Now = &office.Deed{Action: pathDigestNow, Button: components.Action{Text: f.l.T("digest.now"), Kind: components.Secondary}}
	}
	return view
}

func (f digestForm) paces(wrong string) components.Choices {
	chosen := digestOff
	switch {
	case f.sent != nil:
		chosen = f.sent.Get("every")
	case f.digest.On():
		chosen = string(f.digest.Every)
	}
	c := components.Choices{Field: components.Field{Name: "every", Label: f.l.T("digest.every"), Help: f.l.T("digest.every_help"), Error: wrong}}
	for _, pace := range []string{digestOff, string(surveys.DigestDaily), string(surveys.DigestWeekly), string(surveys.DigestMonthly)} {
		c.Options = append(c.Options, components.Option{Value: pace, Text: f.l.T("digest.every." + pace), Selected: pace == chosen})
	}
	return c
}

func (f digestForm) hours(wrong string) components.Choices {
	c := components.Choices{Field: components.Field{
		Name: "hour", Label: f.l.T("digest.hour"), Help: f.l.T("digest.hour_help", "zone", f.w.Zone.String()), Error: wrong,
	}}
	for hour := range 24 {
		c.Options = append(c.Options, components.Option{Value: fmt.Sprint(hour), Text: fmt.Sprintf("%02d:00", hour), Selected: hour == f.digest.Hour})
	}
	return c
}

// next says when the next one comes; nothing while it is off.
func (f digestForm) next() string {
	if !f.digest.On() {
		return ""
	}
	return f.l.T("digest.next", "when", f.l.DateTime(f.digest.DueAt.In(f.w.Zone)))
}

// last says when the last one was sent.
func (f digestForm) last() string {
	if f.digest.SentAt == nil {
		return ""
	}
	return f.l.T("digest.last", "when", f.l.DateTime(f.digest.SentAt.In(f.w.Zone)))
}

// failed tells in the mail server's words why the last one did not arrive; nil
// when it did.
func (f digestForm) failed() *components.Note {
	if f.digest.Problem == "" {
		return nil
	}
	return &components.Note{Kind: components.Warning, Text: f.l.T("digest.failed", "problem", f.digest.Problem)}
}
