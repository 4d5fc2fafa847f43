package flow

import (
	"context"

	"github.com/harkhq/hark/surveys/store"
)

// Purge is the job that drops what has expired.
func Purge(ctx context.Context, s *store.Store) error { return purge(ctx, s) }
