package store

import (
	"context"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// A trial goes through what is stored, for many people at once: these reads
// take lists where a decision about one event asks for one person.

// rowsAtOnce is how many ids a trial's read puts into one statement.
const rowsAtOnce = 1000

// CountEventsOf counts the events of a type that happened since a time.
func (r reads) CountEventsOf(ctx context.Context, ws surveys.WorkspaceID, eventType string, since time.Time) (int64, error) {
	var n int64
	err := r.of(ctx, ws).Model(&eventRow{}).Where("type = ? AND occurred_at >= ?", eventType, utc(since)).Count(&n).Error
	return n, known("count the events of a type", err)
}

// EventsOf lists the events of a type that happened since a time, the first
// first. Those of other people than pick wants are passed over before their
// data is read; nil wants all.
func (r reads) EventsOf(ctx context.Context, ws surveys.WorkspaceID, eventType string, since time.Time, pick func(personID string) bool) ([]surveys.Event, error) {
	q := r.of(ctx, ws).Where("type = ? AND occurred_at >= ?", eventType, utc(since)).Order("occurred_at, id")
	if pick == nil {
		return all(q, "the events of a type", eventRow.domain)
	}
	rows, err := q.Model(&eventRow{}).Select("id, person_id").Rows()
	if err != nil {
		return nil, known("list the events of a type", err)
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id, person string
		if err := rows.Scan(&id, &person); err != nil {
			return nil, known("read the events of a type", err)
		}
		if pick(person) {
			ids = append(ids, id)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, known("read the events of a type", err)
	}
	return r.eventsIn(ctx, ws, ids)
}

// eventsIn lists the events of some ids, in their order.
func (r reads) eventsIn(ctx context.Context, ws surveys.WorkspaceID, ids []string) ([]surveys.Event, error) {
	var list []surveys.Event
	for part := range slices.Chunk(ids, rowsAtOnce) {
		byID, err := r.EventsByID(ctx, ws, part)
		if err != nil {
			return nil, err
		}
		for _, id := range part {
			if e, found := byID[id]; found {
				list = append(list, e)
			}
		}
	}
	return list, nil
}

// PeopleIDs lists the ids of all people for whom pick is true.
func (r reads) PeopleIDs(ctx context.Context, ws surveys.WorkspaceID, pick func(id string) bool) ([]string, error) {
	rows, err := r.of(ctx, ws).Model(&personRow{}).Select("id").Rows()
	if err != nil {
		return nil, known("list people", err)
	}
	defer rows.Close()
	var ids []string
	for rows.Next() {
		var id string
		if err := rows.Scan(&id); err != nil {
			return nil, known("read people", err)
		}
		if pick(id) {
			ids = append(ids, id)
		}
	}
	return ids, known("read people", rows.Err())
}

// CountPeople counts the workspace's people.
func (r reads) CountPeople(ctx context.Context, ws surveys.WorkspaceID) (int64, error) {
	var n int64
	err := r.of(ctx, ws).Model(&personRow{}).Count(&n).Error
	return n, known("count people", err)
}

// AskOf is an ask as a trial looks at it: since when it was known, and which rule
// made it.
type AskOf struct {
	surveys.Ask
	RuleID  string // "" for an answer that came without an invitation, and for a page
	KnownAt time.Time
}

type askOfRow struct {
	Asked    askRow `gorm:"embedded"`
	PersonID string
	Email    string // that a letter went to
	RuleID   string
	KnownAt  time.Time
}

// AsksOf is [reads.Asks] for several people, by the person whose mailbox it was.
func (r reads) AsksOf(ctx context.Context, ws surveys.WorkspaceID, people []string, since time.Time) (map[string][]AskOf, error) {
	asks := make(map[string][]AskOf)
	for part := range slices.Chunk(people, rowsAtOnce) {
		shared, err := r.mailboxes(ctx, ws, part)
		if err != nil {
			return nil, err
		}
		args := map[string]any{"ws": string(ws), "people": r.among(shared.people()), "addresses": r.amongTexts(shared.addresses()), "since": utc(since)}
		for _, query := range []string{
			`SELECT i.person_id, i.email, i.rule_id, i.created_at AS known_at, i.survey_id, s.kind, s.topic, i.letter, i.send_at AS at FROM invitations AS i
JOIN surveys AS s ON s.workspace_id = i.workspace_id AND s.id = i.survey_id
WHERE i.workspace_id = @ws AND ` + r.toMailbox() + ` AND i.send_at >= @since AND i.letter <> 'thanks'
  AND i.state NOT IN ('cancelled', 'suppressed', 'failed', 'expired', 'bounced')` + wanted,
			`SELECT r.person_id, r.answered_at AS known_at, r.survey_id, s.kind, s.topic, 'invitation' AS letter, r.answered_at AS at, true AS answered FROM responses AS r
JOIN surveys AS s ON s.workspace_id = r.workspace_id AND s.id = r.survey_id
WHERE r.workspace_id = @ws AND r.person_id @people AND r.answered_at >= @since AND r.invitation_id IS NULL`,
			`SELECT p.person_id, p.asked_at AS known_at, p.survey_id, s.kind, s.topic, 'invitation' AS letter, p.asked_at AS at FROM page_asks AS p
JOIN surveys AS s ON s.workspace_id = p.workspace_id AND s.id = p.survey_id
WHERE p.workspace_id = @ws AND p.person_id @people AND p.asked_at >= @since`,
		} {
			var rows []askOfRow
			if err := r.db.WithContext(ctx).Raw(query, args).Scan(&rows).Error; err != nil {
				return nil, known("list when people were asked", err)
			}
			for _, row := range rows {
				for _, id := range shared.of(row.PersonID, row.Email) {
					asks[id] = append(asks[id], AskOf{Ask: row.Asked.domain(), RuleID: row.RuleID, KnownAt: row.KnownAt.UTC()})
				}
			}
		}
	}
	return asks, nil
}

// SuppressionsOf says which of some addresses get no mail of a survey, and why.
func (r reads) SuppressionsOf(ctx context.Context, w surveys.Workspace, surveyID string, emails []string) (map[string]surveys.Suppression, error) {
	reasons := make(map[string]surveys.Suppression)
	for part := range slices.Chunk(emails, rowsAtOnce) {
		byHash, hashes := make(map[string]string, len(part)), make([][]byte, 0, len(part))
		for _, email := range part {
			for _, hash := range addressHashes(w, email) {
				byHash[string(hash)], hashes = email, append(hashes, hash)
			}
		}
		stops, err := all(r.of(ctx, w.ID).Where("survey_id = ? AND address_hash IN ?", surveyID, hashes), "stopped surveys", func(row surveyStopRow) string { return string(row.AddressHash) })
		if err != nil {
			return nil, err
		}
		for _, hash := range stops {
			reasons[byHash[hash]] = surveys.SuppressedUnsubscribed
		}
		rows, err := all(r.held(ctx, w.ID).Where("address_hash IN ?", hashes), "suppressions", func(row suppressionRow) suppressionRow { return row })
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			reasons[byHash[string(row.AddressHash)]] = surveys.Suppression(row.Reason)
		}
	}
	return reasons, nil
}

// EventsOfPeople is [reads.EventsSince] for several people, by person whose mailbox
// it is.
func (r reads) EventsOfPeople(ctx context.Context, ws surveys.WorkspaceID, people []string, since time.Time, types []string) (map[string][]surveys.Event, error) {
	events := make(map[string][]surveys.Event)
	if len(types) == 0 {
		return events, nil
	}
	for part := range slices.Chunk(people, rowsAtOnce) {
		shared, err := r.mailboxes(ctx, ws, part)
		if err != nil {
			return nil, err
		}
		q := r.of(ctx, ws).Where("person_id ? AND occurred_at >= ? AND type IN ?", r.among(shared.people()), utc(since), types)
		list, err := all(q.Order("occurred_at, id"), "later events", eventRow.domain)
		if err != nil {
			return nil, err
		}
		for _, e := range list {
			for _, id := range shared.shared[e.PersonID] {
				events[id] = append(events[id], e)
			}
		}
	}
	return events, nil
}
