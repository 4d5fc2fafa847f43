package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type personRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	ExternalID  string
	Email       string
	Name        string
	Locale      string
	TimeZone    string
	Traits      map[string]any `gorm:"serializer:json"`
	CreatedAt   time.Time      `gorm:"autoCreateTime:false"`
	UpdatedAt   time.Time      `gorm:"autoUpdateTime:false"`
}

func (personRow) TableName() string { return "people" }

func (r personRow) domain() surveys.Person {
	return surveys.Person{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, ExternalID: r.ExternalID, Email: r.Email, Name: r.Name,
		Locale: r.Locale, TimeZone: r.TimeZone, Traits: r.Traits, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

func personRowOf(p surveys.Person) personRow {
	if p.Traits == nil {
		p.Traits = map[string]any{}
	}
	return personRow{
		WorkspaceID: string(p.WorkspaceID), ID: p.ID, ExternalID: p.ExternalID, Email: p.Email, Name: p.Name,
		Locale: p.Locale, TimeZone: p.TimeZone, Traits: p.Traits, CreatedAt: utc(p.CreatedAt), UpdatedAt: utc(p.UpdatedAt),
	}
}

// Person returns a person.
func (r reads) Person(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Person, error) {
	return one(r.of(ctx, ws).Where("id = ?", id), "the person", personRow.domain)
}

// PeopleByID returns the persons of the ids, keyed by id; unknown ids are left out.
func (r reads) PeopleByID(ctx context.Context, ws surveys.WorkspaceID, ids []string) (map[string]surveys.Person, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	byID := make(map[string]surveys.Person, len(ids))
	q := r.of(ctx, ws).Model(&personRow{}).Where("id ?", r.among(ids)).Select(personColumns)
	err := each(q, func(rows *sql.Rows) error {
		var row personRow
		err := row.scan(rows)
		byID[row.ID] = row.domain()
		return err
	})
	return byID, known("list people", err)
}

// personColumns are a person's, in the order of scan.
const personColumns = "workspace_id, id, external_id, email, name, locale, time_zone, traits, created_at, updated_at"

func (r *personRow) scan(rows *sql.Rows) error {
	var traits []byte
	err := rows.Scan(&r.WorkspaceID, &r.ID, &r.ExternalID, &r.Email, &r.Name, &r.Locale, &r.TimeZone, &traits, &r.CreatedAt, &r.UpdatedAt)
	if err != nil || len(traits) == 0 {
		return err
	}
	return json.Unmarshal(traits, &r.Traits)
}

// People lists people whose name, address or id contains search, the latest
// changed first, from offset on.
func (r reads) People(ctx context.Context, ws surveys.WorkspaceID, search string, offset, limit int) ([]surveys.Person, error) {
	q := r.of(ctx, ws)
	if search != "" {
		escaped := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
		like, address := "%"+escaped.Replace(strings.ToLower(search))+"%", "%"+escaped.Replace(surveys.SearchedEmail(search))+"%"
		q = q.Where(`lower(name) LIKE ? ESCAPE '\' OR email LIKE ? ESCAPE '\' OR lower(external_id) LIKE ? ESCAPE '\'`, like, address, like)
	}
	return all(q.Order("updated_at DESC, id DESC").Offset(offset).Limit(limit), "people", personRow.domain)
}

// FindPerson returns the person whom p names by the company's id or, when that
// is unknown here, by mail address, locked until the transaction ends, so that
// two events of one person are decided one after the other. NotFound when
// there is none. An address finds only people who have no other company id.
// That neither is empty is said once more for SQLite, which else does not see
// that the partial indexes hold them, and goes through all people.
func (tx *Tx) FindPerson(ctx context.Context, p surveys.Person) (surveys.Person, error) {
	if p.ExternalID != "" {
		found, err := one(tx.locked(ctx, p.WorkspaceID).Where("external_id = ? AND external_id <> ''", p.ExternalID), "the person of an id", personRow.domain)
		if err == nil || surveys.KindOf(err) != surveys.NotFound || p.Email == "" {
			return found, err
		}
		return one(tx.locked(ctx, p.WorkspaceID).Where("email = ? AND email <> '' AND external_id = ''", p.Email), "the person of an address", personRow.domain)
	}
	return one(tx.locked(ctx, p.WorkspaceID).Where("email = ? AND email <> ''", p.Email).Order("created_at, id"), "the person of an address", personRow.domain)
}

// locked is a query whose rows stay locked; SQLite's one writer needs no lock.
func (tx *Tx) locked(ctx context.Context, ws surveys.WorkspaceID) *gorm.DB {
	q := tx.of(ctx, ws)
	if tx.dialect == Postgres {
		q = q.Clauses(clause.Locking{Strength: "UPDATE"})
	}
	return q
}

// SavePerson finds the person that news names and lays the news over them, or
// creates them. The row stays locked until the transaction ends.
func (tx *Tx) SavePerson(ctx context.Context, news surveys.Person) (surveys.Person, error) {
	now := tx.store.Now()
	found, err := tx.FindPerson(ctx, news)
	if surveys.KindOf(err) == surveys.NotFound {
		created, createErr := tx.createPerson(ctx, news, now)
		if createErr == nil || !errors.Is(createErr, errPersonRace) {
			return created, createErr
		}
		found, err = tx.FindPerson(ctx, news)
	}
	if err != nil {
		return surveys.Person{}, err
	}
	merged := found.Merge(news)
	if moves(found, news) {
		if err := tx.readdress(ctx, merged, found.Email); err != nil {
			return surveys.Person{}, err
		}
	}
	merged.UpdatedAt = now
	row := personRowOf(merged)
	return merged, changed("the person", tx.of(ctx, news.WorkspaceID).Model(&personRow{}).Where("id = ?", found.ID).
		Select("external_id", "email", "name", "locale", "time_zone", "traits", "updated_at").Updates(&row))
}

// errPersonRace says that another transaction created the person just now.
var errPersonRace = errors.New("the person was created by another transaction")

func (tx *Tx) createPerson(ctx context.Context, p surveys.Person, now time.Time) (surveys.Person, error) {
	p, err := tx.newPerson(p, now)
	if err != nil {
		return p, err
	}
	row := personRowOf(p)
	result := tx.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if result.Error != nil {
		return p, known("store the person", result.Error)
	}
	if result.RowsAffected == 0 {
		return p, errPersonRace
	}
	return p, nil
}

// ErasePerson deletes a person with their events, decisions, invitations,
// cancellations and answers, and their lines in lists that are being stored; the rollups follow. Suppressions stay, without the
// address.
func (tx *Tx) ErasePerson(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	// The invitations are locked first, so that no answer to one of them comes
	// in behind the list of answers.
	var invited []invitationRow
	if err := tx.locked(ctx, ws).Where("person_id = ?", id).Order("id").Find(&invited).Error; err != nil {
		return known("lock the person's invitations", err)
	}
	for _, row := range invited {
		tx.asked.add(row, -1)
	}
	var responses []string
	if err := tx.of(ctx, ws).Model(&responseRow{}).Where("person_id = ?", id).Pluck("id", &responses).Error; err != nil {
		return known("list the person's answers", err)
	}
	if err := tx.EraseResponses(ctx, ws, responses); err != nil {
		return err
	}
	if err := tx.forgetAddresses(ctx, ws, id); err != nil {
		return err
	}
	if err := tx.forgetListed(ctx, ws, id); err != nil {
		return err
	}
	events := tx.of(ctx, ws).Model(&eventRow{}).Select("id").Where("person_id = ?", id)
	invitations := tx.of(ctx, ws).Model(&invitationRow{}).Select("id").Where("person_id = ?", id)
	for _, step := range []*gorm.DB{
		tx.of(ctx, ws).Where("event_id IN (?)", events).Delete(&decisionRow{}),
		tx.of(ctx, ws).Where("invitation_id IN (?)", invitations).Delete(&outboxRow{}),
		tx.of(ctx, ws).Where("subject_id IN (?)", invitations).Delete(&tokenRow{}),
		tx.of(ctx, ws).Where("invitation_id IN (?)", invitations).Delete(&bounceRow{}),
		tx.of(ctx, ws).Where("invitation_id IN (?)", invitations).Delete(&touchRow{}),
		tx.of(ctx, ws).Where("invitation_id IN (?)", invitations).Delete(&heldRow{}),
		tx.of(ctx, ws).Where("invitation_id IN (?)", invitations).Delete(&moveRow{}),
		tx.of(ctx, ws).Where("person_id = ?", id).Delete(&invitationRow{}),
		tx.of(ctx, ws).Where("person_id = ?", id).Delete(&eventRow{}),
		tx.of(ctx, ws).Where("person_id = ?", id).Delete(&riskRow{}),
		tx.of(ctx, ws).Where("person_id = ?", id).Delete(&turnRow{}),
		tx.of(ctx, ws).Where("person_id = ?", id).Delete(&pageAskRow{}),
		tx.of(ctx, ws).Where("person_id = ?", id).Delete(&cancellationRow{}),
	} {
		if step.Error != nil {
			return known("erase the person's traces", step.Error)
		}
	}
	return changed("the person", tx.of(ctx, ws).Where("id = ?", id).Delete(&personRow{}))
}
