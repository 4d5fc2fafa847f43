package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"github.com/harkhq/hark/surveys"
)

type touchRow struct {
	WorkspaceID  string `gorm:"primaryKey"`
	ID           string `gorm:"primaryKey"`
	InvitationID string
	At           time.Time
	Kind         string `gorm:"column:place"`
	Score        *int
	Method       string
	Agent        string
	Client       []byte
	Receiver     []byte
	Delay        int // seconds; −1 is not known
	Prefetch     bool
	Fetch        string `gorm:"column:sec_fetch"`
	Acted        bool
	JudgeAt      *time.Time // when it is looked at next; NULL when it is settled
}

func (touchRow) TableName() string { return "touches" }

func (r touchRow) domain() surveys.Touch {
	return surveys.Touch{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), InvitationID: r.InvitationID, At: r.At.UTC(), Kind: surveys.TouchKind(r.Kind), Score: r.Score,
		Method: r.Method, Agent: surveys.AgentClass(r.Agent), Client: r.Client, Receiver: r.Receiver, Delay: time.Duration(r.Delay) * time.Second,
		Prefetch: r.Prefetch, Fetch: r.Fetch, Acted: r.Acted,
	}
}

func touchRowOf(t surveys.Touch, id string) touchRow {
	delay := -1
	if t.Delay >= 0 {
		delay = int(min(t.Delay/time.Second, 1<<30))
	}
	at := utc(t.At)
	return touchRow{
		WorkspaceID: string(t.WorkspaceID), ID: id, InvitationID: t.InvitationID, At: at, Kind: string(t.Kind), Score: t.Score, Method: t.Method,
		Agent: string(t.Agent), Client: notNil(t.Client), Receiver: notNil(t.Receiver), Delay: delay, Prefetch: t.Prefetch, Fetch: t.Fetch, Acted: t.Acted, JudgeAt: &at,
	}
}

// notNil is bytes that are stored as none at all, rather than as NULL.
func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// AddTouches stores touches, each to be judged at once and again after the
// quarantine.
func (tx *Tx) AddTouches(ctx context.Context, list []surveys.Touch) error {
	rows := make([]touchRow, len(list))
	for i, t := range list {
		id, err := tx.NewID()
		if err != nil {
			return err
		}
		rows[i] = touchRowOf(t, id)
	}
	return known("store touches", tx.db.WithContext(ctx).CreateInBatches(rows, rowsPerInsert).Error)
}

// mostTouches bounds what is read of one invitation: a client that opens its
// links for ever is a machine by the first of them.
const mostTouches = 2000

// Touches lists what was done with the links of an invitation's letters, in the
// order of time.
func (r reads) Touches(ctx context.Context, ws surveys.WorkspaceID, invitationID string) ([]surveys.Touch, error) {
	return all(r.of(ctx, ws).Where("invitation_id = ?", invitationID).Order("at, id").Limit(mostTouches), "touches", touchRow.domain)
}

// mostHabit is how many of the latest touches a habit is learnt from: the domains
// with scanners of their own are companies, and no mail provider has one for all.
const mostHabit = 5000

// ReceiverHabit counts the letters to a domain that were touched since a time,
// and by which clients soon after they left.
func (r reads) ReceiverHabit(ctx context.Context, ws surveys.WorkspaceID, receiver []byte, since time.Time) (surveys.Habit, error) {
	h := surveys.Habit{Soon: make(map[string]int)}
	latest := func() *gorm.DB {
		q := r.of(ctx, ws).Model(&touchRow{}).Select("invitation_id, client, delay").Where("receiver = ? AND at >= ?", receiver, utc(since))
		return r.db.WithContext(ctx).Table("(?) AS latest", q.Order("at DESC").Limit(mostHabit))
	}
	var letters int64
	if err := latest().Select("count(DISTINCT invitation_id)").Scan(&letters).Error; err != nil {
		return h, known("count the letters to a domain", err)
	}
	h.Letters = int(letters)
	var rows []struct {
		Client []byte
		N      int
	}
	err := latest().Select("client, count(DISTINCT invitation_id) AS n").Where("delay BETWEEN 0 AND ?", int(surveys.HabitSpan/time.Second)).
		Group("client").Find(&rows).Error
	for _, row := range rows {
		h.Soon[string(row.Client)] = row.N
	}
	return h, known("count who touches the letters to a domain", err)
}

// Delivered lists when an invitation and its reminders left.
func (r reads) Delivered(ctx context.Context, ws surveys.WorkspaceID, invitationID string) ([]time.Time, error) {
	letters := r.of(ctx, ws).Select("sent_at").Where("(id = ? OR about_id = ?) AND sent_at IS NOT NULL", invitationID, invitationID)
	return all(letters.Order("sent_at").Limit(100), "when letters left", func(row invitationRow) time.Time { return row.SentAt.UTC() })
}

// touchesPerLook is how many touches are gone through for the invitations that
// they are of.
const touchesPerLook = 10_000

// ToJudge lists invitations of which something is to be judged by now: touches,
// or answers that wait.
func (r reads) ToJudge(ctx context.Context, ws surveys.WorkspaceID, now time.Time, limit int) ([]string, error) {
	var ids, more []string
	touched := r.of(ctx, ws).Model(&touchRow{}).Where("judge_at IS NOT NULL AND judge_at <= ?", utc(now)).Order("judge_at").Limit(touchesPerLook)
	if err := touched.Pluck("invitation_id", &ids).Error; err != nil {
		return nil, known("list touches to judge", err)
	}
	held := r.of(ctx, ws).Model(&heldRow{}).Where("due_at IS NOT NULL AND due_at <= ?", utc(now)).Order("due_at").Limit(limit)
	if err := held.Pluck("invitation_id", &more).Error; err != nil {
		return nil, known("list answers to judge", err)
	}
	seen := make(map[string]bool)
	var list []string
	for _, id := range append(more, ids...) {
		if !seen[id] {
			seen[id] = true
			list = append(list, id)
		}
	}
	return list[:min(limit, len(list))], nil
}

// SettleTouches notes that an invitation's touches were judged just now: those older
// than the quarantine for good, the others until it is over.
func (tx *Tx) SettleTouches(ctx context.Context, ws surveys.WorkspaceID, invitationID string, quarantine time.Duration) error {
	now := tx.Now()
	over := utc(now.Add(-quarantine))
	const theirs = "invitation_id = ? AND judge_at IS NOT NULL AND judge_at <= ? AND "
	for _, step := range []struct {
		where string
		to    any
	}{{"at <= ?", nil}, {"at > ?", utc(now.Add(quarantine))}} {
		err := tx.of(ctx, ws).Model(&touchRow{}).Where(theirs+step.where, invitationID, utc(now), over).Update("judge_at", step.to).Error
		if err != nil {
			return known("note that touches were judged", err)
		}
	}
	return nil
}

// NoteVisitors notes on an invitation who followed its links; what was noted
// stays.
func (tx *Tx) NoteVisitors(ctx context.Context, ws surveys.WorkspaceID, invitationID string, clicked, machines bool) error {
	var row invitationRow
	if err := tx.locked(ctx, ws).Where("id = ?", invitationID).Take(&row).Error; err != nil {
		return known("find the touched invitation", err)
	}
	was := row
	row.Clicked, row.Machines = row.Clicked || clicked, row.Machines || machines
	if row.Clicked == was.Clicked && row.Machines == was.Machines {
		return nil
	}
	tx.asked.add(was, -1)
	tx.asked.add(row, 1)
	return changed("the invitation", tx.of(ctx, ws).Model(&invitationRow{}).Where("id = ?", invitationID).
		Select("clicked", "machines").Updates(&row))
}

// PurgeTouches drops touches from before a time, and returns how many.
func (tx *Tx) PurgeTouches(ctx context.Context, ws surveys.WorkspaceID, before time.Time) (int64, error) {
	result := tx.of(ctx, ws).Where("at < ?", utc(before)).Delete(&touchRow{})
	return result.RowsAffected, known("purge touches", result.Error)
}
