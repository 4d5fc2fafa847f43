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
// clear answer. A SQLite file that another process writes to, such as an
// import, is not waited for so long, see writerWait.
const ingestTimeout = 10 * time.Second

// contendedTries is how often one submission is tried while other processes
// cross it.
const contendedTries = 5

// process stores a batch by the fastest way that works: straight, as if nothing
// of it was stored before; else in one transaction that looks; and when one of
// the batch cannot be stored, each alone, so that it fails without its
// neighbours.
func (in *Ingest) process(batch []*pending) {
	ctx, cancel := context.WithTimeout(context.Background(), ingestTimeout)
	defer cancel()
	sortSubmissions(batch)
	tries, err := in.straight(ctx, batch)
	if err == nil {
		in.batches.straight.Add(1)
		for _, p := range batch {
			p.answer <- answer{receipt: Receipt{ResponseID: p.submission.Response.ID, Outcome: Stored}}
		}
		return
	}
	if !errors.Is(err, errLook) {
		in.refuse(batch, err)
		return
	}
	in.batches.careful.Add(1)
	err = in.together(ctx, batch)
	if err == nil {
		return
	}
	if surveys.KindOf(err) == surveys.Unavailable && !contended(err) {
		in.refuse(batch, err)
		return
	}
	store := in.alone
	if tries > 1 {
		store = in.aloneAgain
	}
	for _, p := range batch {
		if err := store(ctx, p); err != nil {
			refuse([]*pending{p}, err)
		}
	}
}

// errLook says that the batch needs a look at what is stored.
var errLook = errors.New("the batch holds something that is stored already")

// straight stores a batch for which nothing was stored before, and returns how
// often it was sent. The unique keys and a guard on the invitations make it
// fail with errLook otherwise.
func (in *Ingest) straight(ctx context.Context, batch []*pending) (tries int, err error) {
	invitations := make(map[string]bool)
	for _, p := range batch {
		if id := p.submission.Response.InvitationID; id != "" {
			if invitations[id] {
				return 0, errLook
			}
			invitations[id] = true
		}
	}
	if in.store.dialect == Postgres {
		return in.pipe.store(ctx, in.store, batch)
	}
	err = in.store.InTx(ctx, func(tx *Tx) error { return tx.storeStraight(ctx, batch) })
	if err != nil && surveys.KindOf(err) != surveys.Unavailable && ctx.Err() == nil {
		err = errLook
	}
	return 1, err
}

// storeStraight is SQLite's way to store a batch straight.
func (tx *Tx) storeStraight(ctx context.Context, batch []*pending) error {
	var keyed []*pending
	responses := make([]surveys.Response, len(batch))
	for i, p := range batch {
		responses[i] = p.submission.Response
		if p.submission.Once != nil {
			keyed = append(keyed, p)
		}
	}
	in := insertion{into: "INSERT INTO idempotency_keys (workspace_id, key_hash, body_hash, result_id, expires_at) VALUES ", columns: 5}
	if err := tx.insert(ctx, in, len(keyed), func(i int) ([]any, error) {
		s := keyed[i].submission
		return []any{string(s.Response.WorkspaceID), s.Once.Key, s.Once.body(), s.Response.ID, utc(s.Once.ExpiresAt)}, nil
	}); err != nil {
		return known("take idempotency keys", err)
	}
	d := make(deltas)
	if err := tx.insertResponses(ctx, responses, d); err != nil {
		return err
	}
	for _, r := range responses {
		if r.InvitationID == "" {
			continue
		}
		if marked, err := tx.mark(ctx, r); err != nil || !marked {
			return cmp.Or(err, errLook)
		}
	}
	return tx.applyDeltas(ctx, d)
}

// alone stores one submission and answers it, or returns why it is not stored.
func (in *Ingest) alone(ctx context.Context, p *pending) (err error) {
	for range contendedTries {
		if err = in.together(ctx, []*pending{p}); !contended(err) {
			break
		}
	}
	return err
}

// aloneAgain is alone for a batch that was sent before and whose connection
// broke: an answer that is there already is the one that was sent.
func (in *Ingest) aloneAgain(ctx context.Context, p *pending) error {
	err := in.alone(ctx, p)
	if r := p.submission.Response; surveys.KindOf(err) == surveys.Conflict {
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

// refuse answers a batch that the database could not take, and on SQLite all
// that waits behind it: it has waited as long as one waits for the writer, and
// would only wait once more.
func (in *Ingest) refuse(batch []*pending, err error) {
	if in.store.dialect == SQLite && (surveys.KindOf(err) == surveys.Unavailable || errors.Is(err, context.DeadlineExceeded)) {
		batch = slices.Concat(batch, in.behind())
	}
	refuse(batch, err)
}

// behind takes what waits. It is called before anybody is answered: who sends
// again after an answer has not waited.
func (in *Ingest) behind() (waiting []*pending) {
	for range len(in.queue) {
		p, open := <-in.queue
		if !open {
			break
		}
		waiting = append(waiting, p)
	}
	return waiting
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
