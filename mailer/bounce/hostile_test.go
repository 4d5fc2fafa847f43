package bounce_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/bounce"
	"github.com/harkhq/hark/surveys"
)

// endless gives a message's beginning and then filler, and counts what is read.
type endless struct {
	begin io.Reader
	left  int64
	read  int64
}

func (e *endless) Read(p []byte) (int, error) {
	if n, _ := e.begin.Read(p); n > 0 {
		e.read += int64(n)
		return n, nil
	}
	if e.left <= 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), e.left))
	for i := range n {
		p[i] = "filler\n"[i%7]
	}
	e.left -= int64(n)
	e.read += int64(n)
	return n, nil
}

// TestFiftyMegabytes reads only the beginning of a huge report, and all that it
// tells.
func TestFiftyMegabytes(t *testing.T) {
	t.Parallel()
	raw := message(t, "postfix-unknown-user")
	raw = raw[:bytes.LastIndex(raw, []byte("--BOUND.1--"))]
	huge := &endless{begin: bytes.NewReader(raw), left: 50 << 20}
	got := bounce.Parse(huge)
	if got.Class != surveys.BounceHard || got.Status != "5.1.1" || got.OriginalID != messageID {
		t.Errorf("read %+v", got)
	}
	if huge.read > bounce.MaxBytes+64<<10 {
		t.Errorf("read %d bytes of it", huge.read)
	}
}

// TestHostile gives it what strangers may send. None of it may take long, hold
// a line break in what is kept, or end mails to anybody.
func TestHostile(t *testing.T) {
	t.Parallel()
	status := "Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n"
	for name, text := range map[string]string{
		"nothing":                   "",
		"only line ends":            strings.Repeat("\r\n", 1<<19),
		"one line":                  strings.Repeat("a", 1<<20),
		"a colon a line":            strings.Repeat(":\n", 1<<19),
		"a hundred thousand fields": strings.Repeat("X-A: b\n", 100_000) + "\nhello",
		"endless folding":           "Subject: a\n" + strings.Repeat(" b\n", 300_000) + "\n",
		"parts within parts":        nested(10_000) + status,
		"a bomb of messages":        strings.Repeat("Content-Type: message/rfc822\n\n", 30_000) + status,
		"a bomb of parts":           "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\nContent-Type: text/plain\n\nuser unknown\n", 20_000),
		"an empty boundary":         "Content-Type: multipart/mixed; boundary=\"\"\n\n--\n" + status,
		"a boundary of itself":      "Content-Type: multipart/mixed; boundary=x\n\n" + strings.Repeat("--x\nContent-Type: multipart/mixed; boundary=x\n\n", 10_000),
		"garbled base64":            "From: mailer-daemon@x\nSubject: hello\nContent-Transfer-Encoding: base64\n\n\x00\xff=====" + strings.Repeat("\xfe", 1000),
		"a charset of nobody":       "From: a@b\nSubject: =?x-nobody?B?////?=\nContent-Type: text/plain; charset=x-nobody\n\n\xff\xfe",
		"zero bytes":                strings.Repeat("\x00", 100_000),
		"encoded words":             "Subject: " + strings.Repeat("=?utf-8?B?YQ==?= ", 60_000) + "\n\n",
		"addresses":                 strings.Repeat("b+"+strings.Repeat("a", 36)+"-"+strings.Repeat("b", 13)+"@x\n", 15_000),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			got := bounce.Parse(strings.NewReader(text))
			if took := time.Since(began); took > time.Minute { // no measure of speed: that it ends
				t.Errorf("took %s", took)
			}
			if got.Class.Ends(1) != "" {
				t.Errorf("would end mails: %+v", got)
			}
		})
	}
}

func nested(depth int) string {
	var b strings.Builder
	for i := range depth {
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=x%d\n\n--x%d\n", i, i)
	}
	return b.String()
}

// TestNoInjection keeps line breaks and signs that turn the writing's direction
// out of what pages and logs show.
func TestNoInjection(t *testing.T) {
	t.Parallel()
	raw := "From: mailer-daemon@x.example\nSubject: =?utf-8?Q?Undelivered=0D=0ABcc:_evil@x.example?=\nMessage-ID: <a\tb>\nContent-Type: multipart/report; boundary=x\n\n--x\n" +
		"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; <script>alert(1)</script>@x.example\nAction: failed\nStatus: 5.1.1\n" +
		"Diagnostic-Code: smtp; =?utf-8?Q?550_5.1.1_gone=0D=0ASet-Cookie:_a=E2=80=AEb=00?=\n--x--\n"
	got := bounce.Parse(strings.NewReader(raw))
	for what, text := range map[string]string{"diagnostic": got.Diagnostic, "status": got.Status, "recipient": got.Recipient, "id": got.MessageID, "original": got.OriginalID} {
		if strings.ContainsAny(text, "\r\n\x00\t\u202e") || len([]rune(text)) > 300 {
			t.Errorf("the %s is %q", what, text)
		}
	}
	if got.Class != surveys.BounceHard {
		t.Errorf("class %q", got.Class)
	}
}

// FuzzParse looks for messages that break it.
func FuzzParse(f *testing.F) {
	for _, want := range corpus(f) {
		f.Add(message(f, want.file))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		got := bounce.Parse(bytes.NewReader(raw))
		if strings.ContainsAny(got.Diagnostic+got.Status, "\r\n\x00") || len([]rune(got.Diagnostic)) > 300 {
			t.Errorf("%+v", got)
		}
		if got.Class == "" && got.Kind != bounce.Unknown || got.Kind == bounce.Unknown && got.Class != "" {
			t.Errorf("the kind %q has the class %q", got.Kind, got.Class)
		}
	})
}
