package flow

import (
	"context"

	"github.com/harkhq/hark/analysis"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
)

// ClaimDigests claims what is due, and returns the jobs that it wrote for a
// workspace instead of waiting for the queue.
func ClaimDigests(ctx context.Context, s *store.Store, ws surveys.WorkspaceID) ([]DigestArgs, error) {
	var jobs []DigestArgs
	due, err := s.DueDigests(ctx, ws, s.Now())
	if err != nil {
		return nil, err
	}
	for _, digest := range due {
		if s.Now().Sub(*digest.DueAt) <= surveys.DigestLate {
			jobs = append(jobs, DigestArgs{Workspace: ws, User: digest.UserID, Due: *digest.DueAt})
		}
	}
	return jobs, NewDigests(s).claimDue(ctx)
}

// DeliverDigest works off the job of one digest.
func DeliverDigest(ctx context.Context, s *store.Store, post Post, args DigestArgs) error {
	return NewDigests(s).deliver(ctx, post, args)
}

// DeliverDigestNow works off the job of a digest that somebody asked for.
func DeliverDigestNow(ctx context.Context, s *store.Store, post Post, args DigestNowArgs) error {
	return NewDigests(s).deliverNow(ctx, post, args)
}

// Turned reports whether a verdict is news to who was told something before.
func Turned(e Edition, told surveys.DigestTold, now analysis.VerdictKind) bool {
	return turned(e, told, now)
}

// Changed reports whether a change is news to who was told something before.
func Changed(e Edition, told surveys.DigestTold, last *analysis.Change) bool {
	return changed(e, told, last)
}
