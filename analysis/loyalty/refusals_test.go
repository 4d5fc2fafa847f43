package loyalty

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 5, 5, 5, 5, 5, 0, time.UTC)
	framed := func(change func(*Frame)) error {
		f := year()
		change(&f)
		return second(NewTally(f))
	}
	tally, other := golden.Must(NewTally(year())), golden.Must(NewTally(func() Frame { f := year(); f.Least = 9; return f }()))
	h := NewHistory(nil)
	lifetime := func(w Watch) error { _, _, err := h.Lifetime(w); return err }
	fate := func(s Span) error { _, _, err := h.Fate(s); return err }
	var group Group
	cases := []struct {
		name, field string
		err         error
	}{
		{"kind", "kind", h.Add(Event{Kind: "slept", At: now})},
		{"amount below zero", "amount", h.Add(Event{Kind: Bought, At: now, Amount: -1})},
		{"amount beyond sums", "amount", h.Add(Event{Kind: Bought, At: now, Amount: 1e12})},
		{"no time", "at", h.Add(Event{Kind: Bought})},
		{"ledger", "kind", NewLedger(nil).Add("a", Event{At: now})},
		{"period", "period", framed(func(f *Frame) { f.Period = "day" })},
		{"basis", "basis", framed(func(f *Frame) { f.Basis = "" })},
		{"ends before it begins", "to", framed(func(f *Frame) { f.To = f.From })},
		{"too many steps", "from", framed(func(f *Frame) { f.Period, f.From = Weekly, f.To-530*7-7 })},
		{"before the calendar", "from", framed(func(f *Frame) { f.From = 3 })},
		{"after the calendar", "from", framed(func(f *Frame) { f.Period, f.To = Yearly, math.MaxInt32 })},
		{"engaged below zero", "engaged", framed(func(f *Frame) { f.Engaged = -1 })},
		{"confidence 95", "confidence", framed(func(f *Frame) { f.Confidence = 95 })},
		{"other frame", "frame", tally.Merge(other)},
		{"rate", "rate", second(tally.Series("joy"))},
		{"nobody at the start", "start", second(Retention(0, 10, 10, 0.95))},
		{"below zero", "customers", second(Retention(5, -1, 0, 0.95))},
		{"retention at confidence 0", "confidence", second(Retention(5, 1, 0, 0))},
		{"watch's basis", "basis", lifetime(Watch{})},
		{"watch's lapse", "lapse", lifetime(Watch{Basis: ByPurchase, Lapse: -1})},
		{"span's basis", "basis", fate(Span{To: 1})},
		{"span's end", "to", fate(Span{Basis: ByPurchase})},
		{"span of all days", "from", fate(Span{Basis: ByPurchase, From: math.MinInt, To: math.MaxInt})},
		{"bands of no metric", "metric", second(new(ByBand).Curves(5, 0.95))},
		{"span's lapse", "lapse", group.Add(h, Span{Basis: ByPurchase, To: 1, Lapse: -1})},
	}
	for _, c := range cases {
		var input *analysis.InputError
		if !errors.As(c.err, &input) || input.Field != c.field {
			t.Errorf("%s: got %v, want %s refused", c.name, c.err, c.field)
		}
	}
	if len(h.records) != 0 || NewLedger(nil).Len() != 0 {
		t.Error("what was refused was kept")
	}
}

// TestZeroValuesAreHarmless: what no constructor made is empty, in UTC.
func TestZeroValuesAreHarmless(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	var history History
	var ledger, merged Ledger
	for _, err := range []error{history.Add(Event{Kind: Bought, At: at}), ledger.Add("a", Event{Kind: Bought, At: at})} {
		if err != nil {
			t.Error(err)
		}
	}
	merged.Merge(&ledger)
	if merged.Len() != 1 {
		t.Errorf("%d people", merged.Len())
	}
	if _, bought := history.Purchases(math.MaxInt); !bought {
		t.Error("a day beyond all others hides what was before it")
	}
	var tally Tally
	tally.Add(&history)
	series, err := tally.Series(RetentionRate)
	if len(tally.Steps())+len(tally.Cohorts())+len(series) != 0 || err != nil {
		t.Errorf("an empty tally has %v and %v: %v", tally.Steps(), series, err)
	}
}
