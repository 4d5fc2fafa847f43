package store_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// asksMuch is a survey with everything that a survey can have.
func asksMuch(t *testing.T, s *store.Store, ws surveys.WorkspaceID) surveys.Survey {
	t.Helper()
	survey := storetest.Survey(t, s, ws, surveys.CSAT)
	from := 4
	survey.Question = surveys.Question{Version: 2, Texts: map[string]surveys.Text{"en": {Ask: "How was it?", FollowUpBad: "What went wrong?"}}, Style: surveys.StyleSmileys, FollowUps: []surveys.FollowUp{
		{ID: "what", Kind: surveys.FollowUpOne, Show: surveys.Show{Bands: []surveys.Band{surveys.Dissatisfied}}, Choices: []surveys.Choice{
			{ID: "late", Texts: map[string]string{"en": "Late", "zh-Hans": "太晚"}}, {ID: "cold", Texts: map[string]string{"en": "Cold"}},
		}, Texts: map[string]surveys.FollowUpText{"en": {Ask: "What was it?"}}},
		{ID: "taste", Kind: surveys.FollowUpScale, Scale: surveys.RatingFive, Texts: map[string]surveys.FollowUpText{"en": {Ask: "And the taste?", Low: "bad", High: "good"}}},
		{ID: "best", Kind: surveys.FollowUpComment, Show: surveys.Show{After: "taste", From: &from}, Texts: map[string]surveys.FollowUpText{"en": {Ask: "What was best?"}}},
		{ID: surveys.MainComment, Kind: surveys.FollowUpComment, Texts: map[string]surveys.FollowUpText{}},
	}}
	survey.Fields = []string{"order_id", "plan"}
	survey.Thanks = map[surveys.Band]surveys.ThankYou{surveys.Satisfied: {Link: "https://reviews.example", Texts: map[string]surveys.ThankYouText{"en": {Text: "Thanks!", Link: "Tell others"}}}}
	survey.UpdatedAt = s.Now()
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
	return survey
}

func TestSurveysKeepWhatTheyAskBesideTheScore(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		start := s.Now()
		clock.Advance(time.Hour)
		survey := asksMuch(t, s, w.ID)
		same(t, "by id", survey)(s.Survey(ctx, w.ID, survey.ID))
		same(t, "by key", survey)(s.SurveyByKey(ctx, w.ID, survey.Key))
		same(t, "in the list", []surveys.Survey{survey})(s.Surveys(ctx, w.ID))
		same(t, "its version", survey.Question)(s.Question(ctx, w.ID, survey.ID, 2))
		list, err := s.Wordings(ctx, w.ID, survey.ID)
		if err != nil || len(list) != 2 || !reflect.DeepEqual(list[1].Question, survey.Question) || !list[1].Since.Equal(start.Add(time.Hour)) || list[0].FollowUps != nil {
			t.Errorf("the versions are %+v, %v", list, err)
		}
		survey.Question.FollowUps, survey.Question.Style, survey.Fields, survey.Thanks = []surveys.FollowUp{}, "", nil, nil
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateSurvey(ctx, survey) })
		same(t, "nothing beside the score", survey)(s.Survey(ctx, w.ID, survey.ID))
	})
}

// fullAnswer is an answer to a survey with everything that an answer can have.
func fullAnswer(t *testing.T, s *store.Store, survey surveys.Survey) surveys.Response {
	t.Helper()
	r := storetest.Response(t, s, survey, 2)
	r.Comment, r.Ratings, r.Fields = "late", map[string]int{"taste": 4}, map[string]string{"order_id": "A-7"}
	r.Answers = map[string]surveys.Answer{
		"what": {Choices: []string{"late", "cold"}}, "taste": {Value: new(4)}, "best": {Text: "the “crema”\n☕"},
		"contact": {Allowed: true, Email: "ada@example.com"},
	}
	return r
}

// TestAnswersToFollowUpsAreKeptByEachPath that a response takes into the
// database, and changed by those that change one.
func TestAnswersToFollowUpsAreKeptByEachPath(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := asksMuch(t, s, w.ID)
		for name, submit := range paths(s, newIngest(t, s)) {
			first := fullAnswer(t, s, survey)
			receipt, err := submit(store.Submission{Response: first, Once: onceOf(name, 1, store.Change, s.Now().Add(time.Hour))})
			if err != nil || receipt.Outcome != store.Stored {
				t.Fatalf("%s: %+v, %v", name, receipt, err)
			}
			same(t, name, first)(s.Response(ctx, w.ID, first.ID))
			again := storetest.Response(t, s, survey, 5)
			again.Asked = []string{"best", "what"}
			again.Answers = map[string]surveys.Answer{"best": {Text: "all of it"}}
			receipt, err = submit(store.Submission{Response: again, Once: onceOf(name, 2, store.Change, s.Now().Add(time.Hour))})
			if err != nil || receipt.Outcome != store.Changed || receipt.ResponseID != first.ID {
				t.Fatalf("%s, changed: %+v, %v", name, receipt, err)
			}
			want := first
			want.Score, want.UpdatedAt, want.Locale = 5, again.UpdatedAt, again.Locale
			want.Answers = map[string]surveys.Answer{"best": {Text: "all of it"}, "taste": first.Answers["taste"], "contact": first.Answers["contact"]}
			same(t, name+", changed", want)(s.Response(ctx, w.ID, first.ID))
			receipt, err = submit(store.Submission{Response: again, Once: onceOf(name, 2, store.Change, s.Now().Add(time.Hour))})
			if err != nil || receipt.Outcome != store.Replayed {
				t.Errorf("%s, the same again: %+v, %v", name, receipt, err)
			}
		}
		added := fullAnswer(t, s, survey)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{added}) })
		same(t, "added", added)(s.Response(ctx, w.ID, added.ID))
		consistent(t, s, survey, 3)
	})
}

// TestLoadedAnswersKeepTheirFollowUps: history that comes in bulk.
func TestLoadedAnswersKeepTheirFollowUps(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		survey := asksMuch(t, s, w.ID)
		r := fullAnswer(t, s, survey)
		if err := s.Load(ctx, w, func(yield func(store.Batch) bool) { yield(store.Batch{Responses: []surveys.Response{r}}) }); err != nil {
			t.Fatal(err)
		}
		same(t, "loaded", r)(s.Response(ctx, w.ID, r.ID))
	})
}

// TestErasingAPersonTakesWhatTheySaid with the address that they left.
func TestErasingAPersonTakesWhatTheySaid(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		w := storetest.Workspace(t, s)
		person := storetest.Person(t, s, w.ID)
		survey := asksMuch(t, s, w.ID)
		r := fullAnswer(t, s, survey)
		r.PersonID = person.ID
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{r}) })
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.ErasePerson(ctx, w.ID, person.ID) })
		if _, err := s.Response(ctx, w.ID, r.ID); surveys.KindOf(err) != surveys.NotFound {
			t.Errorf("after the erasure: %v, want NotFound", err)
		}
		for _, column := range []string{"answers", "fields"} {
			if left := texts(t, s.Readers(), "SELECT cast("+column+" AS text) FROM responses WHERE "+column+" IS NOT NULL"); len(left) != 0 {
				t.Errorf("%s are left: %q", column, left)
			}
		}
		consistent(t, s, survey, 0)
	})
}
