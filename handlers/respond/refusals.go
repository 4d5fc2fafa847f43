package respond

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What is noted of sites that may not show a survey. Anybody can name a site, so of each
// survey few are taken a minute; a site that was noted lately takes none of them.
const (
	refusalsPerMinute = 6
	refusalRest       = 10 * time.Minute
	mostRefusals      = 10_000 // kept in memory, in all
)

// refusals is what was noted lately. It is safe for concurrent use.
type refusals struct {
	mu     sync.Mutex
	noted  map[string]time.Time // by survey and site
	limits map[string]*rate.Limiter
}

// take reports whether a site is to be noted now.
func (r *refusals) take(surveyID, origin string, now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.noted == nil || len(r.noted) >= mostRefusals || len(r.limits) >= mostRefusals {
		r.noted, r.limits = make(map[string]time.Time), make(map[string]*rate.Limiter)
	}
	site := surveyID + " " + origin
	if at, known := r.noted[site]; known && now.Sub(at) < refusalRest {
		return false
	}
	limit := r.limits[surveyID]
	if limit == nil {
		limit = rate.NewLimiter(rate.Limit(refusalsPerMinute)/60, refusalsPerMinute)
		r.limits[surveyID] = limit
	}
	if !limit.AllowN(now, 1) {
		return false
	}
	r.noted[site] = now
	return true
}
