package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"github.com/harkhq/hark/surveys"
)

// file is the SQLite file as it was opened. Its zero value stands for a
// database that is no file.
type file struct {
	path   string
	opened os.FileInfo
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

// usable reports a file that this process must not open or cannot write. It
// opens and closes the file, which ends this process's locks on it: call it
// before SQLite opens it.
func usable(path string) error {
	opened, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrPermission) {
		return fmt.Errorf("write to the SQLite file %s: %w: check that the user who runs Hark may write to it and to its folder", path, err)
	}
	if err != nil {
		return nil // there is none yet; or SQLite says better what is wrong
	}
	defer opened.Close()
	info, err := opened.Stat()
	if err != nil {
		return fmt.Errorf("look at the SQLite file %s: %w", path, err)
	}
	// SQLite keeps its log beside the name by which the file was opened. Two
	// names, two logs: each would undo the other's writes and ruin the file.
	if system, ok := info.Sys().(*syscall.Stat_t); ok && system.Nlink > 1 {
		return fmt.Errorf("the SQLite file %s has %d names (hard links), and opening it under two of them ruins it: remove the others, or copy the file instead", path, system.Nlink)
	}
	return nil
}
