package office

import (
	"net/http"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestComparisonIsSaved: both periods and the step between them are a file, and drawn
// in one; of what is not shown there is none.
func TestComparisonIsSaved(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, few := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, append(many(60, 3, "pro", 10, 9, 3), many(40, 100, "pro", 9, 7)...)...)
	x.answers(few, append(many(60, 3, "pro", 10, 9, 3), many(4, 100, "pro", 9, 7)...)...)
	m := x.as(surveys.Viewer)
	page := m.get("/surveys/" + survey.ID).want(http.StatusOK)
	link := page.Find("#compare .save a[href*='.csv']").AttrOr("href", "")
	records := file(t, m.download(link).Body.String())
	if len(records) != 4 || records[1][6] != "60" || records[2][6] != "40" || records[1][3] == "" || records[3][0] != "Difference" || records[3][7] == "" {
		t.Errorf("the file says %v", records)
	}
	svg := m.download(strings.Replace(link, ".csv", ".svg", 1))
	if body := svg.Body.String(); svg.Code != http.StatusOK || !strings.Contains(body, "The one before") || strings.Count(body, `class="whisker"`) != 2 {
		t.Errorf("the picture is %d: %.2000s", svg.Code, body)
	}
	alone(t, svg.Body.String())
	m.get("/surveys/"+few.ID).want(http.StatusOK).has("#compare .save", 0)
	if r := m.download("/surveys/" + few.ID + "/chart/compare.csv"); r.Code != http.StatusNotFound {
		t.Errorf("the score of four is a file: %s", r.Body)
	}
}
