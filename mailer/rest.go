package mailer

import (
	"context"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Bounds of how long a workspace's letters rest while its own mail server cannot
// be used, or its sender is refused.
const (
	firstRest = 15 * time.Second
	lastRest  = 15 * time.Minute
)

// rests remembers whose letters rest. A mail server of a workspace's own that is
// out of order concerns nobody else, and neither does a sender that is refused.
type rests struct {
	mu   sync.Mutex
	list map[surveys.WorkspaceID]rest
}

type rest struct {
	until time.Time
	pause time.Duration
}

// begin lets a workspace rest, longer each time, and reports whether that is news.
func (r *rests) begin(ws surveys.WorkspaceID, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	old, known := r.list[ws]
	if known && now.Before(old.until) {
		return false // another lane was first
	}
	if r.list == nil {
		r.list = make(map[surveys.WorkspaceID]rest)
	}
	pause := min(max(2*old.pause, firstRest), lastRest)
	r.list[ws] = rest{until: now.Add(pause), pause: pause}
	return !known
}

// now reports whether a workspace rests.
func (r *rests) now(ws surveys.WorkspaceID, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.list[ws].until)
}

// end is told that a workspace's letters are taken.
func (r *rests) end(ws surveys.WorkspaceID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.list, ws)
}

// way is how a workspace's letters leave in this batch; ok is false when they
// wait: nothing takes them, its mail server rests, or what is sealed of it cannot
// be opened.
func (p *pass) way(ctx context.Context, ws surveys.WorkspaceID) (way Way, ok bool, err error) {
	if p.rests.now(ws, p.Store.Now()) {
		return Way{}, false, nil
	}
	if p.Senders == nil {
		return Way{Transport: p.Transport}, true, nil
	}
	way, err = p.Senders.Way(ctx, ws)
	if surveys.KindOf(err) == surveys.Unavailable {
		if p.rests.begin(ws, p.Store.Now()) {
			p.Log.ErrorContext(ctx, "mail: a workspace's sender cannot be used; its letters wait", "workspace", ws, "error", err)
		}
		return Way{}, false, nil
	}
	return way, err == nil && way.Transport != nil, err
}

// broken notes an outage: of the workspace's own mail server, of the one that all
// others share, or that a server takes nothing of this workspace's sender. Whoever
// has a sender that is refused waits alone.
func (b *batch) broken(result Result) {
	news := "mail: a workspace's mail server cannot be used; its letters wait"
	switch {
	case result.Barred:
		news = "mail: a workspace's sender, account or set-up is refused; its letters wait"
	case !b.leaves.Own:
		if !b.outage.Swap(true) {
			b.Log.ErrorContext(b.ctx, "mail: the mail server cannot be used; nothing is sent until it can", "problem", result.Problem)
		}
		return
	}
	if b.rests.begin(b.workspace.ID, b.Store.Now()) {
		b.Log.ErrorContext(b.ctx, news, "workspace", b.workspace.ID, "problem", nobody(result.Problem))
	}
}
