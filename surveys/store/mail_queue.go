package store

import (
	"context"
	"time"

	"github.com/harkhq/hark/surveys"
)

// mostDue bounds how many letters are counted for who watches the queue: a
// million would be gone through each time.
const mostDue = 100_000

// DueLetters counts a workspace's letters whose time has come and that have not left,
// up to 100,000, and tells since when the first of those waits that nobody has claimed;
// zero without any.
func (r reads) DueLetters(ctx context.Context, ws surveys.WorkspaceID, now time.Time) (n int, oldest time.Time, err error) {
	var count int64
	some := r.of(ctx, ws).Model(&invitationRow{}).Select("id").Where("due_at <= ?", utc(now)).Limit(mostDue)
	if err := r.db.WithContext(ctx).Table("(?) AS due", some).Count(&count).Error; err != nil {
		return 0, oldest, known("count due letters", err)
	}
	first, err := all(r.due(ctx, ws, now).Limit(1), "due letters", invitationRow.domain)
	for _, i := range first {
		oldest = i.SendAt
	}
	return int(count), oldest, err
}
