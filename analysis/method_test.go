package analysis

import (
	"testing"

	"github.com/harkhq/hark/analysis/internal/golden"
	"github.com/harkhq/hark/surveys"
)

// TestReportTakesTheMethod: every interval of a score follows it, and no test
// does.
func TestReportTakesTheMethod(t *testing.T) {
	t.Parallel()
	for _, m := range surveys.Metrics() {
		now, before := surveys.Counts{1: 20, 3: 5, 5: 30}, surveys.Counts{1: 15, 3: 10, 5: 35}
		part, rest := surveys.Counts{1: 5, 3: 2, 5: 13}, surveys.Counts{1: 10, 3: 2, 5: 12}
		in := Input{Metric: m, From: 100, To: 130, By: "plan",
			Days:     []DayCounts{{Day: 80, Counts: before}, {Day: 110, Counts: now}},
			Segments: map[string][]DayCounts{"a": {{Day: 110, Counts: part}}, "b": {{Day: 110, Counts: rest}}},
		}
		plain := golden.Must(Build(in))
		if plain.Interval.Method != Methods(m)[0] {
			t.Errorf("%s: the default is %s, not %s", m, plain.Interval.Method, Methods(m)[0])
		}
		for _, method := range Methods(m) {
			in.Method = method
			r := golden.Must(Build(in))
			by := func(c surveys.Counts) Interval { return golden.Must(IntervalBy(method, m, c, 0.95)) }
			for what, pair := range map[string][2]Interval{
				"headline": {*r.Interval, by(now)},
				"previous": {ends(r.Previous.Low, r.Previous.High, by(before)), by(before)},
				"trend":    {ends(r.Trend[10].Low, r.Trend[10].High, by(now)), by(now)},
				"segment":  {ends(segmentOf(r, "a").Low, segmentOf(r, "a").High, by(part)), by(part)},
				"no value": {ends(segmentOf(r, "").Low, segmentOf(r, "").High, by(now)), by(surveys.Counts{1: 5, 3: 1, 5: 5})},
			} {
				if pair[0] != pair[1] {
					t.Errorf("%s by %s: the %s has %+v, want %+v", m, method, what, pair[0], pair[1])
				}
			}
			if *r.Previous.P != *plain.Previous.P || *segmentOf(r, "a").P != *segmentOf(plain, "a").P {
				t.Errorf("%s by %s: a test follows the interval's method", m, method)
			}
		}
	}
}

// ends is an interval like another, with ends of its own.
func ends(low, high *float64, like Interval) Interval {
	like.Low, like.High = *low, *high
	return like
}

func segmentOf(r Report, value string) Segment {
	for _, s := range r.Segments {
		if s.Value == value {
			return s
		}
	}
	return Segment{}
}

func TestReportRefusesAMethod(t *testing.T) {
	t.Parallel()
	for metric, method := range map[surveys.Metric]Method{surveys.NPS: Wilson, surveys.CES: AdjustedWald, surveys.CSAT: "guess", surveys.CES5: Newcombe} {
		_, err := Build(Input{Metric: metric, Method: method, From: 1, To: 2})
		refusedFor(t, err, "method")
	}
}

func TestMethodsOfNoMetric(t *testing.T) {
	t.Parallel()
	if methods := Methods("happiness"); methods != nil {
		t.Errorf("happiness has %v", methods)
	}
}
