package mailer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/textproto"
	"strings"
	"time"

	"github.com/harkhq/hark/surveys/store"
)

// hand runs the dialogue for one letter. It returns the stage at which it
// failed. Between a failed write and the dot nothing is closed properly, so
// that the server can never take a truncated letter for a whole one.
func (s *SMTP) hand(ctx context.Context, c *connection, letter store.Letter, recipient string) (stage, error) {
	defer context.AfterFunc(ctx, func() { _ = c.net.Close() })()
	if err := s.allowUTF8(c, recipient); err != nil {
		return atRecipient, err
	}
	announce := s.announce
	if offered, _ := c.client.Extension("PIPELINING"); offered && s.options.Record == nil {
		announce = s.announceAtOnce
	}
	if at, err := announce(c, letter.Sender, recipient); err != nil {
		return at, err
	}
	c.letter = letter.AppendTo(c.letter[:0])
	return s.pour(c, c.letter)
}

// What a server says that goes on: to DATA, and to the dot.
const (
	dataCode  = 354
	takenCode = 250
)

// announce says MAIL, RCPT and DATA, and waits for the answer to each.
func (s *SMTP) announce(c *connection, sender, recipient string) (stage, error) {
	for _, step := range []struct {
		at stage
		do func() error
	}{
		{atSender, func() error { return c.client.Mail("<" + sender + ">") }},
		{atRecipient, func() error { return c.client.Rcpt("<" + recipient + ">") }},
		{atData, func() error { return s.data(c) }},
	} {
		if err := c.net.SetDeadline(time.Now().Add(s.options.Timeouts.Command)); err != nil {
			return step.at, err
		}
		if err := step.do(); err != nil {
			return step.at, err
		}
	}
	return atData, nil
}

// data says DATA, which the library does only together with a writer that looks
// at each byte of a letter. That takes longer than all else here.
func (s *SMTP) data(c *connection) error {
	s.options.Record.say(SpokenHere, "DATA")
	if err := c.client.Text.PrintfLine("DATA"); err != nil {
		return err
	}
	_, words, err := c.client.Text.ReadResponse(dataCode)
	if err != nil {
		s.options.Record.answer(err)
		return err
	}
	s.options.Record.say(SpokenByServer, fmt.Sprintf("%d %s", dataCode, words))
	return nil
}

var errLineBreak = errors.New("5.1.3 an address has a line break")

// announceAtOnce says MAIL, RCPT and DATA in one write, to a server that takes
// them so (PIPELINING, RFC 2920): each letter waits for it twice instead of four
// times. The first refusal counts; what follows it is refused as well.
func (s *SMTP) announceAtOnce(c *connection, sender, recipient string) (at stage, refused error) {
	if strings.ContainsAny(sender+recipient, "\r\n") {
		return atRecipient, errLineBreak
	}
	if err := c.net.SetDeadline(time.Now().Add(s.options.Timeouts.Command)); err != nil {
		return atSender, err
	}
	text, options := c.client.Text, ""
	if offered, _ := c.client.Extension("8BITMIME"); offered {
		options = " BODY=8BITMIME"
	}
	if !ascii(recipient) {
		options += " SMTPUTF8"
	}
	if err := text.PrintfLine("MAIL FROM:<%s>%s\r\nRCPT TO:<%s>\r\nDATA", sender, options, recipient); err != nil {
		return atSender, err
	}
	var last error
	for _, step := range []struct {
		at   stage
		want int
	}{{atSender, 250}, {atRecipient, 25}, {atData, dataCode}} {
		_, _, last = text.ReadResponse(step.want)
		if last != nil && refused == nil {
			at, refused = step.at, last
		}
		var reply *textproto.Error
		if last != nil && !errors.As(last, &reply) {
			break // it is gone
		}
	}
	switch {
	case refused == nil || last != nil:
	case at == atSender: // it waits for a letter of nobody, to somebody whom it may have taken: none is safe but to go
		_ = c.net.Close()
	default: // it waits for a letter all the same, which is to nobody: none
		if err := text.PrintfLine("."); err == nil {
			_, _, _ = text.ReadResponse(0)
		}
	}
	return at, refused
}

// pour sends the bytes and the dot in one write: what of them arrives when it
// fails has no dot at its end.
func (s *SMTP) pour(c *connection, message []byte) (stage, error) {
	t, text := s.options.Timeouts, c.client.Text
	if err := c.net.SetDeadline(time.Now().Add(t.Body)); err != nil {
		return atData, err
	}
	s.options.Record.say(SpokenHere, fmt.Sprintf("… %d bytes …", len(message)))
	c.out = append(stuffed(c.out[:0], message), ".\r\n"...)
	if _, err := text.W.Write(c.out); err != nil {
		return atData, err
	}
	if err := text.W.Flush(); err != nil {
		return atData, err
	}
	if err := c.net.SetDeadline(time.Now().Add(t.Dot)); err != nil {
		return atDot, err
	}
	_, words, err := text.ReadResponse(takenCode)
	if err != nil {
		s.options.Record.answer(err)
		return atDot, err
	}
	s.options.Record.say(SpokenByServer, fmt.Sprintf("%d %s", takenCode, words))
	return atDot, nil
}

// stuffed adds a message to out as it goes over the wire up to the dot: its lines
// end in CR LF, and those that begin with a dot have a second one (RFC 5321, 4.5.2).
// It copies what lies between such places at once.
func stuffed(out, message []byte) []byte {
	copied := 0
	for line := 0; line < len(message); {
		if message[line] == '.' {
			out = append(append(out, message[copied:line]...), '.')
			copied = line
		}
		length := bytes.IndexByte(message[line:], '\n')
		if length < 0 {
			break
		}
		end := line + length
		if length == 0 || message[end-1] != '\r' {
			out = append(append(out, message[copied:end]...), '\r')
			copied = end
		}
		line = end + 1
	}
	out = append(out, message[copied:]...)
	if !bytes.HasSuffix(message, []byte("\n")) {
		out = append(out, "\r\n"...)
	}
	return out
}

// allowUTF8 asks for SMTPUTF8 only where the address needs it: some servers
// that offer it pass the letter on to others that do not.
func (s *SMTP) allowUTF8(c *connection, recipient string) error {
	offered, _ := c.client.Extension("SMTPUTF8")
	needed := !ascii(recipient)
	c.client.SkipSMTPUTF8(!needed)
	if needed && !offered {
		return errNoUTF8
	}
	return nil
}
