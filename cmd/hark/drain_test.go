package main

import (
	"context"
	"net"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// waited is how long a wait of a drain takes, on the bubble's clock.
func waited(wait func(context.Context)) time.Duration {
	begun := time.Now()
	wait(context.Background())
	return time.Since(begun)
}

func TestDrainWaitsForALull(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name     string
		every    time.Duration // a connection comes so often
		times    int
		from, to time.Duration
	}{
		{"nobody comes", 0, 0, lullQuiet, lullQuiet + drainLook},
		{"a few come", 30 * time.Millisecond, 5, 5*30*time.Millisecond + lullQuiet, 5*30*time.Millisecond + lullQuiet + drainLook},
		{"there is no end of them", 10 * time.Millisecond, 500, lullMost, lullMost},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := &drain{now: time.Now, busy: make(map[net.Conn]time.Time)}
				var clients sync.WaitGroup
				clients.Go(func() {
					for range test.times {
						time.Sleep(test.every)
						d.observe(new(net.TCPConn), http.StateNew)
					}
				})
				if took := waited(d.lull); took < test.from || took > test.to {
					t.Errorf("the lull came after %s, want %s to %s", took, test.from, test.to)
				}
				clients.Wait()
			})
		})
	}
}

// TestDrainWaitsForRequests: for one under way until it is done, for a
// connection that has sent none for as long as it may be silent.
func TestDrainWaitsForRequests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &drain{now: time.Now, busy: make(map[net.Conn]time.Time)}
		working, silent := new(net.TCPConn), new(net.TCPConn)
		d.observe(working, http.StateNew)
		d.observe(working, http.StateActive)
		go func() {
			time.Sleep(time.Minute)
			d.observe(silent, http.StateNew)
			d.observe(working, http.StateClosed)
		}()
		least := time.Minute + drainSilent
		if took := waited(d.wait); took < least || took > least+2*drainQuiet*drainLook {
			t.Errorf("waited %s, want about %s", took, least)
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		d.observe(working, http.StateActive)
		if took := waited(func(context.Context) { d.wait(ctx) }); took != time.Second {
			t.Errorf("waited %s for what never ends, want a second", took)
		}
	})
}
