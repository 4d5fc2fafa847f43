package surveys

import (
	"cmp"
	"time"
)

// Remind plans the reminder that follows a letter of the rule that has left,
// false when there is none to follow. One that cannot be sent in time, or that
// would be too many for the person, or whose event was taken back, is planned as
// cancelled, so that its invitation tells why nothing came. It goes to the
// address that the person has by then. Of f it reads Person, Zone, Holidays, Caps,
// Asks, Event and Later.
func (r Rule) Remind(sent Invitation, f Facts) (Invitation, bool) {
	if sent.Letter == LetterThanks || sent.SentAt == nil || sent.Number >= len(r.Reminders) {
		return Invitation{}, false
	}
	next := Invitation{
		WorkspaceID: sent.WorkspaceID, Letter: LetterReminder, Number: sent.Number + 1, AboutID: cmp.Or(sent.AboutID, sent.ID),
		SurveyID: sent.SurveyID, RuleID: sent.RuleID, EventID: sent.EventID, PersonID: sent.PersonID, Email: cmp.Or(f.Person.Email, sent.Email),
		State: InvitationScheduled, ExpiresAt: sent.ExpiresAt,
	}
	at, _, open := r.earliest(sent.SentAt.Add(r.Reminders[sent.Number].After), limits{}, f)
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
