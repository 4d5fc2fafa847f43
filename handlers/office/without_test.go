package office

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestAnswersWithoutAValue: the report's row of those without a plan leads to exactly
// these, in the list and among the comments, by whatever else both are narrowed.
func TestAnswersWithoutAValue(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey, empty := storetest.Survey(t, s, x.w.ID, surveys.NPS), storetest.Survey(t, s, x.w.ID, surveys.NPS)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			_, err := tx.AdmitSegmentValue(ctx, x.w.ID, "plan", "pro")
			return err
		})
		x.answers(survey, append(many(40, 0, "pro", 10, 7, 3), many(30, 10, "", 9, 9, 2)...)...)
		x.answers(survey, answer{score: 1, comment: "late"}, answer{score: 10, comment: "fine", daysAgo: 20, plan: "pro"}, answer{score: 10, comment: "fine", daysAgo: 3})
		x.answers(empty, many(8, 0, "pro", 5)...)
		x.index(survey)
		x.answers(survey, answer{score: 10, comment: "fine and fresh"}, answer{score: 10, comment: "fine and fresh", plan: "pro"})
		m := x.as(surveys.Viewer)
		row := m.get("/surveys/" + survey.ID + "?by=plan").want(http.StatusOK).Find("#segments a[href*='without=plan']")
		if row.Length() == 0 || !strings.Contains(row.First().Text(), "no plan") {
			t.Fatalf("the row of those without a plan leads nowhere: %q", row.Text())
		}
		of := "/responses?survey=" + survey.ID
		for address, n := range map[string]int{
			row.First().AttrOr("href", ""): 33, of + "&without=plan": 33, "/responses?without=plan": 33, of + "&without=plan&score=promoter": 22,
			of + "&without=plan&comment=1": 3, of + "&without=plan&comment=1&score=10": 2, of + "&without=plan&segment=channel:link": 33,
			of + "&without=plan&segment=plan:pro": 0, of + "&without=plan&from=2026-02-21&to=2026-02-24": 0, of + "&without=plan&q=fine": 2,
			"/responses?survey=" + empty.ID + "&without=plan": 0,
		} {
			p := m.get(address).want(http.StatusOK)
			if n > 0 {
				p.says("h1", fmt.Sprintf("%d answer", n))
			}
			p.has(".comments > li", n)
			p.says(".chips", "No plan")
		}
		feed := feedOf(survey.ID)
		for query, n := range map[string]int{"?without=plan": 3, "?without=plan&q=fine": 2, "?without=plan&band=promoter": 2, "?without=plan&segment=plan:pro": 0, "?q=fine": 4} {
			if got := m.get(feed + query).want(http.StatusOK).Find(".comments > li").Length(); got != n {
				t.Errorf("%s: %d comments, want %d", query, got, n)
			}
		}
		m.get(feed+"?without=plan").says(".chips", "No plan")
		m.get("/responses?without=channel").want(http.StatusUnprocessableEntity)
		m.get(feed+"?without=nope").want(http.StatusOK).says(".note", "nope")
	})
}

// TestValuesOfOwnAreNotTheRest: customers whose plan is called "other" or "no plan"
// are neither those whose value came too late nor those without one, on the page and
// in its file.
func TestValuesOfOwnAreNotTheRest(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	for i, plan := range []string{"other", surveys.OtherValue, "no plan", ""} {
		x.answers(survey, many(30+i, 1, plan, 10, 7, 3)...)
	}
	m := x.as(surveys.Viewer)
	p := m.get("/surveys/" + survey.ID + "?by=plan")
	for n, name := range map[string]string{"30": "other", "31": "All others, counted together", "32": "no plan", "33": "(no plan)"} {
		found := 0
		p.Find("#segments .area tbody tr").Each(func(_ int, row *goquery.Selection) {
			if strings.TrimSpace(row.Find("th").Text()) == name && strings.Contains(row.Text(), n) {
				found++
			}
		})
		if found != 1 {
			t.Errorf("%d rows of %q with %s answers: %s", found, name, n, p.text("#segments .area tbody"))
		}
	}
	file := m.get("/surveys/" + survey.ID + "/chart/segments.csv?by=plan").want(http.StatusOK).Text()
	for _, name := range []string{"\nother,", "\n*other*,", "\nno plan,", "\n(no plan),"} {
		if strings.Count(file, name) != 1 {
			t.Errorf("%q in\n%s", name, file)
		}
	}
}

// TestListsOfferTheSurveysOwnValues: what only another survey's customers have would
// lead to an empty list.
func TestListsOfferTheSurveysOwnValues(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	one, other := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	storetest.Write(t, x.store, func(ctx context.Context, tx *store.Tx) error {
		for _, plan := range []string{"pro", "strange"} {
			if _, err := tx.AdmitSegmentValue(ctx, x.w.ID, "plan", plan); err != nil {
				return err
			}
		}
		return nil
	})
	x.answers(one, answer{score: 9, plan: "pro", comment: "fine"})
	x.answers(other, answer{score: 9, plan: "strange", comment: "odd"})
	m := x.as(surveys.Viewer)
	for _, at := range []string{"/surveys/" + one.ID + "/comments", "/responses?survey=" + one.ID} {
		p := m.get(at).want(http.StatusOK)
		p.has(`select[name=segment] option[value="plan:pro"]`, 1)
		p.has(`select[name=segment] option[value="plan:strange"]`, 0)
	}
	m.get("/responses").has(`select[name=segment] option[value="plan:strange"]`, 1)
}
