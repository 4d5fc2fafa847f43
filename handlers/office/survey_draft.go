package office

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/templates/office"
)

// draftSurvey does one thing with the cards of a survey's form: adds, moves or
// removes one, undoes that, or adds a language. Nothing is stored: all of the
// draft is in the form that comes back.
func (d *desk) draftSurvey(v visit) error {
	form, err := web.Form(v)
	if err != nil {
		return err
	}
	var survey surveys.Survey
	if v.Param("id") != "" {
		if survey, err = v.survey(); err != nil {
			return err
		}
	}
	survey, problem := sentSurvey(survey, form, v.w.Zone)
	if problem != nil && !invalid(problem) {
		return problem
	}
	if survey, err = v.named(survey); err != nil {
		return err
	}
	f := surveyForm{visit: v, survey: survey, sent: form}
	if err := f.do(form.Get("do")); err != nil {
		return err
	}
	return web.Render(v, http.StatusOK, office.SurveyFormPage(f.page()))
}

// removed is a card that was taken away, with its place.
type removed struct {
	At       int              `json:"at"`
	FollowUp surveys.FollowUp `json:"follow_up"`
}

// do is one change of the draft: "up:2", "remove:0", "add:one", "language" …
// What means nothing changes nothing.
func (f *surveyForm) do(what string) error {
	move, of, _ := strings.Cut(what, ":")
	list := slices.Clone(f.survey.Question.Asked())
	at, err := strconv.Atoi(of)
	known := err == nil && at >= 0 && at < len(list)
	switch {
	case move == "add":
		return f.add(list, surveys.FollowUpKind(of))
	case move == "language":
		f.sent["langs"] = append(f.sent["langs"], f.sent.Get("language"))
		return nil
	case move == "undo":
		return f.undo(list)
	case !known:
		return nil
	case move == "up" && at > 0:
		list[at-1], list[at] = list[at], list[at-1]
	case move == "down" && at < len(list)-1:
		list[at+1], list[at] = list[at], list[at+1]
	case move == "remove":
		f.removed = &removed{At: at, FollowUp: list[at]}
		list = slices.Delete(list, at, at+1)
	}
	f.moved, f.survey.Question.FollowUps = what, list
	return nil
}

// add puts a new card behind the others; the main comment comes back as what it
// was.
func (f *surveyForm) add(list []surveys.FollowUp, kind surveys.FollowUpKind) error {
	if !slices.Contains(surveys.FollowUpKinds(), kind) || len(list) >= surveys.MaxFollowUps {
		return nil
	}
	id, err := surveys.FollowUpID(f.site.Store.Random())
	if err != nil {
		return err
	}
	if _, asked := f.survey.Question.FollowUp(surveys.MainComment); kind == surveys.FollowUpComment && !asked {
		id = surveys.MainComment
	}
	added := surveys.FollowUp{ID: id, Kind: kind, Texts: map[string]surveys.FollowUpText{}}
	if kind == surveys.FollowUpScale {
		added.Scale = surveys.RatingFive
	}
	f.moved, f.survey.Question.FollowUps = "add:"+id, append(list, added)
	return nil
}

// undo brings back the card that was removed last.
func (f *surveyForm) undo(list []surveys.FollowUp) error {
	var back removed
	if err := json.Unmarshal([]byte(f.sent.Get("removed")), &back); err != nil || len(list) >= surveys.MaxFollowUps {
		return nil // nothing to bring back
	}
	f.moved = "add:" + back.FollowUp.ID
	f.survey.Question.FollowUps = slices.Insert(list, min(max(back.At, 0), len(list)), back.FollowUp)
	return nil
}
