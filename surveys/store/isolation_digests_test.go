package store_test

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// digestAttempts are the attempts on digests.
func digestAttempts() map[string]attempt {
	type (
		c  = context.Context
		tx = store.Tx
		w  = surveys.Workspace
	)
	never := time.Date(2090, 1, 1, 0, 0, 0, 0, time.UTC)
	return map[string]attempt{
		"Digest":        func(c c, x *tx, b w, a world) (any, error) { return x.Digest(c, b.ID, a.user.ID) },
		"DueDigests":    func(c c, x *tx, b w, a world) (any, error) { return x.DueDigests(c, b.ID, never) },
		"AnswersBefore": func(c c, x *tx, b w, a world) (any, error) { return x.AnswersBefore(c, b.ID, 1<<30) },
		"SaveDigest": func(c c, x *tx, b w, a world) (any, error) {
			a.digest.WorkspaceID, a.digest.Every = b.ID, surveys.DigestMonthly
			return nothing(x.SaveDigest(c, a.digest))
		},
		"ClaimDigest": func(c c, x *tx, b w, a world) (any, error) {
			a.digest.WorkspaceID = b.ID
			return nothing(x.ClaimDigest(c, a.digest, never))
		},
		"BeginDigest": func(c c, x *tx, b w, a world) (any, error) {
			a.digest.WorkspaceID = b.ID
			return nothing(x.BeginDigest(c, a.digest, never))
		},
		"SettleDigest": func(c c, x *tx, b w, a world) (any, error) {
			a.digest.WorkspaceID, a.digest.Problem = b.ID, "stolen"
			return nothing(x.SettleDigest(c, a.digest))
		},
	}
}
