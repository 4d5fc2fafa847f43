package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestKeysAreFoundWithoutReadingTheirRows counts the rows that PostgreSQL reads on
// its own account: a survey's keys cost a few of each, not all of them.
func TestKeysAreFoundWithoutReadingTheirRows(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.Postgres)
	w := storetest.Workspace(t, s)
	survey := storetest.Survey(t, s, w.ID, surveys.NPS)
	storetest.Answer(t, s, survey, 9)
	const many = 20000
	for _, statement := range []string{fmt.Sprintf(`INSERT INTO rollups SELECT workspace_id, survey_id, 'plan', day - g / 20, 'plan ' || g %% 20, n, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, comments
FROM (SELECT * FROM rollups WHERE key = '') AS first, generate_series(1, %d) AS g`, many), "ANALYZE rollups"} {
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Exec(ctx, statement) })
	}
	today := surveys.Day(s.Now(), time.UTC)
	for name, look := range map[string]func(context.Context, *store.Tx) ([]string, error){
		"segment keys": func(ctx context.Context, tx *store.Tx) ([]string, error) { return tx.SegmentKeys(ctx, w.ID, survey.ID) },
		"split keys": func(ctx context.Context, tx *store.Tx) ([]string, error) {
			return tx.SplitKeys(ctx, w.ID, survey.ID, today-2000, today+1)
		},
	} {
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			before, err := tx.RowsRead(ctx, "rollups")
			if err != nil {
				return err
			}
			keys, err := look(ctx, tx)
			if err != nil || !slices.Contains(keys, "plan") {
				t.Errorf("%s: %q, %v", name, keys, err)
			}
			after, err := tx.RowsRead(ctx, "rollups")
			if read := after - before; err != nil || read < 1 || read > 100 {
				t.Errorf("%s: %d of %d rows were read (%v)", name, read, many, err)
			}
			return nil
		})
	}
}
