package respond

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/templates/i18n"
	view "github.com/harkhq/hark/templates/respond"
)

// The names of a form's fields beside the score: answers to follow-ups, hidden
// fields that the page's address carried, and what was asked, on this page and
// on those before it.
const (
	answerField = "a."
	mailField   = ".email"
	hiddenField = "f."
	askedField  = "asked"
	doneField   = "done"

	versionField = "version" // of the question that the form asks
	knownField   = "known"   // when the answer that the page showed was changed last
)

// maxIDs bounds a list of follow-ups in a form.
const maxIDs = surveys.MaxFollowUps * 41

// idsOf reads a list of follow-ups, of which those that the survey does not ask
// are left out: a form may be of an earlier version.
func idsOf(text string, survey surveys.Survey) []string {
	var known []string
	for id := range strings.SplitSeq(text[:min(len(text), maxIDs)], ",") {
		if _, asks := survey.Question.FollowUp(id); asks && !slices.Contains(known, id) {
			known = append(known, id)
		}
	}
	return known
}

// written is what a form says to the follow-ups, as far as it can be read, and
// what is wrong with the rest.
func written(l *i18n.Localizer, survey surveys.Survey, values url.Values, asked []string) (map[string]surveys.Answer, []view.FieldError) {
	answers := make(map[string]surveys.Answer)
	var wrong []view.FieldError
	for _, f := range survey.Question.Asked() {
		if f.ID == surveys.MainComment || !slices.Contains(asked, f.ID) {
			continue
		}
		answer, problem := readAnswer(f, values)
		if len(problem) > 0 {
			wrong = append(wrong, view.WrongAnswer(l, f, problem[0]))
		}
		if !answer.Empty() {
			answers[f.ID] = answer
		}
	}
	return answers, wrong
}

// readAnswer reads what a form says to one follow-up.
func readAnswer(f surveys.FollowUp, values url.Values) (surveys.Answer, []surveys.FieldError) {
	name := answerField + f.ID
	var answer surveys.Answer
	switch f.Kind {
	case surveys.FollowUpComment:
		answer.Text = text(values[name])
	case surveys.FollowUpOne, surveys.FollowUpMany:
		answer.Choices = values[name]
	case surveys.FollowUpScale:
		if text := values.Get(name); text != "" {
			n, err := strconv.Atoi(text)
			if err != nil || len(values[name]) > 1 {
				n = surveys.Unscored // on no scale
			}
			answer.Value = &n
		}
	case surveys.FollowUpContact:
		answer.Allowed, answer.Email = values.Get(name) == "yes", text(values[name+mailField])
	}
	if utf8.RuneCountInString(answer.Text) > view.CommentLimit {
		return answer, []surveys.FieldError{{Path: name, Code: "too_long"}}
	}
	return f.CheckAnswer(name, answer)
}

// sent are the fields of a form that hold answers given before: the pages after
// the first carry them along, so that each form says everything that it was asked.
func sent(answers map[string]surveys.Answer, done []string) []view.HiddenField {
	var fields []view.HiddenField
	for _, id := range done {
		answer, name := answers[id], answerField+id
		for _, choice := range answer.Choices {
			fields = append(fields, view.HiddenField{Name: name, Value: choice})
		}
		if answer.Value != nil {
			fields = append(fields, view.HiddenField{Name: name, Value: strconv.Itoa(*answer.Value)})
		}
		if answer.Text != "" {
			fields = append(fields, view.HiddenField{Name: name, Value: answer.Text})
		}
		if answer.Allowed {
			fields = append(fields, view.HiddenField{Name: name, Value: "yes"})
		}
		if answer.Email != "" {
			fields = append(fields, view.HiddenField{Name: name + mailField, Value: answer.Email})
		}
	}
	return fields
}

// FollowUps are what a survey's page asks beside a score, or "" for none yet, as
// nobody has answered it: the office's preview shows the same.
func FollowUps(l *i18n.Localizer, w surveys.Workspace, survey surveys.Survey, score string) []view.FollowUp {
	return followUps(visit{office: flow.Office{Workspace: w}, l: l}, survey, form{score: score, nobody: true})
}

// followUps are the questions of a page beside the score.
func followUps(v visit, survey surveys.Survey, f form) []view.FollowUp {
	var list []view.FollowUp
	score, err := strconv.Atoi(f.score)
	if err != nil {
		score = surveys.Unscored
	}
	visible := survey.Visible(score, f.answers)
	for _, asked := range survey.Question.Asked() {
		shown := slices.ContainsFunc(visible, func(v surveys.FollowUp) bool { return v.ID == asked.ID })
		if lost := f.values != nil && !survey.Offers(score); lost && slices.Contains(f.asked, asked.ID) {
			shown = true // what was answered is not lost with the score that brought it up
		}
		if !shown || slices.Contains(f.done, asked.ID) {
			continue
		}
		list = append(list, followUp(v, survey, asked, score, f))
	}
	return list
}

func followUp(v visit, survey surveys.Survey, asked surveys.FollowUp, score int, f form) view.FollowUp {
	answer := f.answers[asked.ID]
	lang := v.words().Lang()
	text := asked.Ask(lang)
	shown := view.FollowUp{
		Lang: cmp.Or(asked.Speaks(lang), lang),
		Name: answerField + asked.ID, Kind: asked.Kind, Ask: text.Ask, Low: text.Low, High: text.High,
		Text: answer.Text, Allowed: answer.Allowed, Email: answer.Email, WantsEmail: f.nobody, Shared: f.shared,
	}
	switch asked.Kind {
	case surveys.FollowUpComment:
		if asked.ID == surveys.MainComment {
			shown.Name, shown.Text = "comment", f.comment
			shown.Ask = v.words().AskedWhy(survey, v.office.Name, score)
		}
	case surveys.FollowUpContact:
		if shown.Ask == "" {
			shown.Ask, shown.Lang = v.l.T("respond.contact.allow", "company", v.office.Name), v.l.Lang()
		}
	case surveys.FollowUpScale:
		scale, _ := asked.Scale.Scale()
		if text.Low+text.High != "" {
			shown.Low, shown.High = v.l.End(scale.Min, text.Low), v.l.End(scale.Max, text.High)
		}
		for _, n := range scale.Choices() {
			shown.Choices = append(shown.Choices, view.FollowUpChoice{Value: strconv.Itoa(n), Text: v.l.Decimal(float64(n), 0), Selected: answer.Value != nil && *answer.Value == n})
		}
	default:
		for _, c := range asked.Choices {
			shown.Choices = append(shown.Choices, view.FollowUpChoice{Value: c.ID, Text: c.Text(v.words().Lang()), Selected: slices.Contains(answer.Choices, c.ID)})
		}
	}
	return shown
}

// ids are the names of follow-ups as a form carries them.
func ids(list []view.FollowUp) []string {
	names := make([]string, len(list))
	for i, f := range list {
		names[i] = strings.TrimPrefix(f.Name, answerField)
	}
	return names
}
