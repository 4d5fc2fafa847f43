//go:build !race

package mailer

import (
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// How letters leave in the plain year.

// counts reports whether a letter is an ask that others keep away from: what never
// left, and never will, is none.
func (l *plainLetter) counts() bool {
	switch l.State {
	case surveys.InvitationScheduled:
		return l.Letter == surveys.LetterInvitation || l.Letter == surveys.LetterReminder && l.about.answered.IsZero()
	case surveys.InvitationSent, surveys.InvitationUnknown:
		return l.Letter != surveys.LetterThanks
	}
	return false
}

// asksNow reports whether others keep away from a letter now: not while it waits
// for a pause, whose end nobody knows.
func (m *mailbox) asksNow(l *plainLetter) bool {
	waits := l.State == surveys.InvitationScheduled && paused(m.now, func(p pause) bool {
		return p.survey == m.surveyOf(l.rule) || p.rule >= 0 && m.rules[p.rule].ID == l.Rule
	})
	return l.counts() && !waits
}

// waits is when the dispatcher looks at a letter, from a time on; the year's end
// when never.
func (l *plainLetter) waits(from time.Time) time.Time {
	switch {
	case l.State == surveys.InvitationScheduled:
		return halfHour(later(l.SendAt, from), dispatches)
	case l.State == surveys.InvitationUnknown && !l.again.IsZero():
		return halfHour(later(l.again.Add(15*time.Minute+1), from), dispatches)
	case l.Letter == surveys.LetterInvitation && !l.answered.IsZero() && !l.thanked && l.rule.Thanks.On:
		return halfHour(later(l.answered.Add(15*time.Minute), from), dispatches)
	}
	return yearEnd()
}

// answer answers the invitations whose time for it has come.
func (m *mailbox) answer(now time.Time) {
	for l, at := range m.due {
		if !at.Equal(now) {
			continue
		}
		delete(m.due, l)
		if now.Before(l.ends) {
			l.answered = now
			m.replies = append(m.replies, plainAnswer{survey: m.surveyOf(l.rule), at: now})
		}
	}
}

// verdict is what is made of a letter before it leaves; the zero one lets it.
type verdict struct {
	state surveys.InvitationState
	until time.Time // to be looked at again, when state is scheduled
	ends  time.Time // of its link; zero for as before
	why   string
}

// dispatch lets go what is due and may leave. All of it is judged as things stand
// before any of it leaves.
func (m *mailbox) dispatch(now time.Time) {
	m.thank(now)
	judged := make(map[*plainLetter]verdict)
	var leaving []*plainLetter
	for _, l := range m.letters {
		if l.waits(now).After(now) || l.State == surveys.InvitationSent {
			continue
		}
		if judged[l] = m.judge(l, now); judged[l].state == "" {
			leaving = append(leaving, l)
		}
	}
	for l, v := range judged {
		m.year.met[v.why]++
		switch {
		case v.state == "":
		case l.State == surveys.InvitationUnknown && v.state == surveys.InvitationScheduled:
			l.again = now
		case l.State == surveys.InvitationUnknown:
			l.again = time.Time{}
		default:
			l.State = v.state
			if v.state == surveys.InvitationScheduled {
				l.SendAt = v.until
			}
			if v.ends.After(l.ends) {
				l.ends = v.ends
			}
		}
	}
	for _, l := range leaving {
		if ends := now.Add(time.Duration(l.rule.ExpiryDays) * day); l.Letter == surveys.LetterInvitation && l.State == surveys.InvitationScheduled && ends.After(l.ends) {
			l.ends = ends // the link lives as long after a letter that was held up
		}
		m.send(l, now)
	}
}

// thank plans the thank-yous for answers of a quarter of an hour ago.
func (m *mailbox) thank(now time.Time) {
	for _, l := range slices.Clone(m.letters) {
		if l.Letter != surveys.LetterInvitation || l.State != surveys.InvitationSent || l.waits(now).After(now) {
			continue
		}
		l.thanked = true
		thanks := &plainLetter{
			letterOf: letterOf{Rule: l.Rule, Letter: surveys.LetterThanks, SendAt: l.answered.Add(15 * time.Minute), State: surveys.InvitationScheduled},
			rule:     l.rule, asked: l.asked, about: l, known: now, ends: l.answered.Add(30 * day),
		}
		if l.ends.After(thanks.ends) {
			thanks.ends = l.ends
		}
		m.letters = append(m.letters, thanks)
	}
}

// judge looks for what stands against a letter that is due.
func (m *mailbox) judge(l *plainLetter, now time.Time) verdict {
	survey := m.surveyOf(l.rule)
	wait := verdict{state: surveys.InvitationScheduled, until: now.Add(15 * time.Minute), why: "waits for a pause"}
	switch {
	case !now.Before(l.ends):
		return verdict{state: surveys.InvitationExpired, why: "link is over"}
	case m.stopped(survey):
		return verdict{state: surveys.InvitationSuppressed, why: "stopped while it was planned"}
	case paused(now, func(p pause) bool { return p.survey == survey }):
		return wait
	case l.Letter == surveys.LetterThanks:
		return verdict{}
	case l.Letter == surveys.LetterReminder && !l.about.answered.IsZero():
		return verdict{state: surveys.InvitationCancelled, why: "reminder of an answered question"}
	case paused(now, func(p pause) bool { return p.rule >= 0 && m.rules[p.rule].ID == l.Rule }):
		return wait
	case slices.ContainsFunc(m.letters, func(other *plainLetter) bool { return m.goesFirst(other, l, now) }):
		return verdict{state: surveys.InvitationScheduled, until: now.Add(time.Minute), why: "another goes first"}
	case l.Letter == surveys.LetterReminder && m.elsewhere(l):
		return verdict{state: surveys.InvitationCancelled, why: "reminder of a question answered on a page"}
	case m.short(l, now) > 0:
		return m.hold(l, now)
	}
	if next := m.first(now, l.asked.person, l.rule, func(ask) time.Duration { return 0 }); next.After(now) {
		return verdict{state: surveys.InvitationScheduled, until: next, why: "waits for the hours"}
	}
	return verdict{}
}

// goesFirst reports whether another letter to the mailbox is due before one.
func (m *mailbox) goesFirst(other, l *plainLetter, now time.Time) bool {
	if other == l || other.State != surveys.InvitationScheduled || !m.asksNow(other) || other.SendAt.After(now) {
		return false
	}
	return other.SendAt.Before(l.SendAt) || other.SendAt.Equal(l.SendAt) && slices.Index(m.letters, other) < slices.Index(m.letters, l)
}

// elsewhere reports whether a reminder's survey was answered on a page since the
// letter before it left.
func (m *mailbox) elsewhere(l *plainLetter) bool {
	return slices.ContainsFunc(m.replies, func(a plainAnswer) bool {
		return a.page && a.survey == m.surveyOf(l.rule) && !a.at.Before(l.known)
	})
}

// distance is how far a letter that is due must stay from another ask.
func (m *mailbox) distance(l *plainLetter, other ask) time.Duration {
	if l.Letter == surveys.LetterReminder {
		return day
	}
	return m.apart(l.rule, other)
}

// short is by how much a letter that is due is too early.
func (m *mailbox) short(l *plainLetter, now time.Time) time.Duration {
	var most time.Duration
	for _, other := range m.asks(l) {
		if !other.waits {
			most = max(most, other.left.Add(m.distance(l, other)).Sub(now))
		}
	}
	return most
}

// hold lets a letter wait that is due too early, or gives it up. What is too early
// by an hour or less always waits.
func (m *mailbox) hold(l *plainLetter, now time.Time) verdict {
	until := m.firstLeft(now, l)
	gives := l.Letter == surveys.LetterReminder && !until.Before(l.ends) ||
		l.Letter == surveys.LetterInvitation && (l.rule.WhenCapped == surveys.CapDrop || l.rule.Trigger == surveys.TriggerEvent && until.Sub(l.free) > 30*day)
	if gives && m.short(l, now) > time.Hour {
		return verdict{state: surveys.InvitationCancelled, why: "given up as too early"}
	}
	v := verdict{state: surveys.InvitationScheduled, until: until, why: "held back as too early"}
	if l.Letter == surveys.LetterInvitation {
		v.ends = until.Add(time.Duration(l.rule.ExpiryDays) * day)
	}
	return v
}

// send hands a letter to the mail server.
func (m *mailbox) send(l *plainLetter, now time.Time) {
	result, tried := m.diary.said[attempt{m.id(l), now}]
	if !tried && down(now) { // another letter found out first
		if l.State == surveys.InvitationUnknown {
			l.again = now
		}
		return
	}
	twice := l.State == surveys.InvitationUnknown
	if result.Outcome != Outage {
		l.attempts++
	}
	switch result.Outcome {
	case Outage:
		l.State, l.SendAt = surveys.InvitationScheduled, now.Add(time.Minute)
	case Temporary:
		m.refused(l, now)
	case Permanent:
		l.State, m.stop, m.beneath = surveys.InvitationFailed, surveys.SuppressedBounced, surveys.SuppressedBounced
		for _, other := range m.letters {
			if other.State == surveys.InvitationScheduled {
				other.State = surveys.InvitationSuppressed
			}
		}
	case Unknown:
		l.State, l.again = surveys.InvitationUnknown, now
		if twice {
			l.again = time.Time{}
		}
	default:
		m.sent(l, now)
	}
}

// id is what the product calls a letter; "" when it has none like it.
func (m *mailbox) id(l *plainLetter) string {
	return m.ids[letterKey{l.asked.person, l.Rule, l.asked.id, l.Letter, l.Number}]
}

// refused lets a letter wait that the server did not want for now, twice as long
// from time to time.
func (m *mailbox) refused(l *plainLetter, now time.Time) {
	minutes := []int{1, 5, 15, 30, 60, 120, 240, 480}
	if l.attempts > len(minutes) {
		l.State = surveys.InvitationFailed
		return
	}
	l.State, l.SendAt = surveys.InvitationScheduled, now.Add(time.Duration(minutes[l.attempts-1])*time.Minute)
	if !l.SendAt.Before(l.ends) {
		l.State, l.SendAt = surveys.InvitationFailed, now
	}
}

// sent notes that a letter left, and plans the reminder after it.
func (m *mailbox) sent(l *plainLetter, now time.Time) {
	l.State, l.SentAt = surveys.InvitationSent, now
	if l.Letter == surveys.LetterThanks && paused(now, func(p pause) bool { return p.rule >= 0 && m.rules[p.rule].ID == l.Rule }) {
		m.year.met["thanks of a paused rule"]++
	}
	if wait := answerAfter(m.id(l)); l.Letter == surveys.LetterInvitation && wait > 0 {
		m.due[l] = now.Add(wait)
	}
	if l.Letter == surveys.LetterThanks || l.Number == len(l.rule.Reminders) {
		return
	}
	next := &plainLetter{
		letterOf: letterOf{Rule: l.Rule, Letter: surveys.LetterReminder, Number: l.Number + 1, State: surveys.InvitationScheduled},
		rule:     l.rule, asked: l.asked, about: l.about, ends: l.ends, known: now,
	}
	next.SendAt = m.first(now.Add(l.rule.Reminders[l.Number].After), l.asked.person, l.rule, func(ask) time.Duration { return day })
	switch {
	case !next.SendAt.Before(l.ends):
		next.State, next.SendAt = surveys.InvitationCancelled, l.ends
		m.year.met["reminder after the end"]++
	case m.remindersNear(next.SendAt) >= m.workspace.Caps.Reminders:
		next.State = surveys.InvitationCancelled
		m.year.met["reminder too many"]++
	case slices.ContainsFunc(m.heard, func(late origin) bool { return takesBack(l.rule, l.asked, late) }):
		next.State = surveys.InvitationCancelled
	}
	m.letters = append(m.letters, next)
}

func (m *mailbox) remindersNear(at time.Time) int {
	n := 0
	for _, l := range m.letters {
		if l.Number > 0 && m.asksNow(l) && l.SendAt.Sub(at).Abs() < 30*day {
			n++
		}
	}
	return n
}
