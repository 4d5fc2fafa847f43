package office

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func goodBenchmark() url.Values {
	return url.Values{"metric": {"nps"}, "name": {"Online shops"}, "low": {"40"}, "high": {"50,5"}, "year": {"2026"}, "source": {"https://www.panel.example/nps"}, "note": {"by mail"}, "shown": {"yes"}}
}

// TestBenchmarksFromTheStart: the page teaches, offers figures to begin with,
// and shows none of them in a report until somebody says so.
func TestBenchmarksFromTheStart(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		m.get("/settings").has(`main a[href="/settings/benchmarks"]`, 1)
		p := m.get("/settings/benchmarks").want(http.StatusOK)
		p.says("main .note", "differ by about 20 points")
		p.says(".empty h2", "No benchmarks yet")
		m.post("/settings/benchmarks/starter", nil).seesOther("/settings/benchmarks")
		p = m.get("/settings/benchmarks")
		p.has(".benchmarks", 2)
		p.has(".benchmarks tbody tr", len(surveys.StarterBenchmarks()))
		p.says(".benchmarks tbody tr", "As quoted in 2026")
		p.has(".benchmarks .tag.good", 0)
		p.has(".benchmarks form", len(surveys.StarterBenchmarks()))
		survey := storetest.Survey(t, s, x.w.ID, surveys.NPS)
		x.answers(survey, many(40, 1, "pro", 9, 9, 5)...)
		m.get("/surveys/"+survey.ID).want(http.StatusOK).has(".orientation", 0)
	})
}

func TestBenchmarkIsWrittenChangedAndDeleted(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		x := newTeam(t, s)
		m := x.as(surveys.Manager)
		m.get("/settings/benchmarks/new").want(http.StatusOK).has(`input[name="shown"][checked]`, 1)
		m.post("/settings/benchmarks", goodBenchmark()).seesOther("/settings/benchmarks")
		list, err := s.Benchmarks(context.Background(), x.w.ID)
		if err != nil || len(list) != 1 || list[0].Low != 40 || list[0].High != 50.5 || !list[0].Shown {
			t.Fatalf("%+v, %v", list, err)
		}
		again := m.post("/settings/benchmarks", goodBenchmark()).want(http.StatusUnprocessableEntity)
		again.says("#field-name-error", "is there already")
		at := "/settings/benchmarks/" + list[0].ID
		p := m.get("/settings/benchmarks")
		p.says("tbody tr", "Online shops by mail40 to 50.52026panel.exampleOn the report")
		p.has(`tbody a[href="https://www.panel.example/nps"]`, 1)
		p = m.get(at).want(http.StatusOK)
		if p.value("low") != "40" || p.value("high") != "50.5" || p.value("year") != "2026" {
			t.Errorf("the form holds %q to %q of %q", p.value("low"), p.value("high"), p.value("year"))
		}
		changed := goodBenchmark()
		changed.Set("high", "")
		changed.Del("shown")
		m.post(at, changed).seesOther("/settings/benchmarks")
		m.get("/settings/benchmarks").says("tbody tr", "Online shops by mail402026panel.exampleNot shown")
		m.post(at+"/shown", url.Values{"shown": {"yes"}}).seesOther("/settings/benchmarks")
		m.get("/settings/benchmarks").has(".tag.good", 1)
		m.post(at+"/shown", url.Values{"shown": {"no"}}).seesOther("/settings/benchmarks")
		m.get("/settings/benchmarks").has(".tag.good", 0)
		m.get(at+"/delete").want(http.StatusOK).says("h1", "Delete the benchmark “Online shops”?")
		m.post(at+"/delete", nil).seesOther("/settings/benchmarks")
		m.get("/settings/benchmarks").has(".empty", 1)
	})
}

func TestBenchmarkFormSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m := x.as(surveys.Manager)
	for name, c := range map[string]struct{ field, value, says string }{
		"a word for a score": {"low", "forty", "Write a number from -100 to 100."},
		"a share above all":  {"high", "101 %", "Write a number"},
		"upside down":        {"high", "30", "Swap the two"},
		"no source":          {"source", " ", "Fill"},
		"an old year":        {"year", "12", "from 1990 to 20"},
	} {
		form := goodBenchmark()
		form.Set(c.field, c.value)
		p := m.post("/settings/benchmarks", form).want(http.StatusUnprocessableEntity)
		if got := p.text("#field-" + c.field + "-error"); !strings.Contains(strings.ReplaceAll(got, "−", "-"), c.says) && c.field != "source" {
			t.Errorf("%s: says %q, want %q", name, got, c.says)
		}
		if p.value(c.field) != strings.TrimSpace(c.value) && p.value(c.field) != c.value {
			t.Errorf("%s: the field holds %q", name, p.value(c.field))
		}
	}
}

// TestOrientationIsNoVerdict: a chosen benchmark stands under the score of its
// own metric, with its source and year, and changes nothing that the page says.
func TestOrientationIsNoVerdict(t *testing.T) {
	t.Parallel()
	x := onSQLite(t)
	m, viewer := x.as(surveys.Manager), x.as(surveys.Viewer)
	nps, csat := storetest.Survey(t, x.store, x.w.ID, surveys.NPS), storetest.Survey(t, x.store, x.w.ID, surveys.CSAT)
	x.answers(nps, many(40, 1, "pro", 9, 9, 5)...)
	x.answers(csat, many(40, 1, "pro", 4, 5)...)
	few := storetest.Survey(t, x.store, x.w.ID, surveys.NPS)
	x.answers(few, many(2, 1, "pro", 9)...)
	before := m.get("/surveys/" + nps.ID).text(".verdict-text")
	m.post("/settings/benchmarks", goodBenchmark())
	p := m.get("/surveys/" + nps.ID).want(http.StatusOK)
	p.says(".orientation summary", "For orientation, others report: Online shops 40 to 50.5 panel.example, 2026")
	p.says(".orientation p", "take no part in what this page concludes")
	p.has(`.orientation a[href="https://www.panel.example/nps"]`, 1)
	p.has(`.orientation a[href="/settings/benchmarks"]`, 1)
	if after := p.text(".verdict-text"); after != before || before == "" {
		t.Errorf("the verdict was %q and is %q", before, after)
	}
	viewer.get("/surveys/"+nps.ID).has(`.orientation a[href="/settings/benchmarks"]`, 0)
	m.get("/surveys/"+csat.ID).has(".orientation", 0)
	m.get("/surveys/"+few.ID).has(".orientation", 0)
	viewer.get("/settings/benchmarks").want(http.StatusOK).has("tbody form, tbody .button, .head .button", 0)
	m.cookies = append(m.cookies, &http.Cookie{Name: "hark_language", Value: "zh-Hans"})
	m.get("/settings/benchmarks").says("h1", "行业参考")
}
