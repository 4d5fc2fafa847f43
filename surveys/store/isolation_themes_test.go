package store_test

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// benchmarkAttempts are the attempts on the scores of others.
func benchmarkAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	return map[string]attempt{
		"Benchmark":  func(c c, x *tx, b w, a world) (any, error) { return x.Benchmark(c, b.ID, a.benchmark.ID) },
		"Benchmarks": func(c c, x *tx, b w, a world) (any, error) { return x.Benchmarks(c, b.ID) },
		"UpdateBenchmark": func(c c, x *tx, b w, a world) (any, error) {
			a.benchmark.WorkspaceID, a.benchmark.Name = b.ID, "stolen"
			return nothing(x.UpdateBenchmark(c, a.benchmark))
		},
		"DeleteBenchmark": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.DeleteBenchmark(c, b.ID, a.benchmark.ID))
		},
	}
}

// themeAttempts are the attempts on themes and on what was read of comments.
func themeAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	return map[string]attempt{
		"Themes":        func(c c, x *tx, b w, a world) (any, error) { return x.Themes(c, b.ID) },
		"DeletedThemes": func(c c, x *tx, b w, a world) (any, error) { return x.DeletedThemes(c, b.ID) },
		"LockWorkspace": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.LockWorkspace(c, b.ID)) },
		"SetThemes":     func(c c, x *tx, b w, a world) (any, error) { return nothing(x.SetThemes(c, b.ID, nil)) },
		"CommentReader": func(c c, x *tx, b w, a world) (any, error) {
			kept, err := x.CommentReader(c, b.ID, a.survey.ID)
			return kept.Reader, err
		},
		"LockCommentReader": func(c c, x *tx, b w, a world) (any, error) {
			kept, err := x.LockCommentReader(c, b.ID, a.survey.ID)
			return kept.Reader, err
		},
		"SaveCommentReader": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SaveCommentReader(c, b.ID, store.CommentReader{SurveyID: a.survey.ID, Reader: "stolen"}))
		},
		"UnreadDays": func(c c, x *tx, b w, a world) (any, error) { return x.UnreadDays(c, b.ID, a.survey.ID) },
		"UnreadComments": func(c c, x *tx, b w, a world) (any, error) {
			return x.UnreadComments(c, b.ID, store.CommentFilter{SurveyID: a.survey.ID, Days: []int{a.answer.Day}, Limit: 9})
		},
		"StaleComments": func(c c, x *tx, b w, a world) (any, error) {
			return x.StaleComments(c, b.ID, store.CommentFilter{SurveyID: a.survey.ID, Reader: "another", Limit: 9})
		},
		"CountReadings": func(c c, x *tx, b w, a world) (any, error) { return x.CountReadings(c, b.ID, a.survey.ID, "r1") },
		"Readings": func(c c, x *tx, b w, a world) (any, error) {
			return x.Readings(c, b.ID, a.survey.ID, []string{a.answer.ID})
		},
		"StoreReadings": func(c c, x *tx, b w, a world) (any, error) {
			return nothing2(x.StoreReadings(c, b.ID, store.ReadingBatch{SurveyID: a.survey.ID, Reader: "stolen", List: []store.CommentReading{{Response: a.answer}}}))
		},
		"ThemeCounts": func(c c, x *tx, b w, a world) (any, error) {
			return x.ThemeCounts(c, b.ID, store.RollupFilter{SurveyID: a.survey.ID, To: 1 << 30})
		},
		"ThemeTally": func(c c, x *tx, b w, a world) (any, error) {
			return x.ThemeTally(c, b.ID, store.RollupFilter{SurveyID: a.survey.ID, To: 1 << 30}, nil)
		},
		"RecountThemes": func(c c, x *tx, b w, a world) (any, error) { return x.RecountThemes(c, b.ID) },
		"RebuildThemes": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.RebuildThemes(c, b.ID)) },
	}
}
