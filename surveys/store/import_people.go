package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"slices"

	"github.com/google/uuid"

	"github.com/harkhq/hark/surveys"
)

// people remembers whom an import met, by hashes, so that a million of them
// fit into memory. It finds as [Tx.FindPerson] does: by the company's id, then
// by an address of a person without such an id; an address alone finds the
// first person who has it.
type people struct {
	byID    map[personKey]uuid.UUID
	byEmail map[personKey]addressee
}

type personKey [16]byte

// addressee are the persons of an address: the first who had it, and the one
// without a company id, if there is one.
type addressee struct{ first, open uuid.UUID }

// mostPeople is how many are remembered; then all are forgotten, and looked up
// in the database again.
const mostPeople = 1_000_000

func keyOf(text string) personKey {
	sum := sha256.Sum256([]byte(text))
	return personKey(sum[:16])
}

// meet finds the persons of the answers and returns those who must be created.
func (l *Loader) meet(ctx context.Context, list []Imported) ([]*surveys.Person, error) {
	if err := l.recall(ctx, list); err != nil {
		return nil, err
	}
	var created []*surveys.Person
	fresh := make(map[uuid.UUID]*surveys.Person)
	adopted := make(map[uuid.UUID]string)
	for i := range list {
		in := &list[i]
		if in.Person.ExternalID == "" && in.Person.Email == "" {
			continue
		}
		person, found := l.people.find(in.Person)
		if !found {
			p, err := l.newPerson(in.Person)
			if err != nil {
				return nil, err
			}
			person = uuid.MustParse(p.ID) // it was made a line above
			created, fresh[person] = append(created, p), p
		} else if l.people.adopts(in.Person) {
			if p := fresh[person]; p != nil {
				p.ExternalID = in.Person.ExternalID
			} else {
				adopted[person] = in.Person.ExternalID
			}
		}
		l.people.learn(in.Person, person)
		in.Response.PersonID = person.String()
	}
	return created, l.adopt(ctx, adopted)
}

func (l *Loader) newPerson(p surveys.Person) (*surveys.Person, error) {
	drawn, err := l.tx.store.NewID()
	if err != nil {
		return nil, err
	}
	now := l.tx.store.Now()
	p.WorkspaceID, p.ID, p.CreatedAt, p.UpdatedAt = l.survey.WorkspaceID, drawn, now, now
	return &p, nil
}

// find returns the person whom p names, as far as it is remembered.
func (k *people) find(p surveys.Person) (uuid.UUID, bool) {
	if p.ExternalID != "" {
		if person, ok := k.byID[keyOf(p.ExternalID)]; ok {
			return person, true
		}
		open := k.byEmail[keyOf(p.Email)].open
		return open, open != uuid.Nil && p.Email != ""
	}
	person := k.byEmail[keyOf(p.Email)].first
	return person, person != uuid.Nil
}

// adopts reports whether a person who was found gets the company's id of p.
func (k *people) adopts(p surveys.Person) bool {
	_, known := k.byID[keyOf(p.ExternalID)]
	return p.ExternalID != "" && !known
}

// learn remembers that p names person.
func (k *people) learn(p surveys.Person, person uuid.UUID) {
	if p.Email != "" {
		key := keyOf(p.Email)
		a := k.byEmail[key]
		switch {
		case p.ExternalID != "" && a.open == person:
			a.open = uuid.Nil
		case p.ExternalID == "" && a.first == uuid.Nil:
			a.open = person
		}
		if a.first == uuid.Nil {
			a.first = person
		}
		k.byEmail[key] = a
	}
	if p.ExternalID != "" {
		k.byID[keyOf(p.ExternalID)] = person
	}
}

// recall looks up in the database whom the answers name and nobody remembers.
func (l *Loader) recall(ctx context.Context, list []Imported) error {
	if l.people.byID == nil || len(l.people.byID)+len(l.people.byEmail) > mostPeople {
		l.people = people{byID: make(map[personKey]uuid.UUID), byEmail: make(map[personKey]addressee)}
	}
	ids, emails := l.people.strangers(list)
	if len(ids) > 0 {
		query := l.named("SELECT CAST(id AS text) AS id, external_id FROM people WHERE workspace_id = $1 AND external_id <> '' AND external_id", "text")
		if err := l.query(ctx, "look for people by id", query, ids, l.people.scanID); err != nil {
			return err
		}
	}
	if len(emails) > 0 {
		query := l.named("SELECT CAST(id AS text) AS id, email, external_id, created_at FROM people WHERE workspace_id = $1 AND email <> '' AND email", "text")
		query = "SELECT id, email, external_id FROM (" + query + ") AS people ORDER BY created_at, id"
		return l.query(ctx, "look for people by address", query, emails, l.people.scanEmail)
	}
	return nil
}

// strangers lists the ids and addresses that are not remembered.
func (k *people) strangers(list []Imported) (ids, emails []string) {
	for i := range list {
		p := &list[i].Person
		if p.ExternalID != "" {
			if _, known := k.byID[keyOf(p.ExternalID)]; !known {
				ids = append(ids, p.ExternalID)
			}
		}
		if p.Email != "" {
			if _, known := k.byEmail[keyOf(p.Email)]; !known {
				emails = append(emails, p.Email)
			}
		}
	}
	slices.Sort(ids)
	slices.Sort(emails)
	return slices.Compact(ids), slices.Compact(emails)
}

func (k *people) scanID(rows *sql.Rows) error {
	var person uuid.UUID
	var external string
	if err := rows.Scan(&person, &external); err != nil {
		return err
	}
	k.byID[keyOf(external)] = person
	return nil
}

func (k *people) scanEmail(rows *sql.Rows) error {
	var person uuid.UUID
	var email, external string
	if err := rows.Scan(&person, &email, &external); err != nil {
		return err
	}
	key := keyOf(email)
	a := k.byEmail[key]
	if a.first == uuid.Nil {
		a.first = person
	}
	if external == "" {
		a.open = person
	}
	k.byEmail[key] = a
	return nil
}

// adopt gives persons who were known by their address alone the company's id.
func (l *Loader) adopt(ctx context.Context, adopted map[uuid.UUID]string) error {
	for person, external := range adopted {
		result := l.tx.of(ctx, l.survey.WorkspaceID).Model(&personRow{}).Where("id = ?", person.String()).
			Updates(map[string]any{"external_id": external, "updated_at": utc(l.tx.store.Now())})
		if err := changed("the person", result); err != nil {
			return err
		}
	}
	return nil
}
