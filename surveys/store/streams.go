package store

import (
	"cmp"
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"github.com/harkhq/hark/surveys"
)

type streamRow struct {
	WorkspaceID      string `gorm:"primaryKey"`
	Receiver         string `gorm:"primaryKey"`
	Cause            string
	Why              string
	Since            time.Time
	Until            *time.Time
	Rate             float64
	Times            int
	ResumedAt        *time.Time
	BeforeSent       int
	BeforeBounced    int
	BeforeComplaints int
	UpdatedAt        time.Time `gorm:"autoUpdateTime:false"`
}

func (streamRow) TableName() string { return "streams" }

func (r streamRow) domain() surveys.Stream {
	return surveys.Stream{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), Receiver: surveys.Receiver(r.Receiver), Cause: surveys.StreamCause(r.Cause), Why: r.Why,
		Since: r.Since.UTC(), Until: utcPtr(r.Until), Rate: r.Rate, Times: r.Times, ResumedAt: utcPtr(r.ResumedAt),
		Before: surveys.StreamSum{Sent: r.BeforeSent, Bounced: r.BeforeBounced, Complaints: r.BeforeComplaints}, UpdatedAt: r.UpdatedAt.UTC(),
	}
}

// Streams lists what is known of a workspace's streams beside that they flow.
func (r reads) Streams(ctx context.Context, ws surveys.WorkspaceID) ([]surveys.Stream, error) {
	return all(r.of(ctx, ws).Order("receiver"), "streams", streamRow.domain)
}

// LockStream returns a stream, which stays as it is until the transaction ends.
// One of which nothing is known flows.
func (tx *Tx) LockStream(ctx context.Context, ws surveys.WorkspaceID, receiver surveys.Receiver) (surveys.Stream, error) {
	s, err := one(tx.locked(ctx, ws).Where("receiver = ?", string(receiver)), "the stream", streamRow.domain)
	if surveys.KindOf(err) == surveys.NotFound {
		return surveys.Stream{WorkspaceID: ws, Receiver: receiver}, nil
	}
	return s, err
}

// SaveStream stores how a stream fares. Of one that flows nothing is kept, unless a
// person had to say so.
func (tx *Tx) SaveStream(ctx context.Context, s surveys.Stream) error {
	if s.Cause == "" && s.ResumedAt == nil {
		return known("forget the stream", tx.of(ctx, s.WorkspaceID).Where("receiver = ?", string(s.Receiver)).Delete(&streamRow{}).Error)
	}
	row := streamRow{
		WorkspaceID: string(s.WorkspaceID), Receiver: string(s.Receiver), Cause: string(s.Cause), Why: s.Why, Since: utc(s.Since), Until: utcPtr(s.Until),
		Rate: s.Rate, Times: s.Times, ResumedAt: utcPtr(s.ResumedAt), BeforeSent: s.Before.Sent, BeforeBounced: s.Before.Bounced, BeforeComplaints: s.Before.Complaints, UpdatedAt: utc(s.UpdatedAt),
	}
	return known("store the stream", tx.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "workspace_id"}, {Name: "receiver"}},
		DoUpdates: clause.AssignmentColumns([]string{"cause", "why", "since", "until", "rate", "times", "resumed_at", "before_sent", "before_bounced", "before_complaints", "updated_at"}),
	}).Create(&row).Error)
}

type streamDayRow struct {
	WorkspaceID string `gorm:"primaryKey"`
	Receiver    string `gorm:"primaryKey"`
	Day         int    `gorm:"primaryKey"`
	Tried       int
	Sent        int
	Refused     int
	Bounced     int
	Complaints  int
}

func (streamDayRow) TableName() string { return "stream_days" }

func (r streamDayRow) domain() surveys.StreamDay {
	return surveys.StreamDay{
		WorkspaceID: surveys.WorkspaceID(r.WorkspaceID), Receiver: surveys.Receiver(r.Receiver), Day: r.Day,
		StreamSum: surveys.StreamSum{Tried: r.Tried, Sent: r.Sent, Refused: r.Refused, Bounced: r.Bounced, Complaints: r.Complaints},
	}
}

// StreamDays lists what became of the letters of a workspace's streams from a day
// on.
func (r reads) StreamDays(ctx context.Context, ws surveys.WorkspaceID, from int) ([]surveys.StreamDay, error) {
	return all(r.of(ctx, ws).Where("day >= ?", from).Order("receiver, day"), "days of streams", streamDayRow.domain)
}

// keptStreamDays is how long days of streams are kept: longer than a warming-up.
const keptStreamDays = 60

// AddStreamDays adds to what became of the letters of a workspace's streams. Days
// that nothing looks at any more go.
func (tx *Tx) AddStreamDays(ctx context.Context, ws surveys.WorkspaceID, days []surveys.StreamDay) error {
	if len(days) == 0 {
		return nil
	}
	rows, first := make([]streamDayRow, len(days)), days[0].Day
	for n, d := range days {
		rows[n] = streamDayRow{string(ws), string(d.Receiver), d.Day, d.Tried, d.Sent, d.Refused, d.Bounced, d.Complaints}
		first = min(first, d.Day)
	}
	slices.SortFunc(rows, func(a, b streamDayRow) int { // the one order of all processes
		return cmp.Or(cmp.Compare(a.Receiver, b.Receiver), cmp.Compare(a.Day, b.Day))
	})
	sums := make(map[string]any)
	for _, column := range []string{"tried", "sent", "refused", "bounced", "complaints"} {
		sums[column] = gorm.Expr("stream_days." + column + " + excluded." + column)
	}
	if err := tx.db.WithContext(ctx).Clauses(clause.OnConflict{
		Columns:   []clause.Column{{Name: "workspace_id"}, {Name: "receiver"}, {Name: "day"}},
		DoUpdates: clause.Assignments(sums),
	}).Create(&rows).Error; err != nil {
		return known("count the letters of streams", err)
	}
	return known("forget old days of streams", tx.of(ctx, ws).Where("day < ?", first-keptStreamDays).Delete(&streamDayRow{}).Error)
}

// GiveOut takes up to n letters out of a stream's day on which limit may be tried,
// and returns how many it got. What is not tried is given back by
// [Tx.AddStreamDays].
func (tx *Tx) GiveOut(ctx context.Context, day surveys.StreamDay, n, limit int) (int, error) {
	if err := tx.AddStreamDays(ctx, day.WorkspaceID, []surveys.StreamDay{{Receiver: day.Receiver, Day: day.Day}}); err != nil {
		return 0, err
	}
	// The row is locked since: it was written.
	there, err := one(tx.of(ctx, day.WorkspaceID).Where("receiver = ? AND day = ?", string(day.Receiver), day.Day), "the day of a stream", streamDayRow.domain)
	if err != nil {
		return 0, err
	}
	got := min(n, max(0, limit-there.Tried))
	return got, tx.AddStreamDays(ctx, day.WorkspaceID, []surveys.StreamDay{{Receiver: day.Receiver, Day: day.Day, StreamSum: surveys.StreamSum{Tried: got}}})
}
