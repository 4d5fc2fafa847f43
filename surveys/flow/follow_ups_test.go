package flow_test

import (
	"context"
	"reflect"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func asks(id string, kind surveys.FollowUpKind) surveys.FollowUp {
	f := surveys.FollowUp{ID: id, Kind: kind, Texts: map[string]surveys.FollowUpText{"en": {Ask: "And " + id + "?"}}}
	switch kind {
	case surveys.FollowUpOne, surveys.FollowUpMany:
		f.Choices = []surveys.Choice{{ID: "price", Texts: map[string]string{"en": "The price"}}, {ID: "taste", Texts: map[string]string{"en": "The taste"}}}
	case surveys.FollowUpScale:
		f.Scale = surveys.RatingFive
	}
	return f
}

// asking gives the till's survey follow-ups, a driver and hidden fields.
func (k *till) asking(t *testing.T, list ...surveys.FollowUp) {
	t.Helper()
	k.survey.Question.FollowUps, k.survey.Fields = list, []string{"order_id", "plan"}
	k.rated(t, "delivery")
}

// TestAnAnswerGrowsByItsFollowUps as a person fills in one page after another,
// each of which asks something else, and none of which takes anything away.
func TestAnAnswerGrowsByItsFollowUps(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newTill(t, s)
		after := asks("more", surveys.FollowUpComment)
		after.Show = surveys.Show{After: "what", Choices: []string{"price"}}
		k.asking(t, asks("what", surveys.FollowUpMany), asks("delivery", surveys.FollowUpScale), surveys.FollowUp{ID: surveys.MainComment, Kind: surveys.FollowUpComment}, after)
		said := func(id string, a surveys.Answer) map[string]surveys.Answer { return map[string]surveys.Answer{id: a} }
		what, delivery := surveys.Answer{Choices: []string{"price"}}, surveys.Answer{Value: new(4)}
		steps := []struct {
			given flow.Given
			want  surveys.Response
		}{
			{flow.Given{Score: 9, Asked: []string{}, Fields: map[string]string{"plan": "pro", "evil": "x"}}, surveys.Response{Score: 9}},
			{flow.Given{Score: 9, Asked: []string{"what"}, Answers: said("what", what)}, surveys.Response{Score: 9, Answers: said("what", what)}},
			{flow.Given{Score: 9, Asked: []string{"delivery", "comment"}, Answers: said("delivery", delivery), Comment: "good"},
				surveys.Response{Score: 9, Comment: "good", Ratings: map[string]int{"delivery": 4}, Answers: map[string]surveys.Answer{"what": what, "delivery": delivery}}},
			{flow.Given{Score: 2, Asked: []string{}}, surveys.Response{Score: 2, Comment: "good", Ratings: map[string]int{"delivery": 4}, Answers: map[string]surveys.Answer{"what": what, "delivery": delivery}}},
			{flow.Given{Score: 2, Asked: []string{"more"}, Answers: said("more", surveys.Answer{Text: " dear "})},
				surveys.Response{Score: 2, Comment: "good", Ratings: map[string]int{"delivery": 4}, Answers: map[string]surveys.Answer{"what": what, "delivery": delivery, "more": {Text: "dear"}}}},
			{flow.Given{Score: 2, Asked: []string{"delivery", "comment"}}, surveys.Response{Score: 2, Answers: map[string]surveys.Answer{"what": what, "more": {Text: "dear"}}}},
		}
		in := k.invite(t)
		ways := map[string]func(flow.Given) (store.Receipt, error){
			"by mail": func(g flow.Given) (store.Receipt, error) {
				in.Survey = k.survey
				return k.answers.AnswerInvitation(context.Background(), in, g)
			},
			"on the page": func(g flow.Given) (store.Receipt, error) {
				return k.answers.AnswerLink(context.Background(), k.office, k.survey, "one form", g)
			},
		}
		for way, answer := range ways {
			for i, step := range steps {
				receipt, err := answer(step.given)
				if err != nil {
					t.Fatalf("%s, step %d: %v", way, i, err)
				}
				r, err := s.Response(context.Background(), k.w.ID, receipt.ResponseID)
				if err != nil {
					t.Fatal(err)
				}
				if r.Score != step.want.Score || r.Comment != step.want.Comment || !reflect.DeepEqual(r.Ratings, step.want.Ratings) || !reflect.DeepEqual(r.Answers, step.want.Answers) {
					t.Errorf("%s, step %d: %+v\nwant %+v", way, i, r, step.want)
				}
				if plan := r.Segments["plan"]; !reflect.DeepEqual(r.Fields, map[string]string{"plan": "pro"}) || plan != "pro" {
					t.Errorf("%s, step %d: the fields are %v, counted under %q", way, i, r.Fields, plan)
				}
			}
		}
		k.checkCounts(t, k.survey, map[int]int64{2: 2})
	})
}

// TestAnswersToFollowUpsAreRefusedByField, and nothing is stored of them.
func TestAnswersToFollowUpsAreRefusedByField(t *testing.T) {
	t.Parallel()
	k := newTill(t, storetest.Open(t, store.SQLite))
	k.asking(t, asks("what", surveys.FollowUpOne), asks("delivery", surveys.FollowUpScale), asks("contact", surveys.FollowUpContact))
	for _, c := range []struct {
		name    string
		answers map[string]surveys.Answer
		want    map[string]string
	}{
		{"a question that is not asked", map[string]surveys.Answer{"nobody": {Text: "x"}}, map[string]string{"answers.nobody": "answer_unknown"}},
		{"a choice that is not there", map[string]surveys.Answer{"what": {Choices: []string{"colour"}}}, map[string]string{"answers.what.choices.0": "choice"}},
		{"two of one", map[string]surveys.Answer{"what": {Choices: []string{"price", "taste"}}}, map[string]string{"answers.what.choices": "choice_one"}},
		{"beside the scale", map[string]surveys.Answer{"delivery": {Value: new(6)}}, map[string]string{"answers.delivery.value": "score"}},
		{"no address", map[string]surveys.Answer{"contact": {Allowed: true, Email: "ada"}}, map[string]string{"answers.contact.email": "email"}},
	} {
		_, err := k.answers.Record(context.Background(), k.office, k.survey.ID, flow.Recorded{Given: flow.Given{Score: 9, Answers: c.answers}})
		t.Run(c.name, func(t *testing.T) { wantFields(t, err, c.want) })
	}
	if list := k.stored(t); len(list) != 0 {
		t.Errorf("%d answers are stored", len(list))
	}
}

// TestWhatIsAskedBesideTheScoreMakesVersions, and an id never takes other
// answers than it took.
func TestWhatIsAskedBesideTheScoreMakesVersions(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, asking, k := context.Background(), flow.NewAsking(s), newTill(t, s)
		survey, err := asking.CreateSurvey(ctx, k.w.ID, surveys.Survey{Name: "Taste", Metric: surveys.CSAT})
		if err != nil {
			t.Fatal(err)
		}
		what := asks("what", surveys.FollowUpOne)
		fewer := what
		fewer.Choices = append([]surveys.Choice{{ID: "crema", Texts: map[string]string{"en": "The crema"}}}, what.Choices[1:]...)
		for _, step := range []struct {
			name    string
			edit    func(*surveys.Survey)
			version int
		}{
			{"a follow-up", func(s *surveys.Survey) { s.Question.FollowUps = []surveys.FollowUp{what} }, 2},
			{"the same again", func(s *surveys.Survey) { s.Question.FollowUps = []surveys.FollowUp{what} }, 2},
			{"the name, the fields and the thanks", func(s *surveys.Survey) {
				s.Name, s.Fields = "Crema", []string{"order_id"}
				s.Thanks = map[surveys.Band]surveys.ThankYou{surveys.Satisfied: {Link: "https://reviews.example"}}
			}, 2},
			{"another choice", func(s *surveys.Survey) { s.Question.FollowUps = []surveys.FollowUp{fewer} }, 3},
			{"the style", func(s *surveys.Survey) { s.Question.Style = surveys.StyleStars }, 4},
			{"the comment's words for a band", func(s *surveys.Survey) {
				s.Question.Texts = map[string]surveys.Text{"en": {FollowUpBad: "What went wrong?"}}
			}, 5},
			{"nothing beside the score", func(s *surveys.Survey) { s.Question.FollowUps = []surveys.FollowUp{} }, 6},
			{"the comment alone, as usual", func(s *surveys.Survey) { s.Question.FollowUps = nil }, 7},
		} {
			step.edit(&survey)
			if survey, err = asking.UpdateSurvey(ctx, survey); err != nil || survey.Question.Version != step.version {
				t.Fatalf("%s: version %d, %v, want %d", step.name, survey.Question.Version, err, step.version)
			}
			if stored, err := s.Survey(ctx, k.w.ID, survey.ID); err != nil || !reflect.DeepEqual(stored, survey) {
				t.Errorf("%s: stored %+v, %v", step.name, stored, err)
			}
		}
		if q, err := s.Question(ctx, k.w.ID, survey.ID, 2); err != nil || q.FollowUps[0].Choices[0].Text("en") != "The price" {
			t.Errorf("the removed choice reads %+v, %v", q, err)
		}
		survey.Question.FollowUps = []surveys.FollowUp{asks("what", surveys.FollowUpScale)}
		_, err = asking.UpdateSurvey(ctx, survey)
		wantFields(t, err, map[string]string{"follow_ups.0.kind": "follow_up_kind_fixed"})
	})
}

// TestAHeldAnswerGrowsByItsFollowUps, too: what waits until it is known who gave
// it loses nothing to the next form, nor does what it is laid over when counted.
func TestAHeldAnswerGrowsByItsFollowUps(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		k := newTill(t, s)
		k.asking(t, asks("what", surveys.FollowUpOne), surveys.FollowUp{ID: surveys.MainComment, Kind: surveys.FollowUpComment})
		in := k.invite(t)
		in.Survey = k.survey
		act := surveys.Act{Client: []byte("one"), Seal: surveys.SealGood}
		what := map[string]surveys.Answer{"what": {Choices: []string{"price"}}}
		for _, given := range []flow.Given{
			{Score: 3, Asked: []string{}}, {Score: 3, Comment: "dear", Asked: []string{"comment"}}, {Score: 3, Answers: what, Asked: []string{"what"}},
		} {
			if verdict, err := k.answers.Weigh(context.Background(), in, given, act); err != nil || verdict != surveys.Wait {
				t.Fatalf("%s, %v", verdict, err)
			}
		}
		held, err := s.HeldAnswers(context.Background(), k.w.ID, in.Invitation.ID)
		if err != nil || len(held) != 1 {
			t.Fatalf("%d are held, %v", len(held), err)
		}
		if r := held[0].Response; r.Score != 3 || r.Comment != "dear" || !reflect.DeepEqual(r.Answers, what) || !reflect.DeepEqual(r.Asked, []string{"comment", "what"}) {
			t.Errorf("held: %+v", r)
		}
	})
}
