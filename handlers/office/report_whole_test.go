package office

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/web"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store/storetest"
	"github.com/harkhq/hark/templates/office"
)

// TestReportOffersPeriodsOfTheCalendar: today is 2 March 2026.
func TestReportOffersPeriodsOfTheCalendar(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m := x.as(surveys.Viewer)
	m.get("/surveys/"+survey.ID).want(http.StatusOK).has(".presets a", 0)
	x.answers(survey, append(many(12, 0, "pro", 10, 3), answer{score: 4, daysAgo: 430})...)
	p := m.get("/surveys/" + survey.ID + "?segment=plan:pro&step=month&range=30").want(http.StatusOK)
	p.has(".presets a", 5)
	for name, dates := range map[string][2]string{
		"This month": {"2026-03-01", "2026-03-02"}, "Last month": {"2026-02-01", "2026-02-28"},
		"This quarter": {"2026-01-01", "2026-03-02"}, "Last quarter": {"2025-10-01", "2025-12-31"}, "All time": {"2024-12-27", "2026-03-02"},
	} {
		link := p.Find(".presets a").FilterFunction(func(_ int, a *goquery.Selection) bool { return strings.TrimSpace(a.Text()) == name })
		address, err := url.Parse(link.AttrOr("href", ""))
		if err != nil {
			t.Fatal(err)
		}
		query := address.Query()
		if query.Get("from") != dates[0] || query.Get("to") != dates[1] || query.Has("range") || query.Get("segment") != "plan:pro" || query.Get("step") != "month" {
			t.Errorf("%s leads to %s, want %v and the rest kept", name, address, dates)
		}
		chosen := m.get(address.String()).want(http.StatusOK)
		chosen.says(".presets a[aria-current]", name)
		chosen.has(".presets a[aria-current]", 1)
	}
}

func TestReportByQuarter(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, append(append(many(12, 0, "", 10, 3), many(14, 100, "", 9)...), many(20, 200, "", 2)...)...)
	m := x.as(surveys.Viewer)
	p := m.get("/surveys/" + survey.ID + "?step=quarter&range=365").want(http.StatusOK)
	p.has("#trend tbody tr", 3)
	p.has(`#trend a[href*="from=2025-10-01"][href*="to=2025-12-31"]`, 1)
	p.says(`a[href*="step=quarter"][href$="#trend"][aria-current]`, "Quarter")
	m.get(p.Find(`#trend tbody a[href*="from=2025-10-01"]`).AttrOr("href", "")).want(http.StatusOK).says("h1", "14 answers")
}

// TestReportIsNotMisledByItsAddress: what makes no sense is left out and told, and
// the report is the usual one.
func TestReportIsNotMisledByItsAddress(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(12, 0, "pro", 10, 3)...)
	m := x.as(surveys.Viewer)
	for _, c := range []struct {
		query  string
		status int
		says   string
	}{
		{"compare=decade", 200, "“decade” is nothing to compare with"}, {"compare=%00", 200, "nothing to compare with"},
		{"compare=year&from=2024-01-01&to=2026-03-02", 200, "longer than a year"},
		{"range=7", 200, "“7” is no period"}, {"range=-90", 200, "is no period"}, {"range=99999999999999999999", 200, "is no period"},
		{"step=hour", 200, "“hour” is no step"}, {"step=" + strings.Repeat("x", 300), 200, "xxx…” is no step"},
		{"by=shoe", 200, "not counted by “shoe”"}, {"segment=shoe:43", 200, "“shoe:43” is no filter"}, {"segment=plan", 200, "is no filter"},
		{"from=2026-03-02&to=2026-03-01", 422, "make no period"}, {"from=2026-02-30&to=2026-03-01", 422, "make no period"},
		{"from=yesterday", 422, "make no period"}, {"from=2026-04-01", 422, "make no period"}, {"from=1900-01-01&to=2026-03-01", 422, "make no period"},
	} {
		p := m.get("/surveys/" + survey.ID + "?" + c.query).want(c.status)
		p.says(".note", c.says)
		p.says("h1", "from 12 answers")
		p.has("#trend", 1)
	}
}

func TestReportOnPaper(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, append(many(30, 0, "pro", 10, 3), many(30, 0, "basic", 8)...)...)
	m := x.as(surveys.Viewer)
	for query, says := range map[string]string{
		"range=30":                              "1 February 2026 – 2 March 2026, compared with the period before.",
		"range=30&compare=year":                 "1 February 2026 – 2 March 2026, compared with a year before.",
		"segment=plan:pro&segment=channel:link": "compared with the period before. Only answers with Plan: pro; Channel: Link.",
	} {
		p := m.get("/surveys/" + survey.ID + "?" + query).want(http.StatusOK)
		p.says(".print-view", says)
		p.has(".print-view a", 0)
		p.says(".print-foot", "Printed on 2 March 2026, 10:00. Margins are 95% intervals")
		p.says(".print-foot", "under 5 answers are hidden")
	}
}

// TestWithheldReportShowsNothing but how many answered, on the page, on a screen
// and in files.
func TestWithheldReportShowsNothing(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, append(append(many(40, 0, "pro", 10, 3), many(30, 0, "basic", 8, 2)...), many(3, 0, "gold", 0)...)...)
	m := x.as(surveys.Viewer)
	address := "/surveys/" + survey.ID
	const all = "?segment=plan:pro&segment=plan:basic"
	p := m.get(address + all).want(http.StatusOK)
	p.says("h1", "70 answers. Their score is withheld")
	p.says(".says, .headline, main", "what fewer than 5 people said")
	for _, part := range []string{"#trend", "#answers", "#segments", "#compare", "#drivers figure"} {
		p.has(part, 0)
	}
	for _, file := range []string{"trend.csv", "trend.svg", "answers.csv", "segments.csv"} {
		m.get(address + "/chart/" + file + all).want(http.StatusNotFound)
	}
	tv := m.get(address + "/tv" + all).want(http.StatusOK)
	tv.says("body", "70 answers. Their score is withheld")
	tv.says("main", "what fewer than 5 people said")
	tv.has("svg.chart, #trend, #answers", 0)
	m.get(address+"?segment=plan:basic").want(http.StatusOK).says("h1", "withheld") // with pro's, gold's would follow
	m.get(address+"?segment=plan:pro").want(http.StatusOK).has("#trend", 1)
	m.get(address+"?segment=plan:pro&segment=plan:basic&segment=plan:gold").want(http.StatusOK).has("#trend", 1)
}

// TestReportWithoutLinksLeadsNowhere: the whole page of a reader who is not in the
// office, all its parts included, has no address but its own.
func TestReportWithoutLinksLeadsNowhere(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, person := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), storetest.Person(t, x.store, x.w.ID)
	x.answers(survey, append(append(many(40, 0, "pro", 10, 3), many(30, 20, "basic", 8, 2)...), answer{score: 3, comment: "late", personID: person.ID})...)
	recorder := httptest.NewRecorder()
	request := httptest.NewRequest(http.MethodGet, "/here", nil)
	v := visit{Context: echo.New().NewContext(request, recorder), site: x.site, l: speaking(t, "en").l, w: flow.Office{Workspace: x.w, Zone: x.w.Location()}}
	r, err := newDesk(x.site).readView(v, survey, readReport("/here", url.Values{}, v.today()), links{})
	if err != nil {
		t.Fatal(err)
	}
	if err := web.Render(v, http.StatusOK, office.ReportPage(r.page())); err != nil {
		t.Fatal(err)
	}
	document, err := goquery.NewDocumentFromReader(recorder.Body)
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	document.Find("main [href], main form[action], main [hx-get], main [data-png]").Each(func(_ int, e *goquery.Selection) {
		seen++
		for _, name := range []string{"href", "action", "hx-get", "data-png"} {
			address := e.AttrOr(name, "/here")
			if address != "" && !strings.HasPrefix(address, "/here") && !strings.HasPrefix(address, "#") && !strings.Contains(address, "/s/") {
				t.Errorf("%q leads to %s", strings.TrimSpace(e.Text()), address)
			}
		}
	})
	if seen < 10 {
		t.Errorf("only %d addresses", seen)
	}
}
