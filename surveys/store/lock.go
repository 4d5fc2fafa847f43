package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// waitForFile holds a file's lock once no other process does.
func waitForFile(ctx context.Context, path string) (release func(), err error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create the lock file: %w", err)
	}
	for {
		err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { file.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			file.Close()
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		select {
		case <-ctx.Done():
			file.Close()
			return nil, fmt.Errorf("wait for another process that holds %s: %w", path, ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Lock keeps a second server off the same SQLite file for as long as this
// process lives, or until the returned function is called. Commands such as
// import may still write beside a server; two servers would both schedule and
// mail. On PostgreSQL servers share the work, and Lock does nothing.
//
// A lock file beside the database, with symbolic links resolved, says which
// process it is. A file with several hard links is not opened at all, see
// [usable].
func (s *Store) Lock() (release func(), err error) {
	if s.dialect == Postgres {
		return func() {}, nil
	}
	path, err := filepath.EvalSymlinks(s.file.path)
	if err != nil {
		return nil, fmt.Errorf("find the database to lock it: %w", err)
	}
	named, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("create the lock file: %w", err)
	}
	if err := syscall.Flock(int(named.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer named.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			owner := make([]byte, 32)
			n, _ := named.Read(owner)
			return nil, s.inUse(" (process " + strings.TrimSpace(string(owner[:n])) + ")")
		}
		return nil, fmt.Errorf("lock %s: %w", named.Name(), err)
	}
	if err := named.Truncate(0); err == nil {
		_, _ = fmt.Fprintln(named, os.Getpid())
	}
	return func() { named.Close() }, nil
}

func (s *Store) inUse(who string) error {
	return fmt.Errorf("another Hark server%s is using %s: stop it first, or give this one its own file with HARK_DATABASE; several servers can share a PostgreSQL database", who, s.file.path)
}
