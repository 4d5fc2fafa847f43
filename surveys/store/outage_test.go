package store_test

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/harkhq/hark/surveys"
	"github.com/harkhq/hark/surveys/store"
	"github.com/harkhq/hark/surveys/store/storetest"
)

// unavailable checks that a failure is the database's, and which.
func unavailable(t *testing.T, err error, code string) {
	t.Helper()
	known, ok := err.(*surveys.Error)
	if !ok || known.Kind != surveys.Unavailable || known.Code != code || known.RetryAfter <= 0 {
		t.Errorf("got %v, want unavailable (%s) with the time to come back", err, code)
	}
}

func TestOpenSaysWhatToCheck(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := listener.Addr().String()
	listener.Close()
	dir := t.TempDir()
	garbage := filepath.Join(dir, "letter.txt")
	if err := os.WriteFile(garbage, []byte(strings.Repeat("Dear customer, ", 500)), 0o600); err != nil {
		t.Fatal(err)
	}
	missing := storetest.Postgres(t) + "&dbname=nowhere"
	for name, c := range map[string]struct {
		address string
		words   []string
	}{
		"wrong scheme":             {"mysql://hark:s3cret@db/hark", []string{"sqlite:PATH", "postgres://"}},
		"no file":                  {"sqlite:", []string{"names no file", "sqlite:PATH"}},
		"memory":                   {"sqlite::memory:", []string{"names no file"}},
		"missing directory":        {"sqlite:" + dir + "/no/hark.db", []string{dir + "/no", "does not exist", "HARK_DATABASE"}},
		"a directory":              {"sqlite:" + dir, []string{dir, "is a directory", "hark.db"}},
		"another program's file":   {"sqlite:" + garbage, []string{garbage, "Hark's own SQLite file"}},
		"nobody listens":           {"postgres://hark:s3cret@" + closed + "/hark?sslmode=disable", []string{closed, "check that PostgreSQL runs", "host and port"}},
		"password in the query":    {"postgres://" + closed + "/hark?sslmode=disable&password=s3cret", []string{"check that PostgreSQL runs"}},
		"no such database":         {missing, []string{"create the database"}},
		"unknown setting":          {"postgres://hark:s3cret@" + closed + "/hark?sslmode=perhaps", []string{"sslmode"}},
		"unreadable address":       {"postgres://hark:s3cret@[::1/hark", []string{"unreadable address"}},
		"port that is no number":   {"postgres://hark:s3cret@localhost:fifty/hark", []string{"address"}},
		"host that does not exist": {"postgres://hark:s3cret@db.invalid/hark?connect_timeout=5", []string{"check that PostgreSQL runs"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := store.Open(context.Background(), store.Options{URL: c.address})
			if err == nil {
				s.Close()
				t.Fatal("it opened")
			}
			for _, word := range c.words {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q does not say %q", err, word)
				}
			}
			if strings.Contains(err.Error(), "s3cret") {
				t.Errorf("%q tells the password", err)
			}
		})
	}
}

func TestSQLiteReadOnly(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	w := storetest.Workspace(t, s)
	if _, err := s.Writers().Exec("PRAGMA query_only = 1"); err != nil {
		t.Fatal(err)
	}
	survey := surveys.Survey{WorkspaceID: w.ID, ID: storetest.ID(t, s), Key: "abcdefgh", Metric: surveys.NPS}
	err := s.InTx(context.Background(), func(tx *store.Tx) error { return tx.CreateSurvey(context.Background(), survey) })
	unavailable(t, err, "database_readonly")
}

// TestSQLiteReadOnlyFile opens a file on which this user may not write.
func TestSQLiteReadOnlyFile(t *testing.T) {
	t.Parallel()
	address := storetest.URL(t, store.SQLite)
	path := strings.TrimPrefix(address, "sqlite:")
	s := storetest.OpenURL(t, address, storetest.Start)
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	folder := filepath.Dir(path)
	for place, mode := range map[string]os.FileMode{path: 0o444, folder: 0o555, filepath.Dir(folder): 0o755} {
		if err := os.Chmod(place, mode); err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	restore := dropRoot(t)
	_, err := store.Open(context.Background(), store.Options{URL: address})
	restore()
	if err == nil || !strings.Contains(err.Error(), "may write") {
		t.Errorf("got %v, want the advice to check the file's permissions", err)
	}
}

// dropRoot takes root's power over files from the goroutine of a test, since
// root may write to every file, until the returned function gives it back.
func dropRoot(t *testing.T) (restore func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		return func() {}
	}
	runtime.LockOSThread()
	if err := syscall.Setfsuid(65534); err != nil {
		t.Fatalf("become nobody: %v", err)
	}
	return func() {
		if err := syscall.Setfsuid(0); err != nil {
			t.Errorf("become root again: %v", err)
		}
		runtime.UnlockOSThread()
	}
}

func TestSQLiteFull(t *testing.T) {
	t.Parallel()
	s := storetest.Open(t, store.SQLite)
	survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
	pages := texts(t, s.Writers(), "PRAGMA page_count")[0]
	if _, err := s.Writers().Exec("PRAGMA max_page_count = " + pages); err != nil {
		t.Fatal(err)
	}
	in := store.NewIngest(s, nil)
	defer in.Close()
	r := storetest.Response(t, s, survey, 9)
	r.Comment = strings.Repeat("a full disk ", 10_000)
	_, err := in.Submit(context.Background(), store.Submission{Response: r})
	unavailable(t, err, "database_full")
	unavailable(t, s.Ping(context.Background()), "database_full")
	if _, err := s.Writers().Exec("PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	if _, err := in.Submit(context.Background(), store.Submission{Response: r}); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if err := s.Ping(context.Background()); err != nil {
		t.Errorf("ready again: %v", err)
	}
	consistent(t, s, survey, 1)
}

func TestPostgresReadOnly(t *testing.T) {
	t.Parallel()
	address := storetest.Postgres(t)
	s := storetest.OpenURL(t, address, storetest.Start)
	if err := s.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	survey := storetest.Survey(t, s, storetest.Workspace(t, s).ID, surveys.NPS)
	standby := storetest.OpenURL(t, address+"&default_transaction_read_only=on", storetest.Start)
	in := store.NewIngest(standby, nil)
	defer in.Close()
	_, err := in.Submit(context.Background(), store.Submission{Response: storetest.Response(t, s, survey, 9)})
	unavailable(t, err, "database_readonly")
	consistent(t, s, survey, 0)
}

// TestPostgresGone takes the server away under a running store, by a proxy
// that stops, and gives it back.
func TestPostgresGone(t *testing.T) {
	t.Parallel()
	address := storetest.Postgres(t)
	direct := storetest.OpenURL(t, address, storetest.Start)
	if err := direct.Migrate(context.Background()); err != nil {
		t.Fatal(err)
	}
	survey := storetest.Survey(t, direct, storetest.Workspace(t, direct).ID, surveys.NPS)
	proxy := newProxy(t, address)
	var log bytes.Buffer
	s, err := store.Open(context.Background(), store.Options{
		URL: proxy.address(address), Now: storetest.Start, Random: storetest.NewRandom(2), Log: slog.New(slog.NewTextHandler(&log, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	in := store.NewIngest(s, nil)
	defer in.Close()
	submit := func() error {
		_, err := in.Submit(context.Background(), store.Submission{Response: storetest.Response(t, s, survey, 9)})
		return err
	}
	if err := submit(); err != nil {
		t.Fatal(err)
	}
	proxy.stop()
	err = submit()
	unavailable(t, err, "database_gone")
	if strings.Contains(err.Error()+log.String(), "s3cret") {
		t.Errorf("the password is told: %v, %s", err, log.String())
	}
	_, err = s.Survey(context.Background(), survey.WorkspaceID, survey.ID)
	unavailable(t, err, "database_gone")
	unavailable(t, s.Ping(context.Background()), "database_gone")
	proxy.start(t)
	if err := submit(); err != nil {
		t.Errorf("with the server back: %v", err)
	}
	consistent(t, direct, survey, 2)
}

// proxy carries bytes to a PostgreSQL server's socket, until it is stopped.
type proxy struct {
	target   string
	listener net.Listener
	conns    chan net.Conn
}

func newProxy(t *testing.T, address string) *proxy {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{conns: make(chan net.Conn, 1000)}
	if host := u.Query().Get("host"); strings.HasPrefix(host, "/") {
		p.target = host + "/.s.PGSQL.5432"
	} else {
		p.target = u.Host
	}
	p.start(t)
	t.Cleanup(p.stop)
	return p
}

func (p *proxy) start(t *testing.T) {
	t.Helper()
	at := "127.0.0.1:0"
	if p.listener != nil {
		at = p.listener.Addr().String()
	}
	listener, err := net.Listen("tcp", at)
	if err != nil {
		t.Fatal(err)
	}
	p.listener = listener
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			p.carry(conn)
		}
	}()
}

func (p *proxy) carry(conn net.Conn) {
	network := "tcp"
	if strings.HasPrefix(p.target, "/") {
		network = "unix"
	}
	server, err := net.DialTimeout(network, p.target, 5*time.Second)
	if err != nil {
		conn.Close()
		return
	}
	p.conns <- conn
	p.conns <- server
	go pour(server, conn)
	go pour(conn, server)
}

func pour(to, from net.Conn) {
	defer to.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if _, writeErr := to.Write(buffer[:n]); err != nil || writeErr != nil {
			return
		}
	}
}

func (p *proxy) stop() {
	p.listener.Close()
	for {
		select {
		case conn := <-p.conns:
			conn.Close()
		default:
			return
		}
	}
}

// address is a PostgreSQL address through the proxy, with a password.
func (p *proxy) address(direct string) string {
	u, err := url.Parse(direct)
	if err != nil {
		return ""
	}
	u.User = url.UserPassword(u.User.Username(), "s3cret")
	u.Host = p.listener.Addr().String()
	query := u.Query()
	query.Del("host")
	u.RawQuery = query.Encode()
	return u.String()
}
