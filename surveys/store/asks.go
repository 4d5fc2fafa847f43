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
}

func (r askRow) domain() surveys.Ask {
	return surveys.Ask{
		SurveyID: r.SurveyID, Kind: surveys.SurveyKind(r.Kind), Topic: r.Topic, At: r.At.UTC(),
		Reminder: surveys.LetterKind(r.Letter) == surveys.LetterReminder,
	}
}

// Asks lists when a person was asked or will be, since a time: by invitations
// and reminders that left or wait, and by answers that came without one, from a
// page. What never went out is no ask, and a thank-you is none either.
func (r reads) Asks(ctx context.Context, ws surveys.WorkspaceID, personID string, since time.Time) ([]surveys.Ask, error) {
	args := map[string]any{"ws": string(ws), "person": personID, "since": utc(since)}
	var asks []surveys.Ask
	for _, query := range []string{
		`SELECT i.survey_id, s.kind, s.topic, i.letter, i.send_at AS at FROM invitations AS i
JOIN surveys AS s ON s.workspace_id = i.workspace_id AND s.id = i.survey_id
WHERE i.workspace_id = @ws AND i.person_id = @person AND i.send_at >= @since AND i.letter <> 'thanks'
  AND i.state NOT IN ('cancelled', 'suppressed', 'failed', 'expired', 'bounced')`,
		`SELECT r.survey_id, s.kind, s.topic, 'invitation' AS letter, r.answered_at AS at FROM responses AS r
JOIN surveys AS s ON s.workspace_id = r.workspace_id AND s.id = r.survey_id
WHERE r.workspace_id = @ws AND r.person_id = @person AND r.answered_at >= @since AND r.invitation_id IS NULL`,
	} {
		var rows []askRow
		if err := r.db.WithContext(ctx).Raw(query, args).Scan(&rows).Error; err != nil {
			return nil, known("list when the person was asked", err)
		}
		for _, row := range rows {
			asks = append(asks, row.domain())
		}
	}
	return asks, nil
}

// Unsent lists a person's letters by some rules that have not left yet, for
// sure: those of unknown fate are not among them.
func (r reads) Unsent(ctx context.Context, ws surveys.WorkspaceID, personID string, ruleIDs []string) ([]surveys.Invitation, error) {
	if len(ruleIDs) == 0 {
		return nil, nil
	}
	q := r.of(ctx, ws).Where("person_id = ? AND rule_id IN ? AND state IN ('scheduled', 'claimed') AND letter <> 'thanks'", personID, ruleIDs)
	return all(q.Order("id"), "unsent invitations", invitationRow.domain)
}

// EventsSince lists a person's events of some types that happened at a time or
// later, the first first.
func (r reads) EventsSince(ctx context.Context, ws surveys.WorkspaceID, personID string, since time.Time, types []string) ([]surveys.Event, error) {
	if len(types) == 0 {
		return nil, nil
	}
	q := r.of(ctx, ws).Where("person_id = ? AND occurred_at >= ? AND type IN ?", personID, utc(since), types)
	return all(q.Order("occurred_at, id"), "later events", eventRow.domain)
}
