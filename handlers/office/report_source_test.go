package office

import (
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestSourceLeadsToItsAnswers: where a fall comes from one segment, its two scores
// have their margins and counts, and each leads to exactly so many answers.
func TestSourceLeadsToItsAnswers(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		for week := range 26 {
			turned := []int{10, 9, 10, 8, 9, 10}
			if week < 12 {
				turned = []int{0, 3, 6, 1, 9, 2}
			}
			x.answers(survey, append(many(12, 7*week, "pro", turned...), many(24, 7*week+2, "basic", 10, 9, 3, 8)...)...)
		}
		p := x.as(surveys.Viewer).get("/surveys/" + survey.ID + "?range=90&by=plan&segment=channel:link").want(http.StatusOK)
		p.says(".lead", "It comes from pro")
		links := p.Find(".lead a").FilterFunction(func(_ int, a *goquery.Selection) bool { return strings.Contains(a.Text(), "±") })
		if links.Length() != 2 {
			t.Fatalf("%d scores of the source lead on: %s", links.Length(), p.text(".lead"))
		}
		links.Each(func(_ int, link *goquery.Selection) {
			_, n, _ := strings.Cut(link.Text(), "(")
			n = strings.TrimSuffix(strings.TrimSuffix(n, ")"), " answers")
			list := x.as(surveys.Viewer).get(link.AttrOr("href", "")).want(http.StatusOK)
			if got := strings.Fields(list.text("h1"))[0]; got != n {
				t.Errorf("%q leads to %q", link.Text(), list.text("h1"))
			}
			list.says(".chips", "pro")
		})
	})
}
