package mailer

import (
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
)

// roads lead to the mail servers. Each server has one of its own, so that one
// that is slow, or does not answer at all, holds up only the letters that go
// there.
type roads struct {
	lanes   int         // of each road, at most
	lane    func(*road) // takes letters from a road until there are none
	running sync.WaitGroup
	freed   chan struct{} // told when a letter left a road; never waits

	mu   sync.Mutex // guards what follows
	list map[surveys.WorkspaceID]*road
}

// road is what waits for one mail server, by workspace: they take turns.
type road struct {
	own bool // of a workspace, and not of all that have none

	mu      sync.Mutex // guards what follows
	waiting map[surveys.WorkspaceID][]ready
	turns   []surveys.WorkspaceID // who waits, the next one first
	n       int
	open    int // lanes at work
}

func newRoads(lanes int) *roads {
	return &roads{lanes: lanes, freed: make(chan struct{}, 1), list: make(map[surveys.WorkspaceID]*road)}
}

// to is the road of a workspace's letters: its own, or the one that it shares.
func (r *roads) to(ws surveys.WorkspaceID, own bool) *road {
	if !own {
		ws = ""
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	found := r.list[ws]
	if found == nil {
		found = &road{own: own, waiting: make(map[surveys.WorkspaceID][]ready)}
		r.list[ws] = found
	}
	return found
}

// put lets a letter wait for a lane of its road.
func (r *roads) put(next ready) {
	to := r.to(next.batch.workspace.ID, next.batch.leaves.Own)
	if to.put(next, r.lanes) {
		r.running.Go(func() { r.lane(to) })
	}
}

// wait returns when all that waited is delivered.
func (r *roads) wait() { r.running.Wait() }

// left says that a letter left a road.
func (r *roads) left() {
	select {
	case r.freed <- struct{}{}:
	default:
	}
}

// put lets a letter wait, and reports whether another lane should take it.
func (r *road) put(next ready, lanes int) (another bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	ws := next.batch.workspace.ID
	if len(r.waiting[ws]) == 0 {
		r.turns = append(r.turns, ws)
	}
	r.waiting[ws] = append(r.waiting[ws], next)
	r.n++
	if r.open >= lanes {
		return false
	}
	r.open++
	return true
}

// take returns the next letter, of another workspace each time as long as
// several have some.
func (r *road) take() (next ready, found bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n == 0 {
		return ready{}, false
	}
	ws := r.turns[0]
	list := r.waiting[ws]
	next, list[0] = list[0], ready{} // so that its bytes can go
	r.n--
	if r.turns = r.turns[1:]; len(list) > 1 {
		r.waiting[ws], r.turns = list[1:], append(r.turns, ws)
	} else {
		delete(r.waiting, ws)
	}
	return next, true
}

// leave ends a lane, unless a letter came in the meantime.
func (r *road) leave() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n > 0 {
		return false
	}
	r.open--
	return true
}

// room is how many letters of a workspace should be claimed for a road where at
// most limit wait.
func (r *road) room(limit int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n >= limit {
		return 0
	}
	return limit
}

// await waits until a letter leaves a road, or until it is time to look who
// else has something due. It reports whether there is time left.
func (p *pass) await(over <-chan time.Time) bool {
	select {
	case <-p.roads.freed:
		return true
	case <-over:
	case <-p.wake:
	case <-p.ctx.Done():
	}
	return false
}
