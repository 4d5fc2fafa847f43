package analysis

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
)

func TestDoubts(t *testing.T) {
	t.Parallel()
	gates := func(size, interval, alarm Gate) Gates {
		return Gates{Size: size, Interval: interval, Alarm: alarm, Mix: Passed}
	}
	byMix := func(size, interval, alarm Gate) Gates {
		return Gates{Size: size, Interval: interval, Alarm: alarm, Mix: Failed}
	}
	moved := MixCheck{Key: "plan", Difference: 1, Low: -5, High: 7, Mix: 9, P: 0.001}
	for name, c := range map[string]struct {
		d       Difference
		stretch float64
		gates   Gates
		mix     *MixCheck
		want    Doubt
		widened bool
	}{
		"holds zero":           {Difference{Difference: 6, Low: -1, High: 13}, 1, gates(Passed, Failed, Failed), nil, ByChance, false},
		"small":                {Difference{Difference: 3, Low: 1, High: 5}, 1, gates(Failed, Passed, Passed), nil, TooSmall, false},
		"rounds to nothing":    {Difference{Difference: .4, Low: .1, High: .7}, 1, gates(Failed, Passed, Passed), nil, ByChance, false},
		"weeks vary as much":   {Difference{Difference: 10, Low: 2, High: 18}, 1.4, gates(Passed, Failed, Passed), nil, Usual, true},
		"no alarm":             {Difference{Difference: 10, Low: 2, High: 18}, 1, gates(Passed, Passed, Failed), nil, Usual, false},
		"not yet known":        {Difference{Difference: 10, Low: 2, High: 18}, 1.5, gates(Passed, Failed, Unknown), nil, Unlearned, true},
		"little left":          {Difference{Difference: 10, Low: 6, High: 14}, 1.5, gates(Passed, Failed, Unknown), &MixCheck{Key: "plan", Difference: 6, Low: -.1, High: 12}, MixLeft, false},
		"by mix":               {Difference{Difference: 10, Low: 2, High: 18}, 1.5, byMix(Passed, Failed, Unknown), &moved, MixMoved, true},
		"by mix and usual":     {Difference{Difference: 10, Low: 2, High: 18}, 1, byMix(Passed, Passed, Failed), &moved, MixMoved, false},
		"by mix and small":     {Difference{Difference: 3, Low: 1, High: 5}, 1, byMix(Failed, Passed, Passed), &moved, MixMoved, false},
		"chance, mix moved":    {Difference{Difference: 6, Low: -1, High: 13}, 1, byMix(Passed, Failed, Unknown), &moved, ByChance, false},
		"not known, mix there": {Difference{Difference: 10, Low: 2, High: 18}, 1.5, gates(Passed, Failed, Unknown), &MixCheck{}, Unlearned, true},
	} {
		v := Verdict{Kind: Normal, Difference: &c.d, Stretch: c.stretch, Gates: c.gates, Mix: c.mix}
		if _, widened := v.Widened(); v.Doubt() != c.want || widened != c.widened {
			t.Errorf("%s: %q, widened %v", name, v.Doubt(), widened)
		}
		if text := englishText(Report{Verdict: v}); strings.Contains(text, "because of who answered") != (c.want == MixMoved) {
			t.Errorf("%s: %q", name, text)
		}
		if text := englishText(Report{Verdict: v}); strings.Contains(text, "within normal variation") != (c.want == ByChance) {
			t.Errorf("%s: %q", name, text)
		}
	}
	if (Verdict{}).Doubt() != ByChance {
		t.Error("there is a doubt of nothing")
	}
}

// TestRealChangeWithinWins: "within normal variation" is not said of a period in
// which the score really changed.
func TestRealChangeWithinWins(t *testing.T) {
	t.Parallel()
	change := Change{At: 1050, Difference: 23}
	r := Report{From: 1000, To: 1090, Last: &change, Verdict: Verdict{Kind: Normal, Difference: &Difference{Difference: 10, Low: 2, High: 18},
		Stretch: 1.4, Gates: Gates{Size: Passed, Interval: Failed, Alarm: Passed, Mix: Unknown}}}
	if text := englishText(r); !strings.HasPrefix(text, "Up 10 on the 90 days before. Within this period lies a real rise of 23") {
		t.Error(text)
	}
	change.At = 900
	if text := englishText(r); !strings.Contains(text, "no more than it usually moves") || r.Within() != nil {
		t.Error(text)
	}
}

// TestMixIsToldBesideDoubts: that only other people answered is said also where the
// difference is no real change for another reason, so that nobody looks for one.
func TestMixIsToldBesideDoubts(t *testing.T) {
	t.Parallel()
	s := newShop(8)
	for day := today - 56; day < today; day++ {
		fresh := 1
		if day >= today-28 {
			fresh = 4
		}
		s.answer(day, "regular", 6, 0.65, 0.1)
		s.answer(day, "new", fresh, 0.3, 0.4)
	}
	in := s.input()
	in.From = today - 28
	v := golden.Must(Build(in)).Verdict
	if v.Gates != (Gates{Passed, Failed, Unknown, Failed}) || v.Kind != Normal || v.Doubt() != MixMoved {
		t.Fatalf("verdict %+v", v)
	}
	if !strings.Contains(v.Text, "because of who answered") || strings.Contains(v.Text, "more than chance") {
		t.Error(v.Text)
	}
	spans := golden.Must(CompareSpans(in, Span{From: today - 56, To: today - 28}, Span{From: today - 28, To: today})).Verdict
	if !strings.Contains(spans.Text, "because of who answered") {
		t.Error(spans.Text)
	}
}

// TestIntervalsDoNotTouchZero: an interval that excludes zero is not written as if it
// did not.
func TestIntervalsDoNotTouchZero(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		low, high float64
		want      string
	}{
		{-5.9, -0.48, "-5.9 to -0.5"}, {0.3, 4, "+0.3 to +4.0"}, {0.04, 2, "+0.04 to +2.00"}, {-6, 0.3, "-6 to 0"}, {-0.3, 6, "0 to +6"},
		{2, 18, "+2 to +18"}, {-0.00001, -0.000001, "0 to 0"}, {0, 3, "0 to +3"},
	} {
		if got := between(c.low, c.high); got != c.want {
			t.Errorf("%v to %v: %q, want %q", c.low, c.high, got, c.want)
		}
	}
}
