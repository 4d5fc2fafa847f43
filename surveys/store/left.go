package store

import (
	"context"
	"database/sql"
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

// leftRow is what one of the queries of LeftTo finds.
type leftRow struct {
	asked                         askRow
	personID, email, invitationID string
	sentAt                        *time.Time
	waits                         bool
}

func (r *leftRow) scan(rows *sql.Rows) error {
	return rows.Scan(&r.personID, &r.email, &r.invitationID, &r.asked.SurveyID, &r.asked.Kind, &r.asked.Topic, &r.asked.Letter, &r.asked.At, &r.sentAt, &r.waits, &r.asked.Answered)
}

func (r leftRow) domain() Left {
	left := Left{Ask: r.asked.domain(), InvitationID: r.invitationID, Waits: r.waits}
	if r.sentAt != nil {
		left.At = r.sentAt.UTC()
	}
	return left
}

// LeftTo lists what has left to the mailboxes of some people since a time, by
// person: as a letter that is due at now looks back, right before it leaves.
// Thank-yous do not count.
func (r reads) LeftTo(ctx context.Context, ws surveys.WorkspaceID, people []surveys.Person, since time.Time) (map[string][]Left, error) {
	left := make(map[string][]Left)
	for part := range slices.Chunk(people, rowsAtOnce) {
		shared, err := r.mailboxesOf(ctx, ws, part)
		if err != nil {
			return nil, err
		}
		args := map[string]any{"ws": string(ws), "people": r.among(shared.people()), "addresses": r.amongTexts(shared.addresses()), "since": utc(since)}
		for _, query := range []string{
			`SELECT i.person_id, i.email, i.id AS invitation_id, i.survey_id, s.kind, s.topic, i.letter, i.send_at AS at, i.sent_at,
  i.state IN ('scheduled', 'claimed') AS waits, false AS answered FROM invitations AS i
JOIN surveys AS s ON s.workspace_id = i.workspace_id AND s.id = i.survey_id
WHERE i.workspace_id = @ws AND ` + r.toMailbox() + ` AND i.send_at >= @since AND i.letter <> 'thanks'
  AND i.state IN ('sending', 'sent', 'unknown', 'scheduled', 'claimed')` + wanted,
			`SELECT r.person_id, '' AS email, '' AS invitation_id, r.survey_id, s.kind, s.topic, 'invitation' AS letter, r.answered_at AS at, NULL AS sent_at, false AS waits, true AS answered FROM responses AS r
JOIN surveys AS s ON s.workspace_id = r.workspace_id AND s.id = r.survey_id
WHERE r.workspace_id = @ws AND r.person_id @people AND r.answered_at >= @since AND r.invitation_id IS NULL`,
		} {
			err := each(r.db.WithContext(ctx).Raw(query, args), func(rows *sql.Rows) error {
				var row leftRow
				if err := row.scan(rows); err != nil {
					return err
				}
				for _, id := range shared.of(row.personID, row.email) {
					left[id] = append(left[id], row.domain())
				}
				return nil
			})
			if err != nil {
				return nil, known("list what has left", err)
			}
		}
	}
	return left, nil
}
