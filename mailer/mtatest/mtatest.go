// Package mtatest starts the mail servers that others run, Postfix and Exim,
// for tests: what they make of Hark's letters, and what they send back. It
// stands beside smtptest, whose server is ours and does what a test wants: these
// do what they do.
package mtatest

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// The domains that a server knows.
const (
	// Here is its own: without a [World.Maildir] it knows nobody there, but for
	// Exim's mailbox full@, which is.
	Here = "customers.example"
	// Far is another server's.
	Far = "far.example"
	// Reports is where Hark takes what comes back.
	Reports = "bounces.shop.example"
)

// World is what stands around a mail server.
type World struct {
	Maildir string // where all mail for [Here] is put, by Postfix only; "" for nowhere
	Far     string // HOST:PORT of the SMTP server of [Far]; "" for none
	Reports string // HOST:PORT of the LMTP server of [Reports]; "" for none
}

// needRoot skips the test of those who may not start a mail server.
func needRoot(tb testing.TB) {
	tb.Helper()
	if os.Geteuid() != 0 { // masters and deliveries change their user
		tb.Skip("only root may start a mail server")
	}
}

// need fails the test where a program is missing: nobody should believe that it
// passed.
func need(tb testing.TB, paths ...string) string {
	tb.Helper()
	for _, path := range paths {
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	tb.Fatalf("%s is missing: run `make test-deps`", paths[0])
	return ""
}

// directory makes one that every user may walk through, and removes it after
// the test.
func directory(tb testing.TB) string {
	tb.Helper()
	dir, err := os.MkdirTemp("", "hark-mta")
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// port is a free one.
func port(tb testing.TB) string {
	tb.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	defer socket.Close()
	_, port, err := net.SplitHostPort(socket.Addr().String())
	if err != nil {
		tb.Fatal(err)
	}
	return port
}

// write writes the files of a server.
func write(tb testing.TB, dir string, files map[string]string) {
	tb.Helper()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			tb.Fatal(err)
		}
	}
}

// do runs a command to its end.
func do(tb testing.TB, name string, words ...string) {
	tb.Helper()
	if out, err := exec.Command(name, words...).CombinedOutput(); err != nil {
		tb.Fatalf("%s %s: %v\n%s", name, strings.Join(words, " "), err, out)
	}
}

// route is a server's address as its host and port.
func route(tb testing.TB, address string) (host, port string) {
	tb.Helper()
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		tb.Fatal(err)
	}
	return host, port
}

// patience is how long a server may take to begin.
const patience = 20 * time.Second

// answers waits until somebody listens.
func answers(tb testing.TB, address string) {
	tb.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			conn.Close()
			return
		}
		if time.Now().After(end) {
			tb.Fatalf("nobody listens at %s: %v", address, err)
		}
	}
}

// tell shows a log when the test has failed.
func tell(tb testing.TB, file string) {
	if tb.Failed() {
		log, _ := os.ReadFile(file)
		tb.Logf("the mail server says:\n%s", tail(string(log)))
	}
}

// tail is the end of a long text.
func tail(text string) string {
	const most = 20_000
	if len(text) > most {
		return fmt.Sprintf("… %s", text[len(text)-most:])
	}
	return text
}
