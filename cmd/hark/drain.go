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
)

// drain knows which connections have a request under way. [http.Server]'s own
// Shutdown drops a request that it reads after it began; waiting here first
// answers everything that was accepted.
type drain struct {
	now  func() time.Time
	mu   sync.Mutex
	busy map[net.Conn]time.Time // since when it is open without a request; zero once it has one
}

// observe is the server's ConnState.
func (d *drain) observe(conn net.Conn, state http.ConnState) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch state {
	case http.StateNew:
		d.busy[conn] = d.now()
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
