package mailer

import (
	"cmp"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// peerDelay is how long a letter waits for another one to the same person that
// goes first.
const peerDelay = time.Minute

// gatherLeft looks up what has left to the people of the batch.
func (b *batch) gatherLeft(people []string) error {
	now := b.Store.Now()
	var err error
	b.facts.left, err = b.Store.LeftTo(b.work, b.workspace.ID, people, now.Add(-surveys.MaxCapDays*24*time.Hour), now)
	return err
}

// hold asks once more whether the letter keeps its distance from all others. Of
// two that are due at once to one person the earlier goes first, and the other
// looks again.
func (b *batch) hold(i surveys.Invitation, person surveys.Person, survey surveys.Survey, now time.Time) outlook {
	facts := surveys.Facts{Survey: survey, Zone: surveys.ZoneOf(person, b.workspace), Holidays: b.workspace.Holidays, Caps: b.workspace.Caps}
	for _, other := range b.facts.left[i.PersonID] {
		switch {
		case other.InvitationID == i.ID || i.Letter == surveys.LetterThanks:
		case !other.Waits:
			facts.Asks = append(facts.Asks, other.Ask)
		case before(other, i):
			return outlook{against: Postponed, until: now.Add(peerDelay)}
		}
	}
	rule := b.rules[i.RuleID]
	leaving := rule.Leave(i, facts, now)
	switch {
	case leaving.Drop:
		return outlook{against: Cancelled, why: leaving.Why}
	case !leaving.Until.After(now):
		return outlook{}
	}
	found := outlook{against: Postponed, until: leaving.Until, why: leaving.Why}
	if i.Letter == surveys.LetterInvitation { // nobody has its link yet
		found.expires = found.until.Add(rule.AnswerWindow())
	}
	return found
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
