package mailer

import (
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/harkhq/hark/surveys"
)

// stream names a workspace's mail to a group of receivers, or to one domain
// among those that are in no group: what one of them says is no reason to hold
// back the mail to all the others.
type stream struct {
	workspace surveys.WorkspaceID
	receiver  surveys.Receiver
}

// streamsOf are those that a letter to an address belongs to, its group first.
func streamsOf(ws surveys.WorkspaceID, address string) []stream {
	group := surveys.ReceiverOf(address)
	list := []stream{{ws, group}}
	if _, domain, found := strings.Cut(strings.ToLower(address), "@"); found && group == surveys.Others && strings.Contains(domain, ".") {
		list = append(list, stream{ws, surveys.Receiver(domain)})
	}
	return list
}

// breaker lets streams rest. What it knows of them is stored, so that all
// processes obey it and a restart does not forget it; the letters that it judges
// by are those of its own process. The zero value is ready to use, from several
// goroutines.
type breaker struct {
	mu      sync.Mutex
	streams map[stream]*health
	judged  map[surveys.WorkspaceID]time.Time // when it was last looked at what came back
	stopped map[surveys.WorkspaceID]time.Time // since when nothing leaves, as far as the log knows
}

// judges reports whether it is time to look at what came back to a workspace, and
// takes note that it is done.
func (b *breaker) judges(ws surveys.WorkspaceID, now time.Time, every time.Duration) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if last, known := b.judged[ws]; known && now.Sub(last) < every {
		return false
	}
	if b.judged == nil {
		b.judged = make(map[surveys.WorkspaceID]time.Time)
	}
	b.judged[ws] = now
	return true
}

// stops takes note of since when a workspace's mail is stopped, and reports whether
// that is news.
func (b *breaker) stops(ws surveys.WorkspaceID, since time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if last, known := b.stopped[ws]; known && last.Equal(since) {
		return false
	}
	if b.stopped == nil {
		b.stopped = make(map[surveys.WorkspaceID]time.Time)
	}
	b.stopped[ws] = since
	return true
}

// health is how a stream fares.
type health struct {
	recent   [surveys.RecentLetters]bool // refused for good
	at       int
	refusals int
	known    surveys.Stream // as it is stored

	counting time.Time // since when sent is counted
	sent     int
	places   time.Time // up to when the letters of a slow stream have places
	probe    string    // the address of a letter that tells whether a rest can end
	probing  time.Time // until when the others wait for it
	overDay  int       // the day of a warming-up that over is of
	over     int       // letters that did not find room on it
}

// of is how a stream fares. The caller holds the lock.
func (b *breaker) of(s stream) *health {
	h := b.streams[s]
	if h == nil {
		h = &health{known: surveys.Stream{WorkspaceID: s.workspace, Receiver: s.receiver}}
		if b.streams == nil {
			b.streams = make(map[stream]*health)
		}
		b.streams[s] = h
	}
	return h
}

// learn takes over what is stored of a workspace's streams.
func (b *breaker) learn(ws surveys.WorkspaceID, stored []surveys.Stream) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for s, h := range b.streams {
		if s.workspace == ws && h.known.Cause != "" {
			h.known = surveys.Stream{WorkspaceID: ws, Receiver: s.receiver}
		}
	}
	for _, s := range stored {
		b.of(stream{ws, s.Receiver}).known = s
	}
}

// note takes what came of a letter to an address. It returns a stream that is to
// be stored, since it rests from now on or flows again.
func (b *breaker) note(ws surveys.WorkspaceID, address string, result Result, now time.Time) (changed surveys.Stream, news bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	streams := streamsOf(ws, address)
	group, last := b.of(streams[0]), b.of(streams[len(streams)-1])
	probed := last.told(address)
	probed = group.told(address) || probed // of both
	if result.Outcome == Sent || result.Outcome == Permanent {
		last.count(result.Outcome == Permanent, now)
		if group != last && (result.Outcome == Sent || last.refusals <= fewOfOne) {
			group.count(result.Outcome == Permanent, now)
		}
	}
	switch {
	case group.known.Rests(now) || last.known.Rests(now):
		return surveys.Stream{}, false
	case result.Policy:
		return last.rest(surveys.StreamPolicy, result, now), true
	case result.Busy:
		return last.rest(surveys.StreamBusy, result, now), true
	case last.refusals > surveys.MaxRefusals, probed && result.Outcome == Permanent && last.known.Cause != "":
		return last.rest(surveys.StreamRefused, result, now), true
	case group.refusals > surveys.MaxRefusals, probed && result.Outcome == Permanent:
		return group.rest(surveys.StreamRefused, result, now), true
	case result.Outcome != Sent:
		return surveys.Stream{}, false
	}
	for _, h := range []*health{group, last} {
		if _, slow := h.known.Pace(now); h.known.Cause != "" && !slow {
			h.known = h.known.Flow(now)
			return h.known, true
		}
	}
	return surveys.Stream{}, false
}

// fewOfOne is how many refusals of one domain count for all that are in no group:
// a firm that closed says nothing about the others.
const fewOfOne = 3

// probeWait is how long letters wait for the one that tells whether a rest can end,
// before they look again.
const probeWait = time.Minute

// probes reports whether a letter to an address may leave after a rest: one tells
// whether the stream flows again, and the others wait. A letter that is not on its
// way by until makes room for another.
func (h *health) probes(address string, now, until time.Time) bool {
	if h.known.Cause == "" || h.known.Cause == surveys.StreamBusy || h.known.Rests(now) {
		return true // it flows, or gets a few at a time
	}
	if h.probe != address && now.Before(h.probing) {
		return false
	}
	h.probe, h.probing = address, until
	return true
}

// told takes note of what came of a letter, and reports whether it was the one that
// tells.
func (h *health) told(address string) bool {
	if h.probe == "" || h.probe != address {
		return false
	}
	h.probe, h.probing = "", time.Time{}
	return true
}

// count counts a letter that was taken, or refused for good.
func (h *health) count(refused bool, now time.Time) {
	if h.recent[h.at] {
		h.refusals--
	}
	if h.recent[h.at] = refused; refused {
		h.refusals++
	}
	h.at = (h.at + 1) % surveys.RecentLetters
	if h.counting.IsZero() || now.Sub(h.counting) > time.Minute {
		h.counting, h.sent = now, 0
	}
	h.sent++
}

// rest begins a rest.
func (h *health) rest(cause surveys.StreamCause, result Result, now time.Time) surveys.Stream {
	perSecond := float64(h.sent) / max(1, now.Sub(h.counting).Seconds())
	known := h.known.Rest(cause, nobody(result.Problem), perSecond, now)
	*h = health{known: known, places: *known.Until}
	return known
}

// address is one within a server's words.
var address = regexp.MustCompile(`[^\s<>()"'@]+@[^\s<>()"',;]+`)

// nobody is a server's words without the addresses in them: a stream's are kept
// longer than the person may be.
func nobody(words string) string { return address.ReplaceAllString(words, "…") }

// resting is until when a letter to an address should wait, and why; zero when it
// may leave. tells is how long the others wait, if it is the one that tells whether
// a rest can end.
func (b *breaker) resting(ws surveys.WorkspaceID, address string, now time.Time, tells time.Duration) (until time.Time, why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range streamsOf(ws, address) {
		h := b.streams[s]
		switch {
		case h == nil:
		case !h.known.Rests(now):
			if !h.probes(address, now, now.Add(tells)) {
				return h.place(now.Add(probeWait)), surveys.StreamRests(s.receiver).String()
			}
		case h.known.Until == nil:
		case h.known.Cause == surveys.StreamBusy:
			return h.place(*h.known.Until), surveys.StreamSlow(s.receiver).String()
		default:
			return *h.known.Until, surveys.StreamRests(s.receiver).String()
		}
	}
	return time.Time{}, ""
}

// place is the next free time for a letter of a slow stream, not before from.
func (h *health) place(from time.Time) time.Time {
	at := from
	if h.places.After(at) {
		at = h.places
	}
	perSecond := 1000.0 // a free stream takes all at once; still they keep their order
	if pace, slow := h.known.Pace(at); slow {
		perSecond = pace
	}
	h.places = at.Add(time.Duration(float64(time.Second) / perSecond))
	return at
}

// placed is when a letter should leave to an address that wants few at a time;
// zero when now. One that has waited for its place has it. Places within soon are
// as good as now.
func (b *breaker) placed(ws surveys.WorkspaceID, i surveys.Invitation, now time.Time, soon time.Duration) (until time.Time, why string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, s := range streamsOf(ws, i.Email) {
		h := b.streams[s]
		if h == nil {
			continue
		}
		why := surveys.StreamSlow(s.receiver).String()
		if _, slow := h.known.Pace(now); !slow || i.Problem == why {
			continue
		}
		if at := h.place(now); at.Sub(now) > soon {
			return at, why
		}
	}
	return time.Time{}, ""
}

// tomorrow is in how many days a warming-up has room for one more letter than
// those that it had none for on a day.
func (b *breaker) tomorrow(s stream, day int) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	h := b.of(s)
	if h.overDay != day {
		h.overDay, h.over = day, 0
	}
	wait := surveys.WarmUpWait(day, h.over)
	h.over++
	return wait
}
