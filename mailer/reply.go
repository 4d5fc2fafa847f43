package mailer

import (
	"errors"
	"net/textproto"
	"strconv"
	"strings"

	"github.com/harkhq/hark/mailer/bounce"
)

// stage is how far the dialogue with the server had come.
type stage int

const (
	atConnect   stage = iota // connecting, TLS, sign-in
	atSender                 // MAIL FROM
	atRecipient              // RCPT TO
	atData                   // DATA and the bytes before the last dot
	atDot                    // the last dot: from here on the server may own the letter
)

// closing is the reply of a server that ends the connection.
const closing = 421

// judge says what became of a letter whose dialogue failed at a stage. The
// border is the last dot: without an answer before it the server has nothing,
// without an answer to it nobody knows.
func judge(at stage, err error) Result {
	code, words := replyOf(err)
	result := Result{Outcome: Temporary, Problem: problem(words)}
	switch {
	case at == atConnect:
		return Result{Outcome: Outage, Refused: code >= 500, Problem: problem(err.Error())} // it names the server
	case at == atSender && (code >= 500 || code == closing):
		// A server that refuses the sender refuses every letter of the workspace: a
		// setting is wrong, and no invitation should be lost by it.
		result.Outcome, result.Barred = Outage, true
	case at == atDot && code >= 200 && code < 300:
		return Result{Outcome: Sent}
	case at == atDot && code < 400:
		result.Outcome = Unknown
	case code >= 500:
		return refused(at, words, result)
	case code >= 400:
		result.Busy = busy(code, words)
	}
	return result
}

// refused judges a refusal for good, after the sender was taken. Some servers
// (Postfix, as it is set up usually) say only to the recipient what is wrong with
// the sender.
func refused(at stage, words string, result Result) Result {
	found := bounce.Refused(words)
	switch {
	case found.Barred:
		result.Outcome, result.Barred = Outage, true
	case found.Shut:
		result.Policy = true // every letter would be refused: it waits until the setting is right
	default:
		// In words alone a server speaks of the address where it was told it.
		result.Outcome, result.BadAddress = Permanent, found.Gone && (at == atRecipient || found.Status != "")
	}
	return result
}

// replyOf returns the server's code and words, or 0 and what went wrong when
// it did not answer.
func replyOf(err error) (code int, words string) {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code, strconv.Itoa(reply.Code) + " " + reply.Msg
	}
	return 0, err.Error()
}

// busy reports whether a refusal for now asks for fewer letters rather than for
// this one later: 421, and 4.7.x, which receivers that limit a sender use.
func busy(code int, words string) bool {
	return code == closing || strings.HasPrefix(bounce.StatusOf(words), "4.7.")
}
