package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

// Repeat says what a second submission under the same key does.
type Repeat int

// The ways to treat a repeated submission.
const (
	Replay Repeat = iota // the same content gets the first one's receipt; another is a Conflict
	Change               // another content changes the answer
)

// Once makes a submission take effect once.
type Once struct {
	Key       []byte // a hash that carries its purpose; see [OnceKey]
	Body      []byte // a hash of the content
	Repeat    Repeat
	ExpiresAt time.Time
}

// key is the key of a submission, and nil where it has none.
func (o *Once) key() []byte {
	if o == nil {
		return nil
	}
	return o.Key
}

// body is the hash of the content; empty, not NULL, where nobody compares it.
func (o *Once) body() []byte {
	if o.Body == nil {
		return []byte{}
	}
	return o.Body
}

// OnceKey hashes an idempotency key with the purpose that it serves, so that
// keys of different routes never meet.
func OnceKey(purpose, key string) []byte {
	sum := sha256.Sum256([]byte(purpose + ":" + key))
	return sum[:]
}

// Submission is an answer on its way into the database.
type Submission struct {
	Response surveys.Response // with id, day and segments
	Once     *Once            // nil when it carries no key
}

// Receipt says what became of a submission.
type Receipt struct {
	ResponseID string
	Outcome    ReceiptOutcome
}

// ReceiptOutcome is what a submission did.
type ReceiptOutcome string

// The outcomes of a submission.
const (
	Stored   ReceiptOutcome = "stored"
	Changed  ReceiptOutcome = "changed"  // an earlier answer was changed
	Replayed ReceiptOutcome = "replayed" // nothing: it was stored before
)

type idempotencyRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	KeyHash     []byte `gorm:"primaryKey"`
	BodyHash    []byte
	ResultID    string
	ExpiresAt   time.Time
}

func (idempotencyRow) TableName() string { return "idempotency_keys" }

// Claim takes an idempotency key for a result and reports true, or returns the
// result of whoever had taken it. Conflict when that was with another content.
func (tx *Tx) Claim(ctx context.Context, ws surveys.WorkspaceID, once Once, resultID string) (mine bool, result string, err error) {
	now := utc(tx.store.Now())
	if err := tx.of(ctx, ws).Where("key_hash = ? AND expires_at < ?", once.Key, now).Delete(&idempotencyRow{}).Error; err != nil {
		return false, "", known("drop an expired key", err)
	}
	row := idempotencyRow{WorkspaceID: string(ws), KeyHash: once.Key, BodyHash: once.body(), ResultID: resultID, ExpiresAt: utc(once.ExpiresAt)}
	insert := tx.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	if insert.Error != nil {
		return false, "", known("take an idempotency key", insert.Error)
	}
	if insert.RowsAffected == 1 {
		return true, resultID, nil
	}
	result, taken, err := tx.Taken(ctx, ws, once, now)
	if err == nil && !taken { // purged in between
		err = &surveys.Error{Kind: surveys.Unavailable, Code: "database_busy", RetryAfter: retryAfter}
	}
	return false, result, err
}

// Taken returns the result for which an idempotency key was claimed, and false
// when it is free as far as one can see at now. Conflict when it was claimed
// with another content.
func (r reads) Taken(ctx context.Context, ws surveys.WorkspaceID, once Once, now time.Time) (result string, taken bool, err error) {
	row, err := one(r.of(ctx, ws).Where("key_hash = ? AND expires_at >= ?", once.Key, utc(now)), "the idempotency key", func(row idempotencyRow) idempotencyRow { return row })
	if surveys.KindOf(err) == surveys.NotFound {
		return "", false, nil
	}
	if err == nil && once.Repeat == Replay && !bytes.Equal(row.BodyHash, once.Body) {
		err = surveys.Fail(surveys.Conflict, "idempotency_mismatch")
	}
	return row.ResultID, err == nil, err
}

// Take stores one submission with its consequences: the response, the
// invitation's mark and the rollups. Batches go through [Ingest].
func (tx *Tx) Take(ctx context.Context, s Submission) (Receipt, error) {
	if err := countable(s.Response); err != nil {
		return Receipt{}, err
	}
	d := make(deltas)
	receipt, err := tx.take(ctx, s, d)
	if err != nil {
		return receipt, err
	}
	return receipt, tx.applyDeltas(ctx, d)
}

// take does what Take does, but leaves the rollups to the caller.
func (tx *Tx) take(ctx context.Context, s Submission, d deltas) (Receipt, error) {
	if s.Once != nil {
		mine, earlier, err := tx.Claim(ctx, s.Response.WorkspaceID, *s.Once, s.Response.ID)
		if err != nil {
			return Receipt{}, err
		}
		if !mine {
			return tx.repeat(ctx, s, earlier, d)
		}
	}
	if s.Response.InvitationID != "" {
		earlier, err := tx.markAnswered(ctx, s.Response)
		if err != nil {
			return Receipt{}, err
		}
		if earlier != "" {
			return tx.change(ctx, s.Response, earlier, d)
		}
	}
	row := responseRowOf(s.Response)
	if err := tx.create(ctx, "the response", &row); err != nil {
		return Receipt{}, err
	}
	d.add(s.Response, 1)
	return Receipt{ResponseID: s.Response.ID, Outcome: Stored}, nil
}

func (tx *Tx) repeat(ctx context.Context, s Submission, earlier string, d deltas) (Receipt, error) {
	if s.Once.Repeat == Replay {
		return Receipt{ResponseID: earlier, Outcome: Replayed}, nil
	}
	return tx.change(ctx, s.Response, earlier, d)
}

// markAnswered marks an invitation as answered by r, or returns the id of the
// response that answered it before.
func (tx *Tx) markAnswered(ctx context.Context, r surveys.Response) (earlier string, err error) {
	invitation, err := one(tx.locked(ctx, r.WorkspaceID).Where("id = ?", r.InvitationID), "the invitation", invitationRow.domain)
	if err != nil || invitation.ResponseID != "" {
		return invitation.ResponseID, err
	}
	if marked, err := tx.mark(ctx, r); err != nil || !marked {
		return "", cmp.Or(err, error(surveys.Fail(surveys.NotFound, "not_found")))
	}
	return "", nil
}

// mark marks an invitation as answered by r, and reports false when there is
// none that was not.
func (tx *Tx) mark(ctx context.Context, r surveys.Response) (marked bool, err error) {
	result := tx.of(ctx, r.WorkspaceID).Model(&invitationRow{}).Where("id = ? AND response_id IS NULL", r.InvitationID).
		Updates(map[string]any{"response_id": r.ID, "answered_at": utc(r.AnsweredAt)})
	if result.RowsAffected == 1 {
		tx.asked.answered = append(tx.asked.answered, invitationKey{r.WorkspaceID, r.InvitationID})
	}
	return result.RowsAffected == 1, known("mark the invitation", result.Error)
}

// change lays a new answer over an earlier response. It stays counted on the day
// of its first answer.
func (tx *Tx) change(ctx context.Context, news surveys.Response, earlier string, d deltas) (Receipt, error) {
	old, err := one(tx.locked(ctx, news.WorkspaceID).Where("id = ?", earlier), "the earlier response", responseRow.domain)
	if err != nil {
		return Receipt{}, err
	}
	changedTo := news.LaidOver(old)
	if changedTo.SaysTheSame(old) {
		return Receipt{ResponseID: old.ID, Outcome: Replayed}, nil
	}
	row := responseRowOf(changedTo)
	result := tx.of(ctx, news.WorkspaceID).Model(&responseRow{}).Where("id = ?", old.ID).Select("score", "comment", "locale", "ratings", "answers", "updated_at").Updates(&row)
	if err := changed("the response", result); err != nil {
		return Receipt{}, err
	}
	d.add(old, -1)
	d.add(changedTo, 1)
	if err := tx.forgetReadings(ctx, old); err != nil {
		return Receipt{}, err
	}
	return Receipt{ResponseID: old.ID, Outcome: Changed}, nil
}

// EraseResponses deletes responses; the rollups follow. Their invitations keep
// the mark that they were answered, so that the link does not open again.
func (tx *Tx) EraseResponses(ctx context.Context, ws surveys.WorkspaceID, ids []string) error {
	d := make(deltas)
	for chunk := range slices.Chunk(ids, rowsPerArray) {
		list, err := all(tx.locked(ctx, ws).Where("id IN ?", chunk).Order("id"), "responses", responseRow.domain)
		if err != nil {
			return err
		}
		for _, response := range list {
			d.add(response, -1)
		}
		if err := tx.forgetReadings(ctx, list...); err != nil {
			return err
		}
		if err := tx.of(ctx, ws).Where("id IN ?", chunk).Delete(&responseRow{}).Error; err != nil {
			return known("erase responses", err)
		}
	}
	return tx.applyDeltas(ctx, d)
}

// AddResponses stores many new responses and moves the rollups once for all of
// them. It is for imports and the demo: none of them carries a key or answers
// an open invitation.
func (tx *Tx) AddResponses(ctx context.Context, list []surveys.Response) error {
	for _, r := range list {
		if err := countable(r); err != nil {
			return err
		}
	}
	d := make(deltas)
	if err := tx.insertResponses(ctx, list, d); err != nil {
		return err
	}
	return tx.applyDeltas(ctx, d)
}

func (tx *Tx) insertResponses(ctx context.Context, list []surveys.Response, d deltas) error {
	for _, r := range list {
		d.add(r, 1)
	}
	if tx.dialect == Postgres {
		for part := range slices.Chunk(list, rowsPerArray) {
			var columns responseColumns
			for _, r := range part {
				if err := columns.add(responseRowOf(r)); err != nil {
					return err
				}
			}
			if err := tx.exec(ctx, columns.insert()); err != nil {
				return known("store responses", err)
			}
		}
		return nil
	}
	in := insertion{into: "INSERT INTO responses (" + responseColumnNames + ") VALUES ", columns: 18}
	return known("store responses", tx.insert(ctx, in, len(list), func(i int) ([]any, error) {
		r := responseRowOf(list[i])
		segments, err := json.Marshal(r.Segments)
		if err != nil {
			return nil, err
		}
		said, err := saidIn(list[i])
		return []any{r.WorkspaceID, r.ID, r.SurveyID, r.Version, r.InvitationID, r.PersonID, r.Score, r.Comment, r.Locale, r.Channel,
			string(segments), said.ratings, said.answers, said.fields, r.Day, r.AnsweredAt, r.CreatedAt, r.UpdatedAt}, err
	}))
}
