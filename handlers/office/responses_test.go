package office

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestResponsesPassTheFilters(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		nps, csat := storetest.Survey(t, s, x.w.ID, surveys.NPS), storetest.Survey(t, s, x.w.ID, surveys.CSAT)
		person := storetest.Person(t, s, x.w.ID)
		x.answers(nps,
			answer{score: 10, daysAgo: 1, plan: "pro", comment: "Wonderful 100% coffee", personID: person.ID},
			answer{score: 9, daysAgo: 5, plan: "basic"},
			answer{score: 3, daysAgo: 9, plan: "pro", comment: "Came late"},
			answer{score: 0, daysAgo: 40, plan: "basic", comment: "COLD COFFEE"})
		x.answers(csat, answer{score: 5, daysAgo: 2, comment: "fine"})
		m := x.as(surveys.Viewer)
		cases := []struct {
			name  string
			query url.Values
			want  int
		}{
			{"none", nil, 5},
			{"survey", url.Values{"survey": {nps.ID}}, 4},
			{"score", url.Values{"survey": {nps.ID}, "score": {"3"}}, 1},
			{"band", url.Values{"survey": {nps.ID}, "score": {"promoter"}}, 2},
			{"from", url.Values{"from": {"2026-02-25"}}, 3},
			{"to, its day included", url.Values{"to": {"2026-02-21"}}, 2},
			{"comment", url.Values{"comment": {"1"}}, 4},
			{"words in any case", url.Values{"q": {"coffee"}}, 2},
			{"words of two surveys", url.Values{"q": {"-coffee"}}, 2},
			{"a percent sign is passed over", url.Values{"q": {"100%"}}, 1},
			{"nothing that can be searched for", url.Values{"q": {"%"}}, 0},
			{"words of somebody in a segment", url.Values{"q": {"coffee"}, "segment": {"plan:pro"}, "from": {"2026-02-01"}}, 1},
			{"segment", url.Values{"segment": {"plan:pro"}}, 2},
			{"segment that nobody is in", url.Values{"segment": {"plan:gold"}}, 0},
			{"either of two segments", url.Values{"segment": {"plan:pro", "plan:basic"}}, 4},
			{"both of two segments", url.Values{"segment": {"plan:pro", "channel:link"}}, 2},
			{"channel", url.Values{"segment": {"channel:link"}}, 5},
			{"version", url.Values{"segment": {"version:1"}}, 5},
			{"all at once", url.Values{"survey": {nps.ID}, "score": {"detractor"}, "from": {"2026-02-01"}, "q": {"late"}, "segment": {"plan:pro"}, "comment": {"1"}}, 1},
			{"nothing passes", url.Values{"q": {"tea"}}, 0},
		}
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				p := m.get("/responses?" + c.query.Encode()).want(http.StatusOK)
				p.t = t
				p.has(".comments > li", c.want)
				if c.want == 0 {
					p.says(".empty h2", "No answer passes")
					p.has(`.empty a[href="/responses"]`, 1)
					return
				}
				p.says("h1", fmt.Sprintf("%d answer", c.want))
				for name := range c.query {
					want := 1
					if name == "segment" { // those that are chosen, and one more
						want += len(c.query[name])
					}
					p.has(`.filters [name="`+name+`"]`, want)
				}
				p.has(".chips a.chip", len(c.query["segment"]))
				p.Find(".chips a.chip").Each(func(_ int, chip *goquery.Selection) {
					kept, err := url.Parse(chip.AttrOr("href", ""))
					if err != nil || len(kept.Query()["segment"]) != len(c.query["segment"])-1 || kept.Query().Get("q") != c.query.Get("q") {
						t.Errorf("the chip leads to %s, %v", kept, err)
					}
				})
			})
		}
	})
}

func TestResponsesKeepWhatWasAskedFor(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	query := url.Values{"survey": {survey.ID}, "score": {"passive"}, "from": {"2026-01-01"}, "to": {"2026-02-01"}, "q": {"<b>"}, "segment": {"plan:pro"}}
	p := x.as(surveys.Viewer).get("/responses?" + query.Encode()).want(http.StatusOK)
	for name := range query {
		if got := p.value(name); got != query.Get(name) {
			t.Errorf("%s holds %q, want %q", name, got, query.Get(name))
		}
	}
}

// TestResponsesGoOn: all pages show every answer once, also when words are looked
// for in two surveys of which one is in the index, in the middle of the same seconds.
func TestResponsesGoOn(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		for part := range 2 {
			survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
			var list []answer
			for i := range 60 {
				list = append(list, answer{score: i % 11, daysAgo: i / 10, comment: fmt.Sprintf("comment %d-%03d", part, i)})
			}
			x.answers(survey, list...)
			if part == 0 {
				x.index(survey)
			}
		}
		m := x.as(surveys.Viewer)
		for _, query := range []string{"comment=1", "q=comment", "q=comment&comment=1"} {
			seen, address := map[string]bool{}, "/responses?"+query
			for range 3 {
				p := m.get(address).want(http.StatusOK)
				p.says("h1", "120 answers")
				for _, node := range p.Find(".comments .said").Nodes {
					seen[goquery.NewDocumentFromNode(node).Text()] = true
				}
				address = p.Find(`a[rel="next"]`).AttrOr("href", "")
			}
			if len(seen) != 120 {
				t.Errorf("%s: %d of 120 answers were listed", query, len(seen))
			}
			if address != "" {
				t.Errorf("%s: the last page leads on to %s", query, address)
			}
		}
		m.get("/responses?q=0-059").want(http.StatusOK).says(".comments mark", "0-059")
	})
}

func TestResponsesRefuse(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	foreign := storetest.Survey(t, x.store, storetest.Workspace(t, x.store).ID, surveys.NPS)
	m := x.as(surveys.Viewer)
	m.get("/responses?survey=" + foreign.ID).want(http.StatusNotFound)
	m.get("/responses?survey=nope").want(http.StatusNotFound)
	p := m.get("/responses?from=yesterday").want(http.StatusUnprocessableEntity)
	p.says("#field-from-error", "Write the date")
	if p.value("from") != "yesterday" {
		t.Errorf("the input is lost: %q", p.value("from"))
	}
	for _, after := range []string{"x", "AAAA", "LTE6eA", "OTk5OTk5OTk5OTk5OTk5OTk5OnV1aWQ"} {
		m.get("/responses?after="+after).want(http.StatusOK).says(".note", "no such page")
	}
	m.get("/responses?q=%ff%fe&value=%ffpro&key=plan").want(http.StatusOK)
}

func TestResponsesNameTheirSurveyAndPerson(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey, person := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), storetest.Person(t, x.store, x.w.ID)
	x.answers(survey, answer{score: 2, personID: person.ID, comment: "<script>alert(1)</script>", plan: "pro"}, answer{score: 9, daysAgo: 1})
	p := x.as(surveys.Viewer).get("/responses").want(http.StatusOK)
	first, second := ".comments li:nth-child(1) ", ".comments li:nth-child(2) "
	p.says(first+".said", "<script>alert(1)</script>")
	p.says(first+".score-badge.bad", "2")
	p.says(first+".score-badge .unseen", "Detractor")
	p.says(first+`a[href="/people/`+person.ID+`"]`, "Ada Lovelace")
	p.says(first+`a[href="/surveys/`+survey.ID+`"]`, survey.Name)
	p.says(first+".by", "2 March 2026, 10:00") // Berlin
	p.says(second+".by", "Anonymous")
	p.says(second+".score-badge.good", "9")
}

// The count comes from the rollups or from the rows; both must say the same.
func TestCountsAgreeHoweverTheyAreMade(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		for range 3 {
			survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
			x.answers(survey, append(many(40, 0, "pro", 10, 7, 3, 0), many(30, 20, "basic", 9, 9, 2)...)...)
			x.answers(survey, answer{score: 1, comment: "late"}, answer{score: 10, comment: "fine", daysAgo: 20, plan: "pro"})
		}
		m := x.as(surveys.Viewer)
		list, err := s.Surveys(t.Context(), x.w.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, query := range []string{
			"", "comment=1", "key=plan&value=pro", "key=plan&value=basic&to=2026-02-10", "from=2026-02-20", "from=2026-02-08&to=2026-02-12&key=channel&value=link",
			"survey=" + list[0].ID, "survey=" + list[0].ID + "&score=detractor", "survey=" + list[1].ID + "&score=10&key=plan&value=pro",
			"segment=plan:pro&segment=plan:basic", "segment=plan:pro&segment=channel:link", "segment=plan:basic&segment=channel:link&comment=1",
			"q=late", "q=fine&segment=plan:pro", "q=late&segment=plan:pro", "q=fine&segment=plan:pro&segment=channel:link&survey=" + list[2].ID + "&score=promoter",
		} {
			p := m.get("/responses?" + query).want(http.StatusOK)
			seen := p.Find(".comments > li").Length()
			for next := p.Find(`a[rel="next"]`); next.Length() > 0; {
				p = m.get(next.AttrOr("href", "")).want(http.StatusOK)
				seen += p.Find(".comments > li").Length()
				next = p.Find(`a[rel="next"]`)
			}
			p.says("h1", fmt.Sprintf("%d answer", seen))
		}
	})
}

// TestReportAndListCountTheSame follows every number of the report's headline,
// distribution and segments to the answers behind it.
func TestReportAndListCountTheSame(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		x.answers(survey, append(append(many(40, 2, "pro", 10, 9, 3), many(60, 12, "basic", 3, 8)...), many(20, 22, "free", 8)...)...)
		m := x.as(surveys.Viewer)
		for query, n := range map[string]int64{
			"": 120, "segment=plan:pro": 40, "segment=plan:pro&segment=plan:free": 60, "segment=plan:pro&segment=plan:free&segment=channel:link": 60,
			"segment=plan:basic&segment=channel:link&segment=version:1&range=30": 60, "range=365&segment=plan:pro": 40,
		} {
			p := m.get("/surveys/" + survey.ID + "?" + query).want(http.StatusOK)
			p.says("h1", fmt.Sprintf("from %d answers", n))
			m.get(p.Find("h1 a").AttrOr("href", "")).want(http.StatusOK).says("h1", fmt.Sprintf("%d answers", n))
			p.Find("#answers a[href*='score=']").Each(func(_ int, link *goquery.Selection) {
				row := link.Closest("tr, li, g, a").Text()
				list := m.get(link.AttrOr("href", "")).want(http.StatusOK)
				if count := strings.Fields(list.text("h1"))[0]; !strings.Contains(row, count) {
					t.Errorf("%s: %q leads to %q", query, row, list.text("h1"))
				}
			})
		}
	})
}

func TestResponsesSayWhichFilterCannotBeMeant(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	csat := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	x.answers(csat, answer{score: 5})
	m := x.as(surveys.Viewer)
	for _, c := range []struct{ name, query, field, says string }{
		{"score without a survey", "score=5", "score", "choose one first"},
		{"score of another scale", "score=10&survey=" + csat.ID, "score", "no such choice"},
		{"nonsense score", "score=lots&survey=" + csat.ID, "score", "no such choice"},
		{"undeclared key", "segment=email:x", "segment", "no such choice"},
		{"value without a key", "value=pro", "segment", "no such choice"},
		{"key without a value", "key=plan", "segment", "no such choice"},
		{"segment without a colon", "segment=plan", "segment", "no such choice"},
		{"days in the wrong order", "from=2026-03-02&to=2026-03-01", "to", "before the first one"},
		{"no such day", "to=2026-02-30", "to", "Write the date"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := m.get("/responses?" + c.query).want(http.StatusUnprocessableEntity)
			p.t = t
			p.says("#field-"+c.field+"-error", c.says)
		})
	}
	m.get("/responses?from=2026-03-02&to=2026-03-02").want(http.StatusOK) // one day
}

func TestResponsesOfferKnownSegmentsAsTheyAreCalled(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m := x.as(surveys.Viewer)
	m.get("/responses").want(http.StatusOK).has(".filters", 0)
	x.answers(survey, answer{score: 9, plan: "pro"})
	p := m.get("/responses?survey=" + survey.ID + "&key=plan&value=pro").want(http.StatusOK)
	p.says(".chips a.chip", "Plan: pro")
	p.has(`.filters input[type="hidden"][name="segment"][value="plan:pro"]`, 1)
	p.has(`optgroup[label="Plan"]`, 0) // there is no other
	p.says(`optgroup[label="Channel"] option[value="channel:link"]`, "Link")
	p.has(`option[value="channel:mail"]`, 0) // nobody answered a mail of it
	p.says(`option[value="version:1"]`, "Version 1")
	m.get("/responses").want(http.StatusOK).has(`option[value="version:1"]`, 0)
}
