package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type paceRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	PerSecond   int
	WarmUpSince *time.Time
	Unresolved  string
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
}

func (paceRow) TableName() string { return "paces" }

func (r paceRow) domain() surveys.Pace {
	return surveys.Pace{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), PerSecond: r.PerSecond, WarmUpSince: utcPtr(r.WarmUpSince),
		Unresolved: surveys.Unresolved(r.Unresolved), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

// Pace is how fast a workspace mails at most. One that never said so mails as
// fast as its mail server takes letters.
func (r reads) Pace(ctx context.Context, ws surveys.WorkspaceID) (surveys.Pace, error) {
	p, err := one(r.of(ctx, ws), "the pace", paceRow.domain)
	if surveys.KindOf(err) == surveys.NotFound {
		return surveys.Pace{WorkspaceID: ws, Unresolved: surveys.ResendOnce}, nil
	}
	return p, err
}

// SavePace stores how fast a workspace mails at most.
func (tx *Tx) SavePace(ctx context.Context, p surveys.Pace) error {
	row := paceRow{string(p.WorkspaceID), p.PerSecond, utcPtr(p.WarmUpSince), string(p.Unresolved), utc(p.UpdatedAt)}
	return known("store the pace", tx.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "workspace_id"}},
		DoUpdates: clause.AssignmentColumns([]string{"per_second", "warm_up_since", "unresolved", "updated_at"}),
	}).Create(&row).Error)
}

type receiverPaceRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	Receiver    string `gorm:"primaryKey"`
	PerMinute   int
	FreeAt      time.Time
}

func (receiverPaceRow) TableName() string { return "receiver_paces" }

func (r receiverPaceRow) domain() surveys.ReceiverPace {
	return surveys.ReceiverPace{WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), Receiver: surveys.Receiver(r.Receiver), PerMinute: r.PerMinute, FreeAt: r.FreeAt.UTC()}
}

// ReceiverPaces lists how many letters each group of receivers gets of a workspace
// at most, all groups in their order.
func (r reads) ReceiverPaces(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.ReceiverPace, error) {
	stored, err := all(r.of(ctx, ws), "paces of receivers", receiverPaceRow.domain)
	list := make([]surveys.ReceiverPace, 0, len(surveys.Receivers()))
	for _, receiver := range surveys.Receivers() {
		pace := surveys.ReceiverPace{WorkspaceID: ws, Receiver: receiver}
		for _, s := range stored {
			if s.Receiver == receiver {
				pace = s
			}
		}
		list = append(list, pace)
	}
	return list, err
}

// SaveReceiverPace stores how many letters a group of receivers gets at most. The
// places that were given out are free again: who changes the pace wants the letters
// that wait to have new ones.
func (tx *Tx) SaveReceiverPace(ctx context.Context, p surveys.ReceiverPace) error {
	return tx.putReceiverPace(ctx, p, "per_minute", "free_at")
}

func (tx *Tx) putReceiverPace(ctx context.Context, p surveys.ReceiverPace, columns ...string) error {
	row := receiverPaceRow{string(p.WorkspaceID), string(p.Receiver), p.PerMinute, utc(p.FreeAt)}
	conflict := clause.OnConflict{Columns: []clause.Column{{Name: "workspace_id"}, {Name: "receiver"}}, DoNothing: len(columns) == 0}
	if len(columns) > 0 {
		conflict.DoUpdates = clause.AssignmentColumns(columns)
	}
	return known("store the pace of a receiver", tx.db.WithContext(ctx).Clauses(conflict).Create(&row).Error)
}

// TakePlaces gives n letters to a group of receivers their places, one each gap of
// its pace from the time that it returns on. Whatever process asks next gets those
// behind. gap is 0 when any number may leave.
func (tx *Tx) TakePlaces(ctx context.Context, ws surveys.WorkspaceID, receiver surveys.Receiver, n int) (from time.Time, gap time.Duration, err error) {
	now := tx.Now()
	if err := tx.putReceiverPace(ctx, surveys.ReceiverPace{WorkspaceID: ws, Receiver: receiver, FreeAt: now}); err != nil {
		return now, 0, err
	}
	pace, err := one(tx.locked(ctx, ws).Where("receiver = ?", string(receiver)), "the pace of a receiver", receiverPaceRow.domain)
	if gap = pace.Gap(); err != nil || gap == 0 {
		return now, 0, err
	}
	if from = now; pace.FreeAt.After(now) {
		from = pace.FreeAt
	}
	pace.FreeAt = from.Add(time.Duration(n) * gap)
	return from, gap, tx.putReceiverPace(ctx, pace, "free_at")
}

// HurryLetters makes the letters due now that were put off for one of some
// reasons.
func (tx *Tx) HurryLetters(ctx context.Context, ws surveys.WorkspaceID, reasons []surveys.Problem) error {
	now, stored := utc(tx.Now()), make([]string, len(reasons))
	for n, why := range reasons {
		stored[n] = why.String()
	}
	return known("make letters due", tx.of(ctx, ws).Model(&invitationRow{}).
		Where("due_at > ? AND state = 'scheduled' AND send_at > ? AND problem IN ?", now, now, stored).
		Updates(map[string]any{"send_at": now, "due_at": now, "problem": ""}).Error)
}
