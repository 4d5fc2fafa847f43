package store

import (
	"context"
	"crypto/sha256"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type bounceRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	InvitationID *string
	AddressHash  []byte
	Class        string
	Status       string
	Diagnostic   string
	Source       string
	Key          []byte    // a hash of what tells the report from others
	CreatedAt    time.Time `gorm:"autoCreateTime:false"`
}

func (bounceRow) TableName() string { return "bounces" }

func (r bounceRow) domain() surveys.Bounce {
	return surveys.Bounce{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, InvitationID: idText(r.InvitationID), Class: surveys.BounceClass(r.Class),
		Status: r.Status, Diagnostic: r.Diagnostic, Source: surveys.BounceSource(r.Source), At: r.CreatedAt.UTC(),
	}
}

// AddBounce keeps a report about an address, or returns false when it was kept
// before. One that leads to no letter is kept without the mail server's words,
// which may name the person, since erasing them would not find it.
func (tx *Tx) AddBounce(ctx context.Context, w surveys.Workspace, email string, b surveys.Bounce) (added bool, err error) {
	id, err := tx.store.NewID()
	if err != nil {
		return false, err
	}
	key := sha256.Sum256([]byte(string(b.Source) + ":" + string(b.Class) + ":" + b.InvitationID + ":" + b.Key))
	row := bounceRow{
		WorkspaceID: string(w.ID), ID: id, InvitationID: idPtr(b.InvitationID), AddressHash: addressHash(w, email), Class: string(b.Class),
		Status: b.Status, Diagnostic: b.Diagnostic, Source: string(b.Source), Key: key[:], CreatedAt: utc(tx.store.Now()),
	}
	if b.InvitationID == "" {
		row.Diagnostic = ""
	}
	result := tx.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
	return result.RowsAffected > 0, known("keep the report", result.Error)
}

// PassingBounces counts the letters to an address that failed since a time for
// reasons that may pass.
func (r reads) PassingBounces(ctx context.Context, w surveys.Workspace, email string, since time.Time) (int, error) {
	var n int64
	err := r.of(ctx, w.ID).Model(&bounceRow{}).Where("address_hash = ? AND created_at >= ? AND class IN ?", addressHash(w, email), utc(since),
		[]string{string(surveys.BounceSoft), string(surveys.BounceFull)}).Select("count(DISTINCT coalesce(invitation_id, id))").Scan(&n).Error
	return int(n), known("count the address's reports", err)
}

// Complaints counts the reports that call letters to an address spam: those since a
// time, and all about one letter.
func (r reads) Complaints(ctx context.Context, w surveys.Workspace, email, invitationID string, since time.Time) (int, error) {
	var n int64
	q := r.of(ctx, w.ID).Model(&bounceRow{}).Where("address_hash = ? AND class = ?", addressHash(w, email), string(surveys.BounceComplaint))
	if invitationID == "" {
		q = q.Where("created_at >= ?", utc(since))
	} else {
		q = q.Where("created_at >= ? OR invitation_id = ?", utc(since), invitationID)
	}
	err := q.Count(&n).Error
	return int(n), known("count the address's complaints", err)
}

// Bounces lists the reports about some letters, the latest first.
func (r reads) Bounces(ctx context.Context, ws surveys.WorkspaceID, invitationIDs []string) ([]surveys.Bounce, error) {
	if len(invitationIDs) == 0 {
		return nil, nil
	}
	return all(r.of(ctx, ws).Where("invitation_id IN ?", invitationIDs).Order("created_at DESC, id DESC"), "reports", bounceRow.domain)
}

// LatestBounces lists the workspace's reports of some classes since a time, the
// latest first: what a stream that pauses on them, and the page about it, read.
func (r reads) LatestBounces(ctx context.Context, ws surveys.WorkspaceID, classes []surveys.BounceClass, since time.Time, limit int) ([]surveys.Bounce, error) {
	return all(r.of(ctx, ws).Where("created_at >= ? AND class IN ?", utc(since), classes).Order("created_at DESC, id DESC").Limit(limit), "reports", bounceRow.domain)
}

// BounceCounts counts the workspace's reports since a time by their class.
func (r reads) BounceCounts(ctx context.Context, ws surveys.WorkspaceID, since time.Time) (map[surveys.BounceClass]int64, error) {
	var rows []struct {
		Class string
		N     int64
	}
	if err := r.of(ctx, ws).Model(&bounceRow{}).Where("created_at >= ?", utc(since)).Select("class, count(*) AS n").Group("class").Find(&rows).Error; err != nil {
		return nil, known("count reports", err)
	}
	counts := make(map[surveys.BounceClass]int64, len(rows))
	for _, row := range rows {
		counts[surveys.BounceClass(row.Class)] = row.N
	}
	return counts, nil
}

// LockInvitation returns an invitation, which stays as it is until the
// transaction ends.
func (tx *Tx) LockInvitation(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Invitation, error) {
	return one(tx.locked(ctx, ws).Where("id = ?", id), "the invitation", invitationRow.domain)
}

// LatestSent is the letter that was last sent to an address since a time, for
// reports that name nothing else. NotFound when there is none.
func (r reads) LatestSent(ctx context.Context, ws surveys.WorkspaceID, email string, since time.Time) (surveys.Invitation, error) {
	people := r.of(ctx, ws).Model(&personRow{}).Select("id").Where("email = ? AND email <> ''", surveys.NormalEmail(email))
	return one(r.of(ctx, ws).Where("person_id IN (?) AND email = ? AND sent_at >= ?", people, surveys.NormalEmail(email), utc(since)).Order("sent_at DESC, id DESC"),
		"the letter to an address", invitationRow.domain)
}

// WithdrawReminders withdraws the reminders of an invitation that have not left.
func (tx *Tx) WithdrawReminders(ctx context.Context, ws surveys.WorkspaceID, invitationID string, why surveys.Problem) error {
	return known("withdraw reminders", tx.of(ctx, ws).Model(&invitationRow{}).
		Where("about_id = ? AND state = 'scheduled' AND letter = ?", invitationID, string(surveys.LetterReminder)).
		Updates(map[string]any{"state": string(surveys.InvitationCancelled), "due_at": nil, "problem": why.String()}).Error)
}
