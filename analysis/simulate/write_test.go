package simulate

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
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
	put("made", made(size))
	if err := os.WriteFile(page, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// made says what the tables are drawn with. Nothing of the machine is in it, so
// that the page is the same wherever it is made.
func made(s Size) string {
	return fmt.Sprintf("Seed %d; %d series for each cell of the tables of rules, dates and segments, %d years for each of verdicts, mix and young surveys, %d pairs of years for each of the year before.\n",
		seed, s.Series, s.Years, s.Pasts)
}
