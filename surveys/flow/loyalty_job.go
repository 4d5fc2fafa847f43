package flow

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// LoyaltyArgs is the job that computes a workspace's loyalty report; of every
// workspace whose report is not fresh when none is named.
type LoyaltyArgs struct {
	Workspace surveys.WorkspaceID `json:"workspace,omitempty"`
}

// Kind names the job.
func (LoyaltyArgs) Kind() string { return "compute_loyalty" }

// InsertOpts has a process compute one report at a time.
func (LoyaltyArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{Queue: countingQueue} }

// loyaltyFresh is how old a report may be before it is computed again by itself:
// a day of events changes little.
const loyaltyFresh = 20 * time.Hour

// computeLoyalty works off the job.
func computeLoyalty(ctx context.Context, s *store.Store, ws surveys.WorkspaceID) error {
	l := NewLoyalty(s)
	if ws != "" {
		return l.Compute(ctx, ws)
	}
	workspaces, err := s.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		if one := refreshLoyalty(ctx, l, w.ID); one != nil { // the others are computed all the same
			err = errors.Join(err, fmt.Errorf("compute the loyalty of workspace %s: %w", w.ID, one))
		}
	}
	return err
}

// refreshLoyalty computes a workspace's report unless it is fresh.
func refreshLoyalty(ctx context.Context, l *Loyalty, ws surveys.WorkspaceID) error {
	_, at, err := l.Report(ctx, ws)
	switch {
	case err != nil && surveys.KindOf(err) != surveys.NotFound:
		return err
	case err == nil && l.store.Now().Sub(at) < loyaltyFresh:
		return nil
	}
	return l.Compute(ctx, ws)
}
