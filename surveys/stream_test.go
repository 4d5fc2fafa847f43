package surveys

import (
	"errors"
	"math"
	"testing"
	"time"
)

func TestReceivers(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]Receiver{
		"a@gmail.com": Gmail, "a@GoogleMail.com": Gmail, "a@outlook.de": Microsoft, "a@live.co.uk": Microsoft, "a@yahoo.co.jp": Yahoo, "a@aol.com": Yahoo,
		"a@shop.example": Others, "a@notgmail.com": Others, "gmail.com@shop.example": Others, "nobody": Others,
		"a@live.shop.example": Others, "a@outlook.acme.de": Others, "a@gmail.acme.de": Others, "a@yahoo.acme.co.jp": Others, "a@live.com.au": Microsoft,
		"a@rocketmail.com": Yahoo, "a@hotmail.co.uk": Microsoft, "a@gmail": Others,
	} {
		if got := ReceiverOf(address); got != want {
			t.Errorf("%s is taken by %q, want %q", address, got, want)
		}
	}
}

// TestSlowedStreamRecovers: each rest in a row is twice as long, and the pace
// doubles each minute after it until nothing is held back.
func TestSlowedStreamRecovers(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s, now := Stream{Receiver: Gmail}, start
	for n, want := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		s = s.Rest(StreamBusy, "421 4.7.0 later", 8, now)
		if got := s.Until.Sub(now); got != want*time.Minute || s.Times != n+1 || !s.Since.Equal(start) || s.Rate != 4 {
			t.Errorf("rest %d is %s at %v a second since %s, want %s", n, got, s.Rate, s.Since, want*time.Minute)
		}
		if !s.Rests(s.Until.Add(-1)) || s.Rests(*s.Until) {
			t.Errorf("rest %d does not end", n)
		}
		now = *s.Until
	}
	for after, want := range map[time.Duration]float64{0: 4, time.Minute: 8, 2 * time.Minute: 16, 4 * time.Minute: 64, 5 * time.Minute: -1} {
		at := s.Until.Add(after)
		got, slow := s.Pace(at)
		if slow != (want > 0) || slow && math.Abs(got-want) > 1e-9 || s.Troubled(at) != slow {
			t.Errorf("%s after the rest: %v a second, slow: %t", after, got, slow)
		}
	}
	if later := s.Rest(StreamBusy, "", 0, s.Until.Add(forgetsSlowing)); later.Times != 1 || later.Rate != slowestPace || later.Until.Sub(later.Since) != firstSlowRest {
		t.Errorf("an hour later it begins anew: %+v", later)
	}
	if other := s.Rest(StreamPolicy, "550 5.7.26", 0, now); other.Times != 1 || !other.Until.Equal(now.Add(StreamRest)) || !other.Troubled(now.Add(2*StreamRest)) {
		t.Errorf("another cause: %+v", other)
	}
	if _, slow := (Stream{Cause: StreamPolicy, Until: &now}).Pace(now); slow {
		t.Error("a refused stream is not slow")
	}
	if well := s.Flow(now); well.Rests(now) || well.Troubled(now) || well.Why != "" || well.Times != 0 {
		t.Errorf("well again: %+v", well)
	}
	if stopped := (Stream{Cause: StreamComplaints}); !stopped.Rests(now.AddDate(1, 0, 0)) {
		t.Error("one that a person has to resume goes on by itself")
	}
}

// TestComplaints: warned of at 0.08 %, stopped at 0.25 %, of a thousand letters in
// seven days or more.
func TestComplaints(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 20, 9, 0, 0, 0, time.UTC)
	today, resumed := StreamDayOf(now), time.Date(2026, 3, 18, 12, 0, 0, 0, time.UTC)
	day := func(ago, sent, complaints int) StreamDay {
		return StreamDay{Day: today - ago, StreamSum: StreamSum{Sent: sent, Complaints: complaints}}
	}
	for name, test := range map[string]struct {
		days       []StreamDay
		guard      Stream
		counted    StreamSum
		warn, stop bool
	}{
		"nothing":              {},
		"too few letters":      {days: []StreamDay{day(0, 999, 99)}, counted: StreamSum{Sent: 999, Complaints: 99}},
		"few complaints":       {days: []StreamDay{day(0, 10_000, 7)}, counted: StreamSum{Sent: 10_000, Complaints: 7}},
		"enough to warn":       {days: []StreamDay{day(0, 5000, 1), day(6, 5000, 7)}, counted: StreamSum{Sent: 10_000, Complaints: 8}, warn: true},
		"just not enough":      {days: []StreamDay{day(1, 10_000, 24)}, counted: StreamSum{Sent: 10_000, Complaints: 24}, warn: true},
		"enough to stop":       {days: []StreamDay{day(1, 10_000, 25)}, counted: StreamSum{Sent: 10_000, Complaints: 25}, warn: true, stop: true},
		"a thousand":           {days: []StreamDay{day(1, 1000, 3)}, counted: StreamSum{Sent: 1000, Complaints: 3}, warn: true, stop: true},
		"longer ago":           {days: []StreamDay{day(7, 10_000, 900), day(0, 2000, 1)}, counted: StreamSum{Sent: 2000, Complaints: 1}},
		"seen by a person":     {days: []StreamDay{day(4, 9000, 90), day(2, 3000, 12), day(0, 500, 0)}, guard: Stream{ResumedAt: &resumed, Before: StreamSum{Sent: 2000, Complaints: 11}}, counted: StreamSum{Sent: 1500, Complaints: 1}},
		"more since then":      {days: []StreamDay{day(2, 2000, 11), day(0, 1000, 3)}, guard: Stream{ResumedAt: &resumed, Before: StreamSum{Sent: 2000, Complaints: 11}}, counted: StreamSum{Sent: 1000, Complaints: 3}, warn: true, stop: true},
		"seen before the days": {days: []StreamDay{day(0, 1000, 3)}, guard: Stream{ResumedAt: new(time.Time), Before: StreamSum{Sent: 900, Complaints: 3}}, counted: StreamSum{Sent: 1000, Complaints: 3}, warn: true, stop: true},
	} {
		if counted, warn, stop := Complained(test.days, test.guard, now); counted != test.counted || warn != test.warn || stop != test.stop {
			t.Errorf("%s: %+v, warn: %t, stop: %t", name, counted, warn, stop)
		}
	}
}

// TestWarmUp: 50 on the first day, half as many again on each next one.
func TestWarmUp(t *testing.T) {
	t.Parallel()
	for day, want := range map[int]int{-1: 50, 1: 50, 2: 75, 3: 112, 4: 168, 7: 569, 14: 9730, 15: 14596} {
		if got := WarmUp(day); got != want {
			t.Errorf("day %d: %d letters, want %d", day, got, want)
		}
	}
	if WarmUpDays(WarmUpEnough) != 15 || WarmUpDays(1) != 1 {
		t.Errorf("10,000 on day %d", WarmUpDays(WarmUpEnough))
	}
	since := time.Date(2026, 3, 2, 23, 59, 0, 0, time.UTC)
	p := Pace{WarmUpSince: &since}
	for after, want := range map[time.Duration]int{0: 1, time.Minute: 2, 13 * 24 * time.Hour: 14, 14 * 24 * time.Hour: 15, 15 * 24 * time.Hour: 0, -24 * time.Hour: 1} {
		if got := p.WarmUpDay(since.Add(after)); got != want {
			t.Errorf("%s later it is day %d, want %d", after, got, want)
		}
	}
	if (Pace{}).WarmUpDay(since) != 0 {
		t.Error("nobody asked for it")
	}
	for before, want := range map[int]int{0: 1, 74: 1, 75: 2, 75 + 111: 2, 75 + 112: 3, 1 << 40: 15} {
		if got := WarmUpWait(1, before); got != want {
			t.Errorf("behind %d others: %d days, want %d", before, got, want)
		}
	}
}

func TestPaceIsChecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		pace Pace
		code string
	}{
		"usual": {Pace{}, ""}, "all": {Pace{PerSecond: 14, Unresolved: ResendNever}, ""}, "negative": {Pace{PerSecond: -1}, "pace"},
		"too fast": {Pace{PerSecond: maxPerSecond + 1}, "pace"}, "no choice": {Pace{Unresolved: "?"}, "choice_unknown"},
	} {
		checked, err := test.pace.Check()
		var wrong *Error
		if errors.As(err, &wrong); (test.code == "") != (err == nil) || wrong != nil && (len(wrong.Fields) != 1 || wrong.Fields[0].Code != test.code) {
			t.Errorf("%s: %v", name, err)
		}
		if err == nil && checked.Unresolved == "" {
			t.Errorf("%s: no policy", name)
		}
	}
}
