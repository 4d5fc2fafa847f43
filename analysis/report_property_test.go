package analysis

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// drawYear draws a year of answers with a step somewhere in it and a mix that
// may move, enough for every verdict to happen.
func drawYear(t *rapid.T) Input {
	length := Day(rapid.SampledFrom([]int{7, 28, 90}).Draw(t, "length"))
	in := Input{Metric: surveys.NPS, From: today - length, To: today, TrendFrom: today - 364, By: "plan",
		Segments: map[string][]DayCounts{}, Bucketing: rapid.SampledFrom([]Bucketing{ByDay, ByWeek}).Draw(t, "bucketing")}
	size := rapid.Int64Range(0, 30)
	step, shift := today-Day(rapid.IntRange(0, 400).Draw(t, "step")), rapid.Int64Range(-12, 12).Draw(t, "shift")
	for day := today - 371; day < today; day += Day(rapid.IntRange(1, 9).Draw(t, "gap")) {
		for _, plan := range []string{"basic", "pro", ""} {
			bad, good := size.Draw(t, "bad"), size.Draw(t, "good")
			if day >= step {
				bad, good = max(0, bad-shift), max(0, good+shift)
			}
			row := DayCounts{day, npsCounts(bad, size.Draw(t, "mid"), good)}
			in.Days = append(in.Days, row)
			if plan != "" {
				in.Segments[plan] = append(in.Segments[plan], row)
			}
		}
	}
	return in
}

// everywhere maps every row of an input.
func everywhere(in Input, change func([]DayCounts) []DayCounts) Input {
	in.Days = change(in.Days)
	segments := map[string][]DayCounts{}
	for value, days := range in.Segments {
		segments[value] = change(days)
	}
	in.Segments = segments
	return in
}

func asJSON(r Report) string { return string(golden.Must(json.Marshal(r))) }

// shiftReport moves every date of a report, and words it again.
func shiftReport(r Report, by Day) Report {
	r.From, r.To = r.From+by, r.To+by
	if r.Previous != nil {
		previous := *r.Previous
		previous.From, previous.To = previous.From+by, previous.To+by
		r.Previous = &previous
	}
	r.Trend, r.Changes = slices.Clone(r.Trend), slices.Clone(r.Changes)
	for i := range r.Trend {
		r.Trend[i].Start += by
	}
	for i := range r.Changes {
		c := &r.Changes[i]
		c.At, c.Earliest, c.Latest = c.At+by, c.Earliest+by, c.Latest+by
		c.Where = shiftSource(c.Where, by)
	}
	r.Verdict.Where = shiftSource(r.Verdict.Where, by)
	if r.Last != nil {
		last := *r.Last
		last.At += by
		r.Last = &last
	}
	if r.Verdict.Since != nil {
		since := *r.Verdict.Since + by
		r.Verdict.Since = &since
	}
	if r.Verdict.Over != nil {
		over := *r.Verdict.Over + by
		r.Verdict.Over = &over
	}
	r.Verdict.Text = englishText(r)
	return r
}

// shiftSource moves the days that a source stands on.
func shiftSource(s *Source, by Day) *Source {
	if s == nil {
		return nil
	}
	moved := *s
	for _, on := range []*Stretch{&moved.Then, &moved.Now} {
		on.From, on.To = on.From+by, on.To+by
	}
	return &moved
}

// TestReportShifts: the same answers 52 weeks later make the same report, 52
// weeks later; before 1970 as well.
func TestReportShifts(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawYear(t)
		by := Day(rapid.SampledFrom([]int{364, -728, -61 * 364}).Draw(t, "by"))
		later := everywhere(in, func(days []DayCounts) []DayCounts {
			moved := slices.Clone(days)
			for i := range moved {
				moved[i].Day += by
			}
			return moved
		})
		later.From, later.To, later.TrendFrom = in.From+by, in.To+by, in.TrendFrom+by
		want, got := asJSON(shiftReport(golden.Must(Build(in)), by)), asJSON(golden.Must(Build(later)))
		if want != got {
			t.Fatalf("shifted\n%s\nmade of shifted answers\n%s", want, got)
		}
	})
}

// TestReportMerges: whether the answers of a day come in one row or in three, and
// in which order the days come, is all the same.
func TestReportMerges(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawYear(t)
		torn := everywhere(in, func(days []DayCounts) []DayCounts {
			var rows []DayCounts
			for _, d := range days {
				third, rest := d, d
				for score, k := range d.Counts {
					third.Counts[score] = k / 3
					rest.Counts[score] = k - 2*(k/3)
				}
				rows = append(rows, third, DayCounts{Day: d.Day}, rest, third)
			}
			slices.Reverse(rows)
			return rows
		})
		if want, got := asJSON(golden.Must(Build(in))), asJSON(golden.Must(Build(torn))); want != got {
			t.Fatalf("whole\n%s\ntorn\n%s", want, got)
		}
	})
}

// TestReportMirrors: where promoters and detractors change places, every score and
// difference changes its sign, every rise is a fall, and every date stays.
func TestReportMirrors(t *testing.T) {
	t.Parallel()
	opposite := map[VerdictKind]VerdictKind{Rise: Fall, Fall: Rise, Normal: Normal, TooFew: TooFew, Mixed: Mixed, None: None}
	rapid.Check(t, func(t *rapid.T) {
		in := drawYear(t)
		a := golden.Must(Build(in))
		b := golden.Must(Build(everywhere(in, func(days []DayCounts) []DayCounts {
			mirrored := make([]DayCounts, len(days))
			for i, d := range days {
				mirrored[i] = DayCounts{d.Day, npsCounts(d.Counts[10], d.Counts[8], d.Counts[3])}
			}
			return mirrored
		})))
		opposed := func(x, y *float64) bool {
			return x == nil && y == nil || x != nil && y != nil && math.Abs(*x+*y) < 1e-9
		}
		if !opposed(a.Score, b.Score) || b.Verdict.Kind != opposite[a.Verdict.Kind] || b.Verdict.Gates != a.Verdict.Gates {
			t.Fatalf("%+v is not the mirror of %+v", b.Verdict, a.Verdict)
		}
		if (a.Verdict.Since == nil) != (b.Verdict.Since == nil) || a.Verdict.Since != nil && *a.Verdict.Since != *b.Verdict.Since {
			t.Fatalf("since %v, mirrored %v", a.Verdict.Since, b.Verdict.Since)
		}
		if len(a.Changes) != len(b.Changes) || len(a.Segments) != len(b.Segments) {
			t.Fatalf("%+v is not the mirror of %+v", b.Changes, a.Changes)
		}
		for i, c := range a.Changes {
			d := b.Changes[i]
			if c.At != d.At || c.Earliest != d.Earliest || c.ByMix != d.ByMix || math.Abs(c.Difference+d.Difference) > 1e-9 {
				t.Fatalf("%+v is not the mirror of %+v", d, c)
			}
		}
		for i, p := range a.Trend {
			if q := b.Trend[i]; !opposed(p.Score, q.Score) || !opposed(p.Low, q.High) || p.Smooth != nil && math.Abs(*p.Smooth+*q.Smooth) > 1e-3 {
				t.Fatalf("%s: %+v is not the mirror of %+v", p.Start, q, p)
			}
		}
	})
}

// TestReportBounds: scores lie on the scale and in their intervals, probabilities
// between 0 and 1, changes inside their ranges.
func TestReportBounds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		r := golden.Must(Build(in))
		low := 0.0
		if in.Metric.Scale().Net {
			low = -100
		}
		for _, p := range r.Trend {
			if p.Score != nil && (*p.Score < low || *p.Score > 100 || *p.Low > *p.High) {
				t.Fatalf("%+v", p)
			}
		}
		for _, c := range r.Changes {
			if c.Earliest > c.At || c.Latest < c.At || !(c.P >= 0 && c.P <= 1) || math.Abs(c.Difference) < 5 ||
				c.Before < low || c.After > 100 || c.BeforeIn.Low > c.BeforeIn.High {
				t.Fatalf("%+v", c)
			}
		}
		if v := r.Verdict; (v.Kind == Rise || v.Kind == Fall) &&
			(v.Gates.Size != Passed || v.Gates.Interval != Passed || v.Gates.Alarm == Failed || v.Gates.Mix == Failed) {
			t.Fatalf("%s with gates %+v", v.Kind, v.Gates)
		}
		for _, s := range r.Segments {
			if s.Hidden != (s.Score == nil) || s.P != nil && !(*s.P >= 0 && *s.PAdjusted <= 1) {
				t.Fatalf("%+v", s)
			}
		}
	})
}

// BenchmarkReportYear makes the report of a year by day: ten segments on show and
// two further keys of ten for the mix, with trend, changes and verdict. The ratio
// is to merely adding up all its cells once.
func BenchmarkReportYear(b *testing.B) {
	in := yearOfTenSegments()
	b.ReportAllocs()
	for b.Loop() {
		golden.Must(Build(in))
	}
	each := b.Elapsed() / time.Duration(b.N)
	start, times, n := time.Now(), 20, int64(0)
	for range times {
		sum := sumDays(in.Days, in.TrendFrom-400, in.To)
		n = sum.N()
		for _, values := range in.keys() {
			for _, days := range values {
				sum := sumDays(days, in.TrendFrom-400, in.To)
				n += sum.N()
			}
		}
	}
	b.ReportMetric(float64(each)/(float64(time.Since(start))/float64(times)), "x-cell-sum")
	if n == 0 {
		b.Fatal("nothing was summed")
	}
}

// yearOfTenSegments is two years of days, so that the year has one before it, with
// a fall in one segment.
func yearOfTenSegments() Input {
	in := Input{Metric: surveys.NPS, From: today - 365, To: today, Bucketing: ByDay, By: "plan",
		Segments: map[string][]DayCounts{}, Mix: map[string]map[string][]DayCounts{"country": {}, "channel": {}}}
	for day := today - 730; day < today; day++ {
		var all surveys.Counts
		for i := range 10 {
			good := int64(8 + (int(day)*7+i*3)%9)
			if i == 4 && day > today-100 {
				good /= 3
			}
			c := npsCounts(int64(2+(int(day)*5+i)%5), 5, good)
			all.Add(c)
			value := string(rune('a' + i))
			in.Segments[value] = append(in.Segments[value], DayCounts{day, c})
			for _, key := range in.Mix {
				other := string(rune('a' + (i+int(day))%10))
				key[other] = append(key[other], DayCounts{day, c})
			}
		}
		in.Days = append(in.Days, DayCounts{day, all})
	}
	return in
}

// TestReportNeedsNoMixBeforeMixFrom: the further keys' older days make no
// difference to anything that a report says.
func TestReportNeedsNoMixBeforeMixFrom(t *testing.T) {
	t.Parallel()
	left := 0
	rapid.Check(t, func(t *rapid.T) {
		in := drawYear(t)
		if rapid.Bool().Draw(t, "quiet") {
			in = everywhere(in, func(days []DayCounts) []DayCounts {
				days = slices.Clone(days)
				for i := range days {
					days[i].Counts = npsCounts(2, 3, 5)
				}
				return days
			})
		}
		in.Against = rapid.SampledFrom([]Against{"", YearBefore}).Draw(t, "against")
		in.Mix, in.By, in.Segments = map[string]map[string][]DayCounts{"plan": in.Segments}, "", nil
		from, err := in.MixFrom()
		if err != nil {
			t.Fatal(err)
		}
		whole, late := asJSON(golden.Must(Build(in))), map[string][]DayCounts{}
		for value, days := range in.Mix["plan"] {
			late[value] = slices.DeleteFunc(slices.Clone(days), func(d DayCounts) bool { return d.Day < from })
			left += len(days) - len(late[value])
		}
		in.Mix = map[string]map[string][]DayCounts{"plan": late}
		if got := asJSON(golden.Must(Build(in))); got != whole {
			t.Errorf("without the mix before %s:\n%s\nwith it:\n%s", from, got, whole)
		}
	})
	if left == 0 {
		t.Error("no mix was ever left out")
	}
}

func TestMixFromRefusesWhatBuildRefuses(t *testing.T) {
	t.Parallel()
	if from, err := (Input{Metric: surveys.NPS, From: today, To: today}).MixFrom(); err == nil {
		t.Errorf("an empty period asks the mix from %s on", from)
	}
}
