package loyalty_test

import (
	"fmt"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/analysis/loyalty/survival"
)

// on is noon of a day of 2024.
func on(month time.Month, day int) time.Time {
	return time.Date(2024, month, day, 12, 0, 0, 0, time.UTC)
}

// months are the first n of 2024.
func months(n int) loyalty.Frame {
	return loyalty.Frame{
		Period: loyalty.Monthly, Basis: loyalty.ByPurchase, Least: 1,
		From: analysis.DateDay(2024, 1, 1), To: analysis.DateDay(2024, time.Month(n+1), 1),
	}
}

// shop is a ledger of three people: Ada buys each month, Bo in January and
// March, Cy in February.
func shop() *loyalty.Ledger {
	l := loyalty.NewLedger(time.UTC)
	for person, in := range map[string][]time.Month{"Ada": {1, 2, 3}, "Bo": {1, 3}, "Cy": {2}} {
		for _, month := range in {
			_ = l.Add(person, loyalty.Event{Kind: loyalty.Bought, At: on(month, 10), Amount: 2500})
		}
	}
	return l
}

func ExampleRetention() {
	r, _ := loyalty.Retention(200, 190, 30, 0.95)
	fmt.Printf("%.0f %% (%.0f to %.0f), %d of %d\n", *r.Value, *r.Low, *r.High, r.N, r.Of)
	_, err := loyalty.Retention(200, 240, 30, 0.95)
	fmt.Println(err)
	// Output:
	// 80 % (74 to 85), 160 of 200
	// analysis: end: 210 kept is more than the 200 at the start: gained lacks those who came back
}

func ExampleChurn() {
	r, _ := loyalty.Churn(200, 190, 30, 0.95)
	fmt.Printf("%.0f %% (%.0f to %.0f), %d of %d", *r.Value, *r.Low, *r.High, r.N, r.Of)
	// Output: 20 % (15 to 26), 40 of 200
}

func ExampleKinds() {
	fmt.Println(len(loyalty.Kinds()), loyalty.Kinds()[0])
	// Output: 13 referred
}

func ExampleNewHistory() {
	berlin, _ := time.LoadLocation("Europe/Berlin")
	h := loyalty.NewHistory(berlin)
	_ = h.Add(loyalty.Event{Kind: loyalty.Bought, At: time.Date(2024, 3, 31, 22, 30, 0, 0, time.UTC)})
	s, _ := h.At(analysis.DateDay(2024, 4, 2))
	fmt.Println(s.Tenure) // in Berlin it was April
	// Output: 1
}

func ExampleHistory_Add() {
	h := loyalty.NewHistory(nil)
	fmt.Println(h.Add(loyalty.Event{Kind: loyalty.Bought, At: on(3, 1), Amount: -5}))
	// Output: analysis: amount: -5 of bought is not between 0 and 10¹¹
}

func ExampleHistory_Merge() {
	h, more := loyalty.NewHistory(nil), loyalty.NewHistory(nil)
	_ = h.Add(loyalty.Event{Kind: loyalty.Bought, At: on(3, 1)})
	_ = more.Add(loyalty.Event{Kind: loyalty.Bought, At: on(1, 1)})
	h.Merge(more)
	s, _ := h.At(analysis.DateDay(2024, 3, 2))
	fmt.Println(s.Ever, s.Tenure)
	// Output: 2 61
}

func ExampleHistory_Reset() {
	tally, _ := loyalty.NewTally(months(1))
	h := loyalty.NewHistory(nil)
	for range 3 { // people read one after the other
		h.Reset()
		_ = h.Add(loyalty.Event{Kind: loyalty.Bought, At: on(1, 7)})
		tally.Add(h)
	}
	fmt.Println(tally.Purchases().Customers)
	// Output: 3
}

func ExampleHistory_At() {
	h := loyalty.NewHistory(nil)
	_ = h.Add(loyalty.Event{Kind: loyalty.Joined, At: on(1, 1)})
	_ = h.Add(loyalty.Event{Kind: loyalty.Bought, At: on(2, 1), Amount: 900})
	s, _ := h.At(analysis.DateDay(2024, 3, 1))
	fmt.Printf("%+v", s)
	// Output: {Member:true Tenure:60 Silence:29 Acts:1 Orders:1 Spent:900 Ever:1}
}

func ExampleHistory_Fate() {
	h := loyalty.NewHistory(nil)
	_ = h.Add(loyalty.Event{Kind: loyalty.Started, At: on(1, 1), Amount: 900})
	_ = h.Add(loyalty.Event{Kind: loyalty.Ended, At: on(5, 1)})
	span := loyalty.Span{Basis: loyalty.ByContract, From: analysis.DateDay(2024, 4, 1), To: analysis.DateDay(2024, 7, 1)}
	f, followed, _ := h.Fate(span)
	fmt.Println(followed, f.Kept, f.Stay.Days)
	// Output: true false 30
}

func ExampleHistory_Lifetime() {
	h := loyalty.NewHistory(nil)
	_ = h.Add(loyalty.Event{Kind: loyalty.Bought, At: on(1, 1)})
	_ = h.Add(loyalty.Event{Kind: loyalty.Bought, At: on(2, 1)})
	stay, _, _ := h.Lifetime(loyalty.Watch{Basis: loyalty.ByPurchase, Until: analysis.DateDay(2024, 7, 1)})
	fmt.Println(stay.Days, stay.Outcome == survival.Left) // 31 days, and 90 of silence
	// Output: 121 true
}

func ExampleHistory_Purchases() {
	h := loyalty.NewHistory(nil)
	for _, day := range []int{1, 15, 29} {
		_ = h.Add(loyalty.Event{Kind: loyalty.Bought, At: on(1, day), Amount: 2000})
	}
	c, _ := h.Purchases(analysis.DateDay(2024, 2, 5))
	fmt.Printf("%+v", c) // in weeks
	// Output: {Repeat:2 Recency:4 Age:5 Spend:2000}
}

func ExampleNewLedger() {
	fmt.Println(shop().Len())
	// Output: 3
}

func ExampleLedger_Add() {
	l := loyalty.NewLedger(nil)
	fmt.Println(l.Add("Ada", loyalty.Event{Kind: loyalty.Active, At: on(1, 1)}), l.Len())
	// Output: <nil> 1
}

func ExampleLedger_Merge() {
	l := shop()
	more := loyalty.NewLedger(nil)
	_ = more.Add("Cy", loyalty.Event{Kind: loyalty.Bought, At: on(3, 3)})
	l.Merge(more)
	t, _ := l.Tally(months(3))
	fmt.Println(l.Len(), t.Purchases().Repeat)
	// Output: 3 3
}

func ExampleLedger_Len() {
	fmt.Println(loyalty.NewLedger(nil).Len())
	// Output: 0
}

func ExampleLedger_All() {
	var repeat int64
	for _, h := range shop().All() {
		c, _ := h.Purchases(analysis.DateDay(2024, 4, 1))
		repeat += c.Repeat
	}
	fmt.Println(repeat)
	// Output: 3
}

func ExampleLedger_Tally() {
	t, _ := shop().Tally(months(3))
	for _, s := range t.Steps() {
		fmt.Printf("%s: %d customers; of %d before, %d kept; %d new, %d returned\n", s.Start, s.End(), s.Customers, s.Kept, s.New, s.Returned)
	}
	// Output:
	// 2024-01-01: 2 customers; of 0 before, 0 kept; 2 new, 0 returned
	// 2024-02-01: 2 customers; of 2 before, 1 kept; 1 new, 0 returned
	// 2024-03-01: 2 customers; of 2 before, 1 kept; 0 new, 1 returned
}

func ExampleNewTally() {
	_, err := loyalty.NewTally(loyalty.Frame{Period: "day"})
	fmt.Println(err)
	// Output: analysis: period: "day" is not one of [week month quarter year]
}

func ExampleTally_Add() {
	t, _ := loyalty.NewTally(months(1))
	t.Add(loyalty.NewHistory(nil)) // nothing is known of them
	fmt.Println(t.Purchases().Customers)
	// Output: 0
}

func ExampleTally_Merge() {
	a, _ := shop().Tally(months(3))
	b, _ := shop().Tally(months(3)) // other people, that happen to do the same
	err := a.Merge(b)
	fmt.Println(err, a.Purchases().Orders)
	// Output: <nil> 12
}

func ExampleTally_Steps() {
	t, _ := shop().Tally(months(3))
	fmt.Println(t.Steps()[1].Revenue)
	// Output: 5000
}

func ExampleStep_End() {
	fmt.Println(loyalty.Step{Kept: 5, New: 2, Returned: 1}.End())
	// Output: 8
}

func ExampleTally_Series() {
	t, _ := shop().Tally(months(3))
	points, _ := t.Series(loyalty.RetentionRate)
	for _, p := range points {
		if p.Value == nil {
			fmt.Println(p.Start, "nobody to keep")
			continue
		}
		fmt.Printf("%s %.0f %%, %d of %d\n", p.Start, *p.Value, p.N, p.Of)
	}
	// Output:
	// 2024-01-01 nobody to keep
	// 2024-02-01 50 %, 1 of 2
	// 2024-03-01 50 %, 1 of 2
}

func ExampleTally_Cohorts() {
	t, _ := shop().Tally(months(3))
	for _, cell := range t.Cohorts()[0].Cells {
		fmt.Printf("%d months on: %.0f %%\n", cell.Offset, *cell.Value)
	}
	// Output:
	// 0 months on: 100 %
	// 1 months on: 50 %
	// 2 months on: 100 %
}

func ExampleTally_Purchases() {
	t, _ := shop().Tally(months(3))
	fmt.Printf("%+v", t.Purchases())
	// Output: {Customers:3 Repeat:2 Orders:6 Revenue:15000}
}

func ExampleTally_RepeatRate() {
	t, _ := shop().Tally(months(3))
	r := t.RepeatRate()
	fmt.Printf("%.0f %%, %d of %d", *r.Value, r.N, r.Of)
	// Output: 67 %, 2 of 3
}

func ExamplePurchases_AverageOrder() {
	average, ok := loyalty.Purchases{Orders: 4, Revenue: 10000}.AverageOrder()
	fmt.Println(average, ok)
	// Output: 2500 true
}

func ExamplePurchases_Frequency() {
	_, ok := loyalty.Purchases{}.Frequency()
	fmt.Println(ok)
	// Output: false
}

func ExampleRates() {
	fmt.Println(loyalty.Rates()[:3])
	// Output: [retention churn gross_churn]
}

func ExamplePeriods() {
	fmt.Println(loyalty.Periods())
	// Output: [week month quarter year]
}

func ExamplePeriod_Valid() {
	fmt.Println(loyalty.Yearly.Valid(), loyalty.Period("day").Valid())
	// Output: true false
}

func ExamplePeriod_Start() {
	fmt.Println(loyalty.Yearly.Start(analysis.DateDay(2024, 8, 15)))
	// Output: 2024-01-01
}

func ExamplePeriod_Next() {
	fmt.Println(loyalty.Quarterly.Next(analysis.DateDay(2024, 8, 15)))
	// Output: 2024-10-01
}

func ExampleBasis_Valid() {
	fmt.Println(loyalty.ByContract.Valid(), loyalty.Basis("").Valid())
	// Output: true false
}
