package office

import (
	"cmp"
	"slices"
	"strings"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/office"
)

// wordings are the versions of the surveys of some answers, by the survey's id.
type wordings map[string]worded

// worded is a survey with all versions of its question.
type worded struct {
	survey   surveys.Survey
	versions surveys.Wordings
}

// wordings reads the versions of the surveys of which the list has answers, each once.
func (v visit) wordings(list []surveys.Response) (wordings, error) {
	w := make(wordings)
	for _, r := range list {
		if _, known := w[r.SurveyID]; known {
			continue
		}
		survey, err := v.site.Directory.Survey(v.ctx(), v.w.ID, r.SurveyID)
		if err != nil {
			return nil, err
		}
		versions, err := v.site.Store.Wordings(v.ctx(), v.w.ID, r.SurveyID)
		if err != nil {
			return nil, err
		}
		w[r.SurveyID] = worded{survey, versions}
	}
	return w, nil
}

// question is what an answer answered; "" where nobody knows its version any more.
func (v visit) question(w worded, r surveys.Response) string {
	version, known := w.versions.Of(r.Version)
	if !known {
		return ""
	}
	return v.site.Catalogue.QuestionOf(w.survey, v.w.Workspace, version, r.Locale)
}

// reworded reports whether the survey asks for the score otherwise by now.
func (w worded) reworded(r surveys.Response) bool {
	version, known := w.versions.Of(r.Version)
	return known && !version.SameQuestion(w.survey.Question)
}

// beside are the answers of a response to the follow-ups, in the words of its
// version, and what that asked where it asks otherwise by now.
func (v visit) beside(w wordings, r surveys.Response) []office.Answered {
	var list []office.Answered
	if asked := w[r.SurveyID]; asked.reworded(r) {
		list = append(list, office.Answered{Ask: v.l.T("office.answers.question"), Words: v.question(asked, r)})
	}
	for _, told := range w[r.SurveyID].versions.Told(r, v.l.Lang()) {
		list = append(list, office.Answered{Ask: v.askOf(told), Words: v.wordsOf(told)})
	}
	return list
}

// askOf is what was asked, or the usual name of who may be written to.
func (v visit) askOf(t surveys.Told) string {
	if t.FollowUp.Kind == surveys.FollowUpContact {
		return cmp.Or(t.Ask, v.l.T("office.answers.contact"))
	}
	return cmp.Or(t.Ask, t.FollowUp.ID)
}

// wordsOf is what was said. Where one may be written is for who sees people.
func (v visit) wordsOf(t surveys.Told) string {
	if t.FollowUp.Kind != surveys.FollowUpContact {
		return strings.Join(t.Words, v.l.T("office.answers.and"))
	}
	switch {
	case !t.Answer.Allowed:
		return v.l.T("office.answers.contact_no")
	case t.Answer.Email != "" && v.may(seesPeople):
		return v.l.T("office.answers.contact_at", "address", t.Answer.Email)
	}
	return v.l.T("office.answers.contact_yes")
}

// column is a follow-up in a file: under its words, of the last version that
// asked it, or under its id where two have the same.
type column struct{ id, name string }

// columns are the follow-ups of all versions, those of the newest first.
func (v visit) columns(w surveys.Wordings) []column {
	var list []column
	taken := make(map[string]bool)
	for _, wording := range slices.Backward(w) {
		for _, f := range wording.Asked() {
			if f.ID == surveys.MainComment || slices.ContainsFunc(list, func(c column) bool { return c.id == f.ID }) {
				continue
			}
			name := v.askOf(surveys.Told{FollowUp: f, Ask: f.Ask(v.l.Lang()).Ask})
			if taken[name] {
				name += " (" + f.ID + ")"
			}
			taken[name] = true
			list = append(list, column{f.ID, name})
		}
	}
	return list
}

// cells are the answers of a response under the columns.
func (v visit) cells(columns []column, w wordings, r surveys.Response) []any {
	cells := make([]any, len(columns))
	told := w[r.SurveyID].versions.Told(r, v.l.Lang())
	for i, c := range columns {
		cells[i] = ""
		for _, t := range told {
			if t.FollowUp.ID != c.id {
				continue
			}
			if cells[i] = v.wordsOf(t); t.Answer.Value != nil {
				cells[i] = *t.Answer.Value
			}
		}
	}
	return cells
}
