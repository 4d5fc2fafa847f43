package store

import (
	"context"
	"maps"
	"slices"

	"github.com/harkhq/hark/surveys"
)

// maxSharing is with how many others, those who came last, somebody shares a
// mailbox as far as Hark looks: an address that stands in for none costs no more
// than others.
const maxSharing = 100

// mailboxes says for people who share the addresses of some, by their ids, which
// of those they share it with; each of them also with themselves. One mailbox is
// one customer, whom a shop and a help desk call by ids of their own.
type mailboxes map[string][]string

// people are all who share the mailboxes.
func (m mailboxes) people() []string { return slices.Sorted(maps.Keys(m)) }

// mailboxes looks up who else has the addresses of some people.
func (r reads) mailboxes(ctx context.Context, ws surveys.WorkspaceID, people []string) (mailboxes, error) {
	shared := make(mailboxes, len(people))
	for _, id := range people {
		shared[id] = []string{id}
	}
	var rows []struct{ ID, Other string }
	// The pairs first: numbered at once, SQLite goes through all people for each, in the order of their ids.
	err := r.db.WithContext(ctx).Raw(`WITH pairs AS MATERIALIZED (
  SELECT p.id, q.id AS other FROM people AS p CROSS JOIN people AS q
  WHERE p.workspace_id = @ws AND p.id @people AND p.email <> '' AND q.workspace_id = p.workspace_id AND q.email = p.email AND q.email <> '' AND q.id <> p.id)
SELECT id, other FROM (SELECT id, other, row_number() OVER (PARTITION BY id ORDER BY other DESC) AS n FROM pairs) AS sharing
WHERE n <= @most`, map[string]any{"ws": string(ws), "people": r.among(people), "most": maxSharing}).Scan(&rows).Error
	for _, row := range rows {
		shared[row.Other] = append(shared[row.Other], row.ID)
	}
	return shared, known("find who shares an address", err)
}

// mailbox lists those who share a person's address, and the person.
func (r reads) mailbox(ctx context.Context, ws surveys.WorkspaceID, personID string) ([]string, error) {
	shared, err := r.mailboxes(ctx, ws, []string{personID})
	return shared.people(), err
}
