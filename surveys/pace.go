package surveys

import (
	"math"
	"time"
)

// Unresolved says what becomes of a letter of which nobody knows whether the mail
// server took it.
type Unresolved string

// What becomes of them.
const (
	ResendOnce  Unresolved = "once"  // the same bytes once more, unless a sign of it comes
	ResendNever Unresolved = "never" // it stays unknown
)

// Pace is how fast a workspace mails at most.
type Pace struct {
	WorkspaceID WorkspaceID
	PerSecond   int        // letters; 0 for as fast as the mail server takes them
	WarmUpSince *time.Time // when a new sender began to warm up; nil for not
	Unresolved  Unresolved
	UpdatedAt   time.Time
}

// maxPerSecond is the fastest pace that can be asked for.
const maxPerSecond = 10_000

// Check returns the pace, or what is wrong with it.
func (p Pace) Check() (Pace, error) {
	if p.Unresolved == "" {
		p.Unresolved = ResendOnce
	}
	var wrong []FieldError
	if p.PerSecond < 0 || p.PerSecond > maxPerSecond {
		wrong = append(wrong, FieldError{Path: "pace_per_second", Code: "pace"})
	}
	if p.Unresolved != ResendOnce && p.Unresolved != ResendNever {
		wrong = append(wrong, FieldError{Path: "pace_unresolved", Code: "choice_unknown"})
	}
	return p, Wrong(wrong...)
}

// ReceiverPace is how many letters a group of receivers gets of a workspace, however
// many processes mail them.
type ReceiverPace struct {
	WorkspaceID WorkspaceID
	Receiver    Receiver
	PerMinute   int       // letters, at most; 0 for [Receiver.UsualPace]
	FreeAt      time.Time // when the next place is free; every letter takes one
}

// maxPerMinute is the fastest pace that a group of receivers can be given.
const maxPerMinute = 60 * maxPerSecond

// UsualPace is how many letters a minute a group of receivers gets where nobody
// said otherwise; 0 for any number. No receiver publishes one. These keep a burst
// from looking like one, and let 100,000 letters to Gmail leave within an hour.
func (r Receiver) UsualPace() int {
	switch r {
	case Gmail:
		return 3000
	case Microsoft:
		return 1800
	case Yahoo:
		return 1200
	}
	return 0
}

// UsualLanes is on how many connections at a time letters to a group leave; 0 for
// all there are. Together they leave some for the others.
func (r Receiver) UsualLanes() int {
	switch r {
	case Gmail:
		return 8
	case Microsoft:
		return 6
	case Yahoo:
		return 4
	}
	return 0
}

// Gap is the time between two letters; 0 when nothing bounds them.
func (p ReceiverPace) Gap() time.Duration {
	perMinute := p.PerMinute
	if perMinute == 0 {
		perMinute = p.Receiver.UsualPace()
	}
	if perMinute == 0 {
		return 0
	}
	return time.Minute / time.Duration(perMinute)
}

// CheckReceiverPaces says what is wrong with letters a minute, by group.
func CheckReceiverPaces(perMinute map[Receiver]int) error {
	var wrong []FieldError
	for _, receiver := range Receivers() {
		if n := perMinute[receiver]; n < 0 || n > maxPerMinute {
			wrong = append(wrong, FieldError{Path: "pace_" + string(receiver), Code: "pace_minute"})
		}
	}
	return Wrong(wrong...)
}

// The plan of a warming-up: how many letters a day each group of receivers gets.
const (
	WarmUpFirst  = 50
	WarmUpGrowth = 1.5
	WarmUpEnough = 10_000 // a day: who is that far is known
)

// WarmUp is how many letters a group of receivers gets on a day of warming up,
// the first one being 1.
func WarmUp(day int) int {
	return int(WarmUpFirst * math.Pow(WarmUpGrowth, float64(min(max(day, 1), 60)-1)))
}

// WarmUpDays is the day on which the plan has come to a number of letters a day.
func WarmUpDays(enough int) int {
	day := 1
	for WarmUp(day) < enough {
		day++
	}
	return day
}

// WarmUpDay is which day of its warming-up a workspace is in at now, from 1; 0
// when it does not warm up, or no longer has to.
func (p Pace) WarmUpDay(now time.Time) int {
	if p.WarmUpSince == nil {
		return 0
	}
	day := StreamDayOf(now) - StreamDayOf(*p.WarmUpSince) + 1
	if day < 1 {
		return 1
	}
	if day > WarmUpDays(WarmUpEnough) {
		return 0
	}
	return day
}

// WarmUpWait is after how many days the plan has room for a letter when so many
// wait before it, from the day after the given one.
func WarmUpWait(day, before int) int {
	wait := 1
	for before >= WarmUp(day+wait) && day+wait <= WarmUpDays(WarmUpEnough) {
		before -= WarmUp(day + wait)
		wait++
	}
	return wait
}
