package flow

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// RemindWithout plans the reminder that follows when one was taken out of its rule
// before it left: it counts from the letter that left last.
func RemindWithout(ctx context.Context, tx *store.Tx, w surveys.Workspace, removed surveys.Invitation) error {
	sent, err := tx.LastSent(ctx, w.ID, removed.AboutID)
	if err != nil {
		return ignoreNotFound(err)
	}
	return Remind(ctx, tx, w, sent)
}
