package intake_test

import (
	"context"
	"net"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/intake"
	"github.com/harkhq/hark/mailer/mtatest"
	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// returned is what a real server sends back for a letter.
type returned struct {
	status string
	class  surveys.BounceClass
	says   string // in the server's words
	why    surveys.Suppression
}

// farServer is the one behind the mail server of a test: it refuses for the
// reasons that servers have.
func farServer(t *testing.T) *smtptest.Server {
	t.Helper()
	return smtptest.New(t,
		smtptest.Fault{Step: smtptest.Recipient, Recipient: "gone@far.example", Code: 550, Text: "no such user here"},
		smtptest.Fault{Step: smtptest.Recipient, Recipient: "ada@far.example", Code: 552, Text: "the mailbox is over quota"},
		smtptest.Fault{Step: smtptest.Recipient, Recipient: "busy@far.example", Code: 451, Text: "try again later"},
		smtptest.Fault{Step: smtptest.Dot, Recipient: "grace@far.example", Code: 554, Text: "message refused: looks like spam"})
}

// TestPostfix lets a real Postfix return letters to the listener by LMTP.
func TestPostfix(t *testing.T) {
	testServer(t, mtatest.Postfix, map[string]returned{
		"nobody-of-that-name@customers.example": {"5.1.1", surveys.BounceHard, "unknown user", surveys.SuppressedBounced},
		"gone@far.example":                      {"5.0.0", surveys.BounceHard, "no such user", surveys.SuppressedBounced},
		"ada@far.example":                       {"5.0.0", surveys.BounceFull, "over quota", ""},
		"grace@far.example":                     {"5.0.0", surveys.BouncePolicy, "looks like spam", ""},
	})
}

// TestExim lets a real Exim do so.
func TestExim(t *testing.T) {
	testServer(t, mtatest.Exim, map[string]returned{
		"nobody-of-that-name@customers.example": {"5.0.0", surveys.BounceHard, "Unrouteable address", surveys.SuppressedBounced},
		"full@customers.example":                {"5.0.0", surveys.BounceFull, "mailbox is full", ""},
		"gone@far.example":                      {"5.0.0", surveys.BounceHard, "no such user", surveys.SuppressedBounced},
		"ada@far.example":                       {"5.0.0", surveys.BounceFull, "over quota", ""},
		"grace@far.example":                     {"5.0.0", surveys.BouncePolicy, "looks like spam", ""},
		"busy@far.example":                      {"4.0.0", surveys.BounceSoft, "try again later", ""},
	})
}

// TestEximWithoutAnAnswer: the server behind it says nothing, until it gives up.
func TestEximWithoutAnAnswer(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	s := storetest.Open(t, store.SQLite)
	d := newDesk(t, s)
	server := mtatest.Exim(t, mtatest.World{Reports: d.listen(intake.LMTP), Far: silent.Addr().String()})
	d.comesBack(server, "ada@far.example", returned{"5.0.0", surveys.BounceSoft, "timeout", ""})
}

// testServer hands letters to a mail server, and expects them back.
func testServer(t *testing.T, start func(testing.TB, mtatest.World) string, cases map[string]returned) {
	t.Helper()
	s := storetest.Open(t, store.SQLite)
	server := start(t, mtatest.World{Reports: newDesk(t, s).listen(intake.LMTP), Far: farServer(t).Addr()})
	for to, want := range cases {
		t.Run(to, func(t *testing.T) {
			t.Parallel() // each takes its time
			newDesk(t, s).comesBack(server, to, want)
		})
	}
}

// comesBack hands the desk's letter to a mail server for somebody, and holds
// what comes back against what should.
func (d *desk) comesBack(server, to string, want returned) {
	d.t.Helper()
	letter := "From: feedback@shop.example\r\nTo: " + to + "\r\nMessage-ID: <inv-" + d.letter.ID + "@shop.example>\r\nSubject: How likely?\r\nAuto-Submitted: auto-generated\r\n\r\nHello\r\n"
	if err := smtp.SendMail(server, nil, d.address(surveys.ReturnBounce), []string{to}, []byte(letter)); err != nil {
		d.t.Fatalf("hand over a letter: %v", err)
	}
	var kept []surveys.Bounce
	for end := time.Now().Add(time.Minute); len(kept) == 0 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		var err error
		if kept, err = d.store.Bounces(context.Background(), d.w.ID, []string{d.letter.ID}); err != nil {
			d.t.Fatal(err)
		}
	}
	if len(kept) != 1 || kept[0].Status != want.status || kept[0].Class != want.class || !strings.Contains(kept[0].Diagnostic, want.says) {
		d.t.Errorf("%s: the report is %+v, want %+v", to, kept, want)
		return
	}
	d.expect(to, want.why, surveys.InvitationBounced)
}
