package store_test

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// countAttempts are the attempts on the counts that reports are made of.
func countAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	return map[string]attempt{
		"SegmentValues": func(c c, x *tx, b w, a world) (any, error) { return x.SegmentValues(c, b.ID) },
		"Combinations": func(c c, x *tx, b w, a world) (any, error) {
			return x.Combinations(c, b.ID, store.CombinationFilter{SurveyID: a.survey.ID, Keys: []string{"plan"}, To: 1 << 30})
		},
		"Tally": func(c c, x *tx, b w, a world) (any, error) {
			return x.Tally(c, b.ID, store.TallyFilter{SurveyID: a.survey.ID, Keys: []string{"", "plan"}, To: 1 << 30})
		},
		"Rollups": func(c c, x *tx, b w, a world) (any, error) {
			return x.Rollups(c, b.ID, store.RollupFilter{SurveyID: a.survey.ID, To: 1 << 30})
		},
		"RollupTotal": func(c c, x *tx, b w, a world) (any, error) {
			answers, comments, err := x.RollupTotal(c, b.ID, store.RollupFilter{SurveyID: a.survey.ID, To: 1 << 30})
			return answers + comments, err
		},
		"BandDays": func(c c, x *tx, b w, a world) (any, error) {
			return x.BandDays(c, b.ID, store.RollupFilter{SurveyID: a.survey.ID, To: 1 << 30}, surveys.NPS.Scale())
		},
		"GivenValues": func(c c, x *tx, b w, a world) (any, error) {
			values, _, err := x.GivenValues(c, b.ID, store.RollupFilter{SurveyID: a.survey.ID, Key: "plan", To: 1 << 30})
			return values, err
		},
		"SegmentKeys": func(c c, x *tx, b w, a world) (any, error) { return x.SegmentKeys(c, b.ID, a.survey.ID) },
		"SplitKeys":   func(c c, x *tx, b w, a world) (any, error) { return x.SplitKeys(c, b.ID, a.survey.ID, 0, 1<<30) },
		"FirstDay": func(c c, x *tx, b w, a world) (any, error) {
			_, found, err := x.FirstDay(c, b.ID, a.survey.ID)
			return found, err
		},
	}
}
