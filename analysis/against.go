package analysis

import "math"

// Against says what a report's period is compared with.
type Against string

// What there is to compare with.
const (
	PeriodBefore Against = ""     // the days just before, as many
	YearBefore   Against = "year" // the same dates a year before: what is left when the season is out of it
)

// Valid reports whether a is one of them.
func (a Against) Valid() bool { return a == PeriodBefore || a == YearBefore }

// Span is what the period of [from, to) is compared with. A year before means the
// same dates, so that a month meets that month and a quarter that quarter, with the
// 28th of February for a 29th; weekdays move by one or two, of which a period of
// some weeks feels nothing. [CompareYearAgo] keeps the weekdays instead.
func (a Against) Span(from, to Day) Span {
	if a == YearBefore {
		return Span{From: yearBefore(from), To: yearBefore(to)}
	}
	return Span{From: from - (to - from), To: from}
}

// Fits reports whether an answer of [from, to) cannot be in the earlier period,
// too: against a year before, that the period is no longer than the year.
func (a Against) Fits(from, to Day) bool { return a.Span(from, to).To <= from }

// check refuses what there is not, and a period that overlaps with the earlier
// one.
func (a Against) check(from, to Day) error {
	if !a.Valid() {
		return Refuse("against", "%q is neither the period before nor a year", string(a))
	}
	if !a.Fits(from, to) {
		return Refuse("against", "a period of %d days overlaps with itself a year before", to-from)
	}
	return nil
}

// yearBefore is the same date a year before.
func yearBefore(d Day) Day {
	year, month, day := d.Time().Date()
	if last := DateDay(year-1, month+1, 1) - 1; DateDay(year-1, month, day) > last {
		return last
	}
	return DateDay(year-1, month, day)
}

const (
	// standing is by how many standard errors the weeks' differences from a year
	// before, added up, must stand out before a difference counts as one that lasts.
	// It is looked for from any week on, on every Monday: hence wider than a chart's
	// limit. It adds about 1 % of quiet years to those with a false alarm.
	standing = 4
	// unstanding stretches the interval where they do not. Of 28 days, of which each
	// Monday's hardly knows that of a month before, it leaves 3 to 11 % of quiet years
	// (package simulate).
	unstanding = 1.6
	// nearby is how far from the week in which a difference from the year before began
	// the change may be dated that it began with.
	nearby = 6 * 7
)

// recall is the alarm of a comparison with a year before. The control chart knows
// what was normal in the half year before the period: to it a fall of last autumn
// is normal by now, and a Christmas that is like every Christmas is not. Nor are
// dated changes an answer, for seasons have dates. So neither is asked, but each
// week's difference from the same week of the year before, in which the seasons
// cancel: the gate is passed where these, added up from the newest whole week back
// to any other, stand over [standing] standard errors in the direction.
//
// Where they do not, the gate stays unknown: whoever looks each Monday has only the
// interval left, which is stretched. Either way Laney's factor stretches it, that
// of all weeks, for weeks that vary more than chance.
func (b *build) recall(direction float64) alarm {
	table := make([]bands, len(b.weeks))
	for i, week := range b.weeks {
		table[i] = week.bands
	}
	o := DefaultControl()
	if o.Baseline = len(table); o.Baseline == 0 {
		return alarm{gate: Unknown, unrest: 1, stretch: unstanding}
	}
	chart, ok := control(table, o)
	if !ok {
		return alarm{gate: Unknown, unrest: 1, stretch: unstanding}
	}
	from, z := b.lasts(sign(direction), chart.Variance)
	if z > standing*chart.Inflation {
		return alarm{gate: Passed, unrest: chart.Inflation, stretch: chart.Inflation, from: from}
	}
	return alarm{gate: Unknown, unrest: chart.Inflation, stretch: unstanding * chart.Inflation}
}

// lasts is the week from which on the differences of the weeks from those of the
// year before stand out most in a direction, and by how many standard errors.
// Weeks that are not over, or have no answers in either year, are passed over. The
// day is 0 where it is the first week that has one a year before: who knows since
// when?
func (b *build) lasts(direction, variance float64) (from Day, z float64) {
	const year = yearOfWeeks / 7
	var sum, weight float64
	for i := len(b.weeks) - 1; i >= year; i-- {
		now, then := b.weeks[i].bands, b.weeks[i-year].bands
		if now.n() == 0 || then.n() == 0 || b.weeks[i].start+7 > b.in.To {
			continue
		}
		w := 1 / (1/float64(now.n()) + 1/float64(then.n()))
		sum, weight = sum+w*(now.score()-then.score()), weight+w
		if at := direction * sum / math.Sqrt(variance*weight); at > z {
			from, z = b.weeks[i].start, at
			if i == year {
				from = 0
			}
		}
	}
	return from, z
}

// begun is the date of the change with which a difference from the year before
// began: one in its direction and not by mix, near the week from which on the weeks
// of the two years differ. Nil where that week is unknown or nothing is dated near
// it: the latest change may be but the season.
func begun(changes []Change, difference float64, from Day) *Day {
	var nearest *Day
	for i := range changes {
		c := &changes[i]
		if from == 0 || c.ByMix || c.Difference*difference <= 0 || apart(c.At, from) > nearby {
			continue
		}
		if nearest == nil || apart(c.At, from) < apart(*nearest, from) {
			nearest = &c.At
		}
	}
	return nearest
}

// apart is the number of days between two.
func apart(a, b Day) Day { return max(a-b, b-a) }
