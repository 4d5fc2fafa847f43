package flow

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// Recounting reports whether a workspace's answers are still to be counted under the
// days of its new time zone: until then its figures are by the days of the old one.
func Recounting(ctx context.Context, s *store.Store, ws surveys.WorkspaceID) (bool, error) {
	return s.JobWaits(ctx, ws, RecountArgs{}.Kind())
}
