package flow

import (
	"context"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// ChangeWorkspace checks and stores a workspace's settings. Another time zone
// counts every answer anew under its local day, as a job.
func (t *Team) ChangeWorkspace(ctx context.Context, w surveys.Workspace) (surveys.Workspace, error) {
	w, err := w.Check()
	if err != nil {
		return w, err
	}
	return w, t.store.InTx(ctx, func(tx *store.Tx) error {
		before, err := tx.Workspace(ctx, w.ID)
		if err != nil {
			return err
		}
		if before.TimeZone != w.TimeZone {
			if err := tx.Enqueue(ctx, RecountArgs{Workspace: w.ID}); err != nil {
				return err
			}
		}
		return tx.UpdateWorkspace(ctx, w)
	})
}

// EraseLater erases a person with all their traces, as a job.
func (t *Team) EraseLater(ctx context.Context, ws surveys.WorkspaceID, personID string) error {
	return t.store.InTx(ctx, func(tx *store.Tx) error {
		if _, err := tx.Person(ctx, ws, personID); err != nil {
			return err
		}
		return tx.Enqueue(ctx, EraseArgs{Workspace: ws, Person: personID})
	})
}
