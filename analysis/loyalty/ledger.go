package loyalty

import (
	"iter"
	"time"
)

// Ledger keeps the histories of many people whose events come mixed, in any
// order. Ledgers of parts of the events, however cut, add up. It takes 24 bytes
// an event and about 200 a person; where events can be read person by person,
// one [History] that is reset and [Tally.Add] need none of that.
type Ledger struct {
	zone   *time.Location
	people map[string]*History
}

// NewLedger starts a ledger whose days are those of the zone; nil means UTC.
func NewLedger(zone *time.Location) *Ledger {
	return &Ledger{zone: zone, people: map[string]*History{}}
}

// Add takes one event of a person; see [History.Add].
func (l *Ledger) Add(person string, e Event) error {
	h := l.people[person]
	if h == nil {
		h = NewHistory(l.zone)
	}
	if err := h.Add(e); err != nil {
		return err
	}
	l.keep(person, h)
	return nil
}

// Merge adds the events of another ledger.
func (l *Ledger) Merge(other *Ledger) {
	for person, h := range other.people {
		if mine := l.people[person]; mine != nil {
			mine.Merge(h)
			continue
		}
		copied := NewHistory(l.zone)
		copied.Merge(h)
		l.keep(person, copied)
	}
}

// keep enters somebody's history. The zero value is ready for use, in UTC.
func (l *Ledger) keep(person string, h *History) {
	if l.people == nil {
		l.people = map[string]*History{}
	}
	l.people[person] = h
}

// Len is how many people there are.
func (l *Ledger) Len() int { return len(l.people) }

// All goes through the people, in no order.
func (l *Ledger) All() iter.Seq2[string, *History] {
	return func(yield func(string, *History) bool) {
		for person, h := range l.people {
			if !yield(person, h) {
				return
			}
		}
	}
}

// Tally counts everybody within a frame.
func (l *Ledger) Tally(f Frame) (*Tally, error) {
	t, err := NewTally(f)
	if err != nil {
		return nil, err
	}
	for _, h := range l.people {
		t.Add(h)
	}
	return t, nil
}
