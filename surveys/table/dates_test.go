package table

import (
	"strings"
	"testing"
	"time"
)

func TestParseDates(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	havana, err := time.LoadLocation("America/Havana")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		cell string
		form DateForm
		zone *time.Location
		want string // RFC 3339 in UTC, or part of the error
	}{
		{"2026-03-01", YearFirst, time.UTC, "2026-03-01T00:00:00Z"},
		{" 2026-3-1 ", YearFirst, time.UTC, "2026-03-01T00:00:00Z"},
		{"2026/03/01 14:30", YearFirst, time.UTC, "2026-03-01T14:30:00Z"},
		{"2026.03.01", YearFirst, time.UTC, "2026-03-01T00:00:00Z"},
		{"20260301", YearFirst, time.UTC, "2026-03-01T00:00:00Z"},
		{"20260301T143000Z", YearFirst, time.UTC, "is not a date"},
		{"2026年3月1日", YearFirst, time.UTC, "2026-03-01T00:00:00Z"},
		{"2026年3月1日 14:30", YearFirst, time.UTC, "2026-03-01T14:30:00Z"},
		{"2026-03-01T14:30:05Z", YearFirst, berlin, "2026-03-01T14:30:05Z"},
		{"2026-03-01T14:30:05.25+02:00", YearFirst, time.UTC, "2026-03-01T12:30:05.25Z"},
		{"2026-03-01 14:30:05 -0530", YearFirst, time.UTC, "2026-03-01T20:00:05Z"},
		{"2026-03-01 14:30:05 UTC", YearFirst, berlin, "2026-03-01T14:30:05Z"},
		{"2026-03-01 14:30", YearFirst, berlin, "2026-03-01T13:30:00Z"},
		{"2026-07-01 00:10", YearFirst, berlin, "2026-06-30T22:10:00Z"},
		{"2026-03-08", YearFirst, havana, "2026-03-08T05:00:00Z"}, // clocks skip from 00:00 to 01:00
		{"2026-02-30", YearFirst, time.UTC, "does not exist"},
		{"2026-13-01", YearFirst, time.UTC, "does not exist"},
		{"2026-03-01 25:00", YearFirst, time.UTC, "does not exist"},
		{"31/03/2026", DayFirst, time.UTC, "2026-03-31T00:00:00Z"},
		{"1.3.26 9:05", DayFirst, time.UTC, "2026-03-01T09:05:00Z"},
		{"01-03-2026", DayFirst, time.UTC, "2026-03-01T00:00:00Z"},
		{"03/31/2026 12:05 AM", MonthFirst, time.UTC, "2026-03-31T00:05:00Z"},
		{"3/1/2026, 2:30:10 PM", MonthFirst, time.UTC, "2026-03-01T14:30:10Z"},
		{"03/31/2026", DayFirst, time.UTC, "one file must write its dates in one way"},
		{"31/03/2026", MonthFirst, time.UTC, "one file must write its dates in one way"},
		{"2026-03-01", DayFirst, time.UTC, "is not written day first, like 31/03/2026 as on line 7"},
		{"1772323200", YearFirst, time.UTC, "is not written year first"},
		{"1772323200", UnixSeconds, berlin, "2026-03-01T00:00:00Z"},
		{"1772323200.5", UnixSeconds, time.UTC, "2026-03-01T00:00:00.5Z"},
		{"1772323200000", UnixMillis, time.UTC, "2026-03-01T00:00:00Z"},
		{"1 Mar 2026", MonthName, time.UTC, "2026-03-01T00:00:00Z"},
		{"1st March 2026 10:00", MonthName, time.UTC, "2026-03-01T10:00:00Z"},
		{"01-Mar-26", MonthName, time.UTC, "2026-03-01T00:00:00Z"},
		{"March 1, 2026 3:04 PM", MonthName, time.UTC, "2026-03-01T15:04:00Z"},
		{"Sept 1 2026", MonthName, time.UTC, "2026-09-01T00:00:00Z"},
		{"Sun, 01 Mar 2026 10:00:00 GMT", MonthName, time.UTC, "2026-03-01T10:00:00Z"},
		{"", YearFirst, time.UTC, "is empty"},
		{"yesterday", YearFirst, time.UTC, `"yesterday" is not a date that Hark can read`},
		{"2026-03", YearFirst, time.UTC, "is not a date"},
		{"46112", YearFirst, time.UTC, `"46112" looks like a day as Excel counts them, 31 March 2026`},
		{"46112.75", DayFirst, time.UTC, "as Excel counts them, 31 March 2026"},
		{"39999", YearFirst, time.UTC, "is not a date"},
		{"12", YearFirst, time.UTC, "is not a date"},
		{"99999999999999999999", YearFirst, time.UTC, "is not a date"},
		{"2026-03-01 14:30 PST", YearFirst, time.UTC, "is not a date"},
	} {
		t.Run(test.cell+" as "+string(test.form), func(t *testing.T) {
			t.Parallel()
			at, err := Dates{Form: test.form, Zone: test.zone, Decided: 7}.Parse(test.cell)
			got := at.UTC().Format(time.RFC3339Nano)
			if err != nil {
				got = err.Error()
			}
			if got != test.want && (err == nil || !strings.Contains(got, test.want)) {
				t.Errorf("%s, want %s", got, test.want)
			}
		})
	}
}

func TestFindDates(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		cells []string
		form  DateForm
		line  int
		err   string
	}{
		{"ISO", []string{"2026-03-01"}, YearFirst, 2, ""},
		{"unix", []string{"", "1772323200"}, UnixSeconds, 3, ""},
		{"milliseconds", []string{"1772323200000"}, UnixMillis, 2, ""},
		{"names", []string{"Mar 1 2026"}, MonthName, 2, ""},
		{"the third date tells day first", []string{"01/02/2026", "03/04/2026", "13/04/2026"}, DayFirst, 4, ""},
		{"the second date tells month first", []string{"01/02/2026", "04/13/2026"}, MonthFirst, 3, ""},
		{"dots are day first", []string{"01.02.2026"}, DayFirst, 2, ""},
		{"the same day in both orders", []string{"01/01/2026", "02/02/2026"}, DayFirst, 3, ""},
		{"nothing tells", []string{"01/01/2026", "01/02/2026", "03/04/2026"}, "", 0,
			`"01/02/2026" (line 3, column "date") may be 1 February 2026 or 2 January 2026, and no other date in the file tells: say --date-format dmy or --date-format mdy`},
		{"no date", []string{"x", "y"}, YearFirst, 0, ""},
		{"rows that cannot be read are passed over", []string{"1,2", "13/01/2026"}, DayFirst, 3, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := Open(strings.NewReader("n,date\n1,"+strings.Join(test.cells, "\n1,")+"\n"), Options{Delimiter: ','})
			if err != nil {
				t.Fatal(err)
			}
			form, line, err := FindDates(r, 1)
			if test.err != "" {
				if err == nil || err.Error() != test.err {
					t.Fatalf("error %v, want %s", err, test.err)
				}
				return
			}
			if err != nil || form != test.form || line != test.line {
				t.Errorf("%s of line %d, %v; want %s of line %d", form, line, err, test.form, test.line)
			}
		})
	}
}

func TestParseDateForm(t *testing.T) {
	t.Parallel()
	for _, form := range DateForms() {
		if got, err := ParseDateForm(string(form)); err != nil || got != form {
			t.Errorf("%s is read as %s, %v", form, got, err)
		}
	}
	if _, err := ParseDateForm("d/m/y"); err == nil || !strings.Contains(err.Error(), "[ymd dmy mdy") {
		t.Errorf("error %v, want the list of forms", err)
	}
}

func FuzzDates(f *testing.F) {
	for _, seed := range []string{"2026-03-01", "1/2/26 3:04 PM", "Mar", "1772323200.", "年", "2026-03-01T10:00:00+14:00"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		for _, form := range DateForms() {
			at, err := Dates{Form: form, Zone: time.UTC}.Parse(cell)
			if err == nil && (at.Year() < 1 || at.Year() > 9999) && form != UnixSeconds && form != UnixMillis {
				t.Errorf("%q as %s is %s", cell, form, at)
			}
		}
	})
}

// The first date that tells decides, and every later one must agree.
func TestOneFileWritesItsDatesInOneWay(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		cells []string
		want  []string // what each is read as, or part of its error
	}{
		{"day first", []string{"01/02/2026", "13/02/2026"}, []string{"2026-02-01", "2026-02-13"}},
		{"month first", []string{"01/02/2026", "02/13/2026"}, []string{"2026-01-02", "2026-02-13"}},
		{"RFC 3339", []string{"2026-02-01T10:00:00Z", "2026-02-01T23:30:00-05:00"}, []string{"2026-02-01", "2026-02-02"}},
		{"both orders", []string{"13/02/2026", "02/13/2026"}, []string{"2026-02-13", "is not written day first, like 31/03/2026 as on line 2"}},
		{"ISO, then slashes", []string{"2026-02-01", "13/02/2026"}, []string{"2026-02-01", "is not written year first, like 2026-03-31 as on line 2"}},
		{"seconds, then milliseconds", []string{"1772323200", "1772323200000"}, []string{"2026-03-01", "is not written in seconds since 1970, like 1772323200 as on line 2"}},
		{"milliseconds, then a name", []string{"1772323200000", "1 Mar 2026"}, []string{"2026-03-01", "is not written in milliseconds since 1970"}},
		{"names, then ISO", []string{"1 Mar 2026", "2026-03-01"}, []string{"2026-03-01", "is not written with the month's name, like 31 Mar 2026 as on line 2"}},
		{"what is no date does not decide", []string{"N/A", "13/02/2026"}, []string{`"N/A" is not a date`, "2026-02-13"}},
		{"a day in neither order does not decide", []string{"13/13/2026", "02/13/2026"}, []string{"does not exist", "2026-02-13"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r, err := Open(strings.NewReader("n,date\n1,"+strings.Join(test.cells, "\n1,")+"\n"), Options{Delimiter: ','})
			if err != nil {
				t.Fatal(err)
			}
			form, line, err := FindDates(r, 1)
			if err != nil {
				t.Fatal(err)
			}
			for i, cell := range test.cells {
				at, err := Dates{Form: form, Zone: time.UTC, Decided: line}.Parse(cell)
				got := at.Format(time.DateOnly)
				if err != nil {
					got = err.Error()
				}
				if got != test.want[i] && (err == nil || !strings.Contains(got, test.want[i])) {
					t.Errorf("%q is %s, want %s", cell, got, test.want[i])
				}
			}
		})
	}
}
