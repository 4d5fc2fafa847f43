package analysis

import (
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// told is a survey of some answers a day, whose shares of promoters and
// detractors are told per day, counted back from today.
func told(seed uint64, history Day, perDay int, shares func(ago Day) (good, bad float64)) *shop {
	s := newShop(seed)
	for ago := history; ago > 0; ago-- {
		good, bad := shares(ago)
		s.answer(today-ago, "all", perDay, good, bad)
	}
	return s
}

// steady is one without a change, step one that moves so many days ago.
func steady(Day) (good, bad float64) { return 0.55, 0.2 }

func stepAt(when Day, by float64) func(Day) (float64, float64) {
	return func(ago Day) (float64, float64) {
		if ago > when {
			return 0.55, 0.2
		}
		return 0.55 - by/200, 0.2 + by/200
	}
}

// TestVerdictAgainstTheGrain: courses made to mislead. Whatever is said must not
// contradict itself.
func TestVerdictAgainstTheGrain(t *testing.T) {
	t.Parallel()
	window := func(s *shop, length Day) Input {
		return Input{Metric: surveys.NPS, From: today - length, To: today, TrendFrom: today - 364, Bucketing: ByWeek, Days: s.all}
	}
	vee := func(ago Day) (float64, float64) {
		if ago <= 80 && ago > 45 {
			return 0.3, 0.45
		}
		return 0.55, 0.2
	}
	spike := func(ago Day) (float64, float64) {
		if ago <= 20 && ago > 13 {
			return 0.2, 0.6
		}
		return 0.55, 0.2
	}
	drift := func(ago Day) (float64, float64) {
		by := 0.2 * float64(700-ago) / 700
		return 0.6 - by/2, 0.15 + by/2
	}
	cases := []struct {
		name   string
		in     Input
		kinds  []VerdictKind
		lacks  string // what the text must not say
		dated  bool
		anyDay bool // whether since may be nil all the same
	}{
		{"quiet for two years", window(told(1, 760, 12, steady), 365), []VerdictKind{Normal}, "", false, false},
		{"a year against one with a fall in its middle", window(told(2, 760, 12, stepAt(550, 25)), 365), []VerdictKind{Fall}, "within normal", true, false},
		{"a year against one with a fall at its end", window(told(3, 760, 12, stepAt(400, 25)), 365), []VerdictKind{Fall}, "within normal", true, false},
		{"a quarter, a year after the fall", window(told(4, 760, 12, stepAt(400, 25)), 90), []VerdictKind{Normal}, "", false, false},
		{"a quarter with a fall in its first week", window(told(5, 760, 12, stepAt(85, 25)), 90), []VerdictKind{Fall}, "within normal", true, false},
		{"a quarter with a rise half way through the one before", window(told(6, 760, 12, stepAt(130, -30)), 90), []VerdictKind{Rise}, "within normal", true, false},
		{"five bad weeks that are over", window(told(7, 760, 12, vee), 90), []VerdictKind{Normal}, "within normal", false, false},
		{"one bad week that is over", window(told(8, 760, 12, spike), 28), []VerdictKind{Normal, Fall}, "", false, true},
		{"a slow fall over two years", window(told(9, 700, 12, drift), 90), []VerdictKind{Normal, Fall}, "rise", false, true},
		{"two answers a day", window(told(10, 760, 2, stepAt(90, 10)), 14), []VerdictKind{TooFew}, "normal", false, false},
		{"everybody delighted, then nearly everybody", window(told(11, 400, 12, func(ago Day) (float64, float64) {
			if ago > 40 {
				return 1, 0
			}
			return 0.8, 0.1
		}), 90), []VerdictKind{Fall}, "normal", true, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := golden.Must(Build(c.in)).Verdict
			found := false
			for _, kind := range c.kinds {
				found = found || v.Kind == kind
			}
			if !found {
				t.Errorf("%s %+v, want one of %v: %s", v.Kind, v.Gates, c.kinds, v.Text)
			}
			if c.lacks != "" && strings.Contains(v.Text, c.lacks) {
				t.Errorf("text %q says %q", v.Text, c.lacks)
			}
			if !c.anyDay && c.dated != (v.Since != nil) {
				t.Errorf("since %v: %s", v.Since, v.Text)
			}
		})
	}
}

// TestYearsOfUnrest: of 80 pairs of years in which nothing happens but that weeks
// vary by 4 points more than chance, few are called different.
func TestYearsOfUnrest(t *testing.T) {
	t.Parallel()
	called := 0
	for seed := range uint64(80) {
		s := newShop(1000 + seed)
		var off float64
		for ago := Day(756); ago > 0; ago-- {
			if ago%7 == 0 {
				off = 0.02 * s.chance.NormFloat64()
			}
			s.answer(today-ago, "all", 28, 0.5+off, 0.2-off)
		}
		in := Input{Metric: surveys.NPS, From: today - 365, To: today, Days: s.all}
		if kind := golden.Must(Build(in)).Verdict.Kind; kind != Normal {
			called++
		}
	}
	if called > 4 {
		t.Errorf("%d of 80 quiet years are called changed", called)
	}
}

// TestMixCheckAsksTheKeyThatMoved: a key whose mix did not move beyond chance does
// not stand in the way of one whose mix did, even if it leaves less.
func TestMixCheckAsksTheKeyThatMoved(t *testing.T) {
	t.Parallel()
	nps := func(bad, good int64) bands { return bandsOf(surveys.NPS.Scale(), npsCounts(bad, 0, good)) }
	b := &build{in: Input{Confidence: 0.95}, scale: surveys.NPS.Scale()}
	moved := keyPairs{key: "plan", pairs: []pair{{"old", nps(40, 360), nps(30, 170)}, {"new", nps(60, 40), nps(195, 105)}}}
	still := keyPairs{key: "luck", pairs: []pair{{"a", nps(0, 20), nps(0, 14)}, {"b", nps(10, 0), nps(16, 0)}}}
	for _, groups := range [][]keyPairs{{moved, still}, {still, moved}} {
		if check := b.mixCheck(groups, -40); check == nil || check.Key != "plan" || !check.explains(-40) {
			t.Errorf("asked %+v", check)
		}
	}
	if check := b.mixCheck([]keyPairs{still}, -40); check == nil || check.Key != "luck" || check.moved() {
		t.Errorf("alone: %+v", check)
	}
}
