package mailer

import (
	"net"
	"strings"
	"testing"

	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

func TestHelloName(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"feedback.example.com": "feedback.example.com", "Feedback.EXAMPLE": "feedback.example", "localhost": "localhost", "bücher.example": "xn--bcher-kva.example",
		"192.0.2.7": "[192.0.2.7]", "2001:db8::7": "[IPv6:2001:db8::7]", "[2001:db8::7]": "[IPv6:2001:db8::7]", "::ffff:192.0.2.7": "[192.0.2.7]",
		"": "", "two words": "", "a.example\r\nMAIL FROM:<>": "", strings.Repeat("a", 64) + ".example": "", "under_score.example": "",
	} {
		if got, err := HelloName(host); got != want || (err != nil) != (want == "") {
			t.Errorf("%q is %q, %v, want %q", host, got, err, want)
		}
	}
}

// TestServerSaysItsName in EHLO: of the installation's mail server, and of a workspace's.
func TestServerSaysItsName(t *testing.T) {
	t.Parallel()
	server := smtptest.New(t)
	settings, err := ParseSMTP("smtp+plain://" + server.Addr())
	if err != nil {
		t.Fatal(err)
	}
	_, here, _ := net.ParseCIDR("127.0.0.0/8")
	senders, err := NewSenders(SendersOptions{Store: storetest.Open(t, store.SQLite), Hello: "feedback.example.com", Networks: []*net.IPNet{here}})
	if err != nil {
		t.Fatal(err)
	}
	own := senders.relay("w", settings)
	t.Cleanup(own.Close)
	for n, transport := range []*SMTP{transportTo(t, server.Addr(), patient()), own} {
		if result := transport.Deliver(t.Context(), aLetter(n)); result.Outcome != Sent {
			t.Fatal(result)
		}
	}
	if got := server.Wait(t, 2); got[0].Host != "hark.example" || got[1].Host != "feedback.example.com" {
		t.Errorf("it is %q and %q", got[0].Host, got[1].Host)
	}
}
