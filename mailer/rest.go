package mailer

import (
	"context"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Bounds of how long letters rest while a mail server cannot be used, or a sender
// is refused. One that gives no answer is looked at each minute; one that refused
// to sign in, or a sender, should not be asked as often, or it bans who asks.
const (
	firstRest  = 15 * time.Second
	silentRest = time.Minute
	lastRest   = 15 * time.Minute
)

// shared stands for the mail server of all workspaces that have none of their own.
const shared surveys.WorkspaceID = ""

// rests remembers whose letters rest: all that go to the server that workspaces
// share, or a workspace's own. A mail server of its own that is out of order
// concerns nobody else, and neither does a sender that is refused. When a rest is
// over, one letter tries whether all is well, and the others wait for it.
type rests struct {
	mu   sync.Mutex
	list map[surveys.WorkspaceID]rest
}

type rest struct {
	until time.Time
	pause time.Duration
	tried bool // a letter is on its way that will tell
}

// begin begins a rest, longer each time up to the longest, and reports whether that
// is news.
func (r *rests) begin(of surveys.WorkspaceID, now time.Time, longest time.Duration) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	old, known := r.list[of]
	if known && now.Before(old.until) {
		return false // another lane was first
	}
	if r.list == nil {
		r.list = make(map[surveys.WorkspaceID]rest)
	}
	pause := min(max(2*old.pause, firstRest), longest)
	r.list[of] = rest{until: now.Add(pause), pause: pause}
	return !known
}

// now reports whether letters rest.
func (r *rests) now(of surveys.WorkspaceID, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return now.Before(r.list[of].until)
}

// waits reports whether letters wait for the one that is tried.
func (r *rests) waits(of surveys.WorkspaceID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.list[of].tried
}

// over reports whether there was a rest, since which nothing was tried.
func (r *rests) over(of surveys.WorkspaceID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, known := r.list[of]
	return known
}

// enter reports whether a letter may leave, and whether it is the one that tells if
// all is well: then leave has to be called.
func (r *rests) enter(of surveys.WorkspaceID, now time.Time) (may, first bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	old, known := r.list[of]
	if !known {
		return true, false
	}
	if now.Before(old.until) || old.tried {
		return false, false
	}
	old.tried = true
	r.list[of] = old
	return true, true
}

// leave is told that the letter which was tried is not on its way any more.
func (r *rests) leave(of surveys.WorkspaceID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if old, known := r.list[of]; known {
		old.tried = false
		r.list[of] = old
	}
}

// end is told that letters are taken.
func (r *rests) end(of surveys.WorkspaceID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.list, of)
}

// restsOf are the rests that concern a workspace's letters on a road.
func restsOf(ws surveys.WorkspaceID, r *road) []surveys.WorkspaceID {
	if r.own {
		return []surveys.WorkspaceID{ws}
	}
	return []surveys.WorkspaceID{shared, ws}
}

// trying reports whether a workspace's letters wait for one that is tried, and
// whether one should be.
func (p *pass) trying(ws surveys.WorkspaceID, r *road) (waits, should bool) {
	for _, of := range restsOf(ws, r) {
		waits, should = waits || p.rests.waits(of), should || p.rests.over(of)
	}
	return waits, should
}

// enter reports whether a letter may leave. Whoever it lets go calls left.
func (p *pass) enter(ready ready) (left func(), may bool) {
	var first []surveys.WorkspaceID
	left = func() {
		for _, of := range first {
			p.rests.leave(of)
			p.roads.left() // others may have waited for it
		}
	}
	for _, of := range restsOf(ready.batch.workspace.ID, ready.batch.road) {
		may, told := p.rests.enter(of, p.Store.Now())
		if !may {
			left()
			return nil, false
		}
		if told {
			first = append(first, of)
		}
	}
	return left, true
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
		if p.rests.begin(ws, p.Store.Now(), lastRest) {
			p.Log.ErrorContext(ctx, "mail: a workspace's sender cannot be used; its letters wait", "workspace", ws, "error", err)
		}
		return Way{}, false, nil
	}
	return way, err == nil && way.Transport != nil, err
}

// settled notes what a result says of the mail server and of the sender. An outage
// is that of the workspace's own server, or of the one that all others share;
// whoever has a sender that is refused waits alone.
func (b *batch) settled(result Result) {
	ws, now := b.workspace.ID, b.Store.Now()
	switch {
	case result.Barred:
		b.rests.end(shared) // it answers
		if b.rests.begin(ws, now, lastRest) {
			b.Log.ErrorContext(b.ctx, "mail: a workspace's sender, account or set-up is refused; its letters wait", "workspace", ws, "problem", nobody(result.Problem))
		}
	case result.Outcome == Outage && b.leaves.Own:
		if b.rests.begin(ws, now, lastRest) {
			b.Log.ErrorContext(b.ctx, "mail: a workspace's mail server cannot be used; its letters wait", "workspace", ws, "problem", nobody(result.Problem))
		}
	case result.Outcome == Outage:
		longest := silentRest
		if result.Refused {
			longest = lastRest
		}
		if b.rests.begin(shared, now, longest) {
			b.Log.ErrorContext(b.ctx, "mail: the mail server cannot be used; nothing is sent until it can", "problem", nobody(result.Problem))
		}
	case b.leaves.Own || result.Outcome == Sent:
		b.rests.end(ws)
		fallthrough
	default:
		if !b.leaves.Own {
			b.rests.end(shared)
		}
	}
}
