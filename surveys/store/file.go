package store

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"syscall"

	"github.com/harkhq/hark/surveys"
)

// file is the SQLite file as it was opened. Its zero value stands for a
// database that is no file.
type file struct {
	path   string
	opened os.FileInfo
	locked *os.File // open until the store is closed; nil without a lock
}

// remember keeps which file the path names now that SQLite has opened it.
func (f *file) remember() (err error) {
	if f.path == "" {
		return nil
	}
	if f.opened, err = os.Stat(f.path); err != nil {
		return fmt.Errorf("look at the database's file: %w", err)
	}
	return nil
}

// check is Unavailable when the path does not name the opened file any more:
// somebody deleted or moved it, or put another in its place. SQLite would go
// on writing to a file that nobody can find. It costs a microsecond.
func (f *file) check() error {
	if f.opened == nil {
		return nil
	}
	now, err := os.Stat(f.path)
	if err == nil && os.SameFile(now, f.opened) {
		return nil
	}
	if err == nil {
		err = fmt.Errorf("%s is not the file that was opened", f.path)
	}
	return &surveys.Error{Kind: surveys.Unavailable, Code: "database_gone_file", RetryAfter: retryAfter, Err: fmt.Errorf("look for the database's file: %w", err)}
}

// The lock on the file itself: one byte far beyond those that SQLite locks
// (around 1 GiB), where no database of Hark's has data.
const (
	lockedByte     = 1 << 60
	setDescription = 37 // F_OFD_SETLK of Linux, which package syscall lacks
)

// lock locks the file under whatever name it was opened, or returns EAGAIN when
// another process did. It is a lock of Linux's open file descriptions: flock
// would do on Linux's own file systems, but locks SQLite out over NFS and on
// the BSDs, and a classic POSIX lock would end when SQLite closes any of its
// descriptors. Elsewhere than on Linux it does nothing.
//
// Closing a descriptor ends the POSIX locks of the whole process on the file,
// SQLite's own among them. So this one stays open until the store is closed,
// even when the lock was refused or given back.
func (f *file) lock() (unlock func(), err error) {
	if runtime.GOOS != "linux" {
		return func() {}, nil
	}
	if f.locked == nil {
		if f.locked, err = os.OpenFile(f.path, os.O_RDWR, 0); err != nil {
			return nil, err
		}
	}
	set := func(kind int16) error {
		return syscall.FcntlFlock(f.locked.Fd(), setDescription, &syscall.Flock_t{Type: kind, Whence: io.SeekStart, Start: lockedByte, Len: 1})
	}
	if err := set(syscall.F_WRLCK); err != nil {
		return nil, err
	}
	return func() { _ = set(syscall.F_UNLCK) }, nil // it ends with the process anyway
}

// close ends the lock. SQLite's connections must be closed before.
func (f *file) close() {
	if f.locked != nil {
		f.locked.Close()
	}
}
