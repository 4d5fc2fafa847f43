package northwind

import (
	"testing"

	"github.com/harkhq/hark/surveys"
)

// TestBesideIsWhatTheSurveysTake: what is drawn beside the score passes the
// surveys' own checks, and something is drawn.
func TestBesideIsWhatTheSurveysTake(t *testing.T) {
	t.Parallel()
	nps, err := func() (surveys.Survey, error) { s := relationship(); s.Status = surveys.SurveyActive; return s.Check() }()
	if err != nil {
		t.Fatal(err)
	}
	csat, err := func() (surveys.Survey, error) { s := delivery(); s.Status = surveys.SurveyActive; return s.Check() }()
	if err != nil {
		t.Fatal(err)
	}
	nps.ID, csat.ID = "nps", "csat"
	b := newBeside(Story{NPS: nps, CSAT: csat, Year: Span{To: 20600}})
	for _, s := range []surveys.Survey{nps, csat} {
		var list []surveys.Response
		for range 200 {
			for _, score := range s.Choices() {
				list = append(list, surveys.Response{SurveyID: s.ID, Score: score, Channel: surveys.ChannelMail})
			}
		}
		b.say(list)
		said := 0
		for _, r := range list {
			kept, wrong := s.CheckAnswers(r.Score, r.Answers)
			if len(wrong) > 0 || len(kept) != len(r.Answers) {
				t.Fatalf("%s takes %v of %v at %d: %v", s.ID, kept, r.Answers, r.Score, wrong)
			}
			said += len(kept)
		}
		if said < 200 {
			t.Errorf("%s: %d answers beside %d scores", s.ID, said, len(list))
		}
	}
}
