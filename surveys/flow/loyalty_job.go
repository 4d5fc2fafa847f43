package flow

import (
	"context"
	"time"

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
		_, at, err := l.Report(ctx, w.ID)
		if err != nil && surveys.KindOf(err) != surveys.NotFound {
			return err
		}
		if err == nil && s.Now().Sub(at) < loyaltyFresh {
			continue
		}
		if err := l.Compute(ctx, w.ID); err != nil {
			return err
		}
	}
	return nil
}
