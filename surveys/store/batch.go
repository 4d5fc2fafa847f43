package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/harkhq/hark/surveys"
)

// ingestTimeout bounds one batch, so that a database that hangs turns into a
// clear answer.
const ingestTimeout = 10 * time.Second

// contendedTries is how often one submission is tried while other processes
// cross it.
const contendedTries = 5

// process stores a batch by the fastest way that works: on PostgreSQL one
// pipelined round trip; else one transaction; and when one of the batch cannot
// be stored, each alone, so that it fails without its neighbours.
func (in *Ingest) process(batch []*pending) {
	ctx, cancel := context.WithTimeout(context.Background(), ingestTimeout)
	defer cancel()
	resent := false
	if in.store.dialect == Postgres {
		tries, err := in.pipe.store(ctx, in.store, batch)
		if err == nil {
			in.batches.pipelined.Add(1)
			return
		}
		if !errors.Is(err, errLook) {
			refuse(batch, err)
			return
		}
		resent = tries > 1
	}
	in.batches.careful.Add(1)
	sortSubmissions(batch)
	err := in.together(ctx, batch)
	if err == nil {
		return
	}
	if surveys.KindOf(err) == surveys.Unavailable && !contended(err) {
		refuse(batch, err)
		return
	}
	for _, p := range batch {
		if err := in.alone(ctx, p, resent); err != nil {
			refuse([]*pending{p}, err)
		}
	}
}

// alone stores one submission and answers it, or returns why it is not stored.
// Where the batch was sent before and its connection broke, an answer that is
// there already is the one that was sent.
func (in *Ingest) alone(ctx context.Context, p *pending, resent bool) error {
	var err error
	for range contendedTries {
		if err = in.together(ctx, []*pending{p}); !contended(err) {
			break
		}
	}
	if r := p.submission.Response; resent && surveys.KindOf(err) == surveys.Conflict {
		if _, readErr := in.store.Response(ctx, r.WorkspaceID, r.ID); readErr == nil {
			p.answer <- answer{receipt: Receipt{ResponseID: r.ID, Outcome: Stored}}
			return nil
		}
	}
	return err
}

// sortSubmissions puts a batch in the one order in which every process takes
// its locks, so that two of them rarely cross. Submissions under one key stay
// in the order in which they came.
func sortSubmissions(batch []*pending) {
	slices.SortStableFunc(batch, func(a, b *pending) int {
		return cmp.Or(
			cmp.Compare(a.submission.Response.WorkspaceID, b.submission.Response.WorkspaceID),
			bytes.Compare(a.submission.Once.key(), b.submission.Once.key()),
			cmp.Compare(a.submission.Response.InvitationID, b.submission.Response.InvitationID))
	})
}

// refuse answers a batch with why it is not stored. That the batch took too
// long is the database's fault, not the caller's.
func refuse(batch []*pending, err error) {
	if errors.Is(err, context.DeadlineExceeded) {
		err = &surveys.Error{Kind: surveys.Unavailable, Code: "database_busy", RetryAfter: retryAfter, Err: err}
	}
	for _, p := range batch {
		p.answer <- answer{err: err}
	}
}

// together stores a batch in one transaction and answers all of it, or
// returns why nothing of it was stored.
func (in *Ingest) together(ctx context.Context, batch []*pending) error {
	receipts := make([]Receipt, len(batch))
	err := in.store.InTx(ctx, func(tx *Tx) error {
		d := make(deltas)
		var plain []surveys.Response
		for i, p := range batch {
			s := p.submission
			if s.Once == nil && s.Response.InvitationID == "" {
				plain = append(plain, s.Response)
				receipts[i] = Receipt{ResponseID: s.Response.ID, Outcome: Stored}
				continue
			}
			receipt, err := tx.take(ctx, s, d)
			if err != nil {
				return err
			}
			receipts[i] = receipt
		}
		if err := tx.insertResponses(ctx, plain, d); err != nil {
			return err
		}
		return tx.applyDeltas(ctx, d)
	})
	if err != nil {
		return err
	}
	for i, p := range batch {
		p.answer <- answer{receipt: receipts[i]}
	}
	return nil
}
