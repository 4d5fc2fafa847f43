//go:build !race

package mailer

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys"
)

// The same year once more, for each mailbox alone, by trying every half hour: slow,
// without a database, and without anything of the product but its lots. Where a
// mail server or a person did something, the diary tells it.

// plainYear is what should have come of a year.
type plainYear struct {
	letters  map[int][]letterOf
	outcomes [][]surveys.Outcome // of each happening, in the order of the year
	turns    map[turnOf]surveys.Outcome
	met      seen                // what stood in the way of letters
	open     map[int][]time.Time // half hours in which turns come, by quarter; of the list under -1
	zones    map[string]*time.Location
}

// turnOf is somebody's turn, when it was taken.
type turnOf struct {
	person int
	rule   string
	at     time.Time
}

// origin is what an invitation asks about.
type origin struct {
	id         string // of the event; of a turn, which nobody sent, when it was taken
	person     int
	kind       string
	occurred   time.Time
	properties map[string]any
}

// plainLetter is a letter of one person on its way through the year.
type plainLetter struct {
	letterOf
	rule     surveys.Rule
	asked    origin
	about    *plainLetter // the invitation; itself for one
	known    time.Time    // since when it is planned
	free     time.Time    // when an invitation would have left, were there no limits
	ends     time.Time
	answered time.Time // zero for not yet
	thanked  bool
	attempts int
	again    time.Time // of unknown fate: since when; zero for never again
}

// plainAnswer is an answer of one person.
type plainAnswer struct {
	survey int
	at     time.Time
	page   bool // without an invitation
}

// plainTurn is a turn to come.
type plainTurn struct {
	person, rule int
	at           time.Time
}

// mailbox is the year of those who share an address.
type mailbox struct {
	*simulation
	year    *plainYear
	ids     map[letterKey]string // of the invitations, for the diary
	owners  []int
	now     time.Time
	letters []*plainLetter
	replies []plainAnswer
	heard   []origin    // events
	turns   []plainTurn // in their order
	due     map[*plainLetter]time.Time
	stop    surveys.Suppression
	beneath surveys.Suppression // that the address bounces, which no wish of the person changes
	stops   map[int]bool        // surveys
}

// plain goes through the year mailbox by mailbox.
func (sim *simulation) plain(year []lived, ids map[letterKey]string) plainYear {
	result := plainYear{
		letters: make(map[int][]letterOf), outcomes: make([][]surveys.Outcome, len(year)), turns: make(map[turnOf]surveys.Outcome),
		met: make(seen), open: make(map[int][]time.Time), zones: make(map[string]*time.Location),
	}
	happens := make(map[int][]int) // by the first person of a mailbox
	boxes := make(map[int][]int)
	for person := range sim.people {
		boxes[sim.shares(person)] = append(boxes[sim.shares(person)], person)
	}
	for n, h := range year {
		happens[sim.shares(h.person)] = append(happens[sim.shares(h.person)], n)
	}
	for first, people := range boxes {
		m := &mailbox{simulation: sim, year: &result, ids: ids, owners: people, stops: make(map[int]bool), due: make(map[*plainLetter]time.Time)}
		m.live(year, happens[first])
		for _, l := range m.letters {
			result.letters[l.asked.person] = append(result.letters[l.asked.person], l.letterOf)
		}
	}
	for person := range result.letters {
		slices.SortFunc(result.letters[person], compareLetters)
	}
	return result
}

// shares is the first person with somebody's address.
func (sim *simulation) shares(person int) int {
	if person > 0 && sim.people[person].Email != "" && sim.people[person].Email == sim.people[person-1].Email {
		return person - 1
	}
	return person
}

// live goes from one half hour at which something may happen to the next.
func (m *mailbox) live(year []lived, happens []int) {
	m.giveTurns()
	for last := yearStart().Add(-1); ; {
		now := yearEnd()
		sooner := func(at time.Time) {
			if at.Before(now) {
				now = at
			}
		}
		if len(happens) > 0 {
			sooner(year[happens[0]].at)
		}
		if len(m.turns) > 0 {
			sooner(halfHour(m.turns[0].at, takesTurns))
		}
		for _, at := range m.due {
			sooner(at)
		}
		for _, l := range m.letters {
			sooner(l.waits(last.Add(1)))
		}
		if !now.Before(yearEnd()) {
			return
		}
		m.now = now
		for ; len(happens) > 0 && year[happens[0]].at.Equal(now); happens = happens[1:] {
			m.year.outcomes[happens[0]] = m.happen(year[happens[0]])
		}
		m.answer(now)
		for ; len(m.turns) > 0 && !m.turns[0].at.After(now) && takesTurns(now); m.turns = m.turns[1:] {
			m.take(m.turns[0], now)
		}
		if dispatches(now) {
			m.dispatch(now)
		}
		last = now
	}
}

// halfHour is the first half hour from a time on at which something is done.
func halfHour(at time.Time, done func(time.Time) bool) time.Time {
	for at = at.Add(tick - 1).Truncate(tick); !done(at); {
		at = at.Add(tick)
	}
	return at
}

// happen lives through something, and tells what the rules make of it.
func (m *mailbox) happen(l lived) []surveys.Outcome {
	if !l.isEvent() {
		m.want(l.happening)
		return nil
	}
	event := origin{id: l.received.EventID, person: l.person, kind: l.kind, occurred: l.occurred, properties: l.properties}
	m.heard = append(m.heard, event)
	var told []surveys.Outcome
	for _, rule := range m.rules {
		if m.withdraw(rule, event) {
			told = append(told, surveys.Withdrew)
		}
	}
	for place, rule := range m.rules {
		if rule.EventType == l.kind {
			told = append(told, m.decide(place, event, l.at))
		}
	}
	return told
}

// want is an answer on a page, or what a person or the team wants of the mails.
func (m *mailbox) want(h happening) {
	drop := func(of func(*plainLetter) bool) {
		for _, l := range m.letters {
			if l.State == surveys.InvitationScheduled && of(l) {
				l.State = surveys.InvitationSuppressed
			}
		}
	}
	all := func(*plainLetter) bool { return true }
	switch h.kind {
	case pageAnswered:
		m.replies = append(m.replies, plainAnswer{survey: h.survey, at: h.at, page: true})
	case unsubscribed:
		m.stop = surveys.SuppressedUnsubscribed
		drop(all)
	case stopsSurvey:
		if m.stop == surveys.SuppressedUnsubscribed {
			m.stop = m.beneath
		}
		m.stops[h.survey] = true
		drop(func(l *plainLetter) bool { return m.surveyOf(l.rule) == h.survey })
	case comesBack:
		if m.stop == surveys.SuppressedUnsubscribed {
			m.stop = m.beneath
		}
		delete(m.stops, h.survey)
	case teamStops:
		m.stop = cmp.Or(m.stop, surveys.SuppressedByTeam)
		drop(all)
	case teamLifts:
		if m.stop == surveys.SuppressedByTeam {
			m.stop = ""
		}
	}
}

// stopped reports whether the mailbox wants no mail of a survey.
func (m *mailbox) stopped(survey int) bool { return m.stop != "" || m.stops[survey] }

func (m *mailbox) surveyOf(rule surveys.Rule) int {
	return slices.IndexFunc(m.surveys, func(s surveys.Survey) bool { return s.ID == rule.SurveyID })
}

// takesBack reports whether an event takes back what another led to.
func takesBack(rule surveys.Rule, asked, late origin) bool {
	return slices.Contains(rule.Withdraw.Events, late.kind) && !late.occurred.Before(asked.occurred) &&
		asked.properties[rule.Withdraw.Same] == late.properties[rule.Withdraw.Same]
}

func (m *mailbox) withdraw(rule surveys.Rule, event origin) bool {
	any := false
	for _, l := range m.letters {
		if l.Rule == rule.ID && l.State == surveys.InvitationScheduled && l.Letter != surveys.LetterThanks && takesBack(rule, l.asked, event) {
			l.State, any = surveys.InvitationCancelled, true
		}
	}
	return any
}

// decide says what a rule makes of an event at a time: the first reason against it.
func (m *mailbox) decide(place int, event origin, now time.Time) surveys.Outcome {
	rule := m.rules[place]
	survey := m.surveyOf(rule)
	switch {
	case paused(now, func(p pause) bool { return p.rule == place }):
		return surveys.RuleIsPaused
	case paused(now, func(p pause) bool { return p.survey == survey }):
		return surveys.SurveyNotOpen
	}
	if against := m.condition(place, event, now); against != "" {
		return against
	}
	at := event.occurred.Add(rule.Delay)
	if now.Sub(event.occurred) > 30*day {
		return surveys.TooOld
	}
	if rule.DelayFrom != "" {
		delivered, _ := event.properties["delivered_at"].(string)
		moment, err := time.Parse(time.RFC3339, delivered)
		if err != nil {
			return surveys.NoTime
		}
		at = moment.Add(rule.Delay)
	}
	person := m.people[event.person]
	switch {
	case now.Sub(at) > 30*day:
		return surveys.TooOld
	case person.Email == "":
		return surveys.NoAddress
	case m.stop == surveys.SuppressedBounced:
		return surveys.Bounced
	case m.stopped(survey):
		return surveys.Unsubscribed
	case 100*surveys.Lot("hold out", rule.ID, person.ID) < float64(rule.HoldOut):
		return surveys.HeldOut
	case rule.Sample < 100 && 100*surveys.Lot("sample", rule.ID, event.id) >= float64(rule.Sample):
		return surveys.SampledOut
	case slices.ContainsFunc(m.heard, func(late origin) bool { return takesBack(rule, event, late) }):
		return surveys.Withdrawn
	}
	if at.Before(now) {
		at = now
	}
	return m.schedule(rule, event, at, now)
}

// schedule plans an invitation, unless the limits are against it.
func (m *mailbox) schedule(rule surveys.Rule, event origin, at, now time.Time) surveys.Outcome {
	if rule.Trigger == surveys.TriggerSeries && slices.ContainsFunc(m.asks(nil), func(a ask) bool {
		return a.survey == m.surveyOf(rule) && !a.reminder && a.planned.After(at)
	}) {
		m.year.met["turn while the one before waits"]++
		return surveys.Capped
	}
	free := m.first(at, event.person, rule, func(ask) time.Duration { return 0 })
	kept := m.first(at, event.person, rule, func(other ask) time.Duration { return m.apart(rule, other) })
	outcome := surveys.Scheduled
	if !kept.Equal(free) {
		outcome = surveys.Deferred
		if rule.WhenCapped == surveys.CapDrop || rule.Trigger == surveys.TriggerEvent && kept.Sub(free) > 30*day {
			return surveys.Capped
		}
	}
	l := &plainLetter{
		letterOf: letterOf{Rule: rule.ID, Letter: surveys.LetterInvitation, SendAt: kept, State: surveys.InvitationScheduled},
		rule:     rule, asked: event, known: now, free: free, ends: kept.Add(time.Duration(rule.ExpiryDays) * day),
	}
	l.about = l
	m.letters = append(m.letters, l)
	return outcome
}

// condition reads the conditions of the rules in words of its own.
func (m *mailbox) condition(place int, event origin, now time.Time) surveys.Outcome {
	holds := true
	switch place {
	case deliveries:
		total, number := event.properties["total"].(float64)
		if !number {
			return surveys.ConditionFailed
		}
		holds = total > 50
	case newcomers:
		holds = !slices.ContainsFunc(m.letters, func(l *plainLetter) bool {
			return l.Letter == surveys.LetterInvitation && l.asked.id != event.id && l.rule.SurveyID == m.rules[place].SurveyID && l.counts()
		}) && !slices.ContainsFunc(m.replies, func(a plainAnswer) bool {
			return a.page && a.survey == m.surveyOf(m.rules[place])
		})
	case comebacks:
		last := time.Duration(math.MaxInt64)
		for _, a := range m.replies {
			last = min(last, now.Sub(a.at))
		}
		holds = last != math.MaxInt64 && last >= 20*day
	}
	if holds {
		return ""
	}
	return surveys.NotMatched
}

// take takes somebody's turn.
func (m *mailbox) take(turn plainTurn, now time.Time) {
	rule := m.rules[turn.rule]
	event := origin{id: turnID(now), person: turn.person, kind: surveys.TurnEvent, occurred: now}
	m.year.turns[turnOf{turn.person, rule.ID, now}] = m.decide(turn.rule, event, now)
}

func turnID(at time.Time) string { return "turn of " + at.Format(time.RFC3339) }

// opens reads the person's wall clock and calendar.
func (m *mailbox) opens(at time.Time, zone *time.Location, w surveys.Window) bool {
	local := at.In(zone)
	minutes := local.Hour()*60 + local.Minute()
	if !w.Days.Has(local.Weekday()) || minutes < w.From || minutes >= w.To {
		return false
	}
	today := local.Format(time.DateOnly)
	return !slices.ContainsFunc(m.workspace.Holidays, func(h string) bool { return strings.HasSuffix(today, h) })
}
