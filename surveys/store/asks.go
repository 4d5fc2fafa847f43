package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

// askRow is an ask with what its survey says about caps.
type askRow struct {
	SurveyID, Kind, Topic, Letter string
	At                            time.Time
	Answered                      bool
}

func (r askRow) domain() surveys.Ask {
	return surveys.Ask{
		SurveyID: r.SurveyID, Kind: surveys.SurveyKind(r.Kind), Topic: r.Topic, At: r.At.UTC(),
		Reminder: surveys.LetterKind(r.Letter) == surveys.LetterReminder, Answered: r.Answered,
	}
}

// Asks lists when a person was asked or will be, since a time: by invitations
// and reminders that left or wait, by answers that came without one, and by surveys
// that came up on a page. What never went out is no ask, and a thank-you is none either. It is the
// mailbox that is spared: what other people with the same address were asked
// counts as well.
func (r reads) Asks(ctx context.Context, ws surveys.WorkspaceID, personID string, since time.Time) ([]surveys.Ask, error) {
	found, err := r.AsksOf(ctx, ws, []string{personID}, since)
	if err != nil {
		return nil, err
	}
	var asks []surveys.Ask
	for _, ask := range found[personID] {
		asks = append(asks, ask.Ask)
	}
	return asks, nil
}

// wanted leaves out what waits and will perhaps never leave: reminders whose
// question is answered, letters of a paused rule or survey, which look back at
// others when it goes on, and those of an archived rule, which are to be taken back.
const wanted = `
  AND NOT (i.state IN ('scheduled', 'claimed') AND (s.status <> 'active' OR EXISTS (SELECT 1 FROM rules AS rests
    WHERE rests.workspace_id = i.workspace_id AND rests.id = i.rule_id AND rests.status <> 'active')))
  AND NOT (i.letter = 'reminder' AND i.state IN ('scheduled', 'claimed') AND EXISTS (SELECT 1 FROM invitations AS about
    WHERE about.workspace_id = i.workspace_id AND about.id = i.about_id AND about.answered_at IS NOT NULL))`

// Unsent lists the letters by some rules that have not left yet to a person's
// mailbox, for sure: those of unknown fate are not among them.
func (r reads) Unsent(ctx context.Context, ws surveys.WorkspaceID, personID string, ruleIDs []string) ([]surveys.Invitation, error) {
	if len(ruleIDs) == 0 {
		return nil, nil
	}
	box, err := r.mailbox(ctx, ws, personID)
	if err != nil {
		return nil, err
	}
	q := r.of(ctx, ws).Table("invitations AS i").Where(r.toMailbox()+" AND rule_id IN @rules AND state IN ('scheduled', 'claimed') AND letter <> 'thanks'",
		map[string]any{"ws": string(ws), "people": r.among(box.people()), "addresses": r.amongTexts(box.addresses()), "rules": ruleIDs})
	return all(q.Order("id"), "unsent invitations", invitationRow.domain)
}

// EventsSince lists the events of some types that happened at a time or later to
// those who share a person's mailbox, the first first.
func (r reads) EventsSince(ctx context.Context, ws surveys.WorkspaceID, personID string, since time.Time, types []string) ([]surveys.Event, error) {
	if len(types) == 0 {
		return nil, nil
	}
	box, err := r.mailbox(ctx, ws, personID)
	if err != nil {
		return nil, err
	}
	q := r.of(ctx, ws).Where("person_id ? AND occurred_at >= ? AND type IN ?", r.among(box.people()), utc(since), types)
	return all(q.Order("occurred_at, id"), "later events", eventRow.domain)
}
