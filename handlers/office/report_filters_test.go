package office

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestReportUnderSeveralFilters: each is a chip of its own, the forms keep the
// others, the numbers lead to the answers that pass all of them.
func TestReportUnderSeveralFilters(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		x.answers(survey, append(append(many(40, 2, "pro", 10, 9), many(60, 2, "basic", 3)...), many(20, 2, "free", 8)...)...)
		m := x.as(surveys.Viewer)
		p := m.get("/surveys/" + survey.ID + "?segment=plan%3Apro&segment=plan%3Afree&segment=channel%3Alink").want(http.StatusOK)
		p.says("h1", "from 60 answers.")
		p.has("a.chip", 3)
		p.has(`a.chip[href="/surveys/`+survey.ID+`?by=plan&segment=plan%3Apro&segment=channel%3Alink"]`, 1)
		p.says(".counted", "Counted from 60 answers in")
		m.get(p.Find("h1 a").AttrOr("href", "")).want(http.StatusOK).says("h1", "60 answers")
		p = m.get("/surveys/" + survey.ID + "?segment=plan%3Apro").want(http.StatusOK)
		p.has("a.chip", 1)
		p = m.get("/surveys/" + survey.ID + "?compare=year").want(http.StatusOK)
		p.says(".verdict-text", "a year before")
		p.says("#compare h2", "Compared with a year before")
	})
}

// TestReportReadsNoManyAnswersUnasked: under a filter, the split that nobody asked
// for is by another key only while few answers have to be read for it.
func TestReportReadsNoManyAnswersUnasked(t *testing.T) {
	t.Parallel()
	x := newTeam(t, storetest.Open(t, store.SQLite))
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m, filtered := x.as(surveys.Viewer), "/surveys/"+survey.ID+"?segment=channel%3Alink"
	x.answers(survey, append(many(40, 2, "pro", 10, 9), many(60, 2, "basic", 3)...)...)
	m.get(filtered).want(http.StatusOK).has(".counted", 1)
	x.answers(survey, many(flow.MaxUnasked, 2, "pro", 10, 8)...)
	p := m.get(filtered).want(http.StatusOK)
	p.has(".counted", 0)
	p.says("h1", "from 30,100 answers.")
	p.says("#segments", "Link")
	m.get(filtered+"&by=plan").want(http.StatusOK).has(".counted", 1)
}

// TestReportFollowsTheAddressOrSaysSo: an end of the dates may be left open, the API's
// names mean the same here, and a name that means nothing is told.
func TestReportFollowsTheAddressOrSaysSo(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, append(many(40, 400, "pro", 10, 9, 3), many(30, 380, "free", 10, 4, 3)...)...)
	m := x.as(surveys.Manager)
	at := "/surveys/" + survey.ID
	all := m.get(at + "?to=2026-03-02").want(http.StatusOK)
	all.says("main", "No first day was named: the period begins on")
	all.says("main", "70 answers")
	m.get(at+"?from=2025-01-01").want(http.StatusOK).says("main", "No last day was named")
	m.get(at+"/themes?to=2026-03-02").want(http.StatusOK).says("main", "No first day was named")
	m.get(at + "/comments?to=2026-03-02").want(http.StatusOK)
	m.get(at+"?from=2025-01-01&filter=plan:pro").says("main", "40 answers")
	m.get(at+"?from=2025-01-01&filtre=plan:pro").says("main", "The address has a “filtre”, which this page does not know.")
	m.get(at+"?from=2025-01-01&days=30").says(".note.warning", "The address has a “days”, which this page does not know.")
	m.get(at+"?from=2025-01-01&utm_source=mail").has(".note.warning", 0)
	m.post(at+"/shares?filtre=plan:pro", url.Values{"label": {"Board"}, "days": {"7"}}).want(http.StatusUnprocessableEntity)

	empty := m.get(at)
	empty.says("main", "Nobody answered in these days.")
	link, _ := empty.Find(`main a:contains("Show all days since")`).Attr("href")
	m.get(link).want(http.StatusOK).says("main", "70 answers")
	nobody := m.get(at + "?from=2025-01-01&to=2026-03-02&segment=plan:gold")
	nobody.says("main", "nobody answered who passes the filters")
	nobody.says("#comments", "Nobody who passes the filters left a comment in this period.")
	all.says("#comments", "Nobody left a comment")
	link, _ = nobody.Find(`main a:contains("Show everybody")`).Attr("href")
	m.get(link).want(http.StatusOK).says("main", "70 answers")
}
