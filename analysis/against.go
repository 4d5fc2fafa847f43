package analysis

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

// recall is the alarm of a comparison with a year before. The control chart knows
// what was normal in the half year before the period, and rings for what is new
// since: a fall of last autumn is normal to it by now, and none the less what the
// score differs by from the year before. So the chart's gate is not asked. What is
// asked instead is whether the weeks from then to now hold a change of their own
// in that direction, found by [Changes] and not by mix, that no later change has
// gone against. Where one is dated, the gate is passed; Laney's factor still
// stretches the interval, for weeks that vary more than chance.
//
// Where none is dated the gate stays unknown, as it does where the chart has too
// short a past, and for the same reason at the same price: whoever looks each
// Monday has only the interval left, which is stretched by half again.
func (b *build) recall(heard alarm, direction float64, changes []Change) alarm {
	if heard.gate != Unknown { // else it is stretched already
		heard.stretch *= unheard
	}
	heard.gate = Unknown
	for i := len(changes) - 1; i >= 0; i-- {
		c := changes[i]
		if c.ByMix {
			continue
		}
		if c.At > b.earlier.From && c.Difference*direction > 0 {
			return alarm{gate: Passed, stretch: heard.stretch / unheard}
		}
		return heard
	}
	return heard
}
