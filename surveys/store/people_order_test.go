package store_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestPeopleAreListedWithoutReadingAll: a page of the people costs what it shows,
// on PostgreSQL's own account and by SQLite's plan.
func TestPeopleAreListedWithoutReadingAll(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		storetest.Person(t, s, w.ID)
		if s.Dialect() == store.SQLite {
			var id, parent, unused int
			var plan string
			row := s.Readers().QueryRow("EXPLAIN QUERY PLAN SELECT * FROM people WHERE workspace_id = ? ORDER BY updated_at DESC, id DESC LIMIT 50", string(w.ID))
			if err := row.Scan(&id, &parent, &unused, &plan); err != nil || plan != "SEARCH people USING INDEX people_updated (workspace_id=?)" {
				t.Errorf("%q, %v", plan, err)
			}
			return
		}
		const many = 5000
		for _, statement := range []string{fmt.Sprintf(`INSERT INTO people (workspace_id, id, external_id, email, name, locale, time_zone, traits, created_at, updated_at)
SELECT workspace_id, gen_random_uuid(), 'p' || g, '', name, locale, time_zone, traits, created_at, updated_at + g * interval '1 second'
FROM (SELECT * FROM people LIMIT 1) AS first, generate_series(1, %d) AS g`, many), "ANALYZE people"} {
			storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Exec(ctx, statement) })
		}
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			before, err := tx.RowsRead(ctx, "people")
			if err != nil {
				return err
			}
			list, err := tx.People(ctx, w.ID, "", 50, 50)
			if err != nil || len(list) != 50 || list[0].ExternalID != fmt.Sprintf("p%d", many-50) {
				t.Errorf("%d people, %v", len(list), err)
			}
			after, err := tx.RowsRead(ctx, "people")
			if read := after - before; err != nil || read < 100 || read > 200 {
				t.Errorf("%d of %d people were read (%v)", read, many, err)
			}
			return nil
		})
	})
}
