package auth

import (
	"net/netip"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
)

// Ten failed attempts to sign in within fifteen minutes are one too many, for
// an account and for a network address.
const (
	maxTries    = 10
	triesWindow = 15 * time.Minute
	maxTryKeys  = 50_000 // accounts and addresses that are remembered
)

// tries counts failed attempts in this process. Attempts count when they begin
// and are forgiven when they succeed, so that many at once get no free ones.
type tries struct {
	mu   sync.Mutex
	seen map[string]window
}

type window struct {
	since time.Time
	count int
}

func newTries() *tries { return &tries{seen: make(map[string]window)} }

// begin counts an attempt under each key. It is TooMany, with the time to
// wait, when one of them has had its share.
func (t *tries) begin(now time.Time, keys ...string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.seen) > maxTryKeys {
		t.forget(now)
	}
	for _, key := range keys {
		if w := t.seen[key]; w.count >= maxTries && now.Before(w.since.Add(triesWindow)) {
			return &surveys.Error{Kind: surveys.TooMany, Code: "too_many", RetryAfter: w.since.Add(triesWindow).Sub(now)}
		}
	}
	for _, key := range keys {
		w := t.seen[key]
		if !now.Before(w.since.Add(triesWindow)) {
			w = window{since: now}
		}
		w.count++
		t.seen[key] = w
	}
	return nil
}

// forgive takes an attempt back that was right.
func (t *tries) forgive(keys ...string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, key := range keys {
		if w := t.seen[key]; w.count > 0 {
			w.count--
			t.seen[key] = w
		}
	}
}

// forget drops the windows that are over, and all of them when that does not
// help: an attacker with so many addresses must not fill the memory.
func (t *tries) forget(now time.Time) {
	for key, w := range t.seen {
		if !now.Before(w.since.Add(triesWindow)) {
			delete(t.seen, key)
		}
	}
	if len(t.seen) > maxTryKeys {
		clear(t.seen)
	}
}

// network is what of an address one household or office shares: /24 of IPv4,
// /56 of IPv6.
func network(address string) string {
	ip, err := netip.ParseAddr(address)
	if err != nil {
		return address
	}
	bits := 56
	if ip = ip.Unmap(); ip.Is4() {
		bits = 24
	}
	prefix, err := ip.Prefix(bits)
	if err != nil {
		return address
	}
	return prefix.String()
}
