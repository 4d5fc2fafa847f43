package loyalty

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
)

// did is an event of a test by month of 2024 and day.
type did struct {
	kind       Kind
	month, day int
	amount     int64
}

// tallyOf counts people, each a list of events, over the first months of 2024.
func tallyOf(t testing.TB, basis Basis, months int, people ...[]did) *Tally {
	t.Helper()
	tally := golden.Must(NewTally(Frame{
		Period: Monthly, Basis: basis, Least: 1,
		From: analysis.DateDay(2024, 1, 1), To: analysis.DateDay(2024, time.Month(1+months), 1),
	}))
	h := NewHistory(nil)
	for _, events := range people {
		h.Reset()
		for _, e := range events {
			event(t, h, e.kind, analysis.DateDay(2024, time.Month(e.month), e.day), e.amount)
		}
		tally.Add(h)
	}
	return tally
}

// rateOf is the value of a rate in a month from 0; NaN where there is none.
func rateOf(t testing.TB, tally *Tally, rate Rate, month int) float64 {
	t.Helper()
	p := golden.Must(tally.Series(rate))[month]
	if p.Value == nil {
		return math.NaN()
	}
	return *p.Value
}

// TestContracts: five customers in January; by the end of February one has left,
// one pays more, one less, one has left and come back, one is as before; and one
// is new.
func TestContracts(t *testing.T) {
	t.Parallel()
	tally := tallyOf(t, ByContract, 3,
		[]did{{Started, 1, 2, 100}, {Ended, 2, 10, 0}, {Started, 3, 1, 80}},
		[]did{{Started, 1, 3, 100}, {Changed, 2, 3, 150}},
		[]did{{Started, 1, 4, 100}, {Changed, 2, 20, 70}},
		[]did{{Started, 1, 5, 100}, {Ended, 2, 5, 0}, {Started, 2, 25, 100}},
		[]did{{Started, 1, 6, 100}, {Renewed, 2, 6, 0}},
		[]did{{Started, 2, 7, 40}},
		[]did{{Started, 2, 1, 500}, {Ended, 2, 8, 0}}, // never there at a month's end
	)
	got := tally.Steps()[1]
	want := Step{
		Start: analysis.DateDay(2024, 2, 1), Customers: 5, Kept: 4, New: 1,
		Amount: 500, Lost: 100, Contracted: 30, Expanded: 50, Gained: 40,
		Decided: 4, Renewed: 1, Acting: 6, Engaged: 0,
	}
	if got != want {
		t.Errorf("February\n got %+v\nwant %+v", got, want)
	}
	for _, c := range []struct {
		rate  Rate
		month int
		want  float64
	}{
		{RetentionRate, 1, 80}, {ChurnRate, 1, 20}, {Lifespan, 1, 5},
		{GrossChurn, 1, 26}, {NetChurn, 1, 16}, {RenewalRate, 1, 25},
		{RetentionRate, 2, 100},
	} {
		golden.Near(t, string(c.rate), rateOf(t, tally, c.rate, c.month), c.want, 1e-9)
	}
	for _, rate := range []Rate{RetentionRate, ChurnRate, NetChurn, Lifespan} {
		if v := rateOf(t, tally, rate, 0); !math.IsNaN(v) {
			t.Errorf("%s of nobody is %v", rate, v)
		}
	}
	if v := golden.Must(tally.Series(Lifespan))[2]; v.Value != nil || v.High != nil || v.Low == nil {
		t.Errorf("where nobody left the lifespan is %+v", v)
	}
	if march := tally.Steps()[2]; march.Returned != 1 || march.New != 0 {
		t.Errorf("March %+v: who came back is new", march)
	}
	// Seven contracts started; that which was never there at a month's end is of
	// February's cohort, and lowers its offset 0.
	cohort := tally.Cohorts()[1]
	if cohort.Size != 2 || cohort.Cells[0].N != 1 || cohort.Cells[1].N != 1 {
		t.Errorf("cohort %+v", cohort)
	}
}

// TestNegativeNetChurn: who stays brings more than who left took away.
func TestNegativeNetChurn(t *testing.T) {
	t.Parallel()
	tally := tallyOf(t, ByContract, 2,
		[]did{{Started, 1, 2, 100}, {Ended, 2, 10, 0}},
		[]did{{Started, 1, 3, 100}, {Changed, 2, 3, 240}},
	)
	golden.Near(t, "net churn", rateOf(t, tally, NetChurn, 1), -20, 1e-12)
	golden.Near(t, "gross churn", rateOf(t, tally, GrossChurn, 1), 50, 1e-12)
	p := golden.Must(tally.Series(NetChurn))[1]
	if p.N != -40 || p.Of != 200 || p.People != 2 || p.Low != nil {
		t.Errorf("%+v: amounts have no Wilson interval", p)
	}
}

// TestDeeds: the rates of a programme and of referrals.
func TestDeeds(t *testing.T) {
	t.Parallel()
	tally := tallyOf(t, ByPurchase, 2,
		[]did{{Joined, 1, 1, 0}, {Issued, 1, 1, 50}, {Bought, 1, 5, 10}, {Bought, 1, 9, 10}, {Recommended, 1, 9, 0},
			{Redeemed, 2, 1, 30}, {Issued, 2, 2, 20}},
		[]did{{Referred, 1, 9, 0}, {Bought, 1, 10, 10}, {Joined, 2, 1, 0}, {Parted, 2, 20, 0}},
		[]did{{Joined, 1, 3, 0}, {Active, 2, 4, 0}},
		[]did{{Bought, 1, 30, 10}, {Refunded, 2, 1, 4}},
	)
	for _, c := range []struct {
		rate  Rate
		month int
		n, of int64
	}{
		{Participation, 0, 1, 2}, {Participation, 1, 2, 3},
		{Engagement, 0, 1, 3}, {Engagement, 1, 0, 2},
		{Recommending, 0, 1, 3}, {ReferralRate, 0, 1, 3},
		{Redemption, 0, 0, 50}, {Redemption, 1, 30, 20},
		{RepeatRate, 0, 1, 3}, {RepeatRate, 1, 0, 0},
		{RenewalRate, 0, 0, 0},
	} {
		p := golden.Must(tally.Series(c.rate))[c.month]
		if p.N != c.n || p.Of != c.of || (p.Value == nil) != (c.of == 0) {
			t.Errorf("%s in month %d: %d of %d, want %d of %d", c.rate, c.month, p.N, p.Of, c.n, c.of)
		}
	}
	if p := tally.Purchases(); p != (Purchases{Customers: 3, Repeat: 1, Orders: 4, Revenue: 36}) {
		t.Errorf("purchases %+v", p)
	}
}

func TestFewPeopleAreHidden(t *testing.T) {
	t.Parallel()
	people := [][]did{}
	for range 4 {
		people = append(people, []did{{Bought, 1, 5, 10}, {Bought, 1, 6, 10}})
	}
	tally := tallyOf(t, ByPurchase, 2, people...)
	tally.frame.Least = 5
	for _, rate := range Rates() {
		for i, p := range golden.Must(tally.Series(rate)) {
			if p.Value != nil || p.Low != nil || p.High != nil || p.N != 0 {
				t.Errorf("%s in month %d of four people is %+v", rate, i, p)
			}
		}
	}
	if cell := tally.Cohorts()[0].Cells[1]; !cell.Hidden || cell.Value != nil {
		t.Errorf("cell %+v", cell)
	}
}

func TestStepsThatAreNotOver(t *testing.T) {
	t.Parallel()
	f := year()
	f.To = analysis.DateDay(2024, 3, 15)
	h := NewHistory(nil)
	event(t, h, Bought, analysis.DateDay(2024, 2, 3), 1)
	event(t, h, Bought, analysis.DateDay(2024, 3, 3), 1)
	event(t, h, Bought, analysis.DateDay(2024, 3, 15), 1) // the day is not over
	tally := golden.Must(NewTally(f))
	tally.Add(h)
	steps := tally.Steps()
	if len(steps) != 3 || steps[1].Partial || !steps[2].Partial || steps[2].Orders != 1 {
		t.Errorf("%+v", steps)
	}
	cells := tally.Cohorts()[1].Cells
	if len(cells) != 2 || cells[0].Partial || !cells[1].Partial {
		t.Errorf("cells %+v", cells)
	}
	if points := golden.Must(tally.Series(RetentionRate)); !points[2].Partial {
		t.Errorf("points %+v", points)
	}
}

// histories draws the events of some people over two years.
func histories() *rapid.Generator[map[string][]Event] {
	one := rapid.Custom(func(t *rapid.T) Event {
		return Event{
			Kind:   rapid.SampledFrom(Kinds()).Draw(t, "kind"),
			At:     time.Date(2023, 7, 1, 0, 0, rapid.IntRange(0, 600*86400).Draw(t, "second"), 0, time.UTC),
			Amount: rapid.Int64Range(0, 500).Draw(t, "amount"),
		}
	})
	return rapid.Custom(func(t *rapid.T) map[string][]Event {
		people := map[string][]Event{}
		for i := range rapid.IntRange(1, 12).Draw(t, "people") {
			people[fmt.Sprint(i)] = rapid.SliceOfN(one, 0, 12).Draw(t, "events")
		}
		return people
	})
}

func ledgerOf(t testing.TB, people map[string][]Event) *Ledger {
	t.Helper()
	l := NewLedger(time.UTC)
	for person, events := range people {
		for _, e := range events {
			if err := l.Add(person, e); err != nil {
				t.Fatal(err)
			}
		}
	}
	return l
}

// TestTallyHolds checks what must be true of any events.
func TestTallyHolds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		f := year()
		f.Basis = rapid.SampledFrom([]Basis{ByPurchase, ByActivity, ByContract}).Draw(rt, "basis")
		f.Period = rapid.SampledFrom(Periods()).Draw(rt, "period")
		tally := golden.Must(ledgerOf(t, histories().Draw(rt, "people")).Tally(f))
		steps := tally.Steps()
		for i, s := range steps {
			if i > 0 && s.Customers != steps[i-1].End() {
				rt.Fatalf("step %d begins with %d customers, the one before ended with %d", i, s.Customers, steps[i-1].End())
			}
			if s.Kept > s.Customers || s.Renewed > s.Decided || s.Repeat > s.Buyers || s.Engaged > s.Acting ||
				s.Recommending > s.Acting || s.Taking > s.Members || s.ReferredNew > s.New || s.Buyers > s.Orders {
				rt.Fatalf("a part is more than its whole: %+v", s)
			}
			kept, lost := rateOf(t, tally, RetentionRate, i), rateOf(t, tally, ChurnRate, i)
			if s.Customers > 0 {
				golden.Near(t, "retention + churn", kept+lost, 100, 1e-9)
			} else if !math.IsNaN(kept) || !math.IsNaN(lost) {
				rt.Fatalf("%v and %v of nobody", kept, lost)
			}
			if f.Basis == ByContract && i > 0 {
				before := steps[i-1]
				now := s.Amount - s.Lost - s.Contracted + s.Expanded + s.Gained
				if i+1 < len(steps) && now != steps[i+1].Amount {
					rt.Fatalf("amounts do not carry over: %+v, %+v, %+v", before, s, steps[i+1])
				}
			}
		}
		for b, c := range tally.Cohorts() {
			for k, cell := range c.Cells {
				if cell.N > c.Size || k == 0 && f.Basis != ByContract && cell.N != c.Size {
					rt.Fatalf("cohort %d: %+v of %d", b, cell, c.Size)
				}
			}
		}
	})
}

func TestOrderAndPartsDoNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		people := histories().Draw(rt, "people")
		f := year()
		f.Basis = rapid.SampledFrom([]Basis{ByPurchase, ByActivity, ByContract}).Draw(rt, "basis")
		want := golden.Must(ledgerOf(t, people).Tally(f))

		// The events in another order, and cut into two ledgers however it comes.
		type of struct {
			person string
			e      Event
		}
		var all []of
		for person, events := range people {
			for _, e := range events {
				all = append(all, of{person, e})
			}
		}
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		halves := [2]*Ledger{NewLedger(time.UTC), NewLedger(time.UTC)}
		for _, o := range all {
			if err := halves[r.IntN(2)].Add(o.person, o.e); err != nil {
				rt.Fatal(err)
			}
		}
		halves[0].Merge(halves[1])
		if got := golden.Must(halves[0].Tally(f)); !reflect.DeepEqual(got, want) {
			rt.Fatalf("merged ledgers\n got %+v\nwant %+v", got, want)
		}

		// The people cut into two tallies.
		parts := [2]*Tally{golden.Must(NewTally(f)), golden.Must(NewTally(f))}
		for _, h := range halves[0].All() {
			parts[r.IntN(2)].Add(h)
		}
		if err := parts[1].Merge(parts[0]); err != nil {
			rt.Fatal(err)
		}
		if !reflect.DeepEqual(parts[1], want) {
			rt.Fatalf("merged tallies\n got %+v\nwant %+v", parts[1], want)
		}
	})
}

// TestKindsAreInOrderOfTheirCodes: events of one second are taken in that order.
func TestKindsAreInOrderOfTheirCodes(t *testing.T) {
	t.Parallel()
	for i, k := range Kinds() {
		if c, ok := k.code(); !ok || int(c) != i {
			t.Errorf("%s is %d, not %d", k, c, i)
		}
	}
	// A change of plan within a second is no loss.
	tally := tallyOf(t, ByContract, 2, []did{{Started, 1, 2, 10}, {Started, 2, 2, 20}, {Ended, 2, 2, 50}})
	if s := tally.Steps()[1]; s.Kept != 1 || s.Expanded != 10 {
		t.Errorf("%+v", s)
	}
}

// TestWhoWasThereBeforeIsNotNew: a frame may begin long after somebody's first
// purchase, which is no reason to call them new.
func TestWhoWasThereBeforeIsNotNew(t *testing.T) {
	t.Parallel()
	for _, basis := range []Basis{ByPurchase, ByActivity, ByContract} {
		tally := golden.Must(NewTally(func() Frame { f := year(); f.Basis = basis; return f }()))
		h := NewHistory(nil)
		event(t, h, Bought, analysis.DateDay(2023, 3, 3), 5)
		event(t, h, Started, analysis.DateDay(2023, 3, 3), 5)
		event(t, h, Ended, analysis.DateDay(2023, 4, 3), 5)
		event(t, h, Referred, analysis.DateDay(2023, 3, 3), 0)
		event(t, h, Bought, analysis.DateDay(2024, 2, 3), 5)
		event(t, h, Started, analysis.DateDay(2024, 2, 3), 5)
		tally.Add(h)
		if s := tally.Steps()[1]; s.New != 0 || s.Returned != 1 || s.ReferredNew != 0 {
			t.Errorf("by %s: %+v", basis, s)
		}
		for _, c := range tally.Cohorts() {
			if c.Size != 0 {
				t.Errorf("by %s: of the cohort of %s", basis, c.Start)
			}
		}
	}
	// Nor does a contract count that was over before its first month was.
	brief := tallyOf(t, ByContract, 1, []did{{Referred, 1, 1, 0}, {Started, 1, 2, 5}, {Ended, 1, 3, 0}})
	if s := brief.Steps()[0]; s.New != 0 || s.ReferredNew != 0 {
		t.Errorf("%+v", s)
	}
}
