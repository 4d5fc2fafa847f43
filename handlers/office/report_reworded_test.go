package office

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestReportSaysWhenTheQuestionChanged within its period, and not for what was
// changed beside the score.
func TestReportSaysWhenTheQuestionChanged(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.CSAT)
		x.answers(survey, many(20, 1, "pro", 5, 4)...)
		notes := func(query string) string {
			return strings.Join(strings.Fields(x.as(surveys.Viewer).get("/surveys/"+survey.ID+query).want(http.StatusOK).Find(".note").Text()), " ")
		}
		change := func(edit func(*surveys.Question)) {
			t.Helper()
			clock.Advance(48 * time.Hour)
			edit(&survey.Question)
			var err error
			if survey, err = flow.NewAsking(s).UpdateSurvey(context.Background(), survey); err != nil {
				t.Fatal(err)
			}
		}
		change(func(q *surveys.Question) { q.FollowUps = []surveys.FollowUp{} })
		if got := notes(""); got != "" {
			t.Errorf("after a change beside the score: %q", got)
		}
		change(func(q *surveys.Question) { q.Style = surveys.StyleStars })
		if got := notes(""); !strings.Contains(got, "6 March 2026 (version 3)") || !strings.Contains(got, "may have moved for that alone") {
			t.Errorf("after another style: %q", got)
		}
		change(func(q *surveys.Question) { q.Texts = map[string]surveys.Text{"en": {Ask: "How was it?"}} })
		if got := notes(""); !strings.Contains(got, "6 March 2026 (version 3), 8 March 2026 (version 4)") {
			t.Errorf("after other words: %q", got)
		}
		if got := notes("?from=2026-02-20&to=2026-03-03"); got != "" {
			t.Errorf("of the time before: %q", got)
		}
	})
}
