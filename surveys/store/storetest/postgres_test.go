package storetest

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// leaseEnv makes TestLease hold a server instead of testing one.
const leaseEnv = "HARK_TEST_HOLD_LEASE"

func TestPostgresDatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	first, second := Postgres(t), Postgres(t)
	if first == second {
		t.Fatalf("two tests share the database %s", first)
	}
	run(t, first, "CREATE TABLE here (id int)")
	if found := ask(t, second, "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'"); found != "0" {
		t.Errorf("a fresh database has %s tables, want none", found)
	}
}

func TestPostgresSpeaksAllLanguages(t *testing.T) {
	t.Parallel()
	database := Postgres(t)
	for query, want := range map[string]string{
		"SHOW server_encoding":      "UTF8",
		"SELECT lower('ÉCOUTER')":   "écouter",
		"SELECT length('你好')::text": "2",
	} {
		if got := ask(t, database, query); got != want {
			t.Errorf("%s = %q, want %q", query, got, want)
		}
	}
}

func TestPostgresIsDroppedWithItsTest(t *testing.T) {
	t.Parallel()
	keeper := Postgres(t)
	var gone string
	t.Run("a test that leaves a connection open", func(t *testing.T) {
		gone = Postgres(t)
		if _, err := pgx.Connect(context.Background(), gone); err != nil {
			t.Fatal(err)
		}
	})
	config, err := pgx.ParseConfig(gone)
	if err != nil {
		t.Fatal(err)
	}
	query := "SELECT count(*)::text FROM pg_database WHERE datname = '" + config.Database + "'"
	if left := ask(t, keeper, query); left != "0" {
		t.Errorf("the database %s is left after its test", config.Database)
	}
}

func TestDurableIsDurableAndEndsWithItsTest(t *testing.T) {
	t.Parallel()
	var dir string
	t.Run("measure", func(t *testing.T) {
		database := Durable(t)
		if fsync := ask(t, database, "SHOW fsync"); fsync != "on" {
			t.Errorf("fsync = %s, want on", fsync)
		}
		dir = ask(t, database, "SHOW data_directory")
	})
	if os.Getenv(PostgresEnv) != "" {
		return // the server is not ours to end
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("%s is left after the test: %v", dir, err)
	}
}

// TestLease kills a process that holds a server, with the one signal that it
// cannot handle, and expects the server and its files to be gone soon.
func TestLease(t *testing.T) {
	if os.Getenv(leaseEnv) != "" {
		holdServer(t)
		return
	}
	t.Parallel()
	for name, moment := range map[string]string{
		"while the server runs":   "running",
		"while initdb is at work": "starting",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			temp := t.TempDir()
			// The account that runs the server must get through to its directory.
			for dir := temp; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
				if err := os.Chmod(dir, 0o777); err != nil {
					t.Fatal(err)
				}
			}
			holder := exec.Command(os.Args[0], "-test.run=^TestLease$", "-test.v")
			holder.Env = append(os.Environ(), leaseEnv+"=1", "TMPDIR="+temp)
			waitForMoment(t, holder, moment)
			if moment == "starting" {
				waitForFile(t, filepath.Join(temp, "hark-pg-*", "data", "*")) // initdb has begun
			}
			if len(servers(t, temp)) != 1 {
				t.Fatalf("no server's directory in %s: the test has nothing to see", temp)
			}
			if err := holder.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			_ = holder.Wait() // "signal: killed", as we did
			expectNothingLeft(t, temp)
		})
	}
}

// holdServer is the child's part: it says where it is, and never ends by itself.
func holdServer(t *testing.T) {
	os.Stdout.WriteString("moment starting\n")
	server, err := start(forgetful)
	if err != nil {
		t.Fatal(err)
	}
	os.Stdout.WriteString("moment running " + server.dir + "\n")
	time.Sleep(time.Minute)
}

// waitForMoment starts holder and returns when it has reached moment.
func waitForMoment(t *testing.T, holder *exec.Cmd, moment string) {
	t.Helper()
	output, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	var said []string
	for lines := bufio.NewScanner(output); lines.Scan(); {
		said = append(said, lines.Text())
		if strings.Contains(lines.Text(), "moment "+moment) {
			return
		}
	}
	t.Fatalf("the holder ended before it was %s:\n%s", moment, strings.Join(said, "\n"))
}

// waitForFile returns when a file of the pattern exists.
func waitForFile(t *testing.T, pattern string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return
		}
	}
	t.Fatalf("there is no %s after a minute", pattern)
}

// expectNothingLeft waits until no server's directory is in temp.
func expectNothingLeft(t *testing.T, temp string) {
	t.Helper()
	var left []string
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if left = servers(t, temp); len(left) == 0 {
			return
		}
	}
	t.Errorf("left behind: %v", left)
}

// servers lists the servers' directories in temp. A directory goes after its
// server has ended.
func servers(t *testing.T, temp string) []string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(temp, "hark-pg-*"))
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestProgram(t *testing.T) {
	t.Parallel()
	// The URL must do for PostgreSQL's own programs too: pgbench connects as psql.
	out, err := exec.Command(Program(t, "psql"), "--no-psqlrc", "-Atc", "SELECT 6 * 7", Postgres(t)).CombinedOutput()
	if err != nil || string(out) != "42\n" {
		t.Errorf("psql says %q, %v", out, err)
	}
	out, err = exec.Command(Program(t, "pgbench"), "--version").Output()
	if err != nil || !strings.HasPrefix(string(out), "pgbench (PostgreSQL)") {
		t.Errorf("pgbench --version = %q, %v", out, err)
	}
	if _, err := program("no-such-program"); err == nil || !strings.Contains(err.Error(), "apt-get install postgresql") {
		t.Errorf("a missing program gives %v, want a sentence that says what to install", err)
	}
}
