package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type suppressionRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	AddressHash []byte `gorm:"primaryKey"`
	Reason      string
	CreatedAt   time.Time `gorm:"autoCreateTime:false"`
	Email       string    // until its person is erased
	Source      string
	ReleasedAt  *time.Time
	Beneath     string // "bounced" where that holds besides a wish of the person, once they take it back
}

func (suppressionRow) TableName() string { return "suppressions" }

func (r suppressionRow) domain() surveys.SuppressedAddress {
	return surveys.SuppressedAddress{
		Key: r.AddressHash, Email: r.Email, Reason: surveys.Suppression(r.Reason), Source: surveys.SuppressionSource(r.Source), Beneath: surveys.Suppression(r.Beneath),
		At: r.CreatedAt.UTC(), ReleasedAt: utcPtr(r.ReleasedAt),
	}
}

// addressHash hides an address under the workspace's secret.
func addressHash(w surveys.Workspace, email string) []byte {
	return spellingHash(w.Secret, surveys.EmailKey(email))
}

func spellingHash(secret []byte, spelling string) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte("suppression:" + spelling))
	return mac.Sum(nil)
}

// addressHashes are the hash of an address and, behind it, those that it may have
// had before a mailbox had one: what was erased is found by them alone.
func addressHashes(w surveys.Workspace, email string) [][]byte {
	hashes := [][]byte{addressHash(w, email)}
	for _, spelling := range surveys.FormerEmailKeys(email) {
		hashes = append(hashes, spellingHash(w.Secret, spelling))
	}
	return hashes
}

// held are the suppressions that hold: those that were not released.
func (r reads) held(ctx context.Context, ws surveys.WorkspaceID) *gorm.DB {
	return r.of(ctx, ws).Where("released_at IS NULL")
}

// Suppression says why an address gets no mail; "" when it does.
func (r reads) Suppression(ctx context.Context, w surveys.Workspace, email string) (surveys.Suppression, error) {
	found, err := r.SuppressedAddress(ctx, w, email)
	return found.Reason, err
}

// SuppressedAddress is what is known of an address that gets no mail; its
// reason is "" when it does.
func (r reads) SuppressedAddress(ctx context.Context, w surveys.Workspace, email string) (surveys.SuppressedAddress, error) {
	found, err := one(r.held(ctx, w.ID).Where("address_hash IN ?", addressHashes(w, email)).Order(reasonRank("reason")), "the suppression", suppressionRow.domain)
	if surveys.KindOf(err) == surveys.NotFound {
		return surveys.SuppressedAddress{}, nil
	}
	return found, err
}

// SuppressionOf returns an entry by its key, released or not.
func (r reads) SuppressionOf(ctx context.Context, ws surveys.WorkspaceID, key []byte) (surveys.SuppressedAddress, error) {
	return one(r.of(ctx, ws).Where("address_hash = ?", key), "the suppression", suppressionRow.domain)
}

// SuppressionFilter says which addresses are listed.
type SuppressionFilter struct {
	Reason surveys.Suppression // "" for every reason
	After  SuppressionCursor
	Offset int
	Limit  int
}

// SuppressionCursor is a place in the list of suppressions: behind the entry
// that it names. Zero is the beginning.
type SuppressionCursor struct {
	At  time.Time
	Key []byte
}

// Suppressions lists addresses that get no mail, the latest first.
func (r reads) Suppressions(ctx context.Context, ws surveys.WorkspaceID, f SuppressionFilter) ([]surveys.SuppressedAddress, error) {
	q := r.held(ctx, ws)
	if f.Reason != "" {
		q = q.Where("reason = ?", string(f.Reason))
	}
	if len(f.After.Key) > 0 {
		q = q.Where("(created_at, address_hash) < (?, ?)", utc(f.After.At), f.After.Key)
	}
	return all(q.Order("created_at DESC, address_hash DESC").Offset(f.Offset).Limit(f.Limit), "suppressions", suppressionRow.domain)
}

// SuppressionCounts counts the addresses that get no mail by their reasons.
func (r reads) SuppressionCounts(ctx context.Context, ws surveys.WorkspaceID) (map[surveys.Suppression]int64, error) {
	var rows []struct {
		Reason string
		N      int64
	}
	if err := r.held(ctx, ws).Model(&suppressionRow{}).Select("reason, count(*) AS n").Group("reason").Find(&rows).Error; err != nil {
		return nil, known("count suppressions", err)
	}
	counts := make(map[surveys.Suppression]int64, len(rows))
	for _, row := range rows {
		counts[surveys.Suppression(row.Reason)] = row.N
	}
	return counts, nil
}

// Suppress keeps mails from an address, for a reason that names its source:
// the person by a link, the team on a page, a mail server that refused the
// letter. See [Tx.SuppressFrom].
func (tx *Tx) Suppress(ctx context.Context, w surveys.Workspace, email string, reason surveys.Suppression) error {
	source := map[surveys.Suppression]surveys.SuppressionSource{
		surveys.SuppressedUnsubscribed: surveys.SourceLink, surveys.SuppressedByTeam: surveys.SourceTeam,
		surveys.SuppressedBounced: surveys.SourceSMTP, surveys.SuppressedComplained: surveys.SourceMail,
	}[reason]
	return tx.SuppressFrom(ctx, w, email, reason, source)
}

// SuppressFrom keeps mails from an address. A reason stays unless a stronger
// one comes, see [surveys.SuppressionReasons]. That the address bounces holds on
// beneath a wish of the person, for when they take that back.
func (tx *Tx) SuppressFrom(ctx context.Context, w surveys.Workspace, email string, reason surveys.Suppression, source surveys.SuppressionSource) error {
	email = surveys.NormalEmail(email)
	row := suppressionRow{
		WorkspaceID: string(w.ID), AddressHash: addressHash(w, email), Reason: string(reason), Email: email, Source: string(source),
		CreatedAt: utc(tx.store.Now()),
	}
	stronger := "suppressions.released_at IS NOT NULL OR " + reasonRank("suppressions.reason") + " > " + reasonRank("excluded.reason")
	news := make(map[string]any)
	for _, column := range []string{"reason", "email", "source", "created_at", "released_at"} {
		news[column] = gorm.Expr("CASE WHEN " + stronger + " THEN excluded." + column + " ELSE suppressions." + column + " END")
	}
	news["beneath"] = gorm.Expr("CASE WHEN suppressions.released_at IS NOT NULL THEN ''" +
		" WHEN 'bounced' IN (excluded.reason, suppressions.reason) THEN 'bounced' ELSE suppressions.beneath END")
	return known("suppress the address", tx.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns: []clause.Column{{Name: "workspace_id"}, {Name: "address_hash"}}, DoUpdates: clause.Assignments(news),
	}).Create(&row).Error)
}

// reasonRank is a column's place in [surveys.SuppressionReasons], as SQL.
func reasonRank(column string) string {
	var b strings.Builder
	b.WriteString("CASE " + column)
	for i, reason := range surveys.SuppressionReasons() {
		fmt.Fprintf(&b, " WHEN '%s' THEN %d", reason, i)
	}
	return b.String() + " ELSE 9 END"
}

// Unsuppress takes back that an address was suppressed for the reason. Mails go
// through again unless something else holds beneath.
func (tx *Tx) Unsuppress(ctx context.Context, w surveys.Workspace, email string, reason surveys.Suppression) error {
	address := tx.of(ctx, w.ID).Where("address_hash IN ?", addressHashes(w, email)).Session(&gorm.Session{})
	if err := address.Model(&suppressionRow{}).Where("beneath = ? AND reason <> ?", string(reason), string(reason)).Update("beneath", "").Error; err != nil {
		return known("lift the suppression", err)
	}
	of := address.Where("reason = ?", string(reason)).Session(&gorm.Session{})
	if err := of.Where("beneath IN ('', ?)", string(reason)).Delete(&suppressionRow{}).Error; err != nil {
		return known("lift the suppression", err)
	}
	return known("lift the suppression", uncover(of).Error)
}

// uncover puts what holds beneath in the place of suppressions' reasons.
func uncover(q *gorm.DB) *gorm.DB {
	return q.Model(&suppressionRow{}).Updates(map[string]any{"reason": gorm.Expr("beneath"), "source": string(surveys.SourceSMTP), "beneath": ""})
}

// ReleaseSuppression lets mails through again, unless something else holds
// beneath, which then is the reason. [Tx.RestoreSuppression] undoes it where
// mails go through. It is NotFound when the address gets mail.
func (tx *Tx) ReleaseSuppression(ctx context.Context, ws surveys.WorkspaceID, key []byte) error {
	held := tx.held(ctx, ws).Where("address_hash = ?", key).Session(&gorm.Session{})
	if result := uncover(held.Where("beneath NOT IN ('', reason)")); result.Error != nil || result.RowsAffected > 0 {
		return known("release the suppression", result.Error)
	}
	return changed("the suppression", held.Model(&suppressionRow{}).Update("released_at", utc(tx.store.Now())))
}

// RestoreSuppression undoes a [Tx.ReleaseSuppression].
func (tx *Tx) RestoreSuppression(ctx context.Context, ws surveys.WorkspaceID, key []byte) error {
	return changed("the suppression", tx.of(ctx, ws).Model(&suppressionRow{}).Where("address_hash = ? AND released_at IS NOT NULL", key).Update("released_at", nil))
}

// forgetAddresses takes the addresses of a person who is erased out of the list
// of suppressions, unless another person has them. The hashes stay.
func (tx *Tx) forgetAddresses(ctx context.Context, ws surveys.WorkspaceID, personID string) error {
	err := tx.of(ctx, ws).Model(&suppressionRow{}).Where(`email <> '' AND email IN (
SELECT email FROM people WHERE workspace_id = @ws AND id = @id UNION SELECT email FROM invitations WHERE workspace_id = @ws AND person_id = @id)
AND NOT EXISTS (SELECT 1 FROM people AS other WHERE other.workspace_id = @ws AND other.email = suppressions.email AND other.id <> @id)`,
		map[string]any{"ws": string(ws), "id": personID}).Update("email", "").Error
	return known("forget the person's suppressed addresses", err)
}
