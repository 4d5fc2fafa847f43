package office

import (
	"slices"
	"strconv"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/components"
	"github.com/harkhq/hark/templates/i18n"
	"github.com/harkhq/hark/templates/layouts"
	"github.com/harkhq/hark/templates/letters"
	"github.com/harkhq/hark/templates/office"
)

// show renders the editor.
func (f letterForm) show(status int) error {
	own, err := f.site.Store.OwnLetters(f.ctx(), f.w.ID, f.rule.ID)
	if err != nil {
		return err
	}
	usual, err := f.usual()
	if err != nil {
		return err
	}
	title := f.l.T("editor.title")
	return web.Render(f, status, office.LettersPage(office.Letters{
		Page: f.visit.page(title+" – "+f.rule.Name, layouts.Asking), Title: title,
		Crumbs: []components.Crumb{
			{Text: f.l.T("office.asking.title"), Address: layouts.PathAsking}, {Text: f.rule.Name, Address: "/asking/" + f.rule.ID}, {Text: title},
		},
		Lead: f.l.T("editor.lead", "rule", f.rule.Name), Note: f.notes(), Unsent: f.unsent(),
		Letters: components.Tabs{Label: f.l.T("editor.letters"), List: f.tabs(own)}, Languages: f.languages(own), Others: f.others(own),
		More: f.more(), Edit: rulePath(f.rule) + "/edit", Survey: "/surveys/" + f.survey.ID + "/edit", Settings: f.addressless(),
		Hidden: []office.Hidden{{Name: "letter", Value: string(f.key.Letter)}, {Name: "number", Value: strconv.Itoa(f.key.Number)}, {Name: "lang", Value: f.lang}},
		Action: pathLetters(f.rule.ID), Unsaved: f.sent, Test: f.test(), Reset: f.reset(own),
		Lines: f.lines(usual), Texts: f.paragraphs(usual), Names: f.names(), Preview: f.frame(),
	}))
}

// notes is what came of the form, or what is wrong with it.
func (f letterForm) notes() *components.Note {
	if f.note != nil {
		return f.note
	}
	return f.wrongNote(f.problem)
}

// usual are the words that stand where the team writes none.
func (f letterForm) usual() (letters.Texts, error) {
	a, err := f.asking()
	if err != nil {
		return letters.Texts{}, err
	}
	trial, err := f.site.Trials.Show(f.ctx(), a, f.page())
	return trial.Usual, err
}

// tabs lead to the letters of the rule; a dot marks those with own words.
func (f letterForm) tabs(own map[surveys.LetterKey][]string) []components.Tab {
	var tabs []components.Tab
	for _, key := range f.rule.Letters() {
		other := f
		other.key = key
		tab := components.Tab{Text: f.letterName(key), Address: other.address(), Current: key == f.key}
		if len(own[key]) > 0 {
			tab.Text = f.l.T("editor.own", "name", tab.Text)
		}
		tabs = append(tabs, tab)
	}
	return tabs
}

// letterName is what a letter is called.
func (f letterForm) letterName(key surveys.LetterKey) string {
	if key.Letter == surveys.LetterReminder && len(f.rule.Reminders) == 1 {
		return f.l.T("editor.letter.reminder_only")
	}
	place := slices.IndexFunc(f.rule.Reminders, func(r surveys.Reminder) bool { return r.Key == key.Number })
	return f.l.T("editor.letter."+string(key.Letter), "n", place+1)
}

// languages lead to the letter in each language.
func (f letterForm) languages(own map[surveys.LetterKey][]string) []components.SegmentLink {
	var links []components.SegmentLink
	for _, language := range i18n.LanguageMenu() {
		if !slices.Contains(f.shown(own), language.Tag) {
			continue
		}
		other := f
		other.lang = language.Tag
		link := components.SegmentLink{Text: language.Name, Address: other.address(), Current: language.Tag == f.lang}
		if slices.Contains(own[f.key], language.Tag) {
			link.Text = f.l.T("editor.own", "name", link.Text)
		}
		links = append(links, link)
	}
	return links
}

// shown are the languages with a link: the usual one, the reader's, those of the
// survey, those that the letter has words in, and the one that is open.
func (f letterForm) shown(own map[surveys.LetterKey][]string) []string {
	return append(slices.Concat(own[f.key], f.survey.WrittenIn()), f.survey.UsualLocale(f.w.Workspace), f.l.Lang(), f.lang)
}

// others are the languages without a link, to choose from.
func (f letterForm) others(own map[surveys.LetterKey][]string) components.Choices {
	list := components.Choices{Field: components.Field{Name: "lang", Label: f.l.T("office.languages.choose")}}
	for _, language := range i18n.LanguageMenu() {
		if !slices.Contains(f.shown(own), language.Tag) {
			list.Options = append(list.Options, components.Option{Value: language.Tag, Text: language.Name})
		}
	}
	return list
}

// more says where further letters of the rule come from; "" when it sends all.
func (f letterForm) more() string {
	switch {
	case len(f.rule.Reminders) == 0 && !f.rule.Thanks.On:
		return f.l.T("editor.more.both")
	case len(f.rule.Reminders) == 0:
		return f.l.T("editor.more.reminder")
	case !f.rule.Thanks.On:
		return f.l.T("editor.more.thanks")
	}
	return ""
}

// addressless is where the postal address is written that letters lack; "" when
// they have it.
func (f letterForm) addressless() string {
	if f.w.Address != "" {
		return ""
	}
	return layouts.PathSettings
}

// test is the button that mails the letter to the reader; nil where no mail
// leaves.
func (f letterForm) test() *components.Action {
	if f.unsent() != nil {
		return nil
	}
	return &components.Action{Text: f.l.T("editor.test"), Address: pathLetters(f.rule.ID) + "/test", Kind: components.Secondary}
}

// reset is the button that takes the own words away; nil when there are none.
func (f letterForm) reset(own map[surveys.LetterKey][]string) *components.Action {
	if !slices.Contains(own[f.key], f.lang) {
		return nil
	}
	return &components.Action{Text: f.l.T("editor.reset"), Address: pathLetters(f.rule.ID) + "/reset", Kind: components.Quiet}
}

// field is a text's label and what is wrong with it.
func (f letterForm) field(name string) components.Field {
	field := components.Field{
		Name: name, Label: f.l.T("editor.field." + name), Error: f.fieldErrors(f.problem)[name], Optional: f.l.T("office.optional"), Lang: f.lang,
	}
	if name == "preheader" || name == "intro" {
		field.Help = f.l.T("editor.help." + name)
	}
	return field
}

// lines are the texts of one line.
func (f letterForm) lines(usual letters.Texts) []components.TextInput {
	return []components.TextInput{
		{Field: f.field("subject"), Value: f.texts.Subject, Placeholder: usual.Subject, Limit: surveys.MaxSubject, Autocomplete: "off"},
		{Field: f.field("preheader"), Value: f.texts.Preheader, Placeholder: usual.Preheader, Limit: surveys.MaxPreheader, Autocomplete: "off"},
		{Field: f.field("greeting"), Value: f.texts.Greeting, Placeholder: usual.Greeting, Limit: surveys.MaxGreeting, Autocomplete: "off"},
	}
}

// paragraphs are the texts of several lines.
func (f letterForm) paragraphs(usual letters.Texts) []components.TextArea {
	return []components.TextArea{
		{Field: f.field("intro"), Value: f.texts.Intro, Placeholder: usual.Intro, Rows: 3, Limit: surveys.MaxParagraph},
		{Field: f.field("closing"), Value: f.texts.Closing, Placeholder: usual.Closing, Rows: 2, Limit: surveys.MaxParagraph},
	}
}

// names lists what can be filled in.
func (f letterForm) names() []office.Filler {
	there := f.site.Catalogue.Letter(f.lang).T("letters.sample_there")
	return []office.Filler{
		{Write: "{{name|" + there + "}}", Text: f.l.T("editor.name.name")},
		{Write: "{{full_name|" + there + "}}", Text: f.l.T("editor.name.full_name")},
		{Write: "{{company}}", Text: f.l.T("editor.name.company")},
		{Write: "{{subject}}", Text: f.l.T("editor.name.subject")},
		{Write: "{{person.plan|}}", Text: f.l.T("editor.name.person")},
		{Write: "{{event.order_number|}}", Text: f.l.T("editor.name.event")},
	}
}

// frame is what shows the letter.
func (f letterForm) frame() office.Preview {
	p := office.Preview{Address: f.at("/preview")}
	for _, view := range letterViews() {
		p.Languages = append(p.Languages, components.Action{
			Text: f.l.T("editor.view." + string(view)), Address: pathLetters(f.rule.ID) + "/preview?view=" + string(view),
		})
	}
	return p
}
