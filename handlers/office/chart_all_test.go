package office

import (
	"context"
	"encoding/xml"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// told is a survey of which everything is known: answers of two plans over some
// weeks, comments on a theme, ratings, and invitations.
func (x *team) told() surveys.Survey {
	x.t.Helper()
	survey, theme := x.rated(x.t, 120, "delivery", "price", "website"), storetest.Theme(x.t, x.store, x.w.ID)
	x.comments(survey, 60)
	x.answers(survey, append(many(60, 1, "pro", 10, 9, 3), many(50, 30, "=cmd", 10, 7, 2)...)...)
	x.read(survey, theme)
	for range 12 {
		i := storetest.Invitation(x.t, x.store, survey, storetest.Person(x.t, x.store, x.w.ID))
		at := x.store.Now().Add(-20 * 24 * time.Hour)
		i.SendAt, i.SentAt = at, &at
		storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error {
			for _, to := range []surveys.InvitationState{surveys.InvitationClaimed, surveys.InvitationSending, surveys.InvitationSent} {
				from := i.State
				i.State = to
				if err := tx.MoveInvitation(ctx, i, from); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := flow.CountInvitations(context.Background(), x.store); err != nil {
		x.t.Fatal(err)
	}
	return survey
}

// saves are the addresses of the files that a page offers, by the chart's name.
func saves(p *page) map[string]*goquery.Selection {
	found := make(map[string]*goquery.Selection)
	p.Find(`.save a[href*="/chart/"]`).Each(func(_ int, link *goquery.Selection) {
		address := link.AttrOr("href", "")
		if _, file, ok := strings.Cut(address, "/chart/"); ok && strings.Contains(file, ".csv") {
			name, _, _ := strings.Cut(file, ".")
			found[name] = link
		}
	})
	return found
}

// pages are the pages with charts, and the charts that each must offer.
func chartPages(survey surveys.Survey) map[string][]string {
	return map[string][]string{
		"/surveys/" + survey.ID + "?by=plan": {"answers", "asked", "drivers", "said", "segments", "trend"},
		"/surveys/" + survey.ID + "/themes":  {"themes", "themes-courses"},
		"/scores":                            {"courses", "scores"},
		"/loyalty?by=month&rate=repeat":      {"by-score", "cohorts", "course", "rates", "stay"},
		"/surveys/" + survey.ID + "/loyalty": {"by-score", "rates"},
	}
}

// TestEveryChartIsSaved: each page offers each of its charts; a file has as many rows
// as the table behind the chart, and the picture is a file that needs nothing else.
func TestEveryChartIsSaved(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := x.told()
		subscribed := x.shop(240)
		member := x.as(surveys.Viewer)
		for path, want := range chartPages(survey) {
			path = strings.Replace(path, survey.ID+"/loyalty", subscribed.ID+"/loyalty", 1)
			for _, lang := range []string{"en", "zh-Hans"} {
				member.lang = lang
				page := member.get(path).want(http.StatusOK)
				links := saves(page)
				if got := slices.Sorted(maps.Keys(links)); !slices.Equal(slices.DeleteFunc(got, func(name string) bool { return name == "value" }), want) {
					t.Fatalf("%s offers %v, want %v", path, got, want)
				}
				for name, link := range links {
					member.saved(t, name, link)
				}
			}
		}
	})
}

// saved reads both files of a chart.
func (m *member) saved(t *testing.T, name string, link *goquery.Selection) {
	t.Helper()
	address := link.AttrOr("href", "")
	r := m.download(address)
	if r.Code != http.StatusOK {
		t.Fatalf("%s: %d", address, r.Code)
	}
	records := file(t, r.Body.String())
	for _, record := range records {
		for _, cell := range record {
			if strings.HasPrefix(cell, "0x") || strings.Contains(cell, "NaN") || strings.HasPrefix(cell, "=") {
				t.Errorf("%s says %q", address, cell)
			}
		}
	}
	if rows := link.Closest(".card, header").Parent().Find("table[data-points] tbody tr").Length(); rows < len(records)-1 && name != "value" {
		t.Errorf("%s has %d rows, the page %d", address, len(records)-1, rows)
	}
	svg := m.download(strings.Replace(address, ".csv", ".svg", 1))
	if svg.Code != http.StatusOK || svg.Header().Get("Content-Type") != "image/svg+xml" {
		t.Fatalf("%s: the picture is %d, %s", address, svg.Code, svg.Header().Get("Content-Type"))
	}
	alone(t, svg.Body.String())
}

// alone fails the test when a picture is no XML, or needs anything beside itself.
func alone(t *testing.T, source string) {
	t.Helper()
	for _, never := range []string{"<script", "href", "var(--", "url(", "@import", " style=", "NaN", "components.", "loyalty."} {
		if strings.Contains(source, never) {
			t.Errorf("a picture contains %s", never)
		}
	}
	decoder, seen := xml.NewDecoder(strings.NewReader(source)), map[string]bool{}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("it is no XML: %v", err)
		}
		if start, ok := token.(xml.StartElement); ok {
			seen[start.Name.Local] = true
		}
	}
	if !seen["title"] || !seen["desc"] || !seen["text"] {
		t.Errorf("it has of title, description and text only %v", seen)
	}
}

// TestChartsKeepWhatIsHidden: what the page does not show is in no file either.
func TestChartsKeepWhatIsHidden(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	few := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(few, many(4, 3, "pro", 9, 2)...)
	none := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	mixed := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(mixed, append(append(many(60, 3, "pro", 10, 9, 3), many(40, 3, "basic", 9, 7)...), many(3, 3, "tiny", 0)...)...)
	other := storetest.Workspace(t, x.store)
	foreign := storetest.Survey(t, x.store, other.ID, surveys.NPS)
	member := x.as(surveys.Viewer)
	for _, name := range []string{"answers", "asked", "compare", "drivers", "said", "segments", "themes", "themes-courses", "pie", "", "..", "trend"} {
		for _, kind := range []string{".csv", ".svg", ".png", ""} {
			for who, survey := range map[string]string{"nobody answered": none.ID, "four answered": few.ID, "another workspace": foreign.ID, "no survey": "x"} {
				if r := member.download("/surveys/" + survey + "/chart/" + name + kind); r.Code != http.StatusNotFound {
					t.Errorf("%s: %s%s is %d: %.300s", who, name, kind, r.Code, r.Body)
				}
			}
		}
	}
	for _, kind := range []string{".csv", ".svg"} {
		body := member.download("/surveys/" + mixed.ID + "/chart/segments" + kind + "?by=plan").Body.String()
		if !strings.Contains(body, "tiny") || strings.Contains(body, "-100") || strings.Contains(body, "−100") {
			t.Errorf("segments%s tells of three people: %s", kind, body)
		}
	}
	records := file(t, member.download("/surveys/"+mixed.ID+"/chart/segments.csv?by=plan").Body.String())
	for _, record := range records[1:] {
		if record[0] == "tiny" && (record[1] != "" || record[2] != "" || record[3] != "" || record[5] != "" || record[6] != "") {
			t.Errorf("the file has the numbers of three people: %v", record)
		}
	}
	if r := member.download("/surveys/" + mixed.ID + "/chart/answers.csv?segment=plan%3Atiny"); r.Code != http.StatusNotFound {
		t.Errorf("the answers of three people are a file: %s", r.Body)
	}
	scores := file(t, member.download("/scores/chart/scores.csv").Body.String())
	for _, record := range scores[1:] {
		if record[5] == "4" && (record[2] != "" || record[3] != "" || record[4] != "") {
			t.Errorf("the overview has the score of four: %v", record)
		}
	}
}

// TestChartsOfWildNames: whatever a segment is called, its files are whole, and
// compute nothing.
func TestChartsOfWildNames(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	wild := []string{`=HYPERLINK("http://x")`, "@SUM(A1)", "a\nb", "שלום עולם", "\u202egnp.exe", `<b>"&'</b>`, "日本語の値", strings.Repeat("long ", 12), "-1+1"}
	var list []answer
	for i, name := range wild {
		list = append(list, many(12+i, 3, name, 10, 9, 3)...)
	}
	for i := range 200 {
		list = append(list, many(1, 3, "value-"+string(rune('a'+i/26))+string(rune('a'+i%26)), 9)...)
	}
	x.answers(survey, list...)
	member := x.as(surveys.Viewer)
	path := "/surveys/" + survey.ID + "/chart/segments"
	for _, record := range file(t, member.download(path+".csv?by=plan").Body.String()) {
		if first := record[0]; first != "" && strings.ContainsRune("=+-@\n", rune(first[0])) {
			t.Errorf("a spreadsheet would compute %q", first)
		}
	}
	alone(t, member.download(path+".svg?by=plan").Body.String())
	member.get("/surveys/"+survey.ID+"?by=plan").want(http.StatusOK).has("#segments .area b", 0)
}

// TestChartFilesAnswerHead: a head has the type and the name, and nothing else.
func TestChartFilesAreNamed(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, path := x.charted()
	member := x.as(surveys.Viewer)
	for _, kind := range []string{".csv", ".svg"} {
		r := member.download(path + "/chart/trend" + kind + "?segment=plan%3Apro&range=30")
		if r.Code != http.StatusOK || !strings.Contains(r.Header().Get("Content-Disposition"), kind) || !strings.Contains(strings.ToLower(r.Header().Get("Content-Disposition")), strings.ToLower(strings.Fields(survey.Name)[0])) {
			t.Errorf("%s: %d %v", kind, r.Code, r.Header())
		}
		if kind == ".svg" && !strings.Contains(r.Body.String(), "pro") {
			t.Error("the picture does not say of whom it is")
		}
	}
	nobody := httptest.NewRecorder()
	x.handler.ServeHTTP(nobody, httptest.NewRequest(http.MethodGet, path+"/chart/trend.csv", nil))
	if nobody.Code == http.StatusOK {
		t.Error("who is not signed in gets a file")
	}
}
