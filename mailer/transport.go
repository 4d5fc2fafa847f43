package mailer

import (
	"context"
	"strings"
	"unicode"

	"github.com/harkhq/hark/surveys/store"
)

// Outcome is what came of an invitation that was due.
type Outcome string

// What a transport says of a letter.
const (
	Sent      Outcome = "sent"      // the server took it, and owns it now
	Temporary Outcome = "temporary" // refused for now: the same bytes may be tried later
	Permanent Outcome = "permanent" // refused for good
	Unknown   Outcome = "unknown"   // the connection ended when the server had all of it and had not answered
	Outage    Outcome = "outage"    // no mail at all can be handed over now; it says nothing about this letter
)

// What the dispatcher decides before there is a letter.
const (
	Suppressed Outcome = "suppressed" // the address gets no mail any more
	Cancelled  Outcome = "cancelled"  // the survey is over, or the person is gone
	Expired    Outcome = "expired"    // its link would not take an answer any more
	Postponed  Outcome = "postponed"  // the survey is paused
	Unwritten  Outcome = "unwritten"  // no letter could be made of it
)

// Result is what a transport says of a letter.
type Result struct {
	Outcome    Outcome
	Problem    string // the server's words, one line of at most 300 characters; "" when sent
	BadAddress bool   // the address does not exist or takes no mail: nothing should be sent there again
	Policy     bool   // refused since the sender is not who it should be: a setting is wrong, not the letter
	Barred     bool   // the server takes nothing of this sender: its letters wait, and others' leave
	Refused    bool   // with an outage: the server answered, and lets nobody in, as with a wrong password
	Busy       bool   // refused for now since too much came: fewer letters should go there for a while
}

// Transport hands letters over. Both implementations are safe for concurrent
// use. When ctx ends during a delivery, the result says how far it came.
type Transport interface {
	Deliver(ctx context.Context, letter store.Letter) Result
}

// maxProblem bounds what is kept of a server's words, in characters.
const maxProblem = 300

// problem makes one short printable line of a server's words.
func problem(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, "?"))
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > maxProblem {
		text = string(runes[:maxProblem-1]) + "…"
	}
	return text
}
