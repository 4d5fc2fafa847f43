package loyalty

import (
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
)

// TestZone: the same second is another day, week, month and year elsewhere.
func TestZone(t *testing.T) {
	t.Parallel()
	at := time.Date(2024, 12, 31, 23, 30, 0, 0, time.UTC)
	shanghai := golden.Must(time.LoadLocation("Asia/Shanghai"))
	for _, period := range Periods() {
		for zone, want := range map[*time.Location][2]int64{time.UTC: {1, 0}, shanghai: {0, 1}} {
			f := Frame{Period: period, Basis: ByPurchase, From: analysis.DateDay(2024, 12, 1), To: analysis.DateDay(2025, 2, 1)}
			tally := golden.Must(NewTally(f))
			h := NewHistory(zone)
			if err := h.Add(Event{Kind: Bought, At: at}); err != nil {
				t.Fatal(err)
			}
			tally.Add(h)
			var got [2]int64
			for _, s := range tally.Steps() {
				if s.Start == period.Start(analysis.DateDay(2024, 12, 31)) {
					got[0] += s.Orders
				}
				if s.Start == period.Start(analysis.DateDay(2025, 1, 1)) {
					got[1] += s.Orders
				}
			}
			if period == Weekly { // Tuesday and Wednesday of one week
				want = [2]int64{1, 1}
			}
			if got != want {
				t.Errorf("%s in %s: %v, want %v", period, zone, got, want)
			}
		}
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	d := analysis.DateDay(2024, 8, 15)
	for period, want := range map[Period][2]string{
		Weekly: {"2024-08-12", "2024-08-19"}, Monthly: {"2024-08-01", "2024-09-01"},
		Quarterly: {"2024-07-01", "2024-10-01"}, Yearly: {"2024-01-01", "2025-01-01"},
	} {
		if got := [2]string{period.Start(d).String(), period.Next(d).String()}; got != want {
			t.Errorf("%s: %v, want %v", period, got, want)
		}
	}
}
