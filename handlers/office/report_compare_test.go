package office

import (
	"net/http"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestNotesNameTheGatesOfTheirVerdict: where the weeks could not be asked, the note
// beside the verdict says so, and what stands in for them.
func TestNotesNameTheGatesOfTheirVerdict(t *testing.T) {
	t.Parallel()
	const asked, stretched = "it stands out from how the weeks usually vary", "one and a half times its margin"
	const yearly, stretchedYearly = "stand out together, or else", "1.6 times its margin"
	x := onSQLite(t)
	m := x.as(surveys.Viewer)
	old, young, calm := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), storetest.Survey(t, x.store, x.w.ID, surveys.NPS), storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	for week := range 70 {
		score := 9 // until a year ago, and then no more
		if week < 40 {
			score = 3
		}
		x.answers(old, many(12, 7*week+1, "pro", score, 8, 9, 6)...)
		x.answers(calm, many(12, 7*week+1, "pro", 10, 8, 9, 6)...)
		if week < 20 {
			x.answers(young, many(12, 7*week+1, "pro", 10, 8, 9, 6)...)
		}
	}
	for name, c := range map[string]struct {
		survey surveys.Survey
		query  string
		want   string
	}{
		"a long history":    {old, "range=30", asked},
		"a short one":       {young, "range=30", stretched},
		"years that differ": {old, "range=90&compare=year", yearly},
		"no year before":    {young, "range=30&compare=year", yearly},
		"years that do not": {calm, "range=90&compare=year", stretchedYearly},
	} {
		p := m.get("/surveys/" + c.survey.ID + "?" + c.query).want(http.StatusOK)
		if says := p.Find("#method-verdict").Text(); !contains(says, c.want) {
			t.Errorf("%s: %q, want %q; the verdict is %q", name, says, c.want, p.Find(".lead p").First().Text())
		}
	}
}
