package office

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/mailer"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/templates/components"
)

// pathLetters is where the letters of a rule are written.
func pathLetters(rule string) string { return "/asking/" + rule + "/letters" }

// letterRoutes are the addresses of a rule's letters.
func (d *desk) letterRoutes() []route {
	const get, post = http.MethodGet, http.MethodPost
	return []route{
		{get, pathLetters(":id"), surveys.Manager, d.letters},
		{post, pathLetters(":id"), surveys.Manager, d.saveLetter},
		{get, pathLetters(":id") + "/preview", surveys.Manager, d.previewLetter},
		{post, pathLetters(":id") + "/preview", surveys.Manager, d.previewLetterForm},
		{post, pathLetters(":id") + "/test", surveys.Manager, d.testLetter},
		{post, pathLetters(":id") + "/reset", surveys.Manager, d.resetLetter},
	}
}

// letterForm is one letter of a rule in a language, as stored or as sent.
type letterForm struct {
	visit
	rule    surveys.Rule
	survey  surveys.Survey
	key     surveys.LetterKey
	lang    string
	texts   surveys.LetterTexts
	sent    bool // the texts are those of a form, not those that are stored
	problem error
	note    *components.Note
}

// letter finds the letter that the parameters name: the invitation in the
// workspace's language where they name none.
func (v visit) letter(parameters url.Values) (letterForm, error) {
	f := letterForm{visit: v, lang: v.w.Locale}
	var err error
	if f.rule, err = v.site.Store.Rule(v.ctx(), v.w.ID, v.Param("id")); err != nil {
		return f, err
	}
	if f.survey, err = v.site.Store.Survey(v.ctx(), v.w.ID, f.rule.SurveyID); err != nil {
		return f, err
	}
	f.key = surveys.LetterKey{RuleID: f.rule.ID, Letter: surveys.LetterInvitation}
	if kind := parameters.Get("letter"); kind != "" {
		f.key.Letter = surveys.LetterKind(kind)
		f.key.Number, _ = strconv.Atoi(parameters.Get("number")) // what is no number is no letter's
	}
	if lang := parameters.Get("lang"); lang != "" {
		f.lang = lang
	}
	if !slices.Contains(f.rule.Letters(), f.key) || !slices.Contains(surveys.RespondentLocales(), f.lang) {
		return f, surveys.Fail(surveys.NotFound, "not_found")
	}
	return f, nil
}

// stored is the letter as it is stored.
func (v visit) storedLetter() (letterForm, error) {
	f, err := v.letter(v.QueryParams())
	if err != nil {
		return f, err
	}
	own, err := v.site.Store.LetterTexts(v.ctx(), v.w.ID, f.key)
	f.texts = own[f.lang]
	return f, err
}

// sentLetter is the letter as a form has it, with what is wrong in it.
func (v visit) sentLetter() (letterForm, error) {
	form, err := web.Form(v)
	if err != nil {
		return letterForm{}, err
	}
	f, err := v.letter(form)
	if err != nil {
		return f, err
	}
	f.sent = true
	f.texts = surveys.LetterTexts{
		Subject: form.Get("subject"), Preheader: form.Get("preheader"), Greeting: form.Get("greeting"), Intro: form.Get("intro"), Closing: form.Get("closing"),
	}
	checked, err := f.texts.Check()
	if f.problem = err; err == nil {
		f.texts = checked
	}
	return f, nil
}

// letters shows a letter of a rule to be written.
func (d *desk) letters(v visit) error {
	f, err := v.storedLetter()
	if err != nil {
		return err
	}
	return f.show(http.StatusOK)
}

// saveLetter stores the team's own words.
func (d *desk) saveLetter(v visit) error {
	f, err := v.sentLetter()
	if err != nil {
		return err
	}
	if f.problem != nil {
		return f.show(http.StatusUnprocessableEntity)
	}
	err = v.site.Store.InTx(v.ctx(), func(tx *store.Tx) error { return tx.SaveLetterTexts(v.ctx(), v.w.ID, f.key, f.lang, f.texts) })
	if err != nil {
		return err
	}
	return v.done("letter_saved", f.address())
}

// resetLetter gives the letter its usual words again.
func (d *desk) resetLetter(v visit) error {
	f, err := v.sentLetter()
	if err != nil {
		return err
	}
	err = v.site.Store.InTx(v.ctx(), func(tx *store.Tx) error { return tx.DeleteLetterTexts(v.ctx(), v.w.ID, f.key, f.lang) })
	if err != nil {
		return err
	}
	return v.done("letter_reset", f.address())
}

// testLetter mails the letter as the form has it, stored or not, to whoever
// looks at it. The page comes back with what was written.
func (d *desk) testLetter(v visit) error {
	f, err := v.sentLetter()
	if err != nil {
		return err
	}
	if f.problem != nil {
		return f.show(http.StatusUnprocessableEntity)
	}
	a, err := f.asking()
	if err != nil {
		return err
	}
	a.Person.Name, a.Invitation.Email = v.user.Name, v.user.Email
	err = v.site.Trials.Send(v.ctx(), a, f.page())
	switch {
	case surveys.KindOf(err) == surveys.Unavailable:
		f.note = &components.Note{Kind: components.Failure, Text: web.Message(v.l, err), Focus: true}
	case err != nil:
		return err
	default:
		f.note = &components.Note{Kind: components.Done, Text: v.l.T("editor.test_sent", "email", v.user.Email), Focus: true}
	}
	return f.show(http.StatusOK)
}

// address is where the letter is written.
func (f letterForm) address() string { return f.at("") }

// at is an address below that of the rule's letters, for this letter.
func (f letterForm) at(below string) string {
	number := ""
	if f.key.Number > 0 {
		number = strconv.Itoa(f.key.Number)
	}
	return withQuery(pathLetters(f.rule.ID)+below, map[string]string{"letter": string(f.key.Letter), "number": number, "lang": f.lang})
}

// page is where the links of a letter lead that nobody is to answer.
func (f letterForm) page() string { return "/surveys/" + f.survey.ID + "/preview" }

// asking is the letter to somebody made up: known by a name, about whom nothing
// else is known, who gave the best answer that leads somewhere.
func (f letterForm) asking() (mailer.Asking, error) {
	rules, err := f.site.Store.Rules(f.ctx(), f.w.ID)
	if err != nil {
		return mailer.Asking{}, err
	}
	name := f.site.Catalogue.Letter(f.lang).T("letters.sample_name")
	a := mailer.Asking{
		Invitation: surveys.Invitation{Letter: f.key.Letter, Number: f.key.Number, RuleID: f.rule.ID},
		Workspace:  f.w.Workspace, Survey: f.survey, Person: surveys.Person{Name: name, Locale: f.lang},
		EventType: f.rule.EventType, CapDays: mailer.Promise(rules, f.w.Caps),
		Texts: map[string]surveys.LetterTexts{f.lang: f.texts}, Links: f.rule.Thanks.Links,
	}
	if f.key.Letter != surveys.LetterThanks {
		return a, nil
	}
	scale := f.survey.Metric.Scale()
	choices := scale.Choices()
	slices.SortStableFunc(choices, func(a, b int) int {
		return slices.Index(scale.Bands(), scale.Band(a)) - slices.Index(scale.Bands(), scale.Band(b))
	})
	a.Answer = &surveys.Response{Score: choices[0]}
	for _, score := range choices {
		if f.rule.Thanks.Links[scale.Band(score)] != "" {
			a.Answer.Score = score
			break
		}
	}
	return a, nil
}
