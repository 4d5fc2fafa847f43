package flow

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/analysis/drivers"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// DriversArgs is the job that adds up the ratings of the days on which some
// came, changed or went, since cross-products cannot be subtracted.
type DriversArgs struct {
	Workspace surveys.WorkspaceID `json:"workspace"` // "" for all
}

// Kind names the job.
func (DriversArgs) Kind() string { return "compute_drivers" }

// InsertOpts lets one such job wait or run at a time.
func (DriversArgs) InsertOpts() river.InsertOpts { return oneAtATime(countingQueue) }

const (
	staleDays  = 10_000 // of a survey that one run computes; the next one goes on
	daysAtOnce = 50     // that are computed before they are stored, in [steps]
)

// Compute adds up the ratings of the days that are out of date: of one
// workspace, or of all.
func (d *Drivers) Compute(ctx context.Context, only surveys.WorkspaceID) error {
	s := d.store
	workspaces, err := s.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		if only != "" && w.ID != only {
			continue
		}
		asked, one := s.Surveys(ctx, w.ID)
		for _, survey := range asked {
			one = errors.Join(one, computeSurveyDrivers(ctx, s, survey))
		}
		if one != nil { // the others are computed all the same
			err = errors.Join(err, fmt.Errorf("add up the ratings of workspace %s: %w", w.ID, one))
		}
	}
	return err
}

// computeSurveyDrivers brings the days of a survey up to date, the latest first.
func computeSurveyDrivers(ctx context.Context, s *store.Store, survey surveys.Survey) error {
	stale, err := s.StaleDriverDays(ctx, survey.WorkspaceID, survey.ID, staleDays)
	if err != nil {
		return err
	}
	writing := newSteps(s)
	for part := range slices.Chunk(stale, daysAtOnce) {
		for i := range part {
			if part[i], err = computeDay(ctx, s, survey, part[i]); err != nil {
				return err
			}
		}
		if err := inSteps(ctx, writing, part, func(tx *store.Tx, part []store.DriverDay) error { return saveDriverDays(ctx, tx, survey, part) }); err != nil {
			return err
		}
	}
	return nil
}

// computeDay adds up the ratings of a day. Its Changes were read before, so that
// every answer that they count is read here; answers that come meanwhile put
// the day out of date again.
func computeDay(ctx context.Context, s *store.Store, survey surveys.Survey, stale store.DriverDay) (store.DriverDay, error) {
	day := store.DriverDay{Day: stale.Day, Computed: stale.Changes, Keys: survey.DriverKeys()}
	if len(day.Keys) == 0 {
		err := s.EachRated(ctx, survey.WorkspaceID, survey.ID, day.Day, func(store.RatedAnswer) error { day.Rated++; return nil })
		return day, err
	}
	products, err := drivers.NewProducts(day.Keys)
	if err != nil {
		return day, fmt.Errorf("prepare the drivers of %s: %w", survey, err)
	}
	t := newRatedTally(survey, products)
	if err := s.EachRated(ctx, survey.WorkspaceID, survey.ID, day.Day, t.add); err != nil {
		return day, err
	}
	if day.Rated, day.Complete = t.rated, products.N(); day.Complete > 0 {
		day.Products, err = products.MarshalBinary()
	}
	return day, err
}

// saveDriverDays keeps what was computed. Had the survey's drivers changed
// meanwhile, its days would be out of date once more.
func saveDriverDays(ctx context.Context, tx *store.Tx, survey surveys.Survey, days []store.DriverDay) error {
	for _, day := range days {
		if err := tx.SaveDriverDay(ctx, survey.WorkspaceID, survey.ID, day); err != nil {
			return err
		}
	}
	return nil
}
