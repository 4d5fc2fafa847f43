package office

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/surveys"
)

// followUpRows bounds what is read of a form: more than a survey may have, so
// that one too many is told rather than lost.
const (
	followUpRows = surveys.MaxFollowUps + 5
	choiceRows   = surveys.MaxChoices + 2*freeChoices
)

// freeChoices is how many empty places stand below a question's choices.
const freeChoices = 2

// Whom a follow-up is shown to, as the form says it.
const (
	showAlways = "always"
	showBands  = "bands"
	showAfter  = "after"
)

// readFollowUps reads the cards of a form; false for a form without them, which
// changes nothing. The main comment alone is what a survey asks that says
// nothing about follow-ups, and stays that.
func readFollowUps(form url.Values, before []surveys.FollowUp) ([]surveys.FollowUp, bool) {
	if !form.Has("follow_ups") {
		return before, false
	}
	list := []surveys.FollowUp{}
	for i := range followUpRows {
		path := fmt.Sprintf("follow_ups.%d", i)
		if form.Has(path + ".kind") {
			list = append(list, readFollowUp(form, path))
		}
	}
	if before == nil && len(list) == 1 && list[0].ID == surveys.MainComment && list[0].Show.Always() {
		return nil, true
	}
	return list, true
}

func readFollowUp(form url.Values, path string) surveys.FollowUp {
	f := surveys.FollowUp{
		ID: form.Get(path + ".id"), Kind: surveys.FollowUpKind(form.Get(path + ".kind")),
		Show: readShow(form, path+".show"), Texts: make(map[string]surveys.FollowUpText),
	}
	for _, locale := range surveys.RespondentLocales() {
		at := path + ".texts." + locale
		text := surveys.FollowUpText{Ask: form.Get(at + ".ask"), Low: form.Get(at + ".low"), High: form.Get(at + ".high")}
		if text != (surveys.FollowUpText{}) {
			f.Texts[locale] = text
		}
	}
	switch f.Kind {
	case surveys.FollowUpScale:
		f.Scale = surveys.RatingScale(form.Get(path + ".scale"))
	case surveys.FollowUpOne, surveys.FollowUpMany:
		f.Choices = readChoices(form, path+".choices")
	}
	return f
}

// readChoices reads the places of a question's choices; one without words is
// taken away.
func readChoices(form url.Values, path string) []surveys.Choice {
	var list []surveys.Choice
	for i := range choiceRows {
		at := fmt.Sprintf("%s.%d", path, i)
		c := surveys.Choice{ID: form.Get(at + ".id"), Texts: make(map[string]string)}
		for _, locale := range surveys.RespondentLocales() {
			if text := strings.TrimSpace(form.Get(at + ".texts." + locale)); text != "" {
				c.Texts[locale] = text
			}
		}
		if len(c.Texts) > 0 {
			list = append(list, c)
		}
	}
	return list
}

// readShow reads whom a follow-up is shown to. Of the fields only those are
// read that belong to what was chosen.
func readShow(form url.Values, path string) surveys.Show {
	var show surveys.Show
	switch form.Get(path) {
	case showBands:
		for _, band := range form[path+".bands"] {
			show.Bands = append(show.Bands, surveys.Band(band))
		}
		if len(show.Bands) == 0 {
			show.Bands = []surveys.Band{""} // chosen, and not said which: the survey refuses it
		}
	case showAfter:
		show.After = form.Get(path + ".after")
		for _, value := range form[path+".choices"] {
			if id, of := strings.CutPrefix(value, show.After+":"); of {
				show.Choices = append(show.Choices, id)
			}
		}
		show.From, show.To = readPlaceOf(form.Get(path+".from")), readPlaceOf(form.Get(path+".to"))
		if len(show.Choices) > 0 {
			show.From, show.To = nil, nil
		}
		if show.After == "" {
			show.Choices = []string{""} // likewise, not after what
		}
	}
	return show
}

// readPlaceOf is a number on a scale; nil for an empty field.
func readPlaceOf(text string) *int {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		n = 1000 // on no scale: the survey says what may stand here
	}
	return &n
}

// readSurveyThanks reads the thank-yous by band.
func readSurveyThanks(form url.Values, metric surveys.Metric) map[surveys.Band]surveys.ThankYou {
	thanks := make(map[surveys.Band]surveys.ThankYou)
	for _, band := range metricOr(metric).Scale().Bands() {
		path := "thanks." + string(band)
		t := surveys.ThankYou{Link: strings.TrimSpace(form.Get(path + ".link")), Texts: make(map[string]surveys.ThankYouText)}
		for _, locale := range surveys.RespondentLocales() {
			at := path + ".texts." + locale
			text := surveys.ThankYouText{Text: form.Get(at + ".text"), Link: form.Get(at + ".link")}
			if text != (surveys.ThankYouText{}) {
				t.Texts[locale] = text
			}
		}
		thanks[band] = t
	}
	return thanks
}

// readSurveyAsks reads what a survey asks beside its score, and what follows. A
// form without the fields changes nothing.
func readSurveyAsks(form url.Values, s *surveys.Survey) {
	if list, sent := readFollowUps(form, s.Question.FollowUps); sent {
		s.Question.FollowUps = list
	}
	if form.Has("style") {
		s.Question.Style = surveys.Style(form.Get("style"))
		if s.Metric != surveys.CSAT { // the choice is hidden for other metrics
			s.Question.Style = surveys.StyleNumbers
		}
	}
	if form.Has("thanks") {
		s.Thanks = readSurveyThanks(form, s.Metric)
	}
	if form.Has("fields") {
		s.Fields = strings.FieldsFunc(form.Get("fields"), func(r rune) bool { return strings.ContainsRune(" \t\r\n,;，；、", r) })
	}
}

// usedLanguages are the languages whose fields the form shows: the usual one
// first, the reader's where nothing is written yet, those with words, and those
// that were added.
func (f surveyForm) usedLanguages() []string {
	used := []string{f.survey.UsualLocale(f.w.Workspace)}
	if len(f.survey.WrittenIn()) == 0 {
		used = append(used, f.l.Lang())
	}
	used = append(used, f.survey.WrittenIn()...)
	used = append(used, f.sent["langs"]...)
	var list []string
	for _, tag := range used {
		if slices.Contains(surveys.RespondentLocales(), tag) && !slices.Contains(list, tag) {
			list = append(list, tag)
		}
	}
	if len(list) == 0 {
		return surveys.RespondentLocales()[:1]
	}
	return list
}
