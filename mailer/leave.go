package mailer

import (
	"cmp"
	"maps"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// peerDelay is how long a letter waits for another one to the same person that
// goes first.
const peerDelay = time.Minute

// gatherLeft looks up what has left to the people of the batch, and what will.
func (b *batch) gatherLeft() (err error) {
	people := slices.Collect(maps.Values(b.facts.people))
	b.facts.left, err = b.Store.LeftTo(b.work, b.workspace.ID, people, b.Store.Now().Add(-surveys.MaxCapDays*24*time.Hour))
	return err
}

// ruled asks whether the letter's rule still wants it: a paused rule sends nothing,
// an archived one takes back what was planned beside its archiving, and a reminder may
// have been taken out. Who has answered is thanked all the same.
func (b *batch) ruled(i surveys.Invitation, now time.Time) outlook {
	rule, known := b.rules[i.RuleID]
	switch {
	case !known || i.Letter == surveys.LetterThanks:
		return outlook{}
	case rule.Archived():
		return outlook{against: Cancelled, why: surveys.WithArchivedRule().String()}
	case rule.Status == surveys.RulePaused:
		return outlook{against: Postponed, until: now.Add(pausedDelay), why: surveys.Problem{Code: "rule_waits"}.String()}
	case i.Letter == surveys.LetterReminder && !rule.Reminds(i.Number):
		return outlook{against: Cancelled, why: reminderRemoved()}
	}
	return outlook{}
}

// hold asks once more whether the letter keeps its distance from all others. Of
// two that are due at once to one person the earlier goes first, and the other
// looks again.
func (b *batch) hold(i surveys.Invitation, person surveys.Person, survey surveys.Survey, now time.Time) outlook {
	if found := b.ruled(i, now); found.against != "" {
		return found
	}
	facts := surveys.Facts{Event: b.facts.events[i.EventID], Person: person, Survey: survey, Zone: b.zone(person), Holidays: b.workspace.Holidays, Caps: b.workspace.Caps}
	var planned []surveys.Ask
	for _, other := range b.facts.left[i.PersonID] {
		switch {
		case other.InvitationID == i.ID || i.Letter == surveys.LetterThanks:
		case !other.Waits:
			facts.Asks = append(facts.Asks, other.Ask)
		case other.At.After(now):
			planned = append(planned, other.Ask)
		case before(other, i):
			return outlook{against: Postponed, until: now.Add(peerDelay)}
		}
	}
	leaving := b.rules[i.RuleID].Leave(i, facts, planned, now)
	switch {
	case leaving.Drop:
		return outlook{against: Cancelled, why: leaving.Why}
	case !leaving.Until.After(now):
		return outlook{}
	}
	return outlook{against: Postponed, until: leaving.Until, expires: b.expires(i, leaving.Until), why: leaving.Why}
}

// expires is until when the link of a letter takes answers that leaves at a time:
// as long after an invitation as its rule says, also where that was held up.
func (b *batch) expires(i surveys.Invitation, leaves time.Time) time.Time {
	rule, known := b.rules[i.RuleID]
	if !known || i.Letter != surveys.LetterInvitation {
		return i.ExpiresAt
	}
	return later(i.ExpiresAt, leaves.Add(rule.AnswerWindow()))
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

func before(other store.Left, i surveys.Invitation) bool {
	return cmp.Or(other.At.Compare(i.SendAt), cmp.Compare(other.InvitationID, i.ID)) < 0
}
