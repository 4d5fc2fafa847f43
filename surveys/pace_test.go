package surveys

import (
	"errors"
	"testing"
	"time"
)

// TestReceiverPace: what is usual unless somebody said otherwise.
func TestReceiverPace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		pace ReceiverPace
		want time.Duration
	}{
		{ReceiverPace{Receiver: Gmail}, 20 * time.Millisecond}, {ReceiverPace{Receiver: Yahoo}, 50 * time.Millisecond}, {ReceiverPace{Receiver: Others}, 0},
		{ReceiverPace{Receiver: Gmail, PerMinute: 6}, 10 * time.Second}, {ReceiverPace{Receiver: Others, PerMinute: maxPerMinute}, 100 * time.Microsecond},
	} {
		if got := test.pace.Gap(); got != test.want {
			t.Errorf("%+v: %s between two letters, want %s", test.pace, got, test.want)
		}
	}
	lanes := 0
	for _, r := range Receivers() {
		if n := r.UsualLanes(); r == Others && n != 0 || r != Others && (n < 2 || n > 9) {
			t.Errorf("%s gets %d of ten lanes", r, n)
		}
		lanes += r.UsualLanes()
	}
	if lanes == 0 {
		t.Error("no group is bounded")
	}
}

func TestReceiverPacesAreChecked(t *testing.T) {
	t.Parallel()
	for n, fine := range map[int]bool{0: true, 1: true, maxPerMinute: true, -1: false, maxPerMinute + 1: false} {
		err := CheckReceiverPaces(map[Receiver]int{Gmail: 100, Yahoo: n})
		var wrong *Error
		if errors.As(err, &wrong); fine != (err == nil) || !fine && (len(wrong.Fields) != 1 || wrong.Fields[0].Path != "pace_yahoo") {
			t.Errorf("%d: %v", n, err)
		}
	}
}

// TestTooManyReturned: more than ten and more than one in twenty of today's and
// yesterday's, since the stream was resumed.
func TestTooManyReturned(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC)
	today, early := StreamDayOf(now), now.Add(-8*time.Hour)
	day := func(ago, sent, bounced int) StreamDay {
		return StreamDay{Day: today - ago, StreamSum: StreamSum{Sent: sent, Bounced: bounced, Refused: 500}}
	}
	resumed := Stream{ResumedAt: &early, Before: StreamSum{Sent: 100, Bounced: 40}}
	for name, test := range map[string]struct {
		days    []StreamDay
		stream  Stream
		bounced int
		stop    bool
	}{
		"nothing": {}, "ten": {[]StreamDay{day(0, 20, 10)}, Stream{}, 10, false}, "eleven": {[]StreamDay{day(0, 20, 11)}, Stream{}, 11, true},
		"one in twenty": {[]StreamDay{day(0, 1000, 50)}, Stream{}, 50, false}, "more": {[]StreamDay{day(0, 1000, 51)}, Stream{}, 51, true},
		"of both days": {[]StreamDay{day(1, 300, 9), day(0, 20, 8)}, Stream{}, 17, true}, "the day before": {[]StreamDay{day(2, 300, 90), day(0, 300, 9)}, Stream{}, 9, false},
		"before it was resumed": {[]StreamDay{day(1, 300, 90), day(0, 150, 50)}, resumed, 10, false}, "since then": {[]StreamDay{day(0, 150, 51)}, resumed, 11, true},
	} {
		if counted, stop := TooManyReturned(test.days, test.stream, now); counted.Bounced != test.bounced || stop != test.stop {
			t.Errorf("%s: %+v, stop: %t", name, counted, stop)
		}
	}
}

// TestRestIsOverOnce: after a rest, what decides is counted anew, once.
func TestRestIsOverOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC)
	s := Stream{}.Rest(StreamReturned, "11/20", 0, now)
	if s.Rested(now) || s.Rested(now.Add(StreamRest-1)) || !s.Rested(now.Add(StreamRest)) {
		t.Error("its rest is over with its time")
	}
	if s = s.Resume(StreamSum{Bounced: 11}, now.Add(StreamRest)); s.Rested(now.Add(2 * StreamRest)) {
		t.Error("it is resumed twice")
	}
	if (Stream{}).Rest(StreamBusy, "421", 0, now).Rested(now.Add(time.Hour)) || (Stream{}).Rested(now) {
		t.Error("a receiver that was busy, or none, has anything counted anew")
	}
}

// TestReportsOfStreams: which reports slow a stream, and which count as returned.
func TestReportsOfStreams(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		class         BounceClass
		status        string
		slows, counts bool
	}{
		{BouncePolicy, "4.7.28", true, false}, {BounceDelayed, "4.7.0", true, false}, {BounceDelayed, "4.4.1", false, false}, {BouncePolicy, "5.7.1", false, true},
		{BouncePolicy, "5.7.515", false, true}, {BounceHard, "5.1.1", false, true}, {BounceHard, "", false, true}, {BounceFull, "5.2.2", false, false},
		{BounceSoft, "4.4.7", false, false}, {BounceComplaint, "", false, false}, {BounceAuto, "4.7.0", false, false},
	} {
		if b := (Bounce{Class: test.class, Status: test.status}); b.Slows() != test.slows || b.Returned() != test.counts {
			t.Errorf("%s %s: slows: %t, counts: %t", test.class, test.status, b.Slows(), b.Returned())
		}
	}
}
