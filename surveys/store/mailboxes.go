package store

import (
	"context"
	"database/sql"
	"maps"
	"slices"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

// maxSharing is of how many who have one address, what they did themselves is looked
// at: an address that stands in for none costs no more than others. What was mailed
// to it is always looked at.
const maxSharing = 100

// mailboxes are the addresses of some people. One mailbox is one customer, whom a
// shop and a help desk call by ids of their own.
type mailboxes struct {
	owners map[string][]string // of those people, by address
	shared map[string][]string // of those people, by the id of each with whom they share; each of them also with themselves
}

// people are all who share the mailboxes.
func (m mailboxes) people() []string { return slices.Sorted(maps.Keys(m.shared)) }

// addresses are the mailboxes.
func (m mailboxes) addresses() []string { return slices.Sorted(maps.Keys(m.owners)) }

// of lists those of the people whom a letter to an address reached, or would have
// reached if their address had not changed.
func (m mailboxes) of(personID, email string) []string {
	list := m.shared[personID]
	for _, id := range m.owners[email] {
		if !slices.Contains(list, id) {
			list = append(slices.Clip(list), id)
		}
	}
	return list
}

// toMailbox are the invitations i of some people or to some addresses. A list of ids,
// as there is an index for each of both and none for their either-or. PostgreSQL has
// to make the list first: where it knows no statistics yet it takes a list for one row,
// and would look for it anew for each invitation of the workspace.
func (r reads) toMailbox() string {
	const list = `(SELECT id FROM invitations WHERE workspace_id = @ws AND person_id @people
  UNION ALL SELECT id FROM invitations WHERE workspace_id = @ws AND email @addresses)`
	if r.dialect == Postgres {
		return "i.id = ANY (ARRAY" + list + ")"
	}
	return "i.id IN " + list
}

// mailboxes looks up the addresses of some people, and who shares them.
func (r reads) mailboxes(ctx context.Context, ws surveys.WorkspaceID, people []string) (mailboxes, error) {
	named := make(map[string]string, len(people))
	err := each(r.of(ctx, ws).Model(&personRow{}).Where("id ? AND email <> ''", r.among(people)).Select("id", "email"), func(rows *sql.Rows) error {
		var id, email string
		err := rows.Scan(&id, &email)
		named[id] = email
		return err
	})
	if err != nil {
		return mailboxes{}, known("find the addresses of people", err)
	}
	list := make([]surveys.Person, len(people))
	for n, id := range people {
		list[n] = surveys.Person{ID: id, Email: named[id]}
	}
	return r.mailboxesOf(ctx, ws, list)
}

// mailboxesOf looks up who shares the addresses of some people.
func (r reads) mailboxesOf(ctx context.Context, ws surveys.WorkspaceID, people []surveys.Person) (mailboxes, error) {
	found := mailboxes{owners: make(map[string][]string), shared: make(map[string][]string, len(people))}
	for _, p := range people {
		if found.shared[p.ID] = []string{p.ID}; p.Email != "" {
			found.owners[p.Email] = append(found.owners[p.Email], p.ID)
		}
	}
	if len(found.owners) == 0 {
		return found, nil
	}
	sharing := func() *gorm.DB {
		return r.of(ctx, ws).Model(&personRow{}).Where("email ? AND email <> ''", r.amongTexts(found.addresses()))
	}
	// Numbering them by the address takes half of all this, and few addresses are shared.
	most := maxSharing + len(found.owners) - 1
	list, err := r.sharers(sharing().Limit(most))
	if err == nil && len(list) == most && len(found.owners) > 1 {
		numbered := sharing().Select("id, email, row_number() OVER (PARTITION BY email) AS n")
		list, err = r.sharers(r.db.WithContext(ctx).Table("(?) AS sharing", numbered).Where("n <= ?", maxSharing))
	}
	looked := make(map[string]int, len(found.owners))
	for _, other := range list {
		if looked[other.Email]++; looked[other.Email] > maxSharing {
			continue
		}
		for _, id := range found.owners[other.Email] {
			if id != other.ID {
				found.shared[other.ID] = append(found.shared[other.ID], id)
			}
		}
	}
	return found, known("find who shares an address", err)
}

// sharers are people with no more than their ids and addresses.
func (r reads) sharers(q *gorm.DB) (list []surveys.Person, err error) {
	err = each(q.Select("id", "email"), func(rows *sql.Rows) error {
		var p surveys.Person
		err := rows.Scan(&p.ID, &p.Email)
		list = append(list, p)
		return err
	})
	return list, err
}

// mailbox is the mailbox of one person.
func (r reads) mailbox(ctx context.Context, ws surveys.WorkspaceID, personID string) (mailboxes, error) {
	return r.mailboxes(ctx, ws, []string{personID})
}

// Sharing lists the others who have a person's address, those first who came first.
func (r reads) Sharing(ctx context.Context, ws surveys.WorkspaceID, p surveys.Person, limit int) ([]surveys.Person, error) {
	q := r.of(ctx, ws).Where("email = ? AND email <> '' AND id <> ?", p.Email, p.ID).Limit(limit)
	return all(q.Order("created_at, id"), "who shares an address", personRow.domain)
}

// LockMailbox has what is decided about a mailbox decided one after the other, until
// the transaction ends: by two processes, about two people who share it. SQLite's one
// writer needs no lock.
func (tx *Tx) LockMailbox(ctx context.Context, ws surveys.WorkspaceID, email string) error {
	if tx.dialect != Postgres || email == "" {
		return nil
	}
	return known("lock the mailbox", tx.db.WithContext(ctx).Exec("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", string(ws)+" "+email).Error)
}
