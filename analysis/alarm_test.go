package analysis

import (
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// course is a survey of so many answers a day whose promoters' share depends on
// the day; a fifth are detractors before, and gain what promoters lose.
func course(seed uint64, days Day, perDay int, lost func(Day) float64) *shop {
	s := newShop(seed)
	for day := today - days; day < today; day++ {
		s.answer(day, "all", perDay, 0.6-lost(day)/2, 0.15+lost(day)/2)
	}
	return s
}

// lastDays asks for the report of the last so many days, ended so many days ago.
func (s *shop) lastDays(days, ago Day) Input {
	return Input{Metric: surveys.NPS, From: today - ago - days, To: today - ago, Days: s.all}
}

func TestAlarmMustLast(t *testing.T) {
	t.Parallel()
	fell := func(from, to Day) func(Day) float64 {
		return func(day Day) float64 {
			if day >= today-from && day < today-to {
				return 0.2
			}
			return 0
		}
	}
	cases := []struct {
		name  string
		lost  func(Day) float64
		ago   Day // before today, where the period ends
		kind  VerdictKind
		alarm Gate
	}{
		{"fell five weeks ago and stayed", fell(35, 0), 0, Fall, Passed},
		{"fell for five weeks, and has recovered for five", fell(70, 35), 0, Normal, Failed},
		{"the newest week has only begun", fell(35, 0), 5, Fall, Passed},
		{"nothing", fell(0, 0), 0, Normal, Failed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := golden.Must(Build(course(3, 360, 12, c.lost).lastDays(84, c.ago))).Verdict
			if v.Kind != c.kind || v.Gates.Alarm != c.alarm {
				t.Errorf("%s %+v", v.Kind, v.Gates)
			}
		})
	}
}

// A difference that a plain interval would believe is not believed while the
// weeks are too few to know what is normal; one that nobody could doubt is.
func TestAlarmIsCautiousWithoutHistory(t *testing.T) {
	t.Parallel()
	build := func(before, now surveys.Counts) Verdict {
		in := Input{Metric: surveys.NPS, From: today - 28, To: today}
		for day := today - 56; day < today; day += 7 {
			counts := before
			if day >= today-28 {
				counts = now
			}
			in.Days = append(in.Days, DayCounts{Day: day, Counts: counts})
		}
		return golden.Must(Build(in)).Verdict
	}
	steady := npsCounts(20, 30, 50)
	doubtful := build(steady, npsCounts(26, 30, 44))
	if !doubtful.Difference.Significant() || doubtful.Kind != Normal || doubtful.Gates.Interval != Failed {
		t.Errorf("12 points: %s %+v %+v", doubtful.Kind, doubtful.Difference, doubtful.Gates)
	}
	clear := build(steady, npsCounts(40, 30, 30))
	if clear.Kind != Fall || clear.Gates.Alarm != Unknown {
		t.Errorf("40 points: %s %+v", clear.Kind, clear.Gates)
	}
	// A comparison that somebody chose is looked at once: the plain interval does.
	var days []DayCounts
	for day := today - 56; day < today; day += 7 {
		counts := steady
		if day >= today-28 {
			counts = npsCounts(26, 30, 44)
		}
		days = append(days, DayCounts{Day: day, Counts: counts})
	}
	chosen := golden.Must(CompareSpans(Input{Metric: surveys.NPS, Days: days}, Span{today - 56, today - 28}, Span{today - 28, today}))
	if chosen.Verdict.Kind != Fall {
		t.Errorf("chosen: %+v", chosen.Verdict)
	}
}

func TestStretchedKeepsTheDifference(t *testing.T) {
	t.Parallel()
	d := Difference{Difference: -6, Low: -10, High: -1}
	if same := d.stretched(1); same != d {
		t.Errorf("by 1: %+v", same)
	}
	if wide := d.stretched(2); wide.Low != -14 || wide.High != 4 || wide.Difference != -6 {
		t.Errorf("by 2: %+v", wide)
	}
}

// What rang before both periods must not ring on: a score that fell half a year
// ago is quiet again, and its baseline begins with the fall.
func TestAlarmForgetsWhatIsSettled(t *testing.T) {
	t.Parallel()
	s := course(3, 360, 12, func(day Day) float64 {
		if day >= today-100 {
			return 0.3
		}
		return 0
	})
	in, err := s.lastDays(28, 0).normalised()
	if err != nil {
		t.Fatal(err)
	}
	b := newBuild(in)
	changes := b.changes()
	if len(changes) != 1 || b.settled(changes) != changes[0].At || b.settled(nil) >= today-360 {
		t.Fatalf("changes %+v", changes)
	}
	if with, without := b.listen(-1, changes), b.listen(-1, nil); with.gate != Unknown || without.gate != Passed {
		t.Errorf("with the change %+v, without %+v", with, without)
	}
	if v := golden.Must(Build(in)).Verdict; v.Kind != Normal {
		t.Errorf("verdict %+v", v)
	}
	// A fall within the two periods is what the verdict is about.
	in = s.lastDays(84, 0)
	if v := golden.Must(Build(in)).Verdict; v.Kind != Fall || v.Gates.Alarm != Passed {
		t.Errorf("over 84 days: %+v", v)
	}
}

// Where the mix has moved, what remains at a constant mix must be beyond chance
// by itself.
func TestGatesAskTheRestOfAMix(t *testing.T) {
	t.Parallel()
	d := Difference{Difference: -12, Low: -20, High: -4, Z: -3}
	b := &build{in: Input{Limits: Limits{}.withDefaults()}}
	cases := []struct {
		name    string
		mix     *MixCheck
		stretch float64
		want    Gates
	}{
		{"no mix known", nil, 1, Gates{Passed, Passed, Passed, Unknown}},
		{"the mix stayed", &MixCheck{Difference: -8, Low: -17, High: 1, P: 0.5}, 1, Gates{Passed, Passed, Passed, Passed}},
		{"it moved, the rest is within chance", &MixCheck{Difference: -8, Low: -17, High: 1, P: 0.001}, 1, Gates{Passed, Failed, Passed, Passed}},
		{"it moved, the rest is clear", &MixCheck{Difference: -10, Low: -18, High: -2, P: 0.001}, 1, Gates{Passed, Passed, Passed, Passed}},
		{"clear, but not for such weeks", &MixCheck{Difference: -10, Low: -18, High: -2, P: 0.001}, 1.4, Gates{Passed, Failed, Passed, Passed}},
		{"it explains most", &MixCheck{Difference: -2, Low: -9, High: 5, P: 0.001}, 1, Gates{Passed, Passed, Passed, Failed}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if g := b.gates(d, c.mix, alarm{gate: Passed, stretch: c.stretch}); g != c.want {
				t.Errorf("%+v, want %+v", g, c.want)
			}
		})
	}
}
