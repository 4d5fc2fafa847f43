package analysis

import (
	"errors"
	"maps"
	"math"
	"slices"

	"github.com/harkhq/hark/surveys"
)

// Input is what [Build] needs. Rows come in as counts per local day: see
// [DayOf] for a row with a time; rows without one may all be put on one day.
type Input struct {
	Metric     surveys.Metric
	Confidence float64 // of every interval, 0.5…0.9999; 0 means 0.95

	// Method makes the intervals of scores, one of [Methods]: the headline's, the
	// trend's, the previous period's and the segments'; "" means the metric's
	// default. Tests keep the method that suits a difference, whatever this is:
	// see [Compare].
	Method Method

	From, To  Day       // the period: From inclusive, To exclusive
	Against   Against   // what it is compared with; "" means the period before
	TrendFrom Day       // where the trend starts, if before From; 0 means From
	Bucketing Bucketing // of the trend; "" chooses one that suits its length

	// Days are everybody's answers. They should reach back over the earlier period
	// ([Against.Span]), for the comparison, and 26 weeks or a year further, for the
	// trend's normal level. Any order; a day may come more than once.
	Days []DayCounts

	// Segments are the answers by value of the segment key By, over the same
	// days; By "" means no split. An answer without a value may be in none.
	By       string
	Segments map[string][]DayCounts

	// Mix holds further segment keys, key → value → days, that are not shown but
	// asked for the mix check and for where a change came from.
	Mix map[string]map[string][]DayCounts

	// Untold says that the score of a value of a key must not be told on some days,
	// though it has answers enough: no change is then said to come from it. Nil: none.
	Untold func(key, value string, days Span) bool

	// Tell says that the score of some days, a step of the trend or several, may be
	// told though it has answers enough; the line does not learn from others. It is
	// asked for the trend's steps, the latest first, before anything else. Nil: all.
	Tell func(days Span) bool

	// MixUnread says that there are further keys, which were not read. What could be
	// their doing is then not called real, and no change is dated.
	MixUnread bool

	Limits Limits // what is too small; zero fields mean the defaults
}

// maxBuckets bounds a trend, and with it the work of one report.
const maxBuckets = 5000

// maxDays bounds a period: a century, which only a mistyped year exceeds.
const maxDays = 36525

// CheckPeriod refuses a period, here and in the packages below, that is empty,
// longer than a century, or not within the years 1 to 9999, which are those that a
// [Day] can be written in.
func CheckPeriod(from, to Day) error {
	if first, last := DateDay(1, 1, 1), DateDay(10000, 1, 1); from < first || from > last || to < first || to > last {
		return Refuse("from", "days %d to %d are out of the calendar", int(from), int(to))
	}
	if from >= to {
		return Refuse("from", "%s is not before %s", from, to)
	}
	if to-from > maxDays {
		return Refuse("from", "the period of %d days is longer than a century", to-from)
	}
	return nil
}

// BucketingFor suggests a trend's step for a period: days up to six weeks,
// weeks up to fifteen months, months up to five years, then quarters.
func BucketingFor(from, to Day) Bucketing {
	switch days := to - from; {
	case days <= 42:
		return ByDay
	case days <= 460:
		return ByWeek
	case days <= 5*366:
		return ByMonth
	}
	return ByQuarter
}

// normalised checks the input and fills its defaults in.
func (in Input) normalised() (Input, error) {
	if in.Confidence == 0 {
		in.Confidence = 0.95
	}
	if err := CheckConfidence(in.Confidence); err != nil {
		return in, err
	}
	if err := in.Limits.check(); err != nil {
		return in, err
	}
	in.Limits = in.Limits.withDefaults()
	if in.TrendFrom == 0 || in.TrendFrom > in.From {
		in.TrendFrom = in.From
	}
	if err := CheckPeriod(in.From, in.To); err != nil {
		return in, err
	}
	if err := CheckPeriod(in.TrendFrom, in.To); err != nil {
		return in, err
	}
	if err := in.Against.check(in.From, in.To); err != nil {
		return in, err
	}
	if in.Bucketing == "" {
		in.Bucketing = BucketingFor(in.TrendFrom, in.To)
	}
	if !in.Bucketing.Valid() {
		return in, Refuse("bucketing", "%q is not one of %v", string(in.Bucketing), Bucketings())
	}
	if in.Bucketing == ByDay && in.To-in.TrendFrom > maxBuckets {
		return in, Refuse("bucketing", "%d days are too many steps: take weeks", in.To-in.TrendFrom)
	}
	if err := in.checkDays(); err != nil {
		return in, err
	}
	if in.Method == "" {
		in.Method = Methods(in.Metric)[0]
	}
	return in, checkMethod(in.Metric, in.Method)
}

// checkDays refuses bad counts anywhere in the input.
func (in Input) checkDays() error {
	if err := checkCounts(in.Metric); err != nil {
		return err
	}
	if err := checkSeries(in.Metric, in.Days); err != nil {
		return err
	}
	if in.By == "" && len(in.Segments) > 0 {
		return Refuse("by", "there are segments, but no key that they are values of")
	}
	for _, values := range in.keys() {
		for _, days := range values {
			if err := checkSeries(in.Metric, days); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkSeries(m surveys.Metric, days []DayCounts) error {
	// A bad place is found by sums first: one pass of additions over a year of
	// ten segments, instead of forty thousand comparisons with the scale.
	var sum surveys.Counts
	var signs int64
	for i := range days {
		for score, k := range days[i].Counts {
			sum[score] += k
			signs |= k
		}
	}
	// No count of one day above 2^40 (nor below zero: a shift keeps the sign)
	// means that no sum has overflowed.
	if signs>>40 == 0 && checkCounts(m, sum) == nil {
		return nil
	}
	for i := range days {
		var bad *InputError
		if errors.As(checkCounts(m, days[i].Counts), &bad) {
			return Refuse("days", "%s: %s", days[i].Day, bad.Problem)
		}
	}
	return Refuse("days", "more answers than can be counted")
}

// MixFrom is the first day whose mix [Build] asks about: days of Mix before it
// make no difference, and need not be read. It is where the earlier period begins
// or, where the score ever changed, the first of all days, since every change is
// asked whether it was only mix. It depends on Days, and not on Segments and Mix.
func (in Input) MixFrom() (Day, error) {
	in.By, in.Segments, in.Mix = "", nil, nil
	in, err := in.normalised()
	if err != nil {
		return 0, err
	}
	b := newBuild(in)
	from := min(b.earlier.From, in.From)
	for _, c := range b.changes() {
		from = min(from, c.from)
	}
	return from, nil
}

// keys are all segment keys of the input but the question's version, which explains
// nothing: it changes with time by itself.
func (in Input) keys() map[string]map[string][]DayCounts {
	keys := make(map[string]map[string][]DayCounts, len(in.Mix)+1)
	maps.Copy(keys, in.Mix)
	if in.By != "" && in.By != surveys.SegmentVersion {
		keys[in.By] = in.Segments
	}
	return keys
}

// firstDay is the earliest day with data before to, or to if there is none.
func (in Input) firstDay() Day {
	first := Day(math.MaxInt)
	for i := range in.Days {
		first = min(first, in.Days[i].Day)
	}
	return min(first, in.To)
}

// sorted returns a map's keys in order, so that reports do not depend on the
// order in which Go walks maps.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
