package leaving_test

import (
	"math"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/leaving"
	"github.com/harkhq/hark/surveys"
)

var start = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// ways are n ways through a flow that are alike.
func ways(n int, c surveys.Cancellation) []surveys.Cancellation {
	list := make([]surveys.Cancellation, n)
	for i := range list {
		if list[i] = c; c.StartedAt.IsZero() {
			list[i].StartedAt = start
		}
	}
	return list
}

func input(lists ...[]surveys.Cancellation) leaving.Input {
	in := leaving.Input{From: analysis.Day(surveys.Day(start, time.UTC)), Bucketing: analysis.ByMonth, Zone: time.UTC, Now: start.AddDate(0, 0, 100), Least: 5, Confidence: 0.95}
	in.To = in.From + 90
	for _, list := range lists {
		in.Asked = append(in.Asked, list...)
	}
	return in
}

func report(t *testing.T, in leaving.Input) leaving.Report {
	t.Helper()
	r, err := in.Report()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func near(got *float64, want float64) bool { return got != nil && math.Abs(*got-want) < 0.006 }

// TestReasonsHaveIntervals: shares with Wilson's intervals (Newcombe 1998, table I: 81 of
// 263), what was lost by currency, and their course over months.
func TestReasonsHaveIntervals(t *testing.T) {
	t.Parallel()
	ten, five := 10.0, 5.5
	in := input(
		ways(80, surveys.Cancellation{Reason: "too_expensive", Choice: surveys.CancelLeft, Lost: surveys.LostByWish, Amount: &ten, Currency: "EUR"}),
		ways(1, surveys.Cancellation{Reason: "too_expensive", Choice: surveys.CancelKept, StartedAt: start.AddDate(0, 1, 0)}),
		ways(162, surveys.Cancellation{Reason: "unused", Choice: surveys.CancelKept}),
		ways(20, surveys.Cancellation{Reason: "unused", Lost: surveys.LostByWish, Amount: &five, Currency: "USD", StartedAt: start.AddDate(0, 1, 0)}),
	)
	in.Unasked = append(ways(7, surveys.Cancellation{Lost: surveys.LostPayment, Amount: &ten}), ways(3, surveys.Cancellation{Lost: surveys.LostByWish})...)
	r := report(t, in)
	if r.N != 263 || r.Left.N != 80 || r.Kept.N != 163 || r.Open != 20 || r.Unasked != 3 || r.Payment != 7 {
		t.Errorf("counted %+v", r)
	}
	if len(r.Lost) != 2 || r.Lost[0] != (leaving.Money{Currency: "EUR", Amount: 800, N: 80}) || r.Lost[1].Amount != 110 || len(r.Failed) != 1 || r.Failed[0].Amount != 70 || len(r.Missed) != 0 {
		t.Errorf("lost %+v, by payments %+v, unasked %+v", r.Lost, r.Failed, r.Missed)
	}
	if len(r.Reasons) != 2 || r.Reasons[0].Key != "unused" {
		t.Fatalf("reasons %+v", r.Reasons)
	}
	dear := r.Reasons[1]
	if !near(dear.Share.Value, 30.798) || !near(dear.Share.Low, 25.53) || !near(dear.Share.High, 36.62) || dear.Kept != 1 || dear.Left != 80 || dear.Lost[0].Amount != 800 {
		t.Errorf("too expensive: %+v", dear)
	}
	if len(dear.Course) != 4 && len(dear.Course) != 3 || dear.Course[0].Share.N != 80 || dear.Course[0].Share.Of != 242 || dear.Course[1].Share.Value != nil {
		t.Errorf("by month: %+v, of which the second would tell of one person", dear.Course)
	}
}

// TestFewAreHidden: what would tell of fewer than five, also by subtracting, is not shown.
func TestFewAreHidden(t *testing.T) {
	t.Parallel()
	in := input(ways(40, surveys.Cancellation{Reason: "unused"}), ways(6, surveys.Cancellation{Reason: "too_complex"}), ways(3, surveys.Cancellation{Reason: "low_quality"}))
	r := report(t, in)
	for _, g := range r.Reasons {
		if hidden := g.Key != "unused"; g.Hidden != hidden || hidden && (g.Share.N != 0 || g.Share.Value != nil || g.Course != nil) {
			t.Errorf("%s: %+v", g.Key, g)
		}
	}
	if r := report(t, input()); r.N != 0 || r.Left.Value != nil || len(r.Reasons) != 0 || len(r.Offers) != 0 {
		t.Errorf("of nobody: %+v", r)
	}
	in.By = "plan"
	in.Asked = append(ways(10, surveys.Cancellation{Segments: map[string]string{"plan": "pro"}}), ways(30, surveys.Cancellation{})...)
	if r := report(t, in); len(r.Groups) != 2 || r.Groups[0].Key != "" || r.Groups[1].Key != "pro" || r.Groups[1].Share.N != 10 {
		t.Errorf("by plan: %+v", r.Groups)
	}
	in.Confidence = 2
	if _, err := in.Report(); err == nil {
		t.Error("a confidence of 200 %")
	}
}

// TestOffersAreComparedWithNobody: 56 of 70 against 48 of 80 are 5.24 to 33.39 points apart
// (Newcombe 1998, table II); whose days are not over do not count, and accepting alone
// proves nothing.
func TestOffersAreComparedWithNobody(t *testing.T) {
	t.Parallel()
	gone := start.AddDate(0, 0, 20)
	in := input(
		ways(40, surveys.Cancellation{OfferID: "half", Offer: surveys.OfferAccepted, Choice: surveys.CancelKept}),
		ways(16, surveys.Cancellation{OfferID: "half", Offer: surveys.OfferDeclined}),
		ways(14, surveys.Cancellation{OfferID: "half", Offer: surveys.OfferDeclined, Choice: surveys.CancelLeft}),
		ways(48, surveys.Cancellation{OfferID: "half", Offer: surveys.OfferHeld}),
		ways(32, surveys.Cancellation{OfferID: "half", Offer: surveys.OfferHeld, Lost: surveys.LostByWish, LostAt: &gone}),
		ways(500, surveys.Cancellation{OfferID: "half", Offer: surveys.OfferAccepted, Choice: surveys.CancelKept, StartedAt: start.AddDate(0, 0, 80)}),
		ways(9, surveys.Cancellation{OfferID: "half", Offer: surveys.OfferDeclined, Choice: surveys.CancelLeft, StartedAt: start.AddDate(0, 0, 80)}),
		ways(100, surveys.Cancellation{OfferID: "new", Offer: surveys.OfferMade}),
	)
	r := report(t, in)
	if len(r.Offers) != 2 {
		t.Fatalf("offers %+v", r.Offers)
	}
	half := r.Offers[0]
	if half.Made != 579 || half.Accepted != 540 || half.Held != 80 {
		t.Errorf("counted %+v", half)
	}
	for i, days := range []int{30, 60, 90} {
		s := half.Stays[i]
		if s.Days != days || s.Made.N != 56 || s.Made.Of != 70 || s.Held.N != 48 || s.Held.Of != 80 || !s.Real() || math.Abs(s.Difference.Low-5.24) > 0.01 || math.Abs(s.Difference.High-33.39) > 0.01 {
			t.Errorf("after %d days: %+v %+v", days, s, s.Difference)
		}
	}
	if s := r.Offers[1].Stays[0]; s.Difference != nil || s.Real() || s.Made.Of != 100 || s.Held.Value != nil {
		t.Errorf("without a hold-out: %+v", s)
	}
	again := start.AddDate(0, 0, 45)
	twice := input(ways(1, surveys.Cancellation{PersonID: "p", Choice: surveys.CancelKept}), ways(9, surveys.Cancellation{Choice: surveys.CancelKept}),
		ways(1, surveys.Cancellation{PersonID: "p", Choice: surveys.CancelLeft, StartedAt: again.Add(-time.Hour), ChosenAt: &again}))
	if stays := report(t, twice).Stays; stays[0].Part.N != 10 || stays[1].Part.N != 9 || stays[1].Part.Of != 10 {
		t.Errorf("somebody who came again after 45 days: %+v", stays)
	}
	if s := r.Stays[0]; s.Part.N != 40 || s.Part.Of != 40 {
		t.Errorf("who chose to stay: %+v", s)
	}
}

// TestSavedAndLost: who chose to stay and is still there is saved, with what they are worth;
// whoever left since, also by another flow, is not; and another subscription is another one.
func TestSavedAndLost(t *testing.T) {
	t.Parallel()
	ten, later := 10.0, start.AddDate(0, 0, 40)
	stays := surveys.Cancellation{Reason: "unused", Choice: surveys.CancelKept, Amount: &ten, Currency: "EUR"}
	of := func(person, subscription string) surveys.Cancellation {
		c := stays
		c.PersonID, c.Fields = person, map[string]string{"subscription": subscription}
		return c
	}
	in := input(ways(7, stays), ways(1, of("anna", "coffee")), ways(1, of("ben", "coffee")), ways(1, of("clara", "")),
		ways(5, surveys.Cancellation{Reason: "other", Choice: surveys.CancelLeft, KeptAt: &later, Amount: &ten, Currency: "USD"}))
	in.Asked[len(in.Asked)-1].Lost, in.Asked[len(in.Asked)-1].LostAt = surveys.LostByWish, &later
	in.Elsewhere = []surveys.Cancellation{
		{PersonID: "anna", FlowID: "b", Fields: map[string]string{"subscription": "coffee"}, Choice: surveys.CancelLeft, StartedAt: later},
		{PersonID: "ben", FlowID: "b", Fields: map[string]string{"subscription": "tea"}, Choice: surveys.CancelLeft, StartedAt: later},
	}
	in.Unasked = []surveys.Cancellation{{PersonID: "clara", StartedAt: later, Lost: surveys.LostByWish, LostAt: &later}}
	r := report(t, in)
	unused := r.Reasons[0]
	for i, want := range []int64{10, 8, 8} {
		if s := unused.Stays[i].Part; s.N != want || s.Of != 10 {
			t.Errorf("after %d days %+v are still there, want %d", unused.Stays[i].Days, s, want)
		}
	}
	if want := (leaving.Money{Currency: "EUR", Amount: 80, N: 8}); len(unused.Saved) != 1 || unused.Saved[0] != want || len(r.Saved) != 2 || r.Saved[0] != want || len(unused.Lost) != 0 {
		t.Errorf("saved %+v, in all %+v", unused.Saved, r.Saved)
	}
	other := r.Reasons[1]
	if hidden := (leaving.Money{Currency: "USD", Hidden: true}); other.Kept != 5 || other.Left != 0 || other.Saved[0] != hidden || other.Lost[0] != hidden || r.Saved[1] != hidden {
		t.Errorf("kept after all, but one: %+v", other)
	}
	if s := other.Stays[2]; s.Part.Value != nil || s.Part.Of != 0 {
		t.Errorf("of whom nobody stays 90 days yet: %+v", s)
	}
}

// TestPeopleCountOnce: whoever comes several times is one, by the first choice; who is
// unknown counts each time; and what five ways of one person are worth is one person's.
func TestPeopleCountOnce(t *testing.T) {
	t.Parallel()
	ten := 10.0
	way := func(person, reason string, day int, choice surveys.CancelChoice, amount *float64) surveys.Cancellation {
		return surveys.Cancellation{PersonID: person, Reason: reason, Choice: choice, StartedAt: start.AddDate(0, 0, day), Amount: amount, Currency: "EUR", OfferID: "half", Offer: surveys.OfferDeclined}
	}
	in := input(
		ways(4, surveys.Cancellation{Reason: "unused", Choice: surveys.CancelKept}),
		[]surveys.Cancellation{
			way("anna", "unused", 9, surveys.CancelLeft, nil), way("anna", "unused", 3, surveys.CancelKept, &ten), way("anna", "other", 1, surveys.CancelOpen, nil),
			way("ben", "other", 1, surveys.CancelOpen, nil), way("ben", "unused", 2, surveys.CancelOpen, nil),
		},
	)
	for day := range 5 {
		in.Asked = append(in.Asked, way("carl", "unused", day, surveys.CancelKept, &ten))
	}
	r := report(t, in)
	if r.N != 7 || r.Kept.N != 6 || r.Left.N != 0 || r.Open != 1 {
		t.Errorf("counted %d: %d stay, %d left, %d open", r.N, r.Kept.N, r.Left.N, r.Open)
	}
	if len(r.Reasons) != 1 || r.Reasons[0].Key != "unused" || r.Reasons[0].Share.N != 7 || r.Reasons[0].Kept != 6 {
		t.Errorf("reasons %+v", r.Reasons)
	}
	if s := r.Stays[0].Part; s.N != 5 || s.Of != 6 {
		t.Errorf("still there after 30 days: %+v", s)
	}
	if r.Saved[0] != (leaving.Money{Currency: "EUR", Hidden: true}) {
		t.Errorf("saved with one person: %+v", r.Saved)
	}
	if len(r.Offers) != 1 || !r.Offers[0].Hidden {
		t.Errorf("an offer to three people: %+v", r.Offers)
	}
	in.Least = 1
	if r := report(t, in); r.Saved[0] != (leaving.Money{Currency: "EUR", Amount: 10, N: 1}) || r.Offers[0].Made != 3 {
		t.Errorf("one subscription: %+v, %+v", r.Saved, r.Offers)
	}
}

// TestOffersTellOfNobody: offers are made to some of a group, and their sums tell nothing of
// those whom they leave out, or who alone had another reason.
func TestOffersTellOfNobody(t *testing.T) {
	t.Parallel()
	lost := func(n int, reason, offer string, state surveys.OfferState) []surveys.Cancellation {
		amount := 10.0
		return ways(n, surveys.Cancellation{Reason: reason, OfferID: offer, Offer: state, Choice: surveys.CancelLeft, Lost: surveys.LostByWish, Amount: &amount, Currency: "EUR"})
	}
	const made, held = surveys.OfferDeclined, surveys.OfferHeld
	for name, c := range map[string]struct {
		asked [][]surveys.Cancellation
		shown bool
	}{
		"to enough of a reason":            {[][]surveys.Cancellation{lost(20, "a", "o", made), lost(9, "a", "o", held), lost(20, "b", "", "")}, true},
		"to a whole reason":                {[][]surveys.Cancellation{lost(20, "a", "o", made), lost(20, "b", "", "")}, true},
		"to all of a reason but two":       {[][]surveys.Cancellation{lost(20, "a", "o", made), lost(2, "a", "o", held), lost(20, "b", "", "")}, false},
		"to a reason and three of another": {[][]surveys.Cancellation{lost(20, "a", "o", made), lost(3, "b", "o", made), lost(20, "b", "", "")}, false},
		"to a reason that is hidden":       {[][]surveys.Cancellation{lost(20, "a", "", ""), lost(10, "b", "o", made), lost(2, "c", "", "")}, false},
		"to all but three":                 {[][]surveys.Cancellation{lost(20, "a", "o", made), lost(20, "b", "o", made), lost(3, "b", "", "")}, false},
	} {
		r := report(t, input(c.asked...))
		if shown := !r.Offers[0].Lost[0].Hidden; shown != c.shown {
			t.Errorf("%s: shown is %v, want %v", name, shown, c.shown)
		}
	}
	both := [][]surveys.Cancellation{lost(20, "a", "o", made), lost(20, "a", "", "")}
	for i := range 18 {
		both[0][i].PersonID = string(rune('a' + i))
		again := both[0][i]
		again.OfferID, again.Lost, again.Amount = "p", surveys.NotLost, nil
		both[1] = append(both[1], again)
	}
	if r := report(t, input(both...)); r.Offers[0].Lost[0].Hidden || !r.Offers[1].Lost[0].Hidden {
		t.Errorf("two offers to all the same but two: %+v", r.Offers)
	}
}

// TestSumsTellOfNobody: what few are worth is not shown, nor can be had by subtracting; nor
// is a third reason's month, nor what a flow's only visitor chose.
func TestSumsTellOfNobody(t *testing.T) {
	t.Parallel()
	lost := func(n int, reason string, amount float64) []surveys.Cancellation {
		return ways(n, surveys.Cancellation{Reason: reason, Choice: surveys.CancelLeft, Lost: surveys.LostByWish, Amount: &amount, Currency: "EUR"})
	}
	r := report(t, input(lost(20, "unused", 10), lost(10, "too_complex", 10), lost(2, "other", 99), ways(8, surveys.Cancellation{Reason: "other"})))
	shown := map[string]bool{}
	for _, g := range r.Reasons {
		shown[g.Key] = len(g.Lost) == 1 && !g.Hidden && !g.Lost[0].Hidden
	}
	if !shown["unused"] || shown["too_complex"] || shown["other"] || r.Lost[0].N != 32 {
		t.Errorf("shown are %v of %+v", shown, r.Lost)
	}
	month := start.AddDate(0, 1, 0)
	in := input(lost(50, "unused", 1), lost(50, "too_complex", 1), lost(50, "other", 1),
		ways(20, surveys.Cancellation{Reason: "unused", StartedAt: month}), ways(10, surveys.Cancellation{Reason: "too_complex", StartedAt: month}), ways(2, surveys.Cancellation{Reason: "other", StartedAt: month}))
	for _, g := range report(t, in).Reasons {
		if february := g.Course[1].Share; (february.Value != nil) != (g.Key == "unused") || g.Course[2].Share.Value != nil {
			t.Errorf("%s in February: %+v", g.Key, february)
		}
	}
	one := report(t, input(ways(1, surveys.Cancellation{OfferID: "half", Offer: surveys.OfferAccepted, Choice: surveys.CancelKept})))
	if one.N != 1 || one.Left.Value != nil || one.Kept.N != 0 || one.Kept.Value != nil || !one.Offers[0].Hidden || one.Offers[0].Made != 0 || one.Stays[0].Part.Value != nil {
		t.Errorf("the only one: %+v", one)
	}
}
