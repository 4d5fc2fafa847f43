package respond_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// edit changes a survey as its author does: a new version where the question is another.
func (b *bundle) edit(survey surveys.Survey, change func(*surveys.Survey)) {
	b.t.Helper()
	stored, err := b.site.Store.Survey(context.Background(), b.workspace.ID, survey.ID)
	if err != nil {
		b.t.Fatal(err)
	}
	change(&stored)
	if _, err := b.site.Asking.UpdateSurvey(context.Background(), stored); err != nil {
		b.t.Fatal(err)
	}
}

// TestLongAnswersAreWhole: all that the fields of a page take is stored.
func TestLongAnswersAreWhole(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.survey(surveys.NPS)
		b.edit(survey, func(s *surveys.Survey) {
			for n := range surveys.MaxFollowUps {
				s.Question.FollowUps = append(s.Question.FollowUps, surveys.FollowUp{ID: fmt.Sprintf("c%d", n), Kind: surveys.FollowUpComment, Texts: says("And?")})
			}
		})
		fill, long := url.Values{"score": {"9"}}, strings.Repeat("好", 4000)
		for n := range surveys.MaxFollowUps {
			fill.Set(fmt.Sprintf("a.c%d", n), long)
		}
		visitor := b.browser()
		visitor.follow(visitor.send(visitor.get(path), fill)).want(t, 200, "Thank you. Your answer has arrived.")
		for id, answer := range b.answers(survey)[0].Answers {
			if answer.Text != long {
				t.Errorf("%s is stored with %d bytes of %d", id, len(answer.Text), len(long))
			}
		}
	})
}

// TestStalePageTakesNothingAway: a page that was opened before something was answered
// in another tab leaves what it did not show, and takes back what it showed.
func TestStalePageTakesNothingAway(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		for name, open := range map[string]func(surveys.Survey, string) string{
			"link": func(_ surveys.Survey, path string) string { return path },
			"mail": func(survey surveys.Survey, _ string) string { _, mail, _ := b.invite(survey); return mail },
		} {
			survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
			path = open(survey, path)
			visitor := b.browser()
			stale, first := visitor.get(path), visitor.get(path)
			visitor.send(first, url.Values{"score": {"9"}, "comment": {"Very good"}, "a.what": {"price"}})
			visitor.send(stale, url.Values{"score": {"8"}})
			if got := b.answers(survey)[0]; got.Score != 8 || got.Comment != "Very good" || len(got.Answers["what"].Choices) != 1 {
				t.Errorf("%s: a page from before took away: %+v", name, got)
			}
			visitor.send(visitor.get(path), url.Values{"score": {"8"}, "comment": {""}, "a.what": nil})
			if got := b.answers(survey)[0]; got.Comment != "" || len(got.Answers) != 0 {
				t.Errorf("%s: what was taken back stays: %+v", name, got)
			}
		}
	})
}

// TestChangeIsToWhatWasAnswered: after an edit an earlier answer is changed in the
// version that it answered, and nobody ends on a page without a way on.
func TestChangeIsToWhatWasAnswered(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		b := newBundle(t, s)
		survey, path := b.asking(surveys.CSAT, surveys.StyleNumbers)
		visitor := b.browser()
		steps := visitor.send(visitor.get(path), url.Values{"score": {"2"}, "a.what": {"price"}})
		b.edit(survey, func(s *surveys.Survey) {
			s.Question.Style = surveys.StyleThumbs
			s.Question.Texts = map[string]surveys.Text{"en": {Ask: "Was it hard?"}}
		})
		more := visitor.follow(steps)
		more.want(t, 200, "Thank you. May we ask one more thing?")
		visitor.follow(visitor.send(more, url.Values{"a.wish": {"Cheaper"}})).want(t, 200, "We are sorry.")
		change := visitor.get(path + "?change")
		if change.chosen() != "2" || strings.Contains(change.Text(), "Was it hard?") {
			t.Errorf("to change: %q of %s", change.chosen(), change.Find("h1").Text())
		}
		visitor.send(change, url.Values{"score": {"3"}, "a.wish": {"Cheaper"}})
		if got := b.answers(survey)[0]; got.Score != 3 || got.Version != 1 || got.Answers["wish"].Text != "Cheaper" {
			t.Errorf("stored %+v", got)
		}
		b.browser().get(path).want(t, 200, "Was it hard?")
	})
}

// TestScoreCorrectedKeepsWords: somebody who corrects the score takes back nothing else,
// but for what they take back themselves.
func TestScoreCorrectedKeepsWords(t *testing.T) {
	t.Parallel()
	b := newBundle(t, storetest.Open(t, store.SQLite))
	survey, path := b.asking(surveys.NPS, surveys.StyleNumbers)
	visitor := b.browser()
	visitor.send(visitor.get(path+"?score=2"), url.Values{"score": {"2"}, "a.wish": {"They were rude"}})
	visitor.send(visitor.get(path+"?change"), url.Values{"score": {"9"}, "a.wish": {"They were rude"}})
	if got := b.answers(survey)[0]; got.Score != 9 || got.Answers["wish"].Text != "They were rude" {
		t.Errorf("stored %+v", got)
	}
}
