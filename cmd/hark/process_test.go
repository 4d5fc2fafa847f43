package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// What the test program is when it starts itself again as another process.
const (
	beHark = "HARK_TEST_BE_HARK" // any value: hark, with the arguments
	beSMTP = "HARK_TEST_BE_SMTP" // a folder: a mail server that keeps each message there
)

func TestMain(m *testing.M) {
	switch {
	case os.Getenv(beHark) != "":
		main()
	case os.Getenv(beSMTP) != "":
		if err := receiveMail(os.Getenv(beSMTP), os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		os.Exit(m.Run())
	}
}

// receiveMail is a mail server: it prints its address, and writes each message
// to a file named after its recipient, until it is killed.
func receiveMail(dir string, out io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &receiver{dir: dir}, nil }))
	server.Domain = "mx.example.test"
	fmt.Fprintln(out, listener.Addr())
	return server.Serve(listener)
}

type receiver struct {
	dir string
	to  string
}

func (r *receiver) Mail(string, *smtp.MailOptions) error { return nil }

func (r *receiver) Rcpt(to string, _ *smtp.RcptOptions) error {
	r.to = to
	return nil
}

func (r *receiver) Data(body io.Reader) error {
	content, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	partial, err := os.CreateTemp(r.dir, "partial-")
	if err != nil {
		return err
	}
	defer partial.Close()
	if _, err := partial.Write(content); err != nil {
		return err
	}
	return os.Rename(partial.Name(), fmt.Sprintf("%s/%s-%d.eml", r.dir, r.to, time.Now().UnixNano()))
}

func (r *receiver) Reset()        { r.to = "" }
func (r *receiver) Logout() error { return nil }

// again is the command that starts this test program again.
func again(tb testing.TB, role, value string, args ...string) *exec.Cmd {
	tb.Helper()
	program, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	command := exec.Command(program, args...)
	command.Env = append(withoutSettings(os.Environ()), role+"="+value)
	command.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return command
}

func withoutSettings(environ []string) []string {
	var kept []string
	for _, entry := range environ {
		if !strings.HasPrefix(entry, settingPrefix) {
			kept = append(kept, entry)
		}
	}
	return kept
}

// mailServer starts a mail server as a process and returns its HARK_SMTP and
// its folder.
func mailServer(tb testing.TB) (address, dir string) {
	tb.Helper()
	dir = tb.TempDir()
	command := again(tb, beSMTP, dir)
	out, err := command.StdoutPipe()
	if err != nil {
		tb.Fatal(err)
	}
	if err := command.Start(); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		tb.Fatalf("read the mail server's address: %v", err)
	}
	return "smtp+plain://" + strings.TrimSpace(line), dir
}

// letterTo waits for the first mail to an address.
func letterTo(tb testing.TB, dir, to string) []byte {
	tb.Helper()
	for range 400 {
		found, _ := filepath.Glob(filepath.Join(dir, to+"-*.eml"))
		if len(found) > 0 {
			content, err := os.ReadFile(found[0])
			if err != nil {
				tb.Fatal(err)
			}
			return content
		}
		time.Sleep(50 * time.Millisecond)
	}
	tb.Fatalf("no mail to %s came within 20 seconds", to)
	return nil
}

// installation is a Hark that tests run as real processes: its settings.
type installation struct {
	tb       testing.TB
	settings []string
	url      string
	addr     string
}

// install chooses the settings of a Hark on a database.
func install(tb testing.TB, database string, settings ...string) *installation {
	tb.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	addr := listener.Addr().String()
	listener.Close()
	_, port, _ := net.SplitHostPort(addr)
	in := &installation{tb: tb, addr: addr, url: "http://localhost:" + port}
	in.settings = append([]string{"HARK_DATABASE=" + database, "HARK_ADDR=" + addr, "HARK_URL=" + in.url, "HARK_LOG=json"}, settings...)
	return in
}

// command runs a command to its end and returns what it prints.
func (in *installation) command(input string, args ...string) string {
	in.tb.Helper()
	command := again(in.tb, beHark, "1", args...)
	command.Env = append(command.Env, in.settings...)
	command.Stdin = strings.NewReader(input)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	out, err := command.Output()
	if err != nil {
		in.tb.Fatalf("hark %s: %v\n%s%s", strings.Join(args, " "), err, out, stderr.String())
	}
	return string(out)
}

// process is a server that runs.
type process struct {
	tb      testing.TB
	command *exec.Cmd
	log     *logLines
	ended   chan error
}

// serve starts a server and waits until it answers.
func (in *installation) serve(more ...string) *process {
	in.tb.Helper()
	command := again(in.tb, beHark, "1", "serve")
	command.Env = append(append(command.Env, in.settings...), more...)
	log := &logLines{}
	command.Stderr = log
	if err := command.Start(); err != nil {
		in.tb.Fatal(err)
	}
	p := &process{tb: in.tb, command: command, log: log, ended: make(chan error, 1)}
	go func() { p.ended <- command.Wait() }()
	in.tb.Cleanup(func() {
		_ = command.Process.Kill()
		if in.tb.Failed() {
			in.tb.Logf("the server's log:\n%s", log)
		}
	})
	in.waitReady(p)
	return p
}

func (in *installation) waitReady(p *process) {
	in.tb.Helper()
	for range 400 {
		select {
		case err := <-p.ended:
			in.tb.Fatalf("the server ended: %v\n%s", err, p.log)
		default:
		}
		if response, err := http.Get("http://" + in.addr + "/readyz"); err == nil {
			response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return
			}
		}
		time.Sleep(25 * time.Millisecond)
	}
	in.tb.Fatalf("the server is not ready after 10 seconds\n%s", p.log)
}

// stop asks the server to stop and returns how it ended.
func (p *process) stop() error {
	p.tb.Helper()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		p.tb.Fatal(err)
	}
	select {
	case err := <-p.ended:
		p.ended <- err
		return err
	case <-time.After(30 * time.Second):
		p.tb.Fatal("the server did not stop within 30 seconds")
		return nil
	}
}

// call sends a JSON body with an API key and decodes the answer.
func (in *installation) call(ctx context.Context, method, path, key, body string, answer any) int {
	in.tb.Helper()
	request, err := http.NewRequestWithContext(ctx, method, "http://"+in.addr+path, strings.NewReader(body))
	if err != nil {
		in.tb.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		in.tb.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		in.tb.Fatal(err)
	}
	if answer != nil {
		if err := json.Unmarshal(content, answer); err != nil {
			in.tb.Fatalf("%s %s answers %d %s: %v", method, path, response.StatusCode, content, err)
		}
	}
	return response.StatusCode
}

// lettersIn counts the mails that the mail server has received.
func lettersIn(tb testing.TB, dir string) int {
	tb.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*.eml"))
	if err != nil {
		tb.Fatal(err)
	}
	return len(found)
}
