package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"time"
)

// How the last requests are waited for when a server stops.
const (
	drainLook   = 5 * time.Millisecond
	drainQuiet  = 4               // looks in a row that must find nothing under way
	drainSilent = 2 * time.Second // how long a connection may be open before it sends its request
	lullQuiet   = 50 * time.Millisecond
	lullMost    = time.Second
)

// drain knows which connections have a request under way. [http.Server]'s own
// Shutdown drops a request that it reads after it began; waiting here first
// answers everything that was accepted.
type drain struct {
	now  func() time.Time
	mu   sync.Mutex
	busy map[net.Conn]time.Time // since when it is open without a request; zero once it has one
	came time.Time              // when the last connection did
}

// observe is the server's ConnState.
func (d *drain) observe(conn net.Conn, state http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch state {
	case http.StateNew:
		d.came = d.now()
		d.busy[conn] = d.came
	case http.StateActive:
		d.busy[conn] = time.Time{}
	default:
		delete(d.busy, conn)
	}
}

// done reports whether no request is under way or about to come.
func (d *drain) done() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, since := range d.busy {
		if since.IsZero() || d.now().Sub(since) < drainSilent {
			return false
		}
	}
	return true
}

// lull returns when nobody has connected for lullQuiet, at the latest after
// lullMost, or when ctx ends.
func (d *drain) lull(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, lullMost)
	defer cancel()
	ticker := time.NewTicker(drainLook)
	defer ticker.Stop()
	for begun := d.now(); d.now().Sub(d.lastCame(begun)) < lullQuiet; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// lastCame is when the last connection came, but not before since.
func (d *drain) lastCame(since time.Time) time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.came.After(since) {
		return d.came
	}
	return since
}

// wait returns when all is done, or when ctx ends.
func (d *drain) wait(ctx context.Context) {
	ticker := time.NewTicker(drainLook)
	defer ticker.Stop()
	for quiet := 0; quiet < drainQuiet; quiet++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if !d.done() {
			quiet = 0
		}
	}
}
