// Package golden reads the reference values that the analysis is tested
// against: outputs of R, scipy, statsmodels and metafor, or published values,
// each file saying so in its first lines. Only tests import it.
package golden

import (
	"encoding/csv"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// Row is one line of a reference file by column name.
type Row map[string]string

// Read reads a CSV file of the test's own testdata; lines that start with # are
// notes.
func Read(t testing.TB, name string) []Row {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comment = '#'
	records, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) < 2 {
		t.Fatalf("%s has no rows", name)
	}
	rows := make([]Row, 0, len(records)-1)
	for _, record := range records[1:] {
		line := Row{}
		for i, column := range records[0] {
			line[column] = record[i]
		}
		rows = append(rows, line)
	}
	return rows
}

// Num reads a column as a number; "nan" is NaN.
func (r Row) Num(t testing.TB, column string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(r[column], 64)
	if err != nil {
		t.Fatalf("column %q: %v in %v", column, err, r)
	}
	return v
}

// Int reads a column as a whole number.
func (r Row) Int(t testing.TB, column string) int64 {
	t.Helper()
	return int64(r.Num(t, column))
}

// Near fails unless got is within a relative tolerance of want, or an absolute
// one of the same size for values under 1. NaN is never near.
func Near(t testing.TB, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance*math.Max(1, math.Abs(want))) {
		t.Errorf("%s = %.15g, want %.15g ± %g", what, got, want, tolerance)
	}
}

// Must unwraps a value that the test's own input makes certain.
func Must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
