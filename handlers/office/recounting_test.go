package office

import (
	"net/http"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestFiguresMayMoveWhileDaysAreRecounted: from the change of the time zone on the
// overview and the report say so, and nobody else's do.
func TestFiguresMayMoveWhileDaysAreRecounted(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		x.answers(survey, many(20, 1, "pro", 10, 3)...)
		m := x.as(surveys.Viewer)
		for _, page := range []string{"/scores", "/surveys/" + survey.ID} {
			m.get(page).want(http.StatusOK).has(".note", 0)
		}
		moved := x.w
		moved.TimeZone = "Asia/Shanghai"
		if _, err := x.site.Team.ChangeWorkspace(t.Context(), moved); err != nil {
			t.Fatal(err)
		}
		for _, page := range []string{"/scores", "/surveys/" + survey.ID} {
			m.get(page).want(http.StatusOK).says(".note", "The time zone was changed")
		}
	})
}
