package surveys

import (
	"math"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

// Receiver is a group of mail servers that judge a sender together.
type Receiver string

// The groups of receivers.
const (
	Gmail      Receiver = "gmail"
	Microsoft  Receiver = "microsoft"
	Yahoo      Receiver = "yahoo"
	Others     Receiver = "others" // all that are in none of the groups
	AllAtOnce  Receiver = "all"    // stands for a workspace's mails as a whole, where people's complaints count
	streamDays          = 7        // over which complaints are counted
)

// Receivers lists the groups, each of which takes a stream of its own.
func Receivers() []Receiver { return []Receiver{Gmail, Microsoft, Yahoo, Others} }

// ReceiverOf is the group whose mail servers take an address: the names of the big
// ones under any country, and nothing below them, which may be anybody's.
func ReceiverOf(address string) Receiver {
	_, domain, _ := strings.Cut(strings.ToLower(address), "@")
	name, country, _ := strings.Cut(domain, ".")
	group := Others
	switch name {
	case "gmail", "googlemail":
		group = Gmail
	case "outlook", "hotmail", "live", "msn":
		group = Microsoft
	case "yahoo", "ymail", "aol", "rocketmail":
		group = Yahoo
	default:
		return Others
	}
	if suffix, _ := publicsuffix.PublicSuffix(country); country == "" || suffix != country {
		return Others // a firm's own name below its domain
	}
	return group
}

// StreamCause is why a stream does not flow freely.
type StreamCause string

// The causes; "" is none.
const (
	StreamPolicy     StreamCause = "policy"     // the receiver does not believe who sends
	StreamRefused    StreamCause = "refused"    // it refuses too many letters for good
	StreamReturned   StreamCause = "returned"   // too many that a relay had taken came back for good
	StreamBusy       StreamCause = "busy"       // it asks for fewer letters at a time
	StreamComplaints StreamCause = "complaints" // too many people called the letters spam
)

// Stream is how a workspace's mail to a group of receivers fares, or to one domain
// of [Others]. It rests when to go on would cost the sender's name.
type Stream struct {
	WorkspaceID WorkspaceID
	Receiver    Receiver
	Cause       StreamCause
	Why         string     // the server's words, or how many complained or came back
	Since       time.Time  // when it began; several rests in a row are one trouble
	Until       *time.Time // until when it rests; nil with a cause: until a person says so
	Rate        float64    // letters a second after a rest for being busy; it grows, see [Stream.Pace]
	Times       int        // rests in a row
	ResumedAt   *time.Time // when a person last said that it goes on, or a rest was over: what counts is counted anew since
	Before      StreamSum  // what does not count any more: of the day of ResumedAt before it, and what came back since of letters that left before it
	UpdatedAt   time.Time
}

// Bounds of streams. The numbers are those of Gmail's and Yahoo's rules for bulk
// senders, and what mail operators use.
const (
	RecentLetters    = 200         // the last ones that count for refusals
	MaxRefusals      = 10          // of them: 5 %
	StreamRest       = time.Hour   // after refusals, until the stream is tried again
	firstSlowRest    = time.Minute // when a receiver asks for fewer letters; doubled each time in a row
	lastSlowRest     = 30 * time.Minute
	slowestPace      = 1.0 / 6 // letters a second: ten a minute
	freePace         = 100.0   // from which on nothing is held back
	doublingOfPace   = time.Minute
	forgetsSlowing   = time.Hour // after which a rest is no longer one in a row
	ComplaintsLeast  = 1000      // letters within the days before complaints stop a stream
	ComplaintsStop   = 0.0025
	ComplaintsWarn   = 0.0008
	DaysOfComplaints = streamDays
)

// StreamRests is why a letter is put off: the stream to its receiver rests.
func StreamRests(r Receiver) Problem { return Problem{Code: "stream_rests", Args: receiverArgs(r)} }

// StreamSlow is why a letter is put off: the stream takes few letters at a time.
func StreamSlow(r Receiver) Problem { return Problem{Code: "stream_slow", Args: receiverArgs(r)} }

// StreamWarms is why a letter is put off: the stream warms up, and its day is full.
func StreamWarms(r Receiver) Problem { return Problem{Code: "stream_warms", Args: receiverArgs(r)} }

// StreamPaced is why a letter is put off: so many go to its receiver each minute,
// and it has a place among them.
func StreamPaced(r Receiver) Problem { return Problem{Code: "stream_paced", Args: receiverArgs(r)} }

func receiverArgs(r Receiver) map[string]any { return map[string]any{"receiver": string(r)} }

// Rests reports whether nothing of the stream should leave at now.
func (s Stream) Rests(now time.Time) bool {
	return s.Cause != "" && (s.Until == nil || now.Before(*s.Until))
}

// Troubled reports whether somebody should look at it: it rests, or has not been
// found to be well again since. Being asked for fewer letters is usual, and only
// worth a look while it lasts.
func (s Stream) Troubled(now time.Time) bool {
	if s.Cause == StreamBusy {
		_, slow := s.Pace(now)
		return slow
	}
	return s.Cause != ""
}

// Pace is how many letters a second may leave at now, and false when that is not
// limited: after a rest for being busy it begins at the stream's rate and doubles
// each minute.
func (s Stream) Pace(now time.Time) (perSecond float64, slow bool) {
	if s.Cause != StreamBusy || s.Until == nil {
		return 0, false
	}
	grown := max(s.Rate, slowestPace) * math.Exp2(max(0, now.Sub(*s.Until).Minutes()/doublingOfPace.Minutes()))
	return grown, grown < freePace
}

// Rest is the stream as it rests from now on, for a cause that is not complaints.
// perSecond is how fast it was until now, for being busy.
func (s Stream) Rest(cause StreamCause, why string, perSecond float64, now time.Time) Stream {
	again := s.Cause == cause && s.Until != nil && now.Sub(*s.Until) < forgetsSlowing
	if !again {
		s.Since, s.Times = now, 0
	}
	pause := StreamRest
	if cause == StreamBusy {
		pause = min(firstSlowRest<<min(s.Times, 10), lastSlowRest)
		s.Rate = min(max(perSecond/2, slowestPace), freePace/2)
	}
	until := now.Add(pause)
	s.Cause, s.Why, s.Until, s.Times, s.UpdatedAt = cause, why, &until, s.Times+1, now
	return s
}

// Flow is the stream without any trouble.
func (s Stream) Flow(now time.Time) Stream {
	s.Cause, s.Why, s.Until, s.Rate, s.Times, s.UpdatedAt = "", "", nil, 0, 0, now
	return s
}

// StreamSum is how many letters of a stream had which fate.
type StreamSum struct {
	Tried      int // reserved of a warming-up's day
	Sent       int // a mail server took them
	Refused    int // for good, or since it does not believe who sends
	Bounced    int // of those that were taken, came back for good
	Complaints int
}

// Plus adds two sums.
func (s StreamSum) Plus(o StreamSum) StreamSum {
	return StreamSum{s.Tried + o.Tried, s.Sent + o.Sent, s.Refused + o.Refused, s.Bounced + o.Bounced, s.Complaints + o.Complaints}
}

// Minus takes a sum away.
func (s StreamSum) Minus(o StreamSum) StreamSum {
	return StreamSum{s.Tried - o.Tried, s.Sent - o.Sent, s.Refused - o.Refused, s.Bounced - o.Bounced, s.Complaints - o.Complaints}
}

// StreamDay is the sum of a stream on a day of UTC.
type StreamDay struct {
	WorkspaceID WorkspaceID
	Receiver    Receiver
	Day         int // days since 1970
	StreamSum
}

// StreamDayOf is the day of a time.
func StreamDayOf(now time.Time) int { return Day(now, time.UTC) }

// FirstStreamDay is the first of the days that complaints are counted over.
func FirstStreamDay(now time.Time) int { return StreamDayOf(now) - streamDays + 1 }

// Unproven reports whether a status code of RFC 3463 says that the sender's domain
// does not authenticate its mails: DMARC, SPF or DKIM is not set up as the
// receiver asks.
func Unproven(status string) bool {
	return slices.Contains([]string{"5.7.26", "5.7.27", "5.7.515"}, status)
}

// counted is what counts of a stream's days from the first one on: all of it, or
// what came since it was resumed.
func (s Stream) counted(days []StreamDay, first int) (sum StreamSum) {
	if s.ResumedAt != nil && StreamDayOf(*s.ResumedAt) >= first {
		first = StreamDayOf(*s.ResumedAt)
		sum = sum.Minus(s.Before)
	}
	for _, d := range days {
		if d.Day >= first {
			sum = sum.Plus(d.StreamSum)
		}
	}
	return sum
}

// Resume begins to count anew what decides whether the stream rests; today is what
// its day has come to.
func (s Stream) Resume(today StreamSum, now time.Time) Stream {
	s.ResumedAt, s.Before, s.UpdatedAt = &now, today, now
	return s
}

// Rested reports whether a rest is over since which nothing was counted anew: what
// came back during it told of letters that had left before.
func (s Stream) Rested(now time.Time) bool {
	ended := slices.Contains([]StreamCause{StreamRefused, StreamReturned, StreamPolicy}, s.Cause) && s.Until != nil && !now.Before(*s.Until)
	return ended && (s.ResumedAt == nil || s.ResumedAt.Before(*s.Until))
}

// FirstDayOfReturns is the first of the days over which it is counted what came
// back: reports come within a day, as a rule.
func FirstDayOfReturns(now time.Time) int { return StreamDayOf(now) - 1 }

// TooManyReturned judges what came back for good of the letters that a mail server
// had taken: as where it refuses them at once, more than ten and one in twenty.
func TooManyReturned(days []StreamDay, s Stream, now time.Time) (counted StreamSum, stop bool) {
	counted = s.counted(days, FirstDayOfReturns(now))
	return counted, counted.Bounced > max(MaxRefusals, counted.Sent*MaxRefusals/RecentLetters)
}

// Complained judges the complaints of a workspace's last seven days; guard is its
// stream [AllAtOnce]. What a person has seen when they said that it goes on does
// not count again. It returns what counted, and whether the share is one to warn
// of, and one to stop at.
func Complained(days []StreamDay, guard Stream, now time.Time) (counted StreamSum, warn, stop bool) {
	counted = guard.counted(days, FirstStreamDay(now))
	if counted.Sent < ComplaintsLeast {
		return counted, false, false
	}
	share := float64(counted.Complaints) / float64(counted.Sent)
	return counted, share >= ComplaintsWarn, share >= ComplaintsStop
}
