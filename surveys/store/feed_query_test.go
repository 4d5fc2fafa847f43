package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestFeedDoesNotReadTheSurvey counts the rows that PostgreSQL reads of many, on
// its own account: neither what nobody wrote may cost all of them nor what
// everybody did.
func TestFeedDoesNotReadTheSurvey(t *testing.T) {
	t.Parallel()
	const many = 40000
	s := storetest.Open(t, store.Postgres)
	x := newFeedOf(t, s, "The parcel came too late", "配送が遅い。ラーメン")
	x.index(t, x.all...)
	for _, statement := range []string{
		// All of them say what the first one says, and stand behind it.
		fmt.Sprintf(`INSERT INTO comment_index (workspace_id, survey_id, place, response_id, day, words)
SELECT workspace_id, survey_id, place + g, gen_random_uuid(), day, words
FROM (SELECT * FROM comment_index ORDER BY place DESC LIMIT 1) AS first, generate_series(1, %d) AS g`, many),
		"SELECT gin_clean_pending_list('comment_index_words')", // as it does by itself
		"ANALYZE comment_index",
	} {
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Exec(ctx, statement) })
	}
	asked := func(words string) store.FeedFilter {
		return store.FeedFilter{SurveyID: x.survey.ID, Search: search.Parse(words), Limit: 30}
	}
	list := func(words string) func(context.Context, *store.Tx) (any, error) {
		return func(ctx context.Context, tx *store.Tx) (any, error) {
			found, err := tx.Feed(ctx, x.w.ID, asked(words))
			return len(found), err
		}
	}
	count := func(words string) func(context.Context, *store.Tx) (any, error) {
		return func(ctx context.Context, tx *store.Tx) (any, error) { return tx.CountFeed(ctx, x.w.ID, asked(words)) }
	}
	for name, c := range map[string]struct {
		look func(context.Context, *store.Tx) (any, error)
		want any
		most int64
	}{
		"languages": {func(ctx context.Context, tx *store.Tx) (any, error) {
			return tx.FeedLanguages(ctx, x.w.ID, x.survey.ID, someLanguages())
		}, []themes.Language{"en", "ja"}, 1000},
		"a beginning that nobody wrote":        {list("unheard"), 0, 6000},
		"a word of long ago":                   {list("配送"), 1, 6000},
		"nothing without a word":               {list("-parcel -配送"), 0, 6000},
		"count what nobody wrote":              {count("unheard"), int64(0), 21000},
		"count what everybody wrote":           {count("parcel"), int64(1001), 2000},
		"count a word of long ago":             {count("配送"), int64(1), 21000},
		"count what everybody wrote otherwise": {count("-unheard"), int64(1001), 2000},
	} {
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
			before, err := tx.RowsRead(ctx, "comment_index")
			if err != nil {
				return err
			}
			same(t, name, c.want)(c.look(ctx, tx))
			after, err := tx.RowsRead(ctx, "comment_index")
			if read := after - before; err != nil || read < 1 || read > c.most {
				t.Errorf("%s: %d of %d rows were read, want at most %d (%v)", name, read, many, c.most, err)
			}
			return nil
		})
	}
}

// TestFeedIsTheSameHoweverMuchIsAsked lists a search in pages of several sizes: the
// latest comments that say it, whether few of them are wanted, which the first
// ones hold, or all.
func TestFeedIsTheSameHoweverMuchIsAsked(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		x := newFeedOf(t, s)
		var want []string
		for i := range 60 {
			text := fmt.Sprintf("%s number %02d", []string{"late", "early", "快递晚了"}[i%3], i)
			if x.write(t, text); i%3 == 0 {
				want = append(want, text)
			}
		}
		x.index(t, x.all...)
		for _, size := range []int{1, 3, 19, 20, 21, 100} {
			f := store.FeedFilter{SurveyID: x.survey.ID, Search: search.Parse("late numb"), Limit: size}
			var got []string
			for {
				page, err := s.Feed(ctx, x.w.ID, f)
				if err != nil || len(page) > size {
					t.Fatalf("%d asked: %d, %v", size, len(page), err)
				}
				for _, c := range page {
					got, f.After = append(got, c.Response.Comment), c.At
				}
				if len(page) < size {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("in pages of %d: %q\nwant %q", size, got, want)
			}
		}
		day := surveys.DayStart(x.all[0].Day)
		if n, err := s.CountFeed(ctx, x.w.ID, store.FeedFilter{SurveyID: x.survey.ID, Search: search.Parse("late"), To: day}); err != nil || n != 0 {
			t.Errorf("before the first day: %d, %v", n, err)
		}
	})
}
