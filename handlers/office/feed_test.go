package office

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// said are comments of a week, the latest first.
func said(person string) []answer {
	return []answer{
		{score: 2, daysAgo: 0, plan: "pro", comment: "The parcel came late, <b>again</b>", personID: person},
		{score: 10, daysAgo: 1, plan: "pro", comment: "Große Freude, schöne Lieferung und der Kaffee ist gut"},
		{score: 8, daysAgo: 2, plan: "basic", comment: "我的快递晚了，但是客服很好"},
		{score: 9, daysAgo: 3, comment: "Late but lovely"},
		{score: 0, daysAgo: 4, plan: "basic"},
	}
}

func TestFeedPassesItsFilters(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		x.answers(survey, said("")...)
		x.answers(survey, answer{score: 1, daysAgo: 200, comment: "Long ago it was late"})
		m := x.as(surveys.Viewer)
		for _, c := range []struct {
			name, query string
			want        int
		}{
			{"nothing", "", 4},
			{"a year", "range=365", 5},
			{"dates", "from=2026-03-01&to=2026-03-01", 1},
			{"words", "q=late", 2},
			{"words in a year", "q=late&range=365", 3},
			{"accents", "q=grosse+schone", 1},
			{"Chinese", "q=" + url.QueryEscape("快递"), 1},
			{"one Chinese character", "q=" + url.QueryEscape("递"), 1},
			{"a minus", "q=late+-lovely", 1},
			{"a band", "band=promoter", 2},
			{"a score", "band=8", 1},
			{"a segment", "segment=plan:pro", 2},
			{"either of two", "segment=plan:pro&segment=plan:basic", 3},
			{"both of two", "segment=plan:pro&segment=channel:link", 2},
			{"a language", "language=de", 1},
			{"all at once", "q=late&band=detractor&segment=plan:pro&range=30&language=en", 1},
			{"nothing passes", "q=tea&band=passive", 0},
		} {
			t.Run(c.name, func(t *testing.T) {
				p := m.get(feedOf(survey.ID) + "?" + c.query).want(http.StatusOK)
				p.t = t
				p.has(".feed > li", c.want)
				p.says("h1", fmt.Sprintf("%d comment", c.want))
				if c.want == 0 {
					p.says(".empty h2", "No comments match")
					p.has(".feed-relax a", 3) // a year, and each filter less
				}
				query, _ := url.ParseQuery(c.query)
				p.has(".chips .chip", len(query["segment"])+len(query["q"])+len(query["band"])+len(query["language"]))
				p.Find(".chips .chip").Each(func(_ int, chip *goquery.Selection) {
					if address := chip.AttrOr("href", ""); !strings.HasPrefix(address, feedOf(survey.ID)) || m.get(address).status != http.StatusOK {
						t.Errorf("the chip leads to %q", address)
					}
				})
			})
		}
	})
}

func TestFeedShowsWhatSomebodySaid(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey, person := storetest.Survey(t, s, x.w.ID, surveys.NPS), storetest.Person(t, s, x.w.ID)
		theme := storetest.Theme(t, s, x.w.ID)
		x.answers(survey, said(person.ID)...)
		x.answers(survey, answer{score: 3, daysAgo: 6, comment: strings.Repeat("Many words. ", 100) + "parcel at the end"})
		x.readThemes(survey, theme)
		m := x.as(surveys.Viewer)
		p := m.get(feedOf(survey.ID) + "?q=parcel&segment=plan:pro").want(http.StatusOK)
		p.has(".feed > li", 1)
		p.says(".feed .said", "The parcel came late, <b>again</b>")
		p.says(".feed mark", "parcel")
		p.says(".feed .band.bad", "Detractor")
		p.says(".print-view", " – 2 March 2026.") // paper tells which 90 days
		p.says(".feed time", "2 March 2026, 10:00")
		p.says(`.feed a[href="/people/`+person.ID+`"]`, "Ada Lovelace")
		p.has(`.feed .about a.theme[href*="theme=`+theme.ID+`"][href*="q=parcel"]`, 1)
		p.has(`.feed .about a[href*="segment=plan%3Apro"]`, 1+1+1) // the plan's own, and those that keep it
		p.says(".feed .feeling.bad", "Negative")
		p = m.get(feedOf(survey.ID) + "?q=parcel&theme=" + theme.ID).want(http.StatusOK)
		p.has(".feed > li", 2)
		p.says(".feed .said-more summary mark", "parcel")
		p.has(".feed .said-more > .said", 1)
		m.get(feedOf(survey.ID)+"?feeling=negative").want(http.StatusOK).has(".feed > li", 2)
		m.user.Locale = "zh-Hans"
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.UpdateUser(ctx, m.user) })
		m.get(feedOf(survey.ID)+"?feeling=negative").want(http.StatusOK).says(".feed .feeling.bad", "负面")
	})
}

// readThemes reads every comment with parcels as negative and about a theme.
func (x *team) readThemes(survey surveys.Survey, theme themes.Theme) {
	x.t.Helper()
	list, err := x.store.Responses(context.Background(), x.w.ID, store.ResponseFilter{SurveyID: survey.ID, WithComment: true})
	if err != nil {
		x.t.Fatal(err)
	}
	batch := store.ReadingBatch{SurveyID: survey.ID, Reader: "r1"}
	for _, r := range list {
		if !strings.Contains(r.Comment, "parcel") {
			continue
		}
		batch.List = append(batch.List, store.CommentReading{Response: r, Reading: themes.Reading{
			Language: themes.English, Themes: []string{theme.ID}, Sentiment: themes.Sentiment{Tone: themes.Negative, Value: -50},
		}})
	}
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error {
		_, err := tx.StoreReadings(ctx, x.w.ID, batch)
		return err
	})
}

func TestFeedLeavesOutWhatCannotBeMeant(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	x.answers(survey, answer{score: 5, comment: "fine"})
	m := x.as(surveys.Viewer)
	for _, query := range []string{"band=promoter", "band=10", "band=05", "theme=x", "feeling=sad", "language=xx", "segment=email:x", "segment=plan", "after=x", "after=LTE6eA", "range=7"} {
		p := m.get(feedOf(survey.ID) + "?" + query).want(http.StatusOK)
		p.has(".note", 1)
		p.has(".feed > li", 1)
	}
	m.get(feedOf(survey.ID) + "?from=x&to=2026-03-01").want(http.StatusUnprocessableEntity)
	for _, text := range []string{"%", "*", "\x00", "\xff", `"`, "NEAR(", "' OR 1=1", strings.Repeat("快递 ", 4000)} {
		m.get(feedOf(survey.ID) + "?q=" + url.QueryEscape(text)).want(http.StatusOK)
	}
	m.get(feedOf(survey.ID)+"?q=%25").says(".empty p", "“%” contains nothing")
	empty := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	m.get(feedOf(empty.ID)).want(http.StatusOK).says(".empty h2", "No comments in this period")
	foreign := storetest.Survey(t, x.store, storetest.Workspace(t, x.store).ID, surveys.NPS)
	for _, path := range []string{"", "/news", "/export"} {
		x.as(surveys.Owner).get(feedOf(foreign.ID) + path).want(http.StatusNotFound)
	}
}

// TestFeedGoesOnWhileCommentsCome goes through all pages while the index works
// and new comments come in between: each is seen once.
func TestFeedGoesOnWhileCommentsCome(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		var list []answer
		for i := range 100 {
			list = append(list, answer{score: i % 11, daysAgo: i / 30, comment: fmt.Sprintf("comment %03d", i)}) // thirty in about a second
		}
		x.answers(survey, list...)
		m := x.as(surveys.Viewer)
		seen, address := map[string]int{}, feedOf(survey.ID)+"?q=comment"
		var news string
		for step := range 9 {
			p := m.get(address).want(http.StatusOK)
			p.t = t
			for _, node := range p.Find(".feed .said").Nodes {
				text := strings.TrimSpace(goquery.NewDocumentFromNode(node).Text())
				seen[text]++
			}
			if step == 0 {
				news = p.Find(".feed-news").AttrOr("hx-get", "")
				if got := m.get(news).status; got != http.StatusNoContent {
					t.Errorf("news of nothing: %d", got)
				}
			}
			if address = p.Find(`a[rel="next"]`).AttrOr("href", ""); address == "" {
				break
			}
			switch step {
			case 0:
				fresh := storetest.Response(t, s, survey, 9)
				fresh.AnsweredAt, fresh.Comment = s.Now().Add(time.Second), "a new comment"
				fresh.Day = surveys.Day(fresh.AnsweredAt, x.w.Location())
				storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, []surveys.Response{fresh}) })
				m.get(news).want(http.StatusOK).says(".feed-news a", "1 new comment")
			case 1:
				x.index(survey)
			}
		}
		if len(seen) != 100 {
			t.Errorf("%d comments were seen, want 100", len(seen))
		}
		for text, n := range seen {
			if n != 1 || text == "a new comment" {
				t.Errorf("%q was seen %d times", text, n)
			}
		}
		m.get(news).want(http.StatusOK).says(".feed-news a", "1 new comment")
	})
}

// index brings all comments on a survey into the index.
func (x *team) index(survey surveys.Survey) {
	x.t.Helper()
	list, err := x.store.Responses(context.Background(), x.w.ID, store.ResponseFilter{SurveyID: survey.ID, WithComment: true, Limit: 500})
	if err != nil {
		x.t.Fatal(err)
	}
	storetest.Write(x.t, x.store, func(ctx context.Context, tx *store.Tx) error { return tx.IndexComments(ctx, x.w.ID, survey.ID, list) })
}

func TestFeedIsSavedAsAFile(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, said("")...)
	x.answers(survey, answer{score: 4, daysAgo: 5, plan: "=cmd|' /C calc'!A0", comment: "=HYPERLINK(\"http://x\")\nlate"})
	x.as(surveys.Viewer).get(feedOf(survey.ID) + "/export").want(http.StatusForbidden)
	x.as(surveys.Viewer).get(feedOf(survey.ID)).want(http.StatusOK).has(`a[href*="/export"]`, 0)
	m := x.as(surveys.Manager)
	m.get(feedOf(survey.ID)+"?q=late").want(http.StatusOK).has(`a[href^="`+feedOf(survey.ID)+`/export"][href*="q=late"]`, 1)
	request := httptest.NewRequest(http.MethodGet, feedOf(survey.ID)+"/export?q=late", nil)
	request.AddCookie(m.cookies[0])
	recorder := httptest.NewRecorder()
	x.handler.ServeHTTP(recorder, request)
	body := recorder.Body.String()
	// One of the ends of lines is within a comment.
	if rows := strings.Count(body, "\r\n"); rows != 5 || !strings.HasPrefix(body, "\ufeffDate,Score,Band,Comment") {
		t.Errorf("%d rows: %s", rows, body)
	}
	for _, want := range []string{`"'=HYPERLINK(""http://x"")`, `'=cmd|' /C calc'!A0`, `"The parcel came late, <b>again</b>",English,,,pro`, "2026-03-02T10:00:00+01:00,2,Detractors"} {
		if !strings.Contains(body, want) {
			t.Errorf("%q is missing in %s", want, body)
		}
	}
	if got := recorder.Header().Get("Content-Disposition"); !strings.Contains(got, "attachment") || !strings.Contains(got, ".csv") {
		t.Errorf("Content-Disposition: %s", got)
	}
}

func TestReportLeadsToItsComments(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, said("")...)
	p := x.as(surveys.Viewer).get("/surveys/" + survey.ID + "?range=30&segment=plan:pro&step=day&by=plan").want(http.StatusOK)
	p.has(`#comments a[href="`+feedOf(survey.ID)+`?range=30&segment=plan%3Apro"]`, 1)
}
