package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// someLanguages are more than anybody writes in these tests.
func someLanguages() []themes.Language {
	return []themes.Language{"en", "zh", "de", "fr", "ja", "ko", "ru", "ar", "th", "el", "he", "hi"}
}

// TestFeedLanguagesAreThoseOfTheSurvey holds the languages against the comments
// themselves: those that everybody writes, one that was last written long ago, and
// none of what is said on another survey or is not indexed.
func TestFeedLanguagesAreThoseOfTheSurvey(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx := context.Background()
		var comments []string
		for i := range 260 {
			comments = append(comments, []string{fmt.Sprintf("The parcel came too late %d", i), fmt.Sprintf("快递太慢了 %d", i)}[i%2])
		}
		x := newFeedOf(t, s, append(comments, "배송이 늦었어요")...)
		other := newFeedOf(t, s, "配送が遅い。ラーメン")
		second := &feedOf{s: s, w: x.w, survey: storetest.Survey(t, s, x.w.ID, surveys.NPS)}
		second.write(t, "Посылка пришла поздно")
		same(t, "nothing is indexed", []themes.Language{})(s.FeedLanguages(ctx, x.w.ID, x.survey.ID, someLanguages()))
		for _, f := range []*feedOf{x, other, second} {
			f.index(t, f.all...)
		}
		x.write(t, "ส่งช้ามาก") // and does not index it
		same(t, "the survey", []themes.Language{"en", "zh", "ko"})(s.FeedLanguages(ctx, x.w.ID, x.survey.ID, someLanguages()))
		same(t, "some", []themes.Language{"ko", "zh"})(s.FeedLanguages(ctx, x.w.ID, x.survey.ID, []themes.Language{"ko", "fr", "zh"}))
		same(t, "another of its workspace", []themes.Language{"ru"})(s.FeedLanguages(ctx, x.w.ID, second.survey.ID, someLanguages()))
		same(t, "another workspace", []themes.Language{"ja"})(s.FeedLanguages(ctx, other.w.ID, other.survey.ID, someLanguages()))
		same(t, "no language", []themes.Language{})(s.FeedLanguages(ctx, x.w.ID, x.survey.ID, []themes.Language{}))
	})
}

// TestFeedDoesNotReadTheSurvey counts the rows that PostgreSQL reads of many, on
// its own account: a language that nobody writes must not cost all of them.
func TestFeedDoesNotReadTheSurvey(t *testing.T) {
	t.Parallel()
	const many = 20000
	s := storetest.Open(t, store.Postgres)
	x := newFeedOf(t, s, "The parcel came too late", "配送が遅い。ラーメン")
	x.index(t, x.all...)
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		// Behind the first comment, which so is in all of them but one.
		return tx.Exec(ctx, fmt.Sprintf(`INSERT INTO comment_index (workspace_id, survey_id, place, response_id, day, words)
SELECT workspace_id, survey_id, place + g, gen_random_uuid(), day, words
FROM (SELECT * FROM comment_index ORDER BY place DESC LIMIT 1) AS first, generate_series(1, %d) AS g`, many))
	})
	for _, statement := range []string{"SELECT gin_clean_pending_list('comment_index_words')", "ANALYZE comment_index"} { // as it does by itself
		storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.Exec(ctx, statement) })
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error {
		found, err := tx.FeedLanguages(ctx, x.w.ID, x.survey.ID, someLanguages())
		if err != nil || !slices.Equal(found, []themes.Language{"en", "ja"}) {
			t.Errorf("%q, %v", found, err)
		}
		read, err := tx.RowsRead(ctx, "comment_index")
		if err != nil || read < 1 || read > many/20 {
			t.Errorf("%d of %d rows were read (%v)", read, many, err)
		}
		return nil
	})
}
