package mailer

import (
	"strings"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
)

// A stream is a workspace's mail to one group of receivers. One that is refused
// too often, or because our own signature or policy is wrong, rests: to go on
// would cost the sender's name, and each letter of the stream.

// Bounds of a stream.
const (
	recentLetters = 200       // the last ones that count
	maxRefusals   = 10        // of them, 5 %
	streamRest    = time.Hour // after which the stream is tried again
)

// stream names a workspace's mail to a group of receivers.
type stream struct {
	workspace surveys.WorkspaceID
	receiver  string
}

// receiverOf is the group whose mail servers take an address: they judge a sender
// together. All others are one more group.
func receiverOf(address string) string {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	name, _, _ := strings.Cut(domain, ".")
	switch name {
	case "gmail", "googlemail":
		return "gmail"
	case "outlook", "hotmail", "live", "msn":
		return "microsoft"
	case "yahoo", "ymail", "aol":
		return "yahoo"
	}
	return "" // all others
}

// breaker lets streams rest. The zero value is ready to use, from several
// goroutines. Each process has its own.
type breaker struct {
	mu      sync.Mutex
	streams map[stream]*health
}

// health is how a stream fares.
type health struct {
	recent   [recentLetters]bool // refused for good
	at       int
	refusals int
	rests    time.Time // until when
	why      string    // the server's words
}

// note takes what came of a letter, and reports whether its stream rests from
// now on.
func (b *breaker) note(s stream, result Result, now time.Time) (rests bool) {
	if result.Outcome != Sent && result.Outcome != Permanent && !result.Policy {
		return false
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.streams[s]
	if h == nil {
		h = new(health)
		if b.streams == nil {
			b.streams = make(map[stream]*health)
		}
		b.streams[s] = h
	}
	if h.recent[h.at] {
		h.refusals--
	}
	if h.recent[h.at] = result.Outcome == Permanent; h.recent[h.at] {
		h.refusals++
	}
	h.at = (h.at + 1) % recentLetters
	if !result.Policy && h.refusals <= maxRefusals || now.Before(h.rests) {
		return false
	}
	*h = health{rests: now.Add(streamRest), why: result.Problem}
	return true
}

// resting is until when a stream rests and why; zero when it does not.
func (b *breaker) resting(s stream, now time.Time) (until time.Time, why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if h := b.streams[s]; h != nil && now.Before(h.rests) {
		return h.rests, h.why
	}
	return time.Time{}, ""
}
