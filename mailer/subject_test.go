package mailer

import (
	"bytes"
	"mime"
	"net/mail"
	"strings"
	"testing"
	"time"
)

// A subject comes back as it was given, begins beside its header's name, and no line
// of it is longer than mail allows.
func TestSubjectIsFolded(t *testing.T) {
	t.Parallel()
	for _, subject := range []string{
		"Relationship NPS：NPS 在 2026年6月29日当周下降了 8 分，另有 2 项更新，请查看本期摘要与各项调查",
		"很短", "Ça va", "🙂 " + strings.Repeat("送货太慢 ", 12), "NPS fell by 8", strings.Repeat("plain words ", 12) + "end",
	} {
		e := envelope{from: mail.Address{Address: "a@shop.example"}, to: "ana@example.com", subject: subject, date: time.Date(2026, 7, 6, 8, 0, 0, 0, time.UTC), id: "x@shop.example"}
		message, err := e.message()
		if err != nil {
			t.Fatal(err)
		}
		message.SetBodyString("text/plain", "x")
		var out bytes.Buffer
		if _, err := message.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(out.String(), "\r\n") {
			if len(line) > 78 || line == "Subject:" {
				t.Errorf("%q has the line %q", subject, line)
			}
		}
		read, err := mail.ReadMessage(&out)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := new(mime.WordDecoder).DecodeHeader(read.Header.Get("Subject")); err != nil || got != subject {
			t.Errorf("%q came back as %q (%v)", subject, got, err)
		}
	}
}
