package analysis

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// sentAnswered are invitations that were sent, some of them answered.
func sentAnswered(sent, answered int64) surveys.Asked {
	return surveys.Asked{Invited: sent, Sent: sent, Answered: answered}
}

func near(t *testing.T, what string, got *float64, want float64) {
	t.Helper()
	if got == nil || math.Abs(*got-want) > 5e-5 {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

// TestResponseRateByWilson holds the interval against Newcombe's table of 1998.
func TestResponseRateByWilson(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		answered, sent  int64
		rate, low, high float64
	}{
		"81 of 263": {81, 263, 0.307985, 0.2553, 0.3662},
		"15 of 148": {15, 148, 0.101351, 0.0624, 0.1605},
		"0 of 20":   {0, 20, 0, 0, 0.1611},
		"1 of 29":   {1, 29, 0.034483, 0.0061, 0.1718},
	} {
		a, err := ResponseRate(AskedInput{All: sentAnswered(c.sent, c.answered)})
		if err != nil {
			t.Fatal(err)
		}
		near(t, name, a.Rate, c.rate)
		near(t, name+" low", a.Low, c.low)
		near(t, name+" high", a.High, c.high)
	}
}

// TestResponseRateOfFew shows counts and no share, and says what was not sent.
func TestResponseRateOfFew(t *testing.T) {
	t.Parallel()
	a, err := ResponseRate(AskedInput{All: surveys.Asked{Invited: 12, Sent: 4, Answered: 2, Failed: 1, Suppressed: 2, Cancelled: 1, Expired: 1}})
	if err != nil || a.Rate != nil || a.Sent != 4 || a.Waiting != 3 || a.Failed != 1 || a.Suppressed != 2 {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestResponseRateBySegment(t *testing.T) {
	t.Parallel()
	in := AskedInput{All: sentAnswered(2000, 455), Segments: map[string]map[string]surveys.Asked{
		"plan":    {"gift": sentAnswered(400, 52), "pro": sentAnswered(800, 203), "free": sentAnswered(797, 199), "old": sentAnswered(3, 1)},
		"country": {"DE": sentAnswered(1000, 228), "AT": sentAnswered(1000, 227)},
	}}
	a, err := ResponseRate(in)
	if err != nil {
		t.Fatal(err)
	}
	verdicts := make(map[string]SegmentVerdict)
	for _, s := range a.Segments {
		verdicts[s.Key+" "+s.Value] = s.Verdict
		if (s.Value == "old") != s.Hidden {
			t.Errorf("%s is hidden: %v", s.Value, s.Hidden)
		}
		if s.Hidden && (s.Rate != nil || s.Answered != nil || s.P != nil) {
			t.Errorf("%s is hidden and tells %+v", s.Value, s)
		}
	}
	for segment, want := range map[string]SegmentVerdict{"plan gift": Lower, "country DE": LikeRest, "country AT": LikeRest} {
		if verdicts[segment] != want {
			t.Errorf("%s is %q, want %q", segment, verdicts[segment], want)
		}
	}
	least := a.Reluctant()
	if least == nil || least.Value != "gift" || math.Abs(least.Share()-0.13/(403.0/1600)) > 1e-9 {
		t.Errorf("least: %+v", least)
	}
	if got := a.Segments[2:]; got[0].Value != "gift" {
		t.Errorf("the ones that answer least come first: %+v", got)
	}
}

// TestNobodyIsReluctantByChance: of forty segments with the same rate some look
// low, and none is told.
func TestNobodyIsReluctantByChance(t *testing.T) {
	t.Parallel()
	in := AskedInput{Segments: map[string]map[string]surveys.Asked{"shop": {}}}
	random := rand.New(rand.NewPCG(7, 7))
	for shop := range 40 {
		part := sentAnswered(120, 0)
		for range part.Sent {
			if random.Float64() < 0.25 {
				part.Answered++
			}
		}
		in.Segments["shop"][string(rune('A'+shop))] = part
		in.All.Add(part, 1)
	}
	a, err := ResponseRate(in)
	if err != nil || a.Reluctant() != nil {
		t.Errorf("%+v, %v", a.Reluctant(), err)
	}
}

func TestResponseRateRefuses(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]AskedInput{
		"more answered than sent": {All: sentAnswered(5, 6)},
		"a confidence of two":     {All: sentAnswered(5, 5), Confidence: 2},
		"a segment below zero":    {All: sentAnswered(9, 5), Segments: map[string]map[string]surveys.Asked{"plan": {"x": sentAnswered(5, -1)}}},
	} {
		if _, err := ResponseRate(in); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestSettleDays(t *testing.T) {
	t.Parallel()
	many := func(n int, each time.Duration) []time.Duration {
		list := make([]time.Duration, n)
		for i := range list {
			list[i] = each
		}
		return list
	}
	for name, c := range map[string]struct {
		delays []time.Duration
		want   int
	}{
		"nobody yet":                {nil, 7},
		"too few to tell":           {many(29, time.Hour), 7},
		"all within the hour":       {many(30, time.Hour), 1},
		"nine in ten in two days":   {append(many(90, 47*time.Hour), many(10, 300*time.Hour)...), 2},
		"one in nine a week later":  {append(many(89, 47*time.Hour), many(11, 160*time.Hour)...), 7},
		"to the minute of two days": {many(40, 48*time.Hour), 2},
	} {
		if got := SettleDays(c.delays); got != c.want {
			t.Errorf("%s: %d days, want %d", name, got, c.want)
		}
	}
}

// TestNonResponseByHand: half of those asked are on the gift plan and answer half
// as often, and all of them are detractors; the others are promoters.
func TestNonResponseByHand(t *testing.T) {
	t.Parallel()
	asked := map[string]surveys.Asked{"gift": sentAnswered(1000, 100), "pro": sentAnswered(1000, 200)}
	answers := map[string]surveys.Counts{"gift": {0: 100}, "pro": {10: 200}}
	n, err := CheckNonResponse(surveys.NPS, "plan", asked, answers, 0.95)
	if err != nil || !n.Differs || n.Refused != "" {
		t.Fatalf("%+v, %v", n, err)
	}
	near(t, "unweighted", n.Unweighted, 100.0/3)
	near(t, "weighted", n.Score, 0)
	// w = 1.5 and 0.75: (300)²/(100·2.25+200·0.5625)
	if want := 300.0 * 300 / (100*2.25 + 200*0.5625); math.Abs(n.Effective-want) > 1e-6 {
		t.Errorf("worth %v answers, want %v", n.Effective, want)
	}
}

func TestNonResponseRefusals(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		asked   map[string]surveys.Asked
		answers map[string]surveys.Counts
		want    Reason
	}{
		"a group that never answered": {
			map[string]surveys.Asked{"gift": sentAnswered(100, 0), "pro": sentAnswered(100, 40)}, map[string]surveys.Counts{"pro": {10: 40}}, EmptyCell},
		"answers of others": {
			map[string]surveys.Asked{"pro": sentAnswered(100, 40)}, map[string]surveys.Counts{"pro": {10: 40}, "walk-in": {3: 5}}, NotComparable},
		"no answers": {map[string]surveys.Asked{"pro": sentAnswered(100, 0)}, nil, NotComparable},
		"small groups as one": {
			map[string]surveys.Asked{"a": sentAnswered(10, 2), "b": sentAnswered(10, 0), "pro": sentAnswered(100, 40)},
			map[string]surveys.Counts{"pro": {10: 40}, "a": {3: 2}}, ""},
	} {
		n, err := CheckNonResponse(surveys.NPS, "plan", c.asked, c.answers, 0.95)
		if err != nil || n.Refused != c.want || (n.Score == nil) != (c.want != "") {
			t.Errorf("%s: %+v, %v; want %q", name, n, err, c.want)
		}
	}
}
