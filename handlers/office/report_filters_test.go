package office

import (
	"net/http"
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
