package surveys

import (
	"testing"
	"time"
)

func TestDigestIsNextDue(t *testing.T) {
	t.Parallel()
	at := func(text string) time.Time {
		moment, err := time.Parse(time.RFC3339, text)
		if err != nil {
			t.Fatal(err)
		}
		return moment
	}
	for _, c := range []struct {
		name  string
		pace  DigestPace
		hour  int
		zone  string
		after string
		want  string
	}{
		{"today, before the hour", DigestDaily, 8, "UTC", "2026-11-22T07:59:59Z", "2026-11-22T08:00:00Z"},
		{"the hour itself is over", DigestDaily, 8, "UTC", "2026-11-22T08:00:00Z", "2026-11-23T08:00:00Z"},
		{"a Monday, early", DigestWeekly, 8, "UTC", "2026-11-23T01:00:00Z", "2026-11-23T08:00:00Z"},
		{"a Monday, late", DigestWeekly, 8, "UTC", "2026-11-23T09:00:00Z", "2026-11-30T08:00:00Z"},
		{"a Sunday", DigestWeekly, 8, "UTC", "2026-11-22T23:00:00Z", "2026-11-23T08:00:00Z"},
		{"Sunday here is Monday in Tokyo", DigestWeekly, 8, "Asia/Tokyo", "2026-11-22T22:30:00Z", "2026-11-22T23:00:00Z"},
		{"Monday here is Sunday in Los Angeles", DigestWeekly, 8, "America/Los_Angeles", "2026-11-23T02:00:00Z", "2026-11-23T16:00:00Z"},
		{"the first, early", DigestMonthly, 8, "UTC", "2026-12-01T00:00:00Z", "2026-12-01T08:00:00Z"},
		{"the end of January", DigestMonthly, 8, "UTC", "2026-01-31T09:00:00Z", "2026-02-01T08:00:00Z"},
		{"over the year's end", DigestMonthly, 8, "UTC", "2026-12-01T08:00:00Z", "2027-01-01T08:00:00Z"},
		{"a leap February", DigestMonthly, 23, "UTC", "2028-02-02T00:00:00Z", "2028-03-01T23:00:00Z"},
		{"summer in Berlin", DigestDaily, 8, "Europe/Berlin", "2026-07-01T00:00:00Z", "2026-07-01T06:00:00Z"},
		{"winter in Berlin", DigestDaily, 8, "Europe/Berlin", "2026-12-01T00:00:00Z", "2026-12-01T07:00:00Z"},
		{"clocks go forward between", DigestWeekly, 8, "Europe/Berlin", "2026-03-23T08:00:00Z", "2026-03-30T06:00:00Z"},
		{"an hour that is skipped", DigestDaily, 2, "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z"},
		{"and the day after it", DigestDaily, 2, "Europe/Berlin", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"},
		{"an hour that comes twice", DigestDaily, 2, "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T01:00:00Z"},
		{"comes once", DigestDaily, 2, "Europe/Berlin", "2026-10-25T01:00:00Z", "2026-10-26T01:00:00Z"},
		{"midnight that is skipped", DigestDaily, 0, "America/Santiago", "2026-09-05T12:00:00Z", "2026-09-06T04:00:00Z"},
		{"a zone of 45 minutes", DigestDaily, 8, "Asia/Kathmandu", "2026-11-22T00:00:00Z", "2026-11-22T02:15:00Z"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.pace.Next(at(c.after), c.hour, zone); !got.Equal(at(c.want)) || got.Location() != time.UTC {
			t.Errorf("%s: %s, want %s", c.name, got.Format(time.RFC3339), c.want)
		}
	}
}

func TestDigestNeverStandsStill(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Pacific/Apia", "Africa/Casablanca"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, pace := range DigestPaces() {
			for hour := range 24 {
				at, count := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), 0
				for at.Year() == 2026 {
					next := pace.Next(at, hour, zone)
					if gap := next.Sub(at); count > 0 && (gap < 22*time.Hour || gap > time.Duration(pace.Days()+1)*25*time.Hour) {
						t.Fatalf("%s %s at %d: %s after %s", name, pace, hour, next, at)
					}
					at, count = next, count+1
				}
				if want := map[DigestPace]int{DigestDaily: 365, DigestWeekly: 52, DigestMonthly: 12}[pace]; count < want || count > want+2 {
					t.Errorf("%s %s at %d: %d in a year", name, pace, hour, count)
				}
			}
		}
	}
}

func TestDigestIsChecked(t *testing.T) {
	t.Parallel()
	good := NewDigest(User{WorkspaceID: "w", ID: "u"})
	for name, c := range map[string]struct {
		change func(*Digest)
		fields string
	}{
		"as it starts": {func(*Digest) {}, ""},
		"no pace":      {func(d *Digest) { d.Every = "" }, "every"},
		"hourly":       {func(d *Digest) { d.Every = "hourly" }, "every"},
		"hour 24":      {func(d *Digest) { d.Hour = 24 }, "hour"},
		"hour -1":      {func(d *Digest) { d.Hour = -1 }, "hour"},
		"too many":     {func(d *Digest) { d.Surveys = make([]string, MaxDigestSurveys+1) }, "surveys"},
	} {
		d := good
		c.change(&d)
		if err := d.Check(); (err == nil) != (c.fields == "") || err != nil && KindOf(err) != Invalid {
			t.Errorf("%s: %v, want %q", name, err, c.fields)
		}
	}
}

func TestDigestWants(t *testing.T) {
	t.Parallel()
	active, paused, archived := Survey{ID: "a", Status: SurveyActive}, Survey{ID: "p", Status: SurveyPaused}, Survey{ID: "x", Status: SurveyArchived}
	for name, c := range map[string]struct {
		chosen []string
		survey Survey
		want   bool
	}{
		"all, active": {nil, active, true}, "all, paused": {nil, paused, true}, "all, archived": {nil, archived, false},
		"chosen": {[]string{"a"}, active, true}, "not chosen": {[]string{"a"}, paused, false}, "chosen, archived": {[]string{"x"}, archived, false},
	} {
		if got := (Digest{Surveys: c.chosen}).Wants(c.survey); got != c.want {
			t.Errorf("%s: %t", name, got)
		}
	}
}
