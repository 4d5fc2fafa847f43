package flow

import (
	"context"
	"fmt"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Queue tells how the mails of all workspaces stand.
func (m *Sending) Queue(ctx context.Context) (surveys.MailQueue, error) {
	queue := surveys.MailQueue{Returns: make(map[surveys.BounceClass]int)}
	for _, class := range surveys.BounceClasses() {
		queue.Returns[class] = 0
	}
	workspaces, err := m.Store.Workspaces(ctx)
	if err != nil {
		return queue, err
	}
	now := m.Store.Now()
	for _, w := range workspaces {
		n, oldest, err := m.Store.DueLetters(ctx, w.ID, now)
		if err != nil {
			return queue, fmt.Errorf("count the letters of workspace %s: %w", w.ID, err)
		}
		if queue.Due += n; !oldest.IsZero() {
			queue.Wait = max(queue.Wait, now.Sub(oldest))
		}
		counts, err := m.Store.BounceCounts(ctx, w.ID, now.Add(-24*time.Hour))
		if err != nil {
			return queue, fmt.Errorf("count what came back to workspace %s: %w", w.ID, err)
		}
		for class, n := range counts {
			queue.Returns[class] += int(n)
		}
	}
	return queue, nil
}
