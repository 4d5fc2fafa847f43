package office

import (
	"encoding/csv"
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// charted is a survey with answers of two plans, one of which begins like a
// formula, and the address of its report.
func (x *team) charted() (surveys.Survey, string) {
	x.t.Helper()
	survey := storetest.Survey(x.t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, append(many(60, 1, "pro", 10, 9, 3), many(50, 30, "=cmd", 10, 7, 2)...)...)
	return survey, "/surveys/" + survey.ID
}

// download asks for a file and keeps it as it was sent.
func (m *member) download(path string) *httptest.ResponseRecorder {
	m.t.Helper()
	request := httptest.NewRequest(http.MethodGet, path, nil)
	for _, cookie := range m.cookies {
		request.AddCookie(cookie)
	}
	request.Header.Set("Accept-Language", m.lang)
	recorder := httptest.NewRecorder()
	m.handler.ServeHTTP(recorder, request)
	return recorder
}

// file reads a CSV that was sent.
func file(t *testing.T, body string) [][]string {
	t.Helper()
	records, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(body, "\ufeff"))).ReadAll()
	if err != nil || len(records) < 2 {
		t.Fatalf("%d rows (%v): %s", len(records), err, body)
	}
	return records
}

// TestChartsAreSavedAsThePageShowsThem: the rows of a file are those of the table
// behind the chart, with the same numbers, unrounded.
func TestChartsAreSavedAsThePageShowsThem(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	_, path := x.charted()
	member := x.as(surveys.Viewer)
	page := member.get(path + "?by=plan&step=month")
	for chart, column := range map[string]int{"trend": 1, "answers": 3, "segments": 1} {
		t.Run(chart, func(t *testing.T) {
			link := page.Find(`.save a[href*="/chart/`+chart+`.csv"]`).AttrOr("href", "")
			if !strings.Contains(link, "by=plan") || !strings.Contains(link, "step=month") {
				t.Fatalf("the file is at %q, which is not this view", link)
			}
			records := file(t, member.download(link).Body.String())[1:]
			rows := page.Find(".save a[href*='/chart/" + chart + ".csv']").Closest("[data-chart]").Find("table[data-points] tbody tr")
			if rows.Length() != len(records) {
				t.Fatalf("%d rows in the table, %d in the file", rows.Length(), len(records))
			}
			rows.Each(func(i int, row *goquery.Selection) {
				shown := strings.TrimSpace(row.Find("td").Eq(column - 1).Text())
				exact, err := strconv.ParseFloat(records[i][column], 64)
				if shown == "–" {
					if records[i][column] != "" {
						t.Errorf("row %d is hidden on the page and %q in the file", i, records[i][column])
					}
					return
				}
				number, readErr := strconv.ParseFloat(strings.TrimSuffix(strings.ReplaceAll(shown, "−", "-"), "%"), 64)
				if err != nil || readErr != nil || number-exact > 0.501 || exact-number > 0.501 {
					t.Errorf("row %d: %q on the page, %q in the file", i, shown, records[i][column])
				}
			})
		})
	}
}

func TestSavedSegmentsCannotCompute(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	_, path := x.charted()
	body := x.as(surveys.Viewer).download(path + "/chart/segments.csv?by=plan").Body.String()
	if !strings.Contains(body, "\r\n'=cmd,") {
		t.Errorf("a plan that is a formula is written as one: %s", body)
	}
}

func TestSavedPicturesAreFiles(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, path := x.charted()
	for _, chart := range []string{"trend", "answers", "segments"} {
		r := x.as(surveys.Viewer).download(path + "/chart/" + chart + ".svg?by=plan")
		if r.Code != http.StatusOK || r.Header().Get("Content-Type") != "image/svg+xml" {
			t.Fatalf("%s: status %d, %s", chart, r.Code, r.Header().Get("Content-Type"))
		}
		decoder := xml.NewDecoder(strings.NewReader(r.Body.String()))
		for {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is no XML: %v", chart, err)
			}
		}
		for _, want := range []string{survey.Name, "from 110 answers."} {
			if !strings.Contains(r.Body.String(), want) {
				t.Errorf("%s does not say %q", chart, want)
			}
		}
		if name := r.Header().Get("Content-Disposition"); !strings.HasPrefix(name, "attachment;") || !strings.Contains(name, "-"+chart+"-") {
			t.Errorf("%s is called %q", chart, name)
		}
	}
}

func TestChartsThatThereAreNot(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	_, path := x.charted()
	empty := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	member := x.as(surveys.Viewer)
	for name, address := range map[string]string{
		"an unknown chart":       path + "/chart/pie.svg",
		"an unknown kind":        path + "/chart/trend.pdf",
		"no kind":                path + "/chart/trend",
		"nobody answered":        "/surveys/" + empty.ID + "/chart/answers.csv",
		"a survey there is not":  "/surveys/none/chart/trend.svg",
		"a period of no answers": path + "/chart/trend.csv?from=2001-01-01&to=2001-02-01",
	} {
		if r := member.download(address); r.Code != http.StatusNotFound {
			t.Errorf("%s: status %d", name, r.Code)
		}
	}
}

// TestReportExplainsItsNumbers: each heading has its method, once.
func TestReportExplainsItsNumbers(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	_, path := x.charted()
	page := x.as(surveys.Viewer).get(path + "?by=plan")
	for _, place := range []string{".lead h1 .why-value", ".verdict-text .why", "#trend .why", "#answers .chart-acts .why", "#answers .averages .why", "#segments .why"} {
		button := page.Find(place)
		if note := page.Find("#" + button.AttrOr("popovertarget", "none")); button.Length() != 1 || note.Length() != 1 || len(note.Text()) < 80 {
			t.Errorf("%s explains nothing, or opens %d notes", place, note.Length())
		}
	}
}
