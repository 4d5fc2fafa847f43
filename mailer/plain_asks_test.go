//go:build !race

package mailer

import (
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// How far asks stay from each other in the plain year.

// ask is what the mailbox was asked, or will be, or answered on a page.
type ask struct {
	survey   int
	reminder bool
	waits    bool      // it has not left yet
	planned  time.Time // when it was due
	left     time.Time // when it left
}

// asks are all but those of one letter, nil for none.
func (m *mailbox) asks(but *plainLetter) []ask {
	var all []ask
	for _, l := range m.letters {
		if l == but || !m.asksNow(l) {
			continue
		}
		a := ask{survey: m.surveyOf(l.rule), reminder: l.Number > 0, waits: l.State == surveys.InvitationScheduled, planned: l.SendAt, left: l.SentAt}
		if a.left.IsZero() {
			a.left = l.SendAt
		}
		all = append(all, a)
	}
	for _, a := range m.replies {
		if a.page {
			all = append(all, ask{survey: a.survey, planned: a.at, left: a.at})
		}
	}
	return all
}

// apart is how far an ask of a rule must stay from another.
func (m *mailbox) apart(rule surveys.Rule, other ask) time.Duration {
	if other.reminder {
		return day
	}
	mine, theirs := m.surveys[m.surveyOf(rule)], m.surveys[other.survey]
	days := max(1, m.workspace.Caps.AllDays, rule.CapDays)
	if mine.Kind == surveys.Relational && theirs.Kind == surveys.Relational {
		days = max(days, m.workspace.Caps.RelationalDays)
	}
	about := func(survey int) string { // CSAT and CES are both about support, the study about itself
		return map[int]string{support: "support", delivery: "support", study: "study"}[survey]
	}
	if topic := about(m.surveyOf(rule)); topic != "" && topic == about(other.survey) {
		days = max(days, m.workspace.Caps.TransactionalDays)
	}
	if mine.ID == theirs.ID {
		days = max(days, mine.CapDays)
	}
	return time.Duration(days) * day
}

// first is the first moment from one on at which a rule's hours are open and that
// keeps its distance from all asks as they are planned.
func (m *mailbox) first(from time.Time, person int, rule surveys.Rule, apart func(other ask) time.Duration) time.Time {
	var near []kept
	for _, other := range m.asks(nil) {
		near = append(near, kept{other.planned, apart(other)})
	}
	return m.search(from, person, rule, near)
}

// firstLeft is the first moment for a letter that is held back: away from what has
// left, and from what is planned.
func (m *mailbox) firstLeft(from time.Time, l *plainLetter) time.Time {
	var near []kept
	for _, other := range m.asks(l) {
		if other.waits && !other.planned.After(from) {
			continue // it is due as well, and will keep away from this one
		}
		near = append(near, kept{other.left, m.distance(l, other)})
	}
	return m.search(from, l.asked.person, l.rule, near)
}

// kept is a distance that is kept from a moment, before and after it.
type kept struct {
	from time.Time
	by   time.Duration
}

// search tries the moment itself, each half hour after it, and the end of each
// distance, which need not be at a half hour.
func (m *mailbox) search(from time.Time, person int, rule surveys.Rule, near []kept) time.Time {
	zone := m.zoneOf(person)
	fits := func(at time.Time) bool {
		return !slices.ContainsFunc(near, func(k kept) bool { return k.from.Sub(at).Abs() < k.by }) && m.opens(at, zone, rule.Window)
	}
	var ends []time.Time
	for _, k := range near {
		if end := k.from.Add(k.by); end.After(from) && fits(end) {
			ends = append(ends, end)
		}
	}
	at := from
	for n := from.Truncate(tick); !fits(at); n, at = n.Add(tick), n.Add(tick) {
		if i := slices.IndexFunc(ends, func(end time.Time) bool { return !end.After(at) }); i >= 0 {
			break
		}
	}
	for _, end := range ends {
		if end.Before(at) {
			at = end
		}
	}
	return at
}

func (m *mailbox) zoneOf(person int) *time.Location {
	name := m.people[person].TimeZone
	if zone, known := m.year.zones[name]; known {
		return zone
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" {
		zone = m.workspace.Location()
	}
	m.year.zones[name] = zone
	return zone
}
