//go:build unix

package main

import (
	"os"

	"golang.org/x/sys/unix"
)

// columns is how many characters a line of a terminal holds; 0 when the file is
// no terminal.
func columns(file *os.File) int {
	size, err := unix.IoctlGetWinsize(int(file.Fd()), unix.TIOCGWINSZ)
	if err != nil {
		return 0
	}
	return int(size.Col)
}
