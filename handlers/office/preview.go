package office

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"

	pages "github.com/harkhq/hark/handlers/respond"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/respond"
)

// previewSurvey shows a survey's page as it is stored.
func (d *desk) previewSurvey(v visit) error {
	survey, err := v.survey()
	if err != nil {
		return err
	}
	return v.preview(survey, v.QueryParam("lang"))
}

// previewNew shows the usual page of a metric.
func (d *desk) previewNew(v visit) error {
	return v.preview(surveys.Survey{Metric: surveys.Metric(v.QueryParam("metric"))}, v.QueryParam("lang"))
}

// previewForm shows the page that a form would make, without storing it.
func (d *desk) previewForm(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	draft, err := sentSurvey(surveys.Survey{}, form, v.w.Zone)
	if err != nil && !invalid(err) {
		return err
	}
	return v.preview(draft, cmp.Or(v.QueryParam("lang"), form.Get("preview")))
}

// framedByOffice lets a page be framed by the office, and by nobody else.
func (v visit) framedByOffice() {
	header := v.Response().Header()
	header.Set("Content-Security-Policy", strings.Replace(header.Get("Content-Security-Policy"), "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
}

// preview writes the page that customers see in a language, with nothing to be sent. It may
// be framed by the office, and by nobody else.
func (v visit) preview(survey surveys.Survey, lang string) error {
	survey.Metric = metricOr(survey.Metric)
	l := v.site.Catalogue.Letter(lang, survey.UsualLocale(v.w.Workspace))
	v.framedByOffice()
	question := respond.Question{
		Frame: respond.Frame{
			L: l, Nonce: web.Nonce(v), Style: v.site.Assets.Text("css/survey.css"),
			Brand: respond.Brand{Name: v.w.Name, Colour: v.w.Color, Logo: pages.LogoPath(v.w.Workspace)},
		},
		Words: pages.Words(l, v.w.Workspace, survey), Style: survey.Question.Style, Preview: components.Preview,
		FollowUps: pages.FollowUps(l, v.w.Workspace, survey, v.QueryParam("score")),
	}
	if host := v.QueryParam("hark-host"); host != "" { // shown by the element of an example page, which is the office's
		question.Frame.Embed = respond.Embed{
			Style: v.site.Assets.Text("css/embed.css"), Script: v.site.Assets.Path("js/frame.js"), Host: host, Theme: v.QueryParam("hark-theme"),
		}
	}
	for _, score := range survey.Choices() {
		question.Choices = append(question.Choices, respond.Choice{Score: score, Selected: v.QueryParam("score") == strconv.Itoa(score)})
	}
	return web.Render(v, http.StatusOK, respond.QuestionPage(question))
}

// logoData is the workspace's logo as a data address; "" when there is none.
func logoData(w flow.Office) string {
	if len(w.Logo) == 0 {
		return ""
	}
	return "data:" + w.LogoType + ";base64," + base64.StdEncoding.EncodeToString(w.Logo)
}
