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

// Openings are times at which turns may come, one after the other.
type Openings []Opening

// Opening is a time from one moment to before another.
type Opening struct{ From, To time.Time }

// Openings lists when the rule's window is open in a zone from a moment on, on
// so many days on which it opens at all. A window that never opens counts as always open: that nobody can be
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
		if opening, open := window.on(d, zone, holidays); open && from.Before(opening.To) {
			list = append(list, Opening{From: later(opening.From, from.UTC()), To: opening.To})
		}
	}
	return list
}

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

// Series is when the people of a series have their turns. The calendar is cut into
// terms of as many months as lie between two turns, quarters for instance, and in
// each term everybody has the same place in the time in which the window is open.
// So every open day gets its part of the people, whatever weekends and holidays
// lie in a term. It is not safe for concurrent use.
type Series struct {
	rule     Rule
	zone     *time.Location
	holidays Holidays
	terms    map[int]Openings
}

// Series is when the rule's people have their turns in a zone.
func (r Rule) Series(zone *time.Location, holidays Holidays) *Series {
	return &Series{rule: r.Filled(), zone: zone, holidays: holidays, terms: make(map[int]Openings)}
}

// First is somebody's first turn from a time on.
func (s *Series) First(personID string, now time.Time) time.Time {
	term := s.term(now)
	if turn := s.turn(personID, term); !turn.Before(now) {
		return turn
	}
	return s.turn(personID, term+1)
}

// Next is the turn after one that was due: the first of somebody's own turns from
// about so many months later on. Own turns lie a little closer or wider where a term
// has more weekends; a turn that a pause or an outage moved has the next one up to
// three quarters later, never soon.
func (s *Series) Next(personID string, due time.Time) time.Time {
	later := dateOf(due.In(s.zone)).addMonths(s.rule.Every).at(0, s.zone)
	soonest := later.Add(-later.Sub(due) / 4)
	for term := s.term(soonest); ; term++ {
		if turn := s.turn(personID, term); !turn.Before(soonest) {
			return turn
		}
	}
}

// term is the term in which a moment lies.
func (s *Series) term(t time.Time) int {
	year, month, _ := t.In(s.zone).Date()
	return (year*12 + int(month) - 1) / s.rule.Every
}

// turn is somebody's turn in a term.
func (s *Series) turn(personID string, term int) time.Time {
	open, known := s.terms[term]
	if !known {
		month := term * s.rule.Every
		first := date{month / 12, time.Month(month%12 + 1), 1}
		end := first.addMonths(s.rule.Every)
		open = s.rule.openings(first.at(0, s.zone), s.zone, s.holidays, func(_ int, d date) bool { return d.before(end) })
		s.terms[term] = open
	}
	return open.At(Lot("series", s.rule.ID, personID))
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
