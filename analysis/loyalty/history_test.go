package loyalty

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/analysis/loyalty/survival"
	"github.com/harkhq/hark/analysis/loyalty/value"
)

func TestLifetime(t *testing.T) {
	t.Parallel()
	type did struct {
		kind Kind
		day  analysis.Day
	}
	shop := Watch{Basis: ByPurchase, Until: 1000, Lapse: 30}
	contract := Watch{Basis: ByContract, Until: 1000}
	left, staying := survival.Left, survival.Staying
	cases := []struct {
		name   string
		watch  Watch
		events []did
		ok     bool
		want   Stay
	}{
		{"nobody", shop, nil, false, Stay{}},
		{"never bought", shop, []did{{Active, 900}}, false, Stay{}},
		{"bought once, long ago", shop, []did{{Bought, 900}}, true, Stay{900, 30, left}},
		{"bought once, lately", shop, []did{{Bought, 970}}, true, Stay{970, 30, staying}},
		{"a lapse to the day", shop, []did{{Bought, 969}}, true, Stay{969, 30, left}},
		{"bought on", shop, []did{{Bought, 900}, {Bought, 930}, {Bought, 960}, {Bought, 980}}, true, Stay{900, 100, staying}},
		{"lapsed, and came back", shop, []did{{Bought, 900}, {Bought, 910}, {Bought, 990}}, true, Stay{900, 40, left}},
		{"active counts by activity", Watch{Basis: ByActivity, Until: 1000, Lapse: 30},
			[]did{{Bought, 950}, {Active, 975}}, true, Stay{950, 50, staying}},
		{"contract runs", contract, []did{{Started, 800}}, true, Stay{800, 200, staying}},
		{"contract ended", contract, []did{{Started, 800}, {Ended, 850}, {Started, 860}}, true, Stay{800, 50, left}},
		{"ended after now", contract, []did{{Started, 800}, {Ended, 1000}}, true, Stay{800, 200, staying}},
		{"ended without a start", contract, []did{{Ended, 850}}, false, Stay{}},
		{"the default lapse is a quarter", Watch{Basis: ByPurchase, Until: 1000}, []did{{Bought, 900}}, true, Stay{900, 90, left}},
	}
	for _, c := range cases {
		h := NewHistory(nil)
		for _, e := range c.events {
			event(t, h, e.kind, e.day, 0)
		}
		got, ok, err := h.Lifetime(c.watch)
		if err != nil || ok != c.ok || ok && got != c.want {
			t.Errorf("%s: %+v, %v, %v; want %+v", c.name, got, ok, err, c.want)
		}
	}
}

func TestAt(t *testing.T) {
	t.Parallel()
	h := NewHistory(nil)
	for _, e := range []struct {
		kind   Kind
		day    analysis.Day
		amount int64
	}{
		{Referred, 500, 0}, {Bought, 510, 100}, {Joined, 600, 0}, {Bought, 915, 30}, {Active, 915, 0},
		{Refunded, 920, 10}, {Bought, 980, 50}, {Parted, 1000, 0}, {Bought, 1001, 9},
	} {
		event(t, h, e.kind, e.day, e.amount)
	}
	if _, ok := h.At(500); ok {
		t.Error("known before the first event")
	}
	for day, want := range map[analysis.Day]Snapshot{
		505:  {Tenure: 5, Silence: 5},
		700:  {Member: true, Tenure: 200, Silence: 190, Ever: 1},
		1000: {Member: true, Tenure: 500, Silence: 20, Acts: 2, Orders: 2, Spent: 70, Ever: 3},
		1001: {Tenure: 501, Silence: 21, Acts: 2, Orders: 2, Spent: 70, Ever: 3},
	} {
		if got, _ := h.At(day); got != want {
			t.Errorf("at %d: %+v, want %+v", day, got, want)
		}
	}
}

func TestPurchasesOfAPerson(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		bought []int // days; below zero is a refund of 5 on that day
		ok     bool
		want   value.Customer
	}{
		{"never", nil, false, value.Customer{}},
		{"a refund alone", []int{-700}, false, value.Customer{}},
		{"once", []int{700}, true, value.Customer{Age: 100}},
		{"twice on one day", []int{700, 700}, true, value.Customer{Age: 100}},
		{"and again", []int{700, 714, 714, 770}, true, value.Customer{Repeat: 2, Recency: 10, Age: 100, Spend: 15}},
		{"given back", []int{700, 714, -720}, true, value.Customer{Repeat: 1, Recency: 2, Age: 100, Spend: 5}},
		{"the first given back is no repeat", []int{700, -700, 714}, true, value.Customer{Repeat: 1, Recency: 2, Age: 100, Spend: 10}},
		{"all given back", []int{700, 714, -720, -721, -722}, true, value.Customer{Repeat: 1, Recency: 2, Age: 100}},
	}
	for _, c := range cases {
		h := NewHistory(nil)
		for _, d := range c.bought {
			if d < 0 {
				event(t, h, Refunded, analysis.Day(-d), 5)
			} else {
				event(t, h, Bought, analysis.Day(d), 10)
			}
		}
		got, ok := h.Purchases(1400)
		if ok != c.ok || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", c.name, got, ok, c.want)
		}
		if err := new(value.Customers).Add(got); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

// TestHistoriesFitTheirUsers: whatever happened, what a history yields is taken.
func TestHistoriesFitTheirUsers(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		var customers value.Customers
		var group Group
		var lives survival.Lifetimes
		from := analysis.DateDay(2024, 1, 1)
		for _, h := range ledgerOf(t, histories().Draw(rt, "people")).All() {
			basis := rapid.SampledFrom([]Basis{ByPurchase, ByActivity, ByContract}).Draw(rt, "basis")
			if c, ok := h.Purchases(from); ok {
				if err := customers.Add(c); err != nil {
					rt.Fatal(err)
				}
			}
			if stay, ok, err := h.Lifetime(Watch{Basis: basis, Until: from}); err != nil {
				rt.Fatal(err)
			} else if ok {
				if err := lives.Add(stay.Days, stay.Outcome); err != nil {
					rt.Fatal(err)
				}
			}
			if err := group.Add(h, Span{Basis: basis, From: from, To: from + 90}); err != nil {
				rt.Fatal(err)
			}
			if f, ok, _ := h.Fate(Span{Basis: basis, From: from, To: from + 90}); ok && (f.Stay.Days < 0 || f.Stay.Days > 90) {
				rt.Fatalf("stay %+v", f.Stay)
			}
		}
	})
}

// BenchmarkLedger counts a million orders of 100,000 people over two years.
func BenchmarkLedger(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	start := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	names := make([]string, 100000)
	for i := range names {
		names[i] = fmt.Sprintf("0192f0c1-7a2b-7000-8000-%012d", i)
	}
	zone := golden.Must(time.LoadLocation("Europe/Berlin"))
	const events = 1e6
	b.ReportAllocs()
	for b.Loop() {
		l := NewLedger(zone)
		for i := range int(events) {
			at := start.Add(time.Duration(float64(i) / events * 730 * 24 * float64(time.Hour)))
			if err := l.Add(names[r.IntN(len(names))], Event{Kind: Bought, At: at, Amount: 1999}); err != nil {
				b.Fatal(err)
			}
		}
		f := Frame{Period: Weekly, Basis: ByPurchase, From: analysis.DateDay(2024, 1, 1), To: analysis.DateDay(2025, 1, 1)}
		if _, err := l.Tally(f); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkTally counts one person at a time, as events come person by person.
func BenchmarkTally(b *testing.B) {
	start := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	f := Frame{Period: Monthly, Basis: ByPurchase, From: analysis.DateDay(2024, 1, 1), To: analysis.DateDay(2025, 1, 1)}
	tally, h := golden.Must(NewTally(f)), NewHistory(nil)
	b.ReportAllocs()
	for b.Loop() {
		h.Reset()
		for i := range 10 {
			if err := h.Add(Event{Kind: Bought, At: start.AddDate(0, 2*i, i), Amount: 1999}); err != nil {
				b.Fatal(err)
			}
		}
		tally.Add(h)
	}
}
