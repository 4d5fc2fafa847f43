package storetest

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// startLimit is how long a server may take to answer; a loaded machine with
// one slow disk needs some ten seconds for initdb.
const startLimit = 90 * time.Second

// watch is the script that runs a server for as long as its standard input is
// open.
//
//go:embed watch.sh
var watch string

// durability is what a private server promises about a power cut.
type durability int

const (
	forgetful durability = iota // nothing, and fast
	durable                     // what production promises
)

// settings is the server's command line. max_connections is wide because the
// tests of a package run in parallel, each with a pool of its own.
func (d durability) settings() []string {
	settings := []string{"-c", "max_connections=400"}
	if d == forgetful {
		settings = append(settings, "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off")
	}
	return settings
}

// server is a private PostgreSQL in a temporary directory. It listens on a unix
// socket in that directory only: no port can be taken, and nobody else on the
// machine can enter.
//
// It ends with this process, however this process ends. A shell in a session of
// its own runs it and reads a pipe whose other end only this process holds: on
// return, panic, time-out, Ctrl-C and kill -9 alike the kernel closes that end,
// and the shell stops the server and deletes the directory.
type server struct {
	url   string         // of the database for administration
	dir   string         // data, log and socket
	watch *exec.Cmd      // the shell
	lease io.WriteCloser // closed to stop the server
}

// start creates and starts a server, and returns when it takes connections.
func start(promise durability) (*server, error) {
	initdb, err := program("initdb")
	if err != nil {
		return nil, err
	}
	// Short, since the path of a unix socket may have 107 bytes only.
	dir, err := os.MkdirTemp("", "hark-pg-")
	if err != nil {
		return nil, fmt.Errorf("make the server's directory: %w", err)
	}
	s := &server{dir: dir, url: socketURL(dir)}
	args := append([]string{"-c", watch, "hark-postgres", filepath.Dir(initdb), dir}, promise.settings()...)
	s.watch = exec.Command("/bin/sh", args...)
	s.watch.Dir = dir
	// Neither PGDATA and its like nor a locale may reach the server.
	s.watch.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "TZ=UTC"}
	s.watch.SysProcAttr = &syscall.SysProcAttr{Setsid: true} // out of Ctrl-C's reach
	if err := s.launch(); err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if err := s.ready(); err != nil {
		log, _ := os.ReadFile(filepath.Join(dir, "log"))
		s.stop()
		return nil, fmt.Errorf("%w; its log: %s", err, strings.TrimSpace(string(log)))
	}
	return s, nil
}

// launch gives the directory to the user that may run PostgreSQL, and starts
// the shell as that user.
func (s *server) launch() error {
	if os.Geteuid() == 0 { // PostgreSQL refuses to run as root
		owner, err := unprivileged()
		if err != nil {
			return err
		}
		if err := os.Chown(s.dir, int(owner.Uid), int(owner.Gid)); err != nil {
			return fmt.Errorf("give the server's directory away: %w", err)
		}
		s.watch.SysProcAttr.Credential = owner
	}
	lease, err := s.watch.StdinPipe()
	if err != nil {
		return fmt.Errorf("open the pipe to the server's shell: %w", err)
	}
	s.lease = lease
	if err := s.watch.Start(); err != nil {
		return fmt.Errorf("start the server's shell in %s: %w", s.dir, err)
	}
	return nil
}

// ready waits until the server takes connections, or has ended.
func (s *server) ready() error {
	deadline := time.Now().Add(startLimit)
	for {
		err := on(s.url, func(ctx context.Context, conn *pgx.Conn) error { return conn.Ping(ctx) })
		if err == nil {
			return nil
		}
		if _, gone := os.Stat(filepath.Join(s.dir, "stopped")); gone == nil {
			return errors.New("PostgreSQL ended at its start")
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("PostgreSQL does not answer after %s: %w", startLimit, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// stop ends the server and deletes its directory.
func (s *server) stop() {
	// Neither error says anything: the shell ends by the signal it sends to its
	// own group, and it deletes the directory before.
	_ = s.lease.Close()
	_ = s.watch.Wait()
	_ = os.RemoveAll(s.dir)
}

// socketURL is the URL of the database for administration of a server whose
// socket lies in dir.
func socketURL(dir string) string {
	target := url.URL{Scheme: "postgres", User: url.User("hark"), Path: "/postgres"}
	target.RawQuery = url.Values{"host": {dir}, "sslmode": {"disable"}}.Encode()
	return target.String()
}

// unprivileged is the account under which root runs the server: PostgreSQL's
// own, or the one that every system has.
func unprivileged() (*syscall.Credential, error) {
	account, err := user.Lookup("postgres")
	if err != nil {
		account, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, fmt.Errorf("find an account to run PostgreSQL, which refuses root: %w", err)
	}
	uid, err := strconv.ParseUint(account.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read the id of the account %s: %w", account.Username, err)
	}
	gid, err := strconv.ParseUint(account.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read the group of the account %s: %w", account.Username, err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// program finds one of PostgreSQL's programs: the newest under Debian's folder,
// where they are not in the path, else the one in the path.
func program(name string) (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/" + name)
	if err != nil {
		return "", fmt.Errorf("look for %s: %w", name, err)
	}
	newest, version := "", -1
	for _, path := range found {
		number, err := strconv.Atoi(strings.Split(path, "/")[4])
		if err == nil && number > version {
			newest, version = path, number
		}
	}
	if newest != "" {
		return newest, nil
	}
	if path, err := exec.LookPath(name); err == nil {
		return path, nil
	}
	return "", fmt.Errorf("PostgreSQL's %s is not installed: run `make test-deps`, or `apt-get install postgresql`, or set %s to the URL of a server", name, PostgresEnv)
}
