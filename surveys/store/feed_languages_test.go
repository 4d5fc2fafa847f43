package store_test

import (
	"context"
	"fmt"
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
