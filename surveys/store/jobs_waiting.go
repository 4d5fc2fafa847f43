package store

import (
	"context"
	"encoding/json"

	"github.com/harkhq/hark/surveys"
)

// JobWaits reports whether a job of a kind and of a workspace is not done yet: it
// waits, runs, or will be tried again. Its arguments name the workspace as
// "workspace". It asks the readers, since on SQLite the writer may be the very job.
func (r reads) JobWaits(ctx context.Context, ws surveys.WorkspaceID, kind string) (bool, error) {
	var list []string
	err := r.db.WithContext(ctx).Raw("SELECT CAST(args AS text) FROM river_job WHERE kind = ? AND state IN ('available', 'pending', 'retryable', 'running', 'scheduled')", kind).Scan(&list).Error
	for _, text := range list {
		var args struct {
			Workspace surveys.WorkspaceID `json:"workspace"`
		}
		if json.Unmarshal([]byte(text), &args) == nil && args.Workspace == ws {
			return true, nil
		}
	}
	return false, known("look for the job "+kind, err)
}
