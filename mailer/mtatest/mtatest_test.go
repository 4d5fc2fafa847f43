package mtatest_test

import (
	"bytes"
	"net/smtp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/harkhq/hark/mailer/mtatest"
	"github.com/harkhq/hark/mailer/smtptest"
)

const (
	sender = "shop@shop.example"
	letter = "From: shop@shop.example\r\nTo: ada@far.example\r\nSubject: hello\r\nMessage-ID: <1@shop.example>\r\n\r\nHow likely are you?\r\n.a dot\r\n"
)

// servers are the ones that others run.
func servers() map[string]func(testing.TB, mtatest.World) string {
	return map[string]func(testing.TB, mtatest.World) string{"Postfix": mtatest.Postfix, "Exim": mtatest.Exim}
}

// TestServersPassMailOn hands each a letter for another server, which gets it with
// its envelope, its text and a line about the way.
func TestServersPassMailOn(t *testing.T) {
	t.Parallel()
	for name, start := range servers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			far := smtptest.New(t)
			address := start(t, mtatest.World{Far: far.Addr()})
			if err := smtp.SendMail(address, nil, sender, []string{"ada@" + mtatest.Far}, []byte(letter)); err != nil {
				t.Fatal(err)
			}
			got := far.Wait(t, 1)[0]
			if got.From != sender || !slices.Equal(got.To, []string{"ada@" + mtatest.Far}) {
				t.Errorf("the envelope is from %s to %s", got.From, got.To)
			}
			if !bytes.HasPrefix(got.Data, []byte("Received: ")) || !bytes.HasSuffix(got.Data, []byte("\r\n\r\nHow likely are you?\r\n.a dot\r\n")) {
				t.Errorf("arrived as %q", got.Data)
			}
		})
	}
}

// TestServersReturnMail hands each a letter for nobody, whose sender gets it back
// from the null sender by way of the server for reports.
func TestServersReturnMail(t *testing.T) {
	t.Parallel()
	for name, start := range servers() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			far := smtptest.New(t)
			address := start(t, mtatest.World{Far: far.Addr()})
			back := "shop@" + mtatest.Far
			if err := smtp.SendMail(address, nil, back, []string{"nobody-of-that-name@" + mtatest.Here}, []byte(letter)); err != nil {
				t.Fatal(err)
			}
			got := far.Wait(t, 1)[0]
			if got.From != "" || !slices.Equal(got.To, []string{back}) || !bytes.Contains(got.Data, []byte("Action: failed")) {
				t.Errorf("came back from %q to %s: %q", got.From, got.To, got.Data)
			}
		})
	}
}

// TestPostfixPutsMailIntoMailboxes keeps what is for the server itself, one file a
// letter.
func TestPostfixPutsMailIntoMailboxes(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "hark-mail")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // its user walks through
		t.Fatal(err)
	}
	address := mtatest.Postfix(t, mtatest.World{Maildir: dir})
	for _, to := range []string{"ada@" + mtatest.Here, "grace@" + mtatest.Here} {
		if err := smtp.SendMail(address, nil, sender, []string{to}, []byte(letter)); err != nil {
			t.Fatal(err)
		}
	}
	var files []string
	for end := time.Now().Add(time.Minute); len(files) < 2 && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if files, err = filepath.Glob(filepath.Join(dir, "all", "new", "*")); err != nil {
			t.Fatal(err)
		}
	}
	all := ""
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all += string(text)
	}
	for _, want := range []string{"Return-Path: <" + sender + ">", "Delivered-To: ada@" + mtatest.Here, "Delivered-To: grace@" + mtatest.Here} {
		if !strings.Contains(all, want+"\n") {
			t.Errorf("no mail says %q:\n%s", want, all)
		}
	}
}
