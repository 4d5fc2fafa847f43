package office

import (
	"context"
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

func TestReportIsHonestAboutHowMuchItKnows(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Viewer)
	cases := []struct {
		n        int
		headline string
		charts   int // the distribution
		says     string
	}{
		{0, "NPS: 0 answers. A score is shown from 5 on.", 0, ""},
		{1, "NPS: 1 answer. A score is shown from 5 on.", 0, "single people away"},
		{4, "NPS: 4 answers. A score is shown from 5 on.", 0, "single people away"},
		{5, "NPS 40 ± ", 1, "margin is wide"},
		{29, "from 29 answers.", 1, "margin is wide"},
		{400, "NPS 25 ± 8 from 400 answers.", 1, "no answers in the 90 days before"},
	}
	for _, c := range cases {
		t.Run(fmt.Sprint(c.n), func(t *testing.T) {
			survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
			x.answers(survey, many(c.n, 1, "pro", 10, 9, 8, 3)...)
			p := m.get("/surveys/" + survey.ID).want(http.StatusOK)
			p.t = t
			p.says("h1", c.headline)
			p.has("figure.dist", c.charts)
			p.says(".lead", c.says)
		})
	}
}

func TestReportTeachesHowToBegin(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	p := x.as(surveys.Manager).get("/surveys/" + survey.ID).want(http.StatusOK)
	p.says(".empty h2", "Nobody has answered yet")
	p.has(`.empty a[href="/asking/new?survey=`+survey.ID+`"]`, 1)
	if got, want := p.Find("#survey-link").AttrOr("value", ""), "https://feedback.example/s/"+survey.PublicID(x.w.Key); got != want {
		t.Errorf("link %q, want %q", got, want)
	}
	x.as(surveys.Viewer).get("/surveys/"+survey.ID).has(".empty a", 0)
}

func TestReportProvesItsHeadline(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		person := storetest.Person(t, s, x.w.ID)
		x.answers(survey, append(many(300, 2, "pro", 10, 9, 9, 3), many(300, 2, "basic", 10, 8, 4, 3)...)...)
		x.answers(survey, many(600, 100, "pro", 10, 9, 9, 3)...)
		x.answers(survey, many(3, 2, "beta", 10)...)
		x.answers(survey, answer{score: 2, daysAgo: 1, plan: "pro", comment: "Too <b>slow</b>", personID: person.ID})
		p := x.as(surveys.Viewer).get("/surveys/" + survey.ID + "?by=plan").want(http.StatusOK)

		p.says(".lead h1", "from 604 answers.")
		p.says(".lead p", "Down")
		p.has("#trend .line", 1)
		p.has("#answers .bar", 11+3)
		p.has("#compare tbody tr", 2)
		p.says("#compare tbody tr:nth-child(2)", "600")
		p.says("#segments .area tbody tr:nth-child(1)", "pro")
		p.says("#segments .area tbody", "higher than the rest")
		p.says("#segments .area tbody", "hidden: too few answers")
		p.says("#comments .said", "Too <b>slow</b>")
		p.has(`#comments a[href="/people/`+person.ID+`"]`, 1)
	})
}

func TestReportsNumbersLeadToTheirAnswers(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	x.answers(survey, append(many(40, 2, "pro", 5, 4), many(40, 2, "basic", 2, 4)...)...)
	m := x.as(surveys.Viewer)
	p := m.get("/surveys/" + survey.ID + "?by=plan").want(http.StatusOK)
	for selector, want := range map[string]string{
		"h1 a":                          "80 answers",
		"#answers svg a:nth-of-type(5)": "20 answers",
		"#segments .area tbody tr:nth-child(1) th a": "40 answers",
	} {
		link := p.Find(selector).First()
		address, ok := link.Attr("href")
		if !ok {
			t.Errorf("%s is no link", selector)
			continue
		}
		m.get(address).want(http.StatusOK).says("h1", want)
	}
}

func TestReportKeepsItsViewInEveryLink(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(50, 2, "pro", 10, 7, 3)...)
	p := x.as(surveys.Viewer).get("/surveys/" + survey.ID + "?range=30&by=plan&step=week&segment=plan%3Apro").want(http.StatusOK)
	p.says("a.chip", "Plan: pro")
	p.Find(".tools .seg a, .with-steps .seg a, .split-keys .seg a").Each(func(_ int, link *goquery.Selection) {
		u, err := url.Parse(link.AttrOr("href", ""))
		if err != nil {
			t.Fatal(err)
		}
		if got := u.Query().Get("segment"); got != "plan:pro" {
			t.Errorf("%s: segment %q is lost", u, got)
		}
	})
	p.says(`.tools .seg a[aria-current]`, "30 days")
	p.says(`.with-steps .seg a[aria-current]`, "Week")
	p.says(`.split-keys a[aria-current]`, "Plan")
}

func TestReportByDates(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(50, 2, "pro", 10, 7, 3)...)
	m := x.as(surveys.Viewer)
	cases := []struct {
		name, query string
		status      int
		problem     string
	}{
		{"both", "from=2026-02-01&to=2026-02-28", http.StatusOK, ""},
		{"one day", "from=2026-02-27&to=2026-02-27", http.StatusOK, ""},
		{"the wrong way round", "from=2026-03-02&to=2026-02-01", http.StatusUnprocessableEntity, "before the first"},
		{"no date", "from=soon&to=2026-02-01", http.StatusUnprocessableEntity, "Write the date"},
		{"one missing", "from=2026-02-01&to=", http.StatusOK, ""},
		{"one from a day to come", "from=2026-04-01&to=", http.StatusUnprocessableEntity, "before the first"},
		{"a century", "from=1926-02-01&to=2026-02-01", http.StatusUnprocessableEntity, "twenty years"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := m.get("/surveys/" + survey.ID + "?" + c.query)
			p.t = t
			p.want(c.status)
			p.says("#field-to-error", c.problem)
			sent, _ := url.ParseQuery(c.query)
			if c.problem != "" && p.value("from") != sent.Get("from") {
				t.Errorf("the input %q is lost: %q", sent.Get("from"), p.value("from"))
			}
		})
	}
}

func TestReportTakesNoNonsense(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, many(50, 2, "pro", 10, 7, 3)...)
	m := x.as(surveys.Viewer)
	for _, query := range []string{"range=-1", "range=x", "step=year", "by=secret", "by=", "segment=plan", "segment=:", "segment=nope%3Ax", "by=%00", "from=&to="} {
		m.get("/surveys/" + survey.ID + "?" + query).want(http.StatusOK)
	}
	for _, id := range []string{"nope", strings.Repeat("0", 36), "%00"} {
		if status := m.get("/surveys/" + id).status; status != http.StatusNotFound {
			t.Errorf("%q: status %d", id, status)
		}
	}
}

func TestReportSaysWhatItCannotFollow(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, append(many(50, 2, "pro", 10, 7, 3), many(50, 2, "basic", 10, 7, 3)...)...)
	m := x.as(surveys.Viewer)
	cases := []struct{ name, query, says string }{
		{"an unknown key", "by=zzz", "Answers are not counted by “zzz”. They are split by plan instead."},
		{"a key that is never declared", "by=%3Cb%3E", "“<b>”"},
		{"an endless key", "by=" + strings.Repeat("z", 500), strings.Repeat("z", 40) + "…”"},
		{"an unknown filter", "segment=nope%3Ax", "“nope:x” is no filter for these answers. It is left out."},
		{"half a filter", "segment=plan", "“plan” is no filter for these answers."},
		{"another range", "range=7", "“7” is no period. The last 90 days are shown."},
		{"no range", "range=soon", "“soon” is no period."},
		{"another step", "step=year", "“year” is no step of the trend."},
		{"no dates", "from=2026-99-01&to=2026-99-02", "These dates make no period. The last 90 days are shown."},
		{"everything as it should be", "by=plan&range=90&step=week&segment=plan%3Apro", ""},
		{"nothing", "by=&range=&step=&segment=&from=&to=", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := m.get("/surveys/" + survey.ID + "?" + c.query)
			p.t = t
			if c.says == "" {
				p.has(".note.warning", 0)
				return
			}
			p.says(".note.warning", c.says)
		})
	}
}

func TestReportSplitsOnlyByWhatTellsAnswersApart(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, append(many(50, 2, "pro", 10, 7, 3), many(50, 40, "basic", 10, 7, 3)...)...)
	m := x.as(surveys.Viewer)
	page := "/surveys/" + survey.ID
	p := m.get(page)
	p.has(".split-keys .seg a", 1)
	p.says(".split-keys .seg a", "Plan")
	m.get(page+"?range=30").has("#split", 0) // only pro answered in these days
	p = m.get(page + "?range=30&by=version")
	p.says(`.split-keys a[aria-current]`, "Question version") // who has its link still gets it
	p.has("#segments .area tbody tr", 1)
}

func TestReportSplitAddsUp(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, append(many(40, 2, "pro", 10, 9, 3), many(40, 2, "basic", 10, 4, 3)...)...)
	m := x.as(surveys.Viewer)
	row := func(p *page, n int) string {
		return strings.Join(strings.Fields(p.Find(fmt.Sprintf("#segments .area tbody tr:nth-child(%d)", n)).Text()), " ")
	}
	x.answers(survey, many(1, 2, "", 10)...)
	p := m.get("/surveys/" + survey.ID + "?by=plan")
	p.has("#segments .area tbody tr", 3)
	p.has("#segments .area tbody th a", 3) // that without a plan leads to its answers too
	p.has("#segments .area tbody td.num a", 3)
	if got := row(p, 3); !strings.HasPrefix(got, "(no plan)–1hidden") || strings.Contains(p.Find("#segments").Text(), "smaller group") {
		t.Errorf("one answer without a plan: %q", got)
	}
	x.answers(survey, many(20, 2, "", 10, 9)...)
	if got := row(m.get("/surveys/"+survey.ID+"?by=plan"), 3); !strings.HasPrefix(got, "(no plan)10021") || !strings.HasSuffix(got, "not compared") {
		t.Errorf("21 answers without a plan: %q", got)
	}
	x.answers(survey, many(2, 2, "beta", 10)...)
	if got := row(m.get("/surveys/"+survey.ID+"?by=plan"), 4); !strings.HasPrefix(got, "(no plan)–21") || !strings.HasSuffix(got, "hidden: it would give a smaller group away") {
		t.Errorf("21 answers without a plan beside two of beta: %q", got)
	}
}

func TestReportShadesThePeriodOfItsHeadline(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(survey, append(many(50, 2, "pro", 10, 7, 3), many(50, 200, "pro", 10, 7, 3)...)...)
	m := x.as(surveys.Viewer)
	p := m.get("/surveys/" + survey.ID)
	p.has("#trend .span rect", 1)
	p.says("#trend .span text", "these 90 days")
	p.says("#trend header", "shaded = these 90 days")
	m.get("/surveys/"+survey.ID+"?range=365").has("#trend .span", 0)
}

func TestReportSaysThatASurveyRests(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	survey := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	m := x.as(surveys.Manager)
	m.post("/surveys/"+survey.ID+"/status", url.Values{"status": {"paused"}}).seesOther("/surveys/" + survey.ID)
	p := m.get("/surveys/" + survey.ID).want(http.StatusOK)
	p.says(".note.done", "The survey is paused")
	p.says(".note.warning", "Paused")
}

func TestReportIsNarrowedToASegment(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		x.answers(survey, append(many(40, 2, "pro", 10, 9), many(60, 2, "basic", 3)...)...)
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			for _, value := range []string{"pro", "of another survey"} {
				if _, err := tx.AdmitSegmentValue(ctx, x.w.ID, "plan", value); err != nil {
					return err
				}
			}
			return nil
		})
		m := x.as(surveys.Viewer)
		p := m.get("/surveys/" + survey.ID + "?range=30").want(http.StatusOK)
		p.has(`select[name="segment"] option[value="plan:of another survey"]`, 0)
		p.says("h1", "from 100 answers.")
		p.has(`select[name="segment"] optgroup[label="Plan"] option[value="plan:pro"]`, 1)
		p.has(`select[name="segment"] option[value="channel:link"]`, 1)
		p.has(`select[name="segment"] option[value="channel:mail"]`, 0) // nobody answered so
		p = m.get("/surveys/" + survey.ID + "?range=30&segment=plan%3Apro&by=channel").want(http.StatusOK)
		p.says("h1", "NPS 100")
		p.says("h1", "from 40 answers.")
		p.has(`select[name="segment"] option[value="plan:pro"]`, 0) // it is chosen already
		p.has(`form input[type="hidden"][name="segment"][value="plan:pro"]`, 2)
		p.has(`a.chip[href="/surveys/`+survey.ID+`?by=channel&range=30"]`, 1)
		m.get(p.Find("h1 a").AttrOr("href", "")).want(http.StatusOK).says("h1", "40 answers")
	})
}
