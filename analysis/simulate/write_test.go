//go:build unix

package simulate

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"time"
)

// writeTables makes the page's tables anew, as make simulate does.
var writeTables = flag.Bool("write-tables", false, "simulate at full size and write the tables of docs/methods.md anew")

// TestWriteTables runs the full size, and only when it is asked to.
func TestWriteTables(t *testing.T) {
	if !*writeTables {
		return
	}
	size := Full()
	tables, err := Tables(rand.New(rand.NewPCG(seed, 0)), size)
	if err != nil {
		t.Fatal(err)
	}
	text := readPage(t)
	put := func(name, content string) {
		if !place(name).MatchString(text) {
			t.Fatalf("%s has no place for %q", page, name)
		}
		text = place(name).ReplaceAllStringFunc(text, func(old string) string {
			parts := place(name).FindStringSubmatch(old)
			return parts[1] + content + parts[3]
		})
	}
	for _, table := range tables {
		put(table.Name, table.Markdown())
	}
	put("made", fmt.Sprintf("Seed %d; %d series for each cell of the tables of rules, dates and segments, %d years for each of verdicts, mix and the year before; %v of processor time.\n",
		seed, size.Series, size.Years, worked(t).Round(time.Second)))
	if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// worked is for how long processors have worked for this process: unlike the
// time on the wall, it is about the same on a busy machine.
func worked(t *testing.T) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
