package flow

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Recount is what the job of that name does.
func Recount(ctx context.Context, s *store.Store, ws surveys.WorkspaceID) error {
	return recount(ctx, s, ws)
}
