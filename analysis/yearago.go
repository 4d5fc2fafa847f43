package analysis

import "github.com/harkhq/hark/surveys"

// yearOfWeeks is 52 weeks in days: a year back on the same weekdays.
const yearOfWeeks = 364

// CompareYearAgo compares the days of [from, to) with the same weeks a year ago,
// 364 days earlier, so that Mondays meet Mondays: what can be said of a season
// before there are two years for [STL]. Days may come in any order and more than
// once. It is a [Refusal] for [TooFewAnswers] when under five people answered then
// or now, and an [InputError] for a period that is empty or longer than the year.
func CompareYearAgo(m surveys.Metric, days []DayCounts, from, to Day, confidence float64) (Difference, error) {
	if err := CheckPeriod(from, to); err != nil {
		return Difference{}, err
	}
	if to-from > yearOfWeeks {
		return Difference{}, Refuse("from", "%s to %s is not a period of 1 to %d days", from, to, yearOfWeeks)
	}
	if err := CheckConfidence(confidence); err != nil {
		return Difference{}, err
	}
	if err := checkCounts(m); err != nil {
		return Difference{}, err
	}
	if err := checkSeries(m, days); err != nil {
		return Difference{}, err
	}
	then := bandsOf(m.Scale(), sumDays(days, from-yearOfWeeks, to-yearOfWeeks))
	now := bandsOf(m.Scale(), sumDays(days, from, to))
	if n, least := min(then.n(), now.n()), (Limits{}).withDefaults().Hide; n < least {
		return Difference{}, &Refusal{Reason: TooFewAnswers, Have: float64(n), Need: float64(least)}
	}
	return compare(then, now, confidence), nil
}
