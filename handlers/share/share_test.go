package share_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/labstack/echo/v4"

	"github.com/harkhq/hark/handlers/share"
	"github.com/harkhq/hark/handlers/web/webtest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// wall is a workspace with a survey that somebody answered, and the server of
// its shared reports.
type wall struct {
	t       *testing.T
	store   *store.Store
	handler http.Handler
	links   *flow.Shares
	w       surveys.Workspace
	survey  surveys.Survey
	person  surveys.Person
}

// said is what a customer wrote.
const said = "The parcel came late, says Ada Lovelace"

func newWall(t *testing.T, s *store.Store) *wall {
	t.Helper()
	site := webtest.Site(t, s)
	x := &wall{t: t, store: s, links: flow.NewShares(s, site.Directory), w: storetest.Workspace(t, s)}
	x.handler = webtest.Handler(site, share.Register, func(c echo.Context, err error) error { return share.Fail(c, site, err) })
	x.survey, x.person = storetest.Survey(t, s, x.w.ID, surveys.NPS), storetest.Person(t, s, x.w.ID)
	x.answers(60, 0, "pro", 9, 10, 10)
	x.answers(60, 40, "free", 0, 1, 3)
	storetest.Theme(t, s, x.w.ID)
	storetest.Note(t, s, x.survey)
	return x
}

// answers stores answers of one plan, all with a comment of a person.
func (x *wall) answers(n, daysAgo int, plan string, scores ...int) {
	x.t.Helper()
	list := make([]surveys.Response, n)
	for i := range list {
		r := storetest.Response(x.t, x.store, x.survey, scores[i%len(scores)])
		r.AnsweredAt = x.store.Now().AddDate(0, 0, -daysAgo-i%7).Add(-time.Duration(i) * time.Minute)
		r.Day = surveys.Day(r.AnsweredAt, x.w.Location())
		r.Comment, r.PersonID = said, x.person.ID
		r.Segments = surveys.SegmentsOf(r, x.w.Segments, map[string]any{"plan": plan})
		list[i] = r
	}
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
}

// share makes a link to the report with a query.
func (x *wall) share(query string, change func(*surveys.Share)) (surveys.Share, string) {
	x.t.Helper()
	s := surveys.Share{SurveyID: x.survey.ID, Label: "Secret label", Query: query, Author: "Grace Hopper", ExpiresAt: x.store.Now().AddDate(0, 0, 7)}
	if change != nil {
		change(&s)
	}
	made, token, err := x.links.Create(context.Background(), x.w, s)
	if err != nil {
		x.t.Fatal(err)
	}
	return made, "/share/" + string(token)
}

// seen is an answer, read.
type seen struct {
	*goquery.Document
	status int
	header http.Header
	body   string
}

func (x *wall) get(address string) seen {
	x.t.Helper()
	request := httptest.NewRequest(http.MethodGet, address, nil)
	recorder := httptest.NewRecorder()
	x.handler.ServeHTTP(recorder, request)
	body := recorder.Body.String()
	document, err := goquery.NewDocumentFromReader(strings.NewReader(body))
	if err != nil {
		x.t.Fatal(err)
	}
	return seen{document, recorder.Code, recorder.Header(), body}
}

func (s seen) text(selector string) string {
	return strings.Join(strings.Fields(s.Find(selector).First().Text()), " ")
}

// TestSharedReportLeaksNothing walks every address and every text of both
// pages.
func TestSharedReportLeaksNothing(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newWall(t, s)
		_, at := x.share("range=365", nil)
		allowed := regexp.MustCompile(`^(/static/|/logo/|#|` + regexp.QuoteMeta(at) + `(/chart/\w+\.(svg|csv)|\?lang=[\w-]+|\?step=\w+)(\?lang=[\w-]+)?(&step=\w+)?(#trend)?$)`)
		for _, page := range []string{at, at + "?step=day&lang=zh-Hans", at + "/tv"} {
			p := x.get(page)
			if p.status != http.StatusOK || !strings.Contains(p.text("h1"), "120") {
				t.Fatalf("%s: %d %s", page, p.status, p.text("h1"))
			}
			p.Find("[href],[src],[action],[data-png],[hx-get],[formaction]").Each(func(_ int, e *goquery.Selection) {
				for _, name := range []string{"href", "src", "action", "data-png", "hx-get", "formaction"} {
					if address, ok := e.Attr(name); ok && !allowed.MatchString(address) && !(name == "href" && strings.HasPrefix(address, at+"?")) {
						t.Errorf("%s leads to %s", page, address)
					}
				}
			})
			for _, leak := range []string{said, "parcel came late", "Ada Lovelace", x.person.Email, x.person.ID, "Grace Hopper", "Secret label", x.survey.ID, string(x.w.ID), "/people", "/responses", "@"} {
				if strings.Contains(strings.ReplaceAll(p.body, "@media", ""), leak) {
					t.Errorf("%s says %q", page, leak)
				}
			}
			if p.Find("#comments, form, [name]:not(meta)").Length() > 0 {
				t.Errorf("%s has comments or a form", page)
			}
		}
	})
}

// TestSharedChartsAreSaved: a guest may take what the page shows, in the page's step
// and language, and nothing more.
func TestSharedChartsAreSaved(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newWall(t, s)
		_, at := x.share("range=365&by=plan", nil)
		p := x.get(at + "?step=month&lang=zh-Hans")
		links := p.Find(`.save a`)
		if links.Length() != 6 { // three charts, each as SVG and CSV
			t.Fatalf("%d files are offered", links.Length())
		}
		links.Each(func(_ int, link *goquery.Selection) {
			address := link.AttrOr("href", "")
			got := x.get(address)
			if got.status != http.StatusOK || !strings.HasPrefix(address, at+"/chart/") || !strings.HasPrefix(got.header.Get("Content-Disposition"), "attachment") {
				t.Errorf("%s: %d", address, got.status)
			}
			if got.header.Get("Cache-Control") != "private, no-store" || !strings.Contains(got.header.Get("X-Robots-Tag"), "noindex") {
				t.Errorf("%s may be kept or found: %v", address, got.header)
			}
			for _, leak := range []string{said, "Ada Lovelace", x.person.Email, x.person.ID, "Grace Hopper", "Secret label", x.survey.ID, string(x.w.ID), "/people", "/responses"} {
				if strings.Contains(got.body, leak) {
					t.Errorf("%s says %q", address, leak)
				}
			}
		})
		if csv := x.get(at + "/chart/trend.csv?step=month").body; strings.Count(csv, "\n") > 14 {
			t.Errorf("by month there are %d rows", strings.Count(csv, "\n"))
		}
		for _, nothing := range []string{"themes.csv", "said.csv", "comments.csv", "pie.svg", "trend", "trend.png", "course.csv", "..%2fx"} {
			if got := x.get(at + "/chart/" + nothing); got.status != http.StatusNotFound {
				t.Errorf("%s is %d", nothing, got.status)
			}
		}
		all, pro := x.get(at+"/chart/answers.csv").body, ""
		_, narrow := x.share("range=365&segment=plan%3Apro", nil)
		for _, query := range []string{"", "?segment=plan:free", "?range=30", "?segment="} {
			got := x.get(narrow + "/chart/answers.csv" + query).body
			if pro == "" {
				pro = got
			}
			if got != pro || got == all {
				t.Errorf("%s widens what was shared", query)
			}
		}
	})
}

// TestClosedSharesHaveNoFiles: with the link its files end.
func TestClosedSharesHaveNoFiles(t *testing.T) {
	t.Parallel()
	x := newWall(t, storetest.Open(t, store.SQLite))
	share, at := x.share("range=365", nil)
	if err := x.links.Revoke(context.Background(), x.w.ID, share.ID); err != nil {
		t.Fatal(err)
	}
	for _, address := range []string{at + "/chart/trend.csv", at + "/chart/trend.svg", "/share/none/chart/trend.csv"} {
		if got := x.get(address); got.status < 400 || strings.Contains(got.body, "score") && strings.Contains(got.body, "low,high") {
			t.Errorf("%s is %d", address, got.status)
		}
	}
}

// TestCommentsAreChosen: with comments they are there, without who wrote them.
func TestCommentsAreChosen(t *testing.T) {
	t.Parallel()
	x := newWall(t, storetest.Open(t, store.SQLite))
	_, at := x.share("", func(s *surveys.Share) { s.Comments = true })
	p := x.get(at)
	if !strings.Contains(p.text("#comments"), said) {
		t.Errorf("the comments are %q", p.text("#comments"))
	}
	if strings.Contains(p.body, x.person.ID) || strings.Contains(p.body, x.person.Email) || p.Find("#comments a").Length() > 0 {
		t.Error("a comment leads to a person")
	}
	if p := x.get(at + "/tv"); strings.Contains(p.body, said) {
		t.Error("a screen shows comments")
	}
}

// TestNothingWidensWhatIsShared adds parameters to the address: only the step
// and the language change anything.
func TestNothingWidensWhatIsShared(t *testing.T) {
	t.Parallel()
	x := newWall(t, storetest.Open(t, store.SQLite))
	_, at := x.share("range=30&segment=plan%3Apro", nil)
	want := x.get(at)
	if got := want.text("h1"); !strings.Contains(got, "60") || !strings.Contains(want.text(".shared-what"), "pro") || !strings.Contains(want.text(".shared-what"), "30") {
		t.Fatalf("shared is %s, %s", got, want.text(".shared-what"))
	}
	for _, query := range []string{
		"segment=", "segment=plan:free", "segment=plan:pro&segment=plan:free", "range=365", "from=2020-01-01&to=2026-12-31", "by=country", "by=plan",
		"compare=year", "comments=1", "range=30&segment=", "noted=deleted&note=x", "step=nonsense", "step=",
	} {
		p := x.get(at + "?" + query)
		if p.status != http.StatusOK || p.text("h1") != want.text("h1") || p.text(".verdict-text") != want.text(".verdict-text") || p.text("main .stack") != want.text("main .stack") {
			t.Errorf("?%s shows %d %s: %s", query, p.status, p.text("h1"), p.text("main .stack"))
		}
	}
	p := x.get(at + "?step=month&range=365&segment=plan:free")
	if p.text("h1") != want.text("h1") || !strings.Contains(p.text("#trend h2"), "month") {
		t.Errorf("by month it shows %s, %s", p.text("h1"), p.text("#trend h2"))
	}
	_, ages := x.share("from=2010-01-01&to=2026-03-01", nil)
	for _, page := range []string{ages + "?step=day", ages + "/tv?step=day"} {
		if p := x.get(page); p.status != http.StatusOK {
			t.Errorf("%s of sixteen years: %d", page, p.status)
		}
	}
	if got := x.get(at+"?lang=zh-Hans").Find("html").AttrOr("lang", ""); got != "zh-Hans" {
		t.Errorf("the language is %s", got)
	}
}

// TestLostFilterShowsNothing: when the workspace no longer counts by what the
// report was narrowed to, it must not show everybody.
func TestLostFilterShowsNothing(t *testing.T) {
	t.Parallel()
	x := newWall(t, storetest.Open(t, store.SQLite))
	for _, query := range []string{"segment=size%3Abig", "segment=plan%3Apro&segment=size%3Abig", "segment=x", "from=2026-02-30&to=2026-03-01", "%zz"} {
		_, at := x.share(query, nil)
		for _, page := range []string{at, at + "/tv"} {
			if p := x.get(page); p.status != http.StatusGone || strings.Contains(p.body, "NPS") {
				t.Errorf("%s: %d %s", query, p.status, p.text("h1"))
			}
		}
	}
}

func TestEndedLinks(t *testing.T) {
	t.Parallel()
	storetest.BothClocked(t, func(t *testing.T, s *store.Store, clock *storetest.Clock) {
		x := newWall(t, s)
		_, expires := x.share("", nil)
		revoked, gone := x.share("", nil)
		if err := x.links.Revoke(context.Background(), x.w.ID, revoked.ID); err != nil {
			t.Fatal(err)
		}
		other := storetest.Workspace(t, s)
		clock.Advance(time.Hour)
		open, status := x.get(expires), 0
		if status = open.status; status != http.StatusOK {
			t.Errorf("open: %d", status)
		}
		clock.Advance(8 * 24 * time.Hour)
		for name, c := range map[string]struct {
			at     string
			status int
		}{
			"expired": {expires, 410}, "revoked": {gone, 410}, "unknown": {"/share/" + x.w.Key + strings.Repeat("A", 22), 404}, "no token": {"/share/x", 404},
			"another workspace's key": {"/share/" + other.Key + strings.TrimPrefix(expires, "/share/")[surveys.KeyLength:], 404},
			"a session":               {"/share/" + string(storetest.Token(t, s, x.w, surveys.PurposeSession, revoked.ID)), 404},
		} {
			for _, page := range []string{c.at, c.at + "/tv"} {
				p := x.get(page)
				if p.status != c.status || p.text("h1") == "" || strings.Contains(p.text("h1"), "share.") || strings.Contains(p.body, x.survey.Name) {
					t.Errorf("%s: %d %s, want %d", name, p.status, p.text("h1"), c.status)
				}
				if knows := strings.Contains(p.body, x.w.Name); knows != (c.status == 410) {
					t.Errorf("%s: the page names the company: %v", name, knows)
				}
			}
		}
	})
}

// TestHeaders are those of a secret address.
func TestHeaders(t *testing.T) {
	t.Parallel()
	x := newWall(t, storetest.Open(t, store.SQLite))
	_, at := x.share("", nil)
	for _, page := range []string{at, at + "/tv", "/share/x"} {
		header := x.get(page).header
		for name, want := range map[string]string{"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"} {
			if got := header.Get(name); got != want {
				t.Errorf("%s: %s is %q, want %q", page, name, got, want)
			}
		}
		if len(header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s sets a cookie", page)
		}
	}
	for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
		recorder := httptest.NewRecorder()
		x.handler.ServeHTTP(recorder, httptest.NewRequest(method, at, strings.NewReader(url.Values{"x": {"y"}}.Encode())))
		if recorder.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s: %d", method, recorder.Code)
		}
	}
}

// TestOpeningIsKeptByDay, once.
func TestOpeningIsKeptByDay(t *testing.T) {
	t.Parallel()
	x := newWall(t, storetest.Open(t, store.SQLite))
	made, at := x.share("", nil)
	x.get(at)
	x.get(at + "/tv")
	s, err := x.store.Share(context.Background(), x.w.ID, made.ID)
	if err != nil || s.OpenedDay == nil || *s.OpenedDay != surveys.Day(x.store.Now(), x.w.Location()) {
		t.Errorf("opened %+v, %v", s, err)
	}
}

// TestFewAnswersAreHidden as on every report.
func TestFewAnswersAreHidden(t *testing.T) {
	t.Parallel()
	x := newWall(t, storetest.Open(t, store.SQLite))
	x.survey = storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	_, at := x.share("", nil)
	if p := x.get(at); p.status != http.StatusOK || p.text("main .card") == "" || p.Find("#trend").Length() > 0 {
		t.Errorf("without answers: %d %s", p.status, p.text("main"))
	}
	x.answers(4, 0, "pro", 9)
	for _, page := range []string{at, at + "/tv"} {
		p := x.get(page)
		if p.status != http.StatusOK || p.Find("#answers").Length() > 0 || strings.Contains(p.text("h1"), "100") {
			t.Errorf("%s of four answers shows %s", page, p.text("h1"))
		}
	}
}

// TestNoCommentWhereTheScoreIsHidden: a link with comments shows none of a group that
// is too small for a score, nor of one that would give a small one away.
func TestNoCommentWhereTheScoreIsHidden(t *testing.T) {
	t.Parallel()
	x := newWall(t, storetest.Open(t, store.SQLite))
	x.answers(40, 0, "pro", 9)
	x.answers(3, 0, "gold", 0)
	for query, hidden := range map[string]bool{"": false, "segment=plan%3Agold": true, "segment=plan%3Apro": false, "range=30&segment=plan%3Apro": true} {
		_, at := x.share(query, func(s *surveys.Share) { s.Comments = true })
		p := x.get(at)
		if got := p.Find("#comments .comment-text, #comments li, #comments article").Length() == 0; got != hidden {
			t.Errorf("%q: no comments: %v, %s", query, got, p.text("#comments"))
		}
	}
}
