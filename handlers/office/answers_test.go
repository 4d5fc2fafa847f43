package office

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// beside stores an answer with everything beside its score, to a survey whose
// question was changed since.
func beside(x *team, personID string) surveys.Survey {
	x.t.Helper()
	survey := storetest.Survey(x.t, x.store, x.w.ID, surveys.NPS)
	first := []surveys.FollowUp{
		{ID: "what", Kind: surveys.FollowUpMany, Texts: map[string]surveys.FollowUpText{"en": {Ask: "What was it?"}, "zh-Hans": {Ask: "怎么了？"}}, Choices: []surveys.Choice{
			{ID: "late", Texts: map[string]string{"en": "Late", "zh-Hans": "太晚"}}, {ID: "cold", Texts: map[string]string{"en": "<Cold>", "zh-Hans": "太凉"}},
		}},
		{ID: "taste", Kind: surveys.FollowUpScale, Scale: surveys.RatingFive, Texts: map[string]surveys.FollowUpText{"en": {Ask: "And the taste?"}}},
		{ID: "contact", Kind: surveys.FollowUpContact},
	}
	for _, list := range [][]surveys.FollowUp{first, first[1:]} {
		survey.Question.Version++
		survey.Question.FollowUps, survey.Fields = list, []string{"order_id"}
		storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	}
	r := storetest.Response(x.t, x.store, survey, 3)
	r.Version, r.Comment, r.PersonID, r.AnsweredAt = 2, "Not again", personID, x.store.Now()
	r.Day = surveys.Day(r.AnsweredAt, x.w.Location())
	r.Answers = map[string]surveys.Answer{"what": {Choices: []string{"late", "cold"}}, "taste": {Value: new(2)}, "contact": {Allowed: true, Email: "ada@home.example"}}
	r.Fields = map[string]string{"order_id": "=A-7"}
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
	return survey
}

// TestAnswersAreReadInTheWordsOfTheirVersion wherever answers are read, in the
// reader's language.
func TestAnswersAreReadInTheWordsOfTheirVersion(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		person := storetest.Person(t, s, x.w.ID)
		survey := beside(x, person.ID)
		manager := x.as(surveys.Manager)
		for _, path := range []string{"/surveys/" + survey.ID + "/comments", "/responses", "/people/" + person.ID} {
			p := manager.get(path).want(http.StatusOK)
			for _, want := range []string{"What was it?Late, <Cold>", "And the taste?2", "May we write to you about this?Yes, at ada@home.example"} {
				p.says(".said-beside", want)
			}
		}
		manager.cookies = append(manager.cookies, &http.Cookie{Name: "hark_language", Value: "zh-Hans"})
		manager.get("/surveys/"+survey.ID+"/comments").says(".said-beside", "怎么了？太晚、太凉")
	})
}

// TestAnswersSayWhatTheyWereAsked where the survey asks otherwise by now, in the words
// that were read: of the answer's language and version.
func TestAnswersSayWhatTheyWereAsked(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		person := storetest.Person(t, s, x.w.ID)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		answer := func(version int, locale, comment string) {
			r := storetest.Response(t, s, survey, 3)
			r.Version, r.Locale, r.Comment, r.PersonID, r.AnsweredAt = version, locale, comment, person.ID, s.Now()
			r.Day = surveys.Day(r.AnsweredAt, x.w.Location())
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
		}
		answer(1, "de", "Zu spät")
		survey.Question.Version, survey.Question.Texts = 2, map[string]surveys.Text{"en": {Ask: "Would you tell others about {company}?"}}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		answer(2, "en", "Fine")
		const german = "Wie wahrscheinlich ist es, dass Sie Northwind Coffee"
		manager := x.as(surveys.Manager)
		for _, path := range []string{"/surveys/" + survey.ID + "/comments", "/responses", "/people/" + person.ID} {
			p := manager.get(path).want(http.StatusOK)
			p.has(".said-beside", 1)
			p.says(".said-beside", "Question then"+german)
		}
		file := manager.get("/surveys/" + survey.ID + "/comments/export").want(http.StatusOK).Text()
		for _, want := range []string{",Question\n", ",\"" + german, ",Would you tell others about Northwind Coffee?\n"} {
			if !strings.Contains(strings.ReplaceAll(file, "\r", ""), want) {
				t.Errorf("the file lacks %q:\n%s", want, file)
			}
		}
	})
}

// TestTheFileHasAColumnForEachFollowUp of all versions, and for hidden fields.
func TestTheFileHasAColumnForEachFollowUp(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := beside(x, "")
	file := x.as(surveys.Manager).get("/surveys/" + survey.ID + "/comments/export").want(http.StatusOK).Text()
	for _, want := range []string{"And the taste?,May we write to you about this?,What was it?,order_id", `2,"Yes, at ada@home.example","Late, `, "'=A-7"} {
		if !strings.Contains(file, want) {
			t.Errorf("the file lacks %q:\n%s", want, file)
		}
	}
}
