package mailer

import (
	"slices"
	"sync"
	"time"

	"golang.org/x/time/rate"

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

// ownLanes is how many lanes lead to a workspace's own mail server at most: its
// operator has not been asked how many it takes.
const ownLanes = 10

// road is what waits for one mail server, by workspace: they take turns.
type road struct {
	own bool // of a workspace, and not of all that have none

	mu      sync.Mutex // guards what follows
	waiting map[surveys.WorkspaceID]*line
	busy    [groups]int           // lanes with a letter to each group of receivers
	turns   []surveys.WorkspaceID // who waits, the next one first
	n       int
	open    int           // lanes at work
	bucket  *rate.Limiter // of the mail server; nil: it takes any number
	buckets map[surveys.WorkspaceID]*rate.Limiter
	clock   time.Time // of the last look
	slowly  int       // of those that wait, the letters of workspaces with a bucket
}

// soonest is how much of what its bucket lets through a road takes at once: more
// would wait on it while others could leave, and outlast its lease.
const soonest = 10 * time.Second

// bucketOf is a bucket of some letters a second, which lets through a tenth of
// them at once; 0 is none.
func bucketOf(old *rate.Limiter, perSecond int) *rate.Limiter {
	if perSecond <= 0 {
		return nil
	}
	if old != nil && old.Limit() == rate.Limit(perSecond) {
		return old
	}
	return rate.NewLimiter(rate.Limit(perSecond), max(1, perSecond/10))
}

// slow says how many letters a second may leave: all that go to the server of
// others, and those of a workspace. 0 is any number.
func (r *road) slow(perSecond int, ws surveys.WorkspaceID, own int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.own {
		r.bucket = bucketOf(r.bucket, perSecond)
	}
	old := r.buckets[ws]
	bucket := bucketOf(old, own)
	switch {
	case bucket == old:
		return
	case bucket == nil:
		delete(r.buckets, ws)
		r.slowly -= r.waiting[ws].len()
		return
	case r.buckets == nil:
		r.buckets = make(map[surveys.WorkspaceID]*rate.Limiter)
	}
	if r.buckets[ws] = bucket; old == nil {
		r.slowly += r.waiting[ws].len()
	}
}

// atOnce is how many letters a bucket lets through soon, limit at most.
func atOnce(bucket *rate.Limiter, limit int) int {
	if bucket == nil {
		return limit
	}
	return min(limit, int(float64(bucket.Limit())*soonest.Seconds()))
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
		found = &road{own: own, waiting: make(map[surveys.WorkspaceID]*line)}
		r.list[ws] = found
	}
	return found
}

// put lets a letter wait for a lane of its road.
func (r *roads) put(next ready) {
	to := r.to(next.batch.workspace.ID, next.batch.leaves.Own)
	lanes := r.lanes
	if to.own {
		lanes = min(lanes, ownLanes)
	}
	if to.put(next, lanes) {
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
	ws, group := next.batch.workspace.ID, groupOf(next)
	if r.waiting[ws] == nil {
		r.waiting[ws], r.turns = new(line), append(r.turns, ws)
	}
	r.waiting[ws].put(group, next)
	r.n++
	if r.buckets[ws] != nil {
		r.slowly++
	}
	if r.open >= lanes || r.full(group) {
		return false
	}
	r.open++
	return true
}

// take returns the next letter, of another workspace each time as long as several
// have some. Where only letters wait that are not to leave yet, wait is for how
// long; where all lanes are busy that their receivers get, it is zero, and those
// lanes will take them. Who took a letter says so to landed.
func (r *road) take(now time.Time) (next ready, found bool, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.n == 0 {
		return ready{}, false, 0
	}
	r.follow(now)
	if wait = until(r.bucket, now); wait > 0 {
		return ready{}, false, wait
	}
	at, group := -1, 0
	for n, ws := range r.turns {
		free := r.waiting[ws].next(r.full)
		if free < 0 {
			continue
		}
		own := until(r.buckets[ws], now)
		if own == 0 {
			at, group = n, free
			break
		}
		if wait == 0 || own < wait {
			wait = own
		}
	}
	if at < 0 {
		return ready{}, false, wait
	}
	return r.pull(at, group, now), true, 0
}

// follow has the buckets begin anew when the clock was set back: they would let
// nothing through until it had caught up. Lanes look at it in any order, hence the
// second. The caller holds the lock.
func (r *road) follow(now time.Time) {
	if now.Before(r.clock.Add(-time.Second)) {
		if r.bucket != nil {
			r.bucket = bucketOf(nil, int(r.bucket.Limit()))
		}
		for ws, bucket := range r.buckets {
			r.buckets[ws] = bucketOf(nil, int(bucket.Limit()))
		}
	}
	r.clock = now
}

// until is how long a bucket has nothing yet.
func until(bucket *rate.Limiter, now time.Time) time.Duration {
	if bucket == nil {
		return 0
	}
	if missing := 1 - bucket.TokensAt(now); missing > 0 {
		return time.Duration(missing/float64(bucket.Limit())*float64(time.Second)) + 1
	}
	return 0
}

// pull takes the next letter to a group of receivers of the workspace with the
// given turn. The caller holds the lock.
func (r *road) pull(at, group int, now time.Time) ready {
	ws := r.turns[at]
	for _, bucket := range []*rate.Limiter{r.bucket, r.buckets[ws]} {
		if bucket != nil {
			bucket.AllowN(now, 1)
		}
	}
	next := r.waiting[ws].pull(group)
	r.busy[group]++
	r.n--
	if r.buckets[ws] != nil {
		r.slowly--
	}
	if r.turns = slices.Delete(r.turns, at, at+1); r.waiting[ws].n > 0 {
		r.turns = append(r.turns, ws)
	} else {
		delete(r.waiting, ws)
	}
	return next
}

// landed says that a letter which was taken is no longer on its way.
func (r *road) landed(l ready) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy[groupOf(l)]--
}

// full reports whether as many lanes are busy with letters to a group of receivers
// as it gets. The caller holds the lock.
func (r *road) full(group int) bool {
	lanes := surveys.Receivers()[group].UsualLanes()
	return lanes > 0 && r.busy[group] >= lanes
}

// leave ends a lane, unless a letter came in the meantime.
func (r *road) leave() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, waiting := range r.waiting {
		if waiting.next(r.full) >= 0 {
			return false
		}
	}
	r.open-- // what is left waits for lanes that are busy with such letters
	return true
}

// slows reports whether the letters of a workspace leave no faster than a bucket lets
// them.
func (r *road) slows(ws surveys.WorkspaceID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bucket != nil || r.buckets[ws] != nil
}

// room is how many letters of a workspace should be claimed for a road where at
// most limit wait. Those that leave slowly have a place of their own: they are
// few, and take nobody else's.
func (r *road) room(ws surveys.WorkspaceID, limit int) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	limit = atOnce(r.bucket, limit)
	if bucket := r.buckets[ws]; bucket != nil {
		limit = atOnce(bucket, limit)
		if room := limit - r.waiting[ws].len(); room > limit/2 {
			return room
		}
		return 0 // a batch for each letter that leaves would be work for nothing
	}
	if r.n-r.slowly >= limit {
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

// longestWait is how long a lane waits for a bucket before it looks again: what
// has come meanwhile need not wait.
const longestWait = 100 * time.Millisecond

// linger lets a lane wait for a bucket.
func (p *pass) linger(wait time.Duration) {
	timer := time.NewTimer(min(wait, longestWait))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-p.ctx.Done():
	}
}

// emptied gives back all that waits on a road where nothing leaves any more.
func (p *pass) emptied(of *road) {
	var steps []step
	for _, next := range of.empty() {
		steps = append(steps, next.giveBack())
	}
	p.keep(steps)
}

// empty takes all that waits, whatever its buckets say.
func (r *road) empty() (all []ready) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, ws := range r.turns {
		all = append(all, r.waiting[ws].all()...)
	}
	clear(r.waiting)
	r.turns, r.n, r.slowly = nil, 0, 0
	return all
}
