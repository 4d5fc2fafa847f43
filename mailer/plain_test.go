//go:build !race

package mailer

import (
	"slices"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// The same year once more, for each person alone, by trying every half hour:
// slow, without a database, and without anything of the product but its lots.

// plainYear is what should have come of a year.
type plainYear struct {
	letters  map[int][]letterOf
	outcomes [][]surveys.Outcome // of each event, in the order of the year
}

// plainLetter is a letter of one person on its way through the year.
type plainLetter struct {
	letterOf
	rule     surveys.Rule
	asked    happening // the event that it asks about
	about    *plainLetter
	planned  time.Time // when it was to leave at first
	known    time.Time // since when it is planned
	ends     time.Time
	answered time.Time // zero for not yet
}

// onPage is the letter kind of an answer on a page, which is none.
const onPage surveys.LetterKind = "page"

// plainPerson is one person's year.
type plainPerson struct {
	*simulation
	zone    *time.Location
	letters []*plainLetter
}

// plain goes through the year person by person.
func (sim *simulation) plain(year []lived) plainYear {
	result := plainYear{letters: make(map[int][]letterOf), outcomes: make([][]surveys.Outcome, len(year))}
	byPerson := make(map[int][]int)
	for n, l := range year {
		byPerson[l.person] = append(byPerson[l.person], n)
	}
	for person, events := range byPerson {
		zone, err := time.LoadLocation(sim.people[person].TimeZone)
		if err != nil || sim.people[person].TimeZone == "" {
			zone = sim.workspace.Location()
		}
		p := &plainPerson{simulation: sim, zone: zone}
		for _, n := range events {
			p.until(year[n].at)
			result.outcomes[n] = p.happen(year[n])
		}
		p.until(yearStart().Add(366 * day))
		for _, l := range p.letters {
			if l.Letter != onPage {
				result.letters[person] = append(result.letters[person], l.letterOf)
			}
		}
		slices.SortFunc(result.letters[person], compareLetters)
	}
	return result
}

// until sends what is due before a time, one half hour after the other.
func (p *plainPerson) until(end time.Time) {
	for {
		var due *plainLetter
		for _, l := range p.letters {
			if l.State == surveys.InvitationScheduled && l.SendAt.Before(end) && (due == nil || l.SendAt.Before(due.SendAt)) {
				due = l
			}
		}
		if due == nil {
			return
		}
		p.send(due)
	}
}

// send lets a letter leave at its time, unless it is answered by then, and
// plans the reminder after it.
func (p *plainPerson) send(l *plainLetter) {
	first := l
	if l.about != nil {
		first = l.about
	}
	if l.about != nil && !first.answered.IsZero() && !first.answered.After(l.SendAt) {
		l.State = surveys.InvitationCancelled
		return
	}
	switch {
	case !l.SendAt.Before(l.ends):
		l.State = surveys.InvitationExpired
		return
	case p.elsewhere(l):
		l.State = surveys.InvitationCancelled
		return
	case p.short(l) > 0:
		p.hold(l)
		return
	}
	l.State = surveys.InvitationSent
	if l.about == nil && l.SendAt.Equal(l.planned) && l.asked.answered > 0 && l.SendAt.Add(l.asked.answered).Before(l.ends) {
		l.answered = l.SendAt.Add(l.asked.answered)
	}
	if l.Number == len(l.rule.Reminders) {
		return
	}
	next := &plainLetter{
		letterOf: letterOf{Rule: l.Rule, Letter: surveys.LetterReminder, Number: l.Number + 1, State: surveys.InvitationScheduled},
		rule:     l.rule, asked: l.asked, about: first, ends: l.ends, known: l.SendAt,
	}
	next.SendAt = p.first(l.SendAt.Add(l.rule.Reminders[l.Number].After), l.rule, func(other *plainLetter) time.Duration { return day })
	switch {
	case !next.SendAt.Before(l.ends):
		next.State, next.SendAt = surveys.InvitationCancelled, l.ends
	case p.remindersNear(next.SendAt) >= p.workspace.Caps.Reminders:
		next.State = surveys.InvitationCancelled
	}
	p.letters = append(p.letters, next)
}

// distance is how far a letter that is due must stay from another.
func (p *plainPerson) distance(l, other *plainLetter) time.Duration {
	if l.about != nil {
		return day
	}
	return p.apart(l.rule, other)
}

// hold lets a letter wait that is due too early, or gives it up. What is too early
// by an hour or less always waits.
func (p *plainPerson) hold(l *plainLetter) {
	later := p.first(l.SendAt, l.rule, func(other *plainLetter) time.Duration {
		if other == l {
			return 0
		}
		return p.distance(l, other)
	})
	gives := l.about != nil && !later.Before(l.ends) || l.about == nil && (l.rule.WhenCapped == surveys.CapDrop || later.Sub(l.SendAt) > 30*day)
	if gives && p.short(l) > time.Hour {
		l.State = surveys.InvitationCancelled
		return
	}
	l.SendAt = later
	if l.about == nil {
		l.ends = later.Add(time.Duration(l.rule.ExpiryDays) * day)
	}
}

// short is by how much a letter that is due is too early.
func (p *plainPerson) short(l *plainLetter) time.Duration {
	var most time.Duration
	for _, other := range p.letters {
		if other.State == surveys.InvitationSent {
			most = max(most, other.SendAt.Add(p.distance(l, other)).Sub(l.SendAt))
		}
	}
	return most
}

// elsewhere reports whether a reminder's survey was answered on a page since the
// letter before it left.
func (p *plainPerson) elsewhere(l *plainLetter) bool {
	return l.about != nil && slices.ContainsFunc(p.letters, func(other *plainLetter) bool {
		return other.Letter == onPage && other.rule.SurveyID == l.rule.SurveyID && !other.SendAt.Before(l.known)
	})
}

func (p *plainPerson) remindersNear(at time.Time) int {
	n := 0
	for _, l := range p.letters {
		if distance := l.SendAt.Sub(at).Abs(); l.Number > 0 && l.State != surveys.InvitationCancelled && distance < 30*day {
			n++
		}
	}
	return n
}

// first tries half hour after half hour from a time on.
func (p *plainPerson) first(from time.Time, rule surveys.Rule, apart func(other *plainLetter) time.Duration) time.Time {
	for at := from; ; at = at.Add(tick) {
		if p.opens(at, rule.Window) && !slices.ContainsFunc(p.letters, func(l *plainLetter) bool {
			return l.State != surveys.InvitationCancelled && l.SendAt.Sub(at).Abs() < apart(l)
		}) {
			return at
		}
	}
}

// opens reads the person's wall clock and calendar.
func (p *plainPerson) opens(at time.Time, w surveys.Window) bool {
	local := at.In(p.zone)
	minutes := local.Hour()*60 + local.Minute()
	today := local.Format(time.DateOnly)
	holiday := slices.ContainsFunc(p.workspace.Holidays, func(h string) bool { return strings.HasSuffix(today, h) })
	return w.Days.Has(local.Weekday()) && minutes >= w.From && minutes < w.To && !holiday
}

// happen decides about an event.
func (p *plainPerson) happen(l lived) []surveys.Outcome {
	var told []surveys.Outcome
	if l.kind == pageAnswered {
		p.letters = append(p.letters, &plainLetter{
			letterOf: letterOf{Letter: onPage, SendAt: l.at, State: surveys.InvitationSent}, rule: surveys.Rule{SurveyID: p.rules[l.survey].SurveyID},
		})
	}
	for _, rule := range p.rules {
		if slices.Contains(rule.Withdraw.Events, l.kind) && p.withdraw(rule, l.happening) {
			told = append(told, surveys.Withdrew)
		}
	}
	for _, rule := range p.rules {
		if rule.EventType == l.kind {
			told = append(told, p.decide(rule, l))
		}
	}
	return told
}

func (p *plainPerson) withdraw(rule surveys.Rule, h happening) bool {
	any := false
	for _, l := range p.letters {
		if l.Rule == rule.ID && l.State == surveys.InvitationScheduled && l.asked.properties[rule.Withdraw.Same] == h.properties[rule.Withdraw.Same] {
			l.State, any = surveys.InvitationCancelled, true
		}
	}
	return any
}

func (p *plainPerson) decide(rule surveys.Rule, l lived) surveys.Outcome {
	at := l.at.Add(rule.Delay)
	if rule.DelayFrom != "" {
		total, _ := l.properties["total"].(float64)
		if total <= 50 {
			return surveys.NotMatched
		}
		delivered, _ := l.properties["delivered_at"].(string)
		moment, err := time.Parse(time.RFC3339, delivered)
		if err != nil {
			return surveys.NoTime
		}
		at = moment.Add(rule.Delay)
	}
	if 100*surveys.Lot("hold out", rule.ID, l.received.PersonID) < float64(rule.HoldOut) {
		return surveys.HeldOut
	}
	if rule.Sample < 100 && 100*surveys.Lot("sample", rule.ID, l.received.EventID) >= float64(rule.Sample) {
		return surveys.SampledOut
	}
	free := p.first(at, rule, func(*plainLetter) time.Duration { return 0 })
	kept := p.first(at, rule, func(other *plainLetter) time.Duration { return p.apart(rule, other) })
	outcome := surveys.Scheduled
	if !kept.Equal(free) {
		outcome = surveys.Deferred
		if rule.WhenCapped == surveys.CapDrop || kept.Sub(free) > 30*day {
			return surveys.Capped
		}
	}
	p.letters = append(p.letters, &plainLetter{
		letterOf: letterOf{Rule: rule.ID, Letter: surveys.LetterInvitation, SendAt: kept, State: surveys.InvitationScheduled},
		rule:     rule, asked: l.happening, planned: kept, ends: kept.Add(time.Duration(rule.ExpiryDays) * day),
	})
	return outcome
}

// apart is how far an ask of a rule must stay from another letter.
func (p *plainPerson) apart(rule surveys.Rule, other *plainLetter) time.Duration {
	if other.Number > 0 {
		return day
	}
	mine, theirs := p.byID[rule.SurveyID], p.byID[other.rule.SurveyID]
	days := max(1, p.workspace.Caps.AllDays, rule.CapDays)
	if mine.Kind == surveys.Relational && theirs.Kind == surveys.Relational {
		days = max(days, p.workspace.Caps.RelationalDays)
	}
	if mine.Kind == surveys.Transactional && theirs.Kind == surveys.Transactional { // their topic is the same
		days = max(days, p.workspace.Caps.TransactionalDays)
	}
	if mine.ID == theirs.ID {
		days = max(days, mine.CapDays)
	}
	return time.Duration(days) * day
}
