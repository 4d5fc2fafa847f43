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
