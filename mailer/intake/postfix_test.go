package intake_test

import (
	"context"
	"fmt"
	"net"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/intake"
	"github.com/harkhq/hark/mailer/smtptest"
	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// program is where Debian keeps it, which is not in everybody's path.
const program = "/usr/sbin/postfix"

// postfix starts a mail server of its own that returns what it cannot deliver
// to the listener, and hands mail for far.example to another server. It gives the
// address at which it takes mail.
func postfix(t *testing.T, listener, far string) string {
	t.Helper()
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("the Postfix that this test talks to is missing: run make test-deps (%v)", err)
	}
	if os.Geteuid() != 0 { // its master refuses everybody else
		t.Skip("only root may start Postfix")
	}
	host, port, err := net.SplitHostPort(far)
	if err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := socket.Addr().String()
	socket.Close()
	dir, err := os.MkdirTemp("", "hark-postfix")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o755); err != nil { // its own user walks through
		t.Fatal(err)
	}
	master := address + " inet n - n - - smtpd\npostlog unix-dgram n - n - 1 postlogd\nqmgr unix n - n 300 1 qmgr\ncleanup unix n - n - 0 cleanup\nlmtp unix - - n - - lmtp\n"
	for service, command := range map[string]string{ // with how many processes there may be
		"bounce": "0 bounce", "defer": "0 bounce", "trace": "0 bounce", "verify": "1 verify", "anvil": "1 anvil", "scache": "1 scache", "rewrite": "- trivial-rewrite",
		"proxymap": "- proxymap", "smtp": "- smtp", "relay": "- smtp", "error": "- error", "retry": "- error", "local": "- local",
	} {
		master += service + " unix - n n - " + command + "\n"
	}
	files := map[string]string{"master.cf": master, "main.cf": fmt.Sprintf(`compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
maillog_file = /var/log/hark-postfix-test.log
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.customers.example
mydestination = mx.customers.example
mynetworks = 127.0.0.0/8
local_recipient_maps =
alias_maps =
alias_database =
transport_maps = inline:{{ bounces.shop.example = lmtp:inet:%[2]s }, { far.example = smtp:[%[3]s]:%[4]s }}
`, dir, listener, host, port)}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	control := func(words ...string) {
		if out, err := exec.Command(program, append([]string{"-c", dir}, words...)...).CombinedOutput(); err != nil {
			t.Fatalf("postfix %v: %v\n%s", words, err, out)
		}
	}
	for _, name := range []string{"queue", "data"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("chown", "postfix", filepath.Join(dir, "data")).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	control("start")
	t.Cleanup(func() {
		control("stop")
		if t.Failed() {
			log, _ := os.ReadFile("/var/log/hark-postfix-test.log")
			t.Logf("Postfix says:\n%s", log)
		}
		_ = os.Remove("/var/log/hark-postfix-test.log")
		_ = os.RemoveAll(dir)
	})
	return address
}

// TestPostfix lets a real Postfix return letters to the listener by LMTP.
func TestPostfix(t *testing.T) {
	s := storetest.Open(t, store.SQLite)
	first := newDesk(t, s)
	far := smtptest.New(t, smtptest.Fault{Step: smtptest.Recipient, Recipient: "ada@far.example", Code: 552, Text: "the mailbox is over quota"},
		smtptest.Fault{Step: smtptest.Dot, Recipient: "grace@far.example", Code: 554, Text: "message refused: looks like spam"})
	server := postfix(t, first.listen(intake.LMTP), far.Addr())
	for to, want := range map[string]struct {
		status string
		class  surveys.BounceClass
		why    surveys.Suppression
	}{
		"nobody-of-that-name@mx.customers.example": {"5.1.1", surveys.BounceHard, surveys.SuppressedBounced},
		"ada@far.example":                          {"5.0.0", surveys.BounceFull, ""},
		"grace@far.example":                        {"5.0.0", surveys.BouncePolicy, ""},
	} {
		d := newDesk(t, s)
		letter := "From: feedback@shop.example\r\nTo: " + to + "\r\nMessage-ID: <inv-" + d.letter.ID + "@shop.example>\r\nSubject: How likely?\r\n\r\nHello\r\n"
		if err := smtp.SendMail(server, nil, d.address(surveys.ReturnBounce), []string{to}, []byte(letter)); err != nil {
			t.Fatalf("hand a letter to Postfix: %v", err)
		}
		var kept []surveys.Bounce
		for end := time.Now().Add(20 * time.Second); len(kept) == 0 && time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			var err error
			if kept, err = s.Bounces(context.Background(), d.w.ID, []string{d.letter.ID}); err != nil {
				t.Fatal(err)
			}
		}
		if len(kept) != 1 || kept[0].Status != want.status || kept[0].Class != want.class || kept[0].Diagnostic == "" {
			t.Errorf("%s: Postfix's report is %+v", to, kept)
			continue
		}
		d.expect(to, want.why, surveys.InvitationBounced)
	}
}
