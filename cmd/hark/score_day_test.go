package main

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys/table"
)

// TestCalendarRemembersRightly: whatever was read before, a cell's day and
// whether it is refused are as if it were read anew.
func TestCalendarRemembersRightly(t *testing.T) {
	t.Parallel()
	var zones []*time.Location
	for _, name := range []string{"UTC", "Europe/Berlin", "America/Los_Angeles", "Pacific/Apia", "Asia/Kolkata", "America/Sao_Paulo"} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		zones = append(zones, zone)
	}
	rapid.Check(t, func(t *rapid.T) {
		dates := table.Dates{Form: table.YearFirst, Zone: rapid.SampledFrom(zones).Draw(t, "zone")}
		known := newCalendar(dates)
		for range 20 {
			cell := fmt.Sprintf("%s%s%s%s",
				rapid.SampledFrom([]string{"2011-12-30", "2018-11-04", "2026-02-28", "2026-02-30", "2026-13-01", "2026-2-28", "2026/02/28", "20260228", "0000-00-00", "2026-02-2x"}).Draw(t, "date"),
				rapid.SampledFrom([]string{"", "T", " ", "  "}).Draw(t, "between"),
				rapid.SampledFrom([]string{"", "00:00:00", "23:59:59", "24:00:00", "12:60:00", "12:00:60", "12:00:61", "1x:00:00", "12.00.00", "12:30", "9:05:00"}).Draw(t, "clock"),
				rapid.SampledFrom([]string{"", "Z", "z", "+05:30", "-0800", ".5", "Z "}).Draw(t, "zone of the cell"))
			got, err := known.day(cell)
			at, wantErr := dates.Parse(cell)
			if (err == nil) != (wantErr == nil) || err == nil && got != analysis.DayOf(at, dates.Zone) {
				t.Fatalf("%q in %s: %s, %v; want %s, %v", cell, dates.Zone, got, err, at, wantErr)
			}
		}
	})
}
