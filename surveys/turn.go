package surveys

import (
	"cmp"
	"sort"
	"time"
)

// TurnEvent is the type of the event that a person's turn is stored as. One
// rule decides about it: the one whose turn it is, which its property "rule"
// names.
const TurnEvent = "hark.turn"

// Turn says when a rule asks a person next: of a series over and over, of an
// uploaded list once.
type Turn struct {
	WorkspaceID WorkspaceID
	RuleID      string
	PersonID    string
	DueAt       time.Time
}

// Event is what a turn that has come is stored as.
func (t Turn) Event(r Rule, now time.Time) Event {
	return Event{
		WorkspaceID: t.WorkspaceID, Type: TurnEvent, PersonID: t.PersonID, OccurredAt: now, ReceivedAt: now,
		Properties: map[string]any{"rule": r.Name},
	}
}

// TurnLate is how long after its time a turn is still taken at once. Later than
// that the server was down or the rule was paused, and all turns of that time
// are spread anew: a flood of mails helps nobody.
const TurnLate = 2 * time.Hour

// lastTurnDay is the last day of a month that a series puts turns on. Those of
// the 29th to the 31st would pile up on the last day of a shorter month.
const lastTurnDay = 28

// Openings are times at which turns may come, one after the other.
type Openings []Opening

// Opening is a time from one moment to before another.
type Opening struct{ From, To time.Time }

// Openings lists when the rule's window is open in a zone from a moment on, on
// so many days on which it opens at all; those of a series are never behind
// the 28th. A window that never opens counts as always open: that nobody can be
// asked in it is for the decision to say.
func (r Rule) Openings(from time.Time, days int, zone *time.Location, holidays Holidays) Openings {
	return r.openings(from, zone, holidays, func(found int, _ date) bool { return found < days })
}

// Period lists when the rule's window is open in the months from a moment to
// its next turn.
func (r Rule) Period(from time.Time, zone *time.Location, holidays Holidays) Openings {
	end := dateOf(from.In(zone)).addMonths(r.Every)
	return r.openings(from, zone, holidays, func(_ int, d date) bool { return d.before(end) })
}

func (r Rule) openings(from time.Time, zone *time.Location, holidays Holidays, more func(found int, d date) bool) Openings {
	window, today := cmp.Or(r.Window, AnyTime()), dateOf(from.In(zone))
	if _, opens := window.Next(from, zone, holidays); !opens {
		window, holidays = AnyTime(), nil
	}
	var list Openings
	for n := range maxClosed {
		d := today.add(n)
		if !more(len(list), d) {
			break
		}
		if opening, open := window.on(d, zone, holidays); open && r.takesTurns(d) && from.Before(opening.To) {
			list = append(list, Opening{From: later(opening.From, from.UTC()), To: opening.To})
		}
	}
	return list
}

// takesTurns reports whether turns may come on a day.
func (r Rule) takesTurns(d date) bool { return r.Trigger != TriggerSeries || d.day <= lastTurnDay }

// on is when the window is open on a day.
func (w Window) on(d date, zone *time.Location, holidays Holidays) (Opening, bool) {
	from, to := d.at(w.From, zone).UTC(), d.at(w.To, zone).UTC()
	return Opening{From: from, To: to}, w.Days.Has(d.weekday()) && !holidays.has(d) && from.Before(to)
}

// Length is how long they are together.
func (o Openings) Length() time.Duration {
	var sum time.Duration
	for _, opening := range o {
		sum += opening.To.Sub(opening.From)
	}
	return sum
}

// At is the moment before which the share, in [0, 1), of all open time lies.
func (o Openings) At(share float64) time.Time {
	if len(o) == 0 {
		return time.Time{}
	}
	left := time.Duration(share * float64(o.Length()))
	for _, opening := range o {
		if span := opening.To.Sub(opening.From); left >= span {
			left -= span
			continue
		}
		return opening.From.Add(left).Truncate(time.Microsecond)
	}
	return o[len(o)-1].To.Add(-time.Microsecond)
}

// Even puts the k-th of n turns, counted from 0, so that all of them have the
// same distance.
func (o Openings) Even(k, n int) time.Time { return o.At((float64(k) + 0.5) / float64(n)) }

// FirstTurn is when somebody's first turn of a series comes, by lot in a period.
func (r Rule) FirstTurn(personID string, period Openings) time.Time {
	return period.At(Lot("series", r.ID, personID))
}

// NextTurn is when the turn after one of a series comes: so many months of the
// calendar later, on the last day of a month that is too short. Where the window
// is closed on that day, it is one of the next open days by lot, so that not
// everybody of a weekend has their turn on Monday. The hour is the person's own.
func (r Rule) NextTurn(personID string, due time.Time, zone *time.Location, holidays Holidays) time.Time {
	d := dateOf(due.In(zone)).addMonths(r.Every)
	window := cmp.Or(r.Window, AnyTime())
	hour := Lot("hour", r.ID, personID)
	if opening, open := window.on(d, zone, holidays); open {
		return Openings{opening}.At(hour)
	}
	next := r.Openings(d.at(0, zone), max(1, window.days()), zone, holidays)
	nth := int(Lot("day", r.ID, personID, due.UTC().Format(time.DateOnly)) * float64(len(next)))
	return next[nth : nth+1].At(hour)
}

// days counts the days of the week on which the window opens.
func (w Window) days() int {
	n := 0
	for day := time.Sunday; day <= time.Saturday; day++ {
		if w.Days.Has(day) {
			n++
		}
	}
	return n
}

// Overdue lists where turns are spread that should have come from a time on:
// over three times as long as they are late, so that with those that are due
// anyway a third more come on a day; a series' within its period.
func (r Rule) Overdue(since, now time.Time, zone *time.Location, holidays Holidays) Openings {
	late := int(now.Sub(since)/(24*time.Hour)) + 1
	days := 3 * late * max(1, cmp.Or(r.Window, AnyTime()).days()) / 7
	spread := r.Openings(now, max(3, days), zone, holidays)
	if r.Trigger != TriggerSeries {
		return spread
	}
	if period := r.Period(now, zone, holidays); len(period) > 0 && len(spread) > len(period) {
		return period
	}
	return spread
}

// before reports whether the day comes before another.
func (d date) before(other date) bool {
	return d.at(0, time.UTC).Before(other.at(0, time.UTC))
}

// Days counts how many of n turns that are spread evenly come on each day of a
// zone, the first day first.
func (o Openings) Days(n int, zone *time.Location) []TurnDay {
	var days []TurnDay
	for _, opening := range o {
		first := dateOf(opening.From.In(zone)).at(0, zone)
		if len(days) == 0 || !days[len(days)-1].Day.Equal(first) {
			days = append(days, TurnDay{Day: first})
		}
	}
	for k := range n {
		at := o.Even(k, n)
		i := sort.Search(len(days), func(i int) bool { return days[i].Day.After(at) }) - 1
		days[max(0, i)].Turns++
	}
	return days
}

// TurnDay is how many turns come on a day.
type TurnDay struct {
	Day   time.Time // its midnight
	Turns int
}
