package loyalty

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/analysis/loyalty/survival"
	"github.com/harkhq/hark/surveys"
)

func TestSharesAgainstReference(t *testing.T) {
	t.Parallel()
	for _, r := range golden.Read(t, "prop_diff.csv") {
		x1, n1, x2, n2 := r.Int(t, "x1"), r.Int(t, "n1"), r.Int(t, "x2"), r.Int(t, "n2")
		f := Frame{Least: 1, Confidence: r.Num(t, "conf")}
		test := golden.Must(testShares(&Group{people: n1, kept: x1}, &Group{people: n2, kept: x2}, f))
		golden.Near(t, r["case"]+" difference", test.Difference, 100*r.Num(t, "diff"), 1e-9)
		golden.Near(t, r["case"]+" low", test.Low, 100*r.Num(t, "newcombe_lo"), 1e-9)
		golden.Near(t, r["case"]+" high", test.High, 100*r.Num(t, "newcombe_hi"), 1e-9)
		want := "p_pooled"
		if test.Test == Fisher {
			want = "p_fisher"
		}
		if r[want] != "nan" && r[want] != "" {
			golden.Near(t, r["case"]+" p", test.P, r.Num(t, want), 1e-9)
		}
	}
}

// shop follows people through 2024's second half: members buy every `often`
// days, others every 80.
func shop(t testing.TB, people, often int) (members, others Group) {
	t.Helper()
	s := Span{Basis: ByPurchase, From: analysis.DateDay(2024, 7, 1), To: analysis.DateDay(2025, 1, 1), Lapse: 60}
	for i := range people {
		every := 80
		group := &others
		if i%2 == 0 {
			every, group = often, &members
		}
		h := NewHistory(nil)
		// Those who buy seldom stop in summer.
		for d := analysis.DateDay(2024, 6, 1) + analysis.Day(i%29); d < s.To; d += analysis.Day(every + i%7) {
			event(t, h, Bought, d, int64(1000+10*i))
		}
		if err := group.Add(h, s); err != nil {
			t.Fatal(err)
		}
	}
	return members, others
}

// event adds one at noon of a day.
func event(t testing.TB, h *History, kind Kind, d analysis.Day, amount int64) {
	t.Helper()
	if err := h.Add(Event{Kind: kind, At: d.Time().Add(12 * 3600e9), Amount: amount}); err != nil {
		t.Fatal(err)
	}
}

func TestAgainst(t *testing.T) {
	t.Parallel()
	members, others := shop(t, 200, 30)
	c := golden.Must(members.Against(&others, 0, 0.95))
	if c.Spent == nil || c.Spent.P > 0.001 || c.Spent.Difference <= 0 || c.Spent.Low <= 0 {
		t.Errorf("spent %+v", c.Spent)
	}
	if c.Stays == nil || c.Stays.P > 0.001 || c.Stays.Observed[0] != 0 || c.Stays.Observed[1] == 0 {
		t.Errorf("stays %+v", c.Stays)
	}
	if c.Stays.PAdjusted < c.Stays.P || c.Spent.PAdjusted < c.Spent.P || c.Kept.PAdjusted < c.Kept.P {
		t.Errorf("Holm lowered a p: %+v", c)
	}
	if !slices.Equal(c.Caveats, []Caveat{SelfSelection}) {
		t.Errorf("caveats %v", c.Caveats)
	}
	back := golden.Must(others.Against(&members, 0, 0.95))
	golden.Near(t, "turned round", back.Spent.Difference, -c.Spent.Difference, 1e-9)
	golden.Near(t, "p", back.Kept.P, c.Kept.P, 1e-9)
	same := golden.Must(members.Against(&members, 0, 0.95))
	if same.Kept.P < 0.99 || same.Spent.P < 0.99 || same.Kept.Difference != 0 {
		t.Errorf("beside itself: %+v", same)
	}
}

func TestAgainstRefuses(t *testing.T) {
	t.Parallel()
	members, others := shop(t, 20, 30)
	few, _ := shop(t, 4, 30)
	var refusal *analysis.Refusal
	if _, err := few.Against(&others, 0, 0.95); !errors.As(err, &refusal) || refusal.Name != "members" || refusal.Have != 2 {
		t.Errorf("got %v", err)
	}
	if _, err := members.Against(&few, 0, 0.95); !errors.As(err, &refusal) || refusal.Name != "others" {
		t.Errorf("got %v", err)
	}
	var input *analysis.InputError
	if _, err := members.Against(&others, 0, 2); !errors.As(err, &input) {
		t.Errorf("got %v", err)
	}
	if _, err := members.Against(&others, -1, 0.95); !errors.As(err, &input) {
		t.Errorf("got %v", err)
	}
	// Nobody's spending varies and nobody leaves: no number is made of nothing.
	var a, b Group
	s := Span{Basis: ByContract, From: 1000, To: 1100}
	for range 10 {
		h := NewHistory(nil)
		event(t, h, Started, 900, 10)
		for _, g := range []*Group{&a, &b} {
			if err := g.Add(h, s); err != nil {
				t.Fatal(err)
			}
		}
	}
	if c := golden.Must(a.Against(&b, 0, 0.95)); c.Spent != nil || c.Stays != nil || c.Kept.P != 1 {
		t.Errorf("%+v", c)
	}
}

func TestGroupsMerge(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		values := rapid.SliceOfN(rapid.Int64Range(-1000, 1e6), 2, 30).Draw(rt, "spent")
		cut := rapid.IntRange(0, len(values)).Draw(rt, "cut")
		part := func(values []int64) (g Group) {
			for _, v := range values {
				g.people++
				g.spent.Add(float64(v), 1)
				if err := g.stays.Add(math.Abs(float64(v)), survival.Left); err != nil {
					rt.Fatal(err)
				}
			}
			return g
		}
		whole, merged := part(values), part(values[cut:])
		merged.Merge(part(values[:cut]))
		golden.Near(t, "mean", merged.spent.Mean, whole.spent.Mean, 1e-9)
		golden.Near(t, "squares", merged.spent.Squares, whole.spent.Squares, 1e-9)
		stays := merged.Stays()
		if merged.People() != whole.People() || stays.People() != whole.People() {
			rt.Fatalf("%d people of %d", merged.People(), whole.People())
		}
	})
}

func TestFate(t *testing.T) {
	t.Parallel()
	type did struct {
		kind   Kind
		day    analysis.Day
		amount int64
	}
	shop := Span{Basis: ByPurchase, From: 1000, To: 1100, Lapse: 30}
	contract := Span{Basis: ByContract, From: 1000, To: 1100}
	left, staying := survival.Left, survival.Staying
	cases := []struct {
		name     string
		span     Span
		events   []did
		followed bool
		want     Fate
	}{
		{"no event", shop, nil, false, Fate{}},
		{"silent for too long before", shop, []did{{Bought, 969, 5}, {Bought, 1005, 5}}, false, Fate{}},
		{"bought, and never again", shop, []did{{Bought, 970, 5}}, true, Fate{Stay: Stay{1000, 0, left}}},
		{"a while before, and never again", shop, []did{{Bought, 990, 5}}, true, Fate{Stay: Stay{1000, 20, left}}},
		{"buys on", shop, []did{{Bought, 990, 5}, {Bought, 1020, 7}, {Bought, 1050, 7}, {Bought, 1075, 7}, {Refunded, 1076, 2}},
			true, Fate{Kept: true, Spent: 19, Stay: Stay{1000, 100, staying}}},
		{"left and came back", shop, []did{{Bought, 999, 5}, {Bought, 1095, 7}},
			true, Fate{Kept: true, Spent: 7, Stay: Stay{1000, 29, left}}},
		{"visits do not count as purchases", shop, []did{{Bought, 999, 5}, {Active, 1010, 0}, {Active, 1040, 0}},
			true, Fate{Stay: Stay{1000, 29, left}}},
		{"visits count as activity", Span{Basis: ByActivity, From: 1000, To: 1050, Lapse: 30},
			[]did{{Bought, 999, 5}, {Active, 1010, 0}, {Active, 1040, 0}},
			true, Fate{Kept: true, Stay: Stay{1000, 50, staying}}},
		{"contract runs on", contract, []did{{Started, 900, 9}, {Bought, 1001, 3}}, true,
			Fate{Kept: true, Spent: 3, Stay: Stay{1000, 100, staying}}},
		{"contract ends", contract, []did{{Started, 900, 9}, {Ended, 1040, 0}}, true, Fate{Stay: Stay{1000, 40, left}}},
		{"contract ends on the last day after", contract, []did{{Started, 900, 9}, {Ended, 1100, 0}}, true,
			Fate{Kept: true, Stay: Stay{1000, 100, staying}}},
		{"contract ended before", contract, []did{{Started, 900, 9}, {Ended, 999, 0}, {Started, 1001, 9}}, false, Fate{}},
		{"contract begins within", contract, []did{{Started, 1001, 9}}, false, Fate{}},
	}
	for _, c := range cases {
		h := NewHistory(nil)
		for _, e := range slices.Backward(c.events) { // the order is irrelevant
			event(t, h, e.kind, e.day, e.amount)
		}
		got, followed, err := h.Fate(c.span)
		if err != nil || followed != c.followed || got != c.want {
			t.Errorf("%s: %+v, %v, %v; want %+v, %v", c.name, got, followed, err, c.want, c.followed)
		}
	}
}

func TestByBand(t *testing.T) {
	t.Parallel()
	b := golden.Must(NewByBand(surveys.NPS))
	more := golden.Must(NewByBand(surveys.NPS))
	for i := range 60 {
		score := i % 11
		if err := b.Add(&score, Stay{Days: float64(5 + 10*score + i%3), Outcome: survival.Left}); err != nil {
			t.Fatal(err)
		}
	}
	for range 4 { // too few to show
		if err := more.Add(nil, Stay{Days: 30}); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Merge(more); err != nil {
		t.Fatal(err)
	}
	curves := golden.Must(b.Curves(0, 0.95))
	var bands []surveys.Band
	for _, c := range curves.Curves {
		bands = append(bands, c.Band)
		if (c.Curve == nil) != (c.Band == NoAnswer) {
			t.Errorf("%s of %d: %v", c.Band, c.People, c.Curve)
		}
	}
	if len(bands) != 4 || bands[3] != NoAnswer {
		t.Errorf("bands %v", bands)
	}
	if curves.Test == nil || curves.Test.DF != 2 || curves.Test.P > 1e-6 {
		t.Errorf("test %+v", curves.Test)
	}
	if !slices.Equal(curves.Caveats, []Caveat{Association}) {
		t.Errorf("caveats %v", curves.Caveats)
	}
	empty := golden.Must(golden.Must(NewByBand(surveys.CSAT)).Curves(0, 0.95))
	if empty.Test != nil || !slices.Equal(empty.Caveats, []Caveat{Association, Unanswered}) {
		t.Errorf("of nobody: %+v", empty)
	}
	if err := b.Add(nil, Stay{Days: 30}); err != nil { // the fifth: enough
		t.Fatal(err)
	}
	if c := golden.Must(b.Curves(0, 0.95)); c.Curves[3].Curve == nil || c.Test.DF != 3 {
		t.Errorf("five people are not shown: %+v", c.Curves[3])
	}
	eleven := 11
	var input *analysis.InputError
	for name, err := range map[string]error{
		"score":      b.Add(&eleven, Stay{}),
		"metric":     second(NewByBand("stars")),
		"band of":    second(BandOf("stars", nil)),
		"merge":      b.Merge(golden.Must(NewByBand(surveys.CES))),
		"least":      second(b.Curves(-1, 0.95)),
		"confidence": second(b.Curves(0, 95)),
	} {
		if !errors.As(err, &input) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func second[T any](_ T, err error) error { return err }
