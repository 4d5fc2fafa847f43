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

// DigestsArgs is the job that looks for digests that are due.
type DigestsArgs struct{}

// Kind names the job.
func (DigestsArgs) Kind() string { return "find_digests" }

// DigestArgs is the job that sends one digest. It is written in the transaction
// that claims the digest.
type DigestArgs struct {
	Workspace surveys.WorkspaceID `json:"workspace"`
	User      string              `json:"user"`
	Due       time.Time           `json:"due"`
}

// Kind names the job.
func (DigestArgs) Kind() string { return "send_digest" }

// InsertOpts bounds the tries: the queue's pauses between them grow, and reach
// [surveys.DigestLate] with the last.
func (DigestArgs) InsertOpts() river.InsertOpts { return river.InsertOpts{MaxAttempts: 14} }

// DigestNowArgs is the job that sends a member the digest as it would be now. It
// leaves the next one as it is.
type DigestNowArgs struct {
	Workspace surveys.WorkspaceID `json:"workspace"`
	User      string              `json:"user"`
}

// Kind names the job.
func (DigestNowArgs) Kind() string { return "send_digest_now" }

// InsertOpts lets somebody who presses a button often get one mail a minute.
func (DigestNowArgs) InsertOpts() river.InsertOpts {
	return river.InsertOpts{MaxAttempts: 3, UniqueOpts: river.UniqueOpts{ByArgs: true, ByPeriod: time.Minute}}
}

// Post writes digests and takes them to their readers; package mailer has it.
type Post interface {
	// WriteDigest makes the mail of an edition; stop is the token of its way out.
	WriteDigest(ctx context.Context, e Edition, stop surveys.Token) (store.Letter, error)
	// DeliverDigest hands the mail to the workspace's mail server.
	DeliverDigest(ctx context.Context, ws surveys.WorkspaceID, letter store.Letter) Delivery
}

// Delivery is what a mail server made of a digest.
type Delivery struct {
	Outcome DeliveryOutcome
	Problem string // the server's words; "" when it was sent
}

// DeliveryOutcome is what became of a digest.
type DeliveryOutcome string

// The outcomes.
const (
	DeliverySent    DeliveryOutcome = "sent"
	DeliveryLater   DeliveryOutcome = "later"   // not now: it may be tried again
	DeliveryRefused DeliveryOutcome = "refused" // not this mail
	DeliveryNobody  DeliveryOutcome = "nobody"  // the address does not exist
	DeliveryUnknown DeliveryOutcome = "unknown" // the connection ended at the last dot
)

// addDigests registers the jobs. Without a post nothing is claimed: what is due
// waits until there is one, or is too late.
func addDigests(workers *river.Workers, s *store.Store, finished Finished, post Post) {
	d := NewDigests(s)
	river.AddWorker(workers, work(finished, func(ctx context.Context, _ DigestsArgs) error {
		if post == nil {
			return nil
		}
		return d.claimDue(ctx)
	}))
	river.AddWorker(workers, patiently(finished, func(ctx context.Context, args DigestArgs) error {
		return d.deliver(ctx, post, args)
	}))
	river.AddWorker(workers, patiently(finished, func(ctx context.Context, args DigestNowArgs) error {
		return d.deliverNow(ctx, post, args)
	}))
}

// claimDue claims what is due in every workspace, each digest in a transaction
// with the job that sends it. What is too late is moved to its next time.
func (d *Digests) claimDue(ctx context.Context) error {
	workspaces, err := d.store.Workspaces(ctx)
	if err != nil {
		return err
	}
	for _, w := range workspaces {
		due, one := d.store.DueDigests(ctx, w.ID, d.store.Now())
		for _, digest := range due {
			one = errors.Join(one, d.claim(ctx, w, digest))
		}
		if one != nil { // the others are looked at all the same
			err = errors.Join(err, fmt.Errorf("claim the digests of workspace %s: %w", w.ID, one))
		}
	}
	return err
}

func (d *Digests) claim(ctx context.Context, w surveys.Workspace, digest surveys.Digest) error {
	now := d.store.Now()
	err := d.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.ClaimDigest(ctx, digest, digest.Every.Next(now, digest.Hour, w.Location())); err != nil {
			return err
		}
		if now.Sub(*digest.DueAt) > surveys.DigestLate {
			return nil
		}
		return tx.Enqueue(ctx, DigestArgs{Workspace: w.ID, User: digest.UserID, Due: *digest.DueAt})
	})
	if surveys.KindOf(err) == surveys.NotFound {
		return nil // another server was first, or the member chose anew
	}
	return err
}

// deliver sends a claimed digest, unless nothing is new. That it is about to
// leave is committed before the mail server hears of it, so that it comes at
// most once: when a process dies after that, or the connection at the last dot,
// the mail may have arrived, and no second one is sent. What it told counts as
// told only when it surely arrived; otherwise the next digest tells it again.
func (d *Digests) deliver(ctx context.Context, post Post, args DigestArgs) error {
	if d.store.Now().Sub(args.Due) > surveys.DigestLate {
		return nil
	}
	r, err := d.reader(ctx, args.Workspace, args.User)
	if err != nil || !r.Digest.On() {
		return gone(err)
	}
	e, err := d.Edition(ctx, r.Office, r.User, r.Digest)
	if err != nil || len(e.News) == 0 {
		return err
	}
	letter, grant, err := d.write(ctx, post, e)
	if err != nil {
		return err
	}
	err = d.store.InTx(ctx, func(tx *store.Tx) error {
		if err := tx.BeginDigest(ctx, r.Digest, args.Due); err != nil {
			return err
		}
		return tx.CreateGrant(ctx, r.Office.ID, grant)
	})
	if err != nil {
		return gone(err)
	}
	return d.settle(ctx, e, args.Due, post.DeliverDigest(ctx, args.Workspace, letter))
}

// gone takes what is not there any more for nothing to do.
func gone(err error) error {
	if surveys.KindOf(err) == surveys.NotFound {
		return nil
	}
	return err
}

// reader looks up who gets a digest. NotFound when they are not a member any
// more, or may not read reports.
func (d *Digests) reader(ctx context.Context, ws surveys.WorkspaceID, userID string) (r DigestReader, err error) {
	if r.Office, err = office(d.store.Workspace(ctx, ws)); err != nil {
		return r, err
	}
	if r.User, err = d.store.User(ctx, ws, userID); err != nil {
		return r, err
	}
	if !r.User.Role.Allows(surveys.Viewer) {
		return r, surveys.Fail(surveys.NotFound, "not_found")
	}
	r.Digest, _, err = d.Of(ctx, r.User)
	return r, err
}

// wayOutMemory is how long a digest's way out works.
const wayOutMemory = 2 * 365 * 24 * time.Hour

func (d *Digests) write(ctx context.Context, post Post, e Edition) (store.Letter, store.NewGrant, error) {
	if post == nil {
		return store.Letter{}, store.NewGrant{}, surveys.Fail(surveys.Unavailable, "mail_none")
	}
	token, err := surveys.NewToken(d.store.Random(), e.Office.Key)
	if err != nil {
		return store.Letter{}, store.NewGrant{}, err
	}
	letter, err := post.WriteDigest(ctx, e, token)
	if err != nil {
		err = fmt.Errorf("write the digest of %s: %w", e.User.ID, err)
	}
	return letter, store.NewGrant{Token: token, Purpose: surveys.PurposeDigest, SubjectID: e.User.ID, ExpiresAt: d.store.Now().Add(wayOutMemory)}, err
}

// settle stores what became of a digest. It is an error when it may be tried
// again.
func (d *Digests) settle(ctx context.Context, e Edition, due time.Time, delivery Delivery) error {
	now, after := d.store.Now(), e.Digest
	after.SendingFor, after.Problem = &due, delivery.Problem
	switch delivery.Outcome {
	case DeliverySent:
		after.Told, after.ToldDay, after.SentAt, after.Problem = e.Told, int(e.To), &now, ""
	case DeliveryLater:
		after.SendingFor = nil
	}
	// It is stored even when the server stops.
	ctx = context.WithoutCancel(ctx)
	err := d.store.InTx(ctx, func(tx *store.Tx) error {
		if delivery.Outcome == DeliveryNobody {
			after.DueAt = nil
			return tx.SaveDigest(ctx, after)
		}
		return tx.SettleDigest(ctx, after)
	})
	if err == nil && delivery.Outcome == DeliveryLater {
		return fmt.Errorf("send the digest of %s: %s", e.User.ID, delivery.Problem)
	}
	return gone(err)
}

// SendNow sends a member the digest as it would be now, in a moment.
func (d *Digests) SendNow(ctx context.Context, u surveys.User) error {
	return d.store.InTx(ctx, func(tx *store.Tx) error {
		return tx.Enqueue(ctx, DigestNowArgs{Workspace: u.WorkspaceID, User: u.ID})
	})
}

// deliverNow works off the job: whether or not anything is new, and without a
// trace in what the next digest tells.
func (d *Digests) deliverNow(ctx context.Context, post Post, args DigestNowArgs) error {
	r, err := d.reader(ctx, args.Workspace, args.User)
	if err != nil {
		return gone(err)
	}
	e, err := d.Preview(ctx, r.Office, r.User, r.Digest)
	if err != nil {
		return err
	}
	letter, grant, err := d.write(ctx, post, e)
	if err != nil {
		return err
	}
	if err := d.store.InTx(ctx, func(tx *store.Tx) error { return tx.CreateGrant(ctx, r.Office.ID, grant) }); err != nil {
		return err
	}
	if delivery := post.DeliverDigest(ctx, args.Workspace, letter); delivery.Outcome == DeliveryLater {
		return fmt.Errorf("send a digest to %s now: %s", r.User.ID, delivery.Problem)
	}
	return nil
}
