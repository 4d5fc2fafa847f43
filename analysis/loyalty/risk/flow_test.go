package risk_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/analysis/loyalty"
	"github.com/harkhq/hark/analysis/loyalty/risk"
	"github.com/harkhq/hark/analysis/loyalty/value"
	"github.com/harkhq/hark/surveys"
)

// town is a shop's events of two years, and the score of each person who gave
// one. The lower the score, the sooner somebody stops buying.
func town(t testing.TB, people int) (*loyalty.Ledger, map[string]int) {
	t.Helper()
	r := rand.New(rand.NewPCG(8, 8))
	l, scores := loyalty.NewLedger(time.UTC), map[string]int{}
	start := time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range people {
		person := fmt.Sprintf("person %05d", i)
		score := r.IntN(11)
		if r.Float64() < 0.6 {
			scores[person] = score
		}
		usual := 1500 * math.Exp(0.5*r.NormFloat64())
		at := r.Float64() * 600
		leaves := at + r.ExpFloat64()*60*math.Exp(0.22*float64(score))
		for ; at < min(leaves, 730); at += 5 + 30*r.Float64() {
			when := start.Add(time.Duration(at * 24 * float64(time.Hour)))
			e := loyalty.Event{Kind: loyalty.Bought, At: when, Amount: int64(usual * (0.5 + r.Float64()))}
			if err := l.Add(person, e); err != nil {
				t.Fatal(err)
			}
		}
	}
	return l, scores
}

// casesOf is what was known of the shop's customers before a day, and whether
// they bought no more in the quarter after it.
func casesOf(t testing.TB, l *loyalty.Ledger, scores map[string]int, day analysis.Day) risk.Sample {
	t.Helper()
	s := risk.Sample{Features: append(risk.ScoreNames(), "silence", "orders")}
	span := loyalty.Span{Basis: loyalty.ByPurchase, From: day, To: day + 90}
	for person, h := range l.All() {
		fate, followed, err := h.Fate(span)
		if err != nil {
			t.Fatal(err)
		}
		if !followed {
			continue
		}
		var score *int
		if given, ok := scores[person]; ok {
			score = &given
		}
		x := golden.Must(risk.ScoreFeatures(surveys.NPS, score))
		known, _ := h.At(day)
		s.Cases = append(s.Cases, risk.Case{
			Person: person, Measured: day - 1, From: day, To: day + 90,
			X: append(x, float64(known.Silence), float64(known.Orders)), Lost: !fate.Kept,
		})
	}
	return s
}

// TestFromEventsToPeople walks the whole way that the product takes: events,
// cases at three days, a model of the first, its validation on the second, and
// the people at risk on the third, who are then seen to leave more often.
func TestFromEventsToPeople(t *testing.T) {
	t.Parallel()
	l, scores := town(t, 3000)
	day := func(month time.Month) analysis.Day { return analysis.DateDay(2024, month, 1) }
	m := golden.Must(risk.FitLogit(casesOf(t, l, scores, day(3)), 0.95))
	if score := m.Terms[0]; score.High >= 1 || m.Terms[2].Low <= 1 {
		t.Errorf("a point more: odds × %.2f to %.2f; silence %+v", score.Low, score.High, m.Terms[2])
	}
	v := golden.Must(m.Validate(casesOf(t, l, scores, day(6)), risk.Limits{}))
	if v.Refused != nil {
		t.Fatalf("refused: %v, %+v", v.Refused, v)
	}
	today := casesOf(t, l, scores, day(9))
	lost, all := map[string]bool{}, 0
	for _, c := range today.Cases {
		lost[c.Person] = c.Lost
		if c.Lost {
			all++
		}
	}
	list := golden.Must(v.AtRisk(today.Cases, risk.ListLimits{Most: 50}))
	left := 0
	for _, p := range list {
		if lost[p.Person] {
			left++
		}
	}
	base := float64(all) / float64(len(today.Cases))
	if got := float64(left) / float64(len(list)); got < 2*base {
		t.Errorf("of those listed %.2f left, of all %.2f", got, base)
	}
}

// TestFromEventsToValue fits on the first year and a half, and judges by the
// rest.
func TestFromEventsToValue(t *testing.T) {
	t.Parallel()
	l, _ := town(t, 3000)
	cut := analysis.DateDay(2024, 7, 1)
	const weeks = 13
	var customers value.Customers
	var later []value.Later
	for _, h := range l.All() {
		c, ok := h.Purchases(cut)
		if !ok {
			continue
		}
		if err := customers.Add(c); err != nil {
			t.Fatal(err)
		}
		then, _ := h.Purchases(cut + 7*weeks)
		later = append(later, value.Later{Customer: c, Purchases: then.Repeat - c.Repeat})
	}
	often := golden.Must(value.FitBGNBD(&customers))
	j := golden.Must(value.Judge(often.BGNBD, later, weeks))
	if math.Abs(j.Ratio-1) > 0.15 || j.Error >= j.Plain {
		t.Errorf("%+v", j)
	}
	much := golden.Must(value.FitGammaGamma(&customers))
	mean := golden.Must(much.Mean(value.Customer{}))
	if drawn := 1500 * math.Exp(0.125); math.Abs(mean/drawn-1) > 0.05 {
		t.Errorf("an order brings %.0f, it was drawn about %.0f", mean, drawn)
	}
}
