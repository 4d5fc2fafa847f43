package northwind_test

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/flow/northwind"
)

func testResponseRate(t *testing.T, f filled) {
	const old = "FROM invitations WHERE letter = 'invitation' AND state = 'sent' AND survey_id = ? AND send_at < ?"
	for _, survey := range []surveys.Survey{f.story.NPS, f.story.CSAT, f.story.CES} {
		before := f.now.Add(-14 * 24 * time.Hour)
		rate := float64(f.count(t, "SELECT count(response_id) "+old, survey.ID, before)) / float64(f.count(t, "SELECT count(*) "+old, survey.ID, before))
		if rate < 0.2 || rate > 0.34 { // reminders bring a few more
			t.Errorf("%s: %.1f %% of the mails are answered", survey.Name, 100*rate)
		}
	}
}

// perDay is how many events of a type there are on an average day of the
// days whose weekday (0 is Sunday) is listed.
func (f filled) perDay(t *testing.T, kind string, weekday time.Weekday) float64 {
	t.Helper()
	return float64(f.count(t, "SELECT count(*) FROM events WHERE type = ? AND CAST(strftime('%w', substr(occurred_at, 1, 10)) AS integer) = ?", kind, int(weekday))) / 52
}

func testWeek(t *testing.T, f filled) {
	for _, c := range []struct {
		kind       string
		more, less time.Weekday
		times      float64
	}{
		{"order_completed", time.Friday, time.Sunday, 1.5},
		{"order_completed", time.Monday, time.Saturday, 1.15},
		{"ticket_solved", time.Monday, time.Wednesday, 1.3},
		{"ticket_solved", time.Monday, time.Sunday, 4},
	} {
		more, less := f.perDay(t, c.kind, c.more), f.perDay(t, c.kind, c.less)
		if more < c.times*less {
			t.Errorf("%s: %.0f on a %s, %.0f on a %s", c.kind, more, c.more, less, c.less)
		}
	}
}

func (f filled) orders(t *testing.T, month time.Month, from, to int) float64 {
	t.Helper()
	return float64(f.count(t, "SELECT count(*) FROM events WHERE type = 'order_completed' AND CAST(substr(occurred_at, 6, 2) AS integer) = ? AND CAST(substr(occurred_at, 9, 2) AS integer) BETWEEN ? AND ?",
		int(month), from, to)) / float64(to-from+1)
}

func testSeasons(t *testing.T, f filled) {
	year := float64(f.count(t, "SELECT count(*) FROM events WHERE type = 'order_completed'")) / 365
	if peak := f.orders(t, time.December, 8, 18); peak < 1.4*year {
		t.Errorf("%.0f orders a day before Christmas, %.0f on an average day", peak, year)
	}
	if feast := f.orders(t, time.December, 25, 26); feast > 0.4*year {
		t.Errorf("%.0f orders a day at Christmas, %.0f on an average day", feast, year)
	}
}

func testQuiet(t *testing.T, f filled) {
	year := float64(f.story.Counts.Responses) / 365
	quiet := float64(f.count(t, "SELECT count(*) FROM responses WHERE day >= ? AND day < ?", f.story.Quiet.From, f.story.Quiet.To)) / 14
	if quiet > 0.15*year || f.story.Quiet.To-f.story.Quiet.From != 14 {
		t.Errorf("%.0f answers a day in the quiet fortnight, %.0f in the year", quiet, year)
	}
	for _, day := range f.story.Empty {
		if n := f.count(t, "SELECT count(*) FROM responses WHERE day = ?", day); n > 0 {
			t.Errorf("%d answers on %s", n, analysis.Day(day))
		}
		if n := f.count(t, "SELECT count(*) FROM responses WHERE day = ?", day-1); n == 0 {
			t.Errorf("the day before %s is empty too", analysis.Day(day))
		}
	}
}

func testComments(t *testing.T, f filled) {
	if share := float64(f.story.Counts.Comments) / float64(f.story.Counts.Responses); share < 0.2 || share > 0.3 {
		t.Errorf("%.1f %% of the answers have a comment", 100*share)
	}
	// The courier is a complaint of unhappy subscribers, and of the time after
	// the change.
	const courier = "(comment LIKE '%new courier%' OR comment LIKE '%delivery partner%' OR comment LIKE '%换了物流%' OR comment LIKE '%换快递%')"
	if n := f.count(t, "SELECT count(*) FROM responses WHERE "+courier+" AND (day < ? OR survey_id <> ? OR score > 6 OR json_extract(segments, '$.plan') <> 'subscription')", f.story.Drop, f.story.NPS.ID); n > 0 {
		t.Errorf("%d complaints about the courier come from somebody else", n)
	}
	if n := f.count(t, "SELECT count(*) FROM responses WHERE "+courier); n < 50 {
		t.Errorf("%d complaints about the courier", n)
	}
	rows, err := f.db.Query("SELECT DISTINCT comment, locale FROM responses WHERE comment <> ''")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	distinct := map[string]int{}
	for rows.Next() {
		var comment, locale string
		if err := rows.Scan(&comment, &locale); err != nil {
			t.Fatal(err)
		}
		distinct[locale]++
		if chinese := strings.ContainsFunc(comment, func(r rune) bool { return unicode.Is(unicode.Han, r) }); chinese != (locale == "zh-Hans") {
			t.Errorf("%q is said in %s", comment, locale)
		}
	}
	if err := rows.Err(); err != nil || distinct["en"] < 3000 || distinct["zh-Hans"] < 800 {
		t.Errorf("distinct comments: %v, %v", distinct, err)
	}
}

func testPeople(t *testing.T, f filled) {
	for name, least := range map[string]struct {
		query string
		n     int
	}{
		"names":            {"SELECT count(DISTINCT name) FROM people", 3000},
		"Chinese speakers": {"SELECT count(*) FROM people WHERE locale = 'zh-Hans'", 400},
		"countries":        {"SELECT count(DISTINCT json_extract(traits, '$.country')) FROM people", 6},
		"plans":            {"SELECT count(DISTINCT json_extract(traits, '$.plan')) FROM people", 4},
		"channels":         {"SELECT count(DISTINCT channel) FROM responses", 4},
	} {
		if n := f.count(t, least.query); n < least.n {
			t.Errorf("%d %s", n, name)
		}
	}
	rows, err := f.db.Query("SELECT email FROM people")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var email string
		if err := rows.Scan(&email); err != nil {
			t.Fatal(err)
		}
		if !surveys.ValidEmail(email) || surveys.NormalEmail(email) != email || !strings.HasSuffix(email, ".example") || strings.ContainsFunc(email, func(r rune) bool { return r > unicode.MaxASCII }) {
			t.Errorf("the address %q", email)
		}
	}
	if err := rows.Err(); err != nil {
		t.Error(err)
	}
}

func testDrop(t *testing.T, f filled) {
	r := report(t, f, f.story.NPS, northwind.Span{From: f.story.Drop, To: f.story.Drop + 8*7})
	v := r.Verdict
	if v.Kind != analysis.Fall || v.Where == nil || v.Where.Key != "plan" || v.Where.Value != "subscription" {
		t.Fatalf("the verdict is %q: %s", v.Kind, v.Text)
	}
	if d := v.Difference.Difference; d > -7 || d < -13 {
		t.Errorf("the fall is %.1f points", d)
	}
	if v.Since == nil || math.Abs(float64(int(*v.Since)-f.story.Drop)) > 14 {
		t.Errorf("the fall began on %v, and not on %s", v.Since, analysis.Day(f.story.Drop))
	}
	if ago := f.story.Year.To - f.story.Drop; ago < 120 || ago > 155 {
		t.Errorf("the fall was %d days ago", ago)
	}
	earlier := report(t, f, f.story.NPS, northwind.Span{From: f.story.Drop - 28, To: f.story.Drop})
	if earlier.Verdict.Kind == analysis.Fall {
		t.Errorf("it fell before: %s", earlier.Verdict.Text)
	}
}

func testGifts(t *testing.T, f filled) {
	r := report(t, f, f.story.NPS, f.story.Gifts)
	v := r.Verdict
	if v.Kind != analysis.Mixed || v.Mix == nil || v.Difference.Difference > -5 {
		t.Fatalf("the verdict is %q: %s", v.Kind, v.Text)
	}
	if v.Mix.Difference < -4 {
		t.Errorf("at the same mix the fall is still %.1f points", v.Mix.Difference)
	}
	before := report(t, f, f.story.NPS, northwind.Span{From: f.story.Gifts.From - 28, To: f.story.Gifts.From})
	for _, s := range r.Segments {
		for _, was := range before.Segments {
			if s.Value == was.Value && (*s.Low > *was.High || *s.High < *was.Low) {
				t.Errorf("%s moved from %.1f to %.1f", s.Value, *was.Score, *s.Score)
			}
		}
	}
}

func testOtherSurveys(t *testing.T, f filled) {
	to := f.story.Year.To
	for _, days := range []int{28, 90, 180} {
		if r := report(t, f, f.story.CSAT, northwind.Span{From: to - days, To: to}); r.Verdict.Kind != analysis.Normal {
			t.Errorf("the satisfaction over %d days: %s", days, r.Verdict.Text)
		}
	}
	r := report(t, f, f.story.CES, northwind.Span{From: to - 180, To: to})
	if r.Verdict.Difference.Difference < 3 || r.Verdict.Difference.P > 0.01 {
		t.Errorf("the effort over half a year: %s", r.Verdict.Text)
	}
}
