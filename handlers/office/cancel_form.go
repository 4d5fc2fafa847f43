package office

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/office"
)

// flowForm is the form of a cancellation flow.
type flowForm struct {
	visit
	flow    surveys.CancelFlow // as stored, or as it was sent
	locale  string             // of the words that are shown
	problem error
	surveys []surveys.Survey // whose question may be asked last
}

// freeReasons and freeOffers are how many empty ones the form has for new ones.
const (
	freeReasons = 2
	freeOffers  = 1
)

func (v visit) flowForm(f surveys.CancelFlow, locale string) (flowForm, error) {
	list, err := v.site.Store.Surveys(v.ctx(), v.w.ID)
	if !slices.Contains(surveys.RespondentLocales(), locale) {
		locale = f.UsualLocale(v.w.Workspace)
	}
	return flowForm{visit: v, flow: f, locale: locale, surveys: list}, err
}

// newFlow shows the form of a new flow.
func (d *desk) newFlow(v visit) error {
	f := surveys.CancelFlow{Name: v.l.T("leaving.default_name")}
	for _, id := range surveys.DefaultReasons() {
		f.Reasons = append(f.Reasons, surveys.CancelReason{ID: id})
	}
	form, err := v.flowForm(f, "")
	if err != nil {
		return err
	}
	return form.show(http.StatusOK)
}

// createFlow stores a new flow, and goes on to how it gets onto a website.
func (d *desk) createFlow(v visit) error {
	sent, err := web.Form(v)
	if err != nil {
		return err
	}
	form, err := v.flowForm(surveys.CancelFlow{}, sent.Get("texts"))
	if err != nil {
		return err
	}
	form.read(sent)
	created, err := v.site.Cancelling.CreateFlow(v.ctx(), v.w.ID, form.flow)
	if invalid(err) {
		form.problem = err
		return form.show(http.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return v.done("flow_created", flowPath(created)+"/site")
}

// editFlow shows the form of a flow.
func (d *desk) editFlow(v visit) error {
	f, err := v.cancelFlow()
	if err != nil {
		return err
	}
	form, err := v.flowForm(f, v.QueryParam("texts"))
	if err != nil {
		return err
	}
	return form.show(http.StatusOK)
}

// updateFlow stores what was changed in the form.
func (d *desk) updateFlow(v visit) error {
	sent, err := web.Form(v)
	if err != nil {
		return err
	}
	f, err := v.cancelFlow()
	if err != nil {
		return err
	}
	form, err := v.flowForm(f, sent.Get("texts"))
	if err != nil {
		return err
	}
	form.read(sent)
	if _, err := v.site.Cancelling.UpdateFlow(v.ctx(), form.flow); invalid(err) {
		form.problem = err
		return form.show(http.StatusUnprocessableEntity)
	} else if err != nil {
		return err
	}
	return v.done("flow_saved", flowPath(f))
}

// read takes over what was sent. Words in other languages than the form's stay.
func (f *flowForm) read(sent url.Values) {
	get := func(name string) string { return strings.TrimSpace(sent.Get(name)) }
	before := f.flow
	f.flow.Name, f.flow.ScoreSurveyID, f.flow.Locale = sent.Get("name"), get("score"), get("locale")
	f.flow.HoldOut = percentage(get("hold_out"))
	f.flow.Fields = strings.FieldsFunc(get("fields"), func(r rune) bool { return strings.ContainsRune(" ,;，；、", r) })
	f.flow.Reasons = nil
	for i := 0; sent.Has(fmt.Sprintf("reasons.%d.id", i)); i++ {
		path := fmt.Sprintf("reasons.%d", i)
		r, known := before.Reason(get(path + ".id"))
		if !known {
			r = surveys.CancelReason{ID: get(path + ".id")}
		}
		text := surveys.CancelReasonText{Label: get(path + ".label"), Ask: get(path + ".ask")}
		if r.ID == "" && text == (surveys.CancelReasonText{}) {
			continue
		}
		r.Texts = withText(r.Texts, f.locale, text)
		r.Gone, r.Quiet = !sent.Has(path+".on"), !sent.Has(path+".more")
		f.flow.Reasons = append(f.flow.Reasons, r)
	}
	f.flow.Offers = nil
	for i := 0; sent.Has(fmt.Sprintf("offers.%d.id", i)); i++ {
		path := fmt.Sprintf("offers.%d", i)
		if o, there := f.readOffer(before, path, sent); there {
			f.flow.Offers = append(f.flow.Offers, o)
		}
	}
}

// readOffer is an offer as it was sent; false for one that nobody wrote, or that goes.
func (f *flowForm) readOffer(before surveys.CancelFlow, path string, sent url.Values) (surveys.CancelOffer, bool) {
	get := func(name string) string { return strings.TrimSpace(sent.Get(path + "." + name)) }
	o, known := before.Offer(get("id"))
	words := surveys.CancelOfferText{Title: get("title"), Text: get("text"), Accept: get("accept")}
	o.Name = get("name")
	if sent.Has(path+".drop") || !known && o.Name == "" && words == (surveys.CancelOfferText{}) {
		return o, false
	}
	o.Texts = withText(o.Texts, f.locale, words)
	o.Reasons, o.Trait, o.Link = sent[path+".reasons"], get("trait"), get("link")
	o.Values = nil
	for _, value := range strings.FieldsFunc(get("values"), func(r rune) bool { return strings.ContainsRune(",;，；、", r) }) {
		o.Values = append(o.Values, strings.TrimSpace(value))
	}
	o.Share, o.Paused = percentage(get("share")), sent.Has(path+".paused")
	return o, true
}

// percentage is a whole number; none is 0, and what is no number one that no field takes.
func percentage(text string) int {
	if text == "" {
		return 0
	}
	return number(text)
}

// withText are texts with those of one language.
func withText[T comparable](texts map[string]T, locale string, text T) map[string]T {
	all := make(map[string]T, len(texts)+1)
	for other, words := range texts {
		all[other] = words
	}
	var none T
	if delete(all, locale); text != none {
		all[locale] = text
	}
	return all
}

func (f flowForm) show(status int) error {
	title, action, submit := f.l.T("leaving.new"), layouts.PathCancellations, f.l.T("leaving.create")
	crumbs := []components.Crumb{{Text: f.l.T("leaving.title"), Address: layouts.PathCancellations}, {Text: title}}
	page := office.CancelForm{Note: f.wrongNote(f.problem), Locale: f.locale}
	if f.flow.ID != "" {
		title, action, submit = f.l.T("leaving.edit"), flowPath(f.flow), f.l.T("office.save")
		crumbs, page.Languages = f.flowCrumbs(f.flow, title), flowPath(f.flow)+"/edit"
	}
	wrong := f.fieldErrors(f.problem)
	page.Page, page.Title, page.Crumbs, page.Action, page.Submit = f.page(title, layouts.Cancellations), title, crumbs, action, submit
	page.Name = components.TextInput{Field: components.Field{Name: "name", Label: f.l.T("leaving.name"), Help: f.l.T("leaving.name_help"), Error: wrong["name"]}, Value: f.flow.Name, Limit: 80}
	page.Language = components.Choices{Field: components.Field{Name: "texts", Label: f.l.T("leaving.texts"), Help: f.l.T("leaving.texts_help")}, Options: f.languages(f.locale, "")}
	page.Usual = components.Choices{Field: components.Field{Name: "locale", Label: f.l.T("leaving.usual"), Help: f.l.T("leaving.usual_help"), Error: wrong["locale"]}, Options: f.languages(f.flow.Locale, f.l.T("leaving.usual_workspace"))}
	page.Fields = components.TextInput{Field: components.Field{Name: "fields", Label: f.l.T("leaving.fields"), Help: f.l.T("leaving.fields_help"), Error: firstOf(wrong, "fields"), Optional: f.l.T("office.optional")}, Value: strings.Join(f.flow.Fields, ", ")}
	page.HoldOut = components.TextInput{Field: components.Field{Name: "hold_out", Label: f.l.T("leaving.hold_out"), Help: f.l.T("leaving.hold_out_help"), Error: wrong["hold_out"]}, Value: strconv.Itoa(max(0, f.flow.HoldOut))}
	page.Score, page.Wrong = f.scoreField(), wrong["reasons"]
	reasons := append(slices.Clone(f.flow.Reasons), make([]surveys.CancelReason, freeReasons)...)
	for i, r := range reasons {
		page.Reasons = append(page.Reasons, f.reasonField(fmt.Sprintf("reasons.%d", i), r, i >= len(f.flow.Reasons), wrong))
	}
	offers := append(slices.Clone(f.flow.Offers), make([]surveys.CancelOffer, freeOffers)...)
	for i, o := range offers {
		page.Offers = append(page.Offers, f.offerField(fmt.Sprintf("offers.%d", i), o, wrong))
	}
	return web.Render(f, status, office.CancelFormPage(page))
}

// firstOf is the first error of a list's entries.
func firstOf(wrong map[string]string, path string) string {
	for name, text := range wrong {
		if name == path || strings.HasPrefix(name, path+".") {
			return text
		}
	}
	return ""
}

// languages are those in which customers are spoken to, after an empty choice with a name.
func (f flowForm) languages(chosen, empty string) []components.Option {
	var options []components.Option
	if empty != "" {
		options = append(options, components.Option{Text: empty, Selected: chosen == ""})
	}
	for _, language := range i18n.LanguageMenu() {
		options = append(options, components.Option{Value: language.Tag, Text: language.Name, Selected: language.Tag == chosen})
	}
	return options
}

// scoreField chooses the survey whose question is asked last.
func (f flowForm) scoreField() components.Choices {
	field := components.Choices{Field: components.Field{Name: "score", Label: f.l.T("leaving.score"), Help: f.l.T("leaving.score_help")}}
	field.Options = append(field.Options, components.Option{Text: f.l.T("leaving.score_none"), Selected: f.flow.ScoreSurveyID == ""})
	for _, s := range f.surveys {
		if s.Status != surveys.SurveyArchived || s.ID == f.flow.ScoreSurveyID {
			field.Options = append(field.Options, components.Option{Value: s.ID, Text: s.Name, Selected: s.ID == f.flow.ScoreSurveyID})
		}
	}
	return field
}

func (f flowForm) reasonField(path string, r surveys.CancelReason, free bool, wrong map[string]string) office.CancelReasonField {
	usual := f.site.Catalogue.Letter(f.locale).CancelTexts(surveys.CancelFlow{}, f.w.Workspace)
	name := f.l.T("leaving.reason_new")
	if r.ID != "" {
		name, _ = f.l.CancelTexts(f.flow, f.w.Workspace).Label(r.ID)
	}
	label := components.TextInput{Field: components.Field{Name: path + ".label", Label: f.l.T("leaving.reason"), Error: wrong[path+".label"], Lang: f.locale}, Value: r.Texts[f.locale].Label, Limit: 100}
	ask := components.TextInput{Field: components.Field{Name: path + ".ask", Label: f.l.T("leaving.reason_ask"), Error: wrong[path+".texts."+f.locale+".ask"], Optional: f.l.T("office.optional"), Lang: f.locale}, Value: r.Texts[f.locale].Ask, Limit: 200}
	usually := slices.Contains(surveys.DefaultReasons(), r.ID)
	if free || usually || f.otherwise(len(r.Texts), label.Value != "") {
		label.Optional = f.l.T("office.optional")
	}
	if usually {
		label.Placeholder, _ = usual.Label(r.ID)
		ask.Placeholder, _ = usual.Ask(r.ID)
	}
	return office.CancelReasonField{
		Path: path, ID: r.ID, Label: label, Ask: ask,
		On:   components.Check{Field: components.Field{Name: path + ".on", Label: f.l.T("leaving.reason_on", "reason", name)}, Value: "on", Checked: !r.Gone},
		More: components.Check{Field: components.Field{Name: path + ".more", Label: f.l.T("leaving.reason_more")}, Value: "on", Checked: !r.Quiet},
	}
}

// otherwise reports whether something has words in another language than the form's, which
// stand in for those that are missing.
func (f flowForm) otherwise(texts int, own bool) bool { return texts > 1 || texts == 1 && !own }

func (f flowForm) offerField(path string, o surveys.CancelOffer, wrong map[string]string) office.CancelOfferField {
	field := func(name string) components.Field {
		return components.Field{Name: path + "." + name, Label: f.l.T("leaving.offer." + name), Error: wrong[path+"."+name], Optional: f.l.T("office.optional")}
	}
	must := func(name string) components.Field { own := field(name); own.Optional = ""; return own }
	helped := func(own components.Field, name string) components.Field {
		own.Help = f.l.T("leaving.offer." + name + "_help")
		return own
	}
	words := o.Texts[f.locale]
	view := office.CancelOfferField{
		Path: path, ID: o.ID, Title: o.Name, Open: firstOf(wrong, path) != "",
		Name:   components.TextInput{Field: helped(must("name"), "name"), Value: o.Name, Limit: 80},
		Words:  components.TextInput{Field: must("title"), Value: words.Title, Limit: 120},
		Text:   components.TextArea{Field: field("text"), Value: words.Text, Rows: 3, Limit: 1000},
		Accept: components.TextInput{Field: field("accept"), Value: words.Accept, Limit: 60, Placeholder: f.l.T("cancel.offer.accept")},
		Link:   components.TextInput{Field: helped(field("link"), "link"), Value: o.Link, Type: "url", Placeholder: "https://shop.example/pause"},
		Trait:  components.TextInput{Field: field("trait"), Value: o.Trait, Placeholder: "plan"},
		Values: components.TextInput{Field: helped(field("values"), "values"), Value: strings.Join(o.Values, ", "), Placeholder: "team, pro"},
		Share:  components.TextInput{Field: helped(field("share"), "share")},
		Paused: components.Check{Field: must("paused"), Checked: o.Paused},
		Drop:   components.Check{Field: must("drop")},
	}
	if o.ID == "" { // nobody has to make one
		view.Name.Optional, view.Words.Optional = f.l.T("office.optional"), f.l.T("office.optional")
	}
	if f.otherwise(len(o.Texts), words.Title != "") {
		view.Words.Optional = f.l.T("office.optional")
	}
	if o.Share > 0 {
		view.Share.Value = strconv.Itoa(o.Share)
	}
	if view.Title == "" {
		view.Title = f.l.T("leaving.offer_new")
	}
	texts := f.l.CancelTexts(f.flow, f.w.Workspace)
	for _, r := range f.flow.Reasons {
		if r.ID == "" || r.Gone {
			continue
		}
		label, _ := texts.Label(r.ID)
		view.Reasons = append(view.Reasons, components.Check{Field: components.Field{Name: path + ".reasons", Label: label}, Value: r.ID, Checked: slices.Contains(o.Reasons, r.ID)})
	}
	return view
}
