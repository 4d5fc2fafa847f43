package drivers

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/harkhq/hark/analysis"
)

// Categories code a driver that has words for values (a plan, a country) as
// columns of 0 and 1, one for each value but the most frequent, with which all
// others are compared. As a [Group] they are one driver, whose part of R² does
// not depend on which value has no column.
type Categories struct {
	Name      string
	Reference string   // the value that has no column
	Columns   []string // "plan: pro", most frequent first; rare values have one together, "plan: gold, tin"
	at        map[string]int
}

// NewCategories makes the coding of a driver from how often each value occurs.
// Values with fewer than `least` rows share a column; 30 is a good least. Fewer
// than two values that occur are refused as [ConstantColumn]; a name that is
// empty, a negative count and more than [MaxColumns] columns are bad input.
func NewCategories(name string, counts map[string]int64, least int64) (Categories, error) {
	c := Categories{Name: name, at: map[string]int{}}
	values := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	if len(values) > 0 && counts[values[len(values)-1]] < 0 {
		return Categories{}, analysis.Refuse(name, "%d rows of %q", counts[values[len(values)-1]], values[len(values)-1])
	}
	values = slices.DeleteFunc(values, func(v string) bool { return counts[v] == 0 })
	if name == "" || len(values) > MaxColumns+1 {
		return Categories{}, analysis.Refuse("drivers", "%q has no name or more than %d values", name, MaxColumns+1)
	}
	if len(values) < 2 {
		return Categories{}, &analysis.Refusal{Reason: ConstantColumn, Have: float64(len(values)), Need: 2, Name: name}
	}
	c.Reference, c.at[values[0]] = values[0], -1
	frequent := 1
	for frequent < len(values) && counts[values[frequent]] >= least {
		c.at[values[frequent]] = len(c.Columns)
		c.Columns = append(c.Columns, name+": "+values[frequent])
		frequent++
	}
	if rare := values[frequent:]; len(rare) > 0 {
		for _, value := range rare {
			c.at[value] = len(c.Columns)
		}
		c.Columns = append(c.Columns, name+": "+strings.Join(rare, ", "))
	}
	return c, nil
}

// Mark writes a value's columns into row, which has one place for each; false,
// and the row unchanged, for a value that was not counted.
func (c Categories) Mark(row []float64, value string) bool {
	at, known := c.at[value]
	if !known || len(row) != len(c.Columns) {
		return false
	}
	clear(row)
	if at >= 0 {
		row[at] = 1
	}
	return true
}

// Group is the driver for [Options].
func (c Categories) Group() Group { return Group{Name: c.Name, Columns: c.Columns} }
