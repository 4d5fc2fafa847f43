package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

// SavePeople saves people of a workspace as [Tx.SavePerson] saves each of them, in
// a few statements for all, and returns them in the order of news.
//
// Whoever is stored is locked by their id, as everything that locks several
// people does, and then the new ones are created by what names them: so two
// transactions with the same people do not wait for each other. Whoever is named
// twice, changed meanwhile, or has a new address is saved on their own after that.
func (tx *Tx) SavePeople(ctx context.Context, ws surveys.WorkspaceID, news []surveys.Person) ([]surveys.Person, error) {
	if len(news) == 0 {
		return nil, nil
	}
	found, err := tx.named(ctx, ws, news)
	if err != nil {
		return nil, err
	}
	m := many{news: slices.Clone(news), saved: make([]surveys.Person, len(news))}
	for i := range m.news {
		m.news[i].WorkspaceID = ws
	}
	m.part(newDirectory(found))
	if err := tx.mergeMany(ctx, ws, &m); err != nil {
		return nil, err
	}
	if err := tx.createMany(ctx, ws, &m); err != nil {
		return nil, err
	}
	for _, i := range m.alone {
		if m.saved[i], err = tx.SavePerson(ctx, m.news[i]); err != nil {
			return nil, err
		}
	}
	return m.saved, nil
}

// many are people that are saved together, by their places in the list.
type many struct {
	news, saved []surveys.Person
	known       map[string]int // by the id of the person whom the news name
	fresh       []int          // of whom nothing is known
	alone       []int          // to be saved after the others
}

// part says who is known and who is new, each in the order in which they are to
// be saved.
func (m *many) part(found directory) {
	m.known = make(map[string]int)
	taken := make(map[string]bool)
	for i, p := range m.news {
		email, external := "@"+p.Email, "#"+p.ExternalID
		person := found.named(p)
		again := p.Email != "" && taken[email] || p.ExternalID != "" && taken[external]
		taken[email], taken[external] = true, true
		if person != nil {
			_, again2 := m.known[person.ID]
			again = again || again2
		}
		switch {
		case again:
			m.alone = append(m.alone, i)
		case person != nil:
			m.known[person.ID] = i
		default:
			m.fresh = append(m.fresh, i)
		}
	}
	name := func(i int) string { return m.news[i].Email + " " + m.news[i].ExternalID }
	slices.SortStableFunc(m.fresh, func(a, b int) int { return strings.Compare(name(a), name(b)) })
}

// mergeMany lays the news over those who are known. Who is no longer whom the
// news name is left for later.
func (tx *Tx) mergeMany(ctx context.Context, ws surveys.WorkspaceID, m *many) error {
	ids := make([]string, 0, len(m.known))
	for id := range m.known {
		ids = append(ids, id)
	}
	if len(ids) == 0 {
		return nil
	}
	there, err := all(tx.locked(ctx, ws).Where("id IN ?", ids).Order("id"), "people", personRow.domain)
	if err != nil {
		return err
	}
	now := tx.store.Now()
	var rows []personRow
	for _, person := range there {
		i := m.known[person.ID]
		if newDirectory([]surveys.Person{person}).named(m.news[i]) == nil || moves(person, m.news[i]) {
			continue // renamed meanwhile, or letters and stops follow them to a new address
		}
		delete(m.known, person.ID)
		m.saved[i] = person.Merge(m.news[i])
		m.saved[i].UpdatedAt = now
		rows = append(rows, personRowOf(m.saved[i]))
	}
	for _, i := range m.known {
		m.alone = append(m.alone, i)
	}
	slices.Sort(m.alone)
	if len(rows) == 0 {
		return nil
	}
	return known("store people", tx.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "workspace_id"}, {Name: "id"}},
		DoUpdates: clause.AssignmentColumns([]string{"external_id", "email", "name", "locale", "time_zone", "traits", "updated_at"}),
	}).CreateInBatches(&rows, manyRows).Error)
}

// manyRows is how many people one statement stores.
const manyRows = 500

// createMany creates those of whom nothing was known. Whom another transaction
// created just now is left for later.
func (tx *Tx) createMany(ctx context.Context, ws surveys.WorkspaceID, m *many) error {
	now := tx.store.Now()
	for part := range slices.Chunk(m.fresh, manyRows) {
		rows := make([]personRow, len(part))
		for n, i := range part {
			p, err := tx.newPerson(m.news[i], now)
			if err != nil {
				return err
			}
			m.saved[i], rows[n] = p, personRowOf(p)
		}
		result := tx.insertPeople(ctx, ws, rows)
		if result.Error != nil {
			return known("store people", result.Error)
		}
		if result.RowsAffected == int64(len(rows)) {
			continue
		}
		ids := make([]string, len(rows))
		for n, row := range rows {
			ids[n] = row.ID
		}
		created, err := tx.PeopleByID(ctx, ws, ids)
		if err != nil {
			return err
		}
		for _, i := range part {
			if _, stored := created[m.saved[i].ID]; !stored {
				m.alone = append(m.alone, i)
			}
		}
	}
	return nil
}

// insertPeople stores rows of new people, but for whom another transaction has
// stored. PostgreSQL takes them as one value: with a parameter for each column,
// reading the statement takes it longer than running it.
func (tx *Tx) insertPeople(ctx context.Context, ws surveys.WorkspaceID, rows []personRow) *gorm.DB {
	if tx.dialect != Postgres {
		return tx.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&rows)
	}
	list := make([]newPersonJSON, len(rows))
	for i, r := range rows {
		list[i] = newPersonJSON{r.ID, r.ExternalID, r.Email, r.Name, r.Locale, r.TimeZone, r.Traits}
	}
	text, err := json.Marshal(list)
	if err != nil {
		failed := tx.db.WithContext(ctx)
		_ = failed.AddError(fmt.Errorf("write people: %w", err)) // which it returns
		return failed
	}
	return tx.db.WithContext(ctx).Exec(`INSERT INTO people (workspace_id, id, external_id, email, name, locale, time_zone, traits, created_at, updated_at)
SELECT ?::uuid, id, external_id, email, name, locale, time_zone, traits, ?::timestamptz, ?::timestamptz
FROM jsonb_to_recordset(?::jsonb) AS t (id uuid, external_id text, email text, name text, locale text, time_zone text, traits jsonb)
ON CONFLICT DO NOTHING`, string(ws), rows[0].CreatedAt, rows[0].UpdatedAt, string(text))
}

// newPersonJSON is a new person as [Tx.insertPeople] hands it over.
type newPersonJSON struct {
	ID         string         `json:"id"`
	ExternalID string         `json:"external_id"`
	Email      string         `json:"email"`
	Name       string         `json:"name"`
	Locale     string         `json:"locale"`
	TimeZone   string         `json:"time_zone"`
	Traits     map[string]any `json:"traits"`
}

// newPerson is a person of whom nothing is known but the news.
func (tx *Tx) newPerson(news surveys.Person, now time.Time) (surveys.Person, error) {
	id, err := tx.store.NewID()
	p := surveys.Person{WorkspaceID: news.WorkspaceID}.Merge(news) // drops traits of null
	p.ID, p.CreatedAt, p.UpdatedAt = id, now, now
	return p, err
}

// directory finds people among some, the oldest first, by what names them.
type directory struct {
	byExternal map[string]*surveys.Person
	byEmail    map[string]*surveys.Person // the oldest of an address
	nameless   map[string]*surveys.Person // the oldest of an address who has no company id
}

func newDirectory(people []surveys.Person) directory {
	d := directory{make(map[string]*surveys.Person), make(map[string]*surveys.Person), make(map[string]*surveys.Person)}
	put := func(in map[string]*surveys.Person, key string, p *surveys.Person) {
		if _, there := in[key]; key != "" && !there {
			in[key] = p
		}
	}
	for i := range people {
		p := &people[i]
		put(d.byExternal, p.ExternalID, p)
		put(d.byEmail, p.Email, p)
		if p.ExternalID == "" {
			put(d.nameless, p.Email, p)
		}
	}
	return d
}

// named is the person whom p names, as [Tx.FindPerson] finds them; nil for none.
func (d directory) named(p surveys.Person) *surveys.Person {
	if p.ExternalID == "" {
		return d.byEmail[p.Email]
	}
	if person := d.byExternal[p.ExternalID]; person != nil {
		return person
	}
	return d.nameless[p.Email]
}
