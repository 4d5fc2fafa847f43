package simulate

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/harkhq/hark/analysis"
)

// page is where the tables stand, seed what they are drawn with.
const (
	page = "../../docs/methods.md"
	seed = 20261116
)

// place is where a table stands in the page.
func place(name string) *regexp.Regexp {
	return regexp.MustCompile(`(?s)(<!-- simulated: ` + name + ` -->\n)(.*?)(<!-- end -->)`)
}

// tableAt is the table that stands in the page.
func tableAt(t *testing.T, text, name string) Table {
	t.Helper()
	found := place(name).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("%s has no place for the table %q", page, name)
	}
	table := Table{Name: name}
	for i, line := range strings.Split(strings.TrimSpace(found[2]), "\n") {
		cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "| "), " |"), " | ")
		switch i {
		case 0:
			table.Header = cells
		case 1: // the line under the header
		default:
			table.Rows = append(table.Rows, cells)
		}
	}
	return table
}

func readPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestPageHasTheTables: the page has what this code makes: the headers of all
// tables, and every number that no chance is in.
func TestPageHasTheTables(t *testing.T) {
	t.Parallel()
	text := readPage(t)
	tables, err := Tables(chance(1), Size{Samples: []int{10, 20}, Pairs: [][2]int{{10, 10}}, Weekly: []int{20}, Series: 1, Years: 1, Pasts: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range tables {
		shown := tableAt(t, text, made.Name)
		if !reflect.DeepEqual(made.Header, shown.Header) {
			t.Errorf("%s: the page has the header %q, made is %q", made.Name, shown.Header, made.Header)
		}
		for i, row := range made.Rows {
			switch exact := made.Name == "coverage" || made.Name == "difference"; {
			case i >= len(shown.Rows) || len(shown.Rows[i]) != len(row):
				t.Errorf("%s: the page lacks %q", made.Name, row)
			case exact && !reflect.DeepEqual(shown.Rows[i], row):
				t.Errorf("%s: the page has %q, made is %q", made.Name, shown.Rows[i], row)
			case shown.Rows[i][0] != row[0]:
				t.Errorf("%s: the page has a row %q, made is %q", made.Name, shown.Rows[i][0], row[0])
			}
		}
	}
}

// TestPageNamesThePopulations: what the page says in words is what is enumerated
// and drawn.
func TestPageNamesThePopulations(t *testing.T) {
	t.Parallel()
	for _, words := range []string{fmt.Sprintf("%d typical populations", len(typical())), "the worst of four with", made(Full())} {
		if !strings.Contains(readPage(t), words) {
			t.Errorf("the page does not say %q", words)
		}
	}
	if len(extreme()) != 4 {
		t.Errorf("%d extreme populations", len(extreme()))
	}
}

// TestPageKeepsThePromise: at full size, at most 12 % of quiet years are called a
// change, whatever the report's period.
func TestPageKeepsThePromise(t *testing.T) {
	t.Parallel()
	table := tableAt(t, readPage(t), "verdict")
	if len(table.Rows) != len(looks()) {
		t.Fatalf("%d rows", len(table.Rows))
	}
	for _, row := range table.Rows {
		for _, cell := range strings.Split(row[1], " / ") {
			share, err := strconv.Atoi(strings.TrimSuffix(cell, "%"))
			if err != nil || share > 12 {
				t.Errorf("%s: %q of quiet years are called a change", row[0], cell)
			}
		}
	}
}

func TestTablesDependOnTheSeedAlone(t *testing.T) {
	t.Parallel()
	size := Size{Weekly: []int{20, 50}, Series: 20, Years: 1, Pasts: 1}
	make := func(seed uint64) []Table {
		t.Helper()
		tables, err := Tables(chance(seed), size)
		if err != nil {
			t.Fatal(err)
		}
		return tables
	}
	first := make(1)
	if again := make(1); !reflect.DeepEqual(first, again) {
		t.Errorf("the same seed gave %v, then %v", first, again)
	}
	if other := make(2); reflect.DeepEqual(first, other) {
		t.Error("another seed gave the same")
	}
}

func TestTablesRefuse(t *testing.T) {
	t.Parallel()
	for name, size := range map[string]Size{
		"nobody":          {Samples: []int{0}},
		"too many":        {Samples: []int{501}},
		"a pair without":  {Pairs: [][2]int{{10, -1}}},
		"silent weeks":    {Weekly: []int{20, 0}, Series: 1, Years: 1, Pasts: 1},
		"weeks of nobody": {Weekly: []int{20}, Series: 1, Pasts: 1},
		"weeks of no one": {Weekly: []int{20}, Years: 1, Pasts: 1},
		"no year before":  {Weekly: []int{20}, Series: 1, Years: 1},
	} {
		var refused *analysis.InputError
		if tables, err := Tables(chance(1), size); !errors.As(err, &refused) || tables != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	tables, err := Tables(chance(1), Size{})
	if err != nil || len(tables) != 11 {
		t.Fatalf("nothing to do: %d tables, %v", len(tables), err)
	}
}

func TestRunReportsWhatFailed(t *testing.T) {
	t.Parallel()
	done := false
	err := run(chance(1), []job{
		func(*rand.Rand) error { return fmt.Errorf("the funnel: %w", os.ErrInvalid) },
		func(*rand.Rand) error { done = true; return nil },
	})
	if err == nil || err.Error() != "simulate: the funnel: invalid argument" || !done {
		t.Errorf("%v, %v", err, done)
	}
}

func TestMarkdown(t *testing.T) {
	t.Parallel()
	table := Table{Name: "x", Header: []string{"rule", "share"}, Rows: [][]string{{"3σ", joined([]float64{0.126, 1}, percent)}, {"t", tenths(0.9496)}}}
	if got, want := table.Markdown(), "| rule | share |\n|---|---:|\n| 3σ | 13% / 100% |\n| t | 95.0% |\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if written(7) != "7" || written(median([]int{0})) != "—" {
		t.Errorf("%s and %s", written(7), written(median([]int{0})))
	}
}
