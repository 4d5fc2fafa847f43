package surveys

import (
	"cmp"
	"slices"
	"time"
)

// keyed are reminders of which each has a key: those without one, or with that of
// one before them, get the next that is free.
func keyed(list []Reminder) []Reminder {
	last := 0
	for _, reminder := range list {
		last = max(last, reminder.Key)
	}
	taken := make(map[int]bool, len(list))
	list = slices.Clone(list)
	for i := range list {
		if list[i].Key <= 0 || taken[list[i].Key] {
			last++
			list[i].Key = last
		}
		taken[list[i].Key] = true
	}
	return list
}

// Reminds reports whether the rule has the reminder with a key.
func (r Rule) Reminds(key int) bool {
	return slices.ContainsFunc(r.Reminders, func(reminder Reminder) bool { return reminder.Key == key })
}

// after finds the reminder that follows the one with a key, 0 for the invitation.
// Of one that was taken out since, it is the first that was added after it.
func (r Rule) after(key int) (Reminder, bool) {
	i := slices.IndexFunc(r.Reminders, func(reminder Reminder) bool { return reminder.Key == key }) + 1
	if i == 0 && key > 0 {
		i = slices.IndexFunc(r.Reminders, func(reminder Reminder) bool { return reminder.Key > key })
	}
	if i < 0 || i >= len(r.Reminders) {
		return Reminder{}, false
	}
	return r.Reminders[i], true
}

// Remind plans the reminder that follows a letter of the rule that has left,
// false when there is none to follow. One that cannot be sent in time, or that
// would be too many for the person, or whose event was taken back, is planned as
// cancelled, so that its invitation tells why nothing came. It goes to the
// address that the person has by then. Of f it reads Person, Zone, Holidays, Caps,
// Asks, Event and Later.
func (r Rule) Remind(sent Invitation, f Facts) (Invitation, bool) {
	r = r.Filled()
	reminder, follows := r.after(sent.Number)
	if !follows || sent.Letter == LetterThanks || sent.SentAt == nil {
		return Invitation{}, false
	}
	next := Invitation{
		WorkspaceID: sent.WorkspaceID, Letter: LetterReminder, Number: reminder.Key, AboutID: cmp.Or(sent.AboutID, sent.ID),
		SurveyID: sent.SurveyID, RuleID: sent.RuleID, EventID: sent.EventID, PersonID: sent.PersonID, Email: cmp.Or(f.Person.Email, sent.Email),
		State: InvitationScheduled, ExpiresAt: sent.ExpiresAt,
	}
	at, _, open := r.earliest(sent.SentAt.Add(reminder.After), limits{}, f)
	next.SendAt = at
	switch {
	case !open || !at.Before(next.ExpiresAt):
		next.State, next.SendAt = InvitationCancelled, next.ExpiresAt
		next.Problem = Problem{Code: "reminder_expired"}.String()
	case f.Caps.Reminders > 0 && remindedAround(at, f.Asks) >= f.Caps.Reminders:
		next.State = InvitationCancelled
		next.Problem = Problem{Code: "reminder_cap", Args: map[string]any{"max": f.Caps.Reminders}}.String()
	}
	if by, withdrawn := r.withdrawn(f); withdrawn {
		next.State, next.Problem = InvitationCancelled, WithdrawnBy(by).String()
	}
	return next, true
}

// remindedAround counts the reminders less than [ReminderSpan] away from t, so
// that no such span holds more of them than counted and one.
func remindedAround(t time.Time, asks []Ask) int {
	n := 0
	for _, ask := range asks {
		if ask.Reminder && ask.At.After(t.Add(-ReminderSpan)) && ask.At.Before(t.Add(ReminderSpan)) {
			n++
		}
	}
	return n
}

// Thank plans the thank-you for an invitation that its person answered at a time.
func (r Rule) Thank(answered Invitation, person Person, at time.Time) Invitation {
	return Invitation{
		WorkspaceID: answered.WorkspaceID, Letter: LetterThanks, AboutID: answered.ID,
		SurveyID: answered.SurveyID, RuleID: answered.RuleID, EventID: answered.EventID, PersonID: answered.PersonID, Email: cmp.Or(person.Email, answered.Email),
		State: InvitationScheduled, SendAt: at.Add(ThanksDelay), ExpiresAt: later(answered.ExpiresAt, at.Add(AnswerWindow)),
	}
}
