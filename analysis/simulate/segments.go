package simulate

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
)

// scan is what reports said of segments.
type scan struct {
	plain float64 // share of reports in which a segment has p < 0.05, though all are alike
	hark  float64 // share of reports that call one of them higher or lower
	found float64 // share of other reports that call the one segment lower that is
}

// scans builds reports of so many segments of size answers each: of segments that
// are all alike, and of such in which one's score is 20 points lower.
func scans(r *rand.Rand, segments, size, reports int) (scan, error) {
	var result scan
	one := 1 / float64(reports)
	for range reports {
		alike, err := analysis.Build(segmented(r, segments, size, 0))
		if err != nil {
			return result, err
		}
		if slices.ContainsFunc(alike.Segments, func(s analysis.Segment) bool { return *s.P < 0.05 }) {
			result.plain += one
		}
		if slices.ContainsFunc(alike.Segments, different) {
			result.hark += one
		}
		odd, err := analysis.Build(segmented(r, segments, size, -20))
		if err != nil {
			return result, err
		}
		if slices.ContainsFunc(odd.Segments, func(s analysis.Segment) bool { return s.Value == name(0) && s.Verdict == analysis.Lower }) {
			result.found += one
		}
	}
	return result, nil
}

// different reports whether a report says that a segment differs.
func different(s analysis.Segment) bool {
	return s.Verdict == analysis.Lower || s.Verdict == analysis.Higher
}

func name(i int) string { return fmt.Sprintf("s%02d", i) }

func segmented(r *rand.Rand, segments, size int, off float64) analysis.Input {
	in := analysis.Input{Metric: surveys.NPS, From: firstDay, To: firstDay + 7, By: "segment", Segments: map[string][]analysis.DayCounts{}}
	for i := range segments {
		truth := usual()
		if i == 0 {
			truth = truth.moved(off)
		}
		day := analysis.DayCounts{Day: firstDay, Counts: truth.answers(r, size)}
		in.Days, in.Segments[name(i)] = append(in.Days, day), []analysis.DayCounts{day}
	}
	return in
}

// shift is a year in which nobody changes their mind, but from the watch's
// beginning half of the answers come from newcomers, who are critical, where it
// was a tenth.
type shift struct{ world }

// The two groups' truths: an NPS of 50 and of −10.
func regulars() population  { return population{promoters: 0.6, detractors: 0.1} }
func newcomers() population { return population{promoters: 0.3, detractors: 0.4} }

// walk reads the report of the last so many days on every Monday of the watch.
func (s shift) walk(r *rand.Rand, period analysis.Day) (called, error) {
	days := s.days(r)
	var told called
	for week := 1; week <= yearWeeks; week++ {
		to := firstDay + analysis.Day(7*(s.before()+week))
		report, err := analysis.Build(analysis.Input{Metric: surveys.NPS, From: to - period, To: to,
			Days: slices.Concat(days[0][:to-firstDay], days[1][:to-firstDay]), By: "plan",
			Segments: map[string][]analysis.DayCounts{"regular": days[0][:to-firstDay], "new": days[1][:to-firstDay]}})
		if err != nil {
			return told, err
		}
		told.note(report.Verdict.Kind, week)
	}
	return told, nil
}

// days draws the regulars' and the newcomers' days.
func (s shift) days(r *rand.Rand) (groups [2][]analysis.DayCounts) {
	for i := range 7 * (s.before() + yearWeeks) {
		share := 0.1
		if i >= 7*s.before() {
			share = 0.5
		}
		n, fresh := s.weekly*(i%7+1)/7-s.weekly*(i%7)/7, 0
		for range n {
			if r.Float64() < share {
				fresh++
			}
		}
		day := firstDay + analysis.Day(i)
		groups[0] = append(groups[0], analysis.DayCounts{Day: day, Counts: regulars().answers(r, n-fresh)})
		groups[1] = append(groups[1], analysis.DayCounts{Day: day, Counts: newcomers().answers(r, fresh)})
	}
	return groups
}
