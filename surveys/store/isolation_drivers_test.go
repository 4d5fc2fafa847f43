package store_test

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// driverAttempts are the attempts on what answers rate.
func driverAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	return map[string]attempt{
		"DriverDays": func(c c, x *tx, b w, a world) (any, error) {
			return x.DriverDays(c, b.ID, store.RollupFilter{SurveyID: a.survey.ID, To: 1 << 30})
		},
		"StaleDriverDays": func(c c, x *tx, b w, a world) (any, error) { return x.StaleDriverDays(c, b.ID, a.survey.ID, 9) },
		"SaveDriverDay": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.SaveDriverDay(c, b.ID, a.survey.ID, store.DriverDay{Day: a.answer.Day, Computed: 1, Rated: 99}))
		},
		"OutdateDriverDays": func(c c, x *tx, b w, a world) (any, error) {
			return nothing(x.OutdateDriverDays(c, b.ID, a.survey.ID))
		},
		"RebuildDriverDays": func(c c, x *tx, b w, a world) (any, error) { return nothing(x.RebuildDriverDays(c, b.ID)) },
		"RecountDrivers":    func(c c, x *tx, b w, a world) (any, error) { return x.RecountDrivers(c, b.ID) },
		"EachRated": func(c c, x *tx, b w, a world) (any, error) {
			var seen []store.RatedAnswer
			err := x.EachRated(c, b.ID, a.survey.ID, a.answer.Day, func(r store.RatedAnswer) error { seen = append(seen, r); return nil })
			return seen, err
		},
	}
}
