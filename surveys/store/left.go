package store

import (
	"context"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Left is an ask that has left, or was answered without an invitation; or, where
// it Waits, another letter to the person that is due or planned.
type Left struct {
	surveys.Ask
	InvitationID string // "" for an answer without an invitation
	Waits        bool
}

type leftRow struct {
	Asked        askRow `gorm:"embedded"`
	PersonID     string
	Email        string
	InvitationID string
	SentAt       *time.Time
	Waits        bool
}

func (r leftRow) domain() Left {
	left := Left{Ask: r.Asked.domain(), InvitationID: r.InvitationID, Waits: r.Waits}
	if r.SentAt != nil {
		left.At = r.SentAt.UTC()
	}
	return left
}

// LeftTo lists what has left to the mailboxes of some people since a time, by
// person: as a letter that is due at now looks back, right before it leaves.
// Thank-yous do not count.
func (r reads) LeftTo(ctx context.Context, ws surveys.WorkspaceID, people []string, since time.Time) (map[string][]Left, error) {
	left := make(map[string][]Left)
	for part := range slices.Chunk(people, rowsAtOnce) {
		shared, err := r.mailboxes(ctx, ws, part)
		if err != nil {
			return nil, err
		}
		args := map[string]any{"ws": string(ws), "people": r.among(shared.people()), "addresses": r.amongTexts(shared.addresses()), "since": utc(since)}
		for _, query := range []string{
			`SELECT i.person_id, i.email, i.id AS invitation_id, i.survey_id, s.kind, s.topic, i.letter, i.send_at AS at, i.sent_at,
  i.state IN ('scheduled', 'claimed') AS waits FROM invitations AS i
JOIN surveys AS s ON s.workspace_id = i.workspace_id AND s.id = i.survey_id
WHERE i.workspace_id = @ws AND ` + r.toMailbox() + ` AND i.send_at >= @since AND i.letter <> 'thanks'
  AND i.state IN ('sending', 'sent', 'unknown', 'scheduled', 'claimed')` + wanted,
			`SELECT r.person_id, r.survey_id, s.kind, s.topic, 'invitation' AS letter, r.answered_at AS at, true AS answered FROM responses AS r
JOIN surveys AS s ON s.workspace_id = r.workspace_id AND s.id = r.survey_id
WHERE r.workspace_id = @ws AND r.person_id @people AND r.answered_at >= @since AND r.invitation_id IS NULL`,
		} {
			var rows []leftRow
			if err := r.db.WithContext(ctx).Raw(query, args).Scan(&rows).Error; err != nil {
				return nil, known("list what has left", err)
			}
			for _, row := range rows {
				for _, id := range shared.of(row.PersonID, row.Email) {
					left[id] = append(left[id], row.domain())
				}
			}
		}
	}
	return left, nil
}
