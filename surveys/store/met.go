package store

import (
	"cmp"
	"context"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

// Met is what is known of somebody whom a list names.
type Met struct {
	Email      string // where mail would go; "" for nowhere
	Suppressed surveys.Suppression
	Waiting    bool // they have a turn under the rule
}

// Met looks people up whom a list names for a rule, some hundreds at once, in
// their order. It finds them as [Tx.FindPerson] does.
func (r reads) Met(ctx context.Context, w surveys.Workspace, list []surveys.Person, rule surveys.Rule) ([]Met, error) {
	found, err := r.named(ctx, w.ID, list)
	if err != nil {
		return nil, err
	}
	there := newDirectory(found)
	met, people := make([]Met, len(list)), make([]*surveys.Person, len(list))
	var hashes [][]byte
	ids := make([]string, 0, len(found))
	for i, p := range list {
		met[i].Email = p.Email
		if people[i] = there.named(p); people[i] != nil {
			ids = append(ids, people[i].ID)
			if p.Email == "" {
				met[i].Email = people[i].Email
			}
		}
		hashes = append(hashes, addressHashes(w, met[i].Email)...)
	}
	stopped, err := r.suppressedAmong(ctx, w.ID, hashes, rule.SurveyID)
	if err != nil {
		return nil, err
	}
	var waiting []string
	if rule.ID != "" && len(ids) > 0 {
		if err := r.of(ctx, w.ID).Model(&turnRow{}).Where("rule_id = ? AND person_id IN ?", rule.ID, ids).Pluck("person_id", &waiting).Error; err != nil {
			return nil, known("list who has a turn", err)
		}
	}
	turns := make(map[string]bool, len(waiting))
	for _, id := range waiting {
		turns[id] = true
	}
	for i := range met {
		for _, hash := range addressHashes(w, met[i].Email) {
			met[i].Suppressed = cmp.Or(met[i].Suppressed, stopped[string(hash)])
		}
		met[i].Waiting = people[i] != nil && turns[people[i].ID]
	}
	return met, nil
}

// named lists whoever has an address or id of a list, the oldest first; each
// kind by its index.
func (r reads) named(ctx context.Context, ws surveys.WorkspaceID, list []surveys.Person) ([]surveys.Person, error) {
	var emails, externalIDs []string
	for _, p := range list {
		if p.Email != "" {
			emails = append(emails, p.Email)
		}
		if p.ExternalID != "" {
			externalIDs = append(externalIDs, p.ExternalID)
		}
	}
	var found []surveys.Person
	for _, by := range []struct {
		column string
		values []string
	}{{"email", emails}, {"external_id", externalIDs}} {
		if len(by.values) == 0 {
			continue
		}
		people, err := all(r.having(ctx, ws, by.column, by.values).Order("created_at, id"), "people", personRow.domain)
		if err != nil {
			return nil, err
		}
		found = append(found, people...)
	}
	return found, nil
}

// having are the people with one of some values in a column that has an index.
// PostgreSQL is told to look each of them up: while many people are stored, what
// it knows of the table is old, and it would rather read all of it.
func (r reads) having(ctx context.Context, ws surveys.WorkspaceID, column string, values []string) *gorm.DB {
	if r.dialect != Postgres {
		return r.of(ctx, ws).Where(column+" <> '' AND "+column+" IN (SELECT value FROM json_each(?))", textsJSON(values))
	}
	return r.db.WithContext(ctx).Table("jsonb_array_elements_text(?::jsonb) AS wanted(value), LATERAL (SELECT * FROM people WHERE workspace_id = ? AND "+column+" = wanted.value AND "+column+" <> '' OFFSET 0) AS people",
		textsJSON(values), string(ws)).Select("people.*")
}

// suppressedAmong says which addresses get no mail, at all or of a survey.
func (r reads) suppressedAmong(ctx context.Context, ws surveys.WorkspaceID, hashes [][]byte, surveyID string) (map[string]surveys.Suppression, error) {
	stopped := make(map[string]surveys.Suppression)
	var stops []surveyStopRow
	if err := r.of(ctx, ws).Where("survey_id = ? AND address_hash IN ?", surveyID, hashes).Find(&stops).Error; err != nil {
		return nil, known("list stopped surveys", err)
	}
	for _, row := range stops {
		stopped[string(row.AddressHash)] = surveys.SuppressedUnsubscribed
	}
	var rows []suppressionRow
	if err := r.held(ctx, ws).Where("address_hash IN ?", hashes).Find(&rows).Error; err != nil {
		return nil, known("list suppressions", err)
	}
	for _, row := range rows {
		stopped[string(row.AddressHash)] = surveys.Suppression(row.Reason)
	}
	return stopped, nil
}
