package store

import (
	"context"
	"time"

	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type cancellationRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	ID          string `gorm:"primaryKey"`
	FlowID      *string
	Visit       []byte
	PersonID    *string
	Reason      string
	Comment     string
	OfferID     string
	Offer       string
	Choice      string
	Locale      string
	Segments    map[string]string `gorm:"serializer:json"`
	Fields      map[string]string `gorm:"serializer:json"` // nil is NULL
	StartedAt   time.Time
	ChosenAt    *time.Time
	UpdatedAt   time.Time `gorm:"autoUpdateTime:false"`
	KeptAt      *time.Time
	Lost        string
	LostAt      *time.Time
	Amount      *float64
	Currency    string
}

func (cancellationRow) TableName() string { return "cancellations" }

func (r cancellationRow) domain() surveys.Cancellation {
	return surveys.Cancellation{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), ID: r.ID, FlowID: idText(r.FlowID), PersonID: idText(r.PersonID), Reason: r.Reason, Comment: r.Comment,
		OfferID: r.OfferID, Offer: surveys.OfferState(r.Offer), Choice: surveys.CancelChoice(r.Choice), Locale: r.Locale, Segments: r.Segments, Fields: r.Fields,
		StartedAt: r.StartedAt.UTC(), ChosenAt: utcPtr(r.ChosenAt), UpdatedAt: r.UpdatedAt.UTC(), KeptAt: utcPtr(r.KeptAt),
		Lost: surveys.Loss(r.Lost), LostAt: utcPtr(r.LostAt), Amount: r.Amount, Currency: r.Currency,
	}
}

func cancellationRowOf(c surveys.Cancellation, visit []byte) cancellationRow {
	if c.Segments == nil {
		c.Segments = map[string]string{}
	}
	return cancellationRow{
		WorkspaceID: string(c.WorkspaceID), ID: c.ID, FlowID: idPtr(c.FlowID), Visit: visit, PersonID: idPtr(c.PersonID), Reason: c.Reason, Comment: c.Comment,
		OfferID: c.OfferID, Offer: string(c.Offer), Choice: string(c.Choice), Locale: c.Locale, Segments: c.Segments, Fields: mapOrNone(c.Fields),
		StartedAt: utc(c.StartedAt), ChosenAt: utcPtr(c.ChosenAt), UpdatedAt: utc(c.UpdatedAt), KeptAt: utcPtr(c.KeptAt),
		Lost: string(c.Lost), LostAt: utcPtr(c.LostAt), Amount: c.Amount, Currency: c.Currency,
	}
}

// VisitKey is what is stored of the text by which a browser's way through a flow is
// known again.
func VisitKey(visit string) []byte { return OnceKey("cancellation", visit) }

// BeginCancellation stores a way through a flow, and returns the one that the visit has
// begun before where there is one; it stays locked until the transaction ends.
func (tx *Tx) BeginCancellation(ctx context.Context, c surveys.Cancellation, visit string) (surveys.Cancellation, error) {
	row := cancellationRowOf(c, VisitKey(visit))
	if err := tx.db.WithContext(ctx).Clauses(clause.OnConflict{DoNothing: true}).Create(&row).Error; err != nil {
		return c, known("store the cancellation", err)
	}
	return one(tx.locked(ctx, c.WorkspaceID).Where("flow_id = ? AND visit = ?", c.FlowID, row.Visit), "the cancellation", cancellationRow.domain)
}

// AddCancellation stores that a subscription ended without a flow.
func (tx *Tx) AddCancellation(ctx context.Context, c surveys.Cancellation) error {
	row := cancellationRowOf(c, nil)
	return tx.create(ctx, "the cancellation", &row)
}

// UpdateCancellation stores what changes of a cancellation.
func (tx *Tx) UpdateCancellation(ctx context.Context, c surveys.Cancellation) error {
	row := cancellationRowOf(c, nil)
	return changed("the cancellation", tx.of(ctx, c.WorkspaceID).Model(&cancellationRow{}).Where("id = ?", c.ID).
		Select("person_id", "reason", "comment", "offer_id", "offer", "choice", "locale", "segments", "started_at", "chosen_at", "updated_at", "kept_at", "lost", "lost_at", "amount", "currency", "fields").Updates(&row))
}

// CancellationOfVisit returns a browser's way through a flow.
func (r reads) CancellationOfVisit(ctx context.Context, ws surveys.WorkspaceID, flowID, visit string) (surveys.Cancellation, error) {
	return one(r.of(ctx, ws).Where("flow_id = ? AND visit = ?", flowID, VisitKey(visit)), "the cancellation", cancellationRow.domain)
}

// LockCancellation returns a cancellation, locked until the transaction ends.
func (tx *Tx) LockCancellation(ctx context.Context, ws surveys.WorkspaceID, id string) (surveys.Cancellation, error) {
	return one(tx.locked(ctx, ws).Where("id = ?", id), "the cancellation", cancellationRow.domain)
}

// DeleteCancellation deletes that a subscription ended without a flow.
func (tx *Tx) DeleteCancellation(ctx context.Context, ws surveys.WorkspaceID, id string) error {
	return changed("the cancellation", tx.of(ctx, ws).Where("id = ? AND flow_id IS NULL", id).Delete(&cancellationRow{}))
}

// subscriptionHistory is how many of a person's latest events about subscriptions, and
// cancellations, are looked at: an account that a whole company shares costs no more.
const subscriptionHistory = 500

// LockSubscriptions returns a person's cancellations, locked until the transaction ends,
// and their events about subscriptions, the latest first of both. Where there are very many,
// it is those since a time.
func (tx *Tx) LockSubscriptions(ctx context.Context, ws surveys.WorkspaceID, personID string) ([]surveys.Cancellation, []surveys.Event, error) {
	q := tx.of(ctx, ws).Where("person_id = ? AND type IN ?", personID, surveys.SubscriptionEvents())
	events, err := all(q.Order("occurred_at DESC, id DESC").Limit(subscriptionHistory), "events about subscriptions", eventRow.domain)
	if err != nil {
		return nil, nil, err
	}
	locked := tx.locked(ctx, ws).Where("person_id = ?", personID)
	if len(events) == subscriptionHistory {
		locked = locked.Where("started_at >= ?", utc(events[len(events)-1].OccurredAt))
	}
	list, err := all(locked.Order("started_at DESC, id DESC").Limit(subscriptionHistory), "cancellations", cancellationRow.domain)
	return list, events, err
}

// CancellationFilter says which cancellations are wanted.
type CancellationFilter struct {
	FlowID      string // "" for all, with those that an event alone told of
	From, To    time.Time
	Reason      string // "" for every one
	WithComment bool
	Limit       int // 0 for all
}

// Cancellations lists those that began from one time to before another, the latest first.
func (r reads) Cancellations(ctx context.Context, ws surveys.WorkspaceID, f CancellationFilter) ([]surveys.Cancellation, error) {
	q := r.of(ctx, ws).Where("started_at >= ? AND started_at < ?", utc(f.From), utc(f.To))
	if f.FlowID != "" {
		q = q.Where("flow_id = ?", f.FlowID)
	}
	if f.Reason != "" {
		q = q.Where("reason = ?", f.Reason)
	}
	if f.WithComment {
		q = q.Where("comment <> ''")
	}
	if f.Limit > 0 {
		q = q.Limit(f.Limit)
	}
	return all(q.Order("started_at DESC, id DESC"), "cancellations", cancellationRow.domain)
}

// PersonCancellations lists a person's latest ways through flows, the latest first.
func (r reads) PersonCancellations(ctx context.Context, ws surveys.WorkspaceID, personID string, limit int) ([]surveys.Cancellation, error) {
	q := r.of(ctx, ws).Where("person_id = ? AND flow_id IS NOT NULL", personID).Order("started_at DESC, id DESC").Limit(limit)
	return all(q, "cancellations", cancellationRow.domain)
}

// CountCancellations counts the people whose ways through each flow began from one time to
// before another, by flow; those without a flow are under "". Where nobody knows who it was,
// each way counts.
func (r reads) CountCancellations(ctx context.Context, ws surveys.WorkspaceID, from, to time.Time) (map[string]int64, error) {
	var rows []struct {
		FlowID *string
		N      int64
	}
	err := r.of(ctx, ws).Model(&cancellationRow{}).Select("flow_id, count(DISTINCT COALESCE(person_id, id)) AS n").Where("started_at >= ? AND started_at < ?", utc(from), utc(to)).Group("flow_id").Scan(&rows).Error
	counts := make(map[string]int64, len(rows))
	for _, row := range rows {
		counts[idText(row.FlowID)] = row.N
	}
	return counts, known("count cancellations", err)
}
