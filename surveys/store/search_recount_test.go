package store_test

import (
	"context"
	"testing"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestRecountIndex: whatever is wrong with the index is told, and mended; comments
// that it lacks are found by reading.
func TestRecountIndex(t *testing.T) {
	t.Parallel()
	for _, dialect := range storetest.Dialects() {
		for name, harm := range map[string]string{
			"a count that is too high":         "UPDATE comment_index_days SET n = n + 2",
			"a count that is gone":             "DELETE FROM comment_index_days",
			"entries that are gone":            "DELETE FROM comment_index",
			"entries of answers that are gone": "DELETE FROM responses WHERE comment = 'two late'",
			"entries of comments that went":    "UPDATE responses SET comment = '' WHERE comment = 'two late'",
			"entries of another day":           "UPDATE comment_index SET day = day - 3",
			"words that are gone":              "INSERT INTO comment_words (comment_words) VALUES ('delete-all')",
		} {
			if name == "words that are gone" && dialect != store.SQLite {
				continue
			}
			t.Run(string(dialect)+"/"+name, func(t *testing.T) {
				t.Parallel()
				ctx, s := context.Background(), storetest.Open(t, dialect)
				x := newFeedOf(t, s, "one late", "two late", "three late")
				x.index(t, x.all[:2]...)
				same(t, "a recount of what is partly indexed", []store.Difference(nil))(s.RecountIndex(ctx, x.w.ID))
				if _, err := s.Writers().Exec(harm); err != nil {
					t.Fatal(err)
				}
				if found, err := s.RecountIndex(ctx, x.w.ID); err != nil || len(found) == 0 || found[0].SurveyID != x.survey.ID {
					t.Fatalf("found %+v, %v", found, err)
				}
				storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
					if err := tx.RebuildRollups(ctx, x.w.ID); err != nil {
						return err
					}
					return tx.RebuildIndex(ctx, x.w.ID)
				})
				same(t, "a recount of what was mended", []store.Difference(nil))(s.RecountIndex(ctx, x.w.ID))
				left, err := s.Responses(ctx, x.w.ID, store.ResponseFilter{WithComment: true})
				if err != nil {
					t.Fatal(err)
				}
				f := store.FeedFilter{Search: search.Parse("late")}
				if indexed, fresh := x.find(t, f); len(indexed)+len(fresh) != len(left) {
					t.Errorf("%q in the index and %q beside it, want %d", indexed, fresh, len(left))
				}
				x.index(t, left...)
				if indexed, fresh := x.find(t, f); len(indexed) != len(left) || len(fresh) > 0 {
					t.Errorf("%q in the index and %q beside it, want %d", indexed, fresh, len(left))
				}
			})
		}
	}
}
