package store_test

import (
	"context"

	"github.com/harkhq/hark/analysis/search"
	"github.com/harkhq/hark/analysis/themes"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// feedAttempts are the attempts on the index of comments.
func feedAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	wanted := func(a world) store.FeedFilter {
		return store.FeedFilter{SurveyID: a.survey.ID, Search: search.Parse("slow"), Limit: 9}
	}
	return map[string]attempt{
		"Feed":      func(c c, x *tx, b w, a world) (any, error) { return x.Feed(c, b.ID, wanted(a)) },
		"CountFeed": func(c c, x *tx, b w, a world) (any, error) { return x.CountFeed(c, b.ID, wanted(a)) },
		"FeedLanguages": func(c c, x *tx, b w, a world) (any, error) {
			return x.FeedLanguages(c, b.ID, a.survey.ID, []themes.Language{themes.English})
		},
		"FeedTail": func(c c, x *tx, b w, a world) (any, error) {
			list, _, err := x.FeedTail(c, b.ID, wanted(a), 9)
			return list, err
		},
		"UnindexedDays": func(c c, x *tx, b w, a world) (any, error) { return x.UnindexedDays(c, b.ID, a.survey.ID) },
		"UnindexedComments": func(c c, x *tx, b w, a world) (any, error) {
			return x.UnindexedComments(c, b.ID, store.CommentFilter{SurveyID: a.survey.ID, Days: []int{a.answer.Day}, Limit: 9})
		},
		"IndexComments": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.IndexComments(c, b.ID, a.survey.ID, []surveys.Response{a.answer}))
		},
		"RecountIndex":     func(c c, x *tx, b w, a world) (any, error) { return x.RecountIndex(c, b.ID) },
		"RebuildIndex":     func(c c, x *tx, b w, a world) (any, error) { return nothing(x.RebuildIndex(c, b.ID)) },
		"RebuildIndexDays": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.RebuildIndexDays(c, b.ID)) },
	}
}
