package store

import (
	"context"
	"database/sql"
	"time"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

// utc is a time as both databases keep it: UTC, in microseconds.
func utc(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func utcPtr(t *time.Time) *time.Time {
	if t == nil {
		return nil
	}
	u := utc(*t)
	return &u
}

// idPtr maps the domain's "" to NULL, and idText back.
func idPtr(id string) *string {
	if id == "" {
		return nil
	}
	return &id
}

func idText(id *string) string {
	if id == nil {
		return ""
	}
	return *id
}

// orNone maps an empty list to nil, as the domain has it.
func orNone[T any](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return list
}

// of starts a query on one workspace's rows.
func (r reads) of(ctx context.Context, ws surveys.WorkspaceID) *gorm.DB {
	return r.db.WithContext(ctx).Where("workspace_id = ?", string(ws))
}

// one returns the first row of a query, mapped.
func one[Row, Domain any](q *gorm.DB, what string, domain func(Row) Domain) (Domain, error) {
	var row Row
	if err := q.Take(&row).Error; err != nil {
		var none Domain
		if err = known("find "+what, err); surveys.KindOf(err) == surveys.Invalid { // an id that cannot be one
			return none, &surveys.Error{Kind: surveys.NotFound, Code: "not_found", Err: err}
		}
		return none, err
	}
	return domain(row), nil
}

// all returns every row of a query, mapped.
func all[Row, Domain any](q *gorm.DB, what string, domain func(Row) Domain) ([]Domain, error) {
	var rows []Row
	if err := q.Find(&rows).Error; err != nil {
		return nil, known("list "+what, err)
	}
	list := make([]Domain, len(rows))
	for i, row := range rows {
		list[i] = domain(row)
	}
	return list, nil
}

// each reads the rows of a query that has too many of them for GORM's way, which
// looks at the type of each value anew.
func each(q *gorm.DB, row func(rows *sql.Rows) error) error {
	rows, err := q.Rows()
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// create inserts a row.
func (tx *Tx) create(ctx context.Context, what string, row any) error {
	return known("store "+what, tx.db.WithContext(ctx).Create(row).Error)
}

// changed reports an update that met no row as NotFound.
func changed(what string, result *gorm.DB) error {
	if result.Error != nil {
		return known("change "+what, result.Error)
	}
	if result.RowsAffected == 0 {
		return surveys.Fail(surveys.NotFound, "not_found")
	}
	return nil
}
