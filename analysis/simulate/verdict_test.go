package simulate

import (
	"testing"

	"github.com/harkhq/hark/analysis"
)

// TestQuietYearsAreCalledQuiet: who reads the report every Monday of a year in
// which nothing happens is told of a change in at most 12 % of such years, also
// where weeks vary by 4 points more than chance. So few years can only tell a
// good verdict from a bad one: at the full size it is docs/methods.md that says
// how many.
func TestQuietYearsAreCalledQuiet(t *testing.T) {
	t.Parallel()
	told, years := 0.0, 0.0
	for i, period := range []analysis.Day{28, 90} {
		for j, w := range []world{{weekly: 50}, {weekly: 200, unrest: 4, history: 52}} {
			list, err := w.years(chance(uint64(2*i+j)), period, 25)
			if err != nil {
				t.Fatal(err)
			}
			told += share(changes(list)) * float64(len(list))
			years += float64(len(list))
		}
	}
	t.Logf("told of a change in %v of %v quiet years", told, years)
	if told > 0.12*years {
		t.Errorf("told of a change in %v of %v quiet years", told, years)
	}
}

// TestDropsAreCalled: a loss of 20 points is called a fall within half a quarter.
func TestDropsAreCalled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		w      world
		period analysis.Day
		share  float64
		within float64
	}{
		{world{weekly: 100, drop: -20}, 28, 0.75, 5},
		{world{weekly: 50, drop: -20}, 90, 0.9, 10},
		{world{weekly: 200, drop: -10}, 90, 0.9, 10},
	} {
		list, err := c.w.years(chance(9), c.period, 20)
		if err != nil {
			t.Fatal(err)
		}
		if s, m := share(falls(list)), median(falls(list)); s < c.share || m > c.within {
			t.Errorf("%+v over %d days: called in %.2f, after %v weeks", c.w, c.period, s, m)
		}
	}
}

func TestMixIsCalledMix(t *testing.T) {
	t.Parallel()
	r := chance(4)
	var list []called
	for range 20 {
		told, err := shift{world{weekly: 100}}.walk(r, 90)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, told)
	}
	if m, f := share(mixes(list)), share(changes(list)); m < 0.95 || f > 0.25 {
		t.Errorf("called mix in %.2f of such years, a change in %.2f", m, f)
	}
}

func TestScans(t *testing.T) {
	t.Parallel()
	s, err := scans(chance(5), 20, 200, 60)
	if err != nil {
		t.Fatal(err)
	}
	if s.plain < 0.4 || s.hark > 0.12 || s.found < 0.15 {
		t.Errorf("%+v", s)
	}
}

func TestNotes(t *testing.T) {
	t.Parallel()
	var c called
	for week, kind := range []analysis.VerdictKind{analysis.None, analysis.Normal, analysis.Rise, analysis.Mixed, analysis.TooFew, analysis.Fall, analysis.Rise, analysis.Fall} {
		c.note(kind, week)
	}
	if want := (called{rise: 2, mix: 3, fall: 5}); c != want {
		t.Errorf("%+v, want %+v", c, want)
	}
	list := []called{c, {}, {fall: 1}, {rise: 4}}
	for name, got := range map[string][]int{"changes": changes(list), "falls": falls(list), "mixes": mixes(list)} {
		want := map[string][]int{"changes": {2, 0, 1, 4}, "falls": {5, 0, 1, 0}, "mixes": {3, 0, 0, 0}}[name]
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
		}
	}
}
