package surveys

import (
	"slices"
	"testing"
)

func TestWritten(t *testing.T) {
	t.Parallel()
	s := Survey{
		Question: Question{
			Texts: map[string]Text{"en": {Ask: "How?", Low: "bad"}, "zh-Hans": {Ask: "怎么样？"}},
			FollowUps: []FollowUp{{ID: "why", Kind: FollowUpOne, Texts: map[string]FollowUpText{"en": {Ask: "Why?"}}, Choices: []Choice{
				{ID: "a", Texts: map[string]string{"en": "A", "zh-Hans": "甲"}}, {ID: "b", Texts: map[string]string{"en": "B"}},
			}}, {ID: MainComment, Kind: FollowUpComment}},
		},
		Thanks: map[Band]ThankYou{Promoter: {Link: "https://reviews.example", Texts: map[string]ThankYouText{"en": {Text: "Thanks!"}}}},
	}
	for _, c := range []struct {
		survey         Survey
		locale         string
		texts, missing int
	}{{s, "en", 6, 0}, {s, "zh-Hans", 6, 4}, {s, "de", 6, 6}, {Survey{}, "en", 0, 0}} {
		if texts, missing := c.survey.Written(c.locale); texts != c.texts || missing != c.missing {
			t.Errorf("%s: %d of %d are missing, want %d of %d", c.locale, missing, texts, c.missing, c.texts)
		}
	}
	if got := s.WrittenIn(); !slices.Equal(got, []string{"en", "zh-Hans"}) {
		t.Errorf("written in %v", got)
	}
	if got := (Survey{}).WrittenIn(); got != nil {
		t.Errorf("nothing is written in %v", got)
	}
}
