package analysis

import (
	"errors"
	"math"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
)

// TestExtremesAreRefused: input that no one means but that a mistyped year, a broken
// import or an overflow make. It used to panic, to run without an end, or to come
// back as NaN.
func TestExtremesAreRefused(t *testing.T) {
	t.Parallel()
	const never, ever = Day(math.MinInt), Day(math.MaxInt)
	nps := npsCounts(5, 5, 20)
	series := func(value, variance float64) []Observation {
		return []Observation{{Value: value, Variance: variance}, {Value: -value, Variance: variance}, {Value: 1, Variance: 1}}
	}
	report := func(from, to Day) error {
		return second(Build(Input{Metric: surveys.NPS, From: from, To: to, Bucketing: ByWeek}))
	}
	spans := func(before, after Span) error {
		return second(CompareSpans(Input{Metric: surveys.NPS}, before, after))
	}
	level, err := SmoothLevel(series(1, 1), 1)
	if err != nil {
		t.Fatal(err)
	}
	level.FilteredVar = nil
	many := make([]surveys.Counts, 2000)
	for i := range many {
		many[i] = npsCounts(0, 0, maxAnswers)
	}
	cases := []struct {
		name, field string
		err         error
	}{
		{"cut of all days", "from", second(ByWeek.Cut(nil, never, ever))},
		{"cut beyond the calendar", "from", second(ByMonth.Cut(nil, ever-5, ever))},
		{"report of all days", "from", report(never, ever)},
		{"report before the calendar", "from", report(never, never+7)},
		{"report beyond the calendar", "from", report(ever-7, ever)},
		{"year ago of all days", "from", second(CompareYearAgo(surveys.NPS, nil, never, ever, 0.95))},
		{"spans of all days", "compare", spans(Span{never, 0}, Span{0, ever})},
		{"season of all steps", "", second(STL([]float64{1, 2, 3}, SeasonOptions{Period: math.MaxInt}))},
		{"season of huge values", "values", second(STL([]float64{1e308, -1e308, 1e308, -1e308}, SeasonOptions{Period: 2}))},
		{"level of huge values", "observations", second(FitLevel(series(1e308, 1)))},
		{"level of values without an error", "observations", second(FitLevel(series(1, 5e-324)))},
		{"level that moves without bounds", "q", second(SmoothLevel(series(1, 1), 1e308))},
		{"loess of huge values", "points", second(Loess([]LoessPoint{{-1e308, 1, 1}, {1e308, 1, 1}, {0, 1, 1}}, 1, 1))},
		{"loess of a huge span", "span", second(Loess([]LoessPoint{{-1, 1, 1}, {1, 1, 1}, {0, 1, 1}}, 1e308, 1))},
		{"chart without a limit", "limit", second(Control(surveys.NPS, []surveys.Counts{nps, nps}, ControlOptions{Baseline: 2, Lambda: 0.2, Limit: math.Inf(1), Funnel: 3}))},
		{"sums of hardly anything", "inflation", second(CUSUM(surveys.NPS, []surveys.Counts{nps, npsCounts(9, 0, 0)}, CUSUMOptions{Baseline: 1, Decision: 5, Inflation: 5e-324}))},
		{"power of next to nothing", "power", second(SampleForDifference(6700, 5, 0.95, 1e-18))},
		{"groups beyond an int64", "counts", second(TestGroups(surveys.NPS, many))},
		{"move from nowhere", "move", second(Move{Variance: -1}.DropOver(5))},
		{"level put together by hand", "step", second(level.Between(0, 2))},
		{"distribution of words", "distribution", new(Distribution).UnmarshalJSON([]byte(`{"ten":1}`))},
		{"repeats below all", "counts", second(Repeats{Metric: surveys.NPS, People: 2, Answers: 2, Sizes: 2, Cross: math.MinInt64}.Score(0.95))},
	}
	for _, c := range cases {
		var input *InputError
		var refusal *Refusal
		switch {
		case c.field == "" && !errors.As(c.err, &refusal):
			t.Errorf("%s: %v, want a refusal", c.name, c.err)
		case c.field != "" && (!errors.As(c.err, &input) || input.Field != c.field):
			t.Errorf("%s: %v, want %q refused", c.name, c.err, c.field)
		}
	}
}

func second[V any](_ V, err error) error { return err }

// TestZeroValuesAreHarmless: what was never filled has an answer all the same.
func TestZeroValuesAreHarmless(t *testing.T) {
	t.Parallel()
	if gain := (PairedDifference{}).Gain(); gain != 0 {
		t.Errorf("a comparison that was not made gains %v", gain)
	}
	if f := Display("", 12, Interval{Low: -3, High: 27}); f.Score != 12 || f.Low != -3 || f.High != 27 {
		t.Errorf("without a metric: %+v", f)
	}
	one := 1.0
	_, report := Report{Score: &one}.Figure()
	if _, segment := (Segment{Score: &one}).Figure(surveys.NPS); report || segment {
		t.Error("a score without an interval is shown")
	}
	if day := DayOf(time.Date(2026, 3, 1, 23, 0, 0, 0, time.UTC), nil); day != DateDay(2026, 3, 1) {
		t.Errorf("without a zone it is %s", day)
	}
}

// TestLevelKeepsAVariance: an observation that is surer than all before it by more
// than a float has digits.
func TestLevelKeepsAVariance(t *testing.T) {
	t.Parallel()
	l, err := SmoothLevel([]Observation{{Value: 5, Variance: 1e20}, {Value: 3, Variance: 1e-3}, {Value: 3, Variance: 1e-3}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range l.Smooth {
		if !(math.Abs(v-3) < 1e-9) || !(math.Abs(l.SmoothVar[i]-5e-4) < 1e-12) {
			t.Errorf("step %d: %v with variance %v", i, v, l.SmoothVar[i])
		}
	}
}
