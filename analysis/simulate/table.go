package simulate

import (
	"fmt"
	"math"
	"strings"
)

// Table is one result, ready for a page.
type Table struct {
	Name   string // the marker that it stands at
	Header []string
	Rows   [][]string
}

// Markdown is the table as GitHub shows it, with a line break at its end. The
// first column is words, all others numbers.
func (t Table) Markdown() string {
	var b strings.Builder
	line := func(cells []string) { fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | ")) }
	line(t.Header)
	b.WriteString("|---" + strings.Repeat("|---:", len(t.Header)-1) + "|\n")
	for _, row := range t.Rows {
		line(row)
	}
	return b.String()
}

// percent writes a share that is simulated, tenths one that is exact.
func percent(x float64) string { return fmt.Sprintf("%.0f%%", 100*x) }

func tenths(x float64) string { return fmt.Sprintf("%.1f%%", 100*x) }

// written is a median number of weeks; over a year's 52 nothing is known.
func written(x float64) string {
	if math.IsInf(x, 1) {
		return "—"
	}
	return fmt.Sprintf("%.0f", x)
}

// joined puts one number for each size of a survey into a cell.
func joined[T any](values []T, write func(T) string) string {
	cells := make([]string, len(values))
	for i, v := range values {
		cells[i] = write(v)
	}
	return strings.Join(cells, " / ")
}
