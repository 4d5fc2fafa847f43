package flow

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// TestIndexSurvey: what is not in the index comes into it, whatever is there
// already, once, and only that of the survey.
func TestIndexSurvey(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		ctx, w := t.Context(), storetest.Workspace(t, s)
		survey, other := storetest.Survey(t, s, w.ID, surveys.NPS), storetest.Survey(t, s, w.ID, surveys.NPS)
		counts := func(when string, indexed, left int64) {
			t.Helper()
			n, err := s.CountFeed(ctx, w.ID, store.FeedFilter{SurveyID: survey.ID, Search: search.Parse("parcel")})
			if err != nil || n != indexed {
				t.Errorf("%s: the index has %d comments, want %d: %v", when, n, indexed, err)
			}
			days, err := s.UnindexedDays(ctx, w.ID, survey.ID)
			for _, day := range days {
				left -= day.N
			}
			if err != nil || left != 0 {
				t.Errorf("%s: %d comments more are left than are told: %v", when, left, err)
			}
		}
		run := func() {
			t.Helper()
			if err := indexSurvey(ctx, s, survey); err != nil {
				t.Fatal(err)
			}
		}
		run()
		counts("without any", 0, 0)
		wrote(t, s, survey, 2*readAtOnce+7) // more than one part, on more days than one
		wrote(t, s, other, 3)
		counts("before", 0, 2*readAtOnce+7)
		run()
		counts("after the first run", 2*readAtOnce+7, 0)
		wrote(t, s, survey, 30) // among those that are there
		counts("when more came", 2*readAtOnce+7, 30)
		run()
		run()
		counts("after two more runs", 2*readAtOnce+37, 0)
		if days, err := s.UnindexedDays(ctx, w.ID, other.ID); err != nil || len(days) == 0 {
			t.Errorf("another survey was indexed, too: %v, %v", days, err)
		}
		if found, err := s.RecountIndex(ctx, w.ID); err != nil || len(found) > 0 {
			t.Errorf("the index differs from a recount: %+v, %v", found, err)
		}
	})
}

// TestIndexSurveyGoesOnWhereItStopped: a run that ends half-way leaves whole
// steps, and the next one does the rest.
func TestIndexSurveyGoesOnWhereItStopped(t *testing.T) {
	t.Parallel()
	storetest.Both(t, func(t *testing.T, s *store.Store) {
		w := storetest.Workspace(t, s)
		survey := storetest.Survey(t, s, w.ID, surveys.NPS)
		wrote(t, s, survey, 100)
		ctx, cancel := context.WithCancel(t.Context())
		steps := newSteps(s)
		part, err := s.UnindexedComments(ctx, w.ID, store.CommentFilter{SurveyID: survey.ID, Days: []int{surveys.Day(s.Now(), time.UTC)}, Limit: 15})
		if err != nil || len(part) == 0 {
			t.Fatal(len(part), err)
		}
		err = inSteps(ctx, steps, part, func(tx *store.Tx, part []surveys.Response) error {
			defer cancel() // after the first step
			return tx.IndexComments(ctx, w.ID, survey.ID, part)
		})
		if err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
		if err := indexSurvey(ctx, s, survey); err == nil {
			t.Error("a run without a context went on")
		}
		if err := indexSurvey(t.Context(), s, survey); err != nil {
			t.Fatal(err)
		}
		feed, err := NewFeeds(s).Page(t.Context(), w.ID, store.FeedFilter{SurveyID: survey.ID, Search: search.Parse("parcel"), Limit: 30})
		if err != nil || feed.N != 100 || feed.Left != 0 || len(feed.List) != 30 {
			t.Errorf("the feed has %d, %d of them shown and %d left: %v", feed.N, len(feed.List), feed.Left, err)
		}
	})
}

// wrote stores n comments, an hour between two.
func wrote(t *testing.T, s *store.Store, survey surveys.Survey, n int) {
	t.Helper()
	list := make([]surveys.Response, n)
	for i := range list {
		list[i] = storetest.Response(t, s, survey, i%11)
		list[i].AnsweredAt = s.Now().Add(-time.Duration(i) * time.Hour)
		list[i].Day = surveys.Day(list[i].AnsweredAt, time.UTC)
		list[i].Comment = fmt.Sprintf("parcel %d", i)
	}
	storetest.Write(t, s, func(ctx context.Context, tx *store.Tx) error { return tx.AddResponses(ctx, list) })
}
