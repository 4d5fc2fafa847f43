package office

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/analysis"
	pages "github.com/harkhq/hark/handlers/respond"
	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// surveyForm is the form of a survey, as stored or as sent.
type surveyForm struct {
	visit
	survey  surveys.Survey // its id is "" until it is created
	sent    url.Values     // nil: not sent yet
	problem error          // why it comes back
	moved   string         // what was done with the draft, see [surveyForm.do]
	removed *removed       // the card that was taken away; nil: none was
}

// fewLanguages is how many stand side by side in the editor. Of more, the texts
// are folded and the preview's are a list.
const fewLanguages = 3

// again shows the form with what is wrong, and the input kept.
func (f surveyForm) again() error {
	return web.Render(f, http.StatusUnprocessableEntity, office.SurveyFormPage(f.page()))
}

// page builds the view.
func (f surveyForm) page() office.SurveyForm {
	wrong := f.fieldErrors(f.problem)
	page := office.SurveyForm{
		Title: f.l.T("office.survey.new"), Action: "/surveys", Note: f.wrongNote(f.problem), Preview: f.preview(),
		Name: components.TextInput{
			Field: components.Field{Name: "name", Label: f.l.T("office.survey.name"), Help: f.l.T("office.survey.name_help"), Error: wrong["name"]},
			Value: f.survey.Name, Limit: 80, Autocomplete: "off",
		},
		Subject: components.TextInput{
			Field: components.Field{Name: "subject", Label: f.l.T("office.survey.subject"), Help: f.l.T("office.survey.subject_help", "company", f.w.Name), Error: wrong["subject"], Optional: f.l.T("office.optional")},
			Value: f.survey.Subject, Placeholder: f.w.Name, Limit: 80, Autocomplete: "off",
		},
		Closes: components.TextInput{
			Field: components.Field{Name: "closes", Label: f.l.T("office.survey.closes"), Help: f.l.T("office.survey.closes_help"), Error: wrong["closes"], Optional: f.l.T("office.optional")},
			Type:  "date", Value: f.closes(),
		},
		Metrics: f.metrics(),
	}
	page.Drivers, page.Asking = f.drivers(wrong), f.asking(wrong)
	crumbs := []components.Crumb{{Text: f.l.T("office.scores.title"), Address: layouts.PathScores}}
	if f.survey.ID != "" {
		page.Title, page.Action, page.Metric = f.l.T("office.survey.edit", "name", f.survey.Name), "/surveys/"+f.survey.ID, string(f.survey.Metric)
		page.Link, page.Deeds, page.State = publicLink(f.visit, f.survey), f.deeds(), f.state()
		page.Code, page.Kiosk = "/surveys/"+f.survey.ID+"/code.", f.site.Link("/k/"+f.survey.PublicID(f.w.Key))
		page.Embed = embedding{survey: f.survey}.path()
		crumbs = append(crumbs, components.Crumb{Text: f.survey.Name, Address: "/surveys/" + f.survey.ID}, components.Crumb{Text: f.l.T("office.edit")})
	} else {
		crumbs = append(crumbs, components.Crumb{Text: page.Title})
	}
	page.Crumbs, page.Page = crumbs, f.visit.page(page.Title, layouts.Scores)
	page.Style, page.Asks, page.Thanks, page.Langs, page.Unsaved = f.style(wrong), f.followUps(wrong), f.thanksByBand(wrong), f.languages(wrong), f.sent != nil
	page.Hidden = f.hiddenFields(wrong)
	page.Fields = office.Fold{ID: "hidden-fields", Title: f.l.T("office.fields.title"), Says: strings.Join(f.survey.Fields, ", "), Open: page.Hidden.Error != ""}
	for _, tag := range f.usedLanguages() {
		page.Texts = append(page.Texts, f.texts(i18n.Language{Tag: tag, Name: f.l.Language(tag)}, wrong))
	}
	return page
}

// wrongNote says at the top of a form that some of its fields are wrong.
func (v visit) wrongNote(problem error) *components.Note {
	if problem == nil {
		return nil
	}
	return &components.Note{Kind: components.Failure, Text: v.l.T("office.form_wrong")}
}

// closes is the last day with answers, as the field has it.
func (f surveyForm) closes() string {
	if f.sent != nil {
		return f.sent.Get("closes")
	}
	if f.survey.ClosesAt == nil {
		return ""
	}
	return (analysis.DayOf(*f.survey.ClosesAt, f.w.Zone) - 1).String()
}

func (f surveyForm) metrics() []office.MetricChoice {
	var choices []office.MetricChoice
	for _, metric := range surveys.Metrics() {
		scale := metric.Scale()
		choices = append(choices, office.MetricChoice{
			Metric: string(metric), Name: f.l.Metric(metric), Scale: strconv.Itoa(scale.Min) + "–" + strconv.Itoa(scale.Max),
			Question: pages.Words(f.l, f.w.Workspace, surveys.Survey{Metric: metric}).Question, Chosen: metric == f.survey.Metric,
		})
	}
	return choices
}

// texts are the survey's words in one language. An empty field shows the
// default as its placeholder.
func (f surveyForm) texts(language i18n.Language, wrong map[string]string) office.TextForm {
	own := f.survey.Question.Texts[language.Tag]
	usual := f.site.Catalogue.Letter(language.Tag).SurveyTexts(metricOr(f.survey.Metric))
	placeholders := usualTexts(usual)
	limits := map[string]int{"ask": 300, "low": 60, "high": 60, "follow_up": 200}
	few := len(f.usedLanguages()) <= fewLanguages
	form := office.TextForm{Name: language.Name, Open: language.Tag == f.survey.UsualLocale(f.w.Workspace) || few && own != (surveys.Text{})}
	if own == (surveys.Text{}) {
		form.Default = f.l.T("office.survey.default_texts")
	} else if texts, missing := f.survey.Written(language.Tag); missing > 0 {
		form.Default = f.l.T("office.languages.lacks", "missing", int64(missing), "texts", int64(texts))
	}
	field := func(name string) components.Field {
		path := "texts." + language.Tag + "." + name
		optional := f.optional(language.Tag, func(tag string) string {
			text := f.survey.Question.Texts[tag]
			return *textField(&text, name)
		})
		return components.Field{Name: path, Label: f.l.T("office.survey.text." + name), Error: wrong[path], Optional: optional, Lang: language.Tag}
	}
	for _, name := range []string{"ask", "low", "high", "follow_up"} {
		input := components.TextInput{Field: field(name), Value: *textField(&own, name), Placeholder: placeholders[name], Limit: limits[name], Autocomplete: "off"}
		if f.survey.ID == "" { // its metric may still be chosen
			input.Usual = f.usualByMetric(language, name)
		}
		form.Open = form.Open || input.Error != ""
		form.Fields = append(form.Fields, input)
	}
	f.byBand(&form, own, field)
	form.Fields[0].Help = f.l.T("office.survey.text.ask_help")
	form.Thanks = components.TextArea{Field: field("thank_you"), Value: own.ThankYou, Rows: 2, Limit: 1000}
	form.Thanks.Help = f.l.T("office.survey.text.thanks_help", "text", usual.Thanks)
	return form
}

// byBand are the words above the comment for each band.
func (f surveyForm) byBand(form *office.TextForm, own surveys.Text, field func(string) components.Field) {
	for _, name := range []string{"follow_up_good", "follow_up_middle", "follow_up_bad"} {
		input := components.TextInput{Field: field(name), Value: *textField(&own, name), Limit: 200, Autocomplete: "off"}
		form.Varies = form.Varies || input.Value != "" || input.Error != ""
		form.ByBand = append(form.ByBand, input)
	}
}

// usualTexts are the words that stand in the place of empty fields.
func usualTexts(usual i18n.SurveyTexts) map[string]string {
	return map[string]string{"ask": usual.Question, "low": usual.Low, "high": usual.High, "follow_up": usual.FollowUp}
}

// usualByMetric are the words of a field under each metric.
func (f surveyForm) usualByMetric(language i18n.Language, field string) map[string]string {
	texts, usual := f.site.Catalogue.Letter(language.Tag), make(map[string]string)
	for _, metric := range surveys.Metrics() {
		usual[string(metric)] = usualTexts(texts.SurveyTexts(metric))[field]
	}
	return usual
}

// metricOr is a metric, or NPS in the place of what is none.
func metricOr(metric surveys.Metric) surveys.Metric {
	if metric.Valid() {
		return metric
	}
	return surveys.NPS
}

// preview is the frame beside the form.
func (f surveyForm) preview() office.Preview {
	p := office.Preview{Address: withQuery("/surveys/preview", map[string]string{"metric": string(metricOr(f.survey.Metric)), "lang": f.l.Lang()})}
	if f.survey.ID != "" {
		p.Address = withQuery("/surveys/"+f.survey.ID+"/preview", map[string]string{"lang": f.l.Lang()})
	}
	used := append(f.usedLanguages(), surveys.Locales()...)
	for _, language := range i18n.LanguageMenu() {
		if slices.Contains(used, language.Tag) {
			p.Languages = append(p.Languages, components.Action{Text: language.Name, Address: "/surveys/preview?lang=" + language.Tag})
			p.Choose = append(p.Choose, components.Option{Value: language.Tag, Text: language.Name, Selected: language.Tag == f.l.Lang()})
		}
	}
	if len(p.Languages) <= fewLanguages {
		p.Choose = nil
	} else {
		p.Languages = nil
	}
	return p
}

func (f surveyForm) state() *components.Tag {
	if tag := surveyTag(f.visit, f.survey); tag != nil {
		return tag
	}
	return &components.Tag{Text: f.l.T("office.survey.status.active"), Tone: components.Good}
}

// deeds are the statuses that the survey can be given.
func (f surveyForm) deeds() []office.Deed {
	var deeds []office.Deed
	for _, d := range []struct {
		status surveys.SurveyStatus
		kind   components.ActionKind
	}{{surveys.SurveyActive, components.Secondary}, {surveys.SurveyPaused, components.Secondary}, {surveys.SurveyArchived, components.Quiet}} {
		if d.status == f.survey.Status {
			continue
		}
		deeds = append(deeds, office.Deed{Action: "/surveys/" + f.survey.ID + "/status", Button: components.Action{
			Text: f.l.T("office.survey.set." + string(d.status)), Kind: d.kind, Name: "status", Value: string(d.status),
		}})
	}
	return deeds
}
