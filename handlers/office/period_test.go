package office

import (
	"net/url"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

func TestReadReport(t *testing.T) {
	t.Parallel()
	today := analysis.DateDay(2026, 3, 2)
	day := func(text string) analysis.Day {
		d, err := analysis.ParseDay(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	cases := []struct {
		name, query string
		from, last  string
		step        analysis.Bucketing
		trendFrom   string
	}{
		{"nothing said", "", "2025-12-03", "2026-03-02", analysis.ByWeek, "2025-03-03"},
		{"a month", "range=30", "2026-02-01", "2026-03-02", analysis.ByDay, "2025-12-03"},
		{"a year", "range=365", "2025-03-03", "2026-03-02", analysis.ByWeek, "2025-03-03"},
		{"a range that is not offered", "range=7", "2025-12-03", "2026-03-02", analysis.ByWeek, "2025-03-03"},
		{"a range in words", "range=year", "2025-12-03", "2026-03-02", analysis.ByWeek, "2025-03-03"},
		{"by day", "step=day", "2025-12-03", "2026-03-02", analysis.ByDay, "2025-12-03"},
		{"by month", "step=month", "2025-12-03", "2026-03-02", analysis.ByMonth, "2024-03-01"},
		{"a step that is none", "step=decade", "2025-12-03", "2026-03-02", analysis.ByWeek, "2025-03-03"},
		{"dates", "from=2026-01-01&to=2026-01-31", "2026-01-01", "2026-01-31", analysis.ByDay, "2025-11-03"},
		{"dates before a range", "range=30&from=2026-01-01&to=2026-01-31", "2026-01-01", "2026-01-31", analysis.ByDay, "2025-11-03"},
		{"dates of years", "from=2020-01-01&to=2025-12-31", "2020-01-01", "2025-12-31", analysis.ByQuarter, "2020-01-01"},
		{"no last day", "from=2026-01-20", "2026-01-20", "2026-03-02", analysis.ByDay, "2025-12-03"},
		{"no first day", "to=2026-01-31", "2006-02-05", "2026-01-31", analysis.ByQuarter, "2006-02-05"},
		{"the API's name of a step", "interval=month", "2025-12-03", "2026-03-02", analysis.ByMonth, "2024-03-01"},
		{"a first day to come", "from=2026-04-01", "2025-12-03", "2026-03-02", analysis.ByWeek, "2025-03-03"},
		{"wrong dates", "from=2026-02-01&to=2026-01-31", "2025-12-03", "2026-03-02", analysis.ByWeek, "2025-03-03"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			query, err := url.ParseQuery(c.query)
			if err != nil {
				t.Fatal(err)
			}
			r := readReport("/surveys/1", query, today)
			if r.period.From != day(c.from) || r.period.last() != day(c.last) {
				t.Errorf("the period is %s to %s", r.period.From, r.period.last())
			}
			if r.bucketing() != c.step {
				t.Errorf("the step is %s", r.bucketing())
			}
			if got := r.trendFrom(); got != day(c.trendFrom) {
				t.Errorf("the trend begins on %s, want %s", got, c.trendFrom)
			}
			if got := r.query(); got.From != r.period.From || got.To != r.period.To || got.TrendFrom != r.trendFrom() {
				t.Errorf("asked for %+v", got)
			}
		})
	}
}

func TestReportAddressSaysWhatItWasRead(t *testing.T) {
	t.Parallel()
	today := analysis.DateDay(2026, 3, 2)
	for query, want := range map[string]string{
		"":                                    "/surveys/1",
		"range=90":                            "/surveys/1",
		"range=30&by=plan":                    "/surveys/1?by=plan&range=30",
		"segment=plan%3Aa%3Ab":                "/surveys/1?segment=plan%3Aa%3Ab",
		"filter=plan%3Aa&interval=month":      "/surveys/1?segment=plan%3Aa&step=month",
		"from=2026-01-01&to=2026-01-31":       "/surveys/1?from=2026-01-01&to=2026-01-31",
		"step=month&range=365&by=x&other=y":   "/surveys/1?by=x&range=365&step=month",
		"segment=plan&step=never&range=never": "/surveys/1",
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		r := readReport("/surveys/1", values, today)
		if got := r.address(nil); got != want {
			t.Errorf("%q: %s, want %s", query, got, want)
		}
		if got := r.address(map[string]string{"by": "", "segment": "", "step": "", "range": "", "from": "", "to": ""}); got != "/surveys/1" {
			t.Errorf("%q: taking all of it away leaves %s", query, got)
		}
	}
}

// A day of summer time's change has 23 or 25 hours, and is one day.
func TestMoments(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		day   analysis.Day
		hours float64
	}{{analysis.DateDay(2026, 3, 28), 24}, {analysis.DateDay(2026, 3, 29), 23}, {analysis.DateDay(2026, 10, 25), 25}} {
		from, to := period{c.day, c.day + 1}.moments(berlin)
		if got := to.Sub(from).Hours(); got != c.hours {
			t.Errorf("%s has %v hours, want %v", c.day, got, c.hours)
		}
		if got := analysis.DayOf(from, berlin); got != c.day || analysis.DayOf(to.Add(-time.Second), berlin) != c.day {
			t.Errorf("%s begins on %s", c.day, got)
		}
	}
}

func TestAnswersIn(t *testing.T) {
	t.Parallel()
	got := answersIn(surveys.Survey{ID: "1"}, period{analysis.DateDay(2026, 3, 1), analysis.DateDay(2026, 4, 1)}, surveys.Filters{{Key: "plan", Value: "a&b"}, {Key: "country", Value: "DE"}}, map[string]string{"score": ""})
	if want := "/responses?from=2026-03-01&segment=plan%3Aa%26b&segment=country%3ADE&survey=1&to=2026-03-31"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
