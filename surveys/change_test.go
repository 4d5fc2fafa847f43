package surveys

import (
	"reflect"
	"testing"
	"time"
)

// TestLaidOver lays forms that asked some of the follow-ups over one answer.
func TestLaidOver(t *testing.T) {
	t.Parallel()
	two := 2
	old := Response{
		ID: "1", Version: 1, Score: 3, Comment: "slow", Locale: "en", Ratings: map[string]int{"delivery": 1, "price": 4},
		Answers: map[string]Answer{"what": {Choices: []string{"late"}}, "delivery": {Value: &two}}, Fields: map[string]string{"plan": "pro"},
		UpdatedAt: time.Date(2026, 3, 2, 9, 0, 0, 1, time.UTC),
	}
	cases := []struct {
		name string
		news Response
		want Response
	}{
		{"the score alone", Response{Score: 9, Asked: []string{}}, Response{Score: 9, Comment: "slow", Ratings: old.Ratings, Answers: old.Answers}},
		{"the comment is taken back", Response{Score: 3, Asked: []string{MainComment}}, Response{Score: 3, Ratings: old.Ratings, Answers: old.Answers}},
		{"a comment that was not asked", Response{Score: 3, Comment: "x", Asked: []string{"what"}},
			Response{Score: 3, Comment: "slow", Ratings: old.Ratings, Answers: map[string]Answer{"delivery": {Value: &two}}}},
		{"one more answer", Response{Score: 3, Asked: []string{"why"}, Answers: map[string]Answer{"why": {Text: "rain"}}},
			Response{Score: 3, Comment: "slow", Ratings: old.Ratings, Answers: map[string]Answer{"what": old.Answers["what"], "delivery": {Value: &two}, "why": {Text: "rain"}}}},
		{"a rating is taken back", Response{Score: 3, Asked: []string{"delivery"}},
			Response{Score: 3, Comment: "slow", Ratings: map[string]int{"price": 4}, Answers: map[string]Answer{"what": old.Answers["what"]}}},
		{"of a form that did not show it", Response{Score: 9, Asked: []string{MainComment, "what", "delivery", "why"}, Knew: &time.Time{}, Answers: map[string]Answer{"why": {Text: "rain"}}},
			Response{Score: 9, Comment: "slow", Ratings: old.Ratings, Answers: map[string]Answer{"what": old.Answers["what"], "delivery": {Value: &two}, "why": {Text: "rain"}}}},
		{"of a form that showed it", Response{Score: 3, Asked: []string{MainComment, "what"}, Knew: &old.UpdatedAt},
			Response{Score: 3, Ratings: old.Ratings, Answers: map[string]Answer{"delivery": {Value: &two}}}},
		{"of a form that waited for longer", Response{Score: 9, Comment: "x", Said: old.UpdatedAt.Add(-onItsWay - time.Second)}, old},
		{"of a form that waited since", Response{Score: 9, Asked: []string{}, Said: old.UpdatedAt.Add(-onItsWay)}, Response{Score: 9, Comment: "slow", Ratings: old.Ratings, Answers: old.Answers}},
		{"everything", Response{Score: 7, Comment: "fine"}, Response{Score: 7, Comment: "fine", Ratings: old.Ratings}},
		{"everything, with ratings", Response{Score: 7, Ratings: map[string]int{"price": 1}}, Response{Score: 7, Ratings: map[string]int{"price": 1}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.want.ID, c.want.Version, c.want.Fields = "1", 1, old.Fields
			got := c.news.LaidOver(old)
			got.UpdatedAt, c.want.UpdatedAt = time.Time{}, time.Time{}
			if !reflect.DeepEqual(got, c.want) {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
			if len(old.Answers) != 2 || len(old.Ratings) != 2 {
				t.Error("the earlier answer was changed")
			}
		})
	}
}

// TestLaidOverWhatWaits: of two forms that wait to be counted, together, what
// either asked is laid over what is counted.
func TestLaidOverWhatWaits(t *testing.T) {
	t.Parallel()
	first := Response{Score: 2, Asked: []string{}}
	second := Response{Score: 2, Comment: "late", Asked: []string{MainComment}}
	third := Response{Score: 2, Answers: map[string]Answer{"why": {Text: "rain"}}, Asked: []string{"why"}}
	waits := third.LaidOver(second.LaidOver(first))
	counted := waits.LaidOver(Response{Score: 9, Comment: "good", Answers: map[string]Answer{"what": {Text: "kept"}}})
	want := Response{Score: 2, Comment: "late", Answers: map[string]Answer{"what": {Text: "kept"}, "why": {Text: "rain"}}}
	if !reflect.DeepEqual(counted, want) {
		t.Errorf("got  %+v\nwant %+v", counted, want)
	}
}

func TestSaysTheSame(t *testing.T) {
	t.Parallel()
	two, three := 2, 3
	a := Response{Score: 1, Comment: "x", Ratings: map[string]int{"a": 1}, Answers: map[string]Answer{"s": {Value: &two}}}
	same := Response{Score: 1, Comment: "x", Ratings: map[string]int{"a": 1}, Answers: map[string]Answer{"s": {Value: new(2)}}, Locale: "de"}
	if !a.SaysTheSame(same) || !(Response{Answers: map[string]Answer{}}).SaysTheSame(Response{}) {
		t.Error("the same is told apart")
	}
	for _, other := range []Response{
		{Score: 2, Comment: "x", Ratings: a.Ratings, Answers: a.Answers}, {Score: 1, Ratings: a.Ratings, Answers: a.Answers},
		{Score: 1, Comment: "x", Answers: a.Answers}, {Score: 1, Comment: "x", Ratings: a.Ratings, Answers: map[string]Answer{"s": {Value: &three}}},
	} {
		if a.SaysTheSame(other) {
			t.Errorf("%+v passes for the same", other)
		}
	}
}

// TestCheckSaid: what a response says beside score and comment, as it is kept.
func TestCheckSaid(t *testing.T) {
	t.Parallel()
	s := asking()
	s.Drivers, s.Fields = []Driver{{Key: "taste", Scale: RatingFive}, {Key: "price", Scale: RatingFive}}, []string{"order_id"}
	allowed := map[string]Answer{"contact": {Allowed: true}}
	for _, c := range []struct {
		name string
		in   Response
		want Response
	}{
		{"a rating is counted as one", Response{Score: 9, Ratings: map[string]int{"price": 2}, Answers: map[string]Answer{"taste": {Value: place(4)}}},
			Response{Score: 9, Ratings: map[string]int{"price": 2, "taste": 4}, Answers: map[string]Answer{"taste": {Value: place(4)}}}},
		{"hidden fields that are declared", Response{Score: 9, Fields: map[string]string{"order_id": " A-7 ", "evil": "x"}}, Response{Score: 9, Fields: map[string]string{"order_id": "A-7"}}},
		{"none that is declared", Response{Score: 9, Fields: map[string]string{"evil": "x"}}, Response{Score: 9}},
		{"after an answer that was not given", Response{Score: 9, Answers: allowed}, Response{Score: 9}},
		{"after an answer that was given on the page before", Response{Score: 9, Answers: allowed, Asked: []string{"contact"}}, Response{Score: 9, Answers: allowed, Asked: []string{"contact"}}},
		{"after one that the form asked, too", Response{Score: 9, Answers: allowed, Asked: []string{"taste", "contact"}}, Response{Score: 9, Asked: []string{"taste", "contact"}}},
		{"of another band", Response{Score: 9, Answers: map[string]Answer{"which": {Choices: []string{"price"}}}, Asked: []string{"which"}}, Response{Score: 9, Asked: []string{}}},
	} {
		got, wrong := s.CheckSaid(c.in)
		if len(wrong) > 0 || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v\nwant %+v", c.name, got, wrong, c.want)
		}
	}
	if _, wrong := s.CheckSaid(Response{Score: 9, Answers: map[string]Answer{"nobody": {}}}); len(wrong) != 1 || wrong[0].Code != "answer_unknown" {
		t.Errorf("an unknown id: %v", wrong)
	}
}

// TestADriversKeyKeepsItsScale as the id of a follow-up.
func TestADriversKeyKeepsItsScale(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		driver Driver
		ok     bool
	}{
		{Driver{Key: "taste", Scale: RatingFive}, true},
		{Driver{Key: "taste", Scale: RatingSeven}, false},
		{Driver{Key: "which", Scale: RatingFive}, false},
		{Driver{Key: "other", Scale: RatingFive}, true},
	} {
		s := asking()
		c.driver.Names = map[string]string{"en": "It"}
		s.Drivers = []Driver{c.driver}
		_, err := s.Check()
		if refused := len(fieldsOf(err)) == 1 && fieldsOf(err)[0].Code == "follow_up_driver"; refused == c.ok {
			t.Errorf("%+v: %v", c.driver, err)
		}
	}
}
