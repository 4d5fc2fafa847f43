//go:build !race

package mailer

import (
	"cmp"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// giveTurns lists when the people of a mailbox have their turns: of the series at
// their own share of the open half hours of each quarter, of the list at their
// place among those of its days.
func (m *mailbox) giveTurns() {
	if !m.setting.turns {
		return
	}
	begin := halfHour(dayOf(seriesDay), takesTurns)
	for _, person := range m.owners {
		for quarter := range 4 {
			share := surveys.Lot("series", m.rules[series].ID, m.people[person].ID)
			if at := m.shareOf(share, m.quarter(quarter)); !at.Before(begin) {
				m.turns = append(m.turns, plainTurn{person, series, at})
			}
		}
		if k, listed := m.listed[person]; listed {
			share := (float64(k) + 0.5) / float64(len(m.listed))
			m.turns = append(m.turns, plainTurn{person, list, m.shareOf(share, m.listTime())})
		}
	}
	slices.SortFunc(m.turns, func(a, b plainTurn) int {
		return cmp.Or(halfHour(a.at, takesTurns).Compare(halfHour(b.at, takesTurns)), cmp.Compare(a.rule, b.rule),
			cmp.Compare(m.people[a.person].ID, m.people[b.person].ID))
	})
}

// quarter are the open half hours of one where the company lives.
func (m *mailbox) quarter(n int) []time.Time {
	if _, known := m.year.open[n]; !known {
		zone, rule := m.workspace.Location(), m.rules[series]
		first := time.Date(yearStart().Year(), time.Month(3*n+1), 1, 0, 0, 0, 0, zone)
		for at := first; at.Before(first.AddDate(0, 3, 0)); at = at.Add(tick) {
			if m.opens(at, zone, rule.Window) {
				m.year.open[n] = append(m.year.open[n], at)
			}
		}
	}
	return m.year.open[n]
}

// listTime are the open half hours of the days over which the list is spread.
func (m *mailbox) listTime() []time.Time {
	if _, known := m.year.open[-1]; !known {
		zone, days := m.workspace.Location(), make(map[string]bool)
		for at := dayOf(listDay); ; at = at.Add(tick) {
			if !m.opens(at, zone, m.rules[list].Window) {
				continue
			}
			if days[at.In(zone).Format(time.DateOnly)] = true; len(days) > listDays {
				break
			}
			m.year.open[-1] = append(m.year.open[-1], at)
		}
	}
	return m.year.open[-1]
}

// shareOf is the moment before which a share of half hours lies.
func (m *mailbox) shareOf(share float64, half []time.Time) time.Time {
	passed := time.Duration(share * float64(time.Duration(len(half))*tick))
	return half[passed/tick].Add(passed % tick).UTC()
}
